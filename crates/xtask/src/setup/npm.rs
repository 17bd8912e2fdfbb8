//! What comes from npm: wasm-opt and Playwright.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::Part;
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

fn npm(folder: &Path) -> Result<Command> {
    let Some(program) = process::which("npm") else {
        return Err(Failure::new("npm is missing; Node.js 20 or newer brings it.")
            .mend("apt-get install nodejs npm"));
    };
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .args(["--no-audit", "--no-fund", "--loglevel=error"])
        // The system's Chromium is used.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Ok(command)
}

fn unreachable(failure: &Failure) -> Failure {
    Failure::new(failure.to_string())
        .mend("let this machine reach an npm registry (`npm ping`), then `cargo xtask setup`")
}

#[derive(Deserialize)]
struct Manifest {
    version: String,
}

/// The installed version of a package, from its own manifest.
fn installed_version(folder: &Path, package: &str) -> Option<String> {
    let text =
        std::fs::read(folder.join("node_modules").join(package).join("package.json")).ok()?;
    Some(serde_json::from_slice::<Manifest>(&text).ok()?.version)
}

/// `wasm-opt`. Debian's is too old for what the compiler emits.
pub struct Binaryen {
    version: String,
    folder: PathBuf,
}

impl Binaryen {
    pub fn new(workspace: &Workspace, version: &str) -> Self {
        Self { version: version.into(), folder: workspace.tool("binaryen", version) }
    }
}

impl Part for Binaryen {
    fn title(&self) -> String {
        format!("wasm-opt {}", self.version)
    }

    fn usually(&self) -> &'static str {
        "10 s"
    }

    fn present(&self) -> Result<bool> {
        let major = |version: &str| version.split('.').next() == Some(&self.version);
        Ok(self.folder.join("node_modules/.bin/wasm-opt").exists()
            && installed_version(&self.folder, "binaryen").is_some_and(|v| major(&v)))
    }

    fn provide(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| Failure::file("create", &self.folder, &error))?;
        let package = format!("binaryen@{}", self.version);
        let prefix = self.folder.display().to_string();
        process::run(npm(&self.folder)?.args([
            "install",
            "--no-save",
            "--prefix",
            &prefix,
            &package,
        ]))
        .map_err(|failure| unreachable(&failure))
    }
}

/// Playwright and its companions, exactly as `end2end/package-lock.json` says.
pub struct EndToEnd {
    folder: PathBuf,
}

impl EndToEnd {
    pub fn new(workspace: &Workspace) -> Self {
        Self { folder: workspace.end2end() }
    }
}

#[derive(Deserialize)]
struct NpmLock {
    packages: std::collections::BTreeMap<String, NpmLocked>,
}

#[derive(Deserialize)]
struct NpmLocked {
    version: Option<String>,
    #[serde(default)]
    optional: bool,
}

impl Part for EndToEnd {
    fn title(&self) -> String {
        "Playwright (npm packages of end2end)".into()
    }

    fn usually(&self) -> &'static str {
        "20 s"
    }

    fn present(&self) -> Result<bool> {
        let path = self.folder.join("package-lock.json");
        let text = std::fs::read(&path).map_err(|error| Failure::file("read", &path, &error))?;
        let lock: NpmLock = serde_json::from_slice(&text).map_err(|error| {
            Failure::new(format!("{} is not understood: {error}.", path.display()))
        })?;
        Ok(lock
            .packages
            .iter()
            .filter(|(_, locked)| !locked.optional)
            .filter_map(|(path, locked)| {
                Some((path.strip_prefix("node_modules/")?, &locked.version))
            })
            .all(|(package, version)| installed_version(&self.folder, package) == *version))
    }

    fn provide(&self) -> Result<()> {
        process::run(npm(&self.folder)?.arg("ci")).map_err(|failure| unreachable(&failure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &Path, name: &str, version: &str) {
        let place = folder.join("node_modules").join(name);
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("package.json"), format!(r#"{{"version":"{version}"}}"#))
            .unwrap();
    }

    #[test]
    fn packages_are_there_when_every_locked_version_is() {
        let folder = tempfile::tempdir().unwrap();
        let lock = r#"{"packages":{"":{},"node_modules/a":{"version":"1.0.0"},
            "node_modules/@b/c":{"version":"2.0.0"},"node_modules/mac":{"version":"3.0.0","optional":true}}}"#;
        std::fs::write(folder.path().join("package-lock.json"), lock).unwrap();
        let part = EndToEnd { folder: folder.path().into() };
        assert!(!part.present().unwrap());
        package(folder.path(), "a", "1.0.0");
        package(folder.path(), "@b/c", "1.9.9");
        assert!(!part.present().unwrap(), "an older version must not do");
        package(folder.path(), "@b/c", "2.0.0");
        assert!(part.present().unwrap());
    }
}
