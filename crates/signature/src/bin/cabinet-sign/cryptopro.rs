//! Containers of CryptoPro CSP: a folder, or a ZIP or tar archive with one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use signature::container::{CryptoProFiles, KeyContainer};
use zeroize::Zeroizing;
use zip::ZipArchive;

use crate::args::Args;
use crate::{Stop, files};

const NAMES: [&str; 6] =
    ["header.key", "masks.key", "primary.key", "masks2.key", "primary2.key", "name.key"];
/// No file of a container has more octets.
const MAX_FILE: u64 = 1 << 20;
/// An archive of more entries holds something else.
const MAX_ENTRIES: usize = 1000;

type Files = BTreeMap<&'static str, Zeroizing<Vec<u8>>>;

/// The keys of a container; `None` when the path leads to something else.
pub fn open(path: &Path, args: &Args) -> Result<Option<KeyContainer>, Stop> {
    let failed = |error: &dyn std::fmt::Display| files::failed(path, error);
    let found = if path.is_dir() {
        in_folder(path)?
    } else {
        let bytes = files::read(path)?;
        if bytes.starts_with(b"PK\x03\x04") {
            in_zip(&bytes).map_err(|error| failed(&error))?
        } else if bytes.get(257..262) == Some(b"ustar") {
            in_tar(&bytes).map_err(|error| failed(&error))?
        } else {
            return Ok(None);
        }
    };
    let part = |name: &str| found.get(name).map(|file| file.as_slice());
    let header = part("header.key").ok_or_else(|| failed(&"there is no header.key"))?;
    let pairs = [("masks.key", "primary.key"), ("masks2.key", "primary2.key")];
    let parts: Vec<_> = pairs.iter().filter_map(|(m, p)| Some((part(m)?, part(p)?))).collect();
    let password = if args.flag("password-file") {
        files::password(args)?
    } else {
        Zeroizing::new(String::new())
    };
    let files = CryptoProFiles { header, parts: &parts, name: part("name.key") };
    KeyContainer::from_cryptopro(&files, &password).map(Some).map_err(|error| failed(&error))
}

fn in_folder(folder: &Path) -> Result<Files, Stop> {
    let mut found = Files::new();
    for entry in folder.read_dir().map_err(|error| files::failed(folder, error))? {
        let file = entry.map_err(|error| files::failed(folder, error))?.path();
        if let Some(name) = known(&file) {
            let open = File::open(&file).map_err(|error| files::failed(&file, error))?;
            found.insert(name, read(open).map_err(|error| files::failed(&file, error))?);
        }
    }
    Ok(found)
}

fn in_zip(bytes: &[u8]) -> std::io::Result<Files> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut found = Files::new();
    for index in 0..archive.len().min(MAX_ENTRIES) {
        let entry = archive.by_index(index)?;
        if let Some(name) = known(Path::new(entry.name()?.as_ref())) {
            add(&mut found, name, read(entry)?)?;
        }
    }
    Ok(found)
}

fn in_tar(bytes: &[u8]) -> std::io::Result<Files> {
    let mut archive = tar::Archive::new(bytes);
    let mut found = Files::new();
    for entry in archive.entries()?.take(MAX_ENTRIES) {
        let entry = entry?;
        if let Some(name) = known(&entry.path()?) {
            add(&mut found, name, read(entry)?)?;
        }
    }
    Ok(found)
}

fn add(found: &mut Files, name: &'static str, file: Zeroizing<Vec<u8>>) -> std::io::Result<()> {
    match found.insert(name, file) {
        None => Ok(()),
        Some(_) => Err(std::io::Error::other("the archive holds several containers")),
    }
}

/// The file of a container that this is, whatever the case of its letters.
fn known(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn read(input: impl Read) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    input.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(std::io::Error::other("a file of the container is too large"));
    }
    Ok(bytes)
}
