//! Points of `y² = x³ + ax + b` in Jacobian coordinates, for verification: fewer multiplications
//! than the complete formulas, with branches for the exceptions. Never used with secrets.
//!
//! Formulas of the Explicit-Formulas Database: `add-2007-bl`, `madd-2007-bl`, `dbl-2001-b` for
//! `a = -3`, `dbl-2007-bl` otherwise.

use core::marker::PhantomData;

use super::{
    field::Element,
    group::{FastPoint, Point},
    projective::{Affine, Weierstrass},
};

/// `x = X/Z²`, `y = Y/Z³`.
pub struct Jacobian<C: Weierstrass<N>, const N: usize> {
    x: Element<C::P, N>,
    y: Element<C::P, N>,
    z: Element<C::P, N>,
    curve: PhantomData<C>,
}

impl<C: Weierstrass<N>, const N: usize> Clone for Jacobian<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Weierstrass<N>, const N: usize> Copy for Jacobian<C, N> {}

impl<C: Weierstrass<N>, const N: usize> Jacobian<C, N> {
    const fn new(x: Element<C::P, N>, y: Element<C::P, N>, z: Element<C::P, N>) -> Self {
        Self { x, y, z, curve: PhantomData }
    }
}

impl<C: Weierstrass<N>, const N: usize> Point<N> for Jacobian<C, N> {
    type Field = C::P;
    type Entry = Affine<C::P, N>;

    const IDENTITY: Self = Self::new(Element::ONE, Element::ONE, Element::ZERO);

    fn from_affine(x: Element<C::P, N>, y: Element<C::P, N>) -> Self {
        Self::new(x, y, Element::ONE)
    }

    #[inline(never)]
    fn double(&self) -> Self {
        if C::A_IS_MINUS_THREE {
            let delta = self.z.square();
            let gamma = self.y.square();
            let beta = self.x * gamma;
            let product = (self.x - delta) * (self.x + delta);
            let alpha = product.double() + product;
            let beta4 = beta.double().double();
            let x = alpha.square() - beta4.double();
            let z = (self.y + self.z).square() - gamma - delta;
            let gamma2 = gamma.double();
            let y = alpha * (beta4 - x) - gamma2.square().double();
            Self::new(x, y, z)
        } else {
            let (xx, yy, zz) = (self.x.square(), self.y.square(), self.z.square());
            let yyyy = yy.square();
            let s = ((self.x + yy).square() - xx - yyyy).double();
            let m = xx.double() + xx + C::times_a(zz.square());
            let x = m.square() - s.double();
            let y = m * (s - x) - yyyy.double().double().double();
            let z = (self.y + self.z).square() - yy - zz;
            Self::new(x, y, z)
        }
    }

    #[inline(never)]
    fn add(&self, other: &Self) -> Self {
        if self.z.is_zero() {
            return *other;
        }
        if other.z.is_zero() {
            return *self;
        }
        let (z1z1, z2z2) = (self.z.square(), other.z.square());
        let (u1, u2) = (self.x * z2z2, other.x * z1z1);
        let (s1, s2) = (self.y * other.z * z2z2, other.y * self.z * z1z1);
        let h = u2 - u1;
        let r = (s2 - s1).double();
        if h.is_zero() {
            return if r.is_zero() { self.double() } else { Self::IDENTITY };
        }
        let i = h.double().square();
        let j = h * i;
        let v = u1 * i;
        let x = r.square() - j - v.double();
        let y = r * (v - x) - (s1 * j).double();
        let z = ((self.z + other.z).square() - z1z1 - z2z2) * h;
        Self::new(x, y, z)
    }

    #[inline(never)]
    fn add_entry(&self, entry: &Self::Entry) -> Self {
        if self.z.is_zero() {
            return Self::from_affine(entry.x, entry.y);
        }
        let z1z1 = self.z.square();
        let h = entry.x * z1z1 - self.x;
        let r = (entry.y * self.z * z1z1 - self.y).double();
        if h.is_zero() {
            return if r.is_zero() { self.double() } else { Self::IDENTITY };
        }
        let hh = h.square();
        let i = hh.double().double();
        let j = h * i;
        let v = self.x * i;
        let x = r.square() - j - v.double();
        let y = r * (v - x) - (self.y * j).double();
        let z = (self.z + h).square() - z1z1 - hh;
        Self::new(x, y, z)
    }

    fn negate(&self) -> Self {
        Self::new(self.x, -self.y, self.z)
    }

    fn x_fraction(&self) -> (Element<C::P, N>, Element<C::P, N>) {
        (self.x, self.z.square())
    }
}

impl<C: Weierstrass<N>, const N: usize> FastPoint<N> for Jacobian<C, N> {
    fn denominator(&self) -> Element<C::P, N> {
        self.z
    }

    fn to_entry(&self, inverse: Element<C::P, N>) -> Self::Entry {
        let square = inverse.square();
        Affine { x: self.x * square, y: self.y * square * inverse }
    }
}
