//! Prime fields.
//!
//! Two ways to reduce, chosen from the prime: primes `2^(64N) - c` with a one-word `c` fold the
//! high half back; all others use Montgomery's form. Primes with zero limbs (CryptoPro-B,
//! 512-B) take Montgomery's form too: the modulus is a constant, so the compiler drops the
//! multiplications by zero.

use core::{
    marker::PhantomData,
    ops::{Add, Mul, Neg, Sub},
};

use super::{invert, limbs};

/// How elements are held and reduced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// `2^(64N) - c`; an element is any value below `2^(64N)`.
    Fold(u64),
    /// `x · 2^(64N)`, below the prime.
    Montgomery,
}

/// An odd prime of `64N` bits or a little less, as a marker type.
pub trait Modulus<const N: usize>: Copy + 'static {
    /// The prime.
    const P: [u64; N];
    /// How elements are held.
    const REDUCTION: Reduction = reduction(&Self::P);
    /// `-1/p` modulo `2^64`.
    const NEGATED_INVERSE: u64 = negated_inverse(Self::P[0]);
    /// `2^(64N)` modulo `p`.
    const R: [u64; N] = power_of_two(&Self::P, 64 * N);
    /// `2^(128N)` modulo `p`.
    const R2: [u64; N] = power_of_two(&Self::P, 128 * N);
}

const fn reduction<const N: usize>(p: &[u64; N]) -> Reduction {
    let mut i = 1;
    while i < N {
        if p[i] != u64::MAX {
            return Reduction::Montgomery;
        }
        i += 1;
    }
    let c = p[0].wrapping_neg();
    if c < 1 << 32 { Reduction::Fold(c) } else { Reduction::Montgomery }
}

const fn negated_inverse(p: u64) -> u64 {
    // Newton: each step doubles the number of right bits, from three.
    let mut inverse = p;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(p.wrapping_mul(inverse)));
        step += 1;
    }
    inverse.wrapping_neg()
}

/// `2^exponent` modulo `p`.
pub const fn power_of_two<const N: usize>(p: &[u64; N], exponent: usize) -> [u64; N] {
    let mut one = [0; N];
    one[0] = 1;
    shift_left(one, p, exponent)
}

/// `value · 2^places` modulo `p`, for a value below `p`.
const fn shift_left<const N: usize>(mut value: [u64; N], p: &[u64; N], places: usize) -> [u64; N] {
    let mut step = 0;
    while step < places {
        let (double, carry) = limbs::add(&value, &value);
        let (reduced, borrow) = limbs::sub(&double, p);
        value = if carry || !borrow { reduced } else { double };
        step += 1;
    }
    value
}

/// An element of the field of `M`.
pub struct Element<M, const N: usize> {
    limbs: [u64; N],
    modulus: PhantomData<M>,
}

impl<M, const N: usize> Clone for Element<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, const N: usize> Copy for Element<M, N> {}

impl<M: Modulus<N>, const N: usize> Element<M, N> {
    pub const ZERO: Self = Self::raw([0; N]);
    pub const ONE: Self = Self::raw(match M::REDUCTION {
        Reduction::Fold(_) => {
            let mut one = [0; N];
            one[0] = 1;
            one
        }
        Reduction::Montgomery => M::R,
    });

    /// Whether products are functions of their own. For eight limbs a copy at each place costs more
    /// in code than the call in time, and in the browser every byte is downloaded.
    const CALLED: bool = N > 4 || cfg!(target_family = "wasm");

    const fn raw(limbs: [u64; N]) -> Self {
        Self { limbs, modulus: PhantomData }
    }

    /// The residue of a constant below the prime, at compile time.
    pub const fn constant(value: [u64; N]) -> Self {
        match M::REDUCTION {
            Reduction::Fold(_) => Self::raw(value),
            Reduction::Montgomery => Self::raw(shift_left(value, &M::P, 64 * N)),
        }
    }

    /// The residue of any value below `2^(64N)`.
    #[inline(always)]
    pub fn from_limbs(value: [u64; N]) -> Self {
        match M::REDUCTION {
            Reduction::Fold(_) => Self::raw(value),
            Reduction::Montgomery => Self::raw(value) * Self::raw(M::R2),
        }
    }

    /// The least non-negative value.
    pub fn to_limbs(self) -> [u64; N] {
        match M::REDUCTION {
            Reduction::Fold(c) => {
                // At or above p exactly when adding c overflows.
                let (reduced, carry) = limbs::add_word(&self.limbs, c);
                limbs::select(&self.limbs, &reduced, limbs::mask(carry))
            }
            Reduction::Montgomery => {
                let mut halves = [self.limbs, [0; N]];
                montgomery::<M, N>(&mut halves)
            }
        }
    }

    /// Whether the element is zero; reads every limb.
    pub fn is_zero(self) -> bool {
        match M::REDUCTION {
            Reduction::Fold(_) => limbs::is_zero(&self.to_limbs()),
            Reduction::Montgomery => limbs::is_zero(&self.limbs),
        }
    }

    #[inline(always)]
    pub fn double(self) -> Self {
        self + self
    }

