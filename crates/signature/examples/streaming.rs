//! Speed and memory of signatures over a large document, as JSON:
//! `cargo run --release -p signature@0.1.0 --example streaming [MEGABYTES]`, 1024 of them by default.
//!
//! A document of that size is signed into one attached message, in a file, and verified out of it;
//! the peak is that of the whole process.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write, stdout};
use std::time::Instant;

use chrono::DateTime;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use signature::certificate::{Certificate, KeyUsage};
use signature::cms::SignedMessage;
use signature::issue::{Authority, CertificateTemplate, Extension, NameBuilder};
use signature::key::{KeyKind, PrivateKey};
use signature::oid;
use signature::path::TrustStore;
use signature::revocation::Evidence;
use signature::sign::Signer;
use signature::verify::{Options, Verifier};

const MEGABYTE: u64 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let megabytes = std::env::args().nth(1).map_or(Ok(1024), |text| text.parse())?;
    let kinds = [
        ("gost-256", KeyKind::Gost256),
        ("gost-512", KeyKind::Gost512),
        ("ecdsa-p256", KeyKind::P256),
    ];
    let mut streaming = Vec::new();
    for (name, kind) in kinds {
        streaming.push(stream(name, kind, megabytes * MEGABYTE)?);
    }
    let report = json!({
        "content_bytes": megabytes * MEGABYTE,
        "streaming": streaming,
        "peak_kb": peak()?,
    });
    writeln!(stdout(), "{report}")?;
    Ok(())
}

/// Seconds and megabytes a second of signing and of verifying.
fn stream(name: &str, kind: KeyKind, size: u64) -> Result<Value, Box<dyn Error>> {
    let mut rng = StdRng::seed_from_u64(1);
    let key = PrivateKey::generate(kind, &mut rng);
    let certificate = own(&key, &mut rng)?;
    let signer = Signer::new(&key, &certificate)?;
    let mut file = tempfile::NamedTempFile::new()?;
    let started = Instant::now();
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
    signer.sign_attached(&mut std::io::repeat(b'x').take(size), &mut out, &mut rng)?;
    out.flush()?;
    drop(out);
    let sign = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let input = BufReader::with_capacity(1 << 16, File::open(file.path())?);
    let message = SignedMessage::read(input, &mut |_| {}).map_err(|reason| reason.code())?;
    let trust = TrustStore { anchors: vec![certificate], intermediates: Vec::new() };
    let (evidence, options) = (Evidence::default(), Options::default());
    let at = certificate_time()?;
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let report = verifier.verify(&message, None);
    if let Some(reason) = report.reason {
        return Err(reason.code().into());
    }
    let verify = started.elapsed().as_secs_f64();
    let speed = |seconds: f64| size as f64 / MEGABYTE as f64 / seconds;
    Ok(json!({
        "key": name,
        "sign_seconds": sign,
        "sign_mb_per_second": speed(sign),
        "verify_seconds": verify,
        "verify_mb_per_second": speed(verify),
    }))
}

fn certificate_time() -> Result<DateTime<chrono::Utc>, Box<dyn Error>> {
    Ok("2026-06-01T00:00:00Z".parse()?)
}

/// A certificate that vouches for itself.
fn own(key: &PrivateKey, rng: &mut StdRng) -> Result<Certificate, Box<dyn Error>> {
    let name = NameBuilder::new().with(oid::ID_AT_COMMON_NAME, "Bench").build()?;
    let identifier = CertificateTemplate::key_identifier(&key.public_key());
    let template = CertificateTemplate {
        serial: vec![1],
        subject: name.clone(),
        not_before: "2026-01-01T00:00:00Z".parse()?,
        not_after: "2027-01-01T00:00:00Z".parse()?,
        public_key: key.public_key().to_spki_der(),
        extensions: vec![
            Extension::basic_constraints(true, None),
            Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_CERT_SIGN),
        ],
    };
    Ok(template.issue(&Authority::new(key, name, identifier), rng)?)
}

/// The most memory that the process held, kB (`VmHWM`).
fn peak() -> Result<u64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmHWM in /proc/self/status")?.parse()?)
}
