//! Conflicts: finding them, telling them, ending them.

use serde::{Deserialize, Serialize};

use super::{Draft, materialise};
use crate::{
    patch::{Change, Patch, PatchError, ReplicaId, Stamp},
    path::Path,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// The field was given several values at once.
    Field,
    /// The field was changed while the item around it was removed.
    Removed,
}

/// A conflict that waits for a decision. `None` as a value means that the field was cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub path: Path,
    pub kind: ConflictKind,
    /// The value that is shown; with [`ConflictKind::Removed`] there is none.
    pub kept: Option<String>,
    /// The newest value that is not shown.
    pub lost: Option<String>,
    pub lost_stamp: Stamp,
    /// The item that was removed, with [`ConflictKind::Removed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Path>,
    /// Further values that are not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(Stamp, Option<String>)>,
}

impl Draft {
    /// Ends a conflict at a field by giving it a value. For a field in a removed item, bring the
    /// item back with [`Patch::Insert`] or confirm its removal with [`Self::confirm_removal`].
    ///
    /// # Errors
    /// There is no conflict at the field.
    pub fn resolve(
        &mut self,
        replica: &ReplicaId,
        path: &Path,
        value: Option<String>,
    ) -> Result<Change, PatchError> {
        let no_conflict = || PatchError::NoConflict { path: path.clone() };
        let field = self.fields.get(path).filter(|_| self.split.contains(path));
        let field = field.ok_or_else(no_conflict)?;
        let base = field.winner().map(|version| version.stamp);
        let seen = field.heads().iter().map(|version| version.stamp);
        let seen = seen.filter(|stamp| Some(*stamp) != base).collect();
        let patch = Patch::Set { path: path.clone(), value };
        let change = Change { stamp: self.next_stamp(replica), base, seen, patch };
        self.apply(&change);
        Ok(change)
    }

    /// Ends the conflicts inside a removed item by removing it again, now with knowledge of what
    /// was written into it.
    ///
    /// # Errors
    /// The item was not removed.
    pub fn confirm_removal(
        &mut self,
        replica: &ReplicaId,
        item: &Path,
    ) -> Result<Change, PatchError> {
        if !self.removed.contains(item) {
            return Err(PatchError::NoConflict { path: item.clone() });
        }
        let stamp = self.next_stamp(replica);
        let patch = Patch::Remove { item: item.clone() };
        let change = Change { stamp, base: None, seen: self.known(), patch };
        self.apply(&change);
        Ok(change)
    }

    pub(super) fn conflict_at(&self, path: &Path) -> Option<Conflict> {
        let field = self.fields.get(path)?;
        let kept = field.winner()?;
        let mut lost: Vec<_> = field.heads().iter().filter(|v| v.stamp != kept.stamp).collect();
        lost.retain(|version| version.value != kept.value);
        lost.sort_by_key(|version| std::cmp::Reverse(version.stamp));
        let (newest, others) = lost.split_first()?;
        Some(Conflict {
            path: path.clone(),
            kind: ConflictKind::Field,
            kept: kept.value.clone(),
            lost: newest.value.clone(),
            lost_stamp: newest.stamp,
            removed: None,
            others: others.iter().map(|v| (v.stamp, v.value.clone())).collect(),
        })
    }

    /// Values inside a removed item that its remover did not know.
    pub(super) fn unseen_in(&self, item: &Path) -> Vec<Conflict> {
        let Some((list, id)) = item.split_item() else { return Vec::new() };
        let Some(entry) = self.lists.get(&list).and_then(|list| list.items.get(&id)) else {
            return Vec::new();
        };
        if !entry.removed {
            return Vec::new();
        }
        let seen = |stamp: &Stamp| {
            stamp.replica == ReplicaId::FILE
                || entry
                    .known
                    .iter()
                    .any(|known| known.replica == stamp.replica && known.counter >= stamp.counter)
        };
        let within = materialise::within(&self.fields, item, None);
        within
            .filter_map(|(path, field)| {
                let unseen = field.heads().iter().filter(|version| !seen(&version.stamp));
                let newest = unseen.max_by_key(|version| version.stamp)?;
                Some(Conflict {
                    path: path.clone(),
                    kind: ConflictKind::Removed,
                    kept: None,
                    lost: newest.value.clone(),
                    lost_stamp: newest.stamp,
                    removed: Some(item.clone()),
                    others: Vec::new(),
                })
            })
            .collect()
    }

    /// Conflicts that wait for a decision, in the order of their paths.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let live = self.split.iter().filter(|path| !self.is_removed(path));
        let mut conflicts: Vec<_> = live.filter_map(|path| self.conflict_at(path)).collect();
        let removed = self.removed.iter().filter(|item| self.removal(item) == Some(item));
        conflicts.extend(removed.flat_map(|item| self.unseen_in(item)));
        conflicts.sort_by(|a, b| a.path.cmp(&b.path));
        conflicts
    }
}
