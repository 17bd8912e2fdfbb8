//! Keys of CryptoPro CSP: the folder of a container, and the keys in the PFX files that it exports
//! by default (`1.2.840.113549.1.12.1.80`).
//!
//! The maker has published neither form. What is here follows the descriptions and the programs of
//! people who took them apart, and is tested with containers made after those descriptions, which
//! such a program (get-cpcert) opens too; no container of CryptoPro CSP itself was met yet.
//!
//! - `header.key`: what the key is, the certificate, the first octets of the public key;
//! - `masks.key`: a mask and the salt of the password; `primary.key`: the product of key and mask
//!   modulo `q`, encrypted; `masks2.key` and `primary2.key`: the same with another mask;
//! - `name.key`: the name.
//!
//! The checksums of these files have keys that are no secret, and are not looked at: whether the
//! password is right is told by the public key. A second key in the same container, and keys of
//! GOST R 34.10-2001, are not read.

use gost3410::{Curve, SigningKey};
use magma::{Gost89CryptoProA, Magma};
use pkcs8::EncodePrivateKey;
use zeroize::Zeroizing;

use super::gost28147::{self, Gost28147};
use super::{ContainerError, KeyContainer, KeyEntry, kdf};
use crate::asn1::{Cursor, Oid, tag};
use crate::certificate::Certificate;
use crate::digest::DigestAlgorithm;
use crate::key::{KeyError, PrivateKey};
use crate::oid;

/// The files of a container, as they are.
#[derive(Clone, Copy)]
pub struct CryptoProFiles<'a> {
    /// `header.key`.
    pub header: &'a [u8],
    /// `masks.key` and `primary.key`; then, if there are any, `masks2.key` and `primary2.key`.
    pub parts: &'a [(&'a [u8], &'a [u8])],
    /// `name.key`, if there is one.
    pub name: Option<&'a [u8]>,
}

impl std::fmt::Debug for CryptoProFiles<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CryptoProFiles").finish_non_exhaustive()
    }
}

impl KeyContainer {
    /// Opens a container of CryptoPro CSP. One without a password has an empty one.
    ///
    /// # Errors
    /// [`ContainerError::WrongPassword`] when what comes out is not the key of the container;
    /// [`ContainerError::Unsupported`] for other keys than those of GOST R 34.10-2012.
    pub fn from_cryptopro(
        files: &CryptoProFiles<'_>,
        password: &str,
    ) -> Result<Self, ContainerError> {
        let header = Header::read(files.header).map_err(not_a_container)?;
        let curve = header.key.curve()?;
        let mut outcome = Err(ContainerError::NotAContainer);
        for (masks, primary) in files.parts {
            outcome = masked_key(curve, masks, primary, password)
                .and_then(|key| header.owned(key).ok_or(ContainerError::WrongPassword));
            if outcome.is_ok() {
                break;
            }
        }
        let key = PrivateKey::Gost3410(outcome?);
        let certificates = header.certificates.iter().filter_map(|der| {
            // One of a key for exchange alone may be of any kind.
            Certificate::from_der(der).ok()
        });
        let name = files.name.and_then(container_name);
        let certificates = certificates.collect();
        Ok(Self { keys: vec![KeyEntry { key, name }], certificates })
    }
}

fn not_a_container(_: crate::asn1::Error) -> ContainerError {
    ContainerError::NotAContainer
}

/// GostPrivateKeyParameters: the algorithm, and the curve among its parameters.
struct KeyParameters {
    algorithm: Oid,
    curve: Oid,
}

impl KeyParameters {
    fn read(mut fields: Cursor<'_>) -> crate::asn1::Result<Self> {
        fields.expect(tag::BIT_STRING)?;
        let mut algorithm = fields.expect(tag::context_constructed(0))?.inner();
        let named = algorithm.oid()?;
        let curve = algorithm.sequence()?.oid()?;
        Ok(Self { algorithm: named, curve })
    }

