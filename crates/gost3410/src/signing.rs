//! Private keys and signing.

use core::fmt;

use digest::{Digest, Update};
use rand_core::TryCryptoRng;
use signature::{
    DigestSigner, Error, KeypairRef, MultipartSigner, RandomizedDigestSigner,
    RandomizedMultipartSigner, RandomizedSigner, Signer,
    hazmat::{PrehashSigner, RandomizedPrehashSigner},
};
use streebog::{Streebog256, Streebog512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    curve::{Curve, KeySize},
    error::KeyError,
    nonce::{Deterministic, Nonces, Random},
    scheme,
    signature_value::Signature,
    verifying::{VerifyingKey, hash},
};

/// A private key `0 < d < q` with its public key. Wiped when dropped; `Debug` shows the public
/// part only.
#[derive(Clone)]
pub struct SigningKey {
    /// `d`, little-endian; the tail is zero for 256 bits.
    secret: [u8; 64],
    verifying: VerifyingKey,
}

impl SigningKey {
    /// Reads `d`, little-endian, 32 or 64 octets, and computes the public key.
    ///
    /// # Errors
    /// [`KeyError::Length`], or [`KeyError::Scalar`] when `d` is zero or not less than `q`.
    pub fn from_bytes(curve: Curve, bytes: &[u8]) -> Result<Self, KeyError> {
        let size = curve.size().bytes();
        if bytes.len() != size {
            return Err(KeyError::Length);
        }
        let mut point = [0; 128];
        scheme::public_point(curve, bytes, &mut point[..2 * size])?;
        let verifying = VerifyingKey::from_checked(curve, &point[..2 * size]);
        let mut secret = [0; 64];
        secret[..size].copy_from_slice(bytes);
        Ok(Self { secret, verifying })
    }

    /// Makes a key, uniformly among all.
    ///
    /// # Errors
    /// What the generator fails with.
    pub fn generate<R: TryCryptoRng + ?Sized>(curve: Curve, rng: &mut R) -> Result<Self, R::Error> {
        let mut secret = Zeroizing::new([0; 64]);
        let size = curve.size().bytes();
        loop {
            Random::new(curve, rng).fill(&mut secret[..size])?;
            if let Ok(key) = Self::from_bytes(curve, &secret[..size]) {
                return Ok(key);
            }
        }
    }

    /// `d`, little-endian, 32 or 64 octets.
    pub fn to_bytes(&self) -> Zeroizing<alloc::vec::Vec<u8>> {
        Zeroizing::new(self.secret().to_vec())
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret[..self.curve().size().bytes()]
    }

    /// The curve.
    pub const fn curve(&self) -> Curve {
        self.verifying.curve()
    }

    /// The size of the key.
    pub const fn size(&self) -> KeySize {
        self.verifying.size()
    }

    fn sign_with(&self, prehash: &[u8], nonces: &mut dyn Nonces) -> Result<Signature, Error> {
        if prehash.len() != self.size().bytes() {
            return Err(Error::new());
        }
        scheme::sign(self.curve(), self.secret(), prehash, nonces)
    }

    /// Signs with a nonce that is derived from the key, the digest and `extra` (RFC 6979, 3.6):
    /// with random octets in `extra` the nonce is unpredictable, and a broken generator still
    /// does not give the key away. The prehash is 32 or 64 octets by the key's size.
    ///
    /// # Errors
    /// The prehash has the wrong length.
    pub fn sign_prehash_hedged(&self, prehash: &[u8], extra: &[u8]) -> Result<Signature, Error> {
        if prehash.len() != self.size().bytes() {
            return Err(Error::new());
        }
        let mut nonces = Deterministic::new(self.curve(), self.secret(), prehash, extra);
        self.sign_with(prehash, &mut nonces)
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl ZeroizeOnDrop for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("verifying", &self.verifying).finish_non_exhaustive()
    }
}

impl AsRef<VerifyingKey> for SigningKey {
    fn as_ref(&self) -> &VerifyingKey {
        &self.verifying
    }
}

impl KeypairRef for SigningKey {
    type VerifyingKey = VerifyingKey;
}

impl PrehashSigner<Signature> for SigningKey {
    /// Deterministic; the prehash is what Streebog gives, 32 or 64 octets by the key's size.
    fn sign_prehash(&self, prehash: &[u8]) -> Result<Signature, Error> {
        self.sign_prehash_hedged(prehash, &[])
    }
}

impl RandomizedPrehashSigner<Signature> for SigningKey {
    fn sign_prehash_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        prehash: &[u8],
    ) -> Result<Signature, Error> {
        self.sign_with(prehash, &mut Random::new(self.curve(), rng))
    }
}

impl MultipartSigner<Signature> for SigningKey {
    fn try_multipart_sign(&self, msg: &[&[u8]]) -> Result<Signature, Error> {
        match self.size() {
            KeySize::Bits256 => self.sign_prehash(&hash::<Streebog256>(msg)),
            KeySize::Bits512 => self.sign_prehash(&hash::<Streebog512>(msg)),
        }
    }
}

impl Signer<Signature> for SigningKey {
    fn try_sign(&self, msg: &[u8]) -> Result<Signature, Error> {
        self.try_multipart_sign(&[msg])
    }
}

impl<D: Digest + Update> DigestSigner<D, Signature> for SigningKey {
    /// `D` must give 32 or 64 octets by the key's size.
    fn try_sign_digest<F: Fn(&mut D) -> Result<(), Error>>(
        &self,
        f: F,
    ) -> Result<Signature, Error> {
        let mut digest = D::new();
        f(&mut digest)?;
        self.sign_prehash(&digest.finalize())
    }
}

impl RandomizedMultipartSigner<Signature> for SigningKey {
    fn try_multipart_sign_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        msg: &[&[u8]],
    ) -> Result<Signature, Error> {
        match self.size() {
            KeySize::Bits256 => self.sign_prehash_with_rng(rng, &hash::<Streebog256>(msg)),
            KeySize::Bits512 => self.sign_prehash_with_rng(rng, &hash::<Streebog512>(msg)),
        }
    }
}

impl RandomizedSigner<Signature> for SigningKey {
    fn try_sign_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        msg: &[u8],
    ) -> Result<Signature, Error> {
        self.try_multipart_sign_with_rng(rng, &[msg])
    }
}

impl<D: Digest + Update> RandomizedDigestSigner<D, Signature> for SigningKey {
    /// `D` must give 32 or 64 octets by the key's size.
    fn try_sign_digest_with_rng<R: TryCryptoRng + ?Sized, F: Fn(&mut D) -> Result<(), Error>>(
        &self,
        rng: &mut R,
        f: F,
    ) -> Result<Signature, Error> {
        let mut digest = D::new();
        f(&mut digest)?;
        self.sign_prehash_with_rng(rng, &digest.finalize())
    }
}
