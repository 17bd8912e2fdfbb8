//! Command-line tools from the crates registry, installed once at an exact version.

use std::path::PathBuf;
use std::process::Command;

use super::Part;
use crate::cargo::cargo_outside;
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

pub struct Tool {
    name: &'static str,
    krate: &'static str,
    version: String,
    usually: &'static str,
    arguments: &'static [&'static str],
    folder: PathBuf,
    scratch: PathBuf,
}

/// The tool that writes the JavaScript beside the WebAssembly; its version is that of the crate in
/// `Cargo.lock`, else neither understands the other. Its own lock file is not used: it names
/// versions that mirrors may lack.
pub fn wasm_bindgen(workspace: &Workspace, version: &str) -> Tool {
    Tool {
        name: "wasm-bindgen",
        krate: "wasm-bindgen-cli",
        version: version.into(),
        usually: "3 min",
        arguments: &[],
        folder: workspace.tool("wasm-bindgen", version),
        scratch: workspace.cache.join("build"),
    }
}

pub fn trunk(workspace: &Workspace, version: &str) -> Tool {
    Tool {
        name: "trunk",
        krate: "trunk",
        version: version.into(),
        usually: "7 min",
        arguments: &["--locked", "--no-default-features", "--features", "rustls"],
        folder: workspace.tool("trunk", version),
        scratch: workspace.cache.join("build"),
    }
}

impl Part for Tool {
    fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn usually(&self) -> &'static str {
        self.usually
    }

    fn present(&self) -> Result<bool> {
        let program = self.folder.join("bin").join(self.name);
        if !program.is_file() {
            return Ok(false);
        }
        let said = process::capture(Command::new(&program).arg("--version").env_remove("NO_COLOR"));
        Ok(said.is_ok_and(|text| text.split_whitespace().nth(1) == Some(&self.version)))
    }

    fn provide(&self) -> Result<()> {
        std::fs::create_dir_all(&self.scratch)
            .map_err(|error| Failure::file("create", &self.scratch, &error))?;
        let mut command = cargo_outside(&self.scratch, &self.scratch.join("target"));
        command.args(["install", self.krate, "--version", &self.version, "--force", "--root"]);
        command.arg(&self.folder).args(self.arguments);
        let outcome = process::run(&mut command);
        // The intermediate files are of no further use and large.
        let _ = std::fs::remove_dir_all(self.scratch.join("target"));
        outcome.map_err(|failure| {
            Failure::new(failure.to_string()).mend(format!(
                "let this machine reach a crates registry, then `cargo install {} --version {} {} --root {}`",
                self.krate,
                self.version,
                self.arguments.join(" "),
                self.folder.display()
            ))
        })
    }
}
