//! A draft that several writers edit at once: a convergent replica of a document.
//!
//! The state is a map of fields and lists, not a tree, so that a change touches one entry
//! whatever the size of the document. Every field keeps its newest value and those that were
//! written at the same time without knowledge of each other; the value with the highest stamp is
//! shown, the others are a conflict until somebody resolves it. Replicas that applied the same
//! set of changes, in whatever order and however often, are equal.

mod conflict;
mod materialise;
mod register;
mod restore;
mod stored;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use serde::{Deserialize, Serialize};

use crate::{
    patch::{Change, ItemId, Patch, PatchError, Position, ReplicaId, Stamp},
    path::Path,
    schema::Schema,
    tree::{Content, Element, KindId, Tree},
};
use register::{Register, Version};
use stored::Stored;

pub use conflict::{Conflict, ConflictKind};
pub use stored::StoredError;

/// A convergent replica of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Draft {
    kind: KindId,
    /// The highest counter of any stamp that was applied.
    counter: u64,
    fields: BTreeMap<Path, Register>,
    lists: BTreeMap<Path, List>,
    /// Newest change of every replica that is known here.
    clock: BTreeMap<ReplicaId, u64>,
    /// Fields with several values.
    split: BTreeSet<Path>,
    /// Items that are removed now.
    removed: BTreeSet<Path>,
}

/// Items of one repeated element.
#[derive(Debug, Clone, Default, PartialEq)]
struct List {
    items: BTreeMap<ItemId, Item>,
    /// Items that are there, in order; derived.
    order: Vec<(Position, ItemId)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    #[serde(rename = "p")]
    position: Position,
    #[serde(rename = "ps")]
    positioned: Stamp,
    #[serde(rename = "r", default, skip_serializing_if = "std::ops::Not::not")]
    removed: bool,
    #[serde(rename = "s")]
    stamp: Stamp,
    /// What the remover knew.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    known: Vec<Stamp>,
    /// Whether some insertion was seen; a removal or move may come before it.
    #[serde(rename = "i", default = "yes", skip_serializing_if = "Clone::clone")]
    inserted: bool,
}

fn yes() -> bool {
    true
}

/// What became of an applied change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    Accepted,
    /// The change was known already.
    Duplicate,
    /// A newer change that knew this one stands.
    Superseded,
    /// Two writers did not know of each other. Nothing is lost: see [`Draft::conflicts`].
    Conflict(Conflict),
}

impl Draft {
    /// The least draft of a kind: fixed attributes and nothing else.
    pub fn new(schema: &Schema) -> Self {
        Self::from_tree(&schema.empty_tree(), schema)
    }

    /// A draft that begins with this document. Item ids of the tree are kept.
    pub fn from_tree(tree: &Tree, schema: &Schema) -> Self {
        let mut draft = Self {
            kind: tree.kind.clone(),
            counter: 0,
            fields: BTreeMap::new(),
            lists: BTreeMap::new(),
            clock: BTreeMap::new(),
            split: BTreeSet::new(),
            removed: BTreeSet::new(),
        };
        let stamp = Stamp { counter: 0, replica: ReplicaId::FILE };
        let place = schema.place(&Path::root());
        draft.load(&tree.root, &Path::root(), place, stamp);
        for list in draft.lists.values_mut() {
            list.rebuild();
            // Later ids of the same replica must be new.
            for item in list.items.keys() {
                draft.counter = draft.counter.max(item.number);
            }
        }
        draft
    }

    pub fn kind(&self) -> &KindId {
        &self.kind
    }

    /// The highest counter of the changes that were applied.
    pub fn counter(&self) -> u64 {
        self.counter
    }

    /// An id for an item that `replica` is about to insert. Use it in the next edit.
    pub fn next_item(&self, replica: &ReplicaId) -> ItemId {
        ItemId { replica: *replica, number: self.counter.saturating_add(1) }
    }

