//! Public keys: reading from SubjectPublicKeyInfo, and verification of a digest.

use gost3410::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey, traits::PublicKeyParts};

use super::SignatureScheme;
use crate::asn1::{Cursor, Oid, write};
use crate::certificate::PublicKeyInfo;
use crate::digest::DigestAlgorithm;
use crate::oid;
use crate::report::Reason;

/// A public key of a kind that can verify.
#[derive(Clone, Debug)]
pub enum PublicKey {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Gost3410(gost3410::VerifyingKey),
}

impl PublicKey {
    /// Reads and checks a key: the point lies on the curve, the modulus has 1024 to 8192 bits.
    ///
    /// # Errors
    /// [`Reason::KeyUnsupported`] for a kind or curve that is not known, [`Reason::KeyInvalid`]
    /// for a broken key.
    pub fn read(info: &PublicKeyInfo) -> Result<Self, Reason> {
        match info.algorithm.oid {
            oid::ID_RSA | oid::ID_RSA_PSS => rsa_key(&info.key).map(Self::Rsa),
            oid::ID_EC => match curve(info)? {
                oid::ID_P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(&info.key)
                    .map(Self::P256)
                    .map_err(|_| Reason::KeyInvalid),
                oid::ID_P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(&info.key)
                    .map(Self::P384)
                    .map_err(|_| Reason::KeyInvalid),
                _ => Err(Reason::KeyUnsupported),
            },
            oid::ID_GOST3410_256 | oid::ID_GOST3410_512 => gost_key(info).map(Self::Gost3410),
            _ => Err(Reason::KeyUnsupported),
        }
    }

    /// The content of subjectPublicKey.
    pub fn to_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => write::sequence(&[
                &write::unsigned(&key.n().to_be_bytes()),
                &write::unsigned(&key.e().to_be_bytes()),
            ]),
            Self::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::Gost3410(key) => write::octets(key.as_bytes()),
        }
    }

    /// SubjectPublicKeyInfo in DER (RFC 3279, RFC 9215 §4).
    pub fn to_spki_der(&self) -> Vec<u8> {
        let algorithm = match self {
            Self::Rsa(_) => write::algorithm(oid::ID_RSA, &write::null()),
            Self::P256(_) => write::algorithm(oid::ID_EC, &write::oid(oid::ID_P256)),
            Self::P384(_) => write::algorithm(oid::ID_EC, &write::oid(oid::ID_P384)),
            Self::Gost3410(key) => {
                let curve = key.curve();
                let digest = curve.digest_param_set().map(write::oid).unwrap_or_default();
                let parameters = write::sequence(&[&write::oid(curve.oid()), &digest]);
                write::algorithm(curve.size().key_oid(), &parameters)
            }
        };
        write::sequence(&[&algorithm, &write::bits(&self.to_bits())])
    }

    /// Verifies a signature over `digest`, which was made by the scheme's digest algorithm.
    ///
    /// # Errors
    /// [`Reason::SignatureMismatch`], or [`Reason::SignatureAlgorithmMismatch`] when the scheme is
    /// not one of this key.
    pub fn verify(
        &self,
        scheme: SignatureScheme,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), Reason> {
        let verified = match (self, scheme) {
            (Self::Rsa(key), SignatureScheme::RsaPkcs1(algorithm)) => {
                let Some(padding) = pkcs1(algorithm) else {
                    return Err(Reason::SignatureAlgorithmMismatch);
                };
                key.verify(padding, digest, signature).is_ok()
            }
            (Self::Rsa(key), SignatureScheme::RsaPss { digest: algorithm, salt }) => {
                return verify_pss(key, algorithm, salt, digest, signature);
            }
            (Self::P256(key), SignatureScheme::Ecdsa(_)) => {
                p256::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
            }
            (Self::P384(key), SignatureScheme::Ecdsa(_)) => {
                p384::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
            }
            (Self::Gost3410(key), SignatureScheme::Gost3410(_)) => {
                gost3410::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
            }
            _ => return Err(Reason::SignatureAlgorithmMismatch),
        };
        if verified { Ok(()) } else { Err(Reason::SignatureMismatch) }
    }

    /// Verifies an ECDSA signature written as r ‖ s (IEEE P1363), as JOSE and WebCrypto do.
    ///
    /// # Errors
    /// As [`PublicKey::verify`].
    pub fn verify_fixed(&self, digest: &[u8], signature: &[u8]) -> Result<(), Reason> {
        let verified = match self {
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            _ => return Err(Reason::SignatureAlgorithmMismatch),
        };
        if verified { Ok(()) } else { Err(Reason::SignatureMismatch) }
    }

    /// RSA of less than 2048 bits, which is within reach of a well-equipped attacker, and curves
    /// that the standard gives for tests only.
    pub fn is_weak(&self) -> bool {
        match self {
            Self::Rsa(key) => key.n().bits_vartime() < 2048,
            Self::Gost3410(key) => key.curve().is_test(),
            Self::P256(_) | Self::P384(_) => false,
        }
    }

    /// Whether two keys are the same.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rsa(one), Self::Rsa(other)) => one == other,
            (Self::P256(one), Self::P256(other)) => one == other,
            (Self::P384(one), Self::P384(other)) => one == other,
            // A curve has several names.
            (Self::Gost3410(one), Self::Gost3410(other)) => {
                one.as_bytes() == other.as_bytes() && one.curve().same_numbers(other.curve())
            }
            _ => false,
        }
    }

    /// The name in reports.
    pub fn name(&self) -> String {
        match self {
            Self::Rsa(key) => format!("rsa-{}", key.n().bits_vartime()),
            Self::P256(_) => "ecdsa-p256".to_owned(),
            Self::P384(_) => "ecdsa-p384".to_owned(),
            Self::Gost3410(key) => format!("gost-r-34.10-2012 {}", key.curve().name()),
        }
    }

    /// The scheme that a key of this kind signs with here.
    pub fn preferred_scheme(&self) -> SignatureScheme {
        match self {
            Self::Rsa(_) => SignatureScheme::RsaPkcs1(DigestAlgorithm::Sha256),
            Self::P256(_) => SignatureScheme::Ecdsa(DigestAlgorithm::Sha256),
            Self::P384(_) => SignatureScheme::Ecdsa(DigestAlgorithm::Sha384),
            Self::Gost3410(key) if key.size() == gost3410::KeySize::Bits256 => {
                SignatureScheme::Gost3410(DigestAlgorithm::Streebog256)
            }
            Self::Gost3410(_) => SignatureScheme::Gost3410(DigestAlgorithm::Streebog512),
        }
    }
}

