//! Modular inversion by division steps (D. Bernstein, B.-Y. Yang, «Fast constant-time gcd
//! computation and modular inversion», 2019), 62 steps at a time on the low words, as Pornin and
//! Wuille's implementations do.
//!
//! Numbers are signed, in limbs of 62 bits, least first: five limbs hold 256-bit values with room
//! for signs and carries, nine hold 512-bit ones.

use super::limbs;

/// Limbs of 62 bits; the first `N + 1` are in use.
type Signed = [i64; 9];

const LOW: u64 = u64::MAX >> 2;

/// The product of 62 division-step matrices, times `2^62`.
struct Steps {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

/// `1/value` modulo an odd prime, zero for zero, in the same steps for every value.
pub fn constant_time<const N: usize>(value: &[u64; N], modulus: &[u64; N]) -> [u64; N] {
    let mut state = State::new(value, modulus);
    // With half-integer delta, 591 steps suffice for 256 bits and 1181 for 512.
    let batches = if N == 4 { 10 } else { 20 };
    let mut zeta = -1;
    for _ in 0..batches {
        let steps = steps_constant(&mut zeta, state.f[0] as u64, state.g[0] as u64);
        state.apply::<N>(&steps);
    }
    state.finish::<N>()
}

/// `1/value` modulo an odd prime, zero for zero; stops as soon as it can.
pub fn variable_time<const N: usize>(value: &[u64; N], modulus: &[u64; N]) -> [u64; N] {
    let mut state = State::new(value, modulus);
    let mut eta = -1;
    while state.g[..=N].iter().any(|&limb| limb != 0) {
        let steps = steps_variable(&mut eta, state.f[0] as u64, state.g[0] as u64);
        state.apply::<N>(&steps);
    }
    state.finish::<N>()
}

struct State {
    modulus: Signed,
    /// `1/modulus` modulo `2^62`.
    inverse: u64,
    f: Signed,
    g: Signed,
    d: Signed,
    e: Signed,
}

impl State {
    fn new<const N: usize>(value: &[u64; N], modulus: &[u64; N]) -> Self {
        let mut inverse = modulus[0];
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(modulus[0].wrapping_mul(inverse)));
        }
        let modulus = split(modulus);
        let mut e = [0; 9];
        e[0] = 1;
        Self { modulus, inverse: inverse & LOW, f: modulus, g: split(value), d: [0; 9], e }
    }

    #[inline(always)]
    fn apply<const N: usize>(&mut self, steps: &Steps) {
        self.update_inverses::<N>(steps);
        self.update_remainders::<N>(steps);
    }

    /// `(f, g) = steps · (f, g) / 2^62`; the division is exact.
    #[inline(always)]
    fn update_remainders<const N: usize>(&mut self, &Steps { u, v, q, r }: &Steps) {
        let (mut left, mut right) = (0, 0);
        for i in 0..=N {
            left += wide(u, self.f[i]) + wide(v, self.g[i]);
            right += wide(q, self.f[i]) + wide(r, self.g[i]);
            if i > 0 {
                self.f[i - 1] = (left as u64 & LOW) as i64;
                self.g[i - 1] = (right as u64 & LOW) as i64;
            }
            left >>= 62;
            right >>= 62;
        }
        self.f[N] = left as i64;
        self.g[N] = right as i64;
    }

    /// `(d, e) = steps · (d, e) / 2^62` modulo the modulus; both stay in `(-2m, m)`.
    #[inline(always)]
    fn update_inverses<const N: usize>(&mut self, &Steps { u, v, q, r }: &Steps) {
        let d_sign = limbs::mask(self.d[N] < 0) as i64;
        let e_sign = limbs::mask(self.e[N] < 0) as i64;
        let mut md = (u & d_sign) + (v & e_sign);
        let mut me = (q & d_sign) + (r & e_sign);
        let mut left = wide(u, self.d[0]) + wide(v, self.e[0]);
        let mut right = wide(q, self.d[0]) + wide(r, self.e[0]);
        // The multiples of the modulus that make the low 62 bits vanish.
        md -= ((self.inverse.wrapping_mul(left as u64).wrapping_add(md as u64)) & LOW) as i64;
        me -= ((self.inverse.wrapping_mul(right as u64).wrapping_add(me as u64)) & LOW) as i64;
        left += wide(self.modulus[0], md);
        right += wide(self.modulus[0], me);
        left >>= 62;
        right >>= 62;
        for i in 1..=N {
            left += wide(u, self.d[i]) + wide(v, self.e[i]) + wide(self.modulus[i], md);
            right += wide(q, self.d[i]) + wide(r, self.e[i]) + wide(self.modulus[i], me);
            self.d[i - 1] = (left as u64 & LOW) as i64;
            self.e[i - 1] = (right as u64 & LOW) as i64;
            left >>= 62;
            right >>= 62;
        }
        self.d[N] = left as i64;
        self.e[N] = right as i64;
    }

    /// `d` with the sign of `f`, brought into `[0, modulus)`.
    fn finish<const N: usize>(self) -> [u64; N] {
        let mut d = self.d;
        self.add_modulus_to_negative::<N>(&mut d);
        let sign = limbs::mask(self.f[N] < 0) as i64;
        for limb in &mut d[..=N] {
            *limb = (*limb ^ sign) - sign;
        }
        carry::<N>(&mut d);
        self.add_modulus_to_negative::<N>(&mut d);
        join(&d)
    }

    fn add_modulus_to_negative<const N: usize>(&self, d: &mut Signed) {
        let mask = limbs::mask(d[N] < 0) as i64;
        for (limb, modulus) in d.iter_mut().zip(&self.modulus) {
            *limb += modulus & mask;
        }
        carry::<N>(d);
    }
}

