//! Electronic signatures: X.509 paths, revocation, CMS and CAdES, time-stamps, key containers, for
//! GOST R 34.10-2012, RSA (PKCS #1 v1.5 and PSS) and ECDSA (P-256, P-384); native and WebAssembly.
//!
//! | what | where | source |
//! | --- | --- | --- |
//! | certificates, identifiers of Russian owners | [`certificate`] | RFC 5280 §4, order of the FSB № 795 |
//! | paths to configured roots | [`path`] | RFC 5280 §6, RFC 9618 |
//! | revocation lists (complete, delta, indirect), OCSP | [`revocation`] | RFC 5280 §5–6.3, RFC 6960 |
//! | SignedData from a stream | [`cms`] | RFC 5652 §5 |
//! | references and values of long-term signatures, archive time-stamps | [`cades`] | RFC 5035, RFC 5126, ETSI EN 319 122-1 §5.5 |
//! | time-stamps | [`timestamp`] | RFC 3161, RFC 5816 |
//! | the verdict | [`verify`], [`report`] | |
//! | making signatures | [`sign`] | |
//! | PKCS #12 and encrypted PKCS #8 | [`container`] | RFC 7292, RFC 8018, RFC 9548, RFC 9579 |
//! | issuing, for the sandbox's authority and tests | [`issue`] | |
//!
//! # Verifying
//!
//! ```no_run
//! use signature::cms::SignedMessage;
//! use signature::digest::ContentDigests;
//! use signature::path::TrustStore;
//! use signature::revocation::Evidence;
//! use signature::verify::{Options, Verifier};
//!
//! # fn roots() -> TrustStore { TrustStore::default() }
//! # fn verify(file: &[u8], document: &[u8], now: chrono::DateTime<chrono::Utc>) -> Result<(), signature::report::Reason> {
//! let message = SignedMessage::from_bytes(file)?;
//! let content = ContentDigests::of(&message.needed_digests(), document);
//! let (trust, evidence, options) = (roots(), Evidence::default(), Options::default());
//! let verifier = Verifier { trust: &trust, evidence: &evidence, at: now, options: &options };
//! let report = verifier.verify(&message, Some(&content));
//! assert!(report.is_valid());
//! # Ok(())
//! # }
//! ```
//!
//! # What is held in memory
//!
//! Never the content: [`cms::SignedMessage::read`] hashes an attached one while it passes, and
//! [`digest::ContentHasher`] a detached one; [`sign::Signer::sign_attached`] writes while it
//! reads. Of everything else a signature may carry 64 MiB. Depth, counts and the work of building
//! paths are bounded, so that no input costs more than a moment.
//!
//! # What is tolerated
//!
//! - BER in the layers of CMS and PKCS #12: indefinite lengths, octet strings in pieces.
//! - The algorithm of the key in the place of that of the signature, as CryptoPro writes it.
//! - Signed attributes in another order than that of DER.
//! - `critical FALSE` and other defaults that are written out.
//!
//! All else that the standards forbid is refused, with a reason of its own ([`report::Reason`]).
//!
//! # What is not a certified means
//!
//! Signing here is ordinary software. Whether a signature made by it counts as qualified is a
//! matter of law and of the operator's policy, not of this crate.
#![forbid(unsafe_code)]

pub mod asn1;
pub mod cades;
pub mod certificate;
pub mod cms;
pub mod container;
pub mod digest;
pub mod issue;
pub mod key;
pub mod oid;
pub mod path;
pub mod pem;
pub mod report;
pub mod revocation;
pub mod sign;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod verify;
