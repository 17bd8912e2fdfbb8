//! Little-endian arrays of 64-bit limbs.

use cmov::Cmov;

/// Parses a big-endian hexadecimal constant of exactly `16 * N` digits.
///
/// # Panics
/// At compile time, when the constant has another length or a foreign digit.
pub const fn parse<const N: usize>(text: &str) -> [u64; N] {
    let text = text.as_bytes();
    assert!(text.len() == 16 * N, "the length of a constant");
    let mut limbs = [0; N];
    let mut index = 0;
    while index < text.len() {
        let digit = match text[index] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("a digit of a constant"),
        };
        let limb = N - 1 - index / 16;
        limbs[limb] = limbs[limb] << 4 | digit as u64;
        index += 1;
    }
    limbs
}

/// Reads `8 * N` little-endian octets.
pub fn from_le_bytes<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut limbs = [0; N];
    for (limb, octets) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        *limb = octets.iter().rev().fold(0, |value, &octet| value << 8 | u64::from(octet));
    }
    limbs
}

/// Reads `8 * N` big-endian octets.
pub fn from_be_bytes<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let mut limbs = [0; N];
    for (limb, octets) in limbs.iter_mut().zip(bytes.rchunks_exact(8)) {
        *limb = octets.iter().fold(0, |value, &octet| value << 8 | u64::from(octet));
    }
    limbs
}

/// Writes `8 * N` little-endian octets.
pub fn write_le<const N: usize>(limbs: &[u64; N], out: &mut [u8]) {
    for (octets, limb) in out.chunks_exact_mut(8).zip(limbs) {
        octets.copy_from_slice(&limb.to_le_bytes());
    }
}

/// Writes `8 * N` big-endian octets.
pub fn write_be<const N: usize>(limbs: &[u64; N], out: &mut [u8]) {
    for (octets, limb) in out.rchunks_exact_mut(8).zip(limbs) {
        octets.copy_from_slice(&limb.to_be_bytes());
    }
}

/// [`u64::carrying_add`], which is no constant function yet.
#[inline(always)]
const fn carrying_add(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = sum.overflowing_add(carry as u64);
    (sum, first | second)
}

/// [`u64::borrowing_sub`], which is no constant function yet.
#[inline(always)]
const fn borrowing_sub(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = a.overflowing_sub(b);
    let (difference, second) = difference.overflowing_sub(borrow as u64);
    (difference, first | second)
}

/// `a + b`, and the carry.
#[inline(always)]
pub const fn add<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut sum = [0; N];
    let mut carry = false;
    let mut i = 0;
    while i < N {
        (sum[i], carry) = carrying_add(a[i], b[i], carry);
        i += 1;
    }
    (sum, carry)
}

/// `a - b`, and the borrow.
#[inline(always)]
pub const fn sub<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut difference = [0; N];
    let mut borrow = false;
    let mut i = 0;
    while i < N {
        (difference[i], borrow) = borrowing_sub(a[i], b[i], borrow);
        i += 1;
    }
    (difference, borrow)
}

/// `a + word`, and the carry.
#[inline(always)]
pub fn add_word<const N: usize>(a: &[u64; N], word: u64) -> ([u64; N], bool) {
    let mut sum = *a;
    let mut carry;
    (sum[0], carry) = a[0].overflowing_add(word);
    for limb in &mut sum[1..] {
        (*limb, carry) = limb.carrying_add(0, carry);
    }
    (sum, carry)
}

/// `a - word`, and the borrow.
#[inline(always)]
pub fn sub_word<const N: usize>(a: &[u64; N], word: u64) -> ([u64; N], bool) {
    let mut difference = *a;
    let mut borrow;
    (difference[0], borrow) = a[0].overflowing_sub(word);
    for limb in &mut difference[1..] {
        (*limb, borrow) = limb.borrowing_sub(0, borrow);
    }
    (difference, borrow)
}

/// All ones when `choice`, else zero. The optimiser does not see that the result is one of two
/// values: it would make branches of what follows, and does so when given the chance.
#[inline(always)]
pub fn mask(choice: bool) -> u64 {
    let mut mask = 0;
    mask.cmovnz(&u64::MAX, u8::from(choice));
    mask
}

