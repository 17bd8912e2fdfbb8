//! PKI.js: CMS, chains, revocation lists, OCSP, time-stamps and PKCS #12 with ECDSA.

use serde_json::{Value, json};
use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::{KeyContainer, Protection};
use signature::digest::ContentDigests;
use signature::key::PrivateKey;
use signature::oid;
use signature::path::TrustStore;
use signature::report::{Reason, Report};
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Crl, Evidence, RevocationReason};
use signature::sign::{RawSignedData, Signer, add_timestamp};
use signature::verify::{Options, Verifier};

use super::octets;
use crate::pki::{self, CONTENT, Kind, World, day, list, now, revoked, rng};

fn ask(requests: &[Value]) -> Vec<Result<Value, String>> {
    super::ask("pkijs.mjs", "pkijs", requests)
}

fn must(request: Value) -> Value {
    super::must("pkijs.mjs", "pkijs", request)
}

fn verify(root: &Certificate, message: &[u8], content: Option<&[u8]>, list: Option<Crl>) -> Report {
    let trust = TrustStore { anchors: vec![root.clone()], intermediates: vec![] };
    let evidence = Evidence { crls: list.into_iter().collect(), ..Evidence::default() };
    let options = Options::default();
    let at = std::time::SystemTime::now().into();
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let message = SignedMessage::from_bytes(message).unwrap();
    let content = content.map(|bytes| ContentDigests::of(&message.needed_digests(), bytes));
    verifier.verify(&message, content.as_ref())
}

#[test]
fn their_messages_are_ours() {
    for (curve, attached) in [("P-256", true), ("P-256", false), ("P-384", true), ("P-384", false)]
    {
        let content = hex::encode(CONTENT);
        let made = must(json!({
            "call": "message", "curve": curve, "content": content, "attached": attached,
        }));
        let root = Certificate::from_der(&octets(&made["root"])).unwrap();
        let message = octets(&made["message"]);
        let detached = (!attached).then_some(CONTENT);
        let report = verify(&root, &message, detached, None);
        assert!(report.is_valid(), "{curve} {attached}: {report:?}");
        let list = Crl::from_der(&octets(&made["list"])).unwrap();
        let report = verify(&root, &message, detached, Some(list));
        assert_eq!(report.reason, Some(Reason::CertificateRevoked), "{curve}");
        if !attached {
            let report = verify(&root, &message, Some(b"other"), None);
            assert_eq!(report.reason, Some(Reason::MessageDigestMismatch), "{curve}");
        }
    }
}

#[test]
fn our_messages_and_chains_are_theirs() {
    for kind in [Kind::P256, Kind::P384] {
        let world = World::new(kind);
        let at = now().to_rfc3339();
        let der = |certificate: &Certificate| hex::encode(certificate.as_der());
        let (root, middle) = (&world.root.certificate, &world.middle.certificate);
        let person = &world.person.certificate;
        let signer = Signer::new(&world.person.key, person).unwrap();
        let digests = ContentDigests::of(&[signer.digest()], CONTENT);
        let detached = signer.sign_detached(&digests, &mut rng()).unwrap();
        let mut attached = Vec::new();
        signer.sign_attached(&mut &CONTENT[..], &mut attached, &mut rng()).unwrap();
        let verified = |message: &[u8], content: Option<&[u8]>, trusted: &Certificate| {
            json!({
                "call": "verified", "message": hex::encode(message), "at": at,
                "content": content.map(hex::encode), "trusted": [der(trusted)],
                "others": [der(middle)],
            })
        };
        let stranger = World::new(if kind == Kind::P256 { Kind::P384 } else { Kind::P256 });
        let answers = ask(&[
            verified(&detached, Some(CONTENT), root),
            verified(&attached, None, root),
            verified(&detached, Some(b"other"), root),
            verified(&detached, Some(CONTENT), &stranger.root.certificate),
        ]);
        assert_eq!(answers[..2], [Ok(Value::Bool(true)), Ok(Value::Bool(true))], "{kind:?}");
        assert_ne!(answers[2], Ok(Value::Bool(true)), "{kind:?}");
        assert_ne!(answers[3], Ok(Value::Bool(true)), "{kind:?}");

        let chain = |entries: &[_]| {
            let lists = [list(&world.root, &[]), list(&world.middle, entries)];
            json!({
                "call": "chain", "at": at, "chain": [der(middle), der(person)],
                "trusted": [der(root)],
                "lists": lists.map(|list| hex::encode(list.as_der())),
            })
        };
        let answers =
            ask(&[chain(&[]), chain(&[revoked(person, RevocationReason::KeyCompromise)])]);
        assert_eq!(answers[0], Ok("valid".into()), "{kind:?}");
        let text = answers[1].as_ref().unwrap().as_str().unwrap();
        assert!(text.contains("revoked"), "{kind:?}: {text}");
    }
}

