//! GOST 28147-89 in CFB mode with CryptoPro key meshing (RFC 4357 §2.3), for containers made
//! before the ciphers of 2015.

use magma::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, Key, KeyInit};
use magma::{Gost89CryptoProA, Gost89CryptoProB, Gost89CryptoProC, Gost89CryptoProD, Magma};

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

/// The cipher with the byte order of 1989: words are little-endian.
struct LittleEndian<C>(C);

impl<C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit> LittleEndian<C> {
    fn new(key: &[u8; 32]) -> Self {
        let mut swapped = Key::<C>::default();
        swapped.copy_from_slice(key);
        swapped.chunks_mut(4).for_each(<[u8]>::reverse);
        Self(C::new(&swapped))
    }

    fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        turned::<C>(block, |array| self.0.encrypt_block(array))
    }

    fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        turned::<C>(block, |array| self.0.decrypt_block(array))
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

fn cfb<C>(key: &[u8; 32], iv: [u8; 8], data: &mut [u8])
where
    C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit,
{
    let mut cipher = LittleEndian::<C>::new(key);
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
