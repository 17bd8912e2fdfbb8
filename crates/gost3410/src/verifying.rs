//! Public keys and verification.

use core::fmt;

use digest::{Digest, Update};
use signature::{DigestVerifier, Error, MultipartVerifier, Verifier, hazmat::PrehashVerifier};
use streebog::{Streebog256, Streebog512};

use crate::{
    curve::{Curve, KeySize},
    error::KeyError,
    scheme,
    signature_value::Signature,
};

/// A public key: a point of the subgroup of order `q`, checked when the key is made.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingKey {
    curve: Curve,
    /// `x ‖ y`, little-endian; the tail is zero for 256 bits.
    point: [u8; 128],
}

impl VerifyingKey {
    /// Reads `x ‖ y`, each little-endian (the content of the OCTET STRING of RFC 9215, 4.3).
    ///
    /// # Errors
    /// [`KeyError::Length`], [`KeyError::Coordinate`], [`KeyError::NotOnCurve`] or
    /// [`KeyError::Subgroup`].
    pub fn from_bytes(curve: Curve, bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != 2 * curve.size().bytes() {
            return Err(KeyError::Length);
        }
        scheme::check_point(curve, bytes)?;
        Ok(Self::from_checked(curve, bytes))
    }

    /// A key whose point was computed by ourselves from a private key.
    pub(crate) fn from_checked(curve: Curve, bytes: &[u8]) -> Self {
        let mut point = [0; 128];
        point[..bytes.len()].copy_from_slice(bytes);
        Self { curve, point }
    }

    /// Reads two big-endian coordinates of 32 or 64 octets, as standards print them.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn from_affine(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, KeyError> {
        let size = curve.size().bytes();
        if x.len() != size || y.len() != size {
            return Err(KeyError::Length);
        }
        let mut bytes = [0; 128];
        let bytes = &mut bytes[..2 * size];
        bytes[..size].copy_from_slice(x);
        bytes[size..].copy_from_slice(y);
        bytes[..size].reverse();
        bytes[size..].reverse();
        Self::from_bytes(curve, bytes)
    }

    /// `x ‖ y`, each little-endian, 64 or 128 octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.point[..2 * self.size().bytes()]
    }

    /// The curve.
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// The size of the key.
    pub const fn size(&self) -> KeySize {
        self.curve.size()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}, ", self.curve.name())?;
        self.as_bytes().iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        f.write_str(")")
    }
}

impl PrehashVerifier<Signature> for VerifyingKey {
    /// The prehash is what Streebog gives, 32 or 64 octets by the key's size.
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> Result<(), Error> {
        let size = self.size();
        if prehash.len() != size.bytes() || signature.size() != size {
            return Err(Error::new());
        }
        let valid = scheme::verify(self.curve, self.as_bytes(), prehash, signature);
        if valid { Ok(()) } else { Err(Error::new()) }
    }
}

impl<D: Digest + Update> DigestVerifier<D, Signature> for VerifyingKey {
    fn verify_digest<F: Fn(&mut D) -> Result<(), Error>>(
        &self,
        f: F,
        signature: &Signature,
    ) -> Result<(), Error> {
        let mut digest = D::new();
        f(&mut digest)?;
        self.verify_prehash(&digest.finalize(), signature)
    }
}

impl MultipartVerifier<Signature> for VerifyingKey {
    fn multipart_verify(&self, msg: &[&[u8]], signature: &Signature) -> Result<(), Error> {
        match self.size() {
            KeySize::Bits256 => self.verify_prehash(&hash::<Streebog256>(msg), signature),
            KeySize::Bits512 => self.verify_prehash(&hash::<Streebog512>(msg), signature),
        }
    }
}

impl Verifier<Signature> for VerifyingKey {
    fn verify(&self, msg: &[u8], signature: &Signature) -> Result<(), Error> {
        self.multipart_verify(&[msg], signature)
    }
}

/// The digest of the parts, one after another.
pub(crate) fn hash<D: Digest>(parts: &[&[u8]]) -> digest::Output<D> {
    let mut digest = D::new();
    parts.iter().for_each(|part| Digest::update(&mut digest, part));
    digest.finalize()
}
