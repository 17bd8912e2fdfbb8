//! Drafts that this process worked on lately. Only a shortcut: an entry serves when its version is
//! the row's, so that other processes may change the same draft.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use edoc::draft::Draft;
use uuid::Uuid;

/// Drafts kept; one of 999 goods lines takes about two megabytes.
const KEPT: usize = 64;

#[derive(Default)]
pub struct Cache {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    drafts: HashMap<Uuid, Entry>,
    clock: u64,
}

struct Entry {
    version: i64,
    used: u64,
    draft: Draft,
}

impl Cache {
    /// The draft at exactly this version.
    pub fn get(&self, id: Uuid, version: i64) -> Option<Draft> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let clock = inner.clock;
        let entry = inner.drafts.get_mut(&id).filter(|entry| entry.version == version)?;
        entry.used = clock;
        Some(entry.draft.clone())
    }

    pub fn put(&self, id: Uuid, version: i64, draft: Draft) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let used = inner.clock;
        inner.drafts.insert(id, Entry { version, used, draft });
        if inner.drafts.len() > KEPT
            && let Some(oldest) =
                inner.drafts.iter().min_by_key(|(_, entry)| entry.used).map(|(id, _)| *id)
        {
            inner.drafts.remove(&oldest);
        }
    }
}
