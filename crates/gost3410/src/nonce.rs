//! Nonces.

use rand_core::TryCryptoRng;
use signature::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{curve::Curve, kdf::hmac, scheme};

/// A source of secret numbers `0 < k < q`.
pub trait Nonces {
    /// Writes the next one, little-endian, of the length of a private key.
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error>;
}

/// From a generator, by rejection.
pub struct Random<'a, R: ?Sized> {
    curve: Curve,
    rng: &'a mut R,
}

impl<'a, R: TryCryptoRng + ?Sized> Random<'a, R> {
    pub fn new(curve: Curve, rng: &'a mut R) -> Self {
        Self { curve, rng }
    }

    /// Writes a number `0 < k < q`, little-endian, uniformly among all.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), R::Error> {
        let spare = 8 * out.len() - scheme::order_bits(self.curve);
        loop {
            self.rng.try_fill_bytes(out)?;
            if let Some(top) = out.last_mut() {
                *top &= 0xFF >> spare;
            }
            if scheme::in_range(self.curve, out) {
                return Ok(());
            }
        }
    }
}

impl<R: TryCryptoRng + ?Sized> Nonces for Random<'_, R> {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill(out).map_err(|_| Error::new())
    }
}

/// From the key, the digest and additional data: RFC 6979, 3.2 and 3.6, with HMAC-Streebog of the
/// key's size. In step d the digest enters as the number that is signed, in full length (see the
/// crate's documentation).
pub struct Deterministic {
    curve: Curve,
    key: [u8; 64],
    value: [u8; 64],
    started: bool,
}

impl Deterministic {
    /// `secret` and `digest` have the length of a private key.
    pub fn new(curve: Curve, secret: &[u8], digest: &[u8], extra: &[u8]) -> Self {
        let length = curve.size().bytes();
        let mut secret_be = Zeroizing::new([0; 64]);
        let secret_be = &mut secret_be[..length];
        secret_be.copy_from_slice(secret);
        secret_be.reverse();
        let mut number = [0; 64];
        let number = &mut number[..length];
        scheme::digest_number(curve, digest, number);
        let mut new = Self { curve, key: [0; 64], value: [1; 64], started: false };
        new.update(&[&[0], secret_be, number, extra]);
        new.update(&[&[1], secret_be, number, extra]);
        new
    }

    /// `K = HMAC(K, V ‖ parts)`, `V = HMAC(K, V)`.
    fn update(&mut self, parts: &[&[u8]; 4]) {
        let length = self.curve.size().bytes();
        let [separator, secret, number, extra] = parts;
        let mut key = Zeroizing::new([0; 64]);
        hmac(
            self.curve.size(),
            &self.key[..length],
            &[&self.value[..length], separator, secret, number, extra],
            &mut key[..length],
        );
        self.key = *key;
        self.step();
    }

    /// `V = HMAC(K, V)`.
    fn step(&mut self) {
        let length = self.curve.size().bytes();
        let mut value = Zeroizing::new([0; 64]);
        hmac(
            self.curve.size(),
            &self.key[..length],
            &[&self.value[..length]],
            &mut value[..length],
        );
        self.value = *value;
    }
}

impl Nonces for Deterministic {
    fn next(&mut self, out: &mut [u8]) -> Result<(), Error> {
        let spare = 8 * out.len() - scheme::order_bits(self.curve);
        loop {
            if self.started {
                self.update(&[&[0], &[], &[], &[]]);
            }
            self.started = true;
            self.step();
            // bits2int: the leftmost bits, as many as q has.
            let mut carried = 0;
            for (octet, to) in self.value.iter().zip(out.iter_mut().rev()) {
                *to = (u16::from(*octet) >> spare) as u8 | carried;
                carried = ((u16::from(*octet) << 8 >> spare) & 0xFF) as u8;
            }
            if scheme::in_range(self.curve, out) {
                return Ok(());
            }
        }
    }
}

impl Drop for Deterministic {
    fn drop(&mut self) {
        self.key.zeroize();
        self.value.zeroize();
    }
}
