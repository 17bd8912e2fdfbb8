//! The signature scheme and key agreement over any curve: octets in, octets out.

use signature::Error;
use zeroize::Zeroizing;

use crate::{
    arithmetic::{
        field::{Element, Modulus},
        group::{Group, Point, UniformPoint},
        limbs, multiply,
    },
    curve::Curve,
    curves,
    error::KeyError,
    nonce::Nonces,
    signature_value::Signature,
};

/// Calls a generic function with the arithmetic of a curve.
macro_rules! over {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            Curve::Test256 => $function::<curves::Test256, 4>($($argument),*),
            Curve::CryptoProA | Curve::CryptoProXchA | Curve::Tc26_256B => {
                $function::<curves::CryptoProA, 4>($($argument),*)
            }
            Curve::CryptoProB | Curve::Tc26_256C => {
                $function::<curves::CryptoProB, 4>($($argument),*)
            }
            Curve::CryptoProC | Curve::CryptoProXchB | Curve::Tc26_256D => {
                $function::<curves::CryptoProC, 4>($($argument),*)
            }
            Curve::Tc26_256A => $function::<curves::Tc26_256A, 4>($($argument),*),
            Curve::Test512 => $function::<curves::Test512, 8>($($argument),*),
            Curve::Tc26_512A => $function::<curves::Tc26_512A, 8>($($argument),*),
            Curve::Tc26_512B => $function::<curves::Tc26_512B, 8>($($argument),*),
            Curve::Tc26_512C => $function::<curves::Tc26_512C, 8>($($argument),*),
        }
    };
}

/// Checks `x ‖ y`, little-endian, of the curve's length: in range, on the curve, of order `q`.
pub fn check_point(curve: Curve, point: &[u8]) -> Result<(), KeyError> {
    fn run<G: Group<N>, const N: usize>(point: &[u8]) -> Result<(), KeyError> {
        let (x, y) = read_point::<G, N>(point);
        if !below(&x, &G::P::P) || !below(&y, &G::P::P) {
            return Err(KeyError::Coordinate);
        }
        let (x, y) = (Element::from_limbs(x), Element::from_limbs(y));
        if y.square() != (x.square() + G::A) * x + G::B {
            return Err(KeyError::NotOnCurve);
        }
        // With cofactor 1 every point of the curve but the identity, which has no coordinates,
        // has the order q.
        if G::COFACTOR != 1 {
            let point = G::Uniform::from_affine(x, y);
            let (_, scale) = point.x_fraction();
            let (_, multiple) = multiply::public(&G::Q::P, &point).x_fraction();
            if scale.is_zero() || !multiple.is_zero() {
                return Err(KeyError::Subgroup);
            }
        }
        Ok(())
    }
    over!(curve, run(point))
}

/// Writes the public key `x ‖ y` of the private key `d`, both little-endian.
pub fn public_point(curve: Curve, secret: &[u8], out: &mut [u8]) -> Result<(), KeyError> {
    fn run<G: Group<N>, const N: usize>(secret: &[u8], out: &mut [u8]) -> Result<(), KeyError> {
        let secret = Zeroizing::new(limbs::from_le_bytes::<N>(secret));
        if !is_scalar::<G, N>(&secret) {
            return Err(KeyError::Scalar);
        }
        write_point::<G, N>(multiply::base::<G, N>(Element::from_limbs(*secret)), out);
        Ok(())
    }
    over!(curve, run(secret, out))
}

/// The number of bits of `q`.
pub fn order_bits(curve: Curve) -> usize {
    fn run<G: Group<N>, const N: usize>() -> usize {
        limbs::bits(&G::Q::P)
    }
    over!(curve, run())
}

/// Whether `0 < k < q`, little-endian.
pub fn in_range(curve: Curve, scalar: &[u8]) -> bool {
    fn run<G: Group<N>, const N: usize>(scalar: &[u8]) -> bool {
        is_scalar::<G, N>(&limbs::from_le_bytes(scalar))
    }
    over!(curve, run(scalar))
}

