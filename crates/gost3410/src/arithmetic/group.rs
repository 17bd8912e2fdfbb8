//! What multiplication needs to know of points and curves.

use super::{
    field::{Element, Modulus},
    tables::{Combs, OddMultiples},
};

/// A point in some projective form.
pub trait Point<const N: usize>: Copy {
    /// The field of the coordinates.
    type Field: Modulus<N>;
    /// A point of a precomputed table.
    type Entry: Entry;

    /// The neutral element.
    const IDENTITY: Self;

    /// From coordinates of the curve `y² = x³ + ax + b`.
    fn from_affine(x: Element<Self::Field, N>, y: Element<Self::Field, N>) -> Self;

    /// `2P`.
    fn double(&self) -> Self;

    /// `2^times · P`.
    #[inline(always)]
    fn double_times(&self, times: usize) -> Self {
        (0..times).fold(*self, |point, _| point.double())
    }

    /// `P + Q`.
    fn add(&self, other: &Self) -> Self;

    /// `P + Q` with `Q` from a table.
    fn add_entry(&self, entry: &Self::Entry) -> Self;

    /// `-P`.
    fn negate(&self) -> Self;

    /// Numerator and denominator of `x` on `y² = x³ + ax + b`; the denominator of the identity is
    /// zero.
    fn x_fraction(&self) -> (Element<Self::Field, N>, Element<Self::Field, N>);
}

/// A point whose operations do the same steps for all inputs, without exceptions.
pub trait UniformPoint<const N: usize>: Point<N> {
    /// Coordinates on `y² = x³ + ax + b`; `(0, 0)` for the identity.
    fn to_affine(&self) -> (Element<Self::Field, N>, Element<Self::Field, N>);

    /// Adds `other`'s coordinates under the mask into [`Self::EMPTY`].
    fn gather(&mut self, other: &Self, mask: u64);

    /// Coordinates that are all zero; not a point.
    const EMPTY: Self;
}

/// A point that tables are made of. The time of its operations may depend on the point.
pub trait FastPoint<const N: usize>: Point<N> {
    /// What the coordinates must be divided by; not zero but for the identity.
    fn denominator(&self) -> Element<Self::Field, N>;

    /// For a table, by the inverse of the denominator; the identity has no entry.
    fn to_entry(&self, inverse: Element<Self::Field, N>) -> Self::Entry;
}

/// A point of a precomputed table.
pub trait Entry: Copy {
    /// Coordinates that are all zero; not a point.
    const EMPTY: Self;

    /// Adds `other`'s coordinates under the mask into [`Self::EMPTY`].
    fn gather(&mut self, other: &Self, mask: u64);

    /// `-P` when the mask is all ones.
    fn negate_if(&self, mask: u64) -> Self;
}

/// A curve with its base point.
pub trait Group<const N: usize>: Sized + 'static {
    /// The field of the coordinates.
    type P: Modulus<N>;
    /// The field of the scalars: integers modulo the order of the base point.
    type Q: Modulus<N>;
    /// Table entries.
    type Entry: Entry + Send + Sync;
    /// Complete formulas, for secret scalars.
    type Uniform: UniformPoint<N, Field = Self::P, Entry = Self::Entry>;
    /// The fastest formulas, for public scalars.
    type Fast: FastPoint<N, Field = Self::P, Entry = Self::Entry>;

    /// The coefficients and the base point.
    const A: Element<Self::P, N>;
    const B: Element<Self::P, N>;
    const BASE: (Element<Self::P, N>, Element<Self::P, N>);
    /// The number of points divided by the order of the base point.
    const COFACTOR: u8;

    /// Multiples of the base point for secret scalars, made at the first use.
    fn combs() -> &'static Combs<Self::Entry>;

    /// Multiples of the base point for public scalars, made at the first use.
    fn odd_multiples() -> &'static OddMultiples<Self::Entry>;
}
