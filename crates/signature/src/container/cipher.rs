//! Ciphers of containers: CBC of AES, DES and RC2, and CTR-ACPKM (RFC 8645 §6.2.2) of Kuznyechik
//! and Magma, without and with OMAC (GOST R 34.13-2015 §5.6).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use magma::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit};
use zeroize::Zeroizing;

use super::ContainerError;

/// Ciphers in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cbc {
    Aes128,
    Aes192,
    Aes256,
    Des3,
    /// Two keys: the third is the first again.
    Des2,
    Rc2_128,
    Rc2_40,
}

impl Cbc {
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Des2 | Self::Rc2_128 => 16,
            Self::Aes192 | Self::Des3 => 24,
            Self::Aes256 => 32,
            Self::Rc2_40 => 5,
        }
    }

    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    /// Decrypts and takes the padding off. A wrong password shows as a wrong padding.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
        match self {
            Self::Aes128 => cbc_decrypt::<aes::Aes128>(key, iv, data),
            Self::Aes192 => cbc_decrypt::<aes::Aes192>(key, iv, data),
            Self::Aes256 => cbc_decrypt::<aes::Aes256>(key, iv, data),
            Self::Des3 => cbc_decrypt::<des::TdesEde3>(key, iv, data),
            Self::Des2 => cbc_decrypt::<des::TdesEde2>(key, iv, data),
            Self::Rc2_128 | Self::Rc2_40 => {
                let cipher = rc2::Rc2::new_with_eff_key_len(key, key.len() * 8);
                let iv = iv.try_into().map_err(|_| ContainerError::Malformed)?;
                let mode = <cbc::Decryptor<rc2::Rc2> as cbc::cipher::InnerIvInit>::inner_iv_init(
                    cipher, iv,
                );
                let plain = mode.decrypt_padded_vec::<Pkcs7>(data);
                plain.map(Zeroizing::new).map_err(|_| ContainerError::WrongPassword)
            }
        }
    }
}

fn cbc_decrypt<C>(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, ContainerError>
where
    C: cbc::cipher::BlockCipherDecrypt + KeyInit,
{
    let mode =
        cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(|_| ContainerError::Malformed)?;
    let plain = mode.decrypt_padded_vec::<Pkcs7>(data);
    plain.map(Zeroizing::new).map_err(|_| ContainerError::WrongPassword)
}

pub(super) fn aes256_cbc_encrypt(key: &[u8; 32], iv: &[u8; 16], data: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<aes::Aes256>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(data)
}

/// Block ciphers in CTR-ACPKM mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CtrAcpkm {
    Kuznyechik,
    Magma,
}

impl CtrAcpkm {
    /// Octets of the part of UKM that is the initial value: half a block.
    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::Kuznyechik => 8,
            Self::Magma => 4,
        }
    }

    /// Octets after which the key changes (RFC 9337 §4.1).
    fn section(self) -> usize {
        match self {
            Self::Kuznyechik => 256 << 10,
            Self::Magma => 8 << 10,
        }
    }

    /// Encrypts or decrypts in place; `iv` has [`CtrAcpkm::iv_length`] octets.
    pub(super) fn apply(self, key: &[u8; 32], iv: &[u8], data: &mut [u8]) {
        match self {
            Self::Kuznyechik => ctr::<kuznyechik::Kuznyechik>(key, iv, data, self.section()),
            Self::Magma => ctr::<magma::Magma>(key, iv, data, self.section()),
        }
    }

    /// Octets of a MAC: a block.
    pub(super) fn mac_length(self) -> usize {
        2 * self.iv_length()
    }

    pub(super) fn mac(self, key: &[u8; 32], data: &[u8]) -> Vec<u8> {
        match self {
            Self::Kuznyechik => omac::<kuznyechik::Kuznyechik>(key, data),
            Self::Magma => omac::<magma::Magma>(key, data),
        }
    }
}

/// GOST R 34.13-2015 §5.6 (the CMAC of NIST SP 800-38B).
fn omac<C>(key: &[u8; 32], data: &[u8]) -> Vec<u8>
where
    C: BlockCipherEncrypt + BlockSizeUser + KeyInit,
{
    let Ok(cipher) = C::new_from_slice(key) else { return Vec::new() };
    let size = C::block_size();
    // The last block alone may be short; there is one also when there are no data.
    let before = data.len().saturating_sub(1) / size * size;
    let (whole, last) = data.split_at(before);
    let mut state = vec![0; size];
    for block in whole.chunks(size) {
        xor(&mut state, block);
        state = encrypted(&cipher, &state);
    }
    xor(&mut state, last);
    let mut mask = doubled(&encrypted(&cipher, &vec![0; size]));
    if last.len() < size {
        mask = doubled(&mask);
        state[last.len()] ^= 0x80;
    }
    xor(&mut state, &mask);
    encrypted(&cipher, &state)
}

