//! Multiplication of points by scalars.

use alloc::vec::Vec;

use super::{
    field::{Element, Modulus, power_of_two},
    group::{Entry, Group, Point, UniformPoint},
    limbs,
    recode::NonAdjacent,
};

/// Combs, teeth of each, and entries of each: signed all-bits-set combs (M. Hamburg, «Fast and
/// compact elliptic-curve cryptography», 2012).
const COMBS: usize = 4;
const TEETH: usize = 5;
const ENTRIES: usize = 1 << (TEETH - 1);
/// Width of the non-adjacent form of the base point's scalar, and of another point's.
const BASE_WIDTH: usize = 8;
const POINT_WIDTH: usize = 5;
/// Bits of a window of the multiplication of any point by a secret scalar.
const WINDOW: usize = 4;

/// The distance between neighbouring teeth: 13 for 256 bits, 26 for 512.
const fn spacing<const N: usize>() -> usize {
    (64 * N).div_ceil(COMBS * TEETH)
}

/// Multiples of a base point. Public data.
pub struct Tables<E> {
    combs: [[E; ENTRIES]; COMBS],
    odd: Vec<E>,
}

impl<E: Entry> Tables<E> {
    /// Computes the tables of a curve.
    pub fn new<G: Group<N, Entry = E>, const N: usize>() -> Self {
        let base = G::Fast::from_affine(G::BASE.0, G::BASE.1);
        let mut tooth = base;
        let combs = core::array::from_fn(|_| {
            let teeth: [G::Fast; TEETH] = core::array::from_fn(|_| {
                let this = tooth;
                tooth = tooth.double_times(spacing::<N>());
                this
            });
            core::array::from_fn(|index| Self::comb_entry(&teeth, index).to_entry())
        });
        let twice = base.double();
        let odd = core::iter::successors(Some(base), |point| Some(point.add(&twice)))
            .take(1 << (BASE_WIDTH - 2))
            .map(|point| point.to_entry())
            .collect();
        Self { combs, odd }
    }

    /// The top tooth plus or minus each other one, by the bits of the index.
    fn comb_entry<P: Point<N>, const N: usize>(teeth: &[P; TEETH], index: usize) -> P {
        (0..TEETH - 1).fold(teeth[TEETH - 1], |sum, i| {
            let tooth = if index >> i & 1 == 1 { teeth[i] } else { teeth[i].negate() };
            sum.add(&tooth)
        })
    }
}

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
    let tables = G::tables();
    let mut sum = G::Uniform::IDENTITY;
    for column in (0..spacing).rev() {
        if column != spacing - 1 {
            sum = sum.double();
        }
        for (comb, entries) in tables.combs.iter().enumerate() {
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
fn odd_multiples<P: Point<N>, const N: usize>(point: &P) -> [P; 1 << (POINT_WIDTH - 2)] {
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
    let multiples = odd_multiples(point);
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
    let multiples = odd_multiples(point);
    let tables = G::tables();
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
            let entry = tables.odd[usize::from(base_digit.unsigned_abs() / 2)];
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