#[inline(always)]
fn wide(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// Brings all limbs but the top one into 62 bits.
fn carry<const N: usize>(d: &mut Signed) {
    for i in 0..N {
        d[i + 1] += d[i] >> 62;
        d[i] &= LOW as i64;
    }
}

fn split<const N: usize>(value: &[u64; N]) -> Signed {
    let mut out = [0; 9];
    for (i, limb) in out[..=N].iter_mut().enumerate() {
        let (word, shift) = (62 * i / 64, 62 * i % 64);
        let low = value.get(word).map_or(0, |word| word >> shift);
        let high =
            if shift > 2 { value.get(word + 1).map_or(0, |word| word << (64 - shift)) } else { 0 };
        *limb = ((low | high) & LOW) as i64;
    }
    out
}

fn join<const N: usize>(value: &Signed) -> [u64; N] {
    let mut out = [0; N];
    for (i, word) in out.iter_mut().enumerate() {
        let (limb, shift) = (64 * i / 62, 64 * i % 62);
        let low = value[limb] as u64 >> shift;
        let high = (value[limb + 1] as u64) << (62 - shift);
        *word = low | high;
    }
    out
}

/// 62 division steps without branches. `zeta` is `-(delta + 1/2)`.
#[inline(always)]
fn steps_constant(zeta: &mut i64, f: u64, g: u64) -> Steps {
    let (mut f, mut g) = (f, g);
    let (mut u, mut v, mut q, mut r) = (1u64, 0u64, 0u64, 1u64);
    for _ in 0..62 {
        let mut swap = limbs::mask(*zeta < 0);
        let odd = limbs::mask(g & 1 == 1);
        g = g.wrapping_add((f ^ swap).wrapping_sub(swap) & odd);
        q = q.wrapping_add((u ^ swap).wrapping_sub(swap) & odd);
        r = r.wrapping_add((v ^ swap).wrapping_sub(swap) & odd);
        swap &= odd;
        *zeta = (*zeta ^ swap as i64) - 1;
        f = f.wrapping_add(g & swap);
        u = u.wrapping_add(q & swap);
        v = v.wrapping_add(r & swap);
        g >>= 1;
        u <<= 1;
        v <<= 1;
    }
    Steps { u: u as i64, v: v as i64, q: q as i64, r: r as i64 }
}

/// 62 division steps, zeros skipped and several bits cancelled at once. `eta` is `-delta`.
#[inline(always)]
fn steps_variable(eta: &mut i64, f: u64, g: u64) -> Steps {
    let (mut f, mut g) = (f, g);
    let (mut u, mut v, mut q, mut r) = (1u64, 0u64, 0u64, 1u64);
    let mut left = 62u32;
    loop {
        let zeros = (g | u64::MAX << left).trailing_zeros();
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        *eta -= i64::from(zeros);
        left -= zeros;
        if left == 0 {
            break;
        }
        // Both are odd: find the multiple of f that cancels the most bits of g.
        let factor = if *eta < 0 {
            *eta = -*eta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
            let limit = (*eta + 1).min(i64::from(left)) as u32;
            // -g/f modulo 2^6, since f(2 - f²) is 1/f modulo 2^6 for odd f.
            let product = f.wrapping_mul(g);
            product.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2))
                & (u64::MAX >> (64 - limit))
                & 63
        } else {
            let limit = (*eta + 1).min(i64::from(left)) as u32;
            // 1/f modulo 2^4 is f + 8·[bit 2 of f + 1].
            let inverse = f.wrapping_add((f.wrapping_add(1) & 4) << 1);
            inverse.wrapping_neg().wrapping_mul(g) & (u64::MAX >> (64 - limit)) & 15
        };
        g = g.wrapping_add(f.wrapping_mul(factor));
        q = q.wrapping_add(u.wrapping_mul(factor));
        r = r.wrapping_add(v.wrapping_mul(factor));
    }
    Steps { u: u as i64, v: v as i64, q: q as i64, r: r as i64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::field::{Element, Modulus};
    use super::*;
    use crate::curves;

    fn agrees<M: Modulus<N>, const N: usize>(value: [u64; N]) -> Result<(), TestCaseError> {
        let element = Element::<M, N>::from_limbs(value);
        let inverse = element.invert();
        prop_assert!(inverse == element.invert_public());
        let product = element * inverse;
        let expected = if element.is_zero() { Element::ZERO } else { Element::ONE };
        prop_assert!(product == expected);
        Ok(())
    }

    proptest! {
        #[test]
        fn the_product_with_the_inverse_is_one(value: [u64; 4], long: [u64; 8]) {
            agrees::<curves::P256A, 4>(value)?;
            agrees::<curves::Q256A, 4>(value)?;
            agrees::<curves::PCryptoProB, 4>(value)?;
            agrees::<curves::PCryptoProC, 4>(value)?;
            agrees::<curves::P512A, 8>(long)?;
            agrees::<curves::P512B, 8>(long)?;
            agrees::<curves::Q512C, 8>(long)?;
        }
    }

    #[test]
    fn edges_have_inverses() -> Result<(), TestCaseError> {
        for value in [[0; 4], [1, 0, 0, 0], [2, 0, 0, 0], [u64::MAX; 4], curves::P256A::P] {
            agrees::<curves::P256A, 4>(value)?;
            agrees::<curves::PCryptoProC, 4>(value)?;
        }
        for value in [[0; 8], [u64::MAX; 8], curves::P512A::P] {
            agrees::<curves::P512A, 8>(value)?;
            agrees::<curves::P512B, 8>(value)?;
        }
        Ok(())
    }

    #[test]
    fn limbs_of_62_bits_join_as_they_split() {
        let value = [0x0123_4567_89ab_cdef, u64::MAX, 0, 0xfedc_ba98_7654_3210];
        assert_eq!(join(&split(&value)), value);
    }
}