    #[inline(always)]
    pub fn square(self) -> Self {
        if Self::CALLED {
            self.square_called()
        } else {
            Self::reduce(limbs::square_wide(&self.limbs))
        }
    }

    #[inline(never)]
    fn square_called(self) -> Self {
        Self::reduce(limbs::square_wide(&self.limbs))
    }

    #[inline(never)]
    fn mul_called(self, other: &Self) -> Self {
        Self::reduce(limbs::mul_wide(&self.limbs, &other.limbs))
    }

    /// The product with a small number. Cheap where the reduction folds.
    #[inline(always)]
    pub fn times(self, small: u32) -> Self {
        match M::REDUCTION {
            Reduction::Fold(c) => {
                let mut product = [0; N];
                let mut carry = 0;
                for (to, limb) in product.iter_mut().zip(self.limbs) {
                    (*to, carry) = limb.carrying_mul(u64::from(small), carry);
                }
                Self::raw(fold_word(&product, carry * c, c))
            }
            Reduction::Montgomery => {
                let mut value = [0; N];
                value[0] = u64::from(small);
                self * Self::from_limbs(value)
            }
        }
    }

    /// `1/x`, and zero for zero, by a fixed number of steps.
    pub fn invert(self) -> Self {
        Self::from_limbs(invert::constant_time(&self.to_limbs(), &M::P))
    }

    /// `1/x`, and zero for zero. The time depends on the value.
    pub fn invert_public(self) -> Self {
        Self::from_limbs(invert::variable_time(&self.to_limbs(), &M::P))
    }

    /// `other` when `mask` is all ones, `self` when it is zero.
    #[inline(always)]
    pub fn select(self, other: Self, mask: u64) -> Self {
        Self::raw(limbs::select(&self.limbs, &other.limbs, mask))
    }

    /// Adds `other`'s limbs under the mask into an all-zero element; for look-ups that read every
    /// entry of a table.
    #[inline(always)]
    pub fn gather(&mut self, other: &Self, mask: u64) {
        for i in 0..N {
            self.limbs[i] |= other.limbs[i] & mask;
        }
    }

    #[inline(always)]
    fn reduce(mut halves: [[u64; N]; 2]) -> Self {
        match M::REDUCTION {
            Reduction::Fold(c) => {
                let [low, high] = halves;
                let mut sum = [0; N];
                let mut carry = 0;
                for i in 0..N {
                    (sum[i], carry) = high[i].carrying_mul_add(c, low[i], carry);
                }
                Self::raw(fold_word(&sum, carry * c, c))
            }
            Reduction::Montgomery => Self::raw(montgomery::<M, N>(&mut halves)),
        }
    }
}

/// `sum + word`, where a carry out of the top counts as `c`. `word` is below `2^64 - c`.
#[inline(always)]
fn fold_word<const N: usize>(sum: &[u64; N], word: u64, c: u64) -> [u64; N] {
    let (mut folded, carry) = limbs::add_word(sum, word);
    // After an overflow the value is below `word`, so this cannot overflow again.
    folded[0] = folded[0].wrapping_add(c & limbs::mask(carry));
    folded
}

/// `halves / 2^(64N)` modulo `p`, below `p`, for products of values below `2^(64N)` and `p`.
#[inline(always)]
fn montgomery<M: Modulus<N>, const N: usize>(halves: &mut [[u64; N]; 2]) -> [u64; N] {
    let wide = halves.as_flattened_mut();
    let mut overflow = false;
    for i in 0..N {
        let factor = wide[i].wrapping_mul(M::NEGATED_INVERSE);
        let mut carry = 0;
        for j in 0..N {
            (wide[i + j], carry) = factor.carrying_mul_add(M::P[j], wide[i + j], carry);
        }
        (wide[i + N], overflow) = wide[i + N].carrying_add(carry, overflow);
    }
    let value = halves[1];
    let (reduced, borrow) = limbs::sub(&value, &M::P);
    limbs::select(&value, &reduced, limbs::mask(overflow | !borrow))
}

impl<M: Modulus<N>, const N: usize> Add for Element<M, N> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let (sum, carry) = limbs::add(&self.limbs, &other.limbs);
        match M::REDUCTION {
            Reduction::Fold(c) => Self::raw(fold_word(&sum, c & limbs::mask(carry), c)),
            Reduction::Montgomery => {
                let (reduced, borrow) = limbs::sub(&sum, &M::P);
                Self::raw(limbs::select(&sum, &reduced, limbs::mask(carry | !borrow)))
            }
        }
    }
}

impl<M: Modulus<N>, const N: usize> Sub for Element<M, N> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let (difference, borrow) = limbs::sub(&self.limbs, &other.limbs);
        match M::REDUCTION {
            Reduction::Fold(c) => {
                let (mut folded, again) = limbs::sub_word(&difference, c & limbs::mask(borrow));
                // After a second borrow the value is at least 2^(64N) - c.
                folded[0] = folded[0].wrapping_sub(c & limbs::mask(again));
                Self::raw(folded)
            }
            Reduction::Montgomery => {
                let (corrected, _) = limbs::add(&difference, &M::P);
                Self::raw(limbs::select(&difference, &corrected, limbs::mask(borrow)))
            }
        }
    }
}

