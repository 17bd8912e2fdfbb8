//! Where the files of an album come from.

use crate::xml::XmlError;

/// Files of one album.
pub trait FileSource {
    /// Names and contents of the XSD files; other files may be left out.
    ///
    /// # Errors
    /// Files that cannot be read, or too many or too large ones.
    fn files(&self) -> Result<Vec<(String, Vec<u8>)>, AlbumError>;
}

/// Files in memory.
#[derive(Debug, Clone, Default)]
pub struct Files(pub Vec<(String, Vec<u8>)>);

impl FileSource for Files {
    fn files(&self) -> Result<Vec<(String, Vec<u8>)>, AlbumError> {
        Ok(self.0.clone())
    }
}

/// Files of one album; the official one has 723.
pub(super) const MAX_FILES: usize = 5_000;
/// Bytes of one file; the largest official one has 0.4 MB.
pub(super) const MAX_FILE: u64 = 16 << 20;
/// Bytes of all files; the official ones have 15 MB.
pub(super) const MAX_TOTAL: u64 = 256 << 20;

/// Why an album is refused. Nothing of it is loaded then.
#[derive(Debug, thiserror::Error)]
pub enum AlbumError {
    // Not called `source`: the message tells the cause already, and a chain would tell it twice.
    #[error("{file}: {error}")]
    Xml { file: String, error: XmlError },
    #[error("{file}, line {line}: {reason}")]
    Schema { file: String, line: usize, reason: String },
    #[error("{0} cannot be read: {1}")]
    Read(String, String),
    #[error("the album has more than {MAX_FILES} files")]
    TooManyFiles,
    #[error("{0} is larger than {MAX_FILE} bytes, or all files together than {MAX_TOTAL}")]
    TooLarge(String),
    #[error("no XSD file was found in the album")]
    Empty,
    #[error("no document of the album was found: no root element has a fixed DocumentModeID")]
    NoKinds,
}

#[cfg(all(feature = "album", not(target_arch = "wasm32")))]
pub(super) mod archive {
    //! A folder, a `.zip` or a `.tar.gz`. Archives are unpacked in memory, within bounds; names
    //! in them are never used as paths on disk.

    use std::{
        fs::{self, File},
        io::{BufReader, Read},
        path::{Path, PathBuf},
    };

    use super::{AlbumError, FileSource, Files, MAX_FILE, MAX_FILES, MAX_TOTAL};

    /// Reads the XSD files of a folder (with its subfolders), a `.zip`, a `.tar` or a `.tar.gz`.
    ///
    /// # Errors
    /// A path that is none of these or cannot be read.
    pub fn open(path: &Path) -> Result<Files, AlbumError> {
        let mut taken = Taken::default();
        if path.is_dir() {
            folder(path, &mut taken)?;
        } else {
            let name = path.display().to_string();
            let fail =
                |error: &dyn std::fmt::Display| AlbumError::Read(name.clone(), error.to_string());
            let mut file = File::open(path).map_err(|error| fail(&error))?;
            let mut magic = [0; 4];
            let read = file.read(&mut magic).map_err(|error| fail(&error))?;
            let file = BufReader::new(File::open(path).map_err(|error| fail(&error))?);
            match magic[..read] {
                [b'P', b'K', 3, 4] => zipped(file, &name, &mut taken)?,
                [0x1F, 0x8B, ..] => {
                    tarred(flate2::bufread::GzDecoder::new(file), &name, &mut taken)?;
                }
                _ if name.ends_with(".tar") => tarred(file, &name, &mut taken)?,
                _ => return Err(fail(&"a folder, a .zip, a .tar or a .tar.gz is expected")),
            }
        }
        Ok(Files(taken.files))
    }

    #[derive(Default)]
    struct Taken {
        files: Vec<(String, Vec<u8>)>,
        total: u64,
        /// Everything that was unpacked, also what was not kept.
        passed: usize,
    }

    impl Taken {
        fn take(&mut self, name: &str, from: impl Read) -> Result<(), AlbumError> {
            self.passed += 1;
            if self.passed > 4 * MAX_FILES || self.files.len() >= MAX_FILES {
                return Err(AlbumError::TooManyFiles);
            }
            if !name.to_lowercase().ends_with(".xsd") {
                return Ok(());
            }
            let mut bytes = Vec::new();
            let limit = MAX_FILE.min(MAX_TOTAL - self.total) + 1;
            from.take(limit)
                .read_to_end(&mut bytes)
                .map_err(|error| AlbumError::Read(name.to_owned(), error.to_string()))?;
            self.total += bytes.len() as u64;
            if bytes.len() as u64 >= limit {
                return Err(AlbumError::TooLarge(name.to_owned()));
            }
            self.files.push((name.to_owned(), bytes));
            Ok(())
        }
    }

    fn folder(path: &Path, taken: &mut Taken) -> Result<(), AlbumError> {
        let fail = |path: &Path, error: std::io::Error| {
            AlbumError::Read(path.display().to_string(), error.to_string())
        };
        let mut todo: Vec<PathBuf> = vec![path.to_owned()];
        while let Some(folder) = todo.pop() {
            let entries = fs::read_dir(&folder).map_err(|error| fail(&folder, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| fail(&folder, error))?;
                let path = entry.path();
                let kind = entry.file_type().map_err(|error| fail(&path, error))?;
                if kind.is_dir() {
                    todo.push(path);
                } else {
                    let file = File::open(&path).map_err(|error| fail(&path, error))?;
                    taken.take(&path.display().to_string(), file)?;
                }
            }
        }
        taken.files.sort();
        Ok(())
    }

    fn zipped(file: BufReader<File>, name: &str, taken: &mut Taken) -> Result<(), AlbumError> {
        let fail =
            |error: zip::result::ZipError| AlbumError::Read(name.to_owned(), error.to_string());
        let mut archive = zip::ZipArchive::new(file).map_err(fail)?;
        for at in 0..archive.len() {
            let entry = archive.by_index(at).map_err(fail)?;
            let name = entry.name().to_owned();
            if entry.is_file() {
                taken.take(&name, entry)?;
            }
        }
        Ok(())
    }

    fn tarred(reader: impl Read, name: &str, taken: &mut Taken) -> Result<(), AlbumError> {
        let fail = |error: std::io::Error| AlbumError::Read(name.to_owned(), error.to_string());
        // All that is unpacked is bounded, also what is passed over.
        let mut archive = tar::Archive::new(reader.take(2 * MAX_TOTAL));
        for entry in archive.entries().map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type().is_file() {
                taken.take(&name, entry)?;
            }
        }
        Ok(())
    }

    impl FileSource for PathBuf {
        fn files(&self) -> Result<Vec<(String, Vec<u8>)>, AlbumError> {
            Ok(open(self)?.0)
        }
    }
}
