//! The points of @noble/curves: every curve, the smallest and the largest numbers.

use gost3410::signature::hazmat::RandomizedPrehashSigner;
use gost3410::signature::{Signer, Verifier};
use gost3410::{Curve, Signature, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use super::{ask, octets};
use crate::pki::{CONTENT, rng};

const CURVES: [Curve; 9] = [
    Curve::Test256,
    Curve::CryptoProA,
    Curve::CryptoProB,
    Curve::CryptoProC,
    Curve::Tc26_256A,
    Curve::Test512,
    Curve::Tc26_512A,
    Curve::Tc26_512B,
    Curve::Tc26_512C,
];

fn noble(requests: &[Value]) -> Vec<Result<Value, String>> {
    ask("noble.mjs", "@noble/curves", requests)
}

fn numbers(curve: Curve) -> Value {
    let of = curve.parameters();
    let cofactor = of.cofactor;
    json!({"p": of.p, "a": of.a, "b": of.b, "q": of.q, "x": of.x, "y": of.y, "cofactor": cofactor})
}

fn keys(curve: Curve) -> Vec<SigningKey> {
    let size = curve.size().bytes();
    let mut one = vec![0; size];
    one[0] = 1;
    let usual: Vec<u8> = (0..size).map(|n| (n as u8).wrapping_mul(37) | 1).collect();
    let mut short = usual.clone();
    short[size - 1] = 0x11;
    [one, short].iter().map(|bytes| SigningKey::from_bytes(curve, bytes).unwrap()).collect()
}

fn fields(call: &str, key: &SigningKey) -> Value {
    let curve = key.curve();
    json!({
        "call": call,
        "curve": numbers(curve),
        "bits": curve.size().bytes() * 8,
        "key": hex::encode(key.to_bytes()),
        "content": hex::encode(CONTENT),
        "nonce": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "publicKey": hex::encode(gost3410::signature::Keypair::verifying_key(key).as_bytes()),
    })
}

#[test]
fn public_keys_agree_and_their_signatures_are_ours() {
    for curve in CURVES {
        for key in keys(curve) {
            let answers = noble(&[fields("publicKey", &key), fields("sign", &key)]);
            let public = octets(answers[0].as_ref().unwrap());
            let ours = VerifyingKey::from_bytes(curve, &public).unwrap();
            assert_eq!(ours, gost3410::signature::Keypair::verifying_key(&key), "{curve:?}");
            let mut value = octets(answers[1].as_ref().unwrap());
            let signature = Signature::from_slice(&value).unwrap();
            assert!(ours.verify(CONTENT, &signature).is_ok(), "{curve:?}");
            assert!(ours.verify(b"other", &signature).is_err(), "{curve:?}");
            value[5] ^= 1;
            let changed = Signature::from_slice(&value).unwrap();
            assert!(ours.verify(CONTENT, &changed).is_err(), "{curve:?}");
        }
    }
}

#[test]
fn our_signatures_are_theirs() {
    for curve in CURVES {
        let mut requests = Vec::new();
        for key in keys(curve) {
            let deterministic: Signature = key.sign(CONTENT);
            let digest = match curve.size().bytes() {
                32 => signature::digest::DigestAlgorithm::Streebog256,
                _ => signature::digest::DigestAlgorithm::Streebog512,
            };
            let digest = digest.digest(CONTENT);
            let random: Signature = key.sign_prehash_with_rng(&mut rng(), &digest).unwrap();
            for signature in [deterministic, random] {
                let mut request = fields("verify", &key);
                request["signature"] = hex::encode(signature.as_bytes()).into();
                requests.push(request.clone());
                request["content"] = "00".into();
                requests.push(request);
            }
        }
        for (number, answer) in noble(&requests).into_iter().enumerate() {
            assert_eq!(answer, Ok(Value::Bool(number % 2 == 0)), "{curve:?} {number}");
        }
    }
}
