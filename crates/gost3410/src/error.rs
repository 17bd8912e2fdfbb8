//! Why a key or an encoding is refused.

use core::fmt;

use der::asn1::ObjectIdentifier;

/// Why a key or an encoding is refused. One variant per cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The algorithm identifier is not one of GOST R 34.10.
    Algorithm(ObjectIdentifier),
    /// The parameters of the algorithm identifier are absent or not of the GOST form.
    Parameters,
    /// The parameter set is not one of the official curves.
    ParamSet(ObjectIdentifier),
    /// The curve's size differs from what the algorithm identifier says.
    SizeMismatch,
    /// The octets have the wrong length for the curve.
    Length,
    /// A coordinate is not less than the field's prime.
    Coordinate,
    /// The point does not lie on the curve.
    NotOnCurve,
    /// The point lies on the curve, but outside of the subgroup of order `q`, or is the identity.
    Subgroup,
    /// The private key or a mask is zero or not less than `q`.
    Scalar,
    /// The public key that accompanies a private key belongs to another one.
    Mismatch,
    /// Key agreement: the keys are on different curves.
    CurveMismatch,
    /// Key agreement: the user keying material is empty, too long or zero.
    Ukm,
    /// The private key octets are in none of the known forms.
    PrivateKeyForm,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(oid) => write!(f, "{oid} is not a key algorithm of GOST R 34.10"),
            Self::Parameters => f.write_str("the key's algorithm parameters are malformed"),
            Self::ParamSet(oid) => write!(f, "{oid} is not an official GOST R 34.10 curve"),
            Self::SizeMismatch => f.write_str("the curve's size differs from the algorithm's"),
            Self::Length => f.write_str("the key's length is wrong for its curve"),
            Self::Coordinate => f.write_str("a coordinate of the public key is out of range"),
            Self::NotOnCurve => f.write_str("the public key is not a point of its curve"),
            Self::Subgroup => f.write_str("the public key is outside of the prime-order subgroup"),
            Self::Scalar => f.write_str("the private key is out of range"),
            Self::Mismatch => f.write_str("the public key does not belong to the private one"),
            Self::CurveMismatch => f.write_str("the keys are on different curves"),
            Self::Ukm => f.write_str("the user keying material is out of range"),
            Self::PrivateKeyForm => f.write_str("the private key is in an unknown form"),
        }
    }
}

impl core::error::Error for KeyError {}
