//! An album of one file loads or is refused.
#![no_main]

use domain::lang::Lang;
use edoc::{check, form, path::Path, xsd::{Album, Files}};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let files = Files(vec![("fuzz.xsd".into(), bytes.to_vec())]);
    let Ok(album) = Album::load(&files) else { return };
    for schema in album.schemas {
        let _ = form::form(&schema, &Path::root(), Lang::Ru);
        let _ = check::check(&schema.empty_tree(), &schema);
    }
});
