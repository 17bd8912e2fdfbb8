//! Key agreement.

use streebog::{Streebog256, Streebog512};
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    scheme,
    signing::SigningKey,
    verifying::{VerifyingKey, hash},
};

impl SigningKey {
    /// `VKO_GOSTR3410_2012_256` (RFC 7836, 4.3.1): the key that both sides compute from their
    /// private and the other's public key. `ukm` is the user keying material, little-endian, not
    /// zero, at most as long as a private key; at least 8 octets by the RFC.
    ///
    /// # Errors
    /// [`KeyError::CurveMismatch`] or [`KeyError::Ukm`].
    pub fn vko_256(
        &self,
        other: &VerifyingKey,
        ukm: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let point = self.agree(other, ukm)?;
        let shared = &point[..other.as_bytes().len()];
        Ok(Zeroizing::new(hash::<Streebog256>(&[shared]).into()))
    }

    /// `VKO_GOSTR3410_2012_512` (RFC 7836, 4.3.2): as [`Self::vko_256`], with Streebog-512.
    ///
    /// # Errors
    /// [`KeyError::CurveMismatch`] or [`KeyError::Ukm`].
    pub fn vko_512(
        &self,
        other: &VerifyingKey,
        ukm: &[u8],
    ) -> Result<Zeroizing<[u8; 64]>, KeyError> {
        let point = self.agree(other, ukm)?;
        let shared = &point[..other.as_bytes().len()];
        Ok(Zeroizing::new(hash::<Streebog512>(&[shared]).into()))
    }

    /// The shared point, `x ‖ y` little-endian; the tail is zero for 256 bits.
    fn agree(&self, other: &VerifyingKey, ukm: &[u8]) -> Result<Zeroizing<[u8; 128]>, KeyError> {
        let curve = self.curve();
        if !curve.same_numbers(other.curve()) {
            return Err(KeyError::CurveMismatch);
        }
        let size = curve.size().bytes();
        if ukm.is_empty() || ukm.len() > size {
            return Err(KeyError::Ukm);
        }
        let mut material = [0; 64];
        material[..ukm.len()].copy_from_slice(ukm);
        let mut point = Zeroizing::new([0; 128]);
        scheme::agree(
            curve,
            self.secret(),
            &material[..size],
            other.as_bytes(),
            &mut point[..2 * size],
        )?;
        Ok(point)
    }
}
