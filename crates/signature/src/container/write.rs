//! Writing of PKCS #12.

use rsa::rand_core::CryptoRng;

use super::mac::{gost_key, hmac};
use super::{ContainerError, KeyContainer, Protection, encrypt_pkcs8, kdf, pbe};
use crate::asn1::{tag, write};
use crate::digest::DigestAlgorithm;
use crate::oid;

impl KeyContainer {
    /// A PFX with these keys and certificates, all encrypted with the password.
    ///
    /// # Errors
    /// [`ContainerError::Key`] when a key cannot be encoded.
    pub fn to_pfx(
        &self,
        password: &str,
        protection: Protection,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, ContainerError> {
        let mut key_bags = Vec::new();
        for entry in &self.keys {
            let encrypted = encrypt_pkcs8(&entry.key, password, protection, rng)?;
            key_bags.push(bag(oid::ID_SHROUDED_KEY_BAG, &encrypted, entry.name.as_deref()));
        }
        let certificates = self.certificates.iter().map(|certificate| {
            let value = write::explicit(0, &[&write::octets(certificate.as_der())]);
            let value = write::sequence(&[&write::oid(oid::ID_X509_CERTIFICATE), &value]);
            bag(oid::ID_CERT_BAG, &value, None)
        });
        let keys = data(&write::sequence_of(key_bags));
        let certificates =
            encrypted_data(&write::sequence_of(certificates), password, protection, rng);
        let safe = write::sequence(&[&keys, &certificates]);
        let mac = mac(&safe, password, protection, rng);
        Ok(write::sequence(&[&write::number(3), &data(&safe), &mac]))
    }
}

fn bag(kind: crate::asn1::Oid, value: &[u8], name: Option<&str>) -> Vec<u8> {
    let attributes = name.map(|name| {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let value = write::element(tag::BMP_STRING, &units);
        write::set_of(vec![write::attribute(oid::ID_FRIENDLY_NAME, value)])
    });
    write::sequence(&[
        &write::oid(kind),
        &write::explicit(0, &[value]),
        &attributes.unwrap_or_default(),
    ])
}

fn data(content: &[u8]) -> Vec<u8> {
    let content = write::explicit(0, &[&write::octets(content)]);
    write::sequence(&[&write::oid(oid::ID_DATA), &content])
}

fn encrypted_data(
    plain: &[u8],
    password: &str,
    protection: Protection,
    rng: &mut dyn CryptoRng,
) -> Vec<u8> {
    let (algorithm, encrypted) = pbe::encrypt(protection, password, plain, rng);
    let info = write::sequence(&[
        &write::oid(oid::ID_DATA),
        &algorithm,
        &write::element(tag::context(0), &encrypted),
    ]);
    let content = write::sequence(&[&write::number(0), &info]);
    write::sequence(&[&write::oid(oid::ID_ENCRYPTED_DATA), &write::explicit(0, &[&content])])
}

/// MacData that programs of today can check: RFC 9548 §3 for GOST, HMAC-SHA-256 by the function
/// of PKCS #12 otherwise.
fn mac(content: &[u8], password: &str, protection: Protection, rng: &mut dyn CryptoRng) -> Vec<u8> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let rounds = match protection {
        Protection::Gost => pbe::GOST_ROUNDS,
        Protection::Aes => 10_000,
    };
    let (digest, key) = match protection {
        Protection::Gost => {
            let digest = DigestAlgorithm::Streebog512;
            (digest, gost_key(digest, password, &salt, rounds))
        }
        Protection::Aes => {
            let digest = DigestAlgorithm::Sha256;
            let password = kdf::bmp(password);
            let id = kdf::Pkcs12Id::Mac;
            (digest, kdf::pkcs12(digest, id, &password, &salt, rounds, 32))
        }
    };
    let parameters = if protection == Protection::Aes { write::null() } else { Vec::new() };
    let info = write::sequence(&[
        &write::algorithm(digest.oid(), &parameters),
        &write::octets(&hmac(digest, &key, content)),
    ]);
    write::sequence(&[&info, &write::octets(&salt), &write::number(u64::from(rounds))])
}
