//! Changes of a draft, as they are made, sent and merged.

pub mod id;
mod position;

use serde::{Deserialize, Serialize};

pub use id::{IdError, ItemId, ReplicaId, Stamp};
pub use position::{Position, PositionError};

use crate::{
    path::Path,
    schema::Schema,
    tree::{Content, Element},
};

/// Bytes of the longest text that one field may hold.
pub const MAX_TEXT: usize = 8 << 20;

/// The highest counter of a stamp: what a number of JavaScript can hold.
const MAX_COUNTER: u64 = 1 << 53;
const MAX_SEEN: usize = 10_000;

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Patch {
    /// Gives a field a value, or takes it away. A value on an element that has children in the
    /// schema only marks it as present; such a value is empty.
    Set { path: Path, value: Option<String> },
    /// Adds an item to a repeated element, or brings a removed one back (then without `value` it
    /// returns with what it held). The elements of `value` are those that the schema knows by
    /// their local names alone, with item ids where they repeat; other fields are set one by one.
    Insert { list: Path, item: ItemId, position: Position, value: Option<Element> },
    /// Removes an item with all that is below it. The content stays known and can be brought back.
    Remove { item: Path },
    /// Puts an item elsewhere among its siblings.
    Move { item: Path, position: Position },
}

/// An edit with what is needed to merge it with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub stamp: Stamp,
    /// Stamp of the value that the author saw in the field (`Set` only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Stamp>,
    /// Other values that the author saw and gave up: those that a resolution rejects, or, for
    /// `Remove`, the newest change of every replica that was known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Stamp>,
    pub patch: Patch,
}

/// Why a patch cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    #[error("«{path}» is not a field of this document")]
    NoSuchField { path: Path },
    #[error("«{path}» holds other fields and cannot hold a text of its own")]
    NotAText { path: Path },
    #[error("«{path}» does not repeat: items can be added only to a repeated element")]
    NotAList { path: Path },
    #[error("«{path}» has no such item, or it was removed")]
    NoSuchItem { path: Path },
    #[error("«{path}» has the item already")]
    ItemExists { path: Path },
    #[error("«{path}» does not name an item: `list[item]` is expected")]
    NotAnItem { path: Path },
    #[error("the value of «{path}» is longer than {MAX_TEXT} bytes")]
    TooLong { path: Path },
    #[error("the value of «{path}» has a character U+{code:04X} that XML cannot hold")]
    Character { path: Path, code: u32 },
    #[error("the element put at «{path}» is not what the document has there")]
    WrongElement { path: Path },
    #[error("the stamp of the change is out of bounds: its counter is from 1 to 2⁵³")]
    Stamp,
    #[error("there is no conflict at «{path}»")]
    NoConflict { path: Path },
}

impl Patch {
    /// The field, list or item that the patch is about.
    pub fn path(&self) -> Path {
        match self {
            Self::Set { path, .. } => path.clone(),
            Self::Insert { list, item, .. } => list.item(*item),
            Self::Remove { item } | Self::Move { item, .. } => item.clone(),
        }
    }

    /// Checks that the patch fits the kind of document: fields exist, lists repeat, texts can be
    /// held by XML. Whether a value is right is not a matter of patches; see [`crate::check`].
    ///
    /// # Errors
    /// The first thing that does not fit. Elements that the schema does not know (written with
    /// their namespace) are let through, because a read document may hold them.
    pub fn check(&self, schema: &Schema) -> Result<(), PatchError> {
        match self {
            Self::Set { path, value } => {
                let Some(place) = schema.place(path) else {
                    return Err(PatchError::NoSuchField { path: path.clone() });
                };
                check_items(schema, path)?;
                let Some(value) = value else { return Ok(()) };
                if place.has_children() && !value.is_empty() {
                    return Err(PatchError::NotAText { path: path.clone() });
                }
                check_text(path, value)
            }
            Self::Insert { list, item, value, .. } => {
                match schema.place(list) {
                    Some(place) if place.repeats() || place.is_unknown() => {}
                    Some(_) => return Err(PatchError::NotAList { path: list.clone() }),
                    None => return Err(PatchError::NoSuchField { path: list.clone() }),
                }
                check_items(schema, &list.item(*item))?;
                match value {
                    Some(value) => check_element(schema, &list.item(*item), value, 0),
                    None => Ok(()),
                }
            }
            Self::Remove { item } | Self::Move { item, .. } => {
                if item.split_item().is_none() {
                    return Err(PatchError::NotAnItem { path: item.clone() });
                }
                match schema.place(item) {
                    Some(_) => check_items(schema, item),
                    None => Err(PatchError::NoSuchField { path: item.clone() }),
                }
            }
        }
    }
}

/// Every repeated element on the way is named by an item.
fn check_items(schema: &Schema, path: &Path) -> Result<(), PatchError> {
    let mut around = path.ancestors();
    around.push(path.clone());
    let whole = around.into_iter().find(|path| {
        let list = schema.place(path).is_some_and(|place| place.repeats());
        list && path.last().is_some_and(|step| step.item.is_none())
    });
    match whole {
        Some(path) => Err(PatchError::NotAnItem { path }),
        None => Ok(()),
    }
}

fn check_text(path: &Path, value: &str) -> Result<(), PatchError> {
    if value.len() > MAX_TEXT {
        return Err(PatchError::TooLong { path: path.clone() });
    }
    match value.chars().find(|c| !crate::xml::is_xml_char(*c)) {
        Some(c) => Err(PatchError::Character { path: path.clone(), code: c.into() }),
        None => Ok(()),
    }
}

fn check_element(
    schema: &Schema,
    path: &Path,
    element: &Element,
    depth: usize,
) -> Result<(), PatchError> {
    let wrong = || PatchError::WrongElement { path: path.clone() };
    let step = path.last().ok_or_else(wrong)?;
    if depth > crate::path::MAX_DEPTH
        || &*element.name.local != step.local
        || schema.place(path).is_none()
    {
        return Err(wrong());
    }
    for (name, value) in &element.attrs {
        if !crate::name::is_ncname(&name.local) {
            return Err(wrong());
        }
        check_text(path, value)?;
    }
    match &element.content {
        Content::Text(text) => check_text(path, text),
        Content::Children(children) => children.iter().try_for_each(|child| {
            let below = path.child(&child.name.local, child.item);
            let known = schema.place(&below).and_then(|place| place.child());
            match known {
                Some(known)
                    if known.name == child.name && known.repeats == child.item.is_some() =>
                {
                    check_element(schema, &below, child, depth + 1)
                }
                _ => Err(PatchError::WrongElement { path: below }),
            }
        }),
    }
}

impl Change {
    /// Checks a change that came from outside: its patch (see [`Patch::check`]) and its counters.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn check(&self, schema: &Schema) -> Result<(), PatchError> {
        let stamps = self.base.iter().chain(&self.seen).chain([&self.stamp]);
        if stamps.map(|stamp| stamp.counter).max() > Some(MAX_COUNTER)
            || self.seen.len() > MAX_SEEN
            || self.stamp.counter == 0
        {
            return Err(PatchError::Stamp);
        }
        self.patch.check(schema)
    }
}
