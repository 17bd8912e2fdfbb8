//! Where things are: the checkout, the build folder, the tool cache; and what the manifests say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::process;

/// The checkout and the folders beside it.
pub struct Workspace {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder (`CARGO_TARGET_DIR` and configuration respected).
    pub target: PathBuf,
    /// Tools that outlive a checkout.
    pub cache: PathBuf,
    /// Members by name.
    pub packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

/// A member of the workspace as its manifest describes it.
#[derive(Deserialize)]
pub struct Package {
    pub name: String,
    pub manifest_path: PathBuf,
    pub dependencies: Vec<Dependency>,
    pub features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
pub struct Dependency {
    pub name: String,
    /// `None` for an ordinary one, `Some("dev")`, `Some("build")`.
    pub kind: Option<String>,
    pub optional: bool,
    pub features: Vec<String>,
    /// Set for members of the workspace.
    pub path: Option<PathBuf>,
}

impl Package {
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

impl Workspace {
    pub fn locate() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .map(Path::to_path_buf)
            .ok_or_else(|| {
                Failure::new(format!("No Trunk.toml above {}.", manifest.display()))
                    .mend("run `cargo xtask` inside the checkout")
            })?;
        let json = process::capture(cargo().current_dir(&root).args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ]))?;
        let metadata: Metadata = serde_json::from_str(&json).map_err(|error| {
            Failure::new(format!("`cargo metadata` is not understood: {error}."))
        })?;
        Ok(Self {
            root,
            target: metadata.target_directory,
            cache: cache_folder(|name| std::env::var_os(name).map(PathBuf::from))?,
            packages: metadata.packages.into_iter().map(|p| (p.name.clone(), p)).collect(),
        })
    }

    /// The folder of one tool: `<cache>/tools/trunk-0.21.14`.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{name}-{version}"))
    }

    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// Members that compile into the browser's bundle: what `frontend` reaches through ordinary
    /// dependencies and the features that it switches on.
    pub fn client_packages(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut queue = vec![("frontend", Vec::new())];
        while let Some((name, features)) = queue.pop() {
            let Some(package) = self.packages.get(name) else { continue };
            found.insert(package.name.as_str());
            let enabled = enabled_dependencies(package, &features);
            for dependency in package.dependencies.iter().filter(|d| d.path.is_some()) {
                let wanted = dependency.kind.is_none()
                    && (!dependency.optional || enabled.contains(dependency.name.as_str()));
                if wanted && !found.contains(dependency.name.as_str()) {
                    queue.push((&dependency.name, dependency.features.clone()));
                }
            }
        }
        found
    }

    /// Members that are compiled, linted and tested natively: all but the browser's entry, whose
    /// features must not be mixed with the server's.
    pub fn native_packages(&self) -> Vec<&str> {
        self.packages.keys().map(String::as_str).filter(|name| *name != "frontend").collect()
    }
}

/// Optional dependencies that a set of features switches on.
fn enabled_dependencies<'a>(package: &'a Package, features: &[String]) -> BTreeSet<&'a str> {
    let mut enabled = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut queue: Vec<&str> =
        features.iter().map(String::as_str).chain(std::iter::once("default")).collect();
    while let Some(feature) = queue.pop() {
        let Some((feature, values)) = package.features.get_key_value(feature) else { continue };
        if !seen.insert(feature) {
            continue;
        }
        for value in values {
            match value.strip_prefix("dep:") {
                Some(dependency) => {
                    enabled.insert(dependency);
                }
                None => queue.push(value),
            }
        }
    }
    enabled
}

/// `$CABINET_CACHE`, else `$XDG_CACHE_HOME/cabinet-ved`, else `~/.cache/cabinet-ved`.
fn cache_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let set = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    set("CABINET_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|path| path.join("cabinet-ved")))
        .or_else(|| set("HOME").map(|path| path.join(".cache/cabinet-ved")))
        .ok_or_else(|| {
            Failure::new(
                "No place for tools: neither CABINET_CACHE, XDG_CACHE_HOME nor HOME is set.",
            )
            .mend("export CABINET_CACHE=/some/folder")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_taken_from_the_first_variable_set() {
        let with = |set: &'static [(&str, &str)]| {
            cache_folder(move |name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value))
            })
        };
        assert_eq!(with(&[("CABINET_CACHE", "/a"), ("HOME", "/h")]).unwrap(), Path::new("/a"));
        assert_eq!(
            with(&[("CABINET_CACHE", ""), ("XDG_CACHE_HOME", "/x")]).unwrap(),
            Path::new("/x/cabinet-ved")
        );
        assert_eq!(with(&[("HOME", "/h")]).unwrap(), Path::new("/h/.cache/cabinet-ved"));
        assert!(with(&[]).unwrap_err().to_string().contains("CABINET_CACHE"));
    }

    #[test]
    fn the_client_is_what_the_frontend_reaches() {
        let workspace = Workspace::locate().unwrap();
        let client = workspace.client_packages();
        for member in ["frontend", "app", "domain", "edoc"] {
            assert!(client.contains(member), "{member} is missing in {client:?}");
        }
        for member in ["backend", "server", "sandbox", "xtask"] {
            assert!(!client.contains(member), "{member} must not reach the browser");
        }
        assert!(!workspace.native_packages().contains(&"frontend"));
    }
}
