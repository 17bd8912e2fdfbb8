//! Multiplication of points by scalars.

use super::{
    field::{Element, Modulus, power_of_two},
    group::{Entry, Group, Point, UniformPoint},
    limbs,
    recode::NonAdjacent,
    tables::{BASE_WIDTH, COMBS, ENTRIES, TEETH, spacing},
};

/// Width of the non-adjacent form of the scalar of any point.
const POINT_WIDTH: usize = 5;
/// Bits of a window of the multiplication of any point by a secret scalar.
const WINDOW: usize = 4;

/// Looks up an entry without a trace of the index in addresses or branches.
#[inline(always)]
fn look_up<E: Entry>(entries: &[E], index: usize) -> E {
    let mut found = E::EMPTY;
    for (candidate, entry) in entries.iter().enumerate() {
        found.gather(entry, limbs::mask(candidate == index));
    }
    found
}

/// `scalar · base point` in constant time.
pub fn base<G: Group<N>, const N: usize>(scalar: Element<G::Q, N>) -> G::Uniform {
    let spacing = spacing::<N>();
    let digits = comb_digits(scalar);
    let combs = G::combs();
    let mut sum = G::Uniform::IDENTITY;
    for column in (0..spacing).rev() {
        if column != spacing - 1 {
            sum = sum.double();
        }
        for (comb, entries) in combs.iter().enumerate() {
            let bits = (0..TEETH).fold(0, |bits, tooth| {
                let position = column + spacing * (tooth + TEETH * comb);
                bits | limbs::bit(&digits, position) << tooth
            });
            // A negative top tooth turns all signs.
            let negative = limbs::mask(bits >> (TEETH - 1) == 0);
            let index = (bits ^ negative) as usize & (ENTRIES - 1);
            sum = sum.add_entry(&look_up(entries, index).negate_if(negative));
        }
    }
    sum
}

/// The scalar as digits of plus or minus one, as many as the combs have positions: the bits of
/// `(scalar + 2^length - 1)/2` modulo `q` stand for the signs.
fn comb_digits<Q: Modulus<N>, const N: usize>(scalar: Element<Q, N>) -> [u64; N] {
    let offset = const {
        let length = COMBS * TEETH * spacing::<N>();
        Element::<Q, N>::constant(power_of_two(&Q::P, length))
    };
    let half = const { Element::<Q, N>::constant(limbs::half_up(&Q::P)) };
    ((scalar + offset - Element::ONE) * half).to_limbs()
}

/// `scalar · point` in constant time.
pub fn uniform<P: UniformPoint<N>, const N: usize>(scalar: &[u64; N], point: &P) -> P {
    let mut table = [P::IDENTITY; 1 << WINDOW];
    for index in 1..table.len() {
        table[index] = table[index - 1].add(point);
    }
    let mut sum = P::IDENTITY;
    for window in (0..64 * N / WINDOW).rev() {
        sum = sum.double_times(WINDOW);
        let digit =
            scalar[window * WINDOW / 64] >> (window * WINDOW % 64) & (table.len() as u64 - 1);
        let mut found = P::EMPTY;
        for (candidate, multiple) in table.iter().enumerate() {
            found.gather(multiple, limbs::mask(candidate as u64 == digit));
        }
        sum = sum.add(&found);
    }
    sum
}

/// The odd multiples `P, 3P, 5P, …` that a non-adjacent form of [`POINT_WIDTH`] needs.
fn few_odd_multiples<P: Point<N>, const N: usize>(point: &P) -> [P; 1 << (POINT_WIDTH - 2)] {
    let twice = point.double();
    let mut next = *point;
    core::array::from_fn(|_| {
        let this = next;
        next = next.add(&twice);
        this
    })
}

