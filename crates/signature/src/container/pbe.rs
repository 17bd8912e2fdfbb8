//! Password-based encryption: PBES2 (RFC 8018 §6.2, RFC 9548 §4) and the schemes of PKCS #12
//! (RFC 7292 §C).

use rsa::rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::cipher::{Cbc, CtrAcpkm, aes256_cbc_encrypt};
use super::kdf::{self, Pbkdf2, Pkcs12Id, Prf};
use super::{ContainerError, Protection, cryptopro, gost28147};
use crate::asn1::{Cursor, tag, write};
use crate::certificate::AlgorithmIdentifier;
use crate::digest::DigestAlgorithm;
use crate::oid;

/// Rounds of PBKDF2 in new containers.
pub(super) const GOST_ROUNDS: u32 = 2000;
pub(super) const AES_ROUNDS: u32 = 600_000;

/// Decrypts by the algorithm that the container names.
pub(super) fn decrypt(
    algorithm: &AlgorithmIdentifier,
    password: &str,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let parameters = algorithm.parameters.as_deref().unwrap_or(&[]);
    let old = match algorithm.oid {
        oid::ID_PBES2 => return pbes2(parameters, password, data),
        oid::ID_PBE_CRYPTOPRO => return cryptopro::transported(parameters, password, data),
        oid::ID_PBE_SHA_3DES => Cbc::Des3,
        oid::ID_PBE_SHA_2DES => Cbc::Des2,
        oid::ID_PBE_SHA_RC2_128 => Cbc::Rc2_128,
        oid::ID_PBE_SHA_RC2_40 => Cbc::Rc2_40,
        other => return Err(ContainerError::Unsupported(other)),
    };
    let mut sequence = Cursor::new(parameters).sequence()?;
    let salt = sequence.octets()?;
    let rounds = kdf::rounds(sequence.small(tag::INTEGER)?)?;
    sequence.finish()?;
    let password = kdf::bmp(password);
    let sha1 = DigestAlgorithm::Sha1;
    let key = kdf::pkcs12(sha1, Pkcs12Id::Key, &password, salt, rounds, old.key_length());
    let iv = kdf::pkcs12(sha1, Pkcs12Id::Iv, &password, salt, rounds, old.iv_length());
    old.decrypt(&key, &iv, data)
}

fn pbes2(
    parameters: &[u8],
    password: &str,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let mut sequence = Cursor::new(parameters).sequence()?;
    let derivation = Pbkdf2::read(sequence.any()?)?;
    let scheme = AlgorithmIdentifier::read(sequence.any()?)?;
    sequence.finish()?;
    let parameters = scheme.parameters.as_deref().unwrap_or(&[]);
    let key = |length: usize| match derivation.key_length {
        Some(other) if other != length => Err(ContainerError::Malformed),
        _ => Ok(derivation.derive(password.as_bytes(), length)),
    };
    let cbc = match scheme.oid {
        oid::ID_AES128_CBC => Cbc::Aes128,
        oid::ID_AES192_CBC => Cbc::Aes192,
        oid::ID_AES256_CBC => Cbc::Aes256,
        oid::ID_DES_EDE3_CBC => Cbc::Des3,
        oid::ID_KUZNYECHIK_CTR_ACPKM => {
            return ctr_acpkm(CtrAcpkm::Kuznyechik, parameters, &key(32)?, data);
        }
        oid::ID_MAGMA_CTR_ACPKM => {
            return ctr_acpkm(CtrAcpkm::Magma, parameters, &key(32)?, data);
        }
        oid::ID_KUZNYECHIK_CTR_ACPKM_OMAC => {
            return ctr_acpkm_omac(CtrAcpkm::Kuznyechik, parameters, &key(32)?, data);
        }
        oid::ID_MAGMA_CTR_ACPKM_OMAC => {
            return ctr_acpkm_omac(CtrAcpkm::Magma, parameters, &key(32)?, data);
        }
        oid::ID_GOST28147 => return gost89(parameters, &key(32)?, data),
        other => return Err(ContainerError::Unsupported(other)),
    };
    let iv = Cursor::new(parameters).octets()?;
    cbc.decrypt(&key(cbc.key_length())?, iv, data)
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ContainerError> {
    bytes.try_into().map_err(|_| ContainerError::Malformed)
}

/// Gost3412-15-Encryption-Parameters: the first octets of `ukm` are the initial value.
fn ctr_acpkm(
    cipher: CtrAcpkm,
    parameters: &[u8],
    key: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let ukm = Cursor::new(parameters).sequence()?.octets()?;
    let iv = ukm.get(..cipher.iv_length()).ok_or(ContainerError::Malformed)?;
    let mut plain = Zeroizing::new(data.to_vec());
    cipher.apply(&array(key)?, iv, &mut plain);
    Ok(plain)
}

/// The same with a MAC behind the plain text, encrypted with it. The last eight octets of `ukm`
/// make two keys of the one (RFC 9337 §5.1).
fn ctr_acpkm_omac(
    cipher: CtrAcpkm,
    parameters: &[u8],
    key: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let ukm = Cursor::new(parameters).sequence()?.octets()?;
    let seed = ukm.get(cipher.iv_length()..).filter(|seed| seed.len() == 8);
    let seed = seed.ok_or(ContainerError::Malformed)?;
    let keys = gost3410::kdf_tree(&array(key)?, b"kdf tree", seed, 1, 64);
    let keys = keys.map_err(|_| ContainerError::Malformed)?;
    let mut plain = ctr_acpkm(cipher, parameters, &keys[..32], data)?;
    let length = plain.len().checked_sub(cipher.mac_length()).ok_or(ContainerError::Malformed)?;
    let mac = Zeroizing::new(plain.split_off(length));
    if cipher.mac(&array(&keys[32..])?, &plain) == *mac {
        Ok(plain)
    } else {
        Err(ContainerError::WrongPassword)
    }
}

/// Gost28147-89-Parameters.
fn gost89(
    parameters: &[u8],
    key: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let mut sequence = Cursor::new(parameters).sequence()?;
    let iv = array(sequence.octets()?)?;
    let set = sequence.oid()?;
    let mut plain = Zeroizing::new(data.to_vec());
    if gost28147::decrypt(set, &array(key)?, iv, &mut plain) {
        Ok(plain)
    } else {
        Err(ContainerError::Unsupported(set))
    }
}

/// Encrypts by PBES2: AlgorithmIdentifier in DER, and the encrypted octets.
pub(super) fn encrypt(
    protection: Protection,
    password: &str,
    plain: &[u8],
    rng: &mut dyn CryptoRng,
) -> (Vec<u8>, Vec<u8>) {
    let mut salt = [0; 32];
    let mut iv = [0; 16];
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut iv);
    let mut key = Zeroizing::new([0; 32]);
    let (prf, rounds) = prf(protection);
    prf.pbkdf2(password.as_bytes(), &salt, rounds, &mut *key);
    let (scheme, data) = match protection {
        Protection::Gost => {
            let mut data = plain.to_vec();
            CtrAcpkm::Kuznyechik.apply(&key, &iv[..8], &mut data);
            let parameters = write::sequence(&[&write::octets(&iv)]);
            (write::algorithm(oid::ID_KUZNYECHIK_CTR_ACPKM, &parameters), data)
        }
        Protection::Aes => {
            let data = aes256_cbc_encrypt(&key, &iv, plain);
            (write::algorithm(oid::ID_AES256_CBC, &write::octets(&iv)), data)
        }
    };
    let derivation = derivation_der(protection, &salt, None);
    let parameters = write::sequence(&[&derivation, &scheme]);
    (write::algorithm(oid::ID_PBES2, &parameters), data)
}

