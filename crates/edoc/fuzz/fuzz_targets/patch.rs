//! Changes from outside never break a draft, and their order does not matter.
#![no_main]

use edoc::{draft::Draft, patch::Change, statform};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let schema = statform::schema().expect("the built-in description");
    let changes: Vec<Change> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Change>(line).ok())
        .filter(|change| change.check(&schema).is_ok())
        .collect();
    let mut stamps: Vec<_> = changes.iter().map(|change| change.stamp).collect();
    stamps.sort();
    stamps.dedup();
    let mut forward = Draft::new(&schema);
    changes.iter().for_each(|change| drop(forward.apply(change)));
    let _ = (forward.tree(&schema), forward.conflicts());
    // A stamp names one change; with that, order does not matter.
    if stamps.len() == changes.len() {
        let mut backward = Draft::new(&schema);
        changes.iter().rev().for_each(|change| drop(backward.apply(change)));
        assert_eq!(forward, backward);
    }
});
