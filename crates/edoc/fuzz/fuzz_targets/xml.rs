//! What can be read can be written, read again, and is the same then.
#![no_main]

use edoc::{check, draft::Draft, registry::Registry, xml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let registry = Registry::builtin().expect("built-in kinds");
    let Ok((tree, _)) = xml::read(bytes, &registry) else { return };
    let schema = registry.exact(&tree.kind).expect("the kind was read");
    let written = xml::write(&tree, &schema);
    let (again, _) = xml::read(&written, &registry).expect("what was written can be read");
    assert_eq!(xml::write(&again, &schema), written);
    let _ = check::check(&tree, &schema);
    let _ = Draft::from_tree(&tree, &schema).tree(&schema);
});
