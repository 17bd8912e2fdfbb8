//! Keys from passwords: PBKDF2 (RFC 8018 §5.2) and the function of PKCS #12 (RFC 7292 §B).

use hmac::{KeyInit, SimpleHmac};
use zeroize::Zeroizing;

use super::ContainerError;
use crate::asn1::{Cursor, Oid, Tlv, tag};
use crate::certificate::AlgorithmIdentifier;
use crate::digest::DigestAlgorithm;
use crate::oid;

/// Rounds over which a container is not opened.
const MAX_ROUNDS: u64 = 5_000_000;

/// The pseudo-random function under PBKDF2, and the MAC of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prf {
    Digest(DigestAlgorithm),
    /// HMAC with GOST R 34.11-94, of containers made before 2012's standard.
    Gost94,
}

const ID_HMAC_GOST94: Oid = Oid::new_unwrap("1.2.643.2.2.10");

impl Prf {
    pub(super) fn from_oid(oid: Oid) -> Option<Self> {
        use DigestAlgorithm as D;
        Some(Self::Digest(match oid {
            oid::ID_HMAC_SHA1 => D::Sha1,
            oid::ID_HMAC_SHA224 => D::Sha224,
            oid::ID_HMAC_SHA256 => D::Sha256,
            oid::ID_HMAC_SHA384 => D::Sha384,
            oid::ID_HMAC_SHA512 => D::Sha512,
            oid::ID_HMAC_STREEBOG_256 => D::Streebog256,
            oid::ID_HMAC_STREEBOG_512 => D::Streebog512,
            ID_HMAC_GOST94 => return Some(Self::Gost94),
            _ => return None,
        }))
    }

    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) {
        match self {
            Self::Gost94 => derive::<gost94::Gost94CryptoPro>(password, salt, rounds, out),
            Self::Digest(DigestAlgorithm::Sha1) => {
                derive::<sha1::Sha1>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Sha224) => {
                derive::<sha2::Sha224>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Sha256) => {
                derive::<sha2::Sha256>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Sha384) => {
                derive::<sha2::Sha384>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Sha512) => {
                derive::<sha2::Sha512>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Streebog256) => {
                derive::<streebog::Streebog256>(password, salt, rounds, out);
            }
            Self::Digest(DigestAlgorithm::Streebog512) => {
                derive::<streebog::Streebog512>(password, salt, rounds, out);
            }
        }
    }
}

/// PBKDF2 with HMAC over a digest.
fn derive<D>(password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8])
where
    D: digest::Digest + digest::block_api::BlockSizeUser + Clone,
{
    use hmac::Mac;
    // HMAC takes keys of any length; `Hmac` asks more of a digest than the older ones give.
    let Ok(keyed) = SimpleHmac::<D>::new_from_slice(password) else { return };
    for (block, chunk) in (1u32..).zip(out.chunks_mut(<D as digest::Digest>::output_size())) {
        let mut mac = keyed.clone();
        mac.update(salt);
        mac.update(&block.to_be_bytes());
        let mut last = Zeroizing::new(mac.finalize().into_bytes().to_vec());
        let mut sum = last.clone();
        for _ in 1..rounds {
            let mut mac = keyed.clone();
            mac.update(&last);
            *last = mac.finalize().into_bytes().to_vec();
            sum.iter_mut().zip(last.iter()).for_each(|(sum, octet)| *sum ^= octet);
        }
        chunk.copy_from_slice(&sum[..chunk.len()]);
    }
}

/// Parameters of PBKDF2.
pub(super) struct Pbkdf2 {
    pub salt: Vec<u8>,
    pub rounds: u32,
    pub key_length: Option<usize>,
    pub prf: Prf,
}