/// Writes the digest as the number that is signed, big-endian: read as little-endian, modulo `q`,
/// and 1 instead of 0 (RFC 7091, 6.1, steps 2).
pub fn digest_number(curve: Curve, digest: &[u8], out: &mut [u8]) {
    fn run<G: Group<N>, const N: usize>(digest: &[u8], out: &mut [u8]) {
        limbs::write_be(&digest_element::<G, N>(digest).to_limbs(), out);
    }
    over!(curve, run(digest, out));
}

/// Signs a digest (RFC 7091, 6.1).
pub fn sign(
    curve: Curve,
    secret: &[u8],
    digest: &[u8],
    nonces: &mut dyn Nonces,
) -> Result<Signature, Error> {
    fn run<G: Group<N>, const N: usize>(
        secret: &[u8],
        digest: &[u8],
        nonces: &mut dyn Nonces,
    ) -> Result<Signature, Error> {
        let secret = Element::<G::Q, N>::from_limbs(limbs::from_le_bytes(secret));
        let digest = digest_element::<G, N>(digest);
        let mut octets = Zeroizing::new([0; 64]);
        let octets = &mut octets[..8 * N];
        loop {
            nonces.next(octets)?;
            let nonce = Element::<G::Q, N>::from_limbs(limbs::from_le_bytes(octets));
            let (x, _) = multiply::base::<G, N>(nonce).to_affine();
            let r = Element::<G::Q, N>::from_limbs(x.to_limbs());
            let s = r * secret + nonce * digest;
            if !r.is_zero() && !s.is_zero() {
                let mut halves = [0; 128];
                let (left, right) = halves[..16 * N].split_at_mut(8 * N);
                limbs::write_be(&s.to_limbs(), left);
                limbs::write_be(&r.to_limbs(), right);
                return Signature::from_slice(&halves[..16 * N]);
            }
        }
    }
    over!(curve, run(secret, digest, nonces))
}

/// Verifies a signature of a digest by a checked public key (RFC 7091, 6.2).
pub fn verify(curve: Curve, point: &[u8], digest: &[u8], signature: &Signature) -> bool {
    fn run<G: Group<N>, const N: usize>(point: &[u8], digest: &[u8], value: &Signature) -> bool {
        let r = limbs::from_be_bytes::<N>(value.r());
        let s = limbs::from_be_bytes::<N>(value.s());
        if !is_scalar::<G, N>(&r) || !is_scalar::<G, N>(&s) {
            return false;
        }
        let inverse = digest_element::<G, N>(digest).invert_public();
        let z1 = Element::from_limbs(s) * inverse;
        let z2 = -(Element::from_limbs(r) * inverse);
        let (x, y) = read_point::<G, N>(point);
        let point = G::Fast::from_affine(Element::from_limbs(x), Element::from_limbs(y));
        let sum = multiply::public_pair::<G, N>(&z1.to_limbs(), &z2.to_limbs(), &point);
        let (numerator, denominator) = sum.x_fraction();
        !denominator.is_zero() && x_is::<G, N>(numerator, denominator, r)
    }
    over!(curve, run(point, digest, signature))
}

/// Writes `m/q · ukm · d mod q` times the point, `x ‖ y` little-endian (RFC 7836, 4.3). `ukm` is
/// little-endian, of the length of a scalar; the point is checked.
pub fn agree(
    curve: Curve,
    secret: &[u8],
    ukm: &[u8],
    point: &[u8],
    out: &mut [u8],
) -> Result<(), KeyError> {
    fn run<G: Group<N>, const N: usize>(
        secret: &[u8],
        ukm: &[u8],
        point: &[u8],
        out: &mut [u8],
    ) -> Result<(), KeyError> {
        let mut cofactor = [0; N];
        cofactor[0] = u64::from(G::COFACTOR);
        let scalar = Element::<G::Q, N>::from_limbs(cofactor)
            * Element::from_limbs(limbs::from_le_bytes(ukm))
            * Element::from_limbs(limbs::from_le_bytes(secret));
        if scalar.is_zero() {
            return Err(KeyError::Ukm);
        }
        let (x, y) = read_point::<G, N>(point);
        let point = G::Uniform::from_affine(Element::from_limbs(x), Element::from_limbs(y));
        let scalar = Zeroizing::new(scalar.to_limbs());
        write_point::<G, N>(multiply::uniform(&scalar, &point), out);
        Ok(())
    }
    over!(curve, run(secret, ukm, point, out))
}

