//! The browser's bundle: Trunk's output, finished by [`crate::assets`], and the files of `public/`.
//!
//! A site is a folder that `cabinet serve --site` takes:
//!
//! ```text
//! <target>/site/            sw.js, manifest.webmanifest, icons … from public/
//! <target>/site/pkg/        assets.json and what it names: hashed, with .br and .gz beside
//! <target>/site.fingerprint sources and tools of the bundle
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::Compiler;
use crate::failure::{Failure, Result};
use crate::fingerprint::Fingerprint;
use crate::process;
use crate::progress::{Steps, say};
use crate::setup::Tools;
use crate::workspace::Workspace;

#[derive(Clone, Copy, PartialEq)]
pub enum Bundle {
    /// What is shipped and tested: `wasm-release`, wasm-opt, `.br` and `.gz`.
    Optimised,
    /// Quick to build, several megabytes.
    Quick,
}

impl Bundle {
    fn name(self) -> &'static str {
        match self {
            Self::Optimised => "site",
            Self::Quick => "site-quick",
        }
    }
}

/// Builds the site when its sources changed and gives its folder.
pub fn site(workspace: &Workspace, bundle: Bundle, steps: &mut Steps) -> Result<PathBuf> {
    let site = workspace.target.join(bundle.name());
    let package = site.join("pkg");
    std::fs::create_dir_all(&site).map_err(|error| Failure::file("create", &site, &error))?;
    let _lock = lock(&workspace.target.join(format!("{}.lock", bundle.name())))?;
    let stamp = workspace.target.join(format!("{}.fingerprint", bundle.name()));
    let tools = Tools::of(workspace)?;
    let sources = sources(workspace, bundle, &tools)?;
    let built = std::fs::read_to_string(&stamp).unwrap_or_default();
    if built == sources && package.join("assets.json").is_file() {
        steps.already("Client (WebAssembly, style)");
    } else {
        let usually = match bundle {
            Bundle::Optimised => "6 min the first time, 3 min after",
            Bundle::Quick => "3 min the first time, 30 s after",
        };
        let step = steps.begin("Client (WebAssembly, style) by Trunk", usually);
        // A failed build must not leave an older bundle in place.
        let _ = std::fs::remove_file(&stamp);
        let _ = std::fs::remove_dir_all(&package);
        trunk(workspace, bundle, &tools, &package)?;
        std::fs::write(&stamp, sources).map_err(|error| Failure::file("write", &stamp, &error))?;
        step.done("");
    }
    publish(&workspace.root.join("public"), &site)?;
    Ok(site)
}

/// One build of a site at a time, also between processes.
fn lock(path: &Path) -> Result<std::fs::File> {
    let file =
        std::fs::File::create(path).map_err(|error| Failure::file("create", path, &error))?;
    if file.try_lock().is_err() {
        say("      waiting for another build of the client");
        file.lock().map_err(|error| Failure::file("lock", path, &error))?;
    }
    Ok(file)
}

fn sources(workspace: &Workspace, bundle: Bundle, tools: &Tools) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    fingerprint.text("bundle", bundle.name());
    fingerprint.text("tools", &tools.versions);
    fingerprint.text("rustc", &Compiler::probe()?.verbose);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        fingerprint.text(variable, &std::env::var(variable).unwrap_or_default());
    }
    let root = &workspace.root;
    for file in ["Cargo.toml", "Cargo.lock", "Trunk.toml", ".cargo", "style"] {
        fingerprint.path(root, &root.join(file))?;
    }
    // Finishing the assets is a part of the build.
    fingerprint.path(root, &root.join("crates/xtask/src/assets"))?;
    for name in workspace.client_packages() {
        if let Some(package) = workspace.packages.get(name) {
            fingerprint.path(root, package.folder())?;
        }
    }
    Ok(fingerprint.finish())
}

fn trunk(workspace: &Workspace, bundle: Bundle, tools: &Tools, package: &Path) -> Result<()> {
    // wasm-bindgen leaves the scripts of earlier builds there, and Trunk copies them all.
    let mode = if bundle == Bundle::Optimised { "release" } else { "debug" };
    let _ =
        std::fs::remove_dir_all(workspace.target.join("wasm-bindgen").join(mode).join("snippets"));
    let folders: Vec<&Path> = tools.path.iter().map(PathBuf::as_path).collect();
    let mut command = Command::new(&tools.trunk);
    command
        .current_dir(&workspace.root)
        .env("PATH", process::path_with(&folders)?)
        // Trunk takes any other value than true and false for a wrong argument.
        .env_remove("NO_COLOR")
        // It would change the name of the module.
        .env_remove("LEPTOS_OUTPUT_NAME")
        .args(["build", "--dist"])
        .arg(package)
        .arg(match bundle {
            Bundle::Optimised => "--release",
            Bundle::Quick => "--release=false",
        });
    process::run(&mut command)
}

/// Copies what is served at the root. Files that are gone from `public/` go from the site too.
fn publish(public: &Path, site: &Path) -> Result<()> {
    let entries = std::fs::read_dir(site).map_err(|error| Failure::file("read", site, &error))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let outcome = match path.file_name() {
            Some(name) if name == "pkg" => continue,
            _ if path.is_dir() => std::fs::remove_dir_all(&path),
            _ => std::fs::remove_file(&path),
        };
        outcome.map_err(|error| Failure::file("remove", &path, &error))?;
    }
    copy_folder(public, site)
}

/// Copies a folder's content, with its subfolders.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).map_err(|error| Failure::file("create", to, &error))?;
    let entries = std::fs::read_dir(from).map_err(|error| Failure::file("read", from, &error))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(|error| Failure::file("copy", &path, &error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_the_site_follows_public_and_keeps_the_bundle() {
        let (public, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir_all(public.path().join("icons")).unwrap();
        std::fs::write(public.path().join("icons/512.png"), "new").unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        std::fs::write(site.path().join("pkg/assets.json"), "{}").unwrap();
        std::fs::create_dir(site.path().join("gone")).unwrap();
        std::fs::write(site.path().join("old.txt"), "old").unwrap();
        publish(public.path(), site.path()).unwrap();
        assert!(site.path().join("pkg/assets.json").is_file());
        assert!(site.path().join("icons/512.png").is_file());
        assert!(!site.path().join("old.txt").exists() && !site.path().join("gone").exists());
    }
}
