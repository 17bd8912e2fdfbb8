//! Trunk's `post_build` hook: turns what Trunk staged into what the server may serve for ever.
//!
//! Trunk names files by the module *before* wasm-bindgen and wasm-opt, so the same name may carry
//! different bytes. Here every file gets the name of its final content, its integrity, a Brotli
//! and a gzip copy, and a line in `assets.json`, which is all that the server knows.

mod compress;
mod manifest;
mod staging;
mod style;

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub use compress::{Effort, brotli, gzip};
pub use manifest::Manifest;

/// What the hook works on.
struct Input {
    /// Where Trunk put its output; becomes the final folder when the hook succeeds.
    staging: PathBuf,
    /// Where the modules lie as wasm-bindgen left them, before wasm-opt; `None` for quick builds,
    /// which are not optimised.
    before_wasm_opt: Option<PathBuf>,
    /// The loop of the signing engine's worker, to be put behind its glue.
    worker_loop: PathBuf,
    /// `style/main.css`
    style: PathBuf,
    /// `/pkg/`
    public_url: String,
}

/// Runs inside Trunk, which says by its environment where things are.
pub fn hook() -> Result<()> {
    let variable = |name: &str| {
        std::env::var(name).map_err(|_| {
            Failure::new(format!("{name} is not set; Trunk runs this command."))
                .mend("cargo xtask run")
        })
    };
    let workspace = Workspace::locate()?;
    let release = variable("TRUNK_PROFILE")? == "release";
    finish(&Input {
        staging: variable("TRUNK_STAGING_DIR")?.into(),
        before_wasm_opt: release.then(|| workspace.target.join("wasm-bindgen/release")),
        worker_loop: workspace.root.join("crates/signer/src/worker.js"),
        style: workspace.root.join("style/main.css"),
        public_url: variable("TRUNK_PUBLIC_URL")?,
    })
    .map(drop)
}

fn finish(input: &Input) -> Result<Manifest> {
    let staged = staging::Staged::read(&input.staging)?;
    let wasm = module(input, &staged.wasm, &staged.stem)?;

    let mut out = manifest::Writer::new(
        &input.staging,
        &input.public_url,
        if input.before_wasm_opt.is_some() { Effort::Best } else { Effort::Light },
    );
    let wasm_name = out.asset(&format!("{}_bg", staged.stem), "wasm", &wasm)?;
    let mut script = read_text(&staged.js)?;
    let mut preloads = Vec::new();
    for snippet in &staged.snippets {
        let (stem, content) = (snippet.stem(), read(&snippet.path)?);
        let asset = out.asset(&stem, "js", &content)?;
        script = snippet.replace_in(&script, &asset.file)?;
        preloads.push(asset);
    }
    let script = script.replace(&format!("{}_bg.wasm", staged.stem), &wasm_name.file);
    let js = out.asset(&staged.stem, "js", script.as_bytes())?;
    let css = style::bundle(&input.style)?;
    let css = out.asset("main", "css", css.as_bytes())?;

    let worker = worker(input, &staged, &mut out)?;

    staged.remove()?;
    let manifest = Manifest::new(js, wasm_name, vec![css], preloads, worker);
    manifest.write(&input.staging.join("assets.json"))?;
    Ok(manifest)
}

/// The signing engine: one script, the glue and the loop, that names its module.
fn worker(
    input: &Input,
    staged: &staging::Staged,
    out: &mut manifest::Writer,
) -> Result<manifest::Asset> {
    let name = format!("{}_bg.wasm", staging::WORKER);
    let wasm = module(input, &staged.worker_wasm, staging::WORKER)?;
    let wasm = out.asset(&format!("{}_bg", staging::WORKER), "wasm", &wasm)?;
    let own = read_text(&input.worker_loop)?;
    if !own.contains(&name) {
        return Err(Failure::new(format!("{} does not load {name}.", input.worker_loop.display())));
    }
    let script = format!("{}\n{own}", read_text(&staged.worker_js)?).replace(&name, &wasm.file);
    out.asset(staging::WORKER, "js", script.as_bytes())
}

/// A module of Trunk's, checked.
fn module(input: &Input, path: &Path, stem: &str) -> Result<Vec<u8>> {
    let wasm = read(path)?;
    let before =
        input.before_wasm_opt.as_ref().map(|folder| folder.join(format!("{stem}_bg.wasm")));
    check_module(path, &wasm, before.as_deref())?;
    Ok(wasm)
}

