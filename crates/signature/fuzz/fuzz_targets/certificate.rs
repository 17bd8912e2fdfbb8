//! Certificates: reading, names, identifiers, and a path to themselves.
#![no_main]

use signature::certificate::Certificate;
use signature::path::{Budget, PathContext, Purpose, TrustStore};
use signature::revocation::Evidence;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(certificate) = Certificate::from_der(bytes) else { return };
    assert!(!format!("{} {:?}", certificate.subject(), certificate.identifiers()).contains('\u{1b}'));
    let trust = TrustStore { anchors: vec![certificate.clone()], intermediates: Vec::new() };
    let (evidence, budget) = (Evidence::default(), Budget::default());
    let context = PathContext::new(&trust, &[], &evidence, certificate.not_before(), &budget);
    let _ = context.find(&certificate, Purpose::Signing);
});
