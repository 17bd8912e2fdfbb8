//! What holds for all keys and digests.

use gost3410::{Curve, Signature, SigningKey, VerifyingKey};
use proptest::prelude::*;
use signature::{
    DigestSigner, DigestVerifier, Keypair, MultipartVerifier, RandomizedSigner, Signer, Verifier,
    digest::Update,
    hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner},
};
use streebog::{Digest, Streebog256, Streebog512};

use crate::support::{Given, digest, key, number};

fn key_and_digest() -> impl Strategy<Value = (SigningKey, Vec<u8>)> {
    key().prop_flat_map(|key| {
        let curve = key.curve();
        (Just(key), digest(curve))
    })
}

proptest! {
    #[test]
    fn what_is_signed_verifies((key, digest) in key_and_digest()) {
        let signature = key.sign_prehash(&digest).unwrap();
        let public = VerifyingKey::from_bytes(key.curve(), key.verifying_key().as_bytes()).unwrap();
        prop_assert!(public.verify_prehash(&digest, &signature).is_ok());
        prop_assert_eq!(Signature::from_slice(signature.as_bytes()).unwrap(), signature);
    }

    #[test]
    fn a_changed_bit_is_refused((key, digest) in key_and_digest(), place: usize, part in 0..3) {
        let signature = key.sign_prehash(&digest).unwrap();
        let flip = |octets: &[u8]| {
            let mut octets = octets.to_vec();
            let bit = place % (8 * octets.len());
            octets[bit / 8] ^= 1 << (bit % 8);
            octets
        };
        let public = key.verifying_key();
        match part {
            0 => prop_assert!(public.verify_prehash(&flip(&digest), &signature).is_err()),
            1 => {
                let changed = Signature::from_slice(&flip(signature.as_bytes())).unwrap();
                prop_assert!(public.verify_prehash(&digest, &changed).is_err());
            }
            _ => {
                // Nearly always no point of the curve; if it is one, it did not sign.
                let changed = VerifyingKey::from_bytes(key.curve(), &flip(public.as_bytes()));
                let accepts = |key: &VerifyingKey| key.verify_prehash(&digest, &signature).is_ok();
                prop_assert!(!changed.as_ref().is_ok_and(accepts));
            }
        }
    }

    #[test]
    fn another_key_is_refused((key, digest) in key_and_digest(), other in key()) {
        let signature = key.sign_prehash(&digest).unwrap();
        let stranger = other.verifying_key();
        prop_assume!(stranger.as_bytes() != key.verifying_key().as_bytes());
        prop_assert!(stranger.verify_prehash(&digest, &signature).is_err());
    }

    #[test]
    fn agreement_is_mutual(own in key(), scalar: [u8; 31], ukm in 1..u64::MAX) {
        let mut secret = scalar.to_vec();
        secret.resize(own.size().bytes(), 0);
        secret[0] |= 1;
        let other = SigningKey::from_bytes(own.curve(), &secret).unwrap();
        let ukm = ukm.to_le_bytes();
        let (here, there) = (own.verifying_key(), other.verifying_key());
        prop_assert_eq!(own.vko_256(&there, &ukm), other.vko_256(&here, &ukm));
        prop_assert_eq!(own.vko_512(&there, &ukm), other.vko_512(&here, &ukm));
    }

    #[test]
    fn nonces_follow_the_digest_and_the_addition((key, digest) in key_and_digest(), extra: [u8; 8]) {
        let plain = key.sign_prehash(&digest).unwrap();
        prop_assert_eq!(key.sign_prehash(&digest).unwrap(), plain);
        let hedged = key.sign_prehash_hedged(&digest, &extra).unwrap();
        prop_assert_ne!(hedged.r(), plain.r());
        prop_assert!(key.verifying_key().verify_prehash(&digest, &hedged).is_ok());
        // The lowest bit of the number counts, even where q is shorter than the digest.
        let mut neighbour = digest;
        neighbour[0] ^= 1;
        let other = key.sign_prehash(&neighbour).unwrap();
        prop_assert_ne!(other.r(), plain.r());
    }
}

/// The first nonces are out of range: zero, `q`, all ones. They are passed over.
#[test]
fn nonces_out_of_range_are_passed_over() {
    for curve in Curve::ALL {
        let size = curve.size().bytes();
        let key = SigningKey::from_bytes(curve, &vec![0x25; size]).unwrap();
        let good = vec![0x11; size];
        let bad = [vec![0; size], number(curve.parameters().q), vec![0xFF; size], good.clone()];
        let digest = vec![0x5A; size];
        let signed = |octets: &[u8]| {
            let mut rng = Given::new(octets);
            let signature: Signature = key.sign_prehash_with_rng(&mut rng, &digest).unwrap();
            assert!(rng.0.is_empty());
            signature
        };
        // Where q has fewer bits than the octets, the surplus of all ones is cut: still not below q.
        assert_eq!(signed(&bad.concat()), signed(&good), "{curve:?}");
    }
}

