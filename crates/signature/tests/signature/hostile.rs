//! Whatever comes in, nothing panics, and nothing that was changed is valid under another
//! content or certificate. The same mutations run on every machine.

use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::KeyContainer;
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::pem;
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Crl, OcspResponse};
use signature::sign::{RawSignedData, add_long_term, add_timestamp};
use signature::timestamp::Timestamp;
use signature::verify::{Options, Verifier};

use crate::pki::*;

/// One to three changes: a bit, an octet, a piece taken out, doubled or moved.
fn mutated(rng: &mut StdRng, source: &[u8]) -> Vec<u8> {
    let mut out = source.to_vec();
    for _ in 0..rng.random_range(1..=3) {
        if out.is_empty() {
            break;
        }
        let place = rng.random_range(0..out.len());
        let end = (place + rng.random_range(1..40)).min(out.len());
        match rng.random_range(0..6) {
            0 => out[place] ^= 1 << rng.random_range(0..8),
            1 => out[place] = [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff][rng.random_range(0..8)],
            2 => drop(out.drain(place..end)),
            3 => {
                let piece = out[place..end].to_vec();
                out.splice(place..place, piece);
            }
            4 => {
                let piece: Vec<u8> = out.drain(place..end).collect();
                let place = rng.random_range(0..=out.len());
                out.splice(place..place, piece);
            }
            _ => out.truncate(place),
        }
    }
    out
}

#[test]
fn mutations_of_signatures_never_panic_nor_deceive() {
    let mut rng = StdRng::seed_from_u64(2026);
    let world = World::new(Kind::P256);
    let digest = DigestAlgorithm::Sha256;
    let (trust, lists, options) = (world.trust(), world.lists(), Options::default());
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let mut service = Service { party: &world.stamps, time: day(18) };
    let bare = world.signed();
    let stamped = add_timestamp(&bare, 0, digest, &mut service).unwrap();
    let long = add_long_term(&stamped, 0, digest, &verifier, &mut service).unwrap();
    let own = DigestAlgorithm::Sha256.digest(world.person.certificate.as_der());
    let mut valid = 0;
    for source in [&bare, &stamped, &long] {
        for _ in 0..700 {
            let bytes = mutated(&mut rng, source);
            // What is rewritten is read again.
            if let Ok(raw) = RawSignedData::from_bytes(&bytes) {
                let again = RawSignedData::from_bytes(&raw.to_der()).unwrap();
                assert_eq!(again.signers(), raw.signers());
            }
            let Ok(message) = SignedMessage::from_bytes(&bytes) else { continue };
            let content = ContentDigests::of(&message.needed_digests(), CONTENT);
            let report = verifier.verify(&message, Some(&content));
            if report.is_valid() {
                valid += 1;
                // Some octets are not signed (versions, unsigned attributes, spare certificates),
                // but whoever signs and what is signed stays the same.
                for signer in &report.signers {
                    assert_eq!(signer.certificate.as_ref().unwrap().sha256, hex::encode(&own));
                }
                let other = ContentDigests::of(&message.needed_digests(), b"other");
                assert!(!verifier.verify(&message, Some(&other)).is_valid());
            }
        }
    }
    assert!(valid < 700, "{valid} of 2100 mutations are valid");
}