impl Pbkdf2 {
    /// Reads the AlgorithmIdentifier of a key derivation function.
    pub(super) fn read(element: Tlv<'_>) -> Result<Self, ContainerError> {
        let algorithm = AlgorithmIdentifier::read(element)?;
        if algorithm.oid != oid::ID_PBKDF2 {
            return Err(ContainerError::Unsupported(algorithm.oid));
        }
        let parameters = algorithm.parameters.unwrap_or_default();
        let mut sequence = Cursor::new(&parameters).sequence()?;
        let salt = sequence.octets()?.to_vec();
        let rounds = rounds(sequence.small(tag::INTEGER)?)?;
        let key_length = match sequence.peek() {
            Some(tag::INTEGER) => usize::try_from(sequence.small(tag::INTEGER)?).ok(),
            _ => None,
        };
        let prf = if sequence.is_empty() {
            Prf::Digest(DigestAlgorithm::Sha1)
        } else {
            let algorithm = AlgorithmIdentifier::read(sequence.any()?)?;
            Prf::from_oid(algorithm.oid).ok_or(ContainerError::Unsupported(algorithm.oid))?
        };
        sequence.finish()?;
        Ok(Self { salt, rounds, key_length, prf })
    }

    pub(super) fn derive(&self, password: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; length]);
        self.prf.pbkdf2(password, &self.salt, self.rounds, &mut key);
        key
    }
}

pub(super) fn rounds(count: u64) -> Result<u32, ContainerError> {
    match u32::try_from(count) {
        Ok(0) => Err(ContainerError::Malformed),
        Ok(rounds) if count <= MAX_ROUNDS => Ok(rounds),
        _ => Err(ContainerError::TooMuchWork),
    }
}

/// What the function of PKCS #12 makes.
#[derive(Clone, Copy)]
pub(super) enum Pkcs12Id {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// RFC 7292 §B.2. `password` is a BMPString with its two zero octets.
pub(super) fn pkcs12(
    digest: DigestAlgorithm,
    id: Pkcs12Id,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = match digest {
        DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => 128,
        _ => 64,
    };
    let fill = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let diversifier = vec![id as u8; block];
    let mut input = Zeroizing::new([fill(salt), fill(password)].concat());
    let mut out = Zeroizing::new(Vec::new());
    while out.len() < length {
        let mut hash = Zeroizing::new(digest.digest_parts(&[&diversifier, &input]));
        for _ in 1..rounds {
            *hash = digest.digest(&hash);
        }
        let addend: Vec<u8> = hash.iter().copied().cycle().take(block).collect();
        for part in input.chunks_mut(block) {
            let mut carry = 1;
            for (octet, add) in part.iter_mut().zip(&addend).rev() {
                let sum = u16::from(*octet) + u16::from(*add) + carry;
                *octet = sum as u8;
                carry = sum >> 8;
            }
        }
        out.extend_from_slice(&hash);
    }
    out.truncate(length);
    out
}

/// A password as the function of PKCS #12 takes it.
pub(super) fn bmp(password: &str) -> Zeroizing<Vec<u8>> {
    let units = password.encode_utf16().chain([0]);
    Zeroizing::new(units.flat_map(u16::to_be_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6070, and its GOST counterpart in RFC 7836's companion RFC 9548 (appendix of PBKDF2).
    #[test]
    fn published_vectors() {
        let mut out = [0; 20];
        Prf::Digest(DigestAlgorithm::Sha1).pbkdf2(b"password", b"salt", 4096, &mut out);
        assert_eq!(hex::encode(out), "4b007901b765489abead49d926f721d065a429c1");
        let mut out = [0; 64];
        Prf::Digest(DigestAlgorithm::Streebog512).pbkdf2(b"password", b"salt", 1, &mut out);
        assert_eq!(
            hex::encode(out),
            "64770af7f748c3b1c9ac831dbcfd85c26111b30a8a657ddc3056b80ca73e040d\
             2854fd36811f6d825cc4ab66ec0a68a490a9e5cf5156b3a2b7eecddbf9a16b47"
        );
    }

    #[test]
    fn passwords_end_with_two_zeros() {
        assert_eq!(*bmp("aБ"), [0, b'a', 0x04, 0x11, 0, 0]);
    }
}
