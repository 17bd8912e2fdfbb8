//! Private keys: PKCS #8 (RFC 5958; RFC 9215 and 9548 for GOST) and signing of a digest.

use gost3410::signature::{
    Keypair,
    hazmat::{PrehashSigner, RandomizedPrehashSigner},
};
use pkcs8::DecodePrivateKey;
use rsa::RsaPrivateKey;
use rsa::rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{PublicKey, SignatureScheme};
use crate::asn1::{Cursor, Oid, Tlv, tag, write};
use crate::certificate::AlgorithmIdentifier;
use crate::oid;

/// Why a private key cannot be read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("this is not a private key in PKCS #8")]
    Malformed,
    #[error("keys of this kind are not supported")]
    Unsupported,
    #[error("the key cannot sign in this way")]
    Scheme,
}

/// A private key that can sign. It is wiped from memory when it is dropped.
#[derive(Clone)]
pub enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Gost3410(gost3410::SigningKey),
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({})", self.public_key().name())
    }
}

/// A kind of key that can be made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// GOST R 34.10-2012, 256 bits, id-GostR3410-2001-CryptoPro-A-ParamSet (RFC 4357 §11.4):
    /// what every implementation knows.
    Gost256,
    /// GOST R 34.10-2012, 512 bits, id-tc26-gost-3410-12-512-paramSetA (RFC 7836, A.1).
    Gost512,
    P256,
}

impl PrivateKey {
    /// Makes a key.
    pub fn generate(kind: KeyKind, rng: &mut dyn CryptoRng) -> Self {
        let curve = match kind {
            KeyKind::Gost256 => gost3410::Curve::CryptoProA,
            KeyKind::Gost512 => gost3410::Curve::Tc26_512A,
            KeyKind::P256 => return Self::P256(p256_key(rng)),
        };
        match gost3410::SigningKey::generate(curve, rng) {
            Ok(key) => Self::Gost3410(key),
            Err(never) => match never {},
        }
    }

