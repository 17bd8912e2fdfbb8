//! Whether something changed since the last build: SHA-256 over the content of its sources, so
//! that a fresh clone (new times, same bytes) is recognised.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};

#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a named text: a version, a profile.
    pub fn text(&mut self, name: &str, value: &str) {
        self.part(name.as_bytes());
        self.part(value.as_bytes());
    }

    /// Adds a file or, in the order of their names, all files of a folder. Hidden entries and
    /// `node_modules` are left out. `root` makes the names independent of the place.
    pub fn path(&mut self, root: &Path, path: &Path) -> Result<()> {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(path).map_err(|error| Failure::file("read", path, &error))?;
            let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            entries.sort();
            return entries
                .iter()
                .filter(|entry| !is_left_out(entry))
                .try_for_each(|entry| self.path(root, entry));
        }
        let name = path.strip_prefix(root).unwrap_or(path);
        let bytes = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
        self.part(name.to_string_lossy().as_bytes());
        self.part(&bytes);
        Ok(())
    }

    /// Lengths keep `ab` + `c` apart from `a` + `bc`.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Lower-case hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

fn is_left_out(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "node_modules" || name == "target"
}

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folder: &Path) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.path(folder, folder).unwrap();
        fingerprint.finish()
    }

    #[test]
    fn content_and_names_count_place_and_hidden_files_do_not() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for folder in [one.path(), two.path()] {
            std::fs::create_dir(folder.join("src")).unwrap();
            std::fs::write(folder.join("src/lib.rs"), "fn a() {}").unwrap();
        }
        assert_eq!(of(one.path()), of(two.path()));
        std::fs::write(two.path().join(".hidden"), "x").unwrap();
        assert_eq!(of(one.path()), of(two.path()));
        std::fs::write(two.path().join("src/lib.rs"), "fn b() {}").unwrap();
        assert_ne!(of(one.path()), of(two.path()));
        std::fs::write(two.path().join("src/lib.rs"), "fn a() {}").unwrap();
        std::fs::rename(two.path().join("src/lib.rs"), two.path().join("src/main.rs")).unwrap();
        assert_ne!(of(one.path()), of(two.path()));
    }

    #[test]
    fn borders_between_parts_count() {
        let mut one = Fingerprint::default();
        one.text("a", "bc");
        let mut two = Fingerprint::default();
        two.text("ab", "c");
        assert_ne!(one.finish(), two.finish());
    }
}