fn xor(state: &mut [u8], block: &[u8]) {
    state.iter_mut().zip(block).for_each(|(out, octet)| *out ^= octet);
}

/// The block times x in the field of the key of a last block.
fn doubled(block: &[u8]) -> Vec<u8> {
    let shifted = |(place, octet): (usize, &u8)| {
        octet << 1 | block.get(place + 1).map_or(0, |next| next >> 7)
    };
    let mut out: Vec<u8> = block.iter().enumerate().map(shifted).collect();
    let polynomial = if block.len() == 16 { 0x87 } else { 0x1b };
    if let (Some(last), Some(first)) = (out.last_mut(), block.first()) {
        *last ^= polynomial * (first >> 7);
    }
    out
}

fn ctr<C>(key: &[u8; 32], iv: &[u8], data: &mut [u8], section: usize)
where
    C: BlockCipherEncrypt + BlockSizeUser + KeyInit,
{
    let Ok(mut cipher) = C::new_from_slice(key) else { return };
    let size = C::block_size();
    let mut counter = vec![0; size];
    counter[..iv.len()].copy_from_slice(iv);
    for (index, block) in data.chunks_mut(size).enumerate() {
        if index > 0 && (index * size) % section == 0 {
            cipher = next_key(&cipher);
        }
        let gamma = encrypted(&cipher, &counter);
        block.iter_mut().zip(&gamma).for_each(|(octet, gamma)| *octet ^= gamma);
        for octet in counter.iter_mut().rev() {
            *octet = octet.wrapping_add(1);
            if *octet != 0 {
                break;
            }
        }
    }
}

fn encrypted<C: BlockCipherEncrypt>(cipher: &C, block: &[u8]) -> Vec<u8> {
    let mut array = magma::cipher::Block::<C>::default();
    array.copy_from_slice(block);
    cipher.encrypt_block(&mut array);
    array.to_vec()
}

/// ACPKM (RFC 8645 §6.2.1): the constants 80 … 9f, encrypted.
fn next_key<C: BlockCipherEncrypt + KeyInit>(cipher: &C) -> C {
    let constants: Vec<u8> = (0x80..=0x9f).collect();
    let blocks = constants.chunks(C::block_size()).map(|block| encrypted(cipher, block));
    let key = Zeroizing::new(blocks.collect::<Vec<_>>().concat());
    let mut array = magma::cipher::Key::<C>::default();
    array.copy_from_slice(&key);
    C::new(&array)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GOST R 34.13-2015, A.1.6 and A.2.6.
    #[test]
    fn omac_of_the_standard() {
        let octets = |text: &str| hex::decode(text).unwrap();
        let key: [u8; 32] =
            octets("8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef")
                .try_into()
                .unwrap();
        let data = octets(
            "1122334455667700ffeeddccbbaa998800112233445566778899aabbcceeff0a\
             112233445566778899aabbcceeff0a002233445566778899aabbcceeff0a0011",
        );
        let mac = CtrAcpkm::Kuznyechik.mac(&key, &data);
        assert_eq!(hex::encode(&mac[..8]), "336f4d296059fbe3");
        let key: [u8; 32] =
            octets("ffeeddccbbaa99887766554433221100f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
                .try_into()
                .unwrap();
        let data = octets("92def06b3c130a59db54c704f8189d204a98fb2e67a8024c8912409b17b57e41");
        assert_eq!(hex::encode(&CtrAcpkm::Magma.mac(&key, &data)[..4]), "154e7210");
    }

    /// RFC 8645, appendix A.2: CTR-ACPKM with Kuznyechik and a section of 256 bits.
    #[test]
    fn ctr_acpkm_of_kuznyechik() {
        let key: [u8; 32] =
            hex::decode("8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef")
                .unwrap()
                .try_into()
                .unwrap();
        let mut data = hex::decode(
            "1122334455667700ffeeddccbbaa998800112233445566778899aabbcceeff0a\
             112233445566778899aabbcceeff0a002233445566778899aabbcceeff0a0011\
             33445566778899aabbcceeff0a0011224455 66778899aabbcceeff0a00112233\
             5566778899aabbcceeff0a0011223344"
                .replace(' ', ""),
        )
        .unwrap();
        ctr::<kuznyechik::Kuznyechik>(
            &key,
            &[0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xce, 0xf0],
            &mut data,
            32,
        );
        assert_eq!(
            hex::encode(&data),
            "f195d8bec10ed1dbd57b5fa240bda1b885eee733f6a13e5df33ce4b33c45dee4\
             4bceeb8f646f4c55001706275e85e800587c4df568d094393e4834afd0805046\
             cf30f57686aeece11cfc6c316b8a896edffd07ec813636460c4f3b743423163e\
             6409a9c282fac8d469d221e7fbd6de5d"
        );
    }
}
