//! The examples of the RFCs.

use gost3410::{Curve, KeyError, Signature, SigningKey, VerifyingKey, kdf, kdf_tree};
use hex::decode;
use signature::{
    Keypair,
    hazmat::{PrehashVerifier, RandomizedPrehashSigner},
};

use crate::support::{Given, number};

/// Numbers of an example, big-endian hexadecimal.
struct Example {
    curve: Curve,
    d: &'static str,
    e: &'static str,
    k: &'static str,
    x: &'static str,
    y: &'static str,
    r: &'static str,
    s: &'static str,
}

/// RFC 7091, 7.1 and 7.2.
const EXAMPLES: [Example; 2] = [
    Example {
        curve: Curve::Test256,
        d: "7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28",
        e: "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
        k: "77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3",
        x: "7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
        y: "26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
        r: "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
        s: "01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
    },
    Example {
        curve: Curve::Test512,
        d: "0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B1020\
            72E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
        e: "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591\
            7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
        k: "0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F3658\
            86748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
        x: "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD\
            5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        y: "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61\
            EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        r: "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3\
            5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
        s: "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5\
            823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    },
];

#[test]
fn rfc7091_public_keys() {
    for example in &EXAMPLES {
        let key = SigningKey::from_bytes(example.curve, &number(example.d)).unwrap();
        let (x, y) = (decode(example.x).unwrap(), decode(example.y).unwrap());
        let public = VerifyingKey::from_affine(example.curve, &x, &y).unwrap();
        assert_eq!(key.verifying_key(), public);
    }
}

#[test]
fn rfc7091_signatures() {
    for example in &EXAMPLES {
        let key = SigningKey::from_bytes(example.curve, &number(example.d)).unwrap();
        let digest = number(example.e);
        let mut nonce = Given::new(&number(example.k));
        let signature: Signature = key.sign_prehash_with_rng(&mut nonce, &digest).unwrap();
        assert_eq!(signature.r(), decode(example.r).unwrap());
        assert_eq!(signature.s(), decode(example.s).unwrap());
        key.verifying_key().verify_prehash(&digest, &signature).unwrap();
    }
}

/// RFC 7836, appendix B: the keys of the examples of VKO, little-endian.
const VKO_A: [&str; 2] = [
    "c990ecd972fce84ec4db022778f50fcac726f46708384b8d458304962d7147f8\
     c2db41cef22c90b102f2968404f9b9be6d47c79692d81826b32b8daca43cb667",
    "aab0eda4abff21208d18799fb9a8556654ba783070eba10cb9abb253ec56dcf5\
     d3ccba6192e464e6e5bcb6dea137792f2431f6c897eb1b3c0cc14327b1adc0a7\
     914613a3074e363aedb204d38d3563971bd8758e878c9db11403721b48002d38\
     461f92472d40ea92f9958c0ffa4c93756401b97f89fdbe0b5e46e4a4631cdb5a",
];
const VKO_B: [&str; 2] = [
    "48c859f7b6f11585887cc05ec6ef1390cfea739b1a18c0d4662293ef63b79e3b\
     8014070b44918590b4b996acfea4edfbbbcccc8c06edd8bf5bda92a51392d0db",
    "192fe183b9713a077253c72c8735de2ea42a3dbc66ea317838b65fa32523cd5e\
     fca974eda7c863f4954d1147f1f2b25c395fce1c129175e876d132e94ed5a651\
     04883b414c9b592ec4dc84826f07d0b6d9006dda176ce48c391e3f97d102e03b\
     b598bf132a228a45f7201aba08fc524a2d77e43a362ab022ad4028f75bde3b79",
];
const UKM: &str = "1d80603c8544c727";

fn vko_key([secret, public]: [&str; 2]) -> SigningKey {
    let key = SigningKey::from_bytes(Curve::Tc26_512A, &decode(secret).unwrap()).unwrap();
    assert_eq!(key.verifying_key().as_bytes(), decode(public).unwrap());
    key
}

#[test]
fn rfc7836_key_agreement() {
    let (a, b, ukm) = (vko_key(VKO_A), vko_key(VKO_B), decode(UKM).unwrap());
    let expected_256 = "c9a9a77320e2cc559ed72dce6f47e2192ccea95fa648670582c054c0ef36c221";
    let expected_512 = "79f002a96940ce7bde3259a52e015297adaad84597a0d205b50e3e1719f97bfa\
                        7ee1d2661fa9979a5aa235b558a7e6d9f88f982dd63fc35a8ec0dd5e242d3bdf";
    for (own, other) in [(&a, &b), (&b, &a)] {
        let other = other.verifying_key();
        assert_eq!(hex::encode(*own.vko_256(&other, &ukm).unwrap()), expected_256);
        assert_eq!(hex::encode(*own.vko_512(&other, &ukm).unwrap()), expected_512);
    }
}

/// RFC 7836, appendix B: the key, the label and the seed of the derivations.
fn derivation() -> ([u8; 32], Vec<u8>, Vec<u8>) {
    let key = core::array::from_fn(|index| index as u8);
    (key, decode("26bdb878").unwrap(), decode("af21434145656378").unwrap())
}

#[test]
fn rfc7836_derived_key() {
    let (key, label, seed) = derivation();
    let expected = "a1aa5f7de402d7b3d323f2991c8d4534013137010a83754fd0af6d7cd4922ed9";
    assert_eq!(hex::encode(*kdf(&key, &label, &seed)), expected);
}

#[test]
fn rfc7836_tree_of_keys() {
    let (key, label, seed) = derivation();
    let expected = "22b6837845c6bef65ea71672b265831086d3c76aebe6dae91cad51d83f79d16b\
                    074c9330599d7f8d712fca54392f4ddde93751206b3584c8f43f9e6dc51531f9";
    let derived = kdf_tree(&key, &label, &seed, 1, 64).unwrap();
    assert_eq!(hex::encode(&*derived), expected);
}

#[test]
fn a_counter_never_repeats() {
    let (key, label, seed) = derivation();
    let derive =
        |octets, length| kdf_tree(&key, &label, &seed, octets, length).map(|key| key.len());
    assert_eq!(derive(1, 255 * 32), Ok(255 * 32));
    assert_eq!(derive(2, 255 * 32 + 1), Ok(255 * 32 + 1));
    for (octets, length) in [(1, 255 * 32 + 1), (0, 32), (5, 32), (1, 0)] {
        assert_eq!(derive(octets, length), Err(KeyError::Length));
    }
}
