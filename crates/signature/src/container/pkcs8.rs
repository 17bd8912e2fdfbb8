//! EncryptedPrivateKeyInfo (RFC 5958 §3).

use rsa::rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{ContainerError, Protection, pbe};
use crate::asn1::{Cursor, Tlv, write};
use crate::certificate::AlgorithmIdentifier;
use crate::key::PrivateKey;

/// Opens an encrypted private key in DER.
///
/// # Errors
/// [`ContainerError::WrongPassword`] also when what comes out is not a key.
pub fn decrypt_pkcs8(der: &[u8], password: &str) -> Result<PrivateKey, ContainerError> {
    let plain = open(Tlv::single(der)?, password)?;
    if Tlv::single(&plain).is_err() {
        return Err(ContainerError::WrongPassword);
    }
    Ok(PrivateKey::from_pkcs8_der(&plain)?)
}

pub(super) fn open(element: Tlv<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let mut info = Cursor::new(element.raw).sequence()?;
    let algorithm = AlgorithmIdentifier::read(info.any()?)?;
    let data = info.octets()?;
    info.finish()?;
    pbe::decrypt(&algorithm, password, data)
}

/// A private key encrypted with a password, in DER.
///
/// # Errors
/// [`ContainerError::Key`] when the key cannot be encoded.
pub fn encrypt_pkcs8(
    key: &PrivateKey,
    password: &str,
    protection: Protection,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, ContainerError> {
    let (algorithm, data) = pbe::encrypt(protection, password, &key.to_pkcs8_der()?, rng);
    Ok(write::sequence(&[&algorithm, &write::octets(&data)]))
}
