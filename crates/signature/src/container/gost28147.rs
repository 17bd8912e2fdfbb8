//! GOST 28147-89, for containers made before the ciphers of 2015: CFB mode with CryptoPro key
//! meshing (RFC 4357 §2.3), blocks one by one, and the MAC (RFC 5830 §5, §8).

use magma::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, Key, KeyInit};
use magma::{
    Gost89, Gost89CryptoProA, Gost89CryptoProB, Gost89CryptoProC, Gost89CryptoProD, Magma, Sbox,
};
use zeroize::Zeroizing;

use crate::asn1::Oid;
use crate::oid;

/// C of RFC 4357 §2.3.2.
const MESHING: [u8; 32] = [
    0x69, 0x00, 0x72, 0x22, 0x64, 0xc9, 0x04, 0x23, 0x8d, 0x3a, 0xdb, 0x96, 0x46, 0xe9, 0x2a, 0xc4,
    0x18, 0xfe, 0xac, 0x94, 0x00, 0xed, 0x07, 0x12, 0xc0, 0x86, 0xdc, 0xc2, 0xef, 0x4c, 0xa9, 0x2b,
];

/// The key changes after this many octets.
const SECTION: usize = 1024;

/// Decrypts in place; `false` when the set of substitutions is not known.
pub(super) fn decrypt(parameters: Oid, key: &[u8; 32], iv: [u8; 8], data: &mut [u8]) -> bool {
    match parameters {
        oid::ID_GOST28147_PARAM_Z => cfb::<Magma>(key, iv, data),
        oid::ID_GOST28147_CRYPTOPRO_A => cfb::<Gost89CryptoProA>(key, iv, data),
        oid::ID_GOST28147_CRYPTOPRO_B => cfb::<Gost89CryptoProB>(key, iv, data),
        oid::ID_GOST28147_CRYPTOPRO_C => cfb::<Gost89CryptoProC>(key, iv, data),
        oid::ID_GOST28147_CRYPTOPRO_D => cfb::<Gost89CryptoProD>(key, iv, data),
        _ => return false,
    }
    true
}

/// A block cipher whose set of substitutions is known.
pub(super) trait Substitution: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit {
    const TABLE: [[u8; 16]; 8];
}

impl<S: Sbox> Substitution for Gost89<S> {
    const TABLE: [[u8; 16]; 8] = S::SBOX;
}

/// The cipher with the byte order of 1989: words are little-endian.
pub(super) struct Gost28147<C> {
    cipher: C,
    key: Zeroizing<[u8; 32]>,
}

impl<C: Substitution> Gost28147<C> {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let mut swapped = Key::<C>::default();
        swapped.copy_from_slice(key);
        swapped.chunks_mut(4).for_each(<[u8]>::reverse);
        Self { cipher: C::new(&swapped), key: Zeroizing::new(*key) }
    }

    fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        turned::<C>(block, |array| self.cipher.encrypt_block(array))
    }

    fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        turned::<C>(block, |array| self.cipher.decrypt_block(array))
    }

    /// The next key: the constant, decrypted block by block.
    fn meshed(&self) -> Self {
        let mut key = [0; 32];
        for (out, block) in key.chunks_mut(8).zip(MESHING.chunks(8)) {
            let block: [u8; 8] = std::array::from_fn(|place| block[place]);
            out.copy_from_slice(&self.decrypt(block));
        }
        Self::new(&key)
    }

    /// Decrypts whole blocks, each by itself (RFC 5830 §5).
    pub(super) fn decrypt_blocks(&self, data: &mut [u8]) {
        for block in data.chunks_exact_mut(8) {
            let plain = self.decrypt(std::array::from_fn(|place| block[place]));
            block.copy_from_slice(&plain);
        }
    }

    /// The MAC of 32 bits (RFC 5830 §8), which begins with `iv` (RFC 4357 §6.1). Of at least two
    /// blocks; the last one is filled up with zeros.
    pub(super) fn mac(&self, iv: [u8; 8], data: &[u8]) -> [u8; 4] {
        let word = |octets: &[u8]| octets.iter().rev().fold(0, |n, &o| n << 8 | u32::from(o));
        let mut state = [word(&iv[..4]), word(&iv[4..])];
        for block in data.chunks(8) {
            state[0] ^= word(block.get(..4).unwrap_or(block));
            state[1] ^= word(block.get(4..).unwrap_or_default());
            // Half of the rounds of encryption: the key twice.
            for part in self.key.chunks(4).cycle().take(16) {
                let mixed = substituted::<C>(state[0].wrapping_add(word(part))).rotate_left(11);
                state = [state[1] ^ mixed, state[0]];
            }
        }
        state[0].to_le_bytes()
    }
}

fn substituted<C: Substitution>(value: u32) -> u32 {
    let nibble = |(place, table): (usize, &[u8; 16])| {
        u32::from(table[(value >> (4 * place) & 15) as usize]) << (4 * place)
    };
    C::TABLE.iter().enumerate().map(nibble).sum()
}

fn turned<C: BlockCipherEncrypt>(
    mut block: [u8; 8],
    transform: impl FnOnce(&mut Block<C>),
) -> [u8; 8] {
    block.reverse();
    let mut array = Block::<C>::default();
    array.copy_from_slice(&block);
    transform(&mut array);
    block.copy_from_slice(&array);
    block.reverse();
    block
}

fn cfb<C: Substitution>(key: &[u8; 32], iv: [u8; 8], data: &mut [u8]) {
    let mut cipher = Gost28147::<C>::new(key);
    let mut register = iv;
    for (index, block) in data.chunks_mut(8).enumerate() {
        if index > 0 && (index * 8) % SECTION == 0 {
            cipher = cipher.meshed();
            register = cipher.encrypt(register);
        }
        let gamma = cipher.encrypt(register);
        register[..block.len()].copy_from_slice(block);
        block.iter_mut().zip(gamma).for_each(|(octet, gamma)| *octet ^= gamma);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenSSL's engine says (`gost-mac` and `gost-mac-12`).
    #[test]
    fn macs() {
        let key = b"0123456789abcdef0123456789abcdef";
        let data: Vec<u8> = (0..40).collect();
        let mac = Gost28147::<Gost89CryptoProA>::new(key).mac([0; 8], &data);
        assert_eq!(hex::encode(mac), "b6244ee6");
        let mac = Gost28147::<Magma>::new(key).mac([0; 8], &data);
        assert_eq!(hex::encode(mac), "e2cc685b");
    }

    #[test]
    fn blocks_come_back() {
        let cipher = Gost28147::<Magma>::new(&[7; 32]);
        let block = [1, 2, 3, 4, 5, 6, 7, 8];
        let mut data = [cipher.encrypt(block), cipher.encrypt([0; 8])].concat();
        cipher.decrypt_blocks(&mut data);
        assert_eq!(data, [block, [0; 8]].concat());
    }
}
