//! How a digest becomes a signature, from the identifiers in certificates and CMS.

use super::PublicKey;
use crate::asn1::{Cursor, Oid, tag, write};
use crate::certificate::AlgorithmIdentifier;
use crate::digest::DigestAlgorithm;
use crate::oid;
use crate::report::Reason;

/// A signature algorithm with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RFC 8017 §8.2.
    RsaPkcs1(DigestAlgorithm),
    /// RFC 8017 §8.1; MGF1 uses the same digest.
    RsaPss { digest: DigestAlgorithm, salt: usize },
    /// FIPS 186-5; in certificates and CMS the value is DER (RFC 3279 §2.2.3).
    Ecdsa(DigestAlgorithm),
    /// GOST R 34.10-2012 (RFC 9215).
    Gost3410(DigestAlgorithm),
}

/// What an identifier of a signature algorithm says about the digest.
enum Named {
    Digest(DigestAlgorithm),
    /// Only the kind of key is named; the digest is told elsewhere (CMS digestAlgorithm).
    KeyOnly,
    Pss,
}

fn named(oid: Oid) -> Option<(Family, Named)> {
    use DigestAlgorithm as D;
    use Family::{Ecdsa, Gost256, Gost512, Rsa};
    Some(match oid {
        oid::ID_RSA => (Rsa, Named::KeyOnly),
        oid::ID_RSA_PSS => (Rsa, Named::Pss),
        oid::ID_RSA_SHA1 => (Rsa, Named::Digest(D::Sha1)),
        oid::ID_RSA_SHA224 => (Rsa, Named::Digest(D::Sha224)),
        oid::ID_RSA_SHA256 => (Rsa, Named::Digest(D::Sha256)),
        oid::ID_RSA_SHA384 => (Rsa, Named::Digest(D::Sha384)),
        oid::ID_RSA_SHA512 => (Rsa, Named::Digest(D::Sha512)),
        oid::ID_EC => (Ecdsa, Named::KeyOnly),
        oid::ID_ECDSA_SHA1 => (Ecdsa, Named::Digest(D::Sha1)),
        oid::ID_ECDSA_SHA224 => (Ecdsa, Named::Digest(D::Sha224)),
        oid::ID_ECDSA_SHA256 => (Ecdsa, Named::Digest(D::Sha256)),
        oid::ID_ECDSA_SHA384 => (Ecdsa, Named::Digest(D::Sha384)),
        oid::ID_ECDSA_SHA512 => (Ecdsa, Named::Digest(D::Sha512)),
        oid::ID_GOST3410_256 => (Gost256, Named::KeyOnly),
        oid::ID_GOST3410_512 => (Gost512, Named::KeyOnly),
        oid::ID_GOST3410_STREEBOG_256 => (Gost256, Named::Digest(D::Streebog256)),
        oid::ID_GOST3410_STREEBOG_512 => (Gost512, Named::Digest(D::Streebog512)),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    Ecdsa,
    Gost256,
    Gost512,
}

impl Family {
    fn of(key: &PublicKey) -> Self {
        match key {
            PublicKey::Rsa(_) => Self::Rsa,
            PublicKey::P256(_) | PublicKey::P384(_) => Self::Ecdsa,
            PublicKey::Gost3410(key) if key.size() == gost3410::KeySize::Bits256 => Self::Gost256,
            PublicKey::Gost3410(_) => Self::Gost512,
        }
    }
}

impl SignatureScheme {
    /// The scheme of an AlgorithmIdentifier in a certificate, a revocation list or a response,
    /// which must name the digest.
    ///
    /// # Errors
    /// [`Reason::SignatureAlgorithmUnsupported`], or [`Reason::SignatureAlgorithmMismatch`] when
    /// the key is of another kind.
    pub fn of_algorithm(algorithm: &AlgorithmIdentifier, key: &PublicKey) -> Result<Self, Reason> {
        Self::resolve(algorithm, key, None)
    }

    /// The scheme of a SignerInfo. CryptoPro names the algorithm of the key there, others that of
    /// the signature: both are taken.
    ///
    /// # Errors
    /// As [`SignatureScheme::of_algorithm`], and [`Reason::DigestAlgorithmMismatch`] when the two
    /// identifiers contradict each other.
    pub fn of_signer(
        algorithm: &AlgorithmIdentifier,
        key: &PublicKey,
        digest: DigestAlgorithm,
    ) -> Result<Self, Reason> {
        Self::resolve(algorithm, key, Some(digest))
    }

    fn resolve(
        algorithm: &AlgorithmIdentifier,
        key: &PublicKey,
        told: Option<DigestAlgorithm>,
    ) -> Result<Self, Reason> {
        let (family, named) = named(algorithm.oid).ok_or(Reason::SignatureAlgorithmUnsupported)?;
        if family != Family::of(key) {
            return Err(Reason::SignatureAlgorithmMismatch);
        }
        let scheme = match named {
            Named::Pss => pss(algorithm)?,
            Named::KeyOnly => {
                Self::plain(family, told.ok_or(Reason::SignatureAlgorithmUnsupported)?)
            }
            Named::Digest(digest) => Self::plain(family, digest),
        };
        if told.is_some_and(|told| told != scheme.digest()) {
            return Err(Reason::DigestAlgorithmMismatch);
        }
        let fits = match family {
            Family::Gost256 => scheme.digest() == DigestAlgorithm::Streebog256,
            Family::Gost512 => scheme.digest() == DigestAlgorithm::Streebog512,
            Family::Rsa | Family::Ecdsa => {
                !scheme.digest().oid().to_string().starts_with("1.2.643.")
            }
        };
        if fits { Ok(scheme) } else { Err(Reason::DigestAlgorithmMismatch) }
    }

    fn plain(family: Family, digest: DigestAlgorithm) -> Self {
        match family {
            Family::Rsa => Self::RsaPkcs1(digest),
            Family::Ecdsa => Self::Ecdsa(digest),
            Family::Gost256 | Family::Gost512 => Self::Gost3410(digest),
        }
    }

    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaPkcs1(digest)
            | Self::RsaPss { digest, .. }
            | Self::Ecdsa(digest)
            | Self::Gost3410(digest) => digest,
        }
    }

    /// AlgorithmIdentifier of the signature in DER.
    pub fn to_der(self) -> Vec<u8> {
        use DigestAlgorithm as D;
        let oid = match self {
            Self::RsaPss { digest, salt } => return pss_der(digest, salt),
            Self::RsaPkcs1(digest) => match digest {
                D::Sha1 => oid::ID_RSA_SHA1,
                D::Sha224 => oid::ID_RSA_SHA224,
                D::Sha384 => oid::ID_RSA_SHA384,
                D::Sha512 => oid::ID_RSA_SHA512,
                _ => oid::ID_RSA_SHA256,
            },
            Self::Ecdsa(digest) => match digest {
                D::Sha1 => oid::ID_ECDSA_SHA1,
                D::Sha224 => oid::ID_ECDSA_SHA224,
                D::Sha384 => oid::ID_ECDSA_SHA384,
                D::Sha512 => oid::ID_ECDSA_SHA512,
                _ => oid::ID_ECDSA_SHA256,
            },
            Self::Gost3410(D::Streebog512) => oid::ID_GOST3410_STREEBOG_512,
            Self::Gost3410(_) => oid::ID_GOST3410_STREEBOG_256,
        };
        match self {
            Self::RsaPkcs1(_) => write::algorithm(oid, &write::null()),
            _ => write::algorithm(oid, &[]),
        }
    }

    /// The name in reports.
    pub fn name(self) -> String {
        let family = match self {
            Self::RsaPkcs1(_) => "rsa-pkcs1",
            Self::RsaPss { .. } => "rsa-pss",
            Self::Ecdsa(_) => "ecdsa",
            Self::Gost3410(_) => "gost-r-34.10-2012",
        };
        format!("{family} {}", self.digest().name())
    }
}

