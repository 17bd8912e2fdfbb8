//! Revocation lists and OCSP responses.
#![no_main]

use signature::revocation::{Crl, OcspResponse};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = Crl::from_der(bytes) {
        assert_eq!(list.entries().count(), list.len());
    }
    if let Ok(response) = OcspResponse::from_der(bytes)
        && let Some(basic) = response.basic_der()
    {
        assert!(OcspResponse::from_basic_der(basic).is_ok());
    }
});
