//! Speed of signing and verification per curve, beside OpenSSL's gost engine in the same run:
//! `cargo run --release -p gost3410 --example speed`.
//!
//! The engine is called through EVP in a loop by `engine_speed.c`, which is compiled here with
//! `cc` against libcrypto (Debian: libengine-gost-openssl, libssl-dev). Without it the engine's
//! columns stay empty. Both sides report the best of several batches, which is what a busy machine
//! disturbs least. With `--json` nanoseconds are printed as JSON instead of the table.

mod generator;

use std::{
    error::Error,
    fs,
    hint::black_box,
    io::{Write as _, stdout},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use generator::Weyl;
use gost3410::{Curve, KeySize, SigningKey, VerifyingKey};
use serde_json::json;
use signature::{
    Keypair,
    hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner},
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

/// Nanoseconds over one curve; the engine's where it was measured.
struct Row {
    curve: Curve,
    sign: f64,
    deterministic: f64,
    verify: f64,
    import: f64,
    engine: Option<(f64, f64)>,
}

impl Row {
    fn measure(curve: Curve, name: &str, engine: Option<&Engine>) -> Result<Self, Box<dyn Error>> {
        let mut rng = Weyl(7);
        let key = SigningKey::generate(curve, &mut rng)?;
        let verifying = key.verifying_key();
        let digest = vec![0x5A; curve.size().bytes()];
        let value = key.sign_prehash(&digest)?;
        Ok(Self {
            curve,
            sign: best(|| {
                let value = key.sign_prehash_with_rng(&mut rng, black_box(&digest));
                assert!(black_box(value).is_ok());
            }),
            deterministic: best(|| {
                assert!(black_box(key.sign_prehash(black_box(&digest))).is_ok());
            }),
            verify: best(|| {
                assert!(verifying.verify_prehash(black_box(&digest), black_box(&value)).is_ok());
            }),
            import: best(|| {
                assert!(VerifyingKey::from_bytes(curve, black_box(verifying.as_bytes())).is_ok());
            }),
            engine: engine.map(|engine| engine.measure(curve, name)).transpose()?,
        })
    }

    fn line(&self) -> String {
        let theirs = |time: Option<f64>, ours: f64| match time {
            Some(time) => format!("{:8.1} {:6.2}", time / 1e3, time / ours),
            None => format!("{:>15}", "-"),
        };
        format!(
            "{:40} {:8.1} {}  {:8.1} {}  {:8.1} {:8.1}",
            self.curve.name(),
            self.sign / 1e3,
            theirs(self.engine.map(|(sign, _)| sign), self.sign),
            self.verify / 1e3,
            theirs(self.engine.map(|(_, verify)| verify), self.verify),
            self.deterministic / 1e3,
            self.import / 1e3
        )
    }

    fn json(&self) -> serde_json::Value {
        let engine = self.engine.map(|(sign, verify)| {
            json!({
                "sign_ns": sign,
                "verify_ns": verify,
                "sign_ratio": sign / self.sign,
                "verify_ratio": verify / self.verify,
            })
        });
        json!({
            "curve": self.curve.name(),
            "sign_ns": self.sign,
            "sign_deterministic_ns": self.deterministic,
            "verify_ns": self.verify,
            "import_ns": self.import,
            "engine": engine,
        })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    let engine = Engine::build();
    let rows = CURVES
        .iter()
        .map(|(curve, name)| Row::measure(*curve, name, engine.as_ref().ok()))
        .collect::<Result<Vec<_>, _>>()?;
    let missing = engine.err().map(|reason| reason.to_string());
    if std::env::args().any(|argument| argument == "--json") {
        let rows: Vec<_> = rows.iter().map(Row::json).collect();
        writeln!(out, "{}", json!({ "curves": rows, "without_engine": missing }))?;
        return Ok(());
    }
    if let Some(reason) = missing {
        writeln!(out, "without the engine: {reason}")?;
    }
    writeln!(out, "microseconds; «ratio» is the engine's time by ours")?;
    writeln!(
        out,
        "{:40} {:>8} {:>8} {:>6}  {:>8} {:>8} {:>6}  {:>8} {:>8}",
        "curve", "sign", "engine", "ratio", "verify", "engine", "ratio", "sign det", "key"
    )?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", row.line()))?;
    Ok(())
}
