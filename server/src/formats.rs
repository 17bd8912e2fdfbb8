//! Albums of formats that an operator has loaded: one file an album in the data folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use edoc::{
    registry::Registry,
    schema::{Schema, SchemaError},
    xsd::{self, Album, AlbumError},
};
use thiserror::Error;

/// Why formats cannot be loaded or kept.
#[derive(Debug, Error)]
pub enum FormatsError {
    #[error(transparent)]
    Album(#[from] AlbumError),
    #[error("{}: {source}", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} was not written by this program: {source}", .path.display())]
    Malformed { path: PathBuf, source: serde_json::Error },
    #[error("a built-in description: {0}")]
    Builtin(#[from] SchemaError),
    #[error("{0} has no name to keep its formats under")]
    Nameless(PathBuf),
}

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// Name under which the album is kept.
    pub album: String,
    pub files: usize,
    pub kinds: usize,
}

/// Reads the official album at `path` (a folder, `.zip` or `.tar.gz`) and keeps it in the data
/// folder. An album of the same name is replaced; others stay beside it.
///
/// # Errors
/// Anything wrong in the album: then nothing is changed.
pub fn import(data: &Path, path: &Path) -> Result<Imported, FormatsError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| FormatsError::Nameless(path.to_owned()))?;
    let name = [".tar.gz", ".tgz", ".tar", ".zip"]
        .iter()
        .find_map(|extension| name.strip_suffix(extension))
        .unwrap_or(name);
    let album = Album::load(&xsd::open(path)?)?;
    let folder = folder(data);
    let target = folder.join(format!("{name}.json"));
    let failed = |source| FormatsError::File { path: target.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    let bytes = serde_json::to_vec(&album.schemas)
        .map_err(|source| FormatsError::Malformed { path: target.clone(), source })?;
    // Whoever reads meanwhile sees the old album or the new one.
    let unfinished = folder.join(format!("{name}.unfinished"));
    fs::write(&unfinished, bytes).map_err(failed)?;
    fs::rename(&unfinished, &target).map_err(failed)?;
    Ok(Imported { album: name.to_owned(), files: album.files, kinds: album.schemas.len() })
}

/// The albums kept in the data folder, each with its schemas.
///
/// # Errors
/// A file cannot be read.
pub fn albums(data: &Path) -> Result<Vec<(String, Vec<Schema>)>, FormatsError> {
    let folder = folder(data);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FormatsError::File { path, source }
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(&folder)(error)),
    };
    let mut albums = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed(&folder))?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = fs::read(&path).map_err(failed(&path))?;
        let schemas = serde_json::from_slice(&bytes)
            .map_err(|source| FormatsError::Malformed { path: path.clone(), source })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        albums.push((name, schemas));
    }
    albums.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(albums)
}

/// The built-in kinds and those of every album kept. A built-in description stays when an album
/// has the same kind and edition: it has labels in both languages.
///
/// # Errors
/// An album cannot be read.
pub fn registry(data: &Path) -> Result<Registry, FormatsError> {
    let mut registry = Registry::builtin()?;
    for (_, schemas) in albums(data)? {
        for schema in schemas {
            registry.insert_absent(schema);
        }
    }
    Ok(registry)
}

fn folder(data: &Path) -> PathBuf {
    data.join("formats")
}
