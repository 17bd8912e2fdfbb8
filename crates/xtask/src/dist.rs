//! `cargo xtask dist`: one folder that runs on a machine without Rust and Node.

use std::path::Path;

use crate::client::{self, Bundle, copy_folder};
use crate::failure::{Failure, Result};
use crate::progress::{Steps, say};
use crate::workspace::Workspace;
use crate::{server, setup};

const README: &str = include_str!("dist.md");

pub fn dist(workspace: &Workspace) -> Result<()> {
    setup::building(workspace)?;
    let mut steps = Steps::new(3);
    let site = client::site(workspace, Bundle::Optimised, &mut steps)?;
    let binary = server::build(workspace, server::Profile::Release, &mut steps)?;
    let step = steps.begin("Folder dist/cabinet", "1 s");
    let folder = workspace.root.join("dist/cabinet");
    let bytes = assemble(&folder, &binary, &site)?;
    step.done(&format!("{:.1} MB", bytes as f64 / 1e6));
    say(format!("\n  {}/cabinet serve --help", folder.display()));
    Ok(())
}

/// Makes the folder anew and gives its size in bytes.
fn assemble(folder: &Path, binary: &Path, site: &Path) -> Result<u64> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|error| Failure::file("remove", folder, &error))?;
    }
    // The server looks for `site` beside itself.
    copy_folder(site, &folder.join("site"))?;
    let target = folder.join("cabinet");
    std::fs::copy(binary, &target).map_err(|error| Failure::file("copy", binary, &error))?;
    let readme = folder.join("README.md");
    std::fs::write(&readme, README).map_err(|error| Failure::file("write", &readme, &error))?;
    size(folder)
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failure::file("read", folder, &error))?;
    entries.flatten().map(|entry| entry.path()).try_fold(0, |sum, path| {
        if path.is_dir() {
            return Ok(sum + size(&path)?);
        }
        let metadata = path.metadata().map_err(|error| Failure::file("read", &path, &error))?;
        Ok(sum + metadata.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_has_the_program_the_site_and_the_words() {
        let place = tempfile::tempdir().unwrap();
        let site = place.path().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("pkg/assets.json"), "{}").unwrap();
        let binary = place.path().join("binary");
        std::fs::write(&binary, "program").unwrap();
        let folder = place.path().join("dist/cabinet");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("left-over"), "").unwrap();
        let bytes = assemble(&folder, &binary, &site).unwrap();
        assert_eq!(bytes, 2 + 7 + README.len() as u64);
        assert!(folder.join("cabinet").is_file() && folder.join("site/pkg/assets.json").is_file());
        assert!(!folder.join("left-over").exists());
    }
}
