//! CMS: reading, verifying, rewriting.
#![no_main]

use signature::cms::SignedMessage;
use signature::digest::ContentDigests;
use signature::path::TrustStore;
use signature::revocation::Evidence;
use signature::sign::RawSignedData;
use signature::verify::{Options, Verifier};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(raw) = RawSignedData::from_bytes(bytes) {
        assert!(RawSignedData::from_bytes(&raw.to_der()).is_ok());
    }
    let Ok(message) = SignedMessage::from_bytes(bytes) else { return };
    let (trust, evidence, options) =
        (TrustStore::default(), Evidence::default(), Options::default());
    let at = chrono::DateTime::UNIX_EPOCH;
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let content = ContentDigests::of(&message.needed_digests(), b"");
    // Nothing leads to a root here.
    assert!(!verifier.verify(&message, Some(&content)).is_valid());
});
