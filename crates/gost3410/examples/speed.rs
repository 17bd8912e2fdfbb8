//! Speed of signing and verification per curve, beside OpenSSL's gost engine in the same run:
//! `cargo run --release -p gost3410 --example speed`.
//!
//! The engine is called through EVP in a loop by `engine_speed.c`, which is compiled here with
//! `cc` against libcrypto (Debian: libengine-gost-openssl, libssl-dev). Without it the engine's
//! columns stay empty. Both sides report the best of several batches, which is what a busy machine
//! disturbs least.

use std::{
    error::Error,
    fs,
    hint::black_box,
    io::{Write as _, stdout},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use gost3410::{Curve, KeySize, SigningKey, VerifyingKey};
use signature::{
    Keypair,
    hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner},
    rand_core::{TryCryptoRng, TryRng},
};

const OPERATIONS: u32 = 10;
const BATCHES: u32 = 200;

/// The curves that the engine has, by its names for them.
const CURVES: [(Curve, &str); 8] = [
    (Curve::Tc26_256A, "TCA"),
    (Curve::CryptoProA, "A"),
    (Curve::CryptoProB, "B"),
    (Curve::CryptoProC, "C"),
    (Curve::Tc26_512A, "A"),
    (Curve::Tc26_512B, "B"),
    (Curve::Tc26_512C, "C"),
    (Curve::Test256, "0"),
];

/// A fast generator that is good enough to measure with, and for nothing else.
struct Weyl(u64);

impl TryRng for Weyl {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Ok(mixed ^ mixed >> 31)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.try_next_u64()?.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Weyl {}

/// Nanoseconds of one operation in the best batch.
fn best(mut operation: impl FnMut()) -> f64 {
    let batch = |_| {
        let start = Instant::now();
        (0..OPERATIONS).for_each(|_| operation());
        start.elapsed().as_secs_f64() * 1e9 / f64::from(OPERATIONS)
    };
    (0..BATCHES).map(batch).fold(f64::INFINITY, f64::min)
}

/// The engine's program and its configuration, in a folder that lives as long as this.
struct Engine {
    folder: tempfile::TempDir,
}

impl Engine {
    /// Compiles the program; says why when that is not possible.
    fn build() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let library = engine_library().ok_or("install libengine-gost-openssl")?;
        let configuration = format!(
            "openssl_conf = main\n[main]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
             engine_id = gost\ndynamic_path = {}\ndefault_algorithms = ALL\n",
            library.display()
        );
        fs::write(folder.path().join("openssl.cnf"), configuration)?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/engine_speed.c");
        let status = Command::new("cc")
            .args(["-O2", "-Wno-deprecated-declarations", "-o"])
            .arg(folder.path().join("engine_speed"))
            .arg(source)
            .arg("-lcrypto")
            .status()?;
        if status.success() { Ok(Self { folder }) } else { Err("install libssl-dev".into()) }
    }

    /// Nanoseconds of a signature and of a verification.
    fn measure(&self, curve: Curve, name: &str) -> Result<(f64, f64), Box<dyn Error>> {
        let bits = if curve.size() == KeySize::Bits256 { "256" } else { "512" };
        let output = Command::new(self.folder.path().join("engine_speed"))
            .args([&OPERATIONS.to_string(), &BATCHES.to_string(), name, bits])
            .env("OPENSSL_CONF", self.folder.path().join("openssl.cnf"))
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut numbers = text.split_whitespace().map(str::parse::<f64>);
        match (numbers.next(), numbers.next()) {
            (Some(sign), Some(verify)) => Ok((sign?, verify?)),
            _ => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        }
    }
}

/// Where distributions put the engine.
fn engine_library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    folders.map(|folder| folder.join("engines-3/gost.so")).find(|path| path.is_file())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    let engine = Engine::build();
    if let Err(reason) = &engine {
        writeln!(out, "without the engine: {reason}")?;
    }
    writeln!(out, "microseconds; «ratio» is the engine's time by ours")?;
    writeln!(
        out,
        "{:40} {:>8} {:>8} {:>6}  {:>8} {:>8} {:>6}  {:>8} {:>8}",
        "curve", "sign", "engine", "ratio", "verify", "engine", "ratio", "sign det", "key"
    )?;
    for (curve, name) in CURVES {
        let mut rng = Weyl(7);
        let key = SigningKey::generate(curve, &mut rng)?;
        let verifying = key.verifying_key();
        let digest = vec![0x5A; curve.size().bytes()];
        let value = key.sign_prehash(&digest)?;
        let sign = best(|| {
            let value = key.sign_prehash_with_rng(&mut rng, black_box(&digest));
            assert!(black_box(value).is_ok());
        });
        let deterministic = best(|| {
            assert!(black_box(key.sign_prehash(black_box(&digest))).is_ok());
        });
        let verify = best(|| {
            assert!(verifying.verify_prehash(black_box(&digest), black_box(&value)).is_ok());
        });
        let import = best(|| {
            assert!(VerifyingKey::from_bytes(curve, black_box(verifying.as_bytes())).is_ok());
        });
        let columns = match &engine {
            Ok(engine) => {
                let (theirs_sign, theirs_verify) = engine.measure(curve, name)?;
                [
                    format!("{:8.1} {:6.2}", theirs_sign / 1e3, theirs_sign / sign),
                    format!("{:8.1} {:6.2}", theirs_verify / 1e3, theirs_verify / verify),
                ]
            }
            Err(_) => [format!("{:>15}", "-"), format!("{:>15}", "-")],
        };
        writeln!(
            out,
            "{:40} {:8.1} {}  {:8.1} {}  {:8.1} {:8.1}",
            curve.name(),
            sign / 1e3,
            columns[0],
            verify / 1e3,
            columns[1],
            deterministic / 1e3,
            import / 1e3
        )?;
    }
    Ok(())
}
