//! Points of the curves with cofactor 4 in their twisted Edwards form `u² + v² = 1 + d·u²v²`
//! (RFC 7836, appendix A.2), in extended coordinates (Hisil, Wong, Carter, Dawson, 2008). As `d` is
//! not a square, the formulas have no exceptions: one form serves secret and public scalars.

use core::marker::PhantomData;

use super::{
    field::{Element, Modulus},
    group::{Entry, FastPoint, Point, UniformPoint},
};

/// The coefficients of a curve in the Edwards form with `e = 1`, and of the way to and from the
/// Weierstrass form: `x = s(1 + v)/(1 - v) + t`, `y = s(1 + v)/((1 - v)u)` with `s = (1 - d)/4`
/// and `t = (1 + d)/6`.
pub trait Edwards<const N: usize>: Copy + 'static {
    /// The field of the coordinates.
    type P: Modulus<N>;
    const D: Element<Self::P, N>;
    const S: Element<Self::P, N>;
    const T: Element<Self::P, N>;
}

/// `u = U/Z`, `v = V/Z`, `uv = T/Z`.
pub struct Extended<C: Edwards<N>, const N: usize> {
    u: Element<C::P, N>,
    v: Element<C::P, N>,
    t: Element<C::P, N>,
    z: Element<C::P, N>,
    curve: PhantomData<C>,
}

impl<C: Edwards<N>, const N: usize> Clone for Extended<C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Edwards<N>, const N: usize> Copy for Extended<C, N> {}

/// A point in affine coordinates, with `d·u·v`.
pub struct Affine<M, const N: usize> {
    u: Element<M, N>,
    v: Element<M, N>,
    duv: Element<M, N>,
}

impl<M, const N: usize> Clone for Affine<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, const N: usize> Copy for Affine<M, N> {}

impl<M: Modulus<N>, const N: usize> Entry for Affine<M, N> {
    const EMPTY: Self = Self { u: Element::ZERO, v: Element::ZERO, duv: Element::ZERO };

    #[inline(always)]
    fn gather(&mut self, other: &Self, mask: u64) {
        self.u.gather(&other.u, mask);
        self.v.gather(&other.v, mask);
        self.duv.gather(&other.duv, mask);
    }

    #[inline(always)]
    fn negate_if(&self, mask: u64) -> Self {
        Self { u: self.u.select(-self.u, mask), v: self.v, duv: self.duv.select(-self.duv, mask) }
    }
}

impl<C: Edwards<N>, const N: usize> Extended<C, N> {
    const fn new(
        u: Element<C::P, N>,
        v: Element<C::P, N>,
        t: Element<C::P, N>,
        z: Element<C::P, N>,
    ) -> Self {
        Self { u, v, t, z, curve: PhantomData }
    }

    /// The end that both additions share. `uu`, `vv`, `zz` are the products of like coordinates,
    /// `dtt` is `d·T·T`, `uv` the sum of the crossed products.
    #[inline(always)]
    fn combine(
        uu: Element<C::P, N>,
        vv: Element<C::P, N>,
        zz: Element<C::P, N>,
        dtt: Element<C::P, N>,
        uv: Element<C::P, N>,
    ) -> Self {
        let (f, g, h) = (zz - dtt, zz + dtt, vv - uu);
        Self::new(uv * f, g * h, uv * h, f * g)
    }

    /// The four factors of a double: `U = ef`, `V = gh`, `T = eh`, `Z = fg`.
    #[inline(always)]
    fn double_factors(&self) -> [Element<C::P, N>; 4] {
        let (uu, vv) = (self.u.square(), self.v.square());
        let zz2 = self.z.square().double();
        let e = (self.u + self.v).square() - uu - vv;
        let g = uu + vv;
        [e, g - zz2, g, uu - vv]
    }
}

impl<C: Edwards<N>, const N: usize> Point<N> for Extended<C, N> {
    type Field = C::P;
    type Entry = Affine<C::P, N>;

    const IDENTITY: Self = Self::new(Element::ZERO, Element::ONE, Element::ZERO, Element::ONE);

    fn from_affine(x: Element<C::P, N>, y: Element<C::P, N>) -> Self {
        // u = (x - t)/y and v = (x - t - s)/(x - t + s), over the common denominator.
        let shifted = x - C::T;
        let (below, above) = (shifted - C::S, shifted + C::S);
        Self::new(shifted * above, below * y, shifted * below, y * above)
    }

    #[inline(never)]
    fn double(&self) -> Self {
        let [e, f, g, h] = self.double_factors();
        Self::new(e * f, g * h, e * h, f * g)
    }

    /// `T` is needed by additions alone: all doublings but the last leave it out.
    #[inline(always)]
    fn double_times(&self, times: usize) -> Self {
        let mut point = *self;
        for _ in 1..times {
            let [e, f, g, h] = point.double_factors();
            (point.u, point.v, point.z) = (e * f, g * h, f * g);
        }
        if times > 0 { point.double() } else { point }
    }

    #[inline(never)]
    fn add(&self, other: &Self) -> Self {
        let (uu, vv, zz) = (self.u * other.u, self.v * other.v, self.z * other.z);
        let uv = (self.u + self.v) * (other.u + other.v) - uu - vv;
        Self::combine(uu, vv, zz, C::D * self.t * other.t, uv)
    }

    #[inline(never)]
    fn add_entry(&self, entry: &Self::Entry) -> Self {
        let (uu, vv) = (self.u * entry.u, self.v * entry.v);
        let uv = (self.u + self.v) * (entry.u + entry.v) - uu - vv;
        Self::combine(uu, vv, self.z, self.t * entry.duv, uv)
    }

    fn negate(&self) -> Self {
        Self::new(-self.u, self.v, -self.t, self.z)
    }

    fn x_fraction(&self) -> (Element<C::P, N>, Element<C::P, N>) {
        let (sum, difference) = (self.z + self.v, self.z - self.v);
        (C::S * sum + C::T * difference, difference)
    }
}

impl<C: Edwards<N>, const N: usize> FastPoint<N> for Extended<C, N> {
    fn denominator(&self) -> Element<C::P, N> {
        self.z
    }

    fn to_entry(&self, inverse: Element<C::P, N>) -> Self::Entry {
        let (u, v) = (self.u * inverse, self.v * inverse);
        Affine { u, v, duv: C::D * u * v }
    }
}

impl<C: Edwards<N>, const N: usize> UniformPoint<N> for Extended<C, N> {
    const EMPTY: Self = Self::new(Element::ZERO, Element::ZERO, Element::ZERO, Element::ZERO);

    fn to_affine(&self) -> (Element<C::P, N>, Element<C::P, N>) {
        let (numerator, denominator) = self.x_fraction();
        let inverse = (denominator * self.u).invert();
        let y = C::S * (self.z + self.v) * self.z * inverse;
        (numerator * self.u * inverse, y)
    }

    fn gather(&mut self, other: &Self, mask: u64) {
        self.u.gather(&other.u, mask);
        self.v.gather(&other.v, mask);
        self.t.gather(&other.t, mask);
        self.z.gather(&other.z, mask);
    }
}