/// `b` when `mask` is all ones, `a` when it is zero.
#[inline(always)]
pub fn select<const N: usize>(a: &[u64; N], b: &[u64; N], mask: u64) -> [u64; N] {
    let mut out = [0; N];
    for i in 0..N {
        out[i] = a[i] ^ (mask & (a[i] ^ b[i]));
    }
    out
}

/// Whether all limbs are zero; looks at each.
#[inline(always)]
pub fn is_zero<const N: usize>(a: &[u64; N]) -> bool {
    a.iter().fold(0, |all, limb| all | limb) == 0
}

/// The number of significant bits.
pub const fn bits<const N: usize>(a: &[u64; N]) -> usize {
    let mut limb = N;
    while limb > 0 {
        limb -= 1;
        if a[limb] != 0 {
            return 64 * limb + 64 - a[limb].leading_zeros() as usize;
        }
    }
    0
}

/// The bit of weight `2^index`; zero beyond the array. The index is public.
#[inline(always)]
pub fn bit<const N: usize>(a: &[u64; N], index: usize) -> u64 {
    a.get(index / 64).map_or(0, |limb| limb >> (index % 64) & 1)
}

/// Adds `factor · row` to the limbs from `start` on; gives the carry out of the limb behind the
/// row, which it adds to as well. The low and the high words of the products make a chain of
/// additions each, which compiles to fewer instructions than carrying words along.
#[inline(always)]
pub fn add_row<const N: usize>(sum: &mut [u64], start: usize, factor: u64, row: &[u64; N]) -> bool {
    let (mut low, mut high) = ([0; N], [0; N]);
    for i in 0..N {
        (low[i], high[i]) = factor.carrying_mul(row[i], 0);
    }
    let mut carry = false;
    for i in 0..N {
        (sum[start + i], carry) = sum[start + i].carrying_add(low[i], carry);
    }
    // The high word of a product is less than the greatest word: this does not overflow.
    high[N - 1] += u64::from(carry);
    carry = false;
    for i in 0..N {
        (sum[start + i + 1], carry) = sum[start + i + 1].carrying_add(high[i], carry);
    }
    carry
}

/// The product as low and high half.
#[inline(always)]
pub fn mul_wide<const N: usize>(a: &[u64; N], b: &[u64; N]) -> [[u64; N]; 2] {
    if let ([a0, a1], []) = a.as_chunks::<4>()
        && let ([b0, b1], []) = b.as_chunks::<4>()
    {
        return karatsuba([a0, a1], [b0, b1]);
    }
    let mut halves = [[0; N]; 2];
    let product = halves.as_flattened_mut();
    for (i, &factor) in a.iter().enumerate() {
        // Nothing has been added to the limb behind the row yet.
        add_row(product, i, factor, b);
    }
    halves
}

/// The product of numbers of eight limbs by three products of four limbs instead of four.
#[inline(always)]
fn karatsuba<const N: usize>(a: [&[u64; 4]; 2], b: [&[u64; 4]; 2]) -> [[u64; N]; 2] {
    let low = mul_wide(a[0], b[0]);
    let high = mul_wide(a[1], b[1]);
    let (a_difference, a_negative) = distance(a[0], a[1]);
    let (b_difference, b_negative) = distance(b[0], b[1]);
    let cross = mul_wide(&a_difference, &b_difference);
    // The middle is low + high - (a0 - a1)(b0 - b1).
    let mut middle = [0; 9];
    let mut carry = false;
    for (i, limb) in middle[..8].iter_mut().enumerate() {
        (*limb, carry) = low[i / 4][i % 4].carrying_add(high[i / 4][i % 4], carry);
    }
    middle[8] = u64::from(carry);
    carry = a_negative == b_negative;
    let negation = u64::from(carry).wrapping_neg();
    for (i, limb) in middle[..8].iter_mut().enumerate() {
        (*limb, carry) = limb.carrying_add(cross[i / 4][i % 4] ^ negation, carry);
    }
    middle[8] = middle[8].wrapping_add(negation).wrapping_add(u64::from(carry));

    let mut halves = [[0; N]; 2];
    let product = halves.as_flattened_mut();
    product[..8].copy_from_slice(low.as_flattened());
    product[8..].copy_from_slice(high.as_flattened());
    carry = false;
    for (limb, addend) in product[4..].iter_mut().zip(middle.into_iter().chain([0; 3])) {
        (*limb, carry) = limb.carrying_add(addend, carry);
    }
    halves
}

