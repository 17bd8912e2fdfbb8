//! node-gost-crypto: digests, keys, signatures, certificates, revocation lists, CMS.

use gost3410::signature::{Keypair, Signer as _, Verifier as _};
use gost3410::{Curve, Signature, SigningKey, VerifyingKey};
use pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey};
use serde_json::{Value, json};
use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::{ContainerError, decrypt_pkcs8};
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::key::PrivateKey;
use signature::path::TrustStore;
use signature::report::{Level, Reason, Report};
use signature::revocation::{Evidence, RevocationReason};
use signature::sign::Signer;
use signature::verify::{Options, Verifier};

use super::octets;
use crate::pki::{CONTENT, Kind, World, list, now, revoked, rng};

/// The curves by the names of the library. Those that it lacks or has wrong are left out.
const CURVES: [(u16, &str, Curve); 7] = [
    (256, "S-256-A", Curve::CryptoProA),
    (256, "S-256-B", Curve::CryptoProB),
    (256, "S-256-C", Curve::CryptoProC),
    (256, "X-256-A", Curve::CryptoProXchA),
    (256, "X-256-B", Curve::CryptoProXchB),
    (512, "T-512-A", Curve::Tc26_512A),
    (512, "T-512-B", Curve::Tc26_512B),
];

fn ask(requests: &[Value]) -> Vec<Result<Value, String>> {
    super::ask("node-gost-crypto.mjs", "node-gost-crypto", requests)
}

fn must(request: Value) -> Value {
    super::must("node-gost-crypto.mjs", "node-gost-crypto", request)
}

#[test]
fn digests_agree() {
    let mut expected = Vec::new();
    let mut requests = Vec::new();
    for (bits, algorithm) in
        [(256, DigestAlgorithm::Streebog256), (512, DigestAlgorithm::Streebog512)]
    {
        for size in [0usize, 1, 31, 63, 64, 65, 127, 128, 4097] {
            let content: Vec<u8> = (0..size).map(|n| (n * 7) as u8).collect();
            expected.push(algorithm.digest(&content));
            requests.push(json!({"call": "digest", "bits": bits, "content": hex::encode(content)}));
        }
    }
    for (answer, expected) in ask(&requests).into_iter().zip(expected) {
        assert_eq!(octets(&answer.unwrap()), expected);
    }
}

#[test]
fn their_keys_and_signatures_are_ours() {
    for (bits, name, curve) in CURVES {
        let content = hex::encode(CONTENT);
        let made = must(json!({"call": "key", "bits": bits, "curve": name, "content": content}));
        let public = VerifyingKey::from_public_key_der(&octets(&made["spki"])).unwrap();
        assert_eq!(public.curve(), curve);
        let private = SigningKey::from_pkcs8_der(&octets(&made["pkcs8"])).unwrap();
        assert_eq!(private.verifying_key(), public, "{name}");
        let signature = Signature::from_slice(&octets(&made["signature"])).unwrap();
        assert!(public.verify(CONTENT, &signature).is_ok(), "{name}");
        assert!(public.verify(b"other", &signature).is_err(), "{name}");
    }
}

#[test]
fn our_keys_and_signatures_are_theirs() {
    for (bits, name, curve) in CURVES {
        let mut number: Vec<u8> = (0..bits / 8).map(|n| (n as u8).wrapping_mul(29) | 1).collect();
        number[usize::from(bits / 8) - 1] = 0x11;
        let key = SigningKey::from_bytes(curve, &number).unwrap();
        let signature: Signature = key.sign(CONTENT);
        let public = key.verifying_key();
        // The library reads keys of 512 bits only raw.
        let forms = if bits == 256 {
            let pkcs8 = PrivateKey::Gost3410(key.clone()).to_pkcs8_der().unwrap();
            let spki = public.to_public_key_der().unwrap().into_vec();
            [("pkcs8", pkcs8.to_vec()), ("spki", spki)]
        } else {
            [("raw", key.to_bytes().to_vec()), ("raw", public.as_bytes().to_vec())]
        };
        let verify = |content: &[u8]| {
            json!({
                "call": "verify", "bits": bits, "curve": name, "form": forms[1].0,
                "publicKey": hex::encode(&forms[1].1), "content": hex::encode(content),
                "signature": hex::encode(signature.as_bytes()),
            })
        };
        let sign = json!({
            "call": "sign", "bits": bits, "curve": name, "form": forms[0].0,
            "privateKey": hex::encode(&forms[0].1), "content": hex::encode(CONTENT),
        });
        let answers = ask(&[verify(CONTENT), verify(b"other"), sign]);
        assert_eq!(answers[0], Ok(Value::Bool(true)), "{name}");
        assert_eq!(answers[1], Ok(Value::Bool(false)), "{name}");
        let made = Signature::from_slice(&octets(answers[2].as_ref().unwrap())).unwrap();
        assert!(public.verify(CONTENT, &made).is_ok(), "{name}");
    }
}