#[test]
fn mutations_of_everything_else_never_panic() {
    let mut rng = StdRng::seed_from_u64(2027);
    let world = World::new(Kind::P256);
    let list = list(&world.middle, &[]).as_der().to_vec();
    let response = world.answer(CertStatus::Good).as_der().to_vec();
    let mut service = Service { party: &world.stamps, time: day(18) };
    let stamped = add_timestamp(&world.signed(), 0, DigestAlgorithm::Sha256, &mut service).unwrap();
    let signer = RawSignedData::from_bytes(&stamped).unwrap().signer(0).unwrap();
    let attribute = signature::oid::ID_AA_SIGNATURE_TIME_STAMP;
    let token = signer.unsigned.values(attribute).next().unwrap().to_vec();
    let text = pem::encode("CERTIFICATE", world.person.certificate.as_der()).into_bytes();
    for _ in 0..2000 {
        if let Ok(read) =
            Certificate::from_der(&mutated(&mut rng, world.person.certificate.as_der()))
        {
            let shown = format!("{} {} {:?}", read.subject(), read.issuer(), read.identifiers());
            assert!(!shown.contains('\u{1b}'));
        }
        if let Ok(read) = Crl::from_der(&mutated(&mut rng, &list)) {
            assert_eq!(read.entries().count(), read.len());
            assert!(read.verify(&world.root.certificate).is_err());
        }
        if let Ok(read) = OcspResponse::from_der(&mutated(&mut rng, &response)) {
            assert!(read.responses().len() < 10);
        }
        if let Ok(read) = Timestamp::from_der(&mutated(&mut rng, &token)) {
            assert!(read.certificates().len() < 10);
        }
        let blocks = pem::blocks_or_der(&mutated(&mut rng, &text));
        assert!(blocks.is_err() || blocks.unwrap().len() < 10);
    }
}

/// The count of rounds, at the very end, stays: a large one would be computed.
#[test]
fn mutations_of_containers_never_open() {
    let mut rng = StdRng::seed_from_u64(2028);
    let key = key(Kind::P256, 3);
    let world = World::new(Kind::P256);
    let container = KeyContainer::new(key, vec![world.person.certificate.clone()]);
    let pfx = container
        .to_pfx("password", signature::container::Protection::Gost, &mut crate::pki::rng())
        .unwrap();
    let (head, tail) = pfx.split_at(pfx.len() - 8);
    for _ in 0..60 {
        let mut bytes = head.to_vec();
        let place = rng.random_range(0..bytes.len());
        bytes[place] ^= 1 << rng.random_range(0..8);
        bytes.extend_from_slice(tail);
        assert!(KeyContainer::from_pfx(&bytes, "password").is_err(), "octet {place}");
    }
}

/// Certificates that certify each other in all directions, under names that lead nowhere.
#[test]
fn crossed_certificates_end() {
    let kind = Kind::P256;
    let world = World::new(kind);
    let people: Vec<_> = (0..12)
        .map(|n| {
            let key = key(kind, 100 + n);
            issue(&world.root, key, name(&format!("УЦ {n}")), authority_extensions(None), |_| {})
        })
        .collect();
    let mut case_trust = world.trust();
    case_trust.intermediates.clear();
    // Nobody leads to the root that is trusted: the search has to give up on its own.
    case_trust.anchors = vec![World::new(Kind::P384).root.certificate];
    for issuer in &people {
        for subject in &people {
            let crossed = issue(
                issuer,
                subject.key.clone(),
                subject.certificate.subject().clone(),
                authority_extensions(None),
                |_| {},
            );
            case_trust.intermediates.push(crossed.certificate);
        }
    }
    let person = issue(&people[0], key(kind, 99), person_name(), signing_extensions(), |_| {});
    let message = SignedMessage::from_bytes(&sign(&person)).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    let (lists, options) = (world.lists(), Options::default());
    let verifier = Verifier { trust: &case_trust, evidence: &lists, at: now(), options: &options };
    assert!(!verifier.verify(&message, Some(&content)).is_valid());
}

#[test]
fn random_octets_are_nothing() {
    let mut rng = StdRng::seed_from_u64(2029);
    for _ in 0..2000 {
        let mut bytes = vec![0; rng.random_range(0..200)];
        rng.fill_bytes(&mut bytes);
        assert!(SignedMessage::from_bytes(&bytes).is_err());
        assert!(Certificate::from_der(&bytes).is_err());
        assert!(Crl::from_der(&bytes).is_err());
        assert!(OcspResponse::from_der(&bytes).is_err());
        assert!(KeyContainer::from_pfx(&bytes, "").is_err());
    }
}
