//! The MAC over a container: HMAC by the function of PKCS #12, by RFC 9548 §3 for GOST, and PBMAC1
//! (RFC 9579).

use hmac::{KeyInit, Mac, SimpleHmac};
use zeroize::Zeroizing;

use super::ContainerError;
use super::kdf::{self, Pbkdf2, Pkcs12Id, Prf};
use crate::asn1::{Cursor, Tlv, tag};
use crate::certificate::AlgorithmIdentifier;
use crate::digest::DigestAlgorithm;
use crate::oid;

/// MacData of a container.
pub(super) struct MacData {
    algorithm: AlgorithmIdentifier,
    digest: Vec<u8>,
    salt: Vec<u8>,
    rounds: u32,
}

impl MacData {
    pub(super) fn read(element: Tlv<'_>) -> Result<Self, ContainerError> {
        let mut data = Cursor::new(element.raw).sequence()?;
        let mut info = data.sequence()?;
        let algorithm = AlgorithmIdentifier::read(info.any()?)?;
        let digest = info.octets()?.to_vec();
        info.finish()?;
        let salt = data.octets()?.to_vec();
        let rounds = if data.is_empty() { 1 } else { kdf::rounds(data.small(tag::INTEGER)?)? };
        data.finish()?;
        Ok(Self { algorithm, digest, salt, rounds })
    }

    /// # Errors
    /// [`ContainerError::WrongPassword`], [`ContainerError::Unsupported`].
    pub(super) fn verify(&self, password: &str, content: &[u8]) -> Result<(), ContainerError> {
        if self.algorithm.oid == oid::ID_PBMAC1 {
            return self.verify_pbmac1(password, content);
        }
        if self.algorithm.oid == oid::ID_GOST94 {
            let key = long_key(Prf::Gost94, password, &self.salt, self.rounds);
            let found = keyed::<gost94::Gost94CryptoPro>(&key, content);
            return check(&found, &self.digest);
        }
        let digest = DigestAlgorithm::from_oid(self.algorithm.oid)
            .ok_or(ContainerError::Unsupported(self.algorithm.oid))?;
        let key = match digest {
            DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512 => {
                gost_key(digest, password, &self.salt, self.rounds)
            }
            _ => {
                let length = digest.digest(&[]).len();
                let password = kdf::bmp(password);
                kdf::pkcs12(digest, Pkcs12Id::Mac, &password, &self.salt, self.rounds, length)
            }
        };
        check(&hmac(digest, &key, content), &self.digest)
    }

    fn verify_pbmac1(&self, password: &str, content: &[u8]) -> Result<(), ContainerError> {
        let parameters = self.algorithm.parameters.as_deref().unwrap_or(&[]);
        let mut sequence = Cursor::new(parameters).sequence()?;
        let derivation = Pbkdf2::read(sequence.any()?)?;
        let scheme = AlgorithmIdentifier::read(sequence.any()?)?;
        let unsupported = ContainerError::Unsupported(scheme.oid);
        let Some(Prf::Digest(digest)) = Prf::from_oid(scheme.oid) else { return Err(unsupported) };
        let length = derivation.key_length.filter(|length| *length <= 128);
        let key = derivation.derive(password.as_bytes(), length.ok_or(ContainerError::Malformed)?);
        check(&hmac(digest, &key, content), &self.digest)
    }
}

pub(super) fn gost_key(
    digest: DigestAlgorithm,
    password: &str,
    salt: &[u8],
    rounds: u32,
) -> Zeroizing<Vec<u8>> {
    long_key(Prf::Digest(digest), password, salt, rounds)
}

/// RFC 9548 §3: the last 32 of 96 octets.
fn long_key(prf: Prf, password: &str, salt: &[u8], rounds: u32) -> Zeroizing<Vec<u8>> {
    let mut long = Zeroizing::new([0; 96]);
    prf.pbkdf2(password.as_bytes(), salt, rounds, &mut *long);
    Zeroizing::new(long[64..].to_vec())
}

fn check(found: &[u8], expected: &[u8]) -> Result<(), ContainerError> {
    // Both are known to whoever has the file; nothing is learned from how long this takes.
    if found == expected { Ok(()) } else { Err(ContainerError::WrongPassword) }
}

/// HMAC (RFC 2104) by a digest chosen at run time.
pub(super) fn hmac(digest: DigestAlgorithm, key: &[u8], content: &[u8]) -> Vec<u8> {
    match digest {
        DigestAlgorithm::Sha1 => keyed::<sha1::Sha1>(key, content),
        DigestAlgorithm::Sha224 => keyed::<sha2::Sha224>(key, content),
        DigestAlgorithm::Sha256 => keyed::<sha2::Sha256>(key, content),
        DigestAlgorithm::Sha384 => keyed::<sha2::Sha384>(key, content),
        DigestAlgorithm::Sha512 => keyed::<sha2::Sha512>(key, content),
        DigestAlgorithm::Streebog256 => keyed::<streebog::Streebog256>(key, content),
        DigestAlgorithm::Streebog512 => keyed::<streebog::Streebog512>(key, content),
    }
}

fn keyed<D>(key: &[u8], content: &[u8]) -> Vec<u8>
where
    D: digest::Digest + digest::block_api::BlockSizeUser + Clone,
{
    // HMAC takes keys of any length.
    let Ok(mut mac) = SimpleHmac::<D>::new_from_slice(key) else { return Vec::new() };
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}
