//! Signatures that hold, from plain CMS to CAdES-X Long Type 1, several signers, and what is
//! remarked on.

use std::io::Read;

use signature::cms::SignedMessage;
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::report::{CheckKind, Level, Outcome, Reason, Report, Verdict};
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Evidence, RevocationMode, RevocationReason};
use signature::sign::{Signer, add_long_term, add_timestamp};
use signature::verify::{Options, Verifier};

use crate::pki::*;

fn verify_at(
    world: &World,
    signature: &[u8],
    evidence: &Evidence,
    at: chrono::DateTime<chrono::Utc>,
) -> Report {
    let message = SignedMessage::from_bytes(signature).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    let (trust, options) = (world.trust(), Options::default());
    Verifier { trust: &trust, evidence, at, options: &options }.verify(&message, Some(&content))
}

fn verify(world: &World, signature: &[u8]) -> Report {
    verify_at(world, signature, &world.lists(), now())
}

#[test]
fn every_kind_of_key_signs_and_verifies() {
    for kind in [Kind::Gost256, Kind::Gost512, Kind::P256, Kind::P384] {
        let world = World::new(kind);
        let report = verify(&world, &world.signed());
        assert!(report.is_valid(), "{kind:?}: {:?}", report.reason);
        assert_eq!(report.level, Some(Level::CadesBes));
        let signer = &report.signers[0];
        assert_eq!(signer.claimed_time, Some(day(18)));
        assert_eq!(signer.chain.len(), 3);
        assert_eq!(signer.identifiers.snils.as_ref().unwrap().digits(), "11223344595");
    }
}

#[test]
fn a_report_is_kept_and_leads_to_the_same_verdict() {
    let world = World::new(Kind::Gost256);
    let signature = world.signed();
    let report = verify(&world, &signature);
    let json = serde_json::to_string(&report).unwrap();
    let kept: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(kept, report);
    // Years later, with what the report holds and the root alone.
    let (certificates, evidence) = kept.evidence();
    let message = SignedMessage::from_bytes(&signature).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    let mut trust = world.trust();
    trust.intermediates = certificates;
    let options = Options { revocation: Some(RevocationMode::Chain), ..Options::default() };
    let again =
        Verifier { trust: &trust, evidence: &evidence, at: kept.verified_at, options: &options };
    let again = again.verify(&message, Some(&content));
    assert_eq!(again.verdict, Verdict::Valid);
    assert_eq!(again.signers, report.signers);
}

#[test]
fn a_time_stamp_outlives_certificate_and_revocation() {
    let world = World::new(Kind::Gost256);
    let mut service = Service { party: &world.stamps, time: day(18) };
    let digest = DigestAlgorithm::Streebog256;
    let stamped = add_timestamp(&world.signed(), 0, digest, &mut service).unwrap();
    let report = verify(&world, &stamped);
    assert_eq!((report.is_valid(), report.level), (true, Some(Level::CadesT)));
    assert_eq!(report.signers[0].judged_at, day(18));
    // Revoked after the time-stamp: the signature stays; the bare one falls.
    let status =
        |day_of| CertStatus::Revoked { at: day(day_of), reason: RevocationReason::Superseded };
    let after = Evidence { ocsp: vec![world.answer(status(19))], ..Evidence::default() };
    assert!(verify_at(&world, &stamped, &after, now()).is_valid());
    let bare = verify_at(&world, &world.signed(), &after, now());
    assert_eq!(bare.reason, Some(Reason::CertificateRevoked));
    let before = Evidence { ocsp: vec![world.answer(status(17))], ..Evidence::default() };
    let revoked = verify_at(&world, &stamped, &before, now());
    assert_eq!(revoked.reason, Some(Reason::CertificateRevoked));
}

#[test]
fn a_long_term_signature_carries_everything() {
    for kind in [Kind::Gost256, Kind::P256] {
        let world = World::new(kind);
        let mut service = Service { party: &world.stamps, time: day(18) };
        let digest = world.person.key.public_key().preferred_scheme().digest();
        let stamped = add_timestamp(&world.signed(), 0, digest, &mut service).unwrap();
        let (trust, lists, options) = (world.trust(), world.lists(), Options::default());
        let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
        let long = add_long_term(&stamped, 0, digest, &verifier, &mut service).unwrap();
        // Nothing but the root from outside, when the lists of then are long out of date.
        let mut bare = world.clone();
        bare.middle.certificate = world.root.certificate.clone();
        let later = "2026-12-20T00:00:00Z".parse().unwrap();
        let report = verify_at(&bare, &long, &Evidence::default(), day(24));
        assert!(report.is_valid(), "{kind:?}: {:?}", report.reason);
        assert_eq!(report.level, Some(Level::CadesXLongType1));
        assert_eq!(report.signers[0].timestamps.len(), 2);
        // The second time-stamp itself needs fresh data then.
        let stale = verify_at(&bare, &long, &Evidence::default(), later);
        assert_eq!(stale.reason, Some(Reason::TimestampAuthority));
    }
}