    /// Reads PrivateKeyInfo in DER.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Unsupported`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, key) = private_key_info(der).map_err(|_| KeyError::Malformed)?;
        match algorithm.oid {
            oid::ID_RSA | oid::ID_RSA_PSS => RsaPrivateKey::from_pkcs8_der(der)
                .map(|key| Self::Rsa(Box::new(key)))
                .map_err(|_| KeyError::Malformed),
            oid::ID_EC => {
                let (curve, scalar) = ec_key(&algorithm, key).map_err(|_| KeyError::Malformed)?;
                match curve {
                    oid::ID_P256 => p256::ecdsa::SigningKey::from_slice(scalar)
                        .map(Self::P256)
                        .map_err(|_| KeyError::Malformed),
                    oid::ID_P384 => p384::ecdsa::SigningKey::from_slice(scalar)
                        .map(Self::P384)
                        .map_err(|_| KeyError::Malformed),
                    _ => Err(KeyError::Unsupported),
                }
            }
            oid::ID_GOST3410_256 | oid::ID_GOST3410_512 => {
                gost3410::SigningKey::from_pkcs8_der(der)
                    .map(Self::Gost3410)
                    .map_err(|_| KeyError::Malformed)
            }
            _ => Err(KeyError::Unsupported),
        }
    }

    /// PrivateKeyInfo in DER.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when a part of the key cannot be encoded.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        use pkcs8::EncodePrivateKey;
        let document = match self {
            Self::Rsa(key) => key.to_pkcs8_der().map_err(|_| KeyError::Malformed)?,
            Self::P256(key) => {
                let public = key.verifying_key().to_sec1_point(false);
                return Ok(ec_pkcs8(oid::ID_P256, &key.to_bytes(), public.as_bytes()));
            }
            Self::P384(key) => {
                let public = key.verifying_key().to_sec1_point(false);
                return Ok(ec_pkcs8(oid::ID_P384, &key.to_bytes(), public.as_bytes()));
            }
            Self::Gost3410(key) => key.to_pkcs8_der().map_err(|_| KeyError::Malformed)?,
        };
        Ok(document.to_bytes())
    }

    pub fn public_key(&self) -> PublicKey {
        match self {
            Self::Rsa(key) => PublicKey::Rsa(key.to_public_key()),
            Self::P256(key) => PublicKey::P256(*key.verifying_key()),
            Self::P384(key) => PublicKey::P384(*key.verifying_key()),
            Self::Gost3410(key) => PublicKey::Gost3410(key.verifying_key()),
        }
    }

    /// Signs a digest without encoding the value and without randomness: r ‖ s for ECDSA (RFC 6979),
    /// as JOSE and [`PublicKey::verify_fixed`] have it, s ‖ r for GOST.
    ///
    /// # Errors
    /// [`KeyError::Scheme`] for RSA keys, and digests of another length than the key's.
    pub fn sign_fixed(&self, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Rsa(_) => Err(KeyError::Scheme),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(digest).map_err(|_| KeyError::Scheme)?;
                Ok(signature.to_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash(digest).map_err(|_| KeyError::Scheme)?;
                Ok(signature.to_bytes().to_vec())
            }
            Self::Gost3410(key) => {
                let signature = key.sign_prehash(digest).map_err(|_| KeyError::Scheme)?;
                Ok(signature.as_bytes().to_vec())
            }
        }
    }

    /// Signs a digest made by the scheme's digest algorithm. The value is what certificates and
    /// CMS carry: DER for ECDSA, s ‖ r for GOST.
    ///
    /// # Errors
    /// [`KeyError::Scheme`] when the scheme is not one of this key.
    pub fn sign(
        &self,
        scheme: SignatureScheme,
        digest: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, KeyError> {
        match (self, scheme) {
            (Self::Rsa(key), SignatureScheme::RsaPkcs1(algorithm)) => {
                let padding = super::public::pkcs1(algorithm).ok_or(KeyError::Scheme)?;
                key.sign_with_rng(rng, padding, digest).map_err(|_| KeyError::Scheme)
            }
            (Self::Rsa(key), SignatureScheme::RsaPss { digest: algorithm, salt }) => {
                sign_pss(key, algorithm, salt, digest, rng)
            }
            (Self::P256(key), SignatureScheme::Ecdsa(_)) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash_with_rng(rng, digest).map_err(|_| KeyError::Scheme)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            (Self::P384(key), SignatureScheme::Ecdsa(_)) => {
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash_with_rng(rng, digest).map_err(|_| KeyError::Scheme)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            (Self::Gost3410(key), SignatureScheme::Gost3410(_)) => {
                let mut extra = [0; 32];
                rng.fill_bytes(&mut extra);
                let signature =
                    key.sign_prehash_hedged(digest, &extra).map_err(|_| KeyError::Scheme)?;
                Ok(signature.as_bytes().to_vec())
            }
            _ => Err(KeyError::Scheme),
        }
    }
}

fn sign_pss(
    key: &RsaPrivateKey,
    algorithm: crate::digest::DigestAlgorithm,
    salt: usize,
    digest: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, KeyError> {
    use crate::digest::DigestAlgorithm as D;
    use rsa::Pss;
    match algorithm {
        D::Sha256 => {
            key.sign_with_rng(rng, Pss::<sha2::Sha256>::new_blinded_with_salt(salt), digest)
        }
        D::Sha384 => {
            key.sign_with_rng(rng, Pss::<sha2::Sha384>::new_blinded_with_salt(salt), digest)
        }
        D::Sha512 => {
            key.sign_with_rng(rng, Pss::<sha2::Sha512>::new_blinded_with_salt(salt), digest)
        }
        _ => return Err(KeyError::Scheme),
    }
    .map_err(|_| KeyError::Scheme)
}

/// PrivateKeyInfo, or OneAsymmetricKey: algorithm and content of privateKey.
fn private_key_info(der: &[u8]) -> crate::asn1::Result<(AlgorithmIdentifier, &[u8])> {
    let mut sequence = Tlv::single(der)?.inner();
    sequence.small(tag::INTEGER)?;
    let algorithm = AlgorithmIdentifier::read(sequence.any()?)?;
    let key = sequence.octets()?;
    Ok((algorithm, key))
}

/// ECPrivateKey (RFC 5915): curve and scalar.
fn ec_key<'a>(
    algorithm: &AlgorithmIdentifier,
    key: &'a [u8],
) -> crate::asn1::Result<(Oid, &'a [u8])> {
    let curve = Cursor::new(algorithm.parameters.as_deref().unwrap_or(&[])).oid()?;
    let mut sequence = Tlv::single(key)?.inner();
    sequence.small(tag::INTEGER)?;
    Ok((curve, sequence.octets()?))
}

/// ECPrivateKey (RFC 5915 §3) with its public key, which some programs do not do without.
fn ec_pkcs8(curve: Oid, scalar: &[u8], public: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = Zeroizing::new(write::sequence(&[
        &write::number(1),
        &write::octets(scalar),
        &write::explicit(1, &[&write::bits(public)]),
    ]));
    let algorithm = write::algorithm(oid::ID_EC, &write::oid(curve));
    Zeroizing::new(write::sequence(&[&write::number(0), &algorithm, &write::octets(&key)]))
}

/// FIPS 186-5, A.2.2: candidates are drawn until one is below the order.
fn p256_key(rng: &mut dyn CryptoRng) -> p256::ecdsa::SigningKey {
    let mut secret = Zeroizing::new([0; 32]);
    loop {
        rng.fill_bytes(secret.as_mut());
        if let Ok(key) = p256::ecdsa::SigningKey::from_slice(secret.as_ref()) {
            return key;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::DigestAlgorithm;

    #[test]
    fn elliptic_keys_come_back() {
        let mut rng = crate::testing::rng(1);
        let keys = [
            PrivateKey::P256(p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()),
            PrivateKey::P384(p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap()),
            PrivateKey::Gost3410(
                gost3410::SigningKey::from_bytes(gost3410::Curve::Tc26_512A, &[7; 64]).unwrap(),
            ),
        ];
        for key in keys {
            let again = PrivateKey::from_pkcs8_der(&key.to_pkcs8_der().unwrap()).unwrap();
            let scheme = key.public_key().preferred_scheme();
            let digest = scheme.digest().digest(b"statform");
            let signature = again.sign(scheme, &digest, &mut rng).unwrap();
            assert_eq!(key.public_key().verify(scheme, &digest, &signature), Ok(()));
            let other = scheme.digest().digest(b"statforn");
            assert!(key.public_key().verify(scheme, &other, &signature).is_err());
        }
    }

    #[test]
    fn a_key_does_not_sign_by_the_scheme_of_another() {
        let key = PrivateKey::P256(p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap());
        let scheme = SignatureScheme::RsaPkcs1(DigestAlgorithm::Sha256);
        let refused = key.sign(scheme, &[0; 32], &mut crate::testing::rng(1));
        assert_eq!(refused, Err(KeyError::Scheme));
    }
}
