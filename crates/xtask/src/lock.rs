//! `Cargo.lock`: which versions are in the house.

use std::path::Path;

use crate::failure::{Failure, Result};

/// Name and version of every package in the lock file.
pub struct Lock(Vec<(String, String)>);

impl Lock {
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("Cargo.lock");
        let text =
            std::fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
        Ok(Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let value = |line: &str, key: &str| {
            line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"').map(str::to_owned)
        };
        let mut packages = Vec::new();
        let mut last_name = None;
        // In each package the version follows the name; the file's own version is not quoted.
        for line in text.lines() {
            if let Some(name) = value(line, "name") {
                last_name = Some(name);
            } else if let Some(version) = value(line, "version")
                && let Some(name) = last_name.take()
            {
                packages.push((name, version));
            }
        }
        Self(packages)
    }

    pub fn versions(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, version)| version.as_str()).collect()
    }

    /// The version of a package that may be there once only.
    pub fn version(&self, name: &str) -> Result<&str> {
        match self.versions(name)[..] {
            [version] => Ok(version),
            [] => Err(Failure::new(format!("`{name}` is not in Cargo.lock.")).mend("cargo fetch")),
            _ => Err(Failure::new(format!("`{name}` is in Cargo.lock in several versions."))
                .mend(format!("cargo tree --duplicates -i {name}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    const SAMPLE: &str = r#"version = 4

[[package]]
name = "a"
version = "1.0.0"

[[package]]
name = "b"
version = "2.0.0"
dependencies = [
 "a 1.0.0",
]

[[package]]
name = "b"
version = "3.0.0"
"#;

    #[test]
    fn versions_are_read() {
        let lock = Lock::parse(SAMPLE);
        assert_eq!(lock.version("a").unwrap(), "1.0.0");
        assert_eq!(lock.versions("b"), ["2.0.0", "3.0.0"]);
        assert!(lock.version("b").unwrap_err().to_string().contains("several versions"));
        assert!(lock.version("c").unwrap_err().to_string().contains("not in Cargo.lock"));
    }

    fn house() -> Lock {
        Lock::read(&Workspace::locate().unwrap().root).unwrap()
    }

    /// TLS is rustls everywhere: the binary must run on a machine without OpenSSL's headers or
    /// library, and `deny.toml` says the same to those who have cargo-deny.
    #[test]
    fn no_foreign_tls() {
        let lock = house();
        for banned in ["openssl", "openssl-sys", "native-tls", "schannel-rs", "boring-sys"] {
            assert_eq!(lock.versions(banned), [""; 0], "{banned} is banned");
        }
    }

    /// Two of these in one binary do not type-check together or double the bundle.
    #[test]
    fn one_version_of_the_framework() {
        let lock = house();
        for single in [
            "axum",
            "gloo-net",
            "hyper",
            "leptos",
            "reactive_graph",
            "rustls",
            "sea-orm",
            "server_fn",
            "sqlx-core",
            "tachys",
            "tokio",
            "tower-http",
            "wasm-bindgen",
        ] {
            assert_eq!(lock.versions(single).len(), 1, "{single}: {:?}", lock.versions(single));
        }
    }
}