/// `scalar · point`; the time depends on both.
pub fn public<P: Point<N>, const N: usize>(scalar: &[u64; N], point: &P) -> P {
    let form = NonAdjacent::new(scalar, POINT_WIDTH);
    let multiples = few_odd_multiples(point);
    let mut sum = P::IDENTITY;
    let mut pending = 0;
    for position in (0..=64 * N).rev() {
        pending += 1;
        let digit = form.digit(position);
        if digit != 0 {
            sum = add_digit(&sum.double_times(pending), digit, &multiples);
            pending = 0;
        }
    }
    sum.double_times(pending)
}

/// `scalar · base point + other · point`; the time depends on all.
pub fn public_pair<G: Group<N>, const N: usize>(
    scalar: &[u64; N],
    other: &[u64; N],
    point: &G::Fast,
) -> G::Fast {
    let (base_form, form) =
        (NonAdjacent::new(scalar, BASE_WIDTH), NonAdjacent::new(other, POINT_WIDTH));
    let multiples = few_odd_multiples(point);
    let base_multiples = G::odd_multiples();
    let mut sum = G::Fast::IDENTITY;
    let mut pending = 0;
    for position in (0..=64 * N).rev() {
        pending += 1;
        let (base_digit, digit) = (base_form.digit(position), form.digit(position));
        if base_digit == 0 && digit == 0 {
            continue;
        }
        sum = sum.double_times(pending);
        pending = 0;
        if digit != 0 {
            sum = add_digit(&sum, digit, &multiples);
        }
        if base_digit != 0 {
            let entry = base_multiples[usize::from(base_digit.unsigned_abs() / 2)];
            let negative = u64::from(base_digit < 0).wrapping_neg();
            sum = sum.add_entry(&entry.negate_if(negative));
        }
    }
    sum.double_times(pending)
}

