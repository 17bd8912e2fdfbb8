//! What several tests need.

use std::{collections::VecDeque, convert::Infallible, path::PathBuf};

use gost3410::{
    Curve, SigningKey,
    signature::rand_core::{TryCryptoRng, TryRng},
};
use proptest::prelude::*;

/// Gives the octets of a list, in order: a generator whose output a test knows.
pub struct Given(pub VecDeque<u8>);

impl Given {
    pub fn new(octets: &[u8]) -> Self {
        Self(octets.iter().copied().collect())
    }
}

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("keys and nonces are read as octets")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("keys and nonces are read as octets")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.iter_mut().for_each(|octet| *octet = self.0.pop_front().expect("more octets"));
        Ok(())
    }
}

impl TryCryptoRng for Given {}

/// A number as standards print it, in little-endian octets.
pub fn number(text: &str) -> Vec<u8> {
    let mut octets = hex::decode(text).unwrap();
    octets.reverse();
    octets
}

/// Any of the curves.
pub fn curve() -> impl Strategy<Value = Curve> {
    proptest::sample::select(Curve::ALL.to_vec())
}

/// A private key on any of the curves.
pub fn key() -> impl Strategy<Value = SigningKey> {
    (curve(), any::<[u8; 32]>(), any::<[u8; 32]>()).prop_filter_map(
        "a scalar in range",
        |(curve, low, high)| {
            let mut secret = [low, high].concat();
            secret.truncate(curve.size().bytes());
            *secret.last_mut()? &= 0x3F;
            SigningKey::from_bytes(curve, &secret).ok()
        },
    )
}

/// A digest of the length of keys on the curve.
pub fn digest(curve: Curve) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), curve.size().bytes())
}

/// The folder of official files, or `None` after saying that it is absent.
pub fn shared_data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let path =
        std::env::var_os("CABINET_SHARED_DATA").map_or_else(|| default.into(), PathBuf::from);
    let found = path.join("README.md").is_file();
    if !found {
        eprintln!("skipped: ../shared/data is not here");
    }
    found.then_some(path)
}