pub(super) fn prf(protection: Protection) -> (Prf, u32) {
    match protection {
        Protection::Gost => (Prf::Digest(DigestAlgorithm::Streebog512), GOST_ROUNDS),
        Protection::Aes => (Prf::Digest(DigestAlgorithm::Sha256), AES_ROUNDS),
    }
}

/// AlgorithmIdentifier of PBKDF2.
pub(super) fn derivation_der(
    protection: Protection,
    salt: &[u8],
    key_length: Option<u64>,
) -> Vec<u8> {
    let (prf, parameters) = match protection {
        Protection::Gost => (oid::ID_HMAC_STREEBOG_512, Vec::new()),
        Protection::Aes => (oid::ID_HMAC_SHA256, write::null()),
    };
    let rounds = self::prf(protection).1;
    let derivation = write::sequence(&[
        &write::octets(salt),
        &write::number(u64::from(rounds)),
        &key_length.map(write::number).unwrap_or_default(),
        &write::algorithm(prf, &parameters),
    ]);
    write::algorithm(oid::ID_PBKDF2, &derivation)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9337 §5.1: plain text and MAC under two keys of one.
    #[test]
    fn a_mac_protects_what_is_encrypted() {
        for (cipher, scheme, length) in [
            (CtrAcpkm::Kuznyechik, oid::ID_KUZNYECHIK_CTR_ACPKM_OMAC, 16),
            (CtrAcpkm::Magma, oid::ID_MAGMA_CTR_ACPKM_OMAC, 12),
        ] {
            let ukm: Vec<u8> = (1..=length).collect();
            let derivation = derivation_der(Protection::Gost, &[5; 16], None);
            let scheme = write::algorithm(scheme, &write::sequence(&[&write::octets(&ukm)]));
            let algorithm =
                write::algorithm(oid::ID_PBES2, &write::sequence(&[&derivation, &scheme]));
            let algorithm = AlgorithmIdentifier::read(Cursor::new(&algorithm).any().unwrap());
            let algorithm = algorithm.unwrap();
            let (prf, rounds) = prf(Protection::Gost);
            let mut key = [0; 32];
            prf.pbkdf2(b"secret", &[5; 16], rounds, &mut key);
            let (iv, seed) = ukm.split_at(cipher.iv_length());
            let keys = gost3410::kdf_tree(&key, b"kdf tree", seed, 1, 64).unwrap();
            let [own, mac]: [[u8; 32]; 2] = [0, 32].map(|at| array(&keys[at..at + 32]).unwrap());
            let mut data = [&b"StaticForm"[..], &cipher.mac(&mac, b"StaticForm")].concat();
            cipher.apply(&own, iv, &mut data);

            let open = |password: &str, data: &[u8]| {
                decrypt(&algorithm, password, data).map(|plain| plain.to_vec())
            };
            assert_eq!(open("secret", &data).unwrap(), b"StaticForm");
            assert_eq!(open("wrong", &data), Err(ContainerError::WrongPassword));
            assert_eq!(open("secret", &data[..4]), Err(ContainerError::Malformed));
            for place in [0, data.len() - 1] {
                let mut changed = data.clone();
                changed[place] ^= 1;
                assert_eq!(open("secret", &changed), Err(ContainerError::WrongPassword));
            }
        }
    }
}
