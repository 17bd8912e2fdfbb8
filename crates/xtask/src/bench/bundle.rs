//! Bytes that the browser fetches on a first visit.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::server::Load;
use crate::assets::{Effort, Manifest, brotli, gzip};
use crate::failure::{Failure, Result};

#[derive(Serialize)]
pub struct Bundle {
    pub parts: Vec<Part>,
}

#[derive(Serialize)]
pub struct Part {
    pub name: String,
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// The bundle as it lies on disk, and the catalogue's HTML as it was served.
pub fn measure(site: &Path, load: &Load) -> Result<Bundle> {
    let manifest = Manifest::read(&site.join("pkg/assets.json"))?;
    let file = |href: &str| site.join(href.trim_start_matches('/'));
    let part = |name: &str, path: &Path| -> Result<Part> {
        let with = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            size(&PathBuf::from(name))
        };
        Ok(Part { name: name.into(), raw: size(path)?, gzip: with(".gz")?, brotli: with(".br")? })
    };
    let mut parts = vec![
        part("WebAssembly", &file(&manifest.wasm.href))?,
        part("JavaScript", &file(&manifest.js.href))?,
    ];
    for module in &manifest.preloads {
        parts.push(part("JavaScript (module)", &file(&module.href))?);
    }
    for style in &manifest.styles {
        parts.push(part("CSS", &file(&style.href))?);
    }
    parts.push(Part {
        name: "HTML (catalogue)".into(),
        raw: load.catalogue_html.len() as u64,
        gzip: gzip(load.catalogue_html.as_bytes(), Effort::Best)?.len() as u64,
        brotli: brotli(load.catalogue_html.as_bytes(), Effort::Best)?.len() as u64,
    });
    let sum = |value: fn(&Part) -> u64| parts.iter().map(value).sum();
    let total = Part {
        name: "Total".into(),
        raw: sum(|p| p.raw),
        gzip: sum(|p| p.gzip),
        brotli: sum(|p| p.brotli),
    };
    parts.push(total);
    Ok(Bundle { parts })
}

fn size(path: &Path) -> Result<u64> {
    path.metadata().map(|m| m.len()).map_err(|error| Failure::file("read", path, &error))
}

pub fn table(bundle: &Bundle) -> Vec<String> {
    let head = format!("{:<22}{:>12}{:>12}{:>12}", "First load, bytes", "raw", "gzip", "brotli");
    let row = |p: &Part| format!("{:<22}{:>12}{:>12}{:>12}", p.name, p.raw, p.gzip, p.brotli);
    std::iter::once(head).chain(bundle.parts.iter().map(row)).collect()
}
