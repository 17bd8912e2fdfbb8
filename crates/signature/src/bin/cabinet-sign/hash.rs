//! `cabinet-sign hash`.

use signature::digest::DigestAlgorithm;

use crate::args::{Args, Options};
use crate::{Stop, files, print};

pub const OPTIONS: Options = Options { values: &["algorithm"], flags: &[] };

/// Digests of files in one pass each, however large: by GOST and by SHA-256 if nothing is said.
pub fn run(args: Args) -> Result<bool, Stop> {
    let mut algorithms = Vec::new();
    for name in args.all("algorithm") {
        let known = DigestAlgorithm::from_name(name);
        algorithms
            .push(known.ok_or_else(|| Stop::new(format!("--algorithm {name} is not known")))?);
    }
    if algorithms.is_empty() {
        algorithms = vec![DigestAlgorithm::Streebog256, DigestAlgorithm::Sha256];
    }
    if args.files.is_empty() {
        return Err(Stop::new("a file is needed"));
    }
    for file in &args.files {
        for (algorithm, digest) in files::digests(file, &algorithms)?.iter() {
            let digest = hex::encode(digest);
            print(&format!("{} {digest} {}\n", algorithm.name(), file.display()))?;
        }
    }
    Ok(true)
}
