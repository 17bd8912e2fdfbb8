//! SubjectPublicKeyInfo (RFC 9215) and PKCS#8 (RFC 9548).

mod private;
mod public;
