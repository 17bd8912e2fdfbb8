//! The standard library for `wasm32-unknown-unknown`.
//!
//! Usually rustup brings it. Where rustup has no network, or the compiler is not rustup's, it is
//! built once from the compiler's own library source and put into the sysroot.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Part, debian};
use crate::cargo::{Compiler, cargo_outside};
use crate::failure::{Failure, Result};
use crate::process;
use crate::progress::say;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Names an archive (`.tar.xz`, `.tar.gz`) with the `library/` folder of the compiler in use.
const SOURCE_VARIABLE: &str = "RUST_LIBRARY_SOURCE";

/// rustup without a network may try for minutes.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);

pub struct WasmStd {
    compiler: Compiler,
}

impl WasmStd {
    pub fn new(compiler: Compiler) -> Self {
        Self { compiler }
    }

    fn libraries(&self) -> PathBuf {
        self.compiler.sysroot.join("lib/rustlib").join(TARGET).join("lib")
    }

    /// Where cargo's `build-std` looks for the source.
    fn source(&self) -> PathBuf {
        self.compiler.sysroot.join("lib/rustlib/src/rust")
    }

    fn by_rustup(&self) -> Result<()> {
        let Some(rustup) = process::which("rustup") else {
            return Err(Failure::new("rustup is not installed"));
        };
        let toolchain = self.compiler.sysroot.file_name().unwrap_or_default();
        let mut command = Command::new(rustup);
        command.args(["target", "add", TARGET, "--toolchain"]).arg(toolchain);
        process::capture_within(&mut command, RUSTUP_LIMIT).map(drop)
    }

    /// Puts the source where cargo looks for it, builds, and takes the source away again: rustup
    /// would trip over files that it did not put there.
    fn build_from(&self, library: &Path) -> Result<()> {
        let borrowed = Borrowed::put(library, &self.source().join("library"))?;
        let outcome = self.build();
        drop(borrowed);
        outcome
    }

    fn build(&self) -> Result<()> {
        let scratch = Scratch::new("wasm-std")?;
        let folder = scratch.path();
        write(
            &folder.join("Cargo.toml"),
            "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
        )?;
        std::fs::create_dir_all(folder.join("src"))
            .map_err(|error| Failure::file("create", folder, &error))?;
        write(&folder.join("src/lib.rs"), "")?;
        let mut command = cargo_outside(folder, &folder.join("target"));
        command.env("RUSTC_BOOTSTRAP", "1").args([
            "build",
            "-Zbuild-std=std,panic_abort,panic_unwind,test",
            "--release",
            "--target",
            TARGET,
        ]);
        process::run(&mut command)?;
        self.install(&folder.join("target").join(TARGET).join("release/deps"))
    }

    /// Copies the libraries beside their place first, so that an interruption leaves nothing half.
    fn install(&self, built: &Path) -> Result<()> {
        let place = self.libraries();
        let aside = place.with_extension("new");
        let _ = std::fs::remove_dir_all(&aside);
        std::fs::create_dir_all(&aside).map_err(|error| {
            Failure::file("create", &aside, &error)
                .mend("run `cargo xtask setup` once as the owner of the Rust installation")
        })?;
        let entries =
            std::fs::read_dir(built).map_err(|error| Failure::file("read", built, &error))?;
        for file in entries.flatten().map(|entry| entry.path()) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(".rlib") && !name.starts_with("libempty-") {
                std::fs::copy(&file, aside.join(&name))
                    .map_err(|error| Failure::file("copy", &file, &error))?;
            }
        }
        let _ = std::fs::remove_dir_all(&place);
        std::fs::rename(&aside, &place).map_err(|error| Failure::file("write", &place, &error))
    }

    /// An archive with a `library/` folder, from the environment.
    fn by_archive(&self, archive: &Path) -> Result<()> {
        if !archive.is_file() {
            return Err(Failure::new(format!(
                "{SOURCE_VARIABLE} names {}, which is not a file",
                archive.display()
            )));
        }
        let scratch = Scratch::new("rust-library")?;
        let mut command = Command::new("tar");
        command.arg("-xf").arg(archive).arg("-C").arg(scratch.path());
        process::capture(&mut command)?;
        self.build_from(&find_library(scratch.path())?)
    }

    fn by_debian(&self) -> Result<()> {
        let scratch = Scratch::new("rust-src")?;
        debian::unpack_newer("rust-src", &self.compiler.release, scratch.path())?;
        self.build_from(&find_library(scratch.path())?)
    }
}

impl Part for WasmStd {
    fn title(&self) -> String {
        format!("Standard library for {TARGET} (rustc {})", self.compiler.release)
    }

