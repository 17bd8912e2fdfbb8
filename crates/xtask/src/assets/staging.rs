//! What Trunk left in its staging folder.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::read_text;
use crate::failure::{Failure, Result};

/// Trunk's output, found by the record that `pattern_script` in Trunk.toml makes it write.
pub struct Staged {
    folder: PathBuf,
    /// `frontend`
    pub stem: String,
    pub js: PathBuf,
    pub wasm: PathBuf,
    pub snippets: Vec<Snippet>,
    /// The signing engine's module and its glue. Trunk does not hash the names of workers.
    pub worker_js: PathBuf,
    pub worker_wasm: PathBuf,
}

/// A JavaScript module that a Rust crate brings along (`#[wasm_bindgen(module = …)]`).
pub struct Snippet {
    pub path: PathBuf,
    /// As the script imports it: `snippets/app-0123/js/plugin.js`.
    reference: String,
}

#[derive(Deserialize)]
struct Record {
    js: String,
    wasm: String,
}

/// The package of the signing engine.
pub const WORKER: &str = "signer";

const RECORD: &str = r#"<script type="application/json" id="trunk-assets">"#;

impl Staged {
    pub fn read(folder: &Path) -> Result<Self> {
        let page = folder.join("assets.html");
        let html = read_text(&page)?;
        let record = html
            .split_once(RECORD)
            .and_then(|(_, rest)| Some(rest.split_once("</script>")?.0))
            .and_then(|json| serde_json::from_str::<Record>(json).ok())
            .ok_or_else(|| {
                Failure::new(format!("{} carries no trunk-assets record.", page.display()))
                    .mend("keep pattern_script in Trunk.toml")
            })?;
        let file = |href: &str| folder.join(href.rsplit('/').next().unwrap_or(href));
        let js = file(&record.js);
        let stem = js
            .file_stem()
            .and_then(|stem| stem.to_str()?.rsplit_once('-'))
            .map(|(stem, _)| stem.to_owned())
            .ok_or_else(|| {
                Failure::new(format!("`{}` has no hash in its name.", record.js))
                    .mend("keep filehash = true in Trunk.toml")
            })?;
        Ok(Self {
            stem,
            wasm: file(&record.wasm),
            js,
            snippets: snippets(folder)?,
            worker_js: folder.join(format!("{WORKER}.js")),
            worker_wasm: folder.join(format!("{WORKER}_bg.wasm")),
            folder: folder.to_path_buf(),
        })
    }

    /// Removes what has been taken over under another name.
    pub fn remove(&self) -> Result<()> {
        let entries = std::fs::read_dir(&self.folder)
            .map_err(|error| Failure::file("read", &self.folder, &error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let outcome = if path.is_dir() {
                std::fs::remove_dir_all(&path)
            } else if [&self.js, &self.wasm, &self.worker_js, &self.worker_wasm].contains(&&path)
                || path.ends_with("assets.html")
            {
                std::fs::remove_file(&path)
            } else {
                continue;
            };
            outcome.map_err(|error| Failure::file("remove", &path, &error))?;
        }
        Ok(())
    }
}

/// Every script below `snippets/`, in a fixed order.
fn snippets(folder: &Path) -> Result<Vec<Snippet>> {
    let mut found = Vec::new();
    let mut queue = vec![folder.join("snippets")];
    while let Some(place) = queue.pop() {
        if !place.is_dir() {
            continue;
        }
        let entries =
            std::fs::read_dir(&place).map_err(|error| Failure::file("read", &place, &error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                queue.push(path);
            } else {
                let relative = path.strip_prefix(folder).unwrap_or(&path);
                let reference = relative.to_string_lossy().replace('\\', "/");
                found.push(Snippet { path, reference });
            }
        }
    }
    found.sort_by(|a, b| a.reference.cmp(&b.reference));
    Ok(found)
}

impl Snippet {
    pub fn stem(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Lets the script import the file under its new name, beside the script.
    pub fn replace_in(&self, script: &str, file: &str) -> Result<String> {
        let old = format!("./{}", self.reference);
        if !script.contains(&old) {
            return Err(Failure::new(format!("The script does not import `{old}`.")));
        }
        Ok(script.replace(&old, &format!("./{file}")))
    }
}