    /// The text of an element or the value of an attribute; `None` when it is absent. What is in
    /// a removed item is still told.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.text_at(path.as_str())
    }

    pub(crate) fn text_at(&self, path: &str) -> Option<&str> {
        self.fields.get(path)?.value()
    }

    /// Stamp of the value that is shown in a field.
    pub fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.fields.get(path)?.winner().map(|version| version.stamp)
    }

    /// Items of a repeated element, in order.
    pub fn items(&self, list: &Path) -> Vec<ItemId> {
        self.items_at(list.as_str()).map(|(_, item)| *item).collect()
    }

    /// How many items a repeated element has.
    pub fn item_count(&self, list: &Path) -> usize {
        self.lists.get(list).map_or(0, |list| list.order.len())
    }

    pub(crate) fn items_at(&self, list: &str) -> std::slice::Iter<'_, (Position, ItemId)> {
        self.lists.get(list).map_or(&[][..], |list| &list.order).iter()
    }

    /// The element holds something: a text, a field below it, or an item.
    pub fn is_present(&self, path: &Path) -> bool {
        self.is_present_at(path.as_str())
    }

    pub(crate) fn is_present_at(&self, path: &str) -> bool {
        if self.text_at(path).is_some() || self.items_at(path).next().is_some() {
            return true;
        }
        let (from, end) = (format!("{path}/"), format!("{path}0"));
        let below = (Bound::Included(from.as_str()), Bound::Excluded(end.as_str()));
        let mut fields = self.fields.range::<str, _>(below);
        fields.any(|(path, field)| field.value().is_some() && self.is_live(path))
    }

    /// The position for an item that is to stand right after `after`, or first.
    pub fn position_after(&self, list: &Path, after: Option<ItemId>) -> Position {
        let order = self.lists.get(list).map_or(&[][..], |list| &list.order);
        let at = match after {
            Some(after) => {
                order.iter().position(|(_, item)| *item == after).map_or(order.len(), |at| at + 1)
            }
            None => 0,
        };
        let before = at.checked_sub(1).and_then(|at| order.get(at)).map(|(position, _)| position);
        Position::between(before, order.get(at).map(|(position, _)| position))
    }

    /// The position for an item that is to stand last.
    pub fn position_last(&self, list: &Path) -> Position {
        let last = self.lists.get(list).and_then(|list| list.order.last());
        Position::between(last.map(|(position, _)| position), None)
    }

    /// The path is in an item that was removed.
    pub fn is_removed(&self, path: &Path) -> bool {
        self.removal(path).is_some()
    }

    /// Every item around the path, and at it, is there.
    fn is_live(&self, path: &Path) -> bool {
        if !path.as_str().contains('[') {
            return true;
        }
        let around = path.ancestors();
        around.iter().chain([path]).all(|path| match path.split_item() {
            Some((list, item)) => self.has_item(&list, item),
            None => true,
        })
    }

    /// The outermost removed item around the path (or at it).
    fn removal(&self, path: &Path) -> Option<&Path> {
        if self.removed.is_empty() || !path.as_str().contains('[') {
            return None;
        }
        let mut around = path.ancestors();
        around.reverse();
        around.push(path.clone());
        around.iter().find_map(|path| self.removed.get(path))
    }

    fn next_stamp(&self, replica: &ReplicaId) -> Stamp {
        Stamp { counter: self.counter.saturating_add(1), replica: *replica }
    }

    /// Makes an edit and applies it here. The change is to be sent to the other replicas.
    ///
    /// # Errors
    /// A patch that makes no sense in the present state. Whether the path exists in the kind of
    /// document is checked by [`Patch::check`].
    pub fn edit(&mut self, replica: &ReplicaId, patch: Patch) -> Result<Change, PatchError> {
        let mut patch = patch;
        let mut change_base = None;
        let mut seen = Vec::new();
        match &mut patch {
            Patch::Set { path, value } => {
                if !self.is_live(path) {
                    return Err(PatchError::NoSuchItem { path: path.clone() });
                }
                if value.as_ref().is_some_and(|value| value.len() > crate::patch::MAX_TEXT) {
                    return Err(PatchError::TooLong { path: path.clone() });
                }
                change_base = self.stamp(path);
            }
            Patch::Insert { list, item, value, .. } => {
                if !self.is_live(list) {
                    return Err(PatchError::NoSuchItem { path: list.clone() });
                }
                if self.has_item(list, *item) {
                    return Err(PatchError::ItemExists { path: list.item(*item) });
                }
                if let Some(value) = value {
                    value.item = Some(*item);
                    let mut next = self.counter.max(item.number).saturating_add(1);
                    number_items(value, replica, &mut next);
                }
            }
            Patch::Remove { item } => {
                self.require_item(item)?;
                seen = self.known();
            }
            Patch::Move { item, .. } => self.require_item(item)?,
        }
        let change = Change { stamp: self.next_stamp(replica), base: change_base, seen, patch };
        self.apply(&change);
        Ok(change)
    }

    fn known(&self) -> Vec<Stamp> {
        self.clock.iter().map(|(&replica, &counter)| Stamp { counter, replica }).collect()
    }

    fn has_item(&self, list: &Path, item: ItemId) -> bool {
        let item = self.lists.get(list).and_then(|list| list.items.get(&item));
        item.is_some_and(|item| item.inserted && !item.removed)
    }

    fn require_item(&self, path: &Path) -> Result<(), PatchError> {
        let Some((list, item)) = path.split_item() else {
            return Err(PatchError::NotAnItem { path: path.clone() });
        };
        match self.has_item(&list, item) && self.is_live(path) {
            true => Ok(()),
            false => Err(PatchError::NoSuchItem { path: path.clone() }),
        }
    }

    /// Applies a change of any replica. Order and repetition do not matter.
    pub fn apply(&mut self, change: &Change) -> Applied {
        let stamp = change.stamp;
        self.counter = self.counter.max(stamp.counter);
        match &change.patch {
            Patch::Set { path, value } => {
                let applied = self.set(path, stamp, change.base, &change.seen, value.clone());
                self.tick(stamp);
                applied
            }
            Patch::Insert { list, item, position, value } => {
                let applied = self.put(list, *item, stamp, |entry| {
                    entry.inserted = true;
                    if stamp >= entry.positioned {
                        entry.positioned = stamp;
                        entry.position = position.clone();
                    }
                    if stamp > entry.stamp {
                        entry.stamp = stamp;
                        entry.removed = false;
                        entry.known.clear();
                    }
                });
                self.counter = self.counter.max(item.number);
                if let Some(value) = value {
                    self.load_inserted(value, &list.item(*item), stamp);
                }
                self.tick(stamp);
                applied
            }
            Patch::Remove { item } => {
                let Some((list, id)) = item.split_item() else { return Applied::Superseded };
                let applied = self.put(&list, id, stamp, |entry| {
                    if stamp > entry.stamp || (stamp == entry.stamp && !entry.removed) {
                        entry.stamp = stamp;
                        entry.removed = true;
                        entry.known = change.seen.clone();
                    }
                });
                self.tick(stamp);
                match applied {
                    Applied::Accepted => {
                        let conflict = self.unseen_in(item).into_iter().next();
                        conflict.map_or(Applied::Accepted, Applied::Conflict)
                    }
                    applied => applied,
                }
            }
            Patch::Move { item, position } => {
                let Some((list, id)) = item.split_item() else { return Applied::Superseded };
                let applied = self.put(&list, id, stamp, |entry| {
                    if stamp > entry.positioned {
                        entry.positioned = stamp;
                        entry.position = position.clone();
                    }
                });
                self.tick(stamp);
                applied
            }
        }
    }

    fn tick(&mut self, stamp: Stamp) {
        let known = self.clock.entry(stamp.replica).or_default();
        *known = (*known).max(stamp.counter);
    }

    /// Changes an item and what is derived from it.
    fn put(
        &mut self,
        list: &Path,
        item: ItemId,
        stamp: Stamp,
        change: impl FnOnce(&mut Item),
    ) -> Applied {
        let entry = self.lists.entry(list.clone()).or_default();
        let before = entry.items.get(&item).cloned();
        let item_now = entry.items.entry(item).or_insert_with(|| Item {
            position: Position::nth(0),
            positioned: Stamp { counter: 0, replica: ReplicaId::FILE },
            removed: false,
            stamp: Stamp { counter: 0, replica: ReplicaId::FILE },
            known: Vec::new(),
            inserted: false,
        });
        change(item_now);
        let now = item_now.clone();
        if before.as_ref() == Some(&now) {
            let known = now.stamp == stamp || now.positioned == stamp;
            return if known { Applied::Duplicate } else { Applied::Superseded };
        }
        entry.reorder(before.as_ref(), &now, item);
        match now.removed {
            true => self.removed.insert(list.item(item)),
            false => self.removed.remove(&list.item(item)),
        };
        Applied::Accepted
    }

    fn set(
        &mut self,
        path: &Path,
        stamp: Stamp,
        base: Option<Stamp>,
        seen: &[Stamp],
        value: Option<String>,
    ) -> Applied {
        let field = self.fields.entry(path.clone()).or_default();
        if field.heads().iter().any(|version| version.stamp == stamp) {
            return Applied::Duplicate;
        }
        let standing =
            field.add(Version { stamp, value }, base.into_iter().chain(seen.iter().copied()));
        let disputed = field.is_disputed();
        match disputed {
            true => self.split.insert(path.clone()),
            false => self.split.remove(path),
        };
        if !standing {
            return Applied::Superseded;
        }
        if let Some(removed) = self.removal(path).cloned() {
            let conflicts = self.unseen_in(&removed);
            let conflict = conflicts.into_iter().find(|conflict| conflict.path == *path);
            return conflict.map_or(Applied::Superseded, Applied::Conflict);
        }
        match self.conflict_at(path) {
            Some(conflict) if disputed => Applied::Conflict(conflict),
            _ => Applied::Accepted,
        }
    }
}

/// Gives ids to nested items that have none.
fn number_items(element: &mut Element, replica: &ReplicaId, next: &mut u64) {
    if let Content::Children(children) = &mut element.content {
        for child in children {
            // Only repeated elements need one; an id on another would make it a second field.
            if child.item.is_some() {
                child.item = Some(ItemId { replica: *replica, number: *next });
                *next = next.saturating_add(1);
            }
            number_items(child, replica, next);
        }
    }
}

impl List {
    fn rebuild(&mut self) {
        let present = self.items.iter().filter(|(_, item)| item.inserted && !item.removed);
        self.order = present.map(|(id, item)| (item.position.clone(), *id)).collect();
        self.order.sort();
    }

    fn reorder(&mut self, before: Option<&Item>, now: &Item, id: ItemId) {
        if let Some(before) = before.filter(|item| item.inserted && !item.removed)
            && let Ok(at) = self.order.binary_search(&(before.position.clone(), id))
        {
            self.order.remove(at);
        }
        if now.inserted && !now.removed {
            let key = (now.position.clone(), id);
            if let Err(at) = self.order.binary_search(&key) {
                self.order.insert(at, key);
            }
        }
    }
}
