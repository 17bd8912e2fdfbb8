//! SubjectPublicKeyInfo and PKCS#8.

use gost3410::{Curve, KeyError, Signature, SigningKey, VerifyingKey, oid};
use pkcs8::{
    DecodePrivateKey, EncodePrivateKey, ObjectIdentifier, PrivateKeyInfoOwned, PrivateKeyInfoRef,
    der::{
        Any, Decode, Encode,
        asn1::{BitString, OctetString},
    },
    spki::{
        AlgorithmIdentifierOwned, DecodePublicKey, DynAssociatedAlgorithmIdentifier,
        DynSignatureAlgorithmIdentifier, EncodePublicKey, SignatureBitStringEncoding,
        SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
    },
};
use proptest::prelude::*;
use signature::{Keypair, SignatureEncoding, hazmat::PrehashSigner};

use crate::support::key;

proptest! {
    #[test]
    fn keys_come_back_from_their_encodings(key in key()) {
        let public = key.verifying_key();
        let der = public.to_public_key_der().unwrap();
        prop_assert_eq!(VerifyingKey::from_public_key_der(der.as_bytes()).unwrap(), public);
        let pem = key.to_pkcs8_pem(Default::default()).unwrap();
        let read = SigningKey::from_pkcs8_pem(&pem).unwrap();
        prop_assert_eq!(read.verifying_key(), public);
        prop_assert_eq!(read.to_bytes(), key.to_bytes());
    }

    #[test]
    fn no_octets_upset_the_readers(octets: Vec<u8>) {
        prop_assert!(VerifyingKey::from_public_key_der(&octets).is_err());
        prop_assert!(SigningKey::from_pkcs8_der(&octets).is_err());
    }

    #[test]
    fn no_change_upsets_the_readers(key in key(), place: usize, value: u8) {
        let change = |octets: &[u8]| {
            let mut octets = octets.to_vec();
            let place = place % octets.len();
            octets[place] = value;
            octets
        };
        let spki = change(key.verifying_key().to_public_key_der().unwrap().as_bytes());
        if let Ok(read) = VerifyingKey::from_public_key_der(&spki) {
            prop_assert_eq!(read.as_bytes(), key.as_ref().as_bytes());
        }
        let pkcs8 = change(key.to_pkcs8_der().unwrap().as_bytes());
        if let Ok(read) = SigningKey::from_pkcs8_der(&pkcs8) {
            let checked = VerifyingKey::from_bytes(read.curve(), read.verifying_key().as_bytes());
            prop_assert_eq!(checked, Ok(read.verifying_key()));
        }
    }
}

/// Parameters of an algorithm identifier.
fn parameters(oids: &[ObjectIdentifier]) -> Any {
    Any::encode_from(&oids.to_vec()).unwrap()
}

fn algorithm(oid: ObjectIdentifier, oids: &[ObjectIdentifier]) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: Some(parameters(oids)) }
}

fn own(curve: Curve) -> AlgorithmIdentifierOwned {
    let key = SigningKey::from_bytes(curve, &vec![1; curve.size().bytes()]).unwrap();
    key.verifying_key().algorithm_identifier().unwrap()
}

#[test]
fn parameters_follow_the_rfc() {
    for curve in Curve::ALL {
        let digest = oid::GOST3411_2012_256;
        let expected = match curve {
            Curve::Tc26_256A | Curve::Tc26_256B | Curve::Tc26_256C | Curve::Tc26_256D => {
                algorithm(oid::GOST3410_2012_256, &[curve.oid()])
            }
            Curve::Test512 | Curve::Tc26_512A | Curve::Tc26_512B | Curve::Tc26_512C => {
                algorithm(oid::GOST3410_2012_512, &[curve.oid()])
            }
            _ => algorithm(oid::GOST3410_2012_256, &[curve.oid(), digest]),
        };
        assert_eq!(own(curve), expected);
        assert_eq!(Curve::from_oid(curve.oid()), Ok(curve));
    }
}

/// A SubjectPublicKeyInfo with the given algorithm and the key `[1; …]` of a curve.
fn spki(curve: Curve, algorithm: AlgorithmIdentifierOwned) -> Result<VerifyingKey, KeyError> {
    let key = SigningKey::from_bytes(curve, &vec![1; curve.size().bytes()]).unwrap();
    let octets = OctetString::new(key.verifying_key().as_bytes()).unwrap().to_der().unwrap();
    let subject_public_key = BitString::from_bytes(&octets).unwrap();
    let der = SubjectPublicKeyInfoOwned { algorithm, subject_public_key }.to_der().unwrap();
    VerifyingKey::from_spki(SubjectPublicKeyInfoRef::from_der(&der).unwrap())
}

#[test]
fn old_parameters_are_understood() {
    let curve = Curve::CryptoProXchA;
    let old_digest = ObjectIdentifier::new_unwrap("1.2.643.2.2.30.1");
    let old_cipher = ObjectIdentifier::new_unwrap("1.2.643.2.2.31.1");
    let expected = spki(curve, own(curve)).unwrap();
    for (algorithm_oid, oids) in [
        (oid::GOST3410_2001, vec![curve.oid(), old_digest]),
        (oid::GOST3410_2001, vec![curve.oid(), old_digest, old_cipher]),
        (oid::GOST3410_2012_256, vec![curve.oid(), old_digest]),
        (oid::GOST3410_2012_256, vec![curve.oid()]),
    ] {
        assert_eq!(spki(curve, algorithm(algorithm_oid, &oids)), Ok(expected));
    }
}