    /// Containers name the algorithm of key agreement, PFX files that of the signature.
    fn curve(&self) -> Result<Curve, ContainerError> {
        const KNOWN: [Oid; 4] = [
            oid::ID_AGREEMENT_GOST3410_256,
            oid::ID_AGREEMENT_GOST3410_512,
            oid::ID_GOST3410_256,
            oid::ID_GOST3410_512,
        ];
        if !KNOWN.contains(&self.algorithm) {
            return Err(ContainerError::Unsupported(self.algorithm));
        }
        Curve::from_oid(self.curve).map_err(|_| ContainerError::Unsupported(self.curve))
    }
}

/// GostKeyContainerContent, as far as it is needed.
struct Header<'a> {
    key: KeyParameters,
    certificates: Vec<&'a [u8]>,
    /// The first octets of the public key.
    fingerprint: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(file: &'a [u8]) -> crate::asn1::Result<Self> {
        let mut content = Cursor::new(file).sequence()?.sequence()?;
        let (mut key, mut certificates, mut fingerprint) = (None, Vec::new(), None);
        while !content.is_empty() {
            let element = content.any()?;
            match element.tag {
                tag::SEQUENCE if key.is_none() => key = Some(KeyParameters::read(element.inner())?),
                CERTIFICATE | SECOND_CERTIFICATE => certificates.push(element.value),
                FINGERPRINT => fingerprint = Some(element.value),
                _ => {}
            }
        }
        match (key, fingerprint) {
            (Some(key), Some(fingerprint)) if fingerprint.len() >= 8 => {
                Ok(Self { key, certificates, fingerprint })
            }
            _ => Err(crate::asn1::Error::Value("a header without a key")),
        }
    }

    /// The key, if it is the container's.
    fn owned(&self, key: SigningKey) -> Option<SigningKey> {
        key.as_ref().as_bytes().starts_with(self.fingerprint).then_some(key)
    }
}

const CERTIFICATE: u8 = tag::context(5);
const SECOND_CERTIFICATE: u8 = tag::context(6);
const FINGERPRINT: u8 = tag::context(10);

fn container_name(file: &[u8]) -> Option<String> {
    let name = Cursor::new(file).sequence().ok()?.any().ok()?;
    String::from_utf8(name.value.to_vec()).ok()
}

/// The key behind its mask and its password.
fn masked_key(
    curve: Curve,
    masks: &[u8],
    primary: &[u8],
    password: &str,
) -> Result<SigningKey, ContainerError> {
    let mut masks = Cursor::new(masks).sequence()?;
    let (mask, salt) = (masks.octets()?, masks.octets()?);
    let mut product = Zeroizing::new(Cursor::new(primary).sequence()?.octets()?.to_vec());
    if product.len() != curve.size().bytes() || mask.len() != product.len() {
        return Err(ContainerError::Malformed);
    }
    Gost28147::<Magma>::new(&storage_key(password, salt)).decrypt_blocks(&mut product);
    // A wrong password may well give zero.
    SigningKey::from_product(curve, &product, mask).map_err(|_| ContainerError::WrongPassword)
}

/// The key that a container is encrypted with: two thousand rounds over a password, two without.
fn storage_key(password: &str, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    const START: &[u8; 32] = b"DENEFH028.760246785.IUEFHWUIO.EF";
    let hash = |parts: &[&[u8]]| Zeroizing::new(DigestAlgorithm::Streebog256.digest_parts(parts));
    // Each octet takes the place of four.
    let password: Zeroizing<Vec<u8>> =
        Zeroizing::new(password.bytes().flat_map(|octet| [octet, 0, 0, 0]).collect());
    let rounds = if password.is_empty() { 2 } else { 2000 };
    let salted = hash(&[salt, &password]);
    let mut state = Zeroizing::new(START.to_vec());
    for _ in 0..rounds {
        let [inner, outer] = pads(&state);
        state = hash(&[&*inner, &salted, &*outer, &salted]);
    }
    let [inner, outer] = pads(&state);
    let last = hash(&[&inner[..32], salt, &outer[..32], &password]);
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&hash(&[&last]));
    key
}

/// The state with zeros behind it up to a block, by the two constants of HMAC.
fn pads(state: &[u8]) -> [Zeroizing<[u8; 64]>; 2] {
    [0x36, 0x5c].map(|pad| {
        let mut block = Zeroizing::new([pad; 64]);
        block.iter_mut().zip(state).for_each(|(out, octet)| *out ^= octet);
        block
    })
}