impl<M: Modulus<N>, const N: usize> Mul for Element<M, N> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        if Self::CALLED {
            self.mul_called(&other)
        } else {
            Self::reduce(limbs::mul_wide(&self.limbs, &other.limbs))
        }
    }
}

impl<M: Modulus<N>, const N: usize> Neg for Element<M, N> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl<M: Modulus<N>, const N: usize> PartialEq for Element<M, N> {
    fn eq(&self, other: &Self) -> bool {
        (*self - *other).is_zero()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::limbs::tests::limbs, *};
    use crate::curves;

    /// The residue, by subtraction.
    fn residue<M: Modulus<N>, const N: usize>(mut value: [u64; N]) -> [u64; N] {
        while let (reduced, false) = limbs::sub(&value, &M::P) {
            value = reduced;
        }
        value
    }

    /// `a + b` modulo `p`, for residues.
    fn slow_add<M: Modulus<N>, const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let (sum, carry) = limbs::add(a, b);
        let (reduced, borrow) = limbs::sub(&sum, &M::P);
        if carry || !borrow { reduced } else { sum }
    }

    /// `a · b` modulo `p`, for residues, by doubling and adding.
    fn slow_mul<M: Modulus<N>, const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        (0..64 * N).rev().fold([0; N], |sum, place| {
            let double = slow_add::<M, N>(&sum, &sum);
            if limbs::bit(b, place) == 1 { slow_add::<M, N>(&double, a) } else { double }
        })
    }

    fn agrees<M: Modulus<N>, const N: usize>(
        a: [u64; N],
        b: [u64; N],
    ) -> Result<(), TestCaseError> {
        let (x, y) = (Element::<M, N>::from_limbs(a), Element::<M, N>::from_limbs(b));
        let (a, b) = (residue::<M, N>(a), residue::<M, N>(b));
        prop_assert_eq!(x.to_limbs(), a);
        prop_assert_eq!((x + y).to_limbs(), slow_add::<M, N>(&a, &b));
        prop_assert_eq!((x * y).to_limbs(), slow_mul::<M, N>(&a, &b));
        prop_assert_eq!(x.square().to_limbs(), slow_mul::<M, N>(&a, &a));
        let difference = (x - y).to_limbs();
        prop_assert_eq!(slow_add::<M, N>(&difference, &b), a);
        prop_assert_eq!((x - y).is_zero(), a == b);
        prop_assert_eq!(x == y, a == b);
        prop_assert!((x + -x).is_zero());
        // Long chains stay right without reduction in between.
        let chain = (0..9).fold(x, |sum, _| (sum.double() - y) + sum);
        let slow = (0..9).fold(a, |sum, _| {
            let double = slow_add::<M, N>(&sum, &sum);
            let minus_b = residue::<M, N>(limbs::sub(&M::P, &b).0);
            slow_add::<M, N>(&slow_add::<M, N>(&double, &minus_b), &sum)
        });
        prop_assert_eq!(chain.to_limbs(), slow);
        let small = u32::try_from(b[0] >> 40).unwrap_or(0);
        let mut factor = [0; N];
        factor[0] = u64::from(small);
        prop_assert_eq!(x.times(small).to_limbs(), slow_mul::<M, N>(&a, &factor));
        Ok(())
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_the_slow_way(
            (a, b) in (limbs::<4>(), limbs::<4>()),
            (c, d) in (limbs::<8>(), limbs::<8>()),
        ) {
            agrees::<curves::P256A, 4>(a, b)?;
            agrees::<curves::PTest256, 4>(a, b)?;
            agrees::<curves::PCryptoProB, 4>(a, b)?;
            agrees::<curves::PCryptoProC, 4>(a, b)?;
            agrees::<curves::Q256A, 4>(a, b)?;
            agrees::<curves::QCryptoProA, 4>(a, b)?;
            agrees::<curves::P512A, 8>(c, d)?;
            agrees::<curves::P512B, 8>(c, d)?;
            agrees::<curves::PTest512, 8>(c, d)?;
            agrees::<curves::Q512C, 8>(c, d)?;
        }
    }

    #[test]
    fn arithmetic_holds_around_the_modulus() -> Result<(), TestCaseError> {
        fn around<M: Modulus<N>, const N: usize>() -> Result<(), TestCaseError> {
            let (least, greatest) = ([0; N], [u64::MAX; N]);
            let below = limbs::sub_word(&M::P, 1).0;
            let above = limbs::add_word(&M::P, 1).0;
            for a in [least, below, M::P, above, greatest] {
                for b in [least, below, M::P, above, greatest] {
                    agrees::<M, N>(a, b)?;
                }
            }
            Ok(())
        }
        around::<curves::P256A, 4>()?;
        around::<curves::PCryptoProB, 4>()?;
        around::<curves::PCryptoProC, 4>()?;
        around::<curves::QCryptoProB, 4>()?;
        around::<curves::P512A, 8>()?;
        around::<curves::P512B, 8>()?;
        around::<curves::PTest512, 8>()
    }
}
