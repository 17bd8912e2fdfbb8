//! Keys from keys.

use alloc::vec::Vec;

use hmac::{Hmac, KeyInit, Mac};
use streebog::{Streebog256, Streebog512};
use zeroize::Zeroizing;

use crate::{curve::KeySize, error::KeyError};

/// HMAC-Streebog of the parts, one after another. The key has at most 64 octets, the output 32 or
/// 64 by the size.
pub(crate) fn hmac(size: KeySize, key: &[u8], parts: &[&[u8]], out: &mut [u8]) {
    // A key shorter than a block stands for itself with zeros behind it.
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    match size {
        KeySize::Bits256 => finish(Hmac::<Streebog256>::new((&*block).into()), parts, out),
        KeySize::Bits512 => finish(Hmac::<Streebog512>::new((&*block).into()), parts, out),
    }
}

fn finish<M: Mac>(mut mac: M, parts: &[&[u8]], out: &mut [u8]) {
    parts.iter().for_each(|part| mac.update(part));
    out.copy_from_slice(&mac.finalize().into_bytes());
}

/// `KDF_GOSTR3411_2012_256` (RFC 7836, 4): a 256-bit key for one purpose from a shared key.
pub fn kdf(key: &[u8; 32], label: &[u8], seed: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let parts: [&[u8]; 5] = [&[1], label, &[0], seed, &[1, 0]];
    hmac(KeySize::Bits256, key, &parts, &mut *out);
    out
}

/// `KDF_TREE_GOSTR3411_2012_256` (RFC 7836, 4): `length` octets for several purposes from a
/// shared key. `counter_octets` is the length `R` of the counter, 1 to 4.
///
/// # Errors
/// [`KeyError::Length`] when `R` is out of range, or so small that the counter would repeat, or
/// when no octets are asked for.
pub fn kdf_tree(
    key: &[u8; 32],
    label: &[u8],
    seed: &[u8],
    counter_octets: usize,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let blocks = u32::try_from(length.div_ceil(32)).map_err(|_| KeyError::Length)?;
    let bits = u64::try_from(length).ok().and_then(|length| length.checked_mul(8));
    let bits = bits.ok_or(KeyError::Length)?.to_be_bytes();
    let counter_fits =
        matches!(counter_octets, 1..=4) && u64::from(blocks) < 1 << (8 * counter_octets);
    if !counter_fits || length == 0 {
        return Err(KeyError::Length);
    }
    // The length in bits, in the least number of octets.
    let leading = bits.iter().take_while(|&&octet| octet == 0).count();
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    let mut block = Zeroizing::new([0; 32]);
    for counter in 1..=blocks {
        let counter = counter.to_be_bytes();
        let parts: [&[u8]; 5] =
            [&counter[4 - counter_octets..], label, &[0], seed, &bits[leading..]];
        hmac(KeySize::Bits256, key, &parts, &mut *block);
        let wanted = (length - out.len()).min(32);
        out.extend_from_slice(&block[..wanted]);
    }
    Ok(out)
}