/// EcParameters: a named curve.
fn curve(info: &PublicKeyInfo) -> Result<Oid, Reason> {
    let parameters = info.algorithm.parameters.as_deref().ok_or(Reason::KeyInvalid)?;
    Cursor::new(parameters).oid().map_err(|_| Reason::KeyUnsupported)
}

/// RSAPublicKey (RFC 8017 §A.1.1).
fn rsa_key(der: &[u8]) -> Result<RsaPublicKey, Reason> {
    let parts = || -> crate::asn1::Result<_> {
        let mut outer = Cursor::new(der);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let numbers = (sequence.integer()?, sequence.integer()?);
        sequence.finish()?;
        Ok(numbers)
    };
    let (modulus, exponent) = parts().map_err(|_| Reason::KeyInvalid)?;
    if modulus[0] & 0x80 != 0 || exponent[0] & 0x80 != 0 || modulus.len() > 1025 {
        return Err(Reason::KeyInvalid);
    }
    let number = |octets: &[u8]| BoxedUint::from_be_slice_vartime(octets);
    RsaPublicKey::new(number(modulus), number(exponent)).map_err(|_| Reason::KeyInvalid)
}

/// RFC 9215 §4: parameters name the curve; the key is an OCTET STRING of little-endian x ‖ y.
fn gost_key(info: &PublicKeyInfo) -> Result<gost3410::VerifyingKey, Reason> {
    let read = || -> crate::asn1::Result<_> {
        let parameters = info.algorithm.parameters.as_deref().unwrap_or(&[]);
        let curve = Cursor::new(parameters).sequence()?.oid()?;
        let mut outer = Cursor::new(&info.key);
        let point = outer.octets()?;
        outer.finish()?;
        Ok((curve, point))
    };
    let (curve, point) = read().map_err(|_| Reason::KeyInvalid)?;
    let curve = gost3410::Curve::from_oid(curve).map_err(|_| Reason::KeyUnsupported)?;
    if curve.size().key_oid() != info.algorithm.oid {
        return Err(Reason::KeyInvalid);
    }
    gost3410::VerifyingKey::from_bytes(curve, point).map_err(|_| Reason::KeyInvalid)
}

pub(super) fn pkcs1(algorithm: DigestAlgorithm) -> Option<Pkcs1v15Sign> {
    Some(match algorithm {
        DigestAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        DigestAlgorithm::Sha224 => Pkcs1v15Sign::new::<sha2::Sha224>(),
        DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
        DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
        DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512 => return None,
    })
}

fn verify_pss(
    key: &RsaPublicKey,
    algorithm: DigestAlgorithm,
    salt: usize,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Reason> {
    let verified = match algorithm {
        DigestAlgorithm::Sha1 => {
            key.verify(Pss::<sha1::Sha1>::new_with_salt(salt), digest, signature)
        }
        DigestAlgorithm::Sha224 => {
            key.verify(Pss::<sha2::Sha224>::new_with_salt(salt), digest, signature)
        }
        DigestAlgorithm::Sha256 => {
            key.verify(Pss::<sha2::Sha256>::new_with_salt(salt), digest, signature)
        }
        DigestAlgorithm::Sha384 => {
            key.verify(Pss::<sha2::Sha384>::new_with_salt(salt), digest, signature)
        }
        DigestAlgorithm::Sha512 => {
            key.verify(Pss::<sha2::Sha512>::new_with_salt(salt), digest, signature)
        }
        DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512 => {
            return Err(Reason::SignatureAlgorithmMismatch);
        }
    };
    verified.map_err(|_| Reason::SignatureMismatch)
}
