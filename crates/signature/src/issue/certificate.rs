//! Certificates.

use chrono::{DateTime, Utc};
use rsa::rand_core::CryptoRng;

use super::Authority;
use crate::asn1::{Oid, tag, write};
use crate::certificate::{Certificate, Name};
use crate::digest::DigestAlgorithm;
use crate::key::{KeyError, PublicKey};
use crate::oid;

/// An extension: identifier, whether critical, and the content of extnValue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub oid: Oid,
    pub critical: bool,
    pub value: Vec<u8>,
}

impl Extension {
    pub fn new(oid: Oid, critical: bool, value: Vec<u8>) -> Self {
        Self { oid, critical, value }
    }

    pub fn basic_constraints(ca: bool, path_length: Option<u64>) -> Self {
        let ca = if ca { write::boolean(true) } else { Vec::new() };
        let length = path_length.map(write::number).unwrap_or_default();
        Self::new(oid::ID_CE_BASIC_CONSTRAINTS, true, write::sequence(&[&ca, &length]))
    }

    /// Bits of [`crate::certificate::KeyUsage`].
    pub fn key_usage(bits: u16) -> Self {
        Self::new(oid::ID_CE_KEY_USAGE, true, write::named_bits(bits))
    }

    pub fn extended_key_usage(purposes: &[Oid], critical: bool) -> Self {
        let list = write::sequence_of(purposes.iter().map(|purpose| write::oid(*purpose)));
        Self::new(oid::ID_CE_EXT_KEY_USAGE, critical, list)
    }

    pub fn policies(policies: &[Oid]) -> Self {
        let list = policies.iter().map(|policy| write::sequence(&[&write::oid(*policy)]));
        Self::new(oid::ID_CE_CERTIFICATE_POLICIES, false, write::sequence_of(list))
    }

    pub fn subject_key_identifier(identifier: &[u8]) -> Self {
        Self::new(oid::ID_CE_SUBJECT_KEY_IDENTIFIER, false, write::octets(identifier))
    }

    pub fn authority_key_identifier(identifier: &[u8]) -> Self {
        let key = write::element(tag::context(0), identifier);
        Self::new(oid::ID_CE_AUTHORITY_KEY_IDENTIFIER, false, write::sequence(&[&key]))
    }

    /// One distribution point at an address.
    pub fn crl_distribution_point(url: &str) -> Self {
        let name = write::explicit(0, &[&write::element(0x86, url.as_bytes())]);
        let point = write::sequence(&[&write::explicit(0, &[&name])]);
        Self::new(oid::ID_CE_CRL_DISTRIBUTION_POINTS, false, write::sequence(&[&point]))
    }

    pub fn ocsp_url(url: &str) -> Self {
        let location = write::element(0x86, url.as_bytes());
        let access = write::sequence(&[&write::oid(oid::ID_AD_OCSP), &location]);
        Self::new(oid::ID_PE_AUTHORITY_INFO_ACCESS, false, write::sequence(&[&access]))
    }

    /// id-pkix-ocsp-nocheck: nobody asks whether this certificate is revoked.
    pub fn ocsp_no_check() -> Self {
        Self::new(oid::ID_PKIX_OCSP_NOCHECK, false, write::null())
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let critical = if self.critical { write::boolean(true) } else { Vec::new() };
        write::sequence(&[&write::oid(self.oid), &critical, &write::octets(&self.value)])
    }
}

/// What a certificate is to say.
#[derive(Clone, Debug)]
pub struct CertificateTemplate {
    /// Big-endian octets of a positive number.
    pub serial: Vec<u8>,
    pub subject: Name,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// SubjectPublicKeyInfo in DER.
    pub public_key: Vec<u8>,
    /// Beside the identifiers of the keys, which are always there.
    pub extensions: Vec<Extension>,
}

impl CertificateTemplate {
    /// The identifier of a key: SHA-1 of its bits (RFC 5280 §4.2.1.2).
    pub fn key_identifier(key: &PublicKey) -> Vec<u8> {
        DigestAlgorithm::Sha1.digest(&key.to_bits())
    }

    /// Signs the certificate.
    ///
    /// # Errors
    /// [`KeyError::Scheme`] when the authority's key cannot sign by its scheme,
    /// [`KeyError::Malformed`] when the template makes no certificate that could be read.
    pub fn issue(
        &self,
        authority: &Authority<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Certificate, KeyError> {
        let element =
            crate::asn1::Tlv::single(&self.public_key).map_err(|_| KeyError::Malformed)?;
        let info =
            crate::certificate::PublicKeyInfo::read(element).map_err(|_| KeyError::Malformed)?;
        let identifiers = [
            Extension::subject_key_identifier(&DigestAlgorithm::Sha1.digest(&info.key)),
            Extension::authority_key_identifier(&authority.key_identifier),
        ];
        let own = |extension: &&Extension| !self.extensions.iter().any(|e| e.oid == extension.oid);
        let extensions =
            identifiers.iter().filter(own).chain(&self.extensions).map(Extension::to_der);
        let validity =
            write::sequence(&[&write::time(self.not_before), &write::time(self.not_after)]);
        let tbs = write::sequence(&[
            &write::explicit(0, &[&write::number(2)]),
            &write::unsigned(&self.serial),
            &authority.scheme.to_der(),
            authority.name.as_der(),
            &validity,
            self.subject.as_der(),
            &self.public_key,
            &write::explicit(3, &[&write::sequence_of(extensions)]),
        ]);
        let der = authority.signed(&tbs, rng)?;
        Certificate::from_der(&der).map_err(|_| KeyError::Malformed)
    }
}
