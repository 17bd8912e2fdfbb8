//! Digest algorithms, and digests of one content by several of them in one pass.

use digest::DynDigest;
use serde::{Deserialize, Serialize};

use crate::asn1::{Oid, write};
use crate::oid;

/// The digest algorithms that signatures here may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DigestAlgorithm {
    #[serde(rename = "sha-1")]
    Sha1,
    #[serde(rename = "sha-224")]
    Sha224,
    #[serde(rename = "sha-256")]
    Sha256,
    #[serde(rename = "sha-384")]
    Sha384,
    #[serde(rename = "sha-512")]
    Sha512,
    /// GOST R 34.11-2012 (RFC 6986), 256 bits.
    #[serde(rename = "streebog-256")]
    Streebog256,
    /// GOST R 34.11-2012 (RFC 6986), 512 bits.
    #[serde(rename = "streebog-512")]
    Streebog512,
}

impl DigestAlgorithm {
    pub const ALL: [Self; 7] = [
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Streebog256,
        Self::Streebog512,
    ];

    /// The algorithm of an AlgorithmIdentifier; parameters are absent or NULL in all of them.
    pub fn from_oid(oid: Oid) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    pub fn oid(self) -> Oid {
        match self {
            Self::Sha1 => oid::ID_SHA1,
            Self::Sha224 => oid::ID_SHA224,
            Self::Sha256 => oid::ID_SHA256,
            Self::Sha384 => oid::ID_SHA384,
            Self::Sha512 => oid::ID_SHA512,
            Self::Streebog256 => oid::ID_STREEBOG_256,
            Self::Streebog512 => oid::ID_STREEBOG_512,
        }
    }

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha-1",
            Self::Sha224 => "sha-224",
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
            Self::Streebog256 => "streebog-256",
            Self::Streebog512 => "streebog-512",
        }
    }

    /// Finds an algorithm by [`DigestAlgorithm::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// SHA-1: collisions are practical, so it says nothing about what the signer saw.
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }

    pub fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Sha1 => Box::new(sha1::Sha1::default()),
            Self::Sha224 => Box::new(sha2::Sha224::default()),
            Self::Sha256 => Box::new(sha2::Sha256::default()),
            Self::Sha384 => Box::new(sha2::Sha384::default()),
            Self::Sha512 => Box::new(sha2::Sha512::default()),
            Self::Streebog256 => Box::new(streebog::Streebog256::default()),
            Self::Streebog512 => Box::new(streebog::Streebog512::default()),
        }
    }

    /// The digest of `bytes`: 20 to 64 octets.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        self.digest_parts(&[bytes])
    }

    /// The digest of `parts` one after another.
    pub fn digest_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut hasher = self.hasher();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().into_vec()
    }

    /// AlgorithmIdentifier in DER, without parameters (RFC 5754 §2, RFC 9215 §2).
    pub fn to_der(self) -> Vec<u8> {
        write::algorithm(self.oid(), &[])
    }
}

/// Digests of one content by several algorithms, and how many octets it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentDigests {
    digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    size: u64,
    attributes: bool,
}

impl ContentDigests {
    /// The digest by one algorithm, if it was asked for.
    pub fn get(&self, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        self.digests.iter().find(|(a, _)| *a == algorithm).map(|(_, digest)| digest.as_slice())
    }

    pub fn iter(&self) -> impl Iterator<Item = (DigestAlgorithm, &[u8])> {
        self.digests.iter().map(|(algorithm, digest)| (*algorithm, digest.as_slice()))
    }

    /// Octets of the content.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the content itself reads as a DER set of signed attributes.
    ///
    /// Such a content under a signature without signed attributes is the mark of a signature that
    /// was made over other content and moved here (RFC 5652 §5.3: the same octets are signed).
    pub fn reads_as_attributes(&self) -> bool {
        self.attributes
    }

    /// Digests of a content in memory.
    pub fn of(algorithms: &[DigestAlgorithm], content: &[u8]) -> Self {
        let mut hasher = ContentHasher::new(algorithms);
        hasher.update(content);
        hasher.finish()
    }
}

/// Computes [`ContentDigests`] piece by piece; what it holds does not grow with the content.
pub struct ContentHasher {
    hashers: Vec<(DigestAlgorithm, Box<dyn DynDigest + Send>)>,
    size: u64,
    head: Vec<u8>,
}

impl ContentHasher {
    /// How much of the beginning is kept, to see whether the content is a set of attributes.
    const HEAD: usize = 4096;

    pub fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let mut hashers: Vec<(DigestAlgorithm, _)> = Vec::new();
        for algorithm in algorithms {
            if !hashers.iter().any(|(known, _)| known == algorithm) {
                hashers.push((*algorithm, algorithm.hasher()));
            }
        }
        Self { hashers, size: 0, head: Vec::new() }
    }

    pub fn update(&mut self, piece: &[u8]) {
        for (_, hasher) in &mut self.hashers {
            hasher.update(piece);
        }
        let kept = piece.len().min(Self::HEAD - self.head.len());
        self.head.extend_from_slice(&piece[..kept]);
        self.size += piece.len() as u64;
    }

    pub fn finish(self) -> ContentDigests {
        let digests = self.hashers.into_iter().map(|(a, hasher)| (a, hasher.finalize().into_vec()));
        ContentDigests {
            digests: digests.collect(),
            size: self.size,
            attributes: crate::cms::begins_as_attributes(&self.head, self.size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_do_not_matter() {
        let content: Vec<u8> = (0..10_000u32).map(|n| (n % 251) as u8).collect();
        let whole = ContentDigests::of(&DigestAlgorithm::ALL, &content);
        let mut hasher = ContentHasher::new(&DigestAlgorithm::ALL);
        content.chunks(33).for_each(|piece| hasher.update(piece));
        assert_eq!(hasher.finish(), whole);
        assert_eq!(whole.size(), 10_000);
    }

    /// RFC 6986 §10.1.2: the digest of the first example, M1.
    #[test]
    fn streebog_is_written_in_the_order_of_the_octets() {
        let m1 = b"012345678901234567890123456789012345678901234567890123456789012";
        assert_eq!(
            hex::encode(DigestAlgorithm::Streebog256.digest(m1)),
            "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"
        );
    }
}
