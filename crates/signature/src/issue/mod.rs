//! What an authority issues: certificates, revocation lists, OCSP responses, time-stamps. For the
//! sandbox's authority and for tests; a real one needs certified means.

mod certificate;
mod crl;
mod name;
mod ocsp;
mod timestamp;

use rsa::rand_core::CryptoRng;

pub use certificate::{CertificateTemplate, Extension};
pub use crl::{CrlTemplate, RevokedEntry};
pub use name::NameBuilder;
pub use ocsp::{OcspRequest, OcspTemplate};
pub use timestamp::{TimestampQuery, TimestampTemplate, refuse as refuse_timestamp};

use crate::asn1::write;
use crate::certificate::{Certificate, Name};
use crate::key::{KeyError, PrivateKey, SignatureScheme};

/// An authority's key and the name in which it signs.
#[derive(Clone, Debug)]
pub struct Authority<'a> {
    pub key: &'a PrivateKey,
    pub name: Name,
    /// Identifier of the key, for the authorityKeyIdentifier of what it issues.
    pub key_identifier: Vec<u8>,
    pub scheme: SignatureScheme,
}

impl<'a> Authority<'a> {
    /// An authority with the scheme that is usual for the key.
    pub fn new(key: &'a PrivateKey, name: Name, key_identifier: Vec<u8>) -> Self {
        let scheme = key.public_key().preferred_scheme();
        Self { key, name, key_identifier, scheme }
    }

    /// The authority that a certificate names.
    pub fn of(key: &'a PrivateKey, certificate: &Certificate) -> Self {
        Self::new(key, certificate.subject().clone(), certificate.key_identifier())
    }

    /// SEQUENCE of a signed part, the algorithm, and the signature.
    fn signed(&self, tbs: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, KeyError> {
        let (algorithm, signature) = self.signature(tbs, rng)?;
        Ok(write::sequence(&[tbs, &algorithm, &write::bits(&signature)]))
    }

    fn signature(
        &self,
        tbs: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
        let digest = self.scheme.digest().digest(tbs);
        Ok((self.scheme.to_der(), self.key.sign(self.scheme, &digest, rng)?))
    }
}
