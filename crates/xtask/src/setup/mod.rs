//! What the other commands need on this machine. Every part is checked first and provided only
//! when it is missing, so that a second run does nothing and works without a network.

mod debian;
mod npm;
mod tool;
mod wasm_std;

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{Compiler, cargo};
use crate::failure::{Failure, Result};
use crate::lock::Lock;
use crate::process;
use crate::progress::{Steps, say};
use crate::workspace::Workspace;

pub use debian::{chromium, postgres_binaries};

/// Trunk 0.22 needs a newer compiler than the house's.
const TRUNK: &str = "0.21.14";
/// npm's version of `binaryen`; `wasm-opt` says the same number.
const BINARYEN: &str = "132";

/// One thing that must be there.
pub trait Part {
    /// With the version: `Trunk 0.21.14`.
    fn title(&self) -> String;
    /// How long providing it takes on two cores: `6 min`.
    fn usually(&self) -> &'static str;
    fn present(&self) -> Result<bool>;
    fn provide(&self) -> Result<()>;
}

/// Versions and places of the tools that build the client.
pub struct Tools {
    pub trunk: PathBuf,
    /// Folders to put in front of PATH for Trunk: wasm-bindgen and wasm-opt.
    pub path: Vec<PathBuf>,
    /// For fingerprints.
    pub versions: String,
}

impl Tools {
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let bindgen = Lock::read(&workspace.root)?.version("wasm-bindgen")?.to_owned();
        Ok(Self {
            trunk: workspace.tool("trunk", TRUNK).join("bin/trunk"),
            path: vec![
                workspace.tool("wasm-bindgen", &bindgen).join("bin"),
                workspace.tool("binaryen", BINARYEN).join("node_modules/.bin"),
            ],
            versions: format!("trunk {TRUNK}, wasm-bindgen {bindgen}, binaryen {BINARYEN}"),
        })
    }
}

/// What building the client and the server needs.
pub fn building(workspace: &Workspace) -> Result<()> {
    provide(&building_parts(workspace)?)
}

/// What the end-to-end tests need beside that.
pub fn browsing(workspace: &Workspace) -> Result<()> {
    let mut parts = building_parts(workspace)?;
    parts.extend(browsing_parts(workspace));
    provide(&parts)
}

/// What measuring needs: a browser, and the engine that signatures are measured beside.
pub fn measuring(workspace: &Workspace) -> Result<()> {
    let mut parts = building_parts(workspace)?;
    parts.extend(browsing_parts(workspace));
    parts.push(Box::new(debian::GostEngine));
    parts.push(Box::new(debian::LibSsl));
    provide(&parts)
}

/// What `cargo xtask test` needs: all of it.
pub fn everything(workspace: &Workspace) -> Result<()> {
    let mut parts = building_parts(workspace)?;
    parts.extend(browsing_parts(workspace));
    parts.push(Box::new(debian::XmlLint));
    parts.push(Box::new(debian::Postgres));
    parts.push(Box::new(debian::GostEngine));
    parts.push(Box::new(debian::GnuTls));
    provide(&parts)
}

fn building_parts(workspace: &Workspace) -> Result<Vec<Box<dyn Part>>> {
    let bindgen = Lock::read(&workspace.root)?.version("wasm-bindgen")?.to_owned();
    Ok(vec![
        Box::new(Crates { root: workspace.root.clone() }),
        Box::new(wasm_std::WasmStd::new(Compiler::probe()?)),
        Box::new(tool::wasm_bindgen(workspace, &bindgen)),
        Box::new(tool::trunk(workspace, TRUNK)),
        Box::new(npm::Binaryen::new(workspace, BINARYEN)),
    ])
}

fn browsing_parts(workspace: &Workspace) -> Vec<Box<dyn Part>> {
    vec![Box::new(npm::EndToEnd::new(workspace)), Box::new(debian::Chromium)]
}

fn provide(parts: &[Box<dyn Part>]) -> Result<()> {
    let missing = parts.iter().map(|part| Ok(!part.present()?)).collect::<Result<Vec<bool>>>()?;
    if !missing.contains(&true) {
        say(format!("Set-up: all {} parts are there", parts.len()));
        return Ok(());
    }
    let mut steps = Steps::new(parts.len());
    for (part, missing) in parts.iter().zip(missing) {
        if !missing {
            steps.already(part.title());
            continue;
        }
        let step = steps.begin(part.title(), part.usually());
        part.provide()?;
        if !part.present()? {
            return Err(Failure::new(format!(
                "{} was installed and is still not found.",
                part.title()
            ))
            .mend("run `cargo xtask setup` again and read its output"));
        }
        step.done("");
    }
    Ok(())
}

/// The crates of `Cargo.lock`, downloaded, so that Trunk can work offline.
struct Crates {
    root: PathBuf,
}

impl Crates {
    fn fetch(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root).args(["fetch", "--locked"]);
        command
    }
}

impl Part for Crates {
    fn title(&self) -> String {
        "Crates of Cargo.lock".into()
    }

    fn usually(&self) -> &'static str {
        "1 min"
    }

    fn present(&self) -> Result<bool> {
        Ok(process::capture(self.fetch().arg("--offline")).is_ok())
    }

    fn provide(&self) -> Result<()> {
        process::run(&mut self.fetch()).map_err(|failure| {
            Failure::new(failure.to_string())
                .mend("let this machine reach a crates registry, then `cargo fetch --locked`")
        })
    }
}
