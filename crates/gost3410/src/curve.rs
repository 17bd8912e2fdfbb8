//! The official curves by name.

use der::asn1::ObjectIdentifier;

use crate::{curves, error::KeyError, oid};

/// The two sizes of GOST R 34.10-2012. The size decides which Streebog is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeySize {
    /// 256-bit keys, Streebog-256.
    Bits256,
    /// 512-bit keys, Streebog-512.
    Bits512,
}

impl KeySize {
    /// Octets of a private key, of one coordinate, of a digest, and of half a signature.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bits256 => 32,
            Self::Bits512 => 64,
        }
    }

    /// The public key algorithm (RFC 9215, 4).
    pub const fn key_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => oid::GOST3410_2012_256,
            Self::Bits512 => oid::GOST3410_2012_512,
        }
    }

    /// The digest that goes with the key.
    pub const fn digest_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => oid::GOST3411_2012_256,
            Self::Bits512 => oid::GOST3411_2012_512,
        }
    }

    /// The signature algorithm (RFC 9215, 2).
    pub const fn signature_oid(self) -> ObjectIdentifier {
        match self {
            Self::Bits256 => oid::SIGN_WITH_DIGEST_256,
            Self::Bits512 => oid::SIGN_WITH_DIGEST_512,
        }
    }
}

/// A parameter set that has an object identifier. Sets with the same numbers but different names
/// (`CryptoProA`, `CryptoProXchA`, `Tc26_256B`) stay apart, so that what is read is written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// `id-GostR3410-2001-TestParamSet`, the example of RFC 7091, 7.1. Not for real keys.
    Test256,
    /// `id-GostR3410-2001-CryptoPro-A-ParamSet` (RFC 4357, 11.4).
    CryptoProA,
    /// `id-GostR3410-2001-CryptoPro-B-ParamSet` (RFC 4357, 11.4).
    CryptoProB,
    /// `id-GostR3410-2001-CryptoPro-C-ParamSet` (RFC 4357, 11.4).
    CryptoProC,
    /// `id-GostR3410-2001-CryptoPro-XchA-ParamSet`: the numbers of CryptoPro-A.
    CryptoProXchA,
    /// `id-GostR3410-2001-CryptoPro-XchB-ParamSet`: the numbers of CryptoPro-C.
    CryptoProXchB,
    /// `id-tc26-gost-3410-2012-256-paramSetA` (RFC 7836, A.2), cofactor 4.
    Tc26_256A,
    /// `id-tc26-gost-3410-2012-256-paramSetB`: the numbers of CryptoPro-A.
    Tc26_256B,
    /// `id-tc26-gost-3410-2012-256-paramSetC`: the numbers of CryptoPro-B.
    Tc26_256C,
    /// `id-tc26-gost-3410-2012-256-paramSetD`: the numbers of CryptoPro-C.
    Tc26_256D,
    /// `id-tc26-gost-3410-2012-512-paramSetTest`, the example of RFC 7091, 7.2. Not for real keys.
    Test512,
    /// `id-tc26-gost-3410-2012-512-paramSetA` (RFC 7836, A.1).
    Tc26_512A,
    /// `id-tc26-gost-3410-2012-512-paramSetB` (RFC 7836, A.1).
    Tc26_512B,
    /// `id-tc26-gost-3410-2012-512-paramSetC` (RFC 7836, A.2), cofactor 4.
    Tc26_512C,
}

/// The numbers of a curve `y² = x³ + ax + b` over the field of `p` elements, whose base point
/// `(x, y)` has the prime order `q`. Each is hexadecimal, big-endian, 64 or 128 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The field's prime.
    pub p: &'static str,
    /// The coefficient `a`.
    pub a: &'static str,
    /// The coefficient `b`.
    pub b: &'static str,
    /// The order of the base point.
    pub q: &'static str,
    /// The base point's first coordinate.
    pub x: &'static str,
    /// The base point's second coordinate.
    pub y: &'static str,
    /// The number of points of the curve divided by `q`: 1 or 4.
    pub cofactor: u8,
}

impl Curve {
    /// Every curve, in the order of the object identifiers.
    pub const ALL: [Self; 14] = [
        Self::Test256,
        Self::CryptoProA,
        Self::CryptoProB,
        Self::CryptoProC,
        Self::CryptoProXchA,
        Self::CryptoProXchB,
        Self::Tc26_256A,
        Self::Tc26_256B,
        Self::Tc26_256C,
        Self::Tc26_256D,
        Self::Test512,
        Self::Tc26_512A,
        Self::Tc26_512B,
        Self::Tc26_512C,
    ];