/// Multiplies the private key `d` by a mask modulo `q`, all little-endian (RFC 9548, 5).
pub fn unmask(curve: Curve, secret: &mut [u8], mask: &[u8]) -> Result<(), KeyError> {
    fn run<G: Group<N>, const N: usize>(secret: &mut [u8], mask: &[u8]) -> Result<(), KeyError> {
        let factors = [limbs::from_le_bytes::<N>(secret), limbs::from_le_bytes::<N>(mask)];
        let factors = Zeroizing::new(factors);
        if !factors.iter().all(is_scalar::<G, N>) {
            return Err(KeyError::Scalar);
        }
        let [secret_part, mask_part] = *factors;
        let product = Element::<G::Q, N>::from_limbs(secret_part) * Element::from_limbs(mask_part);
        limbs::write_le(&product.to_limbs(), secret);
        Ok(())
    }
    over!(curve, run(secret, mask))
}

/// Divides a masked private key by its mask modulo `q`, both little-endian and not reduced.
pub fn divide(curve: Curve, secret: &mut [u8], mask: &[u8]) -> Result<(), KeyError> {
    fn run<G: Group<N>, const N: usize>(secret: &mut [u8], mask: &[u8]) -> Result<(), KeyError> {
        let mask = Element::<G::Q, N>::from_limbs(limbs::from_le_bytes(mask));
        if mask.is_zero() {
            return Err(KeyError::Scalar);
        }
        let quotient = Element::from_limbs(limbs::from_le_bytes(secret)) * mask.invert();
        limbs::write_le(&quotient.to_limbs(), secret);
        Ok(())
    }
    over!(curve, run(secret, mask))
}

/// Whether `numerator / denominator` is congruent to `r` modulo `q`: whether it is `r`, `r + q`,
/// `r + 2q`, … below `p`. Spares the division.
fn x_is<G: Group<N>, const N: usize>(
    numerator: Element<G::P, N>,
    denominator: Element<G::P, N>,
    r: [u64; N],
) -> bool {
    let candidates = core::iter::successors(Some(r), |candidate| {
        let (next, carry) = limbs::add(candidate, &G::Q::P);
        (!carry && below(&next, &G::P::P)).then_some(next)
    });
    candidates
        .filter(|candidate| below(candidate, &G::P::P))
        .any(|candidate| Element::from_limbs(candidate) * denominator == numerator)
}

fn digest_element<G: Group<N>, const N: usize>(digest: &[u8]) -> Element<G::Q, N> {
    let number = Element::from_limbs(limbs::from_le_bytes(digest));
    if number.is_zero() { Element::ONE } else { number }
}

fn below<const N: usize>(value: &[u64; N], bound: &[u64; N]) -> bool {
    limbs::sub(value, bound).1
}

fn is_scalar<G: Group<N>, const N: usize>(value: &[u64; N]) -> bool {
    below(value, &G::Q::P) & !limbs::is_zero(value)
}

fn read_point<G: Group<N>, const N: usize>(point: &[u8]) -> ([u64; N], [u64; N]) {
    let (x, y) = point.split_at(8 * N);
    (limbs::from_le_bytes(x), limbs::from_le_bytes(y))
}

fn write_point<G: Group<N>, const N: usize>(point: G::Uniform, out: &mut [u8]) {
    let (x, y) = point.to_affine();
    let (left, right) = out.split_at_mut(8 * N);
    limbs::write_le(&x.to_limbs(), left);
    limbs::write_le(&y.to_limbs(), right);
}
