//! What must be refused, and why.

use gost3410::{Curve, KeyError, Signature, SigningKey, VerifyingKey};
use hex::decode;
use signature::{
    Keypair,
    hazmat::{PrehashSigner, PrehashVerifier},
};

use crate::support::number;

fn public(curve: Curve, x: &str, y: &str) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::from_affine(curve, &decode(x).unwrap(), &decode(y).unwrap())
}

#[test]
fn base_points_are_accepted() {
    for curve in Curve::ALL {
        let numbers = curve.parameters();
        let base = public(curve, numbers.x, numbers.y).unwrap();
        let mut one = vec![0; curve.size().bytes()];
        one[0] = 1;
        assert_eq!(SigningKey::from_bytes(curve, &one).unwrap().verifying_key(), base);
    }
}

#[test]
fn coordinates_are_below_the_prime() {
    for curve in Curve::ALL {
        let numbers = curve.parameters();
        assert_eq!(public(curve, numbers.p, numbers.y), Err(KeyError::Coordinate));
        assert_eq!(public(curve, numbers.x, numbers.p), Err(KeyError::Coordinate));
    }
    // x = 0 lies on this curve; its other name p does not pass for it.
    let numbers = Curve::CryptoProC.parameters();
    assert!(public(Curve::CryptoProC, numbers.x, numbers.y).is_ok());
}

#[test]
fn points_lie_on_their_curve() {
    for curve in Curve::ALL {
        let numbers = curve.parameters();
        assert_eq!(public(curve, numbers.y, numbers.x), Err(KeyError::NotOnCurve));
        let zeros = vec![0; 2 * curve.size().bytes()];
        assert_eq!(VerifyingKey::from_bytes(curve, &zeros), Err(KeyError::NotOnCurve));
    }
    let point = SigningKey::from_bytes(Curve::CryptoProA, &[3; 32]).unwrap().verifying_key();
    for other in [Curve::Tc26_256A, Curve::CryptoProB, Curve::CryptoProC, Curve::Test256] {
        let moved = VerifyingKey::from_bytes(other, point.as_bytes());
        assert!(matches!(moved, Err(KeyError::NotOnCurve | KeyError::Coordinate)));
    }
}

/// Points of the curves with cofactor 4 outside of the subgroup: of order 2, of order 4, and the
/// base point plus the one of order 2. Computed apart from this crate.
const OUTSIDERS: [(Curve, &str, &str); 6] = [
    (
        Curve::Tc26_256A,
        "0100FE73F595FF158E974B44D478D9588744FE5C192AC47EA63075DCE7A14AAA",
        "0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        Curve::Tc26_256A,
        "7F7F80C60535007538B45A5D95C39353BC5D80D1F36A9DC0ACE7C5118C2F5977",
        "81817DADF060FEA055E2F0E73EB54604CAE77D8A25C026BDF948B0CB5B71EECA",
    ),
    (
        Curve::Tc26_256A,
        "18476B1AF2E5CECDC380E4C91D2A3A5C2B6C0788066615E2B4E9A63246463E96",
        "4CFA952E3B48A1409977E07FABA396136986D7E8EDC05C336154375BE5070030",
    ),
    (
        Curve::Tc26_512C,
        "9A628F975594ECEFD89BA28A2539FFB79C8AB238AEED0851FA5C1ABB02B80B44\
         C6734501B83A011DD625CD0B5145091A6D9ACD4B1F5C5B1E21B2B249DDFD1271",
        "0000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        Curve::Tc26_512C,
        "B2CEB8345535898813B22EBAED63002431BAA6E3A8897BD702D1F2A27EA3FA5D\
         9CC65D7F23E2FF7114ED197A575D7B72C932995A7051D270EF26A6DB1101748F",
        "E793D763005F6367C4E973CF37D6FF936AD00B5506638C7AF78A2818841410E7\
         29ACE782945701ACC138B390F9E78DA7A46833F0AF0A88AD328C0B6ECCFB9BA9",
    ),
    (
        Curve::Tc26_512C,
        "A971A08C11434AED18BE284BDA0575DF3112277F7F11DB4CFC63762467ACF3A9\
         AD39E333D5727748008CA4A7275F22CE793D6E36A77CF3EE6793FDA38008C4BB",
        "A9D47F0ED920FAC7438C4DE7042D95E15B4DCED16636D7D59C54ECB3089D0F88\
         9DD8856EFE606B368BDDD793C97053E7C676F70F5BFE30663501B4B3E8C6749D",
    ),
];

#[test]
fn points_lie_in_the_subgroup() {
    for (curve, x, y) in OUTSIDERS {
        assert_eq!(public(curve, x, y), Err(KeyError::Subgroup), "{curve:?} {x}");
    }
}

