//! Private keys in PKCS#8 (RFC 9548, 5).

use der::{
    Decode, Sequence,
    asn1::{OctetString, OctetStringRef, UintRef},
};
use pkcs8::{EncodePrivateKey, PrivateKeyInfoOwned, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use super::public;
use crate::{curve::Curve, error::KeyError, scheme, signing::SigningKey, verifying::VerifyingKey};

/// A masked key with its public key, as OpenSSL's engine reads it too.
#[derive(Clone, Copy, Sequence)]
struct MaskedPair<'a> {
    masked: &'a OctetStringRef,
    public: &'a OctetStringRef,
}

impl SigningKey {
    /// Reads the content of a PKCS#8 PrivateKeyInfo.
    ///
    /// The forms of the key that are in use:
    ///
    /// - `d`, little-endian, bare (RFC 9548) or in one more OCTET STRING (CryptoPro);
    /// - `d` as an INTEGER (OpenSSL's engine of old);
    /// - `d · M⁻¹ … ‖ M …`: the masked key and its masks, each of the key's length, little-endian;
    ///   `d` is their product modulo `q` (RFC 9548, 5);
    /// - the same in a SEQUENCE with the public key (TC26's recommendations before RFC 9548).
    ///
    /// A public key that comes along must belong to the private one.
    ///
    /// # Errors
    /// Any [`KeyError`] of a private key, one per cause.
    pub fn from_private_key_info(info: PrivateKeyInfoRef<'_>) -> Result<Self, KeyError> {
        let curve = public::curve(info.algorithm)?;
        let octets = info.private_key.as_bytes();
        let pair = MaskedPair::from_der(octets).ok();
        let octets = pair.map_or(octets, |pair| pair.masked.as_bytes());
        let secret = secret(curve, octets)?;
        let key = Self::from_bytes(curve, &secret[..curve.size().bytes()])?;
        if let Some(bits) = info.public_key {
            let bits = bits.as_bytes().ok_or(KeyError::Length)?;
            let octets = <&OctetStringRef>::from_der(bits).map_or(bits, OctetStringRef::as_bytes);
            key.owns(octets)?;
        }
        pair.map_or(Ok(()), |pair| key.owns(pair.public.as_bytes()))?;
        Ok(key)
    }

    /// Checks that a public key `x ‖ y` belongs to this key.
    fn owns(&self, public: &[u8]) -> Result<(), KeyError> {
        let public = VerifyingKey::from_bytes(self.curve(), public)?;
        if self.as_ref() == &public { Ok(()) } else { Err(KeyError::Mismatch) }
    }

    /// Takes the masks off a key: `octets` are the masked key and its masks, each of the key's
    /// length, little-endian.
    ///
    /// # Errors
    /// [`KeyError::Length`] when the length is no multiple of the key's, [`KeyError::Scalar`] when
    /// a part is out of range.
    pub fn from_masked(curve: Curve, octets: &[u8]) -> Result<Self, KeyError> {
        Self::from_bytes(curve, &unmasked(curve, octets)?[..curve.size().bytes()])
    }

    /// Takes the mask off a key that is its product with the mask modulo `q`, as containers of
    /// CryptoPro CSP hold it: both of the key's length, little-endian, of any value.
    ///
    /// # Errors
    /// [`KeyError::Length`], or [`KeyError::Scalar`] when the mask or the key is zero.
    pub fn from_product(curve: Curve, product: &[u8], mask: &[u8]) -> Result<Self, KeyError> {
        let size = curve.size().bytes();
        if product.len() != size || mask.len() != size {
            return Err(KeyError::Length);
        }
        let mut secret = Zeroizing::new(product.to_vec());
        scheme::divide(curve, &mut secret, mask)?;
        Self::from_bytes(curve, &secret)
    }
}

/// The private key in any of the known forms, little-endian.
fn secret(curve: Curve, octets: &[u8]) -> Result<Zeroizing<[u8; 64]>, KeyError> {
    let size = curve.size().bytes();
    if octets.len().is_multiple_of(size) && !octets.is_empty() {
        return unmasked(curve, octets);
    }
    if let Ok(inner) = <&OctetStringRef>::from_der(octets) {
        return unmasked(curve, inner.as_bytes()).map_err(|error| match error {
            KeyError::Length => KeyError::PrivateKeyForm,
            other => other,
        });
    }
    let integer = UintRef::from_der(octets).map_err(|_| KeyError::PrivateKeyForm)?;
    let digits = integer.as_bytes();
    if digits.len() > size {
        return Err(KeyError::Scalar);
    }
    let mut secret = Zeroizing::new([0; 64]);
    for (to, digit) in secret.iter_mut().zip(digits.iter().rev()) {
        *to = *digit;
    }
    Ok(secret)
}

fn unmasked(curve: Curve, octets: &[u8]) -> Result<Zeroizing<[u8; 64]>, KeyError> {
    let size = curve.size().bytes();
    let parts = octets.chunks_exact(size);
    if !parts.remainder().is_empty() || octets.is_empty() {
        return Err(KeyError::Length);
    }
    let mut secret = Zeroizing::new([0; 64]);
    let key = &mut secret[..size];
    key.copy_from_slice(&octets[..size]);
    parts.skip(1).try_for_each(|mask| scheme::unmask(curve, key, mask))?;
    Ok(secret)
}

impl TryFrom<PrivateKeyInfoRef<'_>> for SigningKey {
    type Error = pkcs8::Error;

    fn try_from(info: PrivateKeyInfoRef<'_>) -> pkcs8::Result<Self> {
        Self::from_private_key_info(info).map_err(|error| match error {
            KeyError::Algorithm(oid) | KeyError::ParamSet(oid) => {
                pkcs8::Error::PublicKey(spki::Error::OidUnknown { oid })
            }
            KeyError::Parameters | KeyError::SizeMismatch => pkcs8::Error::ParametersMalformed,
            _ => pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid),
        })
    }
}

impl EncodePrivateKey for SigningKey {
    /// `d`, little-endian, bare in the PrivateKeyInfo's OCTET STRING: the form of RFC 9548, which
    /// OpenSSL's engine writes too.
    fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
        let info = PrivateKeyInfoOwned::new(
            public::algorithm(self.curve())?,
            OctetString::new(self.secret())?,
        );
        SecretDocument::try_from(info)
    }
}