#[test]
fn our_services_are_theirs() {
    for kind in [Kind::P256, Kind::P384] {
        let world = World::new(kind);
        let der = |certificate: &Certificate| hex::encode(certificate.as_der());
        let (root, middle) = (&world.root.certificate, &world.middle.certificate);
        let ocsp = |status| {
            json!({
                "call": "ocsp", "response": hex::encode(world.answer(status).as_der()),
                "person": der(&world.person.certificate), "issuer": der(middle),
            })
        };
        let reason = RevocationReason::KeyCompromise;
        let bad = CertStatus::Revoked { at: day(17), reason };
        let answers = ask(&[ocsp(CertStatus::Good), ocsp(bad)]);
        assert_eq!(answers, [Ok("good".into()), Ok("revoked".into())], "{kind:?}");

        let mut service = pki::Service { party: &world.stamps, time: day(18) };
        let digest = world.person.key.public_key().preferred_scheme().digest();
        let stamped = add_timestamp(&world.signed(), 0, digest, &mut service).unwrap();
        let signer = RawSignedData::from_bytes(&stamped).unwrap().signer(0).unwrap();
        let token = signer.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP).next().unwrap();
        let stamp = |content: &[u8]| {
            json!({
                "call": "stamp", "token": hex::encode(token), "content": hex::encode(content),
                "trusted": [der(root), der(middle)], "at": now().to_rfc3339(),
            })
        };
        let answers = ask(&[stamp(&signer.signature), stamp(b"other")]);
        assert_eq!(answers[0], Ok(Value::Bool(true)), "{kind:?}");
        assert_ne!(answers[1], Ok(Value::Bool(true)), "{kind:?}");
    }
}

#[test]
fn containers_both_ways() {
    let made = must(json!({"call": "container", "curve": "P-256", "password": "secret"}));
    let container = octets(&made["container"]);
    let opened = KeyContainer::from_pfx(&container, "secret").unwrap();
    let (_, certificate, _) = opened.identity().unwrap();
    assert_eq!(certificate.as_der(), octets(&made["person"]));
    assert!(KeyContainer::from_pfx(&container, "Secret").is_err());

    let world = World::new(Kind::P256);
    let chain = vec![world.person.certificate.clone(), world.middle.certificate.clone()];
    let ours = KeyContainer::new(world.person.key.clone(), chain.clone())
        .to_pfx("секрет", Protection::Aes, &mut rng())
        .unwrap();
    let open = |password: &str| json!({"call": "opened", "container": hex::encode(&ours), "password": password});
    let answers = ask(&[open("секрет"), open("Секрет")]);
    let found = answers[0].as_ref().unwrap();
    let key = PrivateKey::from_pkcs8_der(&octets(&found["keys"][0])).unwrap();
    assert!(key.public_key().is_same(&world.person.key.public_key()));
    for (number, certificate) in chain.iter().enumerate() {
        assert_eq!(octets(&found["certificates"][number]), certificate.as_der());
    }
    assert!(answers[1].is_err());
}