    fn usually(&self) -> &'static str {
        "1 min"
    }

    fn present(&self) -> Result<bool> {
        let Ok(entries) = std::fs::read_dir(self.libraries()) else { return Ok(false) };
        let names: Vec<String> =
            entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        Ok(["libcore-", "libstd-", "libpanic_abort-"]
            .iter()
            .all(|part| names.iter().any(|n| n.starts_with(part) && n.ends_with(".rlib"))))
    }

    fn provide(&self) -> Result<()> {
        let mut tried = Vec::new();
        let mut attempt = |what: &str, outcome: Result<()>| match outcome {
            Ok(()) => true,
            Err(failure) => {
                let reason = failure.to_string().lines().collect::<Vec<_>>().join(" ");
                say(format!("      {what}: no; {reason}"));
                tried.push(what.to_owned());
                false
            }
        };
        if attempt("rustup target add", self.by_rustup()) {
            return Ok(());
        }
        let installed = self.source().join("library");
        if installed.is_dir() && attempt("installed rust-src", self.build()) {
            return Ok(());
        }
        if let Some(archive) = std::env::var_os(SOURCE_VARIABLE)
            && attempt(SOURCE_VARIABLE, self.by_archive(Path::new(&archive)))
        {
            return Ok(());
        }
        if attempt("Debian's rust-src", self.by_debian()) {
            return Ok(());
        }
        Err(Failure::new(format!(
            "The standard library for {TARGET} could not be had (tried: {}).",
            tried.join(", ")
        ))
        .mend(format!(
            "`rustup target add {TARGET}` with a network, or export {SOURCE_VARIABLE}=<archive with library/ of rustc {}>",
            self.compiler.release
        )))
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}

/// The folder `library` with the standard library, at any depth: an archive has it at the top,
/// Debian's package under `usr/src/rustc-…`.
fn find_library(top: &Path) -> Result<PathBuf> {
    let mut queue = vec![top.to_path_buf()];
    while let Some(folder) = queue.pop() {
        let library = folder.join("library");
        if library.join("std/src/lib.rs").is_file() {
            return Ok(library);
        }
        let entries =
            std::fs::read_dir(&folder).map_err(|error| Failure::file("read", &folder, &error))?;
        queue.extend(
            entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_dir())).map(|e| e.path()),
        );
    }
    Err(Failure::new("no folder `library` with std/src/lib.rs in it"))
}

/// The library source in the sysroot for as long as this value lives.
struct Borrowed {
    place: PathBuf,
}

impl Borrowed {
    fn put(library: &Path, place: &Path) -> Result<Self> {
        if place.exists() {
            return Err(Failure::new(format!("{} is there already", place.display())));
        }
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).map_err(|error| {
                Failure::file("create", parent, &error)
                    .mend("run `cargo xtask setup` once as the owner of the Rust installation")
            })?;
        }
        let borrowed = Self { place: place.to_path_buf() };
        process::capture(Command::new("cp").arg("-R").arg(library).arg(place))?;
        Ok(borrowed)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.place);
        // The folders above were made for it, unless something else lives there.
        for folder in self.place.ancestors().skip(1).take(2) {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// A folder in the system's temporary place, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(purpose: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("cabinet-{purpose}-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| Failure::file("create", &path, &error))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_sysroot(sysroot: &Path) -> WasmStd {
        WasmStd::new(Compiler {
            release: "1.95.0".into(),
            verbose: String::new(),
            sysroot: sysroot.into(),
        })
    }

    #[test]
    fn only_the_libraries_go_into_the_sysroot() {
        let sysroot = tempfile::tempdir().unwrap();
        let built = tempfile::tempdir().unwrap();
        for name in
            ["libcore-1.rlib", "libstd-2.rlib", "libpanic_abort-3.rlib", "libempty-4.rlib", "std.d"]
        {
            std::fs::write(built.path().join(name), name).unwrap();
        }
        let part = with_sysroot(sysroot.path());
        assert!(!part.present().unwrap());
        part.install(built.path()).unwrap();
        assert!(part.present().unwrap());
        assert!(!part.libraries().join("libempty-4.rlib").exists());
        assert!(!part.libraries().join("std.d").exists());
    }

    #[test]
    fn the_library_is_found_below_the_top() {
        let top = tempfile::tempdir().unwrap();
        assert!(find_library(top.path()).is_err());
        let library = top.path().join("usr/src/rustc-1.95.0/library");
        std::fs::create_dir_all(library.join("std/src")).unwrap();
        std::fs::write(library.join("std/src/lib.rs"), "").unwrap();
        assert_eq!(find_library(top.path()).unwrap(), library);
    }

    #[test]
    fn borrowed_source_leaves_no_trace() {
        let sysroot = tempfile::tempdir().unwrap();
        let library = tempfile::tempdir().unwrap();
        std::fs::write(library.path().join("Cargo.lock"), "").unwrap();
        let place = sysroot.path().join("src/rust/library");
        let borrowed = Borrowed::put(library.path(), &place).unwrap();
        assert!(place.join("Cargo.lock").is_file());
        drop(borrowed);
        assert!(!sysroot.path().join("src").exists());
    }

    #[test]
    fn an_archive_that_is_not_there_is_named() {
        let sysroot = tempfile::tempdir().unwrap();
        let failure = with_sysroot(sysroot.path()).by_archive(Path::new("/no/such.tar.xz"));
        assert!(failure.unwrap_err().to_string().contains("/no/such.tar.xz"));
    }
}
