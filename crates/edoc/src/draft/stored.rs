//! A draft as JSON: what can be derived is left out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Draft, Item, List, register::Register};
use crate::{
    patch::{ItemId, ReplicaId},
    path::Path,
    tree::KindId,
};

/// A draft as it is stored and sent; what can be derived is left out.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    kind: KindId,
    counter: u64,
    fields: BTreeMap<Path, Register>,
    lists: BTreeMap<Path, BTreeMap<ItemId, Item>>,
    clock: BTreeMap<ReplicaId, u64>,
}

/// Why a stored draft cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    #[error("the field «{0}» of the stored draft has no value")]
    Empty(Path),
}

impl From<Draft> for Stored {
    fn from(draft: Draft) -> Self {
        Self {
            kind: draft.kind,
            counter: draft.counter,
            fields: draft.fields,
            lists: draft.lists.into_iter().map(|(path, list)| (path, list.items)).collect(),
            clock: draft.clock,
        }
    }
}

impl TryFrom<Stored> for Draft {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        let mut split = BTreeSet::new();
        for (path, field) in &stored.fields {
            if field.winner().is_none() {
                return Err(StoredError::Empty(path.clone()));
            }
            if field.is_disputed() {
                split.insert(path.clone());
            }
        }
        let mut removed = BTreeSet::new();
        let mut lists = BTreeMap::new();
        for (path, items) in stored.lists {
            let gone = items.iter().filter(|(_, item)| item.removed);
            removed.extend(gone.map(|(id, _)| path.item(*id)));
            let mut list = List { items, order: Vec::new() };
            list.rebuild();
            lists.insert(path, list);
        }
        Ok(Self {
            kind: stored.kind,
            counter: stored.counter,
            fields: stored.fields,
            lists,
            clock: stored.clock,
            split,
            removed,
        })
    }
}
