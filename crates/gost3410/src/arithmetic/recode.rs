//! Scalars as digits.

use super::limbs;

/// The width-`w` non-adjacent form, least digit first: each digit is zero or odd and below
/// `2^(w-1)` in size, and of `w` neighbours at most one is not zero. For public scalars.
pub struct NonAdjacent {
    digits: [i8; 513],
}

impl NonAdjacent {
    /// Recodes with `2 <= width <= 8`.
    pub fn new<const N: usize>(scalar: &[u64; N], width: usize) -> Self {
        let mut digits = [0; 513];
        let mut position = 0;
        let mut carry = 0;
        while position <= 64 * N {
            if limbs::bit(scalar, position) == carry {
                position += 1;
                continue;
            }
            let window = window(scalar, position, width) + carry;
            carry = window >> (width - 1) & 1;
            let digit = window as i64 - ((carry as i64) << width);
            digits[position] = digit as i8;
            position += width;
        }
        Self { digits }
    }

    /// The digit of weight `2^position`.
    pub fn digit(&self, position: usize) -> i8 {
        self.digits[position]
    }
}

/// `width` bits from a position; zeros beyond the end.
fn window<const N: usize>(scalar: &[u64; N], position: usize, width: usize) -> u64 {
    let (limb, shift) = (position / 64, position % 64);
    let low = scalar.get(limb).map_or(0, |word| word >> shift);
    let high =
        if shift == 0 { 0 } else { scalar.get(limb + 1).map_or(0, |word| word << (64 - shift)) };
    (low | high) & ((1 << width) - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The sum of the digits by weight, modulo `2^256`.
    fn value(form: &NonAdjacent) -> [u64; 4] {
        (0..=256).rev().fold([0; 4], |sum, position| {
            let (double, _) = limbs::add(&sum, &sum);
            let digit = i64::from(form.digit(position));
            let sign = (digit >> 63) as u64;
            limbs::add(&double, &[digit as u64, sign, sign, sign]).0
        })
    }

    proptest! {
        #[test]
        fn digits_give_the_scalar_back(scalar: [u64; 4], width in 2usize..=8) {
            let form = NonAdjacent::new(&scalar, width);
            prop_assert_eq!(value(&form), scalar);
            let bound = 1i16 << (width - 1);
            for start in 0..=256 {
                let digit = i16::from(form.digit(start));
                prop_assert!(digit == 0 || (digit % 2 != 0 && digit.abs() < bound));
                let end = (start + width).min(257);
                let busy = (start..end).filter(|&position| form.digit(position) != 0).count();
                prop_assert!(busy <= 1);
            }
        }
    }

    #[test]
    fn the_greatest_scalar_carries_out_of_its_limbs() {
        let form = NonAdjacent::new(&[u64::MAX; 4], 5);
        assert_eq!((form.digit(0), form.digit(256)), (-1, 1));
    }
}
