//! What outlives the process: files replaced atomically and journals that survive `kill -9`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    marker::PhantomData,
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};

/// Replaces the file `path` by `bytes` so that a crash leaves either the old or the new content.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}

/// The content of `path`, or what `make` makes, which is then kept there.
pub(crate) fn read_or_create<E: From<io::Error>>(
    path: &Path,
    make: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes = make()?;
            write_atomically(path, &bytes)?;
            Ok(bytes)
        }
        Err(error) => Err(error.into()),
    }
}

/// An append-only file of JSON lines. One line is one transaction: it is on disk as a whole when
/// [`Journal::append`] returns, and a torn last line (the process was killed while writing it) is
/// cut off at the next opening.
pub(crate) struct Journal<T> {
    file: File,
    entries: PhantomData<fn(T)>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens or creates the journal and returns the entries written before.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<T>)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let bytes = fs::read(path)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
        }
        let entries = bytes[..whole]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).map_err(io::Error::from))
            .collect::<io::Result<_>>()?;
        Ok((Self { file, entries: PhantomData }, entries))
    }

    /// Writes one entry and waits until the disk has it.
    pub(crate) fn append(&mut self, entry: &T) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()
    }

    /// Forgets every entry.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_last_line_is_forgotten_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let (mut journal, before) = Journal::<u32>::open(&path).unwrap();
        assert!(before.is_empty());
        journal.append(&1).unwrap();
        journal.append(&2).unwrap();
        drop(journal);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"34").unwrap();

        let (mut journal, entries) = Journal::<u32>::open(&path).unwrap();
        assert_eq!(entries, [1, 2]);
        journal.append(&5).unwrap();
        let (_, entries) = Journal::<u32>::open(&path).unwrap();
        assert_eq!(entries, [1, 2, 5]);
    }

    #[test]
    fn a_damaged_line_in_the_middle_is_an_error_not_a_loss() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        fs::write(&path, b"1\nnot json\n2\n").unwrap();
        assert!(Journal::<u32>::open(&path).is_err());
    }

    #[test]
    fn a_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("key.pem");
        let first = read_or_create::<io::Error>(&path, || Ok(b"first".to_vec())).unwrap();
        let second = read_or_create::<io::Error>(&path, || Ok(b"second".to_vec())).unwrap();
        assert_eq!((first, second), (b"first".to_vec(), b"first".to_vec()));
    }
}