/// RSASSA-PSS-params (RFC 4055 §3.1).
fn pss(algorithm: &AlgorithmIdentifier) -> Result<SignatureScheme, Reason> {
    let parameters = algorithm.parameters.as_deref().unwrap_or(&[]);
    read_pss(parameters).unwrap_or(Err(Reason::SignatureAlgorithmUnsupported))
}

fn read_pss(parameters: &[u8]) -> crate::asn1::Result<Result<SignatureScheme, Reason>> {
    const UNSUPPORTED: Result<SignatureScheme, Reason> = Err(Reason::SignatureAlgorithmUnsupported);
    let mut sequence = Cursor::new(parameters).sequence()?;
    let digest_of = |algorithm: AlgorithmIdentifier| DigestAlgorithm::from_oid(algorithm.oid);
    let digest = match sequence.optional(tag::context_constructed(0))? {
        Some(outer) => digest_of(AlgorithmIdentifier::read(outer.inner().any()?)?),
        None => Some(DigestAlgorithm::Sha1),
    };
    let mask = match sequence.optional(tag::context_constructed(1))? {
        Some(outer) => {
            let mgf = AlgorithmIdentifier::read(outer.inner().any()?)?;
            if mgf.oid != oid::ID_RSA_MGF1 {
                return Ok(UNSUPPORTED);
            }
            let inner = mgf.parameters.unwrap_or_default();
            digest_of(AlgorithmIdentifier::read(Cursor::new(&inner).any()?)?)
        }
        None => Some(DigestAlgorithm::Sha1),
    };
    let salt = match sequence.optional(tag::context_constructed(2))? {
        Some(outer) => outer.inner().small(tag::INTEGER)?,
        None => 20,
    };
    let trailer = match sequence.optional(tag::context_constructed(3))? {
        Some(outer) => outer.inner().small(tag::INTEGER)?,
        None => 1,
    };
    sequence.finish()?;
    Ok(match digest {
        Some(digest) if mask == Some(digest) && salt <= 1024 && trailer == 1 => {
            Ok(SignatureScheme::RsaPss { digest, salt: salt as usize })
        }
        _ => UNSUPPORTED,
    })
}

fn pss_der(digest: DigestAlgorithm, salt: usize) -> Vec<u8> {
    let hash = write::algorithm(digest.oid(), &write::null());
    let mgf = write::algorithm(oid::ID_RSA_MGF1, &hash);
    let parameters = write::sequence(&[
        &write::explicit(0, &[&hash]),
        &write::explicit(1, &[&mgf]),
        &write::explicit(2, &[&write::number(salt as u64)]),
    ]);
    write::algorithm(oid::ID_RSA_PSS, &parameters)
}
