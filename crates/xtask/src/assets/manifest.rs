//! `assets.json`: what the server and the service worker know about the bundle.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};

use super::compress;
use crate::failure::{Failure, Result};
use crate::fingerprint::hex;

#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Changes when any file does: 16 hexadecimal digits.
    pub build: String,
    pub js: Asset,
    pub wasm: Asset,
    pub styles: Vec<Asset>,
    /// Modules that the script imports.
    pub preloads: Vec<Asset>,
    /// The script of the signing engine's worker; fetched when somebody signs.
    pub worker: Asset,
    /// What every page needs, for the service worker.
    pub precache: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asset {
    /// `/pkg/frontend-0123456789abcdef.js`
    pub href: String,
    /// `sha384-` and base64, as in HTML's `integrity`.
    pub integrity: String,
    #[serde(skip)]
    pub file: String,
}

impl Manifest {
    pub fn new(
        js: Asset,
        wasm: Asset,
        styles: Vec<Asset>,
        preloads: Vec<Asset>,
        worker: Asset,
    ) -> Self {
        let precache: Vec<String> = std::iter::once(&js)
            .chain([&wasm])
            .chain(&styles)
            .chain(&preloads)
            .map(|asset| asset.href.clone())
            .collect();
        let all = format!("{}\n{}", precache.join("\n"), worker.href);
        let build = hex(&Sha256::digest(all.as_bytes())[..8]);
        Self { build, js, wasm, styles, preloads, worker, precache }
    }

    pub fn read(path: &Path) -> Result<Self> {
        let bytes = super::read(path)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::new(format!("{} is not understood: {error}.", path.display()))
        })
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::new(format!("The manifest cannot be written: {error}.")))?;
        std::fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
    }
}

/// Writes files under the name of their content, with their compressed copies.
pub struct Writer {
    folder: PathBuf,
    public_url: String,
    effort: compress::Effort,
}

impl Writer {
    pub fn new(folder: &Path, public_url: &str, effort: compress::Effort) -> Self {
        let slash = if public_url.ends_with('/') { "" } else { "/" };
        Self { folder: folder.to_path_buf(), public_url: format!("{public_url}{slash}"), effort }
    }

    pub fn asset(&mut self, stem: &str, extension: &str, content: &[u8]) -> Result<Asset> {
        let hash = hex(&Sha256::digest(content)[..8]);
        // Trunk's own name form: the suffix of the module stays last.
        let file = match stem.strip_suffix("_bg") {
            Some(stem) => format!("{stem}-{hash}_bg.{extension}"),
            None => format!("{stem}-{hash}.{extension}"),
        };
        let path = self.folder.join(&file);
        let write = |path: &Path, bytes: &[u8]| {
            std::fs::write(path, bytes).map_err(|error| Failure::file("write", path, &error))
        };
        write(&path, content)?;
        write(
            &path.with_extension(format!("{extension}.br")),
            &compress::brotli(content, self.effort)?,
        )?;
        write(
            &path.with_extension(format!("{extension}.gz")),
            &compress::gzip(content, self.effort)?,
        )?;
        Ok(Asset {
            href: format!("{}{file}", self.public_url),
            integrity: format!("sha384-{}", STANDARD.encode(Sha384::digest(content))),
            file,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_that_of_the_content() {
        let folder = tempfile::tempdir().unwrap();
        let asset = Writer::new(folder.path(), "/pkg", compress::Effort::Best)
            .asset("main", "css", b"")
            .unwrap();
        assert_eq!(asset.href, "/pkg/main-e3b0c44298fc1c14.css");
        assert_eq!(
            asset.integrity,
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
    }
}
