//! Programs of the system, installed by Debian's package manager when they are absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Part;
use crate::failure::{Failure, Result};
use crate::process;

/// Installs packages as root or through a password-less sudo.
fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if process::which("apt-get").is_none() {
        return Err(Failure::new(format!("Missing: {}.", packages.join(", ")))
            .mend("install it by the package manager of this system"));
    }
    let apt = || -> Result<Command> {
        if process::is_root() {
            return Ok(Command::new("apt-get"));
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        let may = process::which("sudo").is_some()
            && process::capture(Command::new("sudo").args(["-n", "true"])).is_ok();
        may.then_some(sudo).ok_or_else(|| {
            Failure::new(format!("Installing {} needs the superuser.", packages.join(", ")))
                .mend(format!("sudo {by_hand}"))
        })
    };
    let mut command = apt()?;
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages);
    if process::succeeds(&mut command)? {
        return Ok(());
    }
    // The package lists may be older than the mirror.
    process::run(apt()?.arg("update"))?;
    process::run(&mut command).map_err(|failure| Failure::new(failure.to_string()).mend(by_hand))
}

/// The browser of the end-to-end tests: `E2E_CHROMIUM`, or one on PATH.
pub fn chromium() -> Option<PathBuf> {
    std::env::var_os("E2E_CHROMIUM").map(PathBuf::from).filter(|path| path.is_file()).or_else(
        || {
            ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
                .into_iter()
                .find_map(process::which)
        },
    )
}

pub struct Chromium;

impl Part for Chromium {
    fn title(&self) -> String {
        "Chromium".into()
    }

    fn usually(&self) -> &'static str {
        "1 min"
    }

    fn present(&self) -> Result<bool> {
        Ok(chromium().is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["chromium"])
    }
}

/// Validates our XML against the official schemas.
pub struct XmlLint;

impl Part for XmlLint {
    fn title(&self) -> String {
        "xmllint".into()
    }

    fn usually(&self) -> &'static str {
        "10 s"
    }

    fn present(&self) -> Result<bool> {
        Ok(process::which("xmllint").is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["libxml2-utils"])
    }
}

/// The folder with PostgreSQL's server programs, of the newest version there is.
pub fn postgres_binaries() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_ctl"].iter().all(|p| folder.join(p).is_file())
    };
    if let Some(folder) = process::which("pg_ctl").and_then(|p| Some(p.parent()?.to_path_buf()))
        && complete(&folder)
    {
        return Some(folder);
    }
    let version = |folder: &Path| -> Option<u32> {
        folder.parent()?.file_name()?.to_str()?.split('.').next()?.parse().ok()
    };
    std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(complete)
        .max_by_key(|folder| version(folder))
}

pub struct Postgres;

impl Part for Postgres {
    fn title(&self) -> String {
        "PostgreSQL server".into()
    }

    fn usually(&self) -> &'static str {
        "30 s"
    }

    fn present(&self) -> Result<bool> {
        Ok(postgres_binaries().is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["postgresql"])
    }
}

/// OpenSSL with GOST: judges what `gost3410` and `signature` make, and makes what they judge.
pub struct GostEngine;

impl Part for GostEngine {
    fn title(&self) -> String {
        "OpenSSL's GOST engine".into()
    }

    fn usually(&self) -> &'static str {
        "10 s"
    }

    fn present(&self) -> Result<bool> {
        let engine = std::fs::read_dir("/usr/lib").is_ok_and(|folders| {
            folders.flatten().any(|folder| folder.path().join("engines-3/gost.so").is_file())
        });
        Ok(engine && process::which("openssl").is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["openssl", "libengine-gost-openssl"])
    }
}

/// A C compiler and OpenSSL's headers: the engine is measured by a program in C.
pub struct LibSsl;

impl Part for LibSsl {
    fn title(&self) -> String {
        "OpenSSL's headers".into()
    }

    fn usually(&self) -> &'static str {
        "20 s"
    }

    fn present(&self) -> Result<bool> {
        let headers = Path::new("/usr/include/openssl/evp.h").is_file();
        Ok(headers && process::which("cc").is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["gcc", "libc6-dev", "libssl-dev"])
    }
}

/// GnuTLS's `certtool`, another implementation of GOST that `signature` is held against.
pub struct GnuTls;

impl Part for GnuTls {
    fn title(&self) -> String {
        "GnuTLS's certtool".into()
    }

    fn usually(&self) -> &'static str {
        "10 s"
    }

    fn present(&self) -> Result<bool> {
        Ok(process::which("certtool").is_some())
    }

    fn provide(&self) -> Result<()> {
        install(&["gnutls-bin"])
    }
}

/// Suites newer than a release, in the order in which they are asked.
const NEWER_SUITES: [&str; 6] =
    ["trixie-backports", "trixie", "forky", "sid", "bookworm-backports", "experimental"];

