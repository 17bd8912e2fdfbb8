//! Signature values.

use alloc::{boxed::Box, vec::Vec};
use core::fmt;

use der::asn1::{BitString, ObjectIdentifier};
use signature::{Error, SignatureEncoding};
use spki::SignatureBitStringEncoding;

use crate::curve::KeySize;

/// A signature `(r, s)`, held as `s ‖ r`, each big-endian, 32 or 64 octets (RFC 9215, 2).
///
/// The type keeps the length right and both halves non-zero; that they are less than `q` is
/// checked where the curve is known, in verification.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    bytes: [u8; 128],
    size: KeySize,
}

/// The octets of a signature, 64 or 128.
pub type SignatureBytes = Box<[u8]>;

impl Signature {
    /// Reads `s ‖ r`.
    ///
    /// # Errors
    /// The length is neither 64 nor 128 octets, or a half is zero.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        let size = match bytes.len() {
            64 => KeySize::Bits256,
            128 => KeySize::Bits512,
            _ => return Err(Error::new()),
        };
        let (s, r) = bytes.split_at(size.bytes());
        Self::from_halves(r, s, size)
    }

    /// Joins `r` and `s`, each big-endian, 32 or 64 octets.
    ///
    /// # Errors
    /// The lengths differ or are none of the two sizes, or a half is zero.
    pub fn from_scalars(r: &[u8], s: &[u8]) -> Result<Self, Error> {
        match (r.len(), s.len()) {
            (32, 32) => Self::from_halves(r, s, KeySize::Bits256),
            (64, 64) => Self::from_halves(r, s, KeySize::Bits512),
            _ => Err(Error::new()),
        }
    }

    fn from_halves(r: &[u8], s: &[u8], size: KeySize) -> Result<Self, Error> {
        if [r, s].iter().any(|half| half.iter().all(|&octet| octet == 0)) {
            return Err(Error::new());
        }
        let mut bytes = [0; 128];
        let (left, right) = bytes[..2 * size.bytes()].split_at_mut(size.bytes());
        left.copy_from_slice(s);
        right.copy_from_slice(r);
        Ok(Self { bytes, size })
    }

    /// The octets `s ‖ r`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..2 * self.size.bytes()]
    }

    /// The component `r`, big-endian.
    pub fn r(&self) -> &[u8] {
        &self.as_bytes()[self.size.bytes()..]
    }

    /// The component `s`, big-endian.
    pub fn s(&self) -> &[u8] {
        &self.as_bytes()[..self.size.bytes()]
    }

    /// The size of the key that made the signature.
    pub const fn size(&self) -> KeySize {
        self.size
    }

    /// The algorithm that belongs to this size: GOST R 34.10-2012 with Streebog.
    pub const fn algorithm_oid(&self) -> ObjectIdentifier {
        self.size.signature_oid()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.as_bytes().iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        f.write_str(")")
    }
}

impl TryFrom<&[u8]> for Signature {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_slice(bytes)
    }
}

impl From<Signature> for SignatureBytes {
    fn from(signature: Signature) -> Self {
        signature.as_bytes().into()
    }
}

impl SignatureEncoding for Signature {
    type Repr = SignatureBytes;

    fn to_vec(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn encoded_len(&self) -> usize {
        self.as_bytes().len()
    }
}

impl SignatureBitStringEncoding for Signature {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(self.as_bytes())
    }
}