    /// `publicKeyParamSet` and the standard name.
    const fn identity(self) -> (ObjectIdentifier, &'static str) {
        match self {
            Self::Test256 => (oid::TEST_256, "id-GostR3410-2001-TestParamSet"),
            Self::CryptoProA => (oid::CRYPTO_PRO_A, "id-GostR3410-2001-CryptoPro-A-ParamSet"),
            Self::CryptoProB => (oid::CRYPTO_PRO_B, "id-GostR3410-2001-CryptoPro-B-ParamSet"),
            Self::CryptoProC => (oid::CRYPTO_PRO_C, "id-GostR3410-2001-CryptoPro-C-ParamSet"),
            Self::CryptoProXchA => {
                (oid::CRYPTO_PRO_XCH_A, "id-GostR3410-2001-CryptoPro-XchA-ParamSet")
            }
            Self::CryptoProXchB => {
                (oid::CRYPTO_PRO_XCH_B, "id-GostR3410-2001-CryptoPro-XchB-ParamSet")
            }
            Self::Tc26_256A => (oid::TC26_256_A, "id-tc26-gost-3410-2012-256-paramSetA"),
            Self::Tc26_256B => (oid::TC26_256_B, "id-tc26-gost-3410-2012-256-paramSetB"),
            Self::Tc26_256C => (oid::TC26_256_C, "id-tc26-gost-3410-2012-256-paramSetC"),
            Self::Tc26_256D => (oid::TC26_256_D, "id-tc26-gost-3410-2012-256-paramSetD"),
            Self::Test512 => (oid::TEST_512, "id-tc26-gost-3410-2012-512-paramSetTest"),
            Self::Tc26_512A => (oid::TC26_512_A, "id-tc26-gost-3410-2012-512-paramSetA"),
            Self::Tc26_512B => (oid::TC26_512_B, "id-tc26-gost-3410-2012-512-paramSetB"),
            Self::Tc26_512C => (oid::TC26_512_C, "id-tc26-gost-3410-2012-512-paramSetC"),
        }
    }

    /// The object identifier of the parameter set.
    pub const fn oid(self) -> ObjectIdentifier {
        self.identity().0
    }

    /// The standard name, as in `id-tc26-gost-3410-2012-256-paramSetA`.
    pub const fn name(self) -> &'static str {
        self.identity().1
    }

    /// The curve of an object identifier.
    ///
    /// # Errors
    /// [`KeyError::ParamSet`] when it names none of the official curves.
    pub fn from_oid(oid: ObjectIdentifier) -> Result<Self, KeyError> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid).ok_or(KeyError::ParamSet(oid))
    }

    /// The size of keys on this curve.
    pub const fn size(self) -> KeySize {
        match self {
            Self::Test512 | Self::Tc26_512A | Self::Tc26_512B | Self::Tc26_512C => KeySize::Bits512,
            _ => KeySize::Bits256,
        }
    }

    /// Whether the set is an example of the standard: it computes, and no real key may use it.
    pub const fn is_test(self) -> bool {
        matches!(self, Self::Test256 | Self::Test512)
    }

    /// Whether the two sets have the same numbers, whatever their names.
    pub fn same_numbers(self, other: Self) -> bool {
        self.parameters() == other.parameters()
    }

    /// `digestParamSet` of the key's algorithm identifier: present for the sets that came before
    /// TC26's own 256-bit sets, absent otherwise (RFC 9215, 4.2).
    pub const fn digest_param_set(self) -> Option<ObjectIdentifier> {
        match self {
            Self::Test256
            | Self::CryptoProA
            | Self::CryptoProB
            | Self::CryptoProC
            | Self::CryptoProXchA
            | Self::CryptoProXchB => Some(oid::GOST3411_2012_256),
            _ => None,
        }
    }

    /// The numbers of the curve.
    pub const fn parameters(self) -> Parameters {
        match self {
            Self::Test256 => curves::TEST_256,
            Self::CryptoProA | Self::CryptoProXchA | Self::Tc26_256B => curves::CRYPTO_PRO_A,
            Self::CryptoProB | Self::Tc26_256C => curves::CRYPTO_PRO_B,
            Self::CryptoProC | Self::CryptoProXchB | Self::Tc26_256D => curves::CRYPTO_PRO_C,
            Self::Tc26_256A => curves::TC26_256_A,
            Self::Test512 => curves::TEST_512,
            Self::Tc26_512A => curves::TC26_512_A,
            Self::Tc26_512B => curves::TC26_512_B,
            Self::Tc26_512C => curves::TC26_512_C,
        }
    }
}
