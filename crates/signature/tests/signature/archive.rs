//! CAdES-A: archive time-stamps (ETSI EN 319 122-1 §5.5.3) that prolong signatures, and protect
//! every part of them.

use chrono::{DateTime, Utc};
use signature::asn1::write;
use signature::cms::SignedMessage;
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::oid;
use signature::report::{Level, Reason, Report, TimestampTarget};
use signature::revocation::Evidence;
use signature::sign::{SignError, Signer, add_archive, add_long_term, add_timestamp};
use signature::verify::{Options, Verifier};

use crate::pki::*;

fn verify(world: &World, signature: &[u8], content: Option<&[u8]>, at: DateTime<Utc>) -> Report {
    let mut evidence = Evidence::default();
    // Of the services' authority in December, for the last time-stamp.
    if at > day(25) {
        for party in [&world.root, &world.middle] {
            let mut template = list_template(&[]);
            (template.this_update, template.next_update) = (at, at + chrono::TimeDelta::days(1));
            evidence.crls.push(template.issue(&party.authority(), &mut rng()).unwrap());
        }
    }
    let message = SignedMessage::from_bytes(signature).unwrap();
    let content = content.map(|bytes| ContentDigests::of(&message.needed_digests(), bytes));
    let (trust, options) = (world.trust(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    verifier.verify(&message, content.as_ref())
}

/// Adds an archive time-stamp on a day.
fn archived(
    world: &World,
    signature: &[u8],
    digest: DigestAlgorithm,
    content: Option<&[u8]>,
    on: DateTime<Utc>,
    evidence: &Evidence,
) -> Result<Vec<u8>, SignError> {
    let mut needed = SignedMessage::from_bytes(signature).unwrap().needed_digests();
    needed.push(digest);
    let content = content.map(|bytes| ContentDigests::of(&needed, bytes));
    let (trust, options) = (world.trust(), Options::default());
    let verifier = Verifier { trust: &trust, evidence, at: on, options: &options };
    let mut service = Service { party: &world.stamps, time: on };
    add_archive(signature, 0, digest, content.as_ref(), &verifier, &mut service)
}

fn stamped(world: &World, signature: &[u8]) -> Vec<u8> {
    let digest = world.person.key.public_key().preferred_scheme().digest();
    let mut service = Service { party: &world.stamps, time: day(18) };
    add_timestamp(signature, 0, digest, &mut service).unwrap()
}

fn attached(world: &World) -> Vec<u8> {
    let mut signer = Signer::new(&world.person.key, &world.person.certificate).unwrap();
    signer.time = Some(day(18));
    let mut out = Vec::new();
    signer.sign_attached(&mut &CONTENT[..], &mut out, &mut rng()).unwrap();
    out
}

fn december(day: u32) -> DateTime<Utc> {
    format!("2026-12-{day:02}T12:00:00Z").parse().unwrap()
}

#[test]
fn an_archive_time_stamp_prolongs_a_signature() {
    for (kind, digest) in
        [(Kind::Gost256, DigestAlgorithm::Streebog512), (Kind::P256, DigestAlgorithm::Sha384)]
    {
        let world = World::new(kind);
        for (signature, content) in [(world.signed(), Some(CONTENT)), (attached(&world), None)] {
            let bare = stamped(&world, &signature);
            let long = archived(&world, &bare, digest, content, now(), &world.lists()).unwrap();
            let report = verify(&world, &long, content, now());
            assert!(report.is_valid(), "{kind:?}: {:?}", report.reason);
            assert_eq!(report.level, Some(Level::CadesA));
            // When the lists of November are out of date: they are in the message, and the
            // archive time-stamp proves that they were there in time.
            let later = verify(&world, &long, content, december(20));
            assert!(later.is_valid(), "{kind:?}: {:?}", later.reason);
            let signer = &later.signers[0];
            assert_eq!(signer.judged_at, day(18));
            assert_eq!(signer.timestamps.len(), 2);
            assert_eq!(signer.timestamps[0].over, TimestampTarget::Archive);
            assert_eq!(signer.timestamps[0].time, Some(now()));
        }
    }
}

#[test]
fn a_second_one_prolongs_the_first() {
    let world = World::new(Kind::P256);
    let digest = DigestAlgorithm::Sha256;
    let bare = stamped(&world, &world.signed());
    let content = Some(CONTENT);
    let mut service = Service { party: &world.stamps, time: day(18) };
    let (trust, lists, options) = (world.trust(), world.lists(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let long = add_long_term(&bare, 0, digest, &verifier, &mut service).unwrap();
    let first = archived(&world, &long, digest, content, now(), &lists).unwrap();
    let second =
        archived(&world, &first, DigestAlgorithm::Sha512, content, day(24), &lists).unwrap();
    let report = verify(&world, &second, content, december(20));
    assert!(report.is_valid(), "{:?}", report.reason);
    assert_eq!(report.level, Some(Level::CadesA));
    let times: Vec<_> = report.signers[0].timestamps.iter().filter_map(|s| s.time).collect();
    assert_eq!(times[..2], [day(24), now()]);
    assert_eq!(times.len(), 4);
}

#[test]
fn what_cannot_be_archived() {
    let world = World::new(Kind::P256);
    let digest = DigestAlgorithm::Sha256;
    let (content, lists) = (Some(CONTENT), world.lists());
    let refused = |signature: &[u8], content, evidence: &Evidence| match archived(
        &world,
        signature,
        digest,
        content,
        now(),
        evidence,
    ) {
        Err(SignError::Message(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&world.signed(), content, &lists), Reason::LongTermIncomplete);
    let bare = stamped(&world, &world.signed());
    let nothing = refused(&bare, content, &Evidence::default());
    assert_eq!(nothing, Reason::TimestampAuthority);
    assert_eq!(refused(&bare, Some(b"other"), &lists), Reason::MessageDigestMismatch);
    assert_eq!(refused(&bare, None, &lists), Reason::ContentMissing);
}

/// The place of some octets after another place.
fn find(message: &[u8], octets: &[u8], from: usize) -> usize {
    from + message[from..].windows(octets.len()).position(|w| w == octets).unwrap()
}

/// The archived message with one octet changed.
fn changed(message: &[u8], at: usize, bits: u8) -> Vec<u8> {
    let mut message = message.to_vec();
    message[at] ^= bits;
    message
}

#[test]
fn every_protected_part_is_protected() {
    let world = World::new(Kind::P256);
    let digest = DigestAlgorithm::Sha384;
    let lists = world.lists();
    let bare = stamped(&world, &world.signed());
    let good = archived(&world, &bare, digest, Some(CONTENT), now(), &lists).unwrap();
    let reason = |message: &[u8]| verify(&world, message, Some(CONTENT), now()).reason;
    assert_eq!(reason(&good), None);

    let last_of = |der: &[u8]| find(&good, der, 0) + der.len() - 1;
    let certificate = last_of(world.middle.certificate.as_der());
    assert_eq!(reason(&changed(&good, certificate, 1)), Some(Reason::ArchiveCertificate));
    let list = last_of(lists.crls[1].as_der());
    assert_eq!(reason(&changed(&good, list, 1)), Some(Reason::ArchiveRevocation));
    let token = SignedMessage::from_bytes(&good).unwrap().signers.remove(0);
    let token = token.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP).next().unwrap().to_vec();
    assert_eq!(reason(&changed(&good, last_of(&token), 1)), Some(Reason::ArchiveAttribute));

    // The version of the signer, which the signature itself does not protect: before its name.
    let id = [
        world.middle.certificate.subject().as_der(),
        &write::element(2, world.person.certificate.serial()),
    ]
    .concat();
    let issuer = find(&good, &id, find(&good, world.person.certificate.as_der(), 0) + 900);
    let version = good[..issuer].windows(3).rposition(|w| w == [2, 1, 1]).unwrap() + 2;
    let mismatch = Some(Reason::TimestampImprintMismatch);
    assert_eq!(reason(&changed(&good, version, 2)), mismatch);

    // The index: another algorithm, another attribute, an entry that names nothing.
    let attribute = write::oid(oid::ID_AA_ATS_HASH_INDEX_V3);
    let index = find(&good, &attribute, 0);
    let algorithm = write::oid(oid::ID_SHA384);
    let algorithm = find(&good, &algorithm, index) + algorithm.len() - 1;
    let malformed = Some(Reason::ArchiveIndexMalformed);
    assert_eq!(reason(&changed(&good, algorithm, 3)), malformed);
    assert_eq!(reason(&changed(&good, index + attribute.len() - 1, 1)), malformed);
    let entry = find(&good, &[4, 48], algorithm) + 2;
    assert_eq!(reason(&changed(&good, entry, 1)), Some(Reason::ArchiveCertificate));

    // The document, and a verifier that does not know its digest by the algorithm of the index.
    let other = verify(&world, &good, Some(b"other"), now());
    assert_eq!(other.reason, Some(Reason::MessageDigestMismatch));
    let message = SignedMessage::from_bytes(&good).unwrap();
    let content = ContentDigests::of(&[DigestAlgorithm::Sha256], CONTENT);
    let (trust, options) = (world.trust(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let report = verifier.verify(&message, Some(&content));
    assert_eq!(report.reason, Some(Reason::DigestAlgorithmMismatch));
}