#[test]
fn lengths_are_exact() {
    for curve in Curve::ALL {
        let size = curve.size().bytes();
        for length in [0, 1, size - 1, size + 1, 2 * size - 1, 2 * size + 1, 4 * size] {
            let octets = vec![1; length];
            assert_eq!(VerifyingKey::from_bytes(curve, &octets), Err(KeyError::Length));
            assert_eq!(SigningKey::from_bytes(curve, &octets).unwrap_err(), KeyError::Length);
        }
    }
    for length in [0, 1, 63, 65, 127, 129] {
        assert!(Signature::from_slice(&vec![1; length]).is_err());
    }
    assert!(Signature::from_scalars(&[1; 32], &[1; 64]).is_err());
}

#[test]
fn private_keys_are_in_range() {
    for curve in Curve::ALL {
        let mut order = number(curve.parameters().q);
        let refused = |octets: &[u8]| SigningKey::from_bytes(curve, octets).unwrap_err();
        assert_eq!(refused(&vec![0; order.len()]), KeyError::Scalar);
        assert_eq!(refused(&order), KeyError::Scalar);
        assert_eq!(refused(&vec![0xFF; order.len()]), KeyError::Scalar);
        order[0] -= 1;
        let last = SigningKey::from_bytes(curve, &order).unwrap().verifying_key();
        assert_eq!(decode(curve.parameters().x).unwrap(), {
            let mut x = last.as_bytes()[..order.len()].to_vec();
            x.reverse();
            x
        });
    }
}

#[test]
fn signature_halves_are_in_range() {
    for curve in Curve::ALL {
        let size = curve.size().bytes();
        let key = SigningKey::from_bytes(curve, &vec![0x19; size]).unwrap();
        let digest = vec![0x77; size];
        let signature = key.sign_prehash(&digest).unwrap();
        let order = decode(curve.parameters().q).unwrap();
        assert!(Signature::from_scalars(&vec![0; size], signature.s()).is_err());
        assert!(Signature::from_scalars(signature.r(), &vec![0; size]).is_err());
        // r + q and s + q are the same numbers modulo q; where they still fit, they are refused.
        let shifted = |half: &[u8]| {
            let mut sum = half.to_vec();
            let carry = sum.iter_mut().zip(&order).rev().fold(0, |carry, (octet, addend)| {
                let total = u16::from(*octet) + u16::from(*addend) + carry;
                *octet = total as u8;
                total >> 8
            });
            (carry == 0).then_some(sum)
        };
        let refused = |r: &[u8], s: &[u8]| {
            let changed = Signature::from_scalars(r, s).unwrap();
            key.verifying_key().verify_prehash(&digest, &changed).is_err()
        };
        assert!(refused(&order, signature.s()) && refused(signature.r(), &order));
        if let Some(r) = shifted(signature.r()) {
            assert!(refused(&r, signature.s()), "{curve:?}");
        }
        if let Some(s) = shifted(signature.s()) {
            assert!(refused(signature.r(), &s), "{curve:?}");
        }
    }
}

#[test]
fn a_signature_of_the_other_size_is_refused() {
    let short = SigningKey::from_bytes(Curve::CryptoProA, &[5; 32]).unwrap();
    let long = SigningKey::from_bytes(Curve::Tc26_512A, &[5; 64]).unwrap();
    let signature = long.sign_prehash(&[1; 64]).unwrap();
    assert!(short.verifying_key().verify_prehash(&[1; 32], &signature).is_err());
}

#[test]
fn agreement_needs_one_curve_and_material() {
    let key = |curve| SigningKey::from_bytes(curve, &[9; 32]).unwrap();
    let own = key(Curve::CryptoProA);
    let renamed = key(Curve::CryptoProXchA).verifying_key();
    let refused = |other, ukm: &[u8]| own.vko_256(&other, ukm).unwrap_err();
    assert!(own.vko_256(&renamed, &[1; 8]).is_ok());
    assert_eq!(refused(key(Curve::Tc26_256A).verifying_key(), &[1; 8]), KeyError::CurveMismatch);
    let order = number(Curve::CryptoProA.parameters().q);
    for ukm in [&[][..], &[0; 8], &[1; 33], &order] {
        assert_eq!(refused(renamed, ukm), KeyError::Ukm);
    }
}

#[test]
fn debug_output_keeps_the_secret() {
    let key = SigningKey::from_bytes(Curve::CryptoProA, &[0xC7; 32]).unwrap();
    let shown = format!("{key:?}");
    assert!(
        shown.contains("CryptoPro-A") && !shown.contains("c7c7c7") && !shown.contains("199, 199")
    );
}