/// Refuses what is not a module, and a module that wasm-opt did not make smaller.
fn check_module(path: &Path, module: &[u8], before: Option<&Path>) -> Result<()> {
    if !module.starts_with(b"\0asm") {
        return Err(Failure::new(format!("{} is not a WebAssembly module.", path.display())));
    }
    let Some(before) = before else { return Ok(()) };
    let before = read(before)?;
    if module.len() < before.len() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "wasm-opt did not run: the module has {} bytes, before it {}.",
        module.len(),
        before.len()
    ))
    .mend("keep data-wasm-opt in frontend/index.html, then `cargo xtask setup`"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] = b"\0asm\x01\0\0\0 optimised";

    struct Sample {
        folder: tempfile::TempDir,
        input: Input,
    }

    /// A staging folder as Trunk 0.21 leaves it.
    fn sample(module: &[u8]) -> Sample {
        let folder = tempfile::tempdir().unwrap();
        let staging = folder.path().join(".stage");
        let snippets = staging.join("snippets/app-0123456789abcdef/js");
        std::fs::create_dir_all(&snippets).unwrap();
        std::fs::write(snippets.join("plugin.js"), "export const a = 1;").unwrap();
        std::fs::write(staging.join("frontend-aaaa_bg.wasm"), module).unwrap();
        let script = "import * as s from './snippets/app-0123456789abcdef/js/plugin.js';\n\
                      const url = new URL('frontend_bg.wasm', import.meta.url);";
        std::fs::write(staging.join("frontend-aaaa.js"), script).unwrap();
        let html = r#"<html><head>
            <script type="application/json" id="trunk-assets">{"js":"/pkg/frontend-aaaa.js","wasm":"/pkg/frontend-aaaa_bg.wasm"}</script>"#;
        std::fs::write(staging.join("assets.html"), html).unwrap();
        let style = folder.path().join("style");
        std::fs::create_dir(&style).unwrap();
        std::fs::write(style.join("main.css"), "@import \"a.css\";\nb { top: 0 }").unwrap();
        std::fs::write(style.join("a.css"), "a { left: 0 }").unwrap();
        std::fs::write(staging.join("signer.js"), "let wasm_bindgen;").unwrap();
        std::fs::write(staging.join("signer_bg.wasm"), MODULE).unwrap();
        let worker_loop = folder.path().join("worker.js");
        std::fs::write(&worker_loop, "wasm_bindgen('signer_bg.wasm');").unwrap();
        let before = folder.path().join("before");
        std::fs::create_dir(&before).unwrap();
        for stem in ["frontend", "signer"] {
            let larger = [MODULE, b" and larger before"].concat();
            std::fs::write(before.join(format!("{stem}_bg.wasm")), larger).unwrap();
        }
        let input = Input {
            staging,
            worker_loop,
            before_wasm_opt: Some(before),
            style: style.join("main.css"),
            public_url: "/pkg/".into(),
        };
        Sample { folder, input }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_named_by_their_content_and_refer_to_each_other() {
        let sample = sample(MODULE);
        let manifest = finish(&sample.input).unwrap();
        let staging = &sample.input.staging;
        let file = |href: &str| staging.join(href.strip_prefix("/pkg/").unwrap());
        assert_eq!(std::fs::read(file(&manifest.wasm.href)).unwrap(), MODULE);
        let script = std::fs::read_to_string(file(&manifest.js.href)).unwrap();
        assert!(script.contains(manifest.wasm.href.strip_prefix("/pkg/").unwrap()), "{script}");
        assert!(!script.contains("'frontend_bg.wasm'"), "{script}");
        let snippet = manifest.preloads[0].href.strip_prefix("/pkg/").unwrap();
        assert!(script.contains(&format!("from './{snippet}'")), "{script}");
        let style = std::fs::read_to_string(file(&manifest.styles[0].href)).unwrap();
        assert_eq!(style, "a{left: 0}b{top: 0}");
        for href in &manifest.precache {
            assert!(file(href).is_file(), "{href}");
        }
        assert_eq!(manifest.precache.len(), 4);
        let left = names(staging);
        assert!(left.contains(&"assets.json".to_owned()));
        assert!(
            !left.iter().any(|n| n.contains("aaaa") || n.ends_with(".html") || n == "snippets"),
            "{left:?}"
        );
    }

    #[test]
    fn the_worker_is_one_script_that_names_its_module_and_is_not_kept_in_advance() {
        let sample = sample(MODULE);
        let manifest = finish(&sample.input).unwrap();
        let file = sample.input.staging.join(&manifest.worker.file);
        let script = std::fs::read_to_string(file).unwrap();
        assert!(script.starts_with("let wasm_bindgen;\nwasm_bindgen('signer-"), "{script}");
        assert!(script.ends_with("_bg.wasm');"), "{script}");
        assert!(!manifest.precache.contains(&manifest.worker.href));
        assert!(!names(&sample.input.staging).contains(&"signer.js".to_owned()));
    }

    #[test]
    fn other_content_gets_another_name_and_build() {
        let one = sample(MODULE);
        let two = sample(b"\0asm\x01\0\0\0 optimisex");
        let (one, two) = (finish(&one.input).unwrap(), finish(&two.input).unwrap());
        assert_ne!(one.wasm.href, two.wasm.href);
        assert_ne!(one.js.href, two.js.href, "the script names the module");
        assert_eq!(one.styles[0].href, two.styles[0].href);
        assert_ne!(one.build, two.build);
    }

    #[test]
    fn compressed_copies_carry_the_same_bytes() {
        let sample = sample(&[MODULE, &[7; 4000]].concat());
        std::fs::write(sample.folder.path().join("before/frontend_bg.wasm"), [0; 9000]).unwrap();
        let manifest = finish(&sample.input).unwrap();
        let wasm = sample.input.staging.join(manifest.wasm.href.strip_prefix("/pkg/").unwrap());
        let plain = std::fs::read(&wasm).unwrap();
        let mut unpacked = Vec::new();
        let packed = std::fs::read(wasm.with_extension("wasm.br")).unwrap();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
        let packed = std::fs::read(wasm.with_extension("wasm.gz")).unwrap();
        let mut unpacked = Vec::new();
        std::io::Read::read_to_end(
            &mut flate2::read::GzDecoder::new(packed.as_slice()),
            &mut unpacked,
        )
        .unwrap();
        assert_eq!(unpacked, plain);
    }

    #[test]
    fn a_module_that_wasm_opt_did_not_touch_is_refused() {
        let sample = sample(MODULE);
        std::fs::write(sample.folder.path().join("before/frontend_bg.wasm"), MODULE).unwrap();
        let failure = finish(&sample.input).unwrap_err().to_string();
        assert!(failure.contains("wasm-opt did not run"), "{failure}");
    }

    #[test]
    fn something_that_is_no_module_is_refused() {
        let failure = finish(&sample(b"<html>").input).unwrap_err().to_string();
        assert!(failure.contains("not a WebAssembly module"), "{failure}");
    }
}
