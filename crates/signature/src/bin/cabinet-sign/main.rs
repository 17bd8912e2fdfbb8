//! `cabinet-sign`: signatures on the command line.
//!
//! Exit status: 0 valid or done, 1 not valid, 2 unreadable or wrongly called.

mod args;
mod cryptopro;
mod fetch;
mod files;
mod hash;
mod http;
mod inspect;
mod recheck;
mod roots;
mod sign;
mod time;
mod verify;
mod words;

use std::io::Write;
use std::process::ExitCode;

use args::Args;

/// Why the program stops with status 2, in words.
#[derive(Debug)]
pub struct Stop(String);

impl Stop {
    pub fn new(text: impl std::fmt::Display) -> Self {
        Self(text.to_string())
    }
}

const HELP: &str = "\
cabinet-sign: electronic signatures (GOST R 34.10-2012, RSA, ECDSA; CMS and CAdES)

  cabinet-sign verify --signature F [--content F] --trust DIR [--intermediates DIR] [--crl DIR]
                      [--ocsp FILE|DIR] [--fetch] [--at RFC3339] [--signature-only] [--json]
                      [--revocation off|if-known|end-entity|chain] [--level LEVEL]
                      [--policy OID]... [--algorithm NAME]... [--refuse-weak] [--lang ru|en]
                      [--extract F]
  cabinet-sign recheck --report F.json --signature F [--content F] --trust DIR
                      [--intermediates DIR] [--crl DIR] [--ocsp FILE|DIR] [--at RFC3339] [--json]
                      [--algorithm NAME]... [--refuse-weak] [--lang ru|en]
  cabinet-sign sign   --key F.pfx|F.000 [--password-file F] [--detached] [--tsa URL] [--add-to F.p7s]
                      [--level cades-bes|cades-t|cades-x-long-type1|cades-a]
                      [--trust DIR] [--intermediates DIR] [--crl DIR] [--ocsp FILE|DIR] [--at RFC3339]
                      [--certificate F] [--pss] [--out F] CONTENT
  cabinet-sign inspect [--password-file F] FILE
  cabinet-sign hash    [--algorithm NAME]... FILE...
  cabinet-sign roots   --out DIR LIST.xml

With --fetch, revocation data come also from the addresses in certificates (OCSP, lists; http and
https only). A report that `verify --json` wrote is judged again for its own time and for now, by
the data in it. A key is a PFX file, a PKCS #8 file with --certificate, or a container of CryptoPro
CSP: its folder, or a ZIP or tar archive of it. Other files are DER, PEM or Base64, several objects
a file. Levels: cms, cades-bes, cades-t, cades-c, cades-x-long, cades-x-long-type1, cades-a.
Digests: sha-1 … sha-512, streebog-256, streebog-512.
Exit status: 0 valid, confirmed or done, 1 not, 2 unreadable or wrongly called.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let outcome = match command.as_str() {
        "verify" => Args::read(arguments, &verify::OPTIONS).and_then(verify::run),
        "recheck" => Args::read(arguments, &recheck::OPTIONS).and_then(recheck::run),
        "sign" => Args::read(arguments, &sign::OPTIONS).and_then(sign::run),
        "inspect" => Args::read(arguments, &inspect::OPTIONS).and_then(inspect::run),
        "hash" => Args::read(arguments, &hash::OPTIONS).and_then(hash::run),
        "roots" => Args::read(arguments, &roots::OPTIONS).and_then(roots::run),
        "help" | "--help" | "-h" => print(HELP).map(|()| true),
        "--version" | "-V" => {
            print(concat!("cabinet-sign ", env!("CARGO_PKG_VERSION"), "\n")).map(|()| true)
        }
        _ => Err(Stop::new(HELP)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Stop(text)) => {
            note(&text);
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Stop::new)
}

/// Writes a line to standard error.
pub fn note(text: &str) {
    // Where even that cannot be written nobody reads it.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}