#[test]
fn several_people_sign_one_document() {
    let world = World::new(Kind::Gost256);
    let extensions = signing_extensions();
    let second = issue(&world.middle, key(Kind::P256, 50), name("Второй"), extensions, |_| {});
    let signer = Signer::new(&second.key, &second.certificate).unwrap();
    let content = ContentDigests::of(&[signer.digest()], CONTENT);
    let both = signer.add_to(&world.signed(), &content, &mut rng()).unwrap();
    let report = verify(&world, &both);
    assert!(report.is_valid(), "{:?}", report.reason);
    assert_eq!(report.signers.len(), 2);
    // One broken signature makes the whole not valid, and only that signer is at fault.
    let message = SignedMessage::from_bytes(&both).unwrap();
    let mut other = ContentDigests::of(&message.needed_digests(), CONTENT);
    assert!(other.get(DigestAlgorithm::Sha256).is_some());
    other = ContentDigests::of(&message.needed_digests(), b"changed");
    let (trust, lists, options) = (world.trust(), world.lists(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let report = verifier.verify(&message, Some(&other));
    assert_eq!(report.reason, Some(Reason::MessageDigestMismatch));
    assert!(report.signers.iter().all(|signer| signer.verdict == Verdict::Invalid));
}

/// A content of a given size that is never in memory.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = (out.len() as u64).min(self.0).min(1000) as usize;
        out[..size].fill(0x5a);
        self.0 -= size as u64;
        Ok(size)
    }
}

#[test]
fn attached_content_streams_in_and_out() {
    let world = World::new(Kind::P256);
    let signer = Signer::new(&world.person.key, &world.person.certificate).unwrap();
    let mut signature = Vec::new();
    signer.sign_attached(&mut Endless(300_001), &mut signature, &mut rng()).unwrap();
    let mut size = 0;
    let message = SignedMessage::read(signature.as_slice(), &mut |piece| {
        assert!(piece.len() <= 1 << 16);
        size += piece.len();
    })
    .unwrap();
    assert_eq!(size, 300_001);
    let (trust, lists, options) = (world.trust(), world.lists(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let report = verifier.verify(&message, None);
    assert!(report.is_valid(), "{:?}", report.reason);
    assert_eq!(report.content.unwrap().size, 300_001);
}

#[test]
fn nothing_is_demanded_where_nothing_is_offered() {
    let world = World::new(Kind::P256);
    let report = verify_at(&world, &world.signed(), &Evidence::default(), now());
    assert!(report.is_valid());
    let check = |kind| report.signers[0].checks.iter().find(|c| c.kind == kind).unwrap().outcome;
    assert_eq!(check(CheckKind::Revocation), Outcome::Skipped);
    // An answer about the person alone: the authority is remarked on.
    let one = Evidence { ocsp: vec![world.answer(CertStatus::Good)], ..Evidence::default() };
    let report = verify_at(&world, &world.signed(), &one, now());
    assert!(report.is_valid(), "{:?}", report.reason);
    let check = report.signers[0].checks.iter().find(|c| c.kind == CheckKind::Revocation).unwrap();
    assert_eq!(check.outcome, Outcome::Warning);
}

#[test]
fn pss_signs_where_the_key_is_rsa_only() {
    let world = World::new(Kind::P256);
    let signer = Signer::new(&world.person.key, &world.person.certificate).unwrap();
    let scheme =
        signature::key::SignatureScheme::RsaPss { digest: DigestAlgorithm::Sha256, salt: 32 };
    let signer = signer.with_scheme(scheme);
    let content = ContentDigests::of(&[DigestAlgorithm::Sha256], CONTENT);
    assert!(signer.sign_detached(&content, &mut rng()).is_err());
    assert!(Signer::new(&world.root.key, &world.person.certificate).is_err());
}

#[test]
fn without_a_reference_it_is_cms_and_not_cades() {
    let world = World::new(Kind::Gost256);
    let report = verify(&world, &crate::broken::without_reference(&world));
    assert!(report.is_valid(), "{:?}", report.reason);
    assert_eq!(report.level, Some(Level::Cms));
    let remark = report.signers[0].checks.iter().find(|c| c.outcome == Outcome::Warning).unwrap();
    assert_eq!(remark.reason, Some(Reason::SigningCertificateMissing));
}

#[test]
fn weak_algorithms_are_remarked_on_or_refused() {
    let world = World::new(Kind::P256);
    let signature = crate::broken::by_sha1(&world);
    let report = verify(&world, &signature);
    assert!(report.is_valid(), "{:?}", report.reason);
    let remarks = report.signers[0].checks.iter().filter_map(|check| check.reason);
    assert!(remarks.into_iter().any(|reason| reason == Reason::WeakDigest));
    let message = SignedMessage::from_bytes(&signature).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    let (trust, lists) = (world.trust(), world.lists());
    let options = Options { refuse_weak: true, ..Options::default() };
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    assert_eq!(verifier.verify(&message, Some(&content)).reason, Some(Reason::WeakDigest));
}

#[test]
fn a_digest_that_contradicts_the_signature_algorithm() {
    let world = World::new(Kind::P256);
    let report = verify(&world, &crate::broken::contradicting(&world));
    assert_eq!(report.reason, Some(Reason::DigestAlgorithmMismatch));
}

/// What CryptoPro writes: the algorithm of the key in place of that of the signature.
#[test]
fn both_algorithm_identifiers_are_taken() {
    let world = World::new(Kind::Gost256);
    let report = verify(&world, &crate::broken::by_key_algorithm(&world));
    assert!(report.is_valid(), "{:?}", report.reason);
    assert_eq!(report.level, Some(Level::CadesBes));
}

/// Attributes in another order than that of DER, signed as they are or in the order of DER.
#[test]
fn the_order_of_attributes_is_tolerated() {
    let world = World::new(Kind::Gost256);
    for signed_as_written in [true, false] {
        let report = verify(&world, &crate::broken::unordered(&world, signed_as_written));
        assert!(report.is_valid(), "{:?}", report.reason);
    }
}
