//! Arithmetic of the curves: limbs, prime fields, points, multiplication.
//!
//! Everything is generic over the number `N` of 64-bit limbs (4 or 8) and over a marker type for
//! the modulus or the curve, so that each curve gets code made for its prime.

pub mod edwards;
pub mod field;
pub mod group;
pub mod invert;
pub mod jacobian;
pub mod limbs;
pub mod multiply;
pub mod projective;
pub mod recode;
pub mod tables;
