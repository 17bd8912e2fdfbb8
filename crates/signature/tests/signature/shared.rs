//! The folder of test material made by others.

use std::path::{Path, PathBuf};

/// The folder, or `None` after saying that it is absent.
pub fn signatures() -> Option<PathBuf> {
    let data = std::env::var_os("CABINET_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let folder = data.join("signatures");
    let found = folder.join("cases.json").is_file();
    if !found {
        eprintln!("skipped: ../shared/data/signatures is not here");
    }
    found.then_some(folder)
}