#[test]
fn a_generated_key_is_what_the_generator_gave() {
    for curve in Curve::ALL {
        let size = curve.size().bytes();
        let octets = vec![0x2A; size];
        let mut rng = Given::new(&[vec![0; size], octets.clone()].concat());
        let key = SigningKey::generate(curve, &mut rng).unwrap();
        assert_eq!(key.to_bytes().as_slice(), octets);
    }
}

#[test]
fn every_way_of_signing_a_message_agrees() {
    let message = b"statistical form";
    for curve in [Curve::CryptoProXchA, Curve::Tc26_512C] {
        let size = curve.size().bytes();
        let key = SigningKey::from_bytes(curve, &vec![0x31; size]).unwrap();
        let public = key.verifying_key();
        let signature: Signature = key.sign(message);
        assert!(public.verify(message, &signature).is_ok());
        assert!(public.verify(b"statistical forms", &signature).is_err());
        assert!(public.multipart_verify(&[b"statistical", b" ", b"form"], &signature).is_ok());
        let nonce = vec![0x07; size];
        let random: Signature = key.sign_with_rng(&mut Given::new(&nonce), message);
        assert!(random != signature && public.verify(message, &random).is_ok());
    }
    let key = SigningKey::from_bytes(Curve::CryptoProXchA, &[0x31; 32]).unwrap();
    let by_digest = key.sign_digest(|digest: &mut Streebog256| Update::update(digest, message));
    assert_eq!(by_digest, key.sign(message));
    let update = |digest: &mut Streebog256| {
        Update::update(digest, message);
        Ok(())
    };
    assert!(key.verifying_key().verify_digest(update, &by_digest).is_ok());
    assert_eq!(key.sign_prehash(&Streebog256::digest(message)).unwrap(), by_digest);
}

#[test]
fn a_digest_of_the_other_size_is_refused() {
    let key = SigningKey::from_bytes(Curve::CryptoProXchA, &[0x31; 32]).unwrap();
    let long = Streebog512::digest(b"statistical form");
    assert!(key.sign_prehash(&long).is_err());
    assert!(key.try_sign_digest(|_: &mut Streebog512| Ok(())).is_err());
    let signature = key.sign_prehash(&[1; 32]).unwrap();
    assert!(key.verifying_key().verify_prehash(&long, &signature).is_err());
}

/// Frozen: a signature must not change between versions, and an independent program that follows
/// the crate's documentation of nonces (Python, own arithmetic) gave the same.
#[test]
fn deterministic_signatures_stay() {
    for (curve, expected) in DETERMINISTIC {
        let size = curve.size().bytes();
        let key = SigningKey::from_bytes(curve, &vec![0x21; size]).unwrap();
        let digest: Vec<u8> = (0..size).map(|index| 0xF0 - index as u8).collect();
        let signature = key.sign_prehash(&digest).unwrap();
        assert_eq!(hex::encode(signature.as_bytes()), expected, "{curve:?}");
    }
}

const DETERMINISTIC: [(Curve, &str); 3] = [
    (
        Curve::Tc26_256A,
        "15db5b3109552013038599a65fdc5cfb68b870d8b4c164d82e9e9b7cbc72599b\
         007b4c2495541084214f4c015165f2900ea1bcbb5cab44cca42e8f84a4266490",
    ),
    (
        Curve::CryptoProA,
        "c84d8d1b3949df584a7025188db175810eaf0c003ebbfdf2324166be56b481e1\
         39d0b0cae0180583a00a6ac1ebbda0c6bbe6e499b1834306fd8744bcfc47ffdf",
    ),
    (
        Curve::Tc26_512C,
        "1f33e472fc6b9622e201d2cc3c31cae3a491483fa74a326ba5efddd3b2c2c207\
         ce8aed7f7d1df0503faf4329bc3369ebccefacb45537b11865211de33a12b805\
         3529ae6bd8f1e8d4a9be4c0820db2c11a24768b90cf46592531b669f8b0c3acc\
         e643937207be3d6ea23016e80f251b5d5d6281ae0fc15480fe6494d1b8f1bc04",
    ),
];