/// `|a - b|`, and whether `a` is the lesser.
#[inline(always)]
fn distance(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let (mut difference, negative) = sub(a, b);
    let negation = u64::from(negative).wrapping_neg();
    let mut carry = negative;
    for limb in &mut difference {
        (*limb, carry) = (*limb ^ negation).carrying_add(0, carry);
    }
    (difference, negative)
}

/// The square as low and high half.
#[inline(always)]
pub fn square_wide<const N: usize>(a: &[u64; N]) -> [[u64; N]; 2] {
    let mut halves = [[0; N]; 2];
    let product = halves.as_flattened_mut();
    for i in 0..N {
        let mut carry = 0;
        for j in i + 1..N {
            (product[i + j], carry) = a[i].carrying_mul_add(a[j], product[i + j], carry);
        }
        product[i + N] = carry;
    }
    let mut top = 0;
    let mut carry = false;
    for i in 0..N {
        let (low, high) = a[i].carrying_mul(a[i], 0);
        let (even, odd) = (product[2 * i], product[2 * i + 1]);
        (product[2 * i], carry) = (even << 1 | top).carrying_add(low, carry);
        (product[2 * i + 1], carry) = (odd << 1 | even >> 63).carrying_add(high, carry);
        top = odd >> 63;
    }
    halves
}

/// `(a + 1)/2` for an odd `a`.
pub const fn half_up<const N: usize>(a: &[u64; N]) -> [u64; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        let high = if i + 1 < N { a[i + 1] << 63 } else { 0 };
        out[i] = a[i] >> 1 | high;
        i += 1;
    }
    let mut one = [0; N];
    one[0] = 1;
    add(&out, &one).0
}

/// `3a` modulo `p`, for `a` below `p`.
pub const fn thrice<const N: usize>(a: &[u64; N], p: &[u64; N]) -> [u64; N] {
    let mut sum = *a;
    let mut step = 0;
    while step < 2 {
        let (next, carry) = add(&sum, a);
        let (reduced, borrow) = sub(&next, p);
        sum = if carry || !borrow { reduced } else { next };
        step += 1;
    }
    sum
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Limbs that carry and borrow often.
    pub fn limbs<const N: usize>() -> impl Strategy<Value = [u64; N]> {
        let limb = prop_oneof![
            Just(0),
            Just(1),
            Just(u64::MAX),
            Just(u64::MAX - 1),
            Just(1 << 63),
            any::<u64>(),
        ];
        proptest::collection::vec(limb, N)
            .prop_map(|limbs| core::array::from_fn(|index| limbs[index]))
    }

    /// The product by doubling and adding, as a number of `2N` limbs.
    fn slow<const N: usize>(a: &[u64; N], b: &[u64; N]) -> [[u64; N]; 2] {
        (0..64 * N).rev().fold([[0; N]; 2], |[low, high], place| {
            let (double, carry) = add(&low, &low);
            let (mut top, _) = add(&high, &high);
            top = add_word(&top, u64::from(carry)).0;
            let (sum, carry) = add(&double, &if bit(b, place) == 1 { *a } else { [0; N] });
            [sum, add_word(&top, u64::from(carry)).0]
        })
    }

    proptest! {
        #[test]
        fn products_are_those_of_the_slow_way(
            (a, b) in (limbs::<4>(), limbs::<4>()),
            (c, d) in (limbs::<8>(), limbs::<8>()),
        ) {
            prop_assert_eq!(mul_wide(&a, &b), slow(&a, &b));
            prop_assert_eq!(mul_wide(&c, &d), slow(&c, &d));
            prop_assert_eq!(square_wide(&a), slow(&a, &a));
            prop_assert_eq!(square_wide(&c), slow(&c, &c));
        }

        #[test]
        fn octets_come_back(a in limbs::<4>()) {
            let mut octets = [0; 32];
            write_le(&a, &mut octets);
            prop_assert_eq!(from_le_bytes(&octets), a);
            octets.reverse();
            prop_assert_eq!(from_be_bytes(&octets), a);
            let mut again = [0; 32];
            write_be(&a, &mut again);
            prop_assert_eq!(again, octets);
        }
    }

    #[test]
    fn bits_are_counted() {
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[1, 0]), 1);
        assert_eq!(bits(&[u64::MAX, 1 << 62]), 127);
    }
}