#[test]
fn wrong_algorithms_are_refused_by_cause() {
    let curve = Curve::CryptoProXchA;
    let rsa = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    let refused = |algorithm| spki(curve, algorithm).unwrap_err();
    assert_eq!(refused(algorithm(rsa, &[curve.oid()])), KeyError::Algorithm(rsa));
    assert_eq!(refused(algorithm(oid::GOST3410_2012_256, &[rsa])), KeyError::ParamSet(rsa));
    let long = algorithm(oid::GOST3410_2012_512, &[curve.oid()]);
    assert_eq!(refused(long), KeyError::SizeMismatch);
    let bare = AlgorithmIdentifierOwned { oid: oid::GOST3410_2012_256, parameters: None };
    assert_eq!(refused(bare), KeyError::Parameters);
    assert_eq!(refused(algorithm(oid::GOST3410_2012_256, &[])), KeyError::Parameters);
    let moved = spki(curve, own(Curve::CryptoProB));
    assert!(matches!(moved, Err(KeyError::NotOnCurve | KeyError::Coordinate)));
}

/// Reads a PKCS#8 whose private key octets are given.
fn private(curve: Curve, octets: &[u8], public: Option<&[u8]>) -> Result<SigningKey, KeyError> {
    let mut info = PrivateKeyInfoOwned::new(own(curve), OctetString::new(octets).unwrap());
    info.public_key = public.map(|public| BitString::from_bytes(public).unwrap());
    let der = info.to_der().unwrap();
    SigningKey::from_private_key_info(PrivateKeyInfoRef::from_der(&der).unwrap())
}

/// An INTEGER or OCTET STRING of fewer than 128 octets.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

#[test]
fn every_form_of_a_private_key_is_read() {
    for curve in [Curve::CryptoProA, Curve::Tc26_512A] {
        let mut secret = vec![0x4D; curve.size().bytes()];
        secret[0] = 0x03;
        let expected = SigningKey::from_bytes(curve, &secret).unwrap();
        let public = expected.verifying_key();
        let big_endian: Vec<u8> = secret.iter().rev().copied().collect();
        let mut mask = vec![0; secret.len()];
        mask[0] = 1;
        let masked = [secret.clone(), mask.clone(), mask].concat();
        let wrapped = OctetString::new(masked.as_slice()).unwrap().to_der().unwrap();
        let pair = vec![
            OctetString::new(masked.as_slice()).unwrap(),
            OctetString::new(public.as_bytes()).unwrap(),
        ];
        let pair = pair.to_der().unwrap();
        let forms = [
            secret.clone(),
            tlv(0x04, &secret),
            tlv(0x02, &big_endian),
            masked.clone(),
            wrapped,
            pair,
        ];
        for octets in forms {
            assert_eq!(private(curve, &octets, None).unwrap().verifying_key(), public);
        }
        assert_eq!(SigningKey::from_masked(curve, &masked).unwrap().verifying_key(), public);
        assert!(private(curve, &secret, Some(public.as_bytes())).is_ok());
        let other = SigningKey::from_bytes(curve, &vec![2; secret.len()]).unwrap();
        let refused = private(curve, &secret, Some(other.verifying_key().as_bytes()));
        assert_eq!(refused.unwrap_err(), KeyError::Mismatch);
    }
}

/// 6 masked by 2 and by 5 is 60: the masks multiply modulo `q`.
#[test]
fn masks_multiply() {
    let curve = Curve::Tc26_256A;
    let small = |value: u8| {
        let mut octets = vec![0; 32];
        octets[0] = value;
        octets
    };
    let masked = [small(6), small(2), small(5)].concat();
    let key = SigningKey::from_masked(curve, &masked).unwrap();
    assert_eq!(key.to_bytes().as_slice(), small(60));
    let zero = [small(6), small(0)].concat();
    assert_eq!(SigningKey::from_masked(curve, &zero).unwrap_err(), KeyError::Scalar);
    assert_eq!(SigningKey::from_masked(curve, &masked[1..]).unwrap_err(), KeyError::Length);
    assert_eq!(SigningKey::from_masked(curve, &[]).unwrap_err(), KeyError::Length);
}

#[test]
fn unknown_forms_of_a_private_key_are_refused() {
    let refused = |octets: &[u8]| private(Curve::CryptoProA, octets, None).unwrap_err();
    for octets in [&[][..], &[1; 31], &[0x30, 0], &tlv(0x04, &[1; 31]), &tlv(0x0C, &[0x41; 35])] {
        assert_eq!(refused(octets), KeyError::PrivateKeyForm, "{octets:?}");
    }
    assert_eq!(refused(&tlv(0x02, &[0x71; 33])), KeyError::Scalar);
    assert_eq!(refused(&tlv(0x02, &[0])), KeyError::Scalar);
}

#[test]
fn signatures_are_encoded_for_certificates() {
    for curve in [Curve::CryptoProA, Curve::Tc26_512A] {
        let size = curve.size();
        let key = SigningKey::from_bytes(curve, &vec![1; size.bytes()]).unwrap();
        let signature: Signature = key.sign_prehash(&vec![2; size.bytes()]).unwrap();
        assert_eq!(signature.to_vec(), [signature.s(), signature.r()].concat());
        assert_eq!(signature.encoded_len(), 2 * size.bytes());
        assert_eq!(signature.to_bitstring().unwrap().raw_bytes(), signature.as_bytes());
        let expected = AlgorithmIdentifierOwned { oid: size.signature_oid(), parameters: None };
        assert_eq!(key.signature_algorithm_identifier().unwrap(), expected);
        assert_eq!(key.verifying_key().signature_algorithm_identifier().unwrap(), expected);
        let again = Signature::from_scalars(signature.r(), signature.s()).unwrap();
        assert_eq!(again, signature);
    }
}
