//! Public keys in SubjectPublicKeyInfo (RFC 9215, 4).

use der::{
    Decode, Encode, Sequence,
    asn1::{BitString, ObjectIdentifier, OctetString, OctetStringRef},
};
use spki::{
    AlgorithmIdentifierOwned, AlgorithmIdentifierRef, Document, DynAssociatedAlgorithmIdentifier,
    DynSignatureAlgorithmIdentifier, EncodePublicKey, SubjectPublicKeyInfoOwned,
    SubjectPublicKeyInfoRef,
};

use crate::{
    curve::{Curve, KeySize},
    error::KeyError,
    oid,
    signing::SigningKey,
    verifying::VerifyingKey,
};

/// `GostR3410-2012-PublicKeyParameters`; the third field is of the older RFC 4491.
#[derive(Clone, Copy, Debug, Sequence)]
struct Parameters {
    public_key_param_set: ObjectIdentifier,
    #[asn1(optional = "true")]
    digest_param_set: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    encryption_param_set: Option<ObjectIdentifier>,
}

/// The curve that a key's algorithm identifier names. `digestParamSet` may be absent or name the
/// S-box of the old digest: neither changes the key.
pub fn curve(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Curve, KeyError> {
    let size = match algorithm.oid {
        oid::GOST3410_2012_256 | oid::GOST3410_2001 => KeySize::Bits256,
        oid::GOST3410_2012_512 => KeySize::Bits512,
        other => return Err(KeyError::Algorithm(other)),
    };
    let parameters = algorithm.parameters.ok_or(KeyError::Parameters)?;
    let parameters: Parameters = parameters.decode_as().map_err(|_| KeyError::Parameters)?;
    let curve = Curve::from_oid(parameters.public_key_param_set)?;
    if curve.size() == size { Ok(curve) } else { Err(KeyError::SizeMismatch) }
}

/// The algorithm identifier of keys on a curve.
pub fn algorithm(curve: Curve) -> der::Result<AlgorithmIdentifierOwned> {
    let parameters = Parameters {
        public_key_param_set: curve.oid(),
        digest_param_set: curve.digest_param_set(),
        encryption_param_set: None,
    };
    Ok(AlgorithmIdentifierOwned {
        oid: curve.size().key_oid(),
        parameters: Some(der::Any::encode_from(&parameters)?),
    })
}

impl VerifyingKey {
    /// Reads a SubjectPublicKeyInfo of GOST R 34.10-2012, or of 2001, whose arithmetic is the same.
    ///
    /// # Errors
    /// Any [`KeyError`] of a public key, one per cause.
    pub fn from_spki(spki: SubjectPublicKeyInfoRef<'_>) -> Result<Self, KeyError> {
        let curve = curve(spki.algorithm)?;
        let bits = spki.subject_public_key.as_bytes().ok_or(KeyError::Length)?;
        let octets = <&OctetStringRef>::from_der(bits).map_err(|_| KeyError::Length)?;
        Self::from_bytes(curve, octets.as_bytes())
    }
}

impl TryFrom<SubjectPublicKeyInfoRef<'_>> for VerifyingKey {
    type Error = spki::Error;

    fn try_from(spki: SubjectPublicKeyInfoRef<'_>) -> spki::Result<Self> {
        Self::from_spki(spki).map_err(|error| match error {
            KeyError::Algorithm(oid) | KeyError::ParamSet(oid) => spki::Error::OidUnknown { oid },
            KeyError::Parameters => spki::Error::AlgorithmParametersMissing,
            _ => spki::Error::KeyMalformed,
        })
    }
}

impl EncodePublicKey for VerifyingKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        let octets = OctetString::new(self.as_bytes())?.to_der()?;
        let info = SubjectPublicKeyInfoOwned {
            algorithm: algorithm(self.curve())?,
            subject_public_key: BitString::from_bytes(&octets)?,
        };
        Ok(Document::encode_msg(&info)?)
    }
}

impl DynAssociatedAlgorithmIdentifier for VerifyingKey {
    fn algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(algorithm(self.curve())?)
    }
}

/// The parameters of a signature algorithm are absent (RFC 9215, 2).
fn signature_algorithm(size: KeySize) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: size.signature_oid(), parameters: None }
}

impl DynSignatureAlgorithmIdentifier for VerifyingKey {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(signature_algorithm(self.size()))
    }
}

impl DynSignatureAlgorithmIdentifier for SigningKey {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(signature_algorithm(self.size()))
    }
}
