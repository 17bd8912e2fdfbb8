//! Cargo and the compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;

/// The cargo that runs this program. What cargo told this program about its own package stays
/// here: build scripts that watch those variables would run again, and everything above them with
/// them, whenever somebody calls cargo by hand in between.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_str().is_some_and(is_of_this_package))
        .for_each(|name| {
            command.env_remove(name);
        });
    command
}

/// Whether cargo sets a variable for a program that it runs, and for nobody below it.
fn is_of_this_package(name: &str) -> bool {
    name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_not_handed_down() {
        let removed: Vec<_> = cargo()
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .filter_map(|(name, _)| name.to_str().map(str::to_owned))
            .collect();
        // Cargo runs this test too.
        assert!(removed.iter().any(|name| name == "CARGO_MANIFEST_DIR"));
        assert!(removed.iter().any(|name| name == "CARGO_PKG_NAME"));
        assert!(!removed.iter().any(|name| name == "CARGO_TARGET_DIR"));
    }
}