#[inline(always)]
fn add_digit<P: Point<N>, const N: usize>(sum: &P, digit: i8, multiples: &[P]) -> P {
    let multiple = multiples[usize::from(digit.unsigned_abs() / 2)];
    sum.add(&if digit < 0 { multiple.negate() } else { multiple })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::curves;

    type Affine<G, const N: usize> =
        (Element<<G as Group<N>>::P, N>, Element<<G as Group<N>>::P, N>);

    fn base_point<G: Group<N>, const N: usize, P: Point<N, Field = G::P>>() -> P {
        P::from_affine(G::BASE.0, G::BASE.1)
    }

    /// Whether two points in different forms have the same `x`, or are both neutral.
    fn same_x<const N: usize, L: Point<N>, R: Point<N, Field = L::Field>>(l: &L, r: &R) -> bool {
        let ((l_top, l_bottom), (r_top, r_bottom)) = (l.x_fraction(), r.x_fraction());
        l_bottom.is_zero() == r_bottom.is_zero() && l_top * r_bottom == r_top * l_bottom
    }

    fn neutral<const N: usize, P: Point<N>>(point: &P) -> bool {
        point.x_fraction().1.is_zero()
    }

    fn agrees<G: Group<N>, const N: usize>(k: [u64; N], l: [u64; N]) -> Result<(), TestCaseError> {
        let (k, l) = (Element::<G::Q, N>::from_limbs(k), Element::<G::Q, N>::from_limbs(l));
        let comb = base::<G, N>(k);
        let (x, y): Affine<G, N> = comb.to_affine();
        prop_assert_eq!(neutral(&comb), k.is_zero());
        if !k.is_zero() {
            prop_assert!(y.square() == (x.square() + G::A) * x + G::B);
        }
        let windows = uniform(&k.to_limbs(), &base_point::<G, N, G::Uniform>());
        prop_assert!(windows.to_affine() == (x, y));
        let naf = public(&k.to_limbs(), &base_point::<G, N, G::Fast>());
        prop_assert!(same_x(&naf, &comb));
        // l·G + k·G in one go and as the sum of the scalars.
        let pair =
            public_pair::<G, N>(&l.to_limbs(), &k.to_limbs(), &base_point::<G, N, G::Fast>());
        prop_assert!(same_x(&pair, &base::<G, N>(k + l)));
        // l·G + 1·(k·G).
        if !k.is_zero() {
            let point = G::Fast::from_affine(x, y);
            let mut one = [0; N];
            one[0] = 1;
            let pair = public_pair::<G, N>(&l.to_limbs(), &one, &point);
            prop_assert!(same_x(&pair, &base::<G, N>(k + l)));
            // Opposite terms cancel, and equal ones double.
            let cancelled = public_pair::<G, N>(&(-k).to_limbs(), &one, &point);
            prop_assert!(neutral(&cancelled));
            let doubled = public_pair::<G, N>(&k.to_limbs(), &one, &point);
            prop_assert!(same_x(&doubled, &base::<G, N>(k.double())));
        }
        Ok(())
    }

    /// Small scalars, scalars near the order, and single bits: where tables and sums collide.
    fn edges<G: Group<N>, const N: usize>() -> Result<(), TestCaseError> {
        let small = |value: u64| {
            let mut limbs = [0; N];
            limbs[0] = value;
            limbs
        };
        let minus = |value| limbs::sub(&G::Q::P, &small(value)).0;
        for value in (0..20).chain([31, 32, 33, 127, 128, 129, 255]) {
            agrees::<G, N>(small(value), small(1))?;
            agrees::<G, N>(minus(value), small(2))?;
        }
        for place in 0..64 * N - 3 {
            let mut power = [0; N];
            power[place / 64] = 1 << (place % 64);
            agrees::<G, N>(power, small(0))?;
        }
        Ok(())
    }

    #[test]
    fn edges_of_256_bits() -> Result<(), TestCaseError> {
        edges::<curves::Test256, 4>()?;
        edges::<curves::CryptoProA, 4>()?;
        edges::<curves::CryptoProB, 4>()?;
        edges::<curves::CryptoProC, 4>()?;
        edges::<curves::Tc26_256A, 4>()
    }

    #[test]
    fn edges_of_512_bits() -> Result<(), TestCaseError> {
        edges::<curves::Test512, 8>()?;
        edges::<curves::Tc26_512A, 8>()?;
        edges::<curves::Tc26_512B, 8>()?;
        edges::<curves::Tc26_512C, 8>()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn all_ways_of_multiplying_agree(k: [u64; 4], l: [u64; 4], m: [u64; 8], n: [u64; 8]) {
            agrees::<curves::Test256, 4>(k, l)?;
            agrees::<curves::CryptoProA, 4>(k, l)?;
            agrees::<curves::CryptoProB, 4>(k, l)?;
            agrees::<curves::CryptoProC, 4>(k, l)?;
            agrees::<curves::Tc26_256A, 4>(k, l)?;
            agrees::<curves::Test512, 8>(m, n)?;
            agrees::<curves::Tc26_512A, 8>(m, n)?;
            agrees::<curves::Tc26_512B, 8>(m, n)?;
            agrees::<curves::Tc26_512C, 8>(m, n)?;
        }
    }

    /// The order of the base point is what it is said to be: `q·G` is neutral (`q` is prime, and
    /// `G` itself is not neutral).
    #[test]
    fn base_points_have_their_order() {
        fn holds<G: Group<N>, const N: usize>() -> bool {
            neutral(&public(&G::Q::P, &base_point::<G, N, G::Fast>()))
                && neutral(&uniform(&G::Q::P, &base_point::<G, N, G::Uniform>()))
        }
        assert!(holds::<curves::Test256, 4>() && holds::<curves::CryptoProA, 4>());
        assert!(holds::<curves::CryptoProB, 4>() && holds::<curves::CryptoProC, 4>());
        assert!(holds::<curves::Tc26_256A, 4>() && holds::<curves::Test512, 8>());
        assert!(holds::<curves::Tc26_512A, 8>() && holds::<curves::Tc26_512B, 8>());
        assert!(holds::<curves::Tc26_512C, 8>());
    }
}
