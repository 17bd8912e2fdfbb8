//! Does time tell secrets? A fixed-versus-random test after dudect (O. Reparaz, J. Balasch,
//! I. Verbauwhede, 2017): `cargo run --release -p gost3410 --example timing [MEASUREMENTS]`.
//!
//! Each operation runs with one fixed secret and with random ones, in random order; Welch's t
//! compares the mean times, over all measurements and over the fastest tenths (which noise touches
//! least). `|t|` above 10 says that the times differ; a constant-time operation stays near 0. The
//! last line is a control: verification, which is meant to depend on its public input, must be
//! caught. Ends with status 1 when the result is not as claimed. Not for CI: a busy machine can
//! spoil it either way.

mod generator;

use std::{
    error::Error,
    hint::black_box,
    io::{Write as _, stdout},
    process::ExitCode,
    time::Instant,
};

use generator::Weyl;
use gost3410::{Curve, Signature, SigningKey};
use signature::{
    Keypair,
    hazmat::{PrehashVerifier, RandomizedPrehashSigner},
    rand_core::{Rng, TryCryptoRng, TryRng},
};

const LIMIT: f64 = 10.0;

/// Gives the same octets each time.
struct Same<'a>(&'a [u8]);

impl TryRng for Same<'_> {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from(self.0[0]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from(self.0[0]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.copy_from_slice(&self.0[..out.len()]);
        Ok(())
    }
}

impl TryCryptoRng for Same<'_> {}

/// Mean and variance of the mean.
fn moments(times: &[f64]) -> (f64, f64) {
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let spread = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>();
    (mean, spread / (count - 1.0) / count)
}

/// The greatest `|t|` over all times and over the fastest tenths.
fn greatest_t(fixed: &[f64], random: &[f64]) -> f64 {
    let mut all = [fixed, random].concat();
    all.sort_by(f64::total_cmp);
    let t = |tenths: usize| {
        let bound = all[(all.len() * tenths / 10).min(all.len() - 1)];
        let crop = |times: &[f64]| -> Vec<f64> {
            times.iter().copied().filter(|&time| time <= bound).collect()
        };
        let ((mean_a, error_a), (mean_b, error_b)) =
            (moments(&crop(fixed)), moments(&crop(random)));
        ((mean_a - mean_b) / (error_a + error_b).sqrt()).abs()
    };
    [10, 9, 8, 7, 5].into_iter().map(t).fold(0.0, f64::max)
}

/// Times an operation on a fixed and on random secrets of `size` octets. All secrets are below
/// every `q`; the fixed one is almost all zeros.
fn measure(size: usize, measurements: u32, mut operation: impl FnMut(&[u8])) -> f64 {
    let mut rng = Weyl(0x5EED);
    let mut fixed_secret = vec![0; size];
    // Not 1: the base point of CryptoPro-C has x = 0, which no signature may.
    fixed_secret[0] = 2;
    let (mut fixed, mut random) = (Vec::new(), Vec::new());
    for round in 0..measurements + measurements / 10 {
        let is_fixed = rng.next_u64() & 1 == 0;
        // Both classes do the same work before the clock starts.
        let mut secret = vec![0; size];
        rng.fill_bytes(&mut secret);
        secret[size - 1] &= 0x1F;
        let chosen = if is_fixed { &fixed_secret } else { &secret };
        let input = black_box(chosen.clone());
        let start = Instant::now();
        operation(&input);
        let time = start.elapsed().as_nanos() as f64;
        // The first tenth warms up.
        if round >= measurements / 10 {
            if is_fixed { fixed.push(time) } else { random.push(time) }
        }
    }
    greatest_t(&fixed, &random)
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let measurements =
        std::env::args().nth(1).map_or(Ok(20_000), |argument| argument.parse::<u32>())?;
    let mut out = stdout().lock();
    let mut as_claimed = true;
    for curve in [Curve::Tc26_256A, Curve::CryptoProA, Curve::CryptoProC, Curve::Tc26_512C] {
        let size = curve.size().bytes();
        let digest = vec![0x5A; size];
        let key = SigningKey::from_bytes(curve, &vec![0x1B; size])?;
        let public = key.verifying_key();
        let make = |secret: &[u8]| {
            black_box(SigningKey::from_bytes(curve, secret)).ok();
        };
        let nonce = |secret: &[u8]| {
            black_box(key.sign_prehash_with_rng(&mut Same(secret), &digest)).ok();
        };
        let agree = |ukm: &[u8]| {
            black_box(key.vko_256(&public, ukm)).ok();
        };
        // With r = s = 1 the digest that stands for 1 (the fixed one) makes the scalars 1 and -1:
        // few additions, and an inversion that ends at once.
        let mut one = vec![0; size];
        one[size - 1] = 1;
        let short = Signature::from_scalars(&one, &one)?;
        let verify = |input: &[u8]| {
            let mut digest = input.to_vec();
            digest[0] ^= 2 ^ 1;
            black_box(public.verify_prehash(&digest, &short)).ok();
        };
        let results = [
            ("public key from private", measure(size, measurements, make), false),
            ("signature, by nonce", measure(size, measurements, nonce), false),
            ("agreement, by scalar", measure(size, measurements / 4, agree), false),
            ("verification (control)", measure(size, measurements / 4, verify), true),
        ];
        for (name, t, leaks) in results {
            let good = (t > LIMIT) == leaks;
            as_claimed &= good;
            let verdict = if good { "as claimed" } else { "NOT as claimed" };
            writeln!(out, "{:40} {name:26} |t| = {t:7.2}  {verdict}", curve.name())?;
        }
    }
    Ok(if as_claimed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
