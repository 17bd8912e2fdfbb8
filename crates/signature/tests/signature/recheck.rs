//! Reports that were kept, judged again.

use chrono::{DateTime, Utc};
use signature::cms::SignedMessage;
use signature::digest::ContentDigests;
use signature::issue::RevokedEntry;
use signature::path::TrustStore;
use signature::report::{Reason, Report};
use signature::revocation::{Crl, Evidence, RevocationReason};
use signature::verify::{Compared, Options, Recheck, Verifier};

use crate::pki::*;

/// The root alone: all else must come out of the report.
fn roots(world: &World) -> TrustStore {
    TrustStore { anchors: vec![world.root.certificate.clone()], intermediates: vec![] }
}

fn kept(world: &World) -> Report {
    let (trust, evidence, options) = (world.trust(), world.lists(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &evidence, at: now(), options: &options };
    let message = SignedMessage::from_bytes(&world.signed()).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    let report = verifier.verify(&message, Some(&content));
    assert!(report.is_valid(), "{:?}", report.reason);
    // As it was kept: text.
    serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap()
}

fn again(
    trust: &TrustStore,
    kept: &Report,
    signature: &[u8],
    content: &[u8],
    evidence: &Evidence,
    at: DateTime<Utc>,
) -> Recheck {
    let options = Options::default();
    let verifier = Verifier { trust, evidence, at, options: &options };
    let message = SignedMessage::from_bytes(signature).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), content);
    verifier.recheck(kept, &message, Some(&content))
}

fn what(recheck: &Recheck) -> Vec<Compared> {
    recheck.differences.iter().map(|difference| difference.what).collect()
}

#[test]
fn a_verdict_stands_by_what_its_report_holds() {
    for kind in [Kind::Gost256, Kind::P256] {
        let world = World::new(kind);
        let (kept, signed, none) = (kept(&world), world.signed(), Evidence::default());
        let soon = again(&roots(&world), &kept, &signed, CONTENT, &none, now());
        assert!(soon.is_confirmed(), "{:?}", soon.differences);
        assert!(soon.then.is_valid() && soon.now.is_valid() && soon.missing.is_empty());
        // Years later the certificate has expired; the kept verdict stands all the same.
        let years = now() + chrono::TimeDelta::days(3000);
        let late = again(&roots(&world), &kept, &signed, CONTENT, &none, years);
        assert!(late.is_confirmed(), "{:?}", late.differences);
        assert_eq!(late.now.reason, Some(Reason::IssuerExpired));
        let text = serde_json::to_string(&late).unwrap();
        assert_eq!(serde_json::from_str::<Recheck>(&text).unwrap(), late);
    }
}

#[test]
fn what_changed_is_told() {
    let world = World::new(Kind::Gost256);
    let (kept, signed, none) = (kept(&world), world.signed(), Evidence::default());
    let judge = |kept: &Report, signature: &[u8], content: &[u8], evidence: &Evidence| {
        again(&roots(&world), kept, signature, content, evidence, now())
    };
    let other = judge(&kept, &signed, b"other", &none);
    assert_eq!(what(&other), [Compared::Content, Compared::Verdict, Compared::Verdict]);
    assert_eq!(other.then.reason, Some(Reason::MessageDigestMismatch));

    let another = World::new(Kind::P256);
    let exchanged = judge(&kept, &another.signed(), CONTENT, &none);
    assert!(what(&exchanged).contains(&Compared::Certificate), "{:?}", exchanged.differences);
    assert!(!exchanged.is_confirmed());

    // A root that is not trusted any more.
    let nobody =
        TrustStore { anchors: vec![another.responder.certificate.clone()], ..roots(&world) };
    let distrusted = again(&nobody, &kept, &signed, CONTENT, &none, now());
    assert_eq!(distrusted.then.reason, Some(Reason::IssuerUnknown));
    assert_eq!(what(&distrusted), [Compared::Verdict, Compared::Verdict]);
    assert_eq!(distrusted.differences[0].kept, "valid");
    assert_eq!(distrusted.differences[0].found, "issuer-unknown");

    // A report that was improved upon.
    let mut improved = kept.clone();
    improved.signers[0].level = signature::report::Level::CadesA;
    assert_eq!(what(&judge(&improved, &signed, CONTENT, &none)), [Compared::Level]);
    improved.signers.push(improved.signers[0].clone());
    assert!(what(&judge(&improved, &signed, CONTENT, &none)).contains(&Compared::Signers));
    let mut vouching = kept.clone();
    let rogue = again(
        &TrustStore { anchors: vec![], ..roots(&world) },
        &vouching,
        &signed,
        CONTENT,
        &none,
        now(),
    );
    assert!(!rogue.then.is_valid(), "nothing is trusted by lying in a report");

    // Data that the report names without holding them.
    for finding in &mut vouching.signers[0].revocation {
        finding.source.as_mut().unwrap().der = None;
    }
    let lacking = judge(&vouching, &signed, CONTENT, &none);
    assert_eq!(lacking.then.reason, Some(Reason::RevocationUnknown));
    assert_eq!(lacking.missing.len(), 2);
    let given = judge(&vouching, &signed, CONTENT, &world.lists());
    assert!(given.is_confirmed() && given.missing.is_empty(), "{:?}", given.differences);
}

/// A revocation that became known later does not touch the verdict of its time.
#[test]
fn a_later_revocation_is_seen_today() {
    let world = World::new(Kind::Gost256);
    let kept = kept(&world);
    let entry = RevokedEntry {
        serial: world.person.certificate.serial().to_vec(),
        at: day(22),
        reason: RevocationReason::KeyCompromise,
    };
    let mut template = list_template(&[entry]);
    (template.this_update, template.next_update) = (day(23), day(24));
    let list: Crl = template.issue(&world.middle.authority(), &mut rng()).unwrap();
    let evidence = Evidence { crls: vec![list], ..world.lists() };
    let late = again(&roots(&world), &kept, &world.signed(), CONTENT, &evidence, day(23));
    assert!(late.is_confirmed(), "{:?}", late.differences);
    assert_eq!(late.now.reason, Some(Reason::CertificateRevoked));
}

/// The certificates in a report are those that it was made by.
#[test]
fn a_damaged_report_confirms_nothing() {
    let world = World::new(Kind::Gost256);
    let mut kept = kept(&world);
    let signer = &mut kept.signers[0];
    for certificate in signer.chain.iter_mut().chain(&mut signer.certificate) {
        certificate.der.truncate(20);
        assert!(certificate.read().is_none());
    }
    let mut bare = Vec::new();
    let signer = signature::sign::Signer::new(&world.person.key, &world.person.certificate);
    signer.unwrap().sign_attached(&mut &CONTENT[..], &mut bare, &mut rng()).unwrap();
    let found = again(&roots(&world), &kept, &bare, CONTENT, &Evidence::default(), now());
    assert_eq!(found.then.reason, Some(Reason::IssuerUnknown));
}
