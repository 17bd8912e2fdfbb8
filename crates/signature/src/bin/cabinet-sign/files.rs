//! Certificates, revocation data and passwords from files and folders.

use std::fs;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use signature::certificate::Certificate;
use signature::digest::{ContentDigests, ContentHasher, DigestAlgorithm};
use signature::path::TrustStore;
use signature::pem;
use signature::revocation::{Crl, Evidence, OcspResponse, RevocationMode};
use zeroize::Zeroizing;

use crate::args::Args;
use crate::{Stop, note};

/// Files of trust and revocation larger than this are not read.
const MAX_FILE: u64 = 128 << 20;

pub fn failed(path: &Path, error: impl std::fmt::Display) -> Stop {
    Stop::new(format!("{}: {error}", path.display()))
}

pub fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    let file = File::open(path).map_err(|error| failed(path, error))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| failed(path, error))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(failed(path, "the file is too large"));
    }
    Ok(bytes)
}

pub fn open(path: &Path) -> Result<BufReader<File>, Stop> {
    let file = File::open(path).map_err(|error| failed(path, error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(failed(path, "this is a folder"));
    }
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// A file, or all files of a folder in the order of their names.
fn listed(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| failed(path, error))? {
        let file = entry.map_err(|error| failed(path, error))?.path();
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Objects of one kind from the files and folders of an option. What cannot be read is told and
/// passed over; the second number says how many such there were.
fn objects<T, E: std::fmt::Display>(
    args: &Args,
    option: &str,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<(Vec<T>, usize), Stop> {
    let (mut found, mut unreadable) = (Vec::new(), 0);
    for path in args.all(option) {
        for file in listed(Path::new(path))? {
            let bytes = read(&file)?;
            let blocks = pem::blocks_or_der(&bytes).unwrap_or_default();
            if blocks.is_empty() {
                unreadable += 1;
                note(&format!("{}: passed over: nothing that can be read", file.display()));
            }
            for block in blocks {
                match parse(&block) {
                    Ok(object) => found.push(object),
                    Err(error) => {
                        unreadable += 1;
                        note(&format!("{}: passed over: {error}", file.display()));
                    }
                }
            }
        }
    }
    Ok((found, unreadable))
}

pub fn trust(args: &Args) -> Result<TrustStore, Stop> {
    Ok(TrustStore {
        anchors: objects(args, "trust", Certificate::from_der)?.0,
        intermediates: objects(args, "intermediates", Certificate::from_der)?.0,
    })
}

pub fn evidence(args: &Args) -> Result<Evidence, Stop> {
    let (crls, unreadable_crls) = objects(args, "crl", Crl::from_der)?;
    let (ocsp, unreadable_ocsp) = objects(args, "ocsp", OcspResponse::from_der)?;
    Ok(Evidence { crls, ocsp, unreadable_crls, unreadable_ocsp })
}

/// What must be known of revocation: as `--revocation` says, or else what the options promise,
/// also when none of the files could be read.
pub fn revocation_mode(args: &Args) -> Result<Option<RevocationMode>, Stop> {
    Ok(Some(match args.one("revocation")? {
        Some("off") => RevocationMode::Off,
        Some("if-known") => RevocationMode::IfKnown,
        Some("end-entity") => RevocationMode::EndEntity,
        Some("chain") => RevocationMode::Chain,
        Some(other) => return Err(Stop::new(format!("--revocation {other} is not known"))),
        None if args.flag("crl") || args.flag("fetch") => RevocationMode::Chain,
        None if args.flag("ocsp") => RevocationMode::EndEntity,
        None => return Ok(None),
    }))
}

/// The first line of the password file.
pub fn password(args: &Args) -> Result<Zeroizing<String>, Stop> {
    let path = Path::new(args.required("password-file")?);
    let bytes = Zeroizing::new(read(path)?);
    let text = std::str::from_utf8(&bytes).map_err(|error| failed(path, error))?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// Digests of a file in one pass.
pub fn digests(path: &Path, algorithms: &[DigestAlgorithm]) -> Result<ContentDigests, Stop> {
    let mut input = open(path)?;
    let mut hasher = ContentHasher::new(algorithms);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(size) => hasher.update(&buffer[..size]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(path, error)),
        }
    }
}
