//! Points of `y² = x³ + ax + b` with a prime number of points, in homogeneous coordinates, with
//! the complete formulas of Renes, Costello and Batina (2016, algorithms 1 to 3): no exceptions
//! for equal, opposite or neutral points, hence no branches.

use core::marker::PhantomData;

use super::{
    field::{Element, Modulus},
    group::{Entry, Point, UniformPoint},
};

/// The coefficients of a curve in the short Weierstrass form.
pub trait Weierstrass<const N: usize>: Copy + 'static {
    /// The field of the coordinates.
    type P: Modulus<N>;
    /// The coefficient `a`.
    const A: Element<Self::P, N>;
    /// `3b`.
    const B3: Element<Self::P, N>;
    /// Whether `a` is -3.
    const A_IS_MINUS_THREE: bool;
    /// `3b` where it is so small that [`Element::times`] pays.
    const SMALL_3B: Option<u32>;

    /// `a · x`.
    #[inline(always)]
    fn times_a(x: Element<Self::P, N>) -> Element<Self::P, N> {
        if Self::A_IS_MINUS_THREE { -(x.double() + x) } else { Self::A * x }
    }

    /// `3b · x`.
    #[inline(always)]
    fn times_3b(x: Element<Self::P, N>) -> Element<Self::P, N> {
        Self::SMALL_3B.map_or_else(|| Self::B3 * x, |small| x.times(small))
    }
}

/// `x = X/Z`, `y = Y/Z`.
pub struct Projective<C: Weierstrass<N>, const N: usize> {
    x: Element<C::P, N>,
    y: Element<C::P, N>,
    z: Element<C::P, N>,
    curve: PhantomData<C>,
}

impl<C: Weierstrass<N>, const N: usize> Clone for Projective<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Weierstrass<N>, const N: usize> Copy for Projective<C, N> {}

/// A point in affine coordinates.
pub struct Affine<M, const N: usize> {
    pub x: Element<M, N>,
    pub y: Element<M, N>,
}

impl<M, const N: usize> Clone for Affine<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, const N: usize> Copy for Affine<M, N> {}

impl<M: Modulus<N>, const N: usize> Entry for Affine<M, N> {
    const EMPTY: Self = Self { x: Element::ZERO, y: Element::ZERO };

    #[inline(always)]
    fn gather(&mut self, other: &Self, mask: u64) {
        self.x.gather(&other.x, mask);
        self.y.gather(&other.y, mask);
    }

    #[inline(always)]
    fn negate_if(&self, mask: u64) -> Self {
        Self { x: self.x, y: self.y.select(-self.y, mask) }
    }
}

impl<C: Weierstrass<N>, const N: usize> Projective<C, N> {
    const fn new(x: Element<C::P, N>, y: Element<C::P, N>, z: Element<C::P, N>) -> Self {
        Self { x, y, z, curve: PhantomData }
    }

    /// The end that addition and mixed addition share. `xx`, `yy`, `zz` are the products of like
    /// coordinates, `xy`, `xz`, `yz` the sums of the crossed ones.
    #[inline(always)]
    fn combine([xx, yy, zz]: [Element<C::P, N>; 3], [xy, xz, yz]: [Element<C::P, N>; 3]) -> Self {
        let shift = C::times_3b(zz) + C::times_a(xz);
        let (low, high) = (yy - shift, yy + shift);
        let a_zz = C::times_a(zz);
        let slope = xx.double() + xx + a_zz;
        let cross = C::times_3b(xz) + C::times_a(xx - a_zz);
        Self::new(xy * low - yz * cross, low * high + slope * cross, yz * high + xy * slope)
    }
}

impl<C: Weierstrass<N>, const N: usize> Point<N> for Projective<C, N> {
    type Field = C::P;
    type Entry = Affine<C::P, N>;

    const IDENTITY: Self = Self::new(Element::ZERO, Element::ONE, Element::ZERO);

    fn from_affine(x: Element<C::P, N>, y: Element<C::P, N>) -> Self {
        Self::new(x, y, Element::ONE)
    }

    #[inline(never)]
    fn double(&self) -> Self {
        let (xx, yy, zz) = (self.x.square(), self.y.square(), self.z.square());
        let xy = (self.x * self.y).double();
        let xz = (self.x * self.z).double();
        let shift = C::times_3b(zz) + C::times_a(xz);
        let (low, high) = (yy - shift, yy + shift);
        let a_zz = C::times_a(zz);
        let slope = xx.double() + xx + a_zz;
        let cross = C::times_3b(xz) + C::times_a(xx - a_zz);
        let yz = (self.y * self.z).double();
        Self::new(xy * low - yz * cross, low * high + slope * cross, (yz * yy).double().double())
    }

    #[inline(never)]
    fn add(&self, other: &Self) -> Self {
        let (xx, yy, zz) = (self.x * other.x, self.y * other.y, self.z * other.z);
        let xy = (self.x + self.y) * (other.x + other.y) - (xx + yy);
        let xz = (self.x + self.z) * (other.x + other.z) - (xx + zz);
        let yz = (self.y + self.z) * (other.y + other.z) - (yy + zz);
        Self::combine([xx, yy, zz], [xy, xz, yz])
    }

    #[inline(never)]
    fn add_entry(&self, entry: &Self::Entry) -> Self {
        let (xx, yy) = (self.x * entry.x, self.y * entry.y);
        let xy = (self.x + self.y) * (entry.x + entry.y) - (xx + yy);
        let xz = entry.x * self.z + self.x;
        let yz = entry.y * self.z + self.y;
        Self::combine([xx, yy, self.z], [xy, xz, yz])
    }

    fn negate(&self) -> Self {
        Self::new(self.x, -self.y, self.z)
    }

    fn x_fraction(&self) -> (Element<C::P, N>, Element<C::P, N>) {
        (self.x, self.z)
    }
}

impl<C: Weierstrass<N>, const N: usize> UniformPoint<N> for Projective<C, N> {
    const EMPTY: Self = Self::new(Element::ZERO, Element::ZERO, Element::ZERO);

    fn to_affine(&self) -> (Element<C::P, N>, Element<C::P, N>) {
        let inverse = self.z.invert();
        (self.x * inverse, self.y * inverse)
    }

    fn gather(&mut self, other: &Self, mask: u64) {
        self.x.gather(&other.x, mask);
        self.y.gather(&other.y, mask);
        self.z.gather(&other.z, mask);
    }
}