#[test]
fn their_encrypted_keys_open() {
    for (bits, name) in [(256, "S-256-A"), (512, "T-512-A")] {
        let made = must(json!({
            "call": "encryptedKey", "bits": bits, "curve": name, "password": "secret",
        }));
        let container = octets(&made["container"]);
        let key = decrypt_pkcs8(&container, "secret").unwrap();
        let PrivateKey::Gost3410(key) = key else { panic!("{name}") };
        let public = VerifyingKey::from_public_key_der(&octets(&made["spki"])).unwrap();
        assert_eq!(key.verifying_key(), public, "{name}");
        let refused = decrypt_pkcs8(&container, "Secret").map(drop);
        assert_eq!(refused, Err(ContainerError::WrongPassword));
    }
}

fn verify(root: &Certificate, message: &[u8]) -> Report {
    let trust = TrustStore { anchors: vec![root.clone()], intermediates: vec![] };
    let (evidence, options) = (Evidence::default(), Options::default());
    let at = std::time::SystemTime::now().into();
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    verifier.verify(&SignedMessage::from_bytes(message).unwrap(), None)
}

#[test]
fn their_messages_are_ours() {
    for (bits, name) in [(256, "S-256-A"), (256, "X-256-A"), (512, "T-512-A"), (512, "T-512-B")] {
        let content = hex::encode(CONTENT);
        let made =
            must(json!({"call": "message", "bits": bits, "curve": name, "content": content}));
        let root = Certificate::from_der(&octets(&made["root"])).unwrap();
        let mut message = octets(&made["message"]);
        let report = verify(&root, &message);
        assert!(report.is_valid(), "{name}: {report:?}");
        assert_eq!(report.level, Some(Level::Cms));
        let at = message.windows(CONTENT.len()).position(|w| w == CONTENT).unwrap();
        message[at] ^= 1;
        assert_eq!(verify(&root, &message).reason, Some(Reason::MessageDigestMismatch), "{name}");
    }
}

#[test]
fn our_certificates_lists_and_messages_are_theirs() {
    let world = World::new(Kind::Gost256);
    let at = now().to_rfc3339();
    let der = |certificate: &Certificate| hex::encode(certificate.as_der());
    let certificate = |of: &Certificate, issuer: &Certificate| json!({"call": "certificate", "der": der(of), "issuer": der(issuer), "at": at});
    let (root, middle) = (&world.root.certificate, &world.middle.certificate);
    let person = &world.person.certificate;
    let answers =
        ask(&[certificate(middle, root), certificate(person, middle), certificate(person, root)]);
    assert_eq!(answers[0], Ok("Выдающий УЦ".into()));
    assert_eq!(answers[1], Ok("Ветрова Анна Сергеевна".into()));
    assert!(answers[2].is_err());

    let revocation = list(&world.middle, &[revoked(person, RevocationReason::KeyCompromise)]);
    let listed = |of: &Certificate| {
        json!({
            "call": "list", "der": hex::encode(revocation.as_der()), "issuer": der(middle),
            "at": at, "serial": format!("0x{}", of.serial_hex()),
        })
    };
    let answers = ask(&[listed(person), listed(&world.stamps.certificate)]);
    assert_eq!(answers, [Ok(Value::Bool(true)), Ok(Value::Bool(false))]);

    let signer = Signer::new(&world.person.key, person).unwrap();
    let digests = ContentDigests::of(&[signer.digest()], CONTENT);
    let detached = signer.sign_detached(&digests, &mut rng()).unwrap();
    let mut attached = Vec::new();
    signer.sign_attached(&mut &CONTENT[..], &mut attached, &mut rng()).unwrap();
    let opened = |message: &[u8], content: Option<&[u8]>| {
        json!({
            "call": "opened", "message": hex::encode(message), "person": der(person),
            "content": content.map(hex::encode),
        })
    };
    let answers = ask(&[
        opened(&detached, Some(CONTENT)),
        opened(&attached, None),
        opened(&detached, Some(b"other")),
    ]);
    for answer in &answers[..2] {
        assert_eq!(octets(answer.as_ref().unwrap()), CONTENT);
    }
    assert_eq!(answers[2], Err("Message digest not verified".to_owned()));
}
