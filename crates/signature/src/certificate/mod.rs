//! X.509 certificates (RFC 5280 §4).

mod extensions;
mod general_name;
mod name;
mod subject;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use self::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, DistributionPoint, DistributionPointName, Extensions,
    KeyUsage, NameConstraints, PolicyConstraints,
};
pub(crate) use self::extensions::{authority_key, one as read_extension};
pub use self::general_name::GeneralName;
pub(crate) use self::name::text;
pub use self::name::{Name, NameAttribute};
pub use self::subject::{Identifiers, UnreadableIdentifier};
use crate::asn1::{Cursor, Error, Oid, Result, Tlv, tag};
use crate::digest::DigestAlgorithm;

/// A certificate of more octets is not read.
pub const MAX_CERTIFICATE: usize = 1 << 20;

/// AlgorithmIdentifier: the algorithm, and its parameters as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    pub oid: Oid,
    pub parameters: Option<Vec<u8>>,
}

impl AlgorithmIdentifier {
    /// # Errors
    /// When the element is not an AlgorithmIdentifier.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        let mut sequence = Cursor::new(element.raw).sequence()?;
        let oid = sequence.oid()?;
        let parameters =
            if sequence.is_empty() { None } else { Some(sequence.any()?.raw.to_vec()) };
        sequence.finish()?;
        Ok(Self { oid, parameters })
    }
}

/// SubjectPublicKeyInfo as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeyInfo {
    pub algorithm: AlgorithmIdentifier,
    /// Content of subjectPublicKey.
    pub key: Vec<u8>,
    /// The whole element.
    pub der: Vec<u8>,
}

impl PublicKeyInfo {
    /// # Errors
    /// When the element is not a SubjectPublicKeyInfo.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        let mut sequence = Cursor::new(element.raw).sequence()?;
        let algorithm = AlgorithmIdentifier::read(sequence.any()?)?;
        let key = sequence.bits()?.octets()?.to_vec();
        sequence.finish()?;
        Ok(Self { algorithm, key, der: element.raw.to_vec() })
    }
}

/// A certificate: what it says, and the bytes that say it. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Fields>);

struct Fields {
    der: Vec<u8>,
    tbs: std::ops::Range<usize>,
    serial: Vec<u8>,
    signature_algorithm: AlgorithmIdentifier,
    inner_algorithm: AlgorithmIdentifier,
    issuer: Name,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
    subject: Name,
    public_key: PublicKeyInfo,
    extensions: Extensions,
    version: u64,
    signature: Vec<u8>,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, serial {})", self.subject(), self.serial_hex())
    }
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When it is not one, or an extension that this crate knows is malformed.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_CERTIFICATE {
            return Err(Error::TooLarge);
        }
        let mut outer = Cursor::new(der);
        let mut certificate = outer.sequence()?;
        outer.finish()?;
        let tbs = certificate.expect(tag::SEQUENCE)?;
        let signature_algorithm = AlgorithmIdentifier::read(certificate.any()?)?;
        let signature = certificate.bits()?.octets()?.to_vec();
        certificate.finish()?;

        let mut fields = tbs.inner();
        let version = match fields.optional(0xa0)? {
            Some(version) => version.inner().small(tag::INTEGER)?,
            None => 0,
        };
        if version > 2 {
            return Err(Error::Value("an unknown version of certificates"));
        }
        let serial = fields.integer()?.to_vec();
        let inner_algorithm = AlgorithmIdentifier::read(fields.any()?)?;
        let issuer = Name::read(fields.any()?)?;
        let mut validity = fields.sequence()?;
        let (not_before, not_after) = (validity.time()?, validity.time()?);
        validity.finish()?;
        let subject = Name::read(fields.any()?)?;
        let public_key = PublicKeyInfo::read(fields.any()?)?;
        for unique in [0x81, 0x82] {
            fields.optional(unique)?;
        }
        let extensions = match fields.optional(0xa3)? {
            Some(outer) => {
                if version != 2 {
                    return Err(Error::Value("extensions in an old version of certificates"));
                }
                let mut inner = outer.inner();
                let extensions = Extensions::read(inner.sequence()?)?;
                inner.finish()?;
                extensions
            }
            None => Extensions::default(),
        };
        fields.finish()?;
        // The header of the whole and nothing else stands before tbsCertificate.
        let start = der.len() - Tlv::single(der)?.value.len();
        Ok(Self(Arc::new(Fields {
            tbs: start..start + tbs.raw.len(),
            der: der.to_vec(),
            serial,
            signature_algorithm,
            inner_algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            public_key,
            extensions,
            version: version + 1,
            signature,
        })))
    }

    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The bytes that the signature covers.
    pub fn tbs_der(&self) -> &[u8] {
        &self.0.der[self.0.tbs.clone()]
    }

    /// 1, 2 or 3.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// Two's complement octets of the serial number.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The serial number as upper-case hexadecimal digits.
    pub fn serial_hex(&self) -> String {
        hex::encode_upper(self.serial())
    }

    pub fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.signature_algorithm
    }

    /// The algorithm inside the signed part, which must be the same.
    pub fn inner_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.inner_algorithm
    }

    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    pub fn not_before(&self) -> DateTime<Utc> {
        self.0.not_before
    }

    pub fn not_after(&self) -> DateTime<Utc> {
        self.0.not_after
    }

    pub fn public_key(&self) -> &PublicKeyInfo {
        &self.0.public_key
    }

    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// Issuer and subject are the same name. (RFC 5280 §3.2: a self-issued certificate.)
    pub fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    /// Whether this is a certificate of an authority.
    pub fn is_ca(&self) -> bool {
        self.extensions().basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    pub fn fingerprint(&self, algorithm: DigestAlgorithm) -> Vec<u8> {
        algorithm.digest(self.as_der())
    }

    /// Identifiers of the owner.
    pub fn identifiers(&self) -> Identifiers {
        Identifiers::of(self.subject())
    }

    /// The identifier of the key: the extension, or SHA-1 of the key (RFC 5280 §4.2.1.2).
    pub fn key_identifier(&self) -> Vec<u8> {
        match &self.extensions().subject_key {
            Some(identifier) => identifier.clone(),
            None => DigestAlgorithm::Sha1.digest(&self.public_key().key),
        }
    }
}