/// Downloads a package of the given upstream version from a newer suite of the mirror that this
/// machine already uses and unpacks it into a folder. Nothing is installed, the system's own lists
/// stay as they are.
///
/// # Errors
/// No Debian mirror, no suite with this version, or the download failed.
pub fn unpack_newer(package: &str, upstream: &str, into: &Path) -> Result<()> {
    let mirror = mirror()?;
    let private = into.join(".apt");
    for folder in ["lists/partial", "cache/archives/partial"] {
        let folder = private.join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::file("create", &folder, &error))?;
    }
    let list = private.join("sources.list");
    let mut reasons = Vec::new();
    for suite in NEWER_SUITES {
        let source = format!("deb [{}] {} {suite} main\n", mirror.options, mirror.uri);
        std::fs::write(&list, source).map_err(|error| Failure::file("write", &list, &error))?;
        match fetch(package, upstream, &private, into) {
            Ok(()) => return Ok(()),
            Err(failure) => reasons.push(format!("{suite}: {failure}")),
        }
    }
    Err(Failure::new(format!(
        "{package} {upstream} is in no newer suite of {}: {}",
        mirror.uri,
        reasons.join("; ")
    )))
}

fn fetch(package: &str, upstream: &str, private: &Path, into: &Path) -> Result<()> {
    let apt = |program: &str| {
        let mut command = Command::new(program);
        command.current_dir(into).args(["-o", "Dir::Etc::sourceparts=/dev/null"]);
        command.args(["-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User=root"]);
        for (option, file) in [
            ("Dir::Etc::sourcelist", "sources.list"),
            ("Dir::State::lists", "lists"),
            ("Dir::Cache", "cache"),
        ] {
            command.arg("-o").arg(format!("{option}={}", private.join(file).display()));
        }
        command
    };
    process::capture(apt("apt-get").arg("update"))?;
    let table = process::capture(apt("apt-cache").args(["madison", package]))?;
    let version = madison_version(&table, upstream)
        .ok_or_else(|| Failure::new(format!("no {package} {upstream}")))?;
    process::capture(apt("apt-get").args(["download", &format!("{package}={version}")]))?;
    let archive = std::fs::read_dir(into)
        .map_err(|error| Failure::file("read", into, &error))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|e| e == "deb"))
        .ok_or_else(|| Failure::new(format!("{package} {version} was not downloaded")))?;
    process::capture(Command::new("dpkg").arg("-x").arg(&archive).arg(into)).map(drop)
}

/// The Debian version of an upstream version in the table of `apt-cache madison`.
fn madison_version<'a>(table: &'a str, upstream: &str) -> Option<&'a str> {
    table.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim).find(|version| {
        version.strip_prefix(upstream).is_some_and(|rest| rest.starts_with(['+', '-', '~']))
    })
}

#[derive(Debug, PartialEq)]
struct Mirror {
    uri: String,
    /// `signed-by=…`, or nothing that matters.
    options: String,
}

/// The mirror of Debian itself among the machine's sources (not security, not third parties).
fn mirror() -> Result<Mirror> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = std::fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .find_map(|text| mirror_in(&text))
        .ok_or_else(|| Failure::new("this machine uses no Debian mirror"))
}

/// Reads both shapes of a source: one line (`deb [options] uri suite …`) and fields (`URIs: …`).
fn mirror_in(text: &str) -> Option<Mirror> {
    const KEYRING: &str = "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg";
    let debian = |uri: &&str| uri.trim_end_matches('/').ends_with("/debian");
    let options = |signed: Option<&str>| match signed {
        Some(keyring) => format!("signed-by={keyring}"),
        None => KEYRING.to_owned(),
    };
    for paragraph in text.split("\n\n") {
        let field = |key: &str| {
            paragraph
                .lines()
                .find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(':')?.trim()))
        };
        if let Some(uri) = field("URIs").and_then(|uris| uris.split_whitespace().find(debian)) {
            return Some(Mirror { uri: uri.into(), options: options(field("Signed-By")) });
        }
    }
    text.lines().filter(|line| line.starts_with("deb ")).find_map(|line| {
        let uri = line.split_whitespace().find(debian)?;
        let signed = line.split(['[', ']', ' ']).find_map(|part| part.strip_prefix("signed-by="));
        Some(Mirror { uri: uri.into(), options: options(signed) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_read_from_both_shapes() {
        let fields = "# note\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: http://mirror.example/debian-security\n";
        let expected = Mirror {
            uri: "http://mirror.example/debian".into(),
            options: "signed-by=/k.gpg".into(),
        };
        assert_eq!(mirror_in(fields).unwrap(), expected);
        let line = "deb http://other.example/apt main x\ndeb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main\n";
        assert_eq!(mirror_in(line).unwrap(), expected);
        assert_eq!(mirror_in("deb http://mirror.example/debian-security x main\n"), None);
    }

    #[test]
    fn only_the_same_upstream_version_will_do() {
        let table = "rust-src | 1.96.1+dfsg1-2 | x\n rust-src | 1.95.0+dfsg1-2~bpo13+1 | y\n";
        assert_eq!(madison_version(table, "1.95.0"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(madison_version(table, "1.9"), None);
        assert_eq!(madison_version(table, "1.94.0"), None);
    }
}
