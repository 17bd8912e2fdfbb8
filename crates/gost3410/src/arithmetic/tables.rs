//! Multiples of base points, computed when a curve is first used: a few milliseconds once spare
//! some eighty kilobytes of constants in what the browser downloads. Public data.

use alloc::{boxed::Box, vec::Vec};

use super::{
    field::Element,
    group::{FastPoint, Group, Point},
};

/// Combs, teeth of each, and entries of each: signed all-bits-set combs (M. Hamburg, «Fast and
/// compact elliptic-curve cryptography», 2012).
pub const COMBS: usize = 4;
pub const TEETH: usize = 5;
pub const ENTRIES: usize = 1 << (TEETH - 1);
/// Width of the non-adjacent form of the base point's scalar.
pub const BASE_WIDTH: usize = 8;

/// Entries of the combs: the top tooth plus or minus each other one, by the bits of the index.
pub type Combs<E> = [[E; ENTRIES]; COMBS];
/// `G, 3G, 5G, …`, as many as a form of [`BASE_WIDTH`] needs.
pub type OddMultiples<E> = [E; 1 << (BASE_WIDTH - 2)];

/// The distance between neighbouring teeth: 13 for 256 bits, 26 for 512.
pub const fn spacing<const N: usize>() -> usize {
    (64 * N).div_ceil(COMBS * TEETH)
}

/// Computes the combs of a curve.
pub fn combs<G: Group<N>, const N: usize>() -> Box<Combs<G::Entry>> {
    let mut tooth = G::Fast::from_affine(G::BASE.0, G::BASE.1);
    let mut points = Vec::with_capacity(COMBS * ENTRIES);
    for _ in 0..COMBS {
        let teeth: [G::Fast; TEETH] = core::array::from_fn(|_| {
            let this = tooth;
            tooth = tooth.double_times(spacing::<N>());
            this
        });
        points.extend((0..ENTRIES).map(|index| comb_entry(&teeth, index)));
    }
    let entries = entries(&points);
    Box::new(core::array::from_fn(|comb| {
        core::array::from_fn(|index| entries[ENTRIES * comb + index])
    }))
}

fn comb_entry<P: Point<N>, const N: usize>(teeth: &[P; TEETH], index: usize) -> P {
    (0..TEETH - 1).fold(teeth[TEETH - 1], |sum, i| {
        let tooth = if index >> i & 1 == 1 { teeth[i] } else { teeth[i].negate() };
        sum.add(&tooth)
    })
}

/// Computes the odd multiples of a curve's base point.
pub fn odd_multiples<G: Group<N>, const N: usize>() -> Box<OddMultiples<G::Entry>> {
    let base = G::Fast::from_affine(G::BASE.0, G::BASE.1);
    let twice = base.double();
    let points: Vec<_> = core::iter::successors(Some(base), |point| Some(point.add(&twice)))
        .take(1 << (BASE_WIDTH - 2))
        .collect();
    let entries = entries(&points);
    Box::new(core::array::from_fn(|index| entries[index]))
}

/// Divides all points by their denominators with one inversion (P. Montgomery's trick). None is
/// the identity.
fn entries<P: FastPoint<N>, const N: usize>(points: &[P]) -> Vec<P::Entry> {
    let mut product = Element::ONE;
    let mut before = Vec::with_capacity(points.len());
    for point in points {
        before.push(product);
        product = product * point.denominator();
    }
    let mut inverse = product.invert_public();
    let mut entries = Vec::with_capacity(points.len());
    for (point, before) in points.iter().zip(before).rev() {
        entries.push(point.to_entry(inverse * before));
        inverse = inverse * point.denominator();
    }
    entries.reverse();
    entries
}