/// The content of a shrouded key bag: a key in PKCS #8.
pub(super) fn transported(
    parameters: &[u8],
    password: &str,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let mut parameters = Cursor::new(parameters).sequence()?;
    let salt = parameters.octets()?;
    let rounds = kdf::rounds(parameters.small(tag::INTEGER)?)?;
    parameters.finish()?;
    // The number of a round has two octets.
    let rounds = u16::try_from(rounds).map_err(|_| ContainerError::TooMuchWork)?;
    let iv = *salt.first_chunk::<8>().ok_or(ContainerError::Malformed)?;
    let key = transport_key(password, salt, rounds);
    let mut blob = Zeroizing::new(data.to_vec());
    gost28147::decrypt(oid::ID_GOST28147_CRYPTOPRO_A, &key, iv, &mut blob);
    let (parameters, wrapped) = exported(&blob).map_err(|_| ContainerError::WrongPassword)?;
    let secret = unwrapped(&key, &wrapped)?;
    let key = SigningKey::from_bytes(parameters.curve()?, &secret);
    let key = key.map_err(|_| ContainerError::Key(KeyError::Malformed))?;
    let document = key.to_pkcs8_der().map_err(|_| ContainerError::Key(KeyError::Malformed))?;
    Ok(document.to_bytes())
}

/// Repeated GOST R 34.11-94 over the password in UTF-16, the salt and the number of the round.
fn transport_key(password: &str, salt: &[u8], rounds: u16) -> Zeroizing<[u8; 32]> {
    use digest::Digest as _;
    let mut state: Zeroizing<Vec<u8>> =
        Zeroizing::new(password.encode_utf16().flat_map(u16::to_le_bytes).collect());
    for round in 1..=rounds {
        let hash = gost94::Gost94CryptoPro::new().chain_update(&*state).chain_update(salt);
        *state = hash.chain_update(round.to_be_bytes()).finalize().to_vec();
    }
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&state);
    key
}

/// A key encrypted by another (RFC 4357 §6.1).
struct Wrapped<'a> {
    ukm: [u8; 8],
    encrypted: &'a [u8],
    mac: &'a [u8],
}

/// The exported key in a PrivateKeyInfo: sixteen octets of a header of the CryptoAPI, then
/// GostR3410-KeyTransport with its parameters.
fn exported(blob: &[u8]) -> crate::asn1::Result<(KeyParameters, Wrapped<'_>)> {
    const HEADER: usize = 16;
    let mut info = Cursor::new(blob).sequence()?;
    info.small(tag::INTEGER)?;
    info.any()?;
    let content = info.octets()?.get(HEADER..).ok_or(crate::asn1::Error::Truncated)?;
    let mut value = Cursor::new(content).sequence()?.sequence()?;
    let ukm = value.octets()?;
    let mut wrapped = value.sequence()?;
    let (encrypted, mac) = (wrapped.octets()?, wrapped.octets()?);
    let parameters = KeyParameters::read(value.expect(tag::context_constructed(0))?.inner())?;
    let ukm = ukm.try_into().map_err(|_| crate::asn1::Error::Value("not eight octets"))?;
    Ok((parameters, Wrapped { ukm, encrypted, mac }))
}

fn unwrapped(key: &[u8; 32], wrapped: &Wrapped<'_>) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    const LABEL: [u8; 4] = [0x26, 0xbd, 0xb8, 0x78];
    let cipher = Gost28147::<Gost89CryptoProA>::new(&gost3410::kdf(key, &LABEL, &wrapped.ukm));
    let mut secret = Zeroizing::new(wrapped.encrypted.to_vec());
    if !secret.len().is_multiple_of(8) {
        return Err(ContainerError::Malformed);
    }
    cipher.decrypt_blocks(&mut secret);
    if cipher.mac(wrapped.ukm, &secret) == wrapped.mac {
        Ok(secret)
    } else {
        Err(ContainerError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Step by step with `openssl dgst -md_gost12_256`.
    #[test]
    fn the_key_of_a_password() {
        let key = storage_key("qwerty12", &[1; 12]);
        assert_eq!(
            hex::encode(*key),
            "4f4fc8f54446d7d5e778db0a1b47ee8c073f406450b44a876c05372083111c50"
        );
    }
}
