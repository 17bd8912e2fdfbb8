//! What goes to services and comes back: time-stamps and OCSP.

use signature::digest::DigestAlgorithm;
use signature::issue::{OcspRequest, TimestampQuery, refuse_timestamp};
use signature::report::Reason;
use signature::revocation::ocsp::{self, CertStatus};
use signature::revocation::{Evidence, OcspResponse};
use signature::sign::{SignError, TimestampAuthority, add_long_term};
use signature::timestamp::TimestampRequest;
use signature::verify::{Options, Verifier};

use crate::pki::*;

#[test]
fn nonces_bind_answers_to_requests() {
    let world = World::new(Kind::P256);
    let mut service = Service { party: &world.stamps, time: day(18) };
    let digest = DigestAlgorithm::Sha256;
    let request = TimestampRequest::new(digest, b"data", [1, 2, 3, 4, 5, 6, 7, 8]);
    let query = TimestampQuery::from_der(&request.to_der()).unwrap();
    assert!(query.is_sound() && query.certificate_wanted);
    let answer = service.stamp(&request.to_der()).unwrap();
    assert!(request.accept(&answer).is_ok());
    let other = TimestampRequest::new(digest, b"data", [0, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(other.accept(&answer), Err(Reason::TimestampNonce));
    let other = TimestampRequest::new(digest, b"date", [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(other.accept(&answer), Err(Reason::TimestampImprintMismatch));

    let (about, middle) = (&world.person.certificate, &world.middle);
    let request = ocsp::request(DigestAlgorithm::Sha256, about, &middle.certificate, &[7; 16]);
    let read = OcspRequest::from_der(&request).unwrap();
    assert!(read.ids[0].0.is_of(&middle.certificate));
    assert_eq!(read.ids[0].0.serial(), about.serial());
    let echoed = crate::pki::answer(&world.responder, about, middle, CertStatus::Good, |t| {
        t.nonce.clone_from(&read.nonce);
    });
    assert_eq!(echoed.check_nonce(&[7; 16]), Ok(()));
    assert_eq!(echoed.check_nonce(&[8; 16]), Err(Reason::OcspNonceMismatch));
    assert_eq!(world.answer(CertStatus::Good).check_nonce(&[7; 16]), Ok(()));
    // The form that CAdES embeds.
    let basic = OcspResponse::from_basic_der(echoed.basic_der().unwrap()).unwrap();
    assert_eq!(basic, echoed);
}

#[test]
fn a_service_that_refuses() {
    let request = TimestampRequest::new(DigestAlgorithm::Sha256, b"data", [1; 8]);
    assert_eq!(request.accept(&refuse_timestamp(0)), Err(Reason::TimestampRefused));
    assert_eq!(request.accept(b"<html>"), Err(Reason::TimestampMalformed));
}

#[test]
fn long_term_needs_a_stamp_and_revocation_data() {
    let world = World::new(Kind::P256);
    let mut service = Service { party: &world.stamps, time: day(18) };
    let (trust, options) = (world.trust(), Options::default());
    let digest = DigestAlgorithm::Sha256;
    let mut add = |evidence: &Evidence, signature: &[u8]| {
        let verifier = Verifier { trust: &trust, evidence, at: now(), options: &options };
        match add_long_term(signature, 0, digest, &verifier, &mut service) {
            Err(SignError::Message(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(add(&world.lists(), &world.signed()), Reason::LongTermIncomplete);
    let mut service = Service { party: &world.stamps, time: day(18) };
    let stamped = signature::sign::add_timestamp(&world.signed(), 0, digest, &mut service).unwrap();
    assert_eq!(add(&Evidence::default(), &stamped), Reason::TimestampAuthority);
}
