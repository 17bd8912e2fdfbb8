//! Cargo and the compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;

/// The cargo that runs this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo for something outside the checkout: without its target folder and its flags.
pub fn cargo_outside(folder: &Path, target: &Path) -> Command {
    let mut command = cargo();
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET");
    command
}

/// The compiler in use.
pub struct Compiler {
    /// `1.95.0`
    pub release: String,
    /// `rustc -vV`, whole: names the commit and LLVM too.
    pub verbose: String,
    pub sysroot: PathBuf,
}

impl Compiler {
    pub fn probe() -> Result<Self> {
        let verbose = process::capture(rustc().arg("-vV"))?;
        let sysroot = process::capture(rustc().args(["--print", "sysroot"]))?;
        let release = verbose
            .lines()
            .find_map(|line| line.strip_prefix("release: "))
            .ok_or_else(|| Failure::new("`rustc -vV` names no release."))?
            .to_owned();
        Ok(Self { release, sysroot: PathBuf::from(sysroot.trim()), verbose })
    }
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}
