//! SignerInfo (RFC 5652 §5.3).

use super::Attributes;
use crate::asn1::{Cursor, Error, Result, Tlv, tag, write};
use crate::certificate::{AlgorithmIdentifier, Certificate, Name};
use crate::digest::DigestAlgorithm;

/// How the signer's certificate is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerId {
    IssuerAndSerial(Name, Vec<u8>),
    KeyIdentifier(Vec<u8>),
}

impl SignerId {
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial(issuer, serial) => {
                certificate.serial() == serial && certificate.issuer() == issuer
            }
            Self::KeyIdentifier(identifier) => certificate.key_identifier() == *identifier,
        }
    }
}

/// Signed attributes, read and as they are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    pub attributes: Attributes,
    /// As received, under the tag of a SET.
    received: Vec<u8>,
    /// In the order of DER, where the received order is another.
    ordered: Option<Vec<u8>>,
}

impl SignedAttributes {
    fn read(element: Tlv<'_>) -> Result<Self> {
        let attributes = Attributes::read(element.inner())?;
        let mut parts = Vec::new();
        let mut cursor = element.inner();
        while !cursor.is_empty() {
            parts.push(cursor.any()?.raw.to_vec());
        }
        let received = write::element(tag::SET, element.value);
        let ordered = Some(write::set_of(parts)).filter(|ordered| *ordered != received);
        Ok(Self { attributes, received, ordered })
    }

    /// Digests of what may have been signed: the attributes in the order of DER, as RFC 5652 §5.4
    /// wants it, or as they were received, as some programs sign them.
    pub fn digests(&self, algorithm: DigestAlgorithm) -> impl Iterator<Item = Vec<u8>> {
        let forms = std::iter::once(&self.received).chain(&self.ordered);
        forms.map(move |form| algorithm.digest(form))
    }
}

/// One signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    pub version: u64,
    pub id: SignerId,
    pub digest_algorithm: AlgorithmIdentifier,
    pub signed: Option<SignedAttributes>,
    pub signature_algorithm: AlgorithmIdentifier,
    pub signature: Vec<u8>,
    pub unsigned: Attributes,
    /// All fields before the unsigned attributes, as received.
    fields: Vec<u8>,
}

impl SignerInfo {
    /// # Errors
    /// When the element is not a SignerInfo.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        let mut info = Cursor::new(element.raw).sequence()?;
        let version = info.small(tag::INTEGER)?;
        let id = signer_id(info.any()?)?;
        let digest_algorithm = AlgorithmIdentifier::read(info.any()?)?;
        let signed = info.optional(0xa0)?.map(SignedAttributes::read).transpose()?;
        let signature_algorithm = AlgorithmIdentifier::read(info.any()?)?;
        let signature = info.octets()?.to_vec();
        let unsigned = match info.optional(0xa1)? {
            Some(attributes) => Attributes::read(attributes.inner())?,
            None => Attributes::default(),
        };
        info.finish()?;
        let mut fields = element.inner();
        let mut received = Vec::new();
        while !fields.is_empty() {
            let field = fields.any()?;
            // Signed attributes carry another tag.
            if field.tag != tag::context_constructed(1) {
                received.extend_from_slice(field.raw);
            }
        }
        if signed.as_ref().is_some_and(|signed| signed.attributes.iter().next().is_none()) {
            return Err(Error::Value("an empty set of signed attributes"));
        }
        let fields = received;
        Ok(Self {
            version,
            id,
            digest_algorithm,
            signed,
            signature_algorithm,
            signature,
            unsigned,
            fields,
        })
    }

    /// The fields from the version to the signature, as received: what an archive time-stamp
    /// protects (ETSI EN 319 122-1 §5.5.3).
    pub(crate) fn fields(&self) -> &[u8] {
        &self.fields
    }

    pub fn digest(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(self.digest_algorithm.oid)
    }
}

fn signer_id(element: Tlv<'_>) -> Result<SignerId> {
    match element.tag {
        tag::SEQUENCE => {
            let mut pair = element.inner();
            let issuer = Name::read(pair.any()?)?;
            let serial = pair.integer()?.to_vec();
            pair.finish()?;
            Ok(SignerId::IssuerAndSerial(issuer, serial))
        }
        0x80 => Ok(SignerId::KeyIdentifier(element.value.to_vec())),
        // The same in pieces, as BER permits.
        0xa0 => {
            let mut pieces = element.inner();
            let mut identifier = Vec::new();
            while !pieces.is_empty() {
                identifier.extend_from_slice(pieces.octets()?);
            }
            Ok(SignerId::KeyIdentifier(identifier))
        }
        found => Err(Error::Tag { expected: tag::SEQUENCE, found }),
    }
}
