//! From trees to fields and back.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use super::{Draft, Item, Register};
use crate::{
    name::Name,
    patch::{ItemId, Position, Stamp},
    path::{Path, Step},
    schema::{Place, Schema, TypeRef},
    tree::{Content, Element, Tree},
    xml::attribute_step,
};

impl Draft {
    /// Takes over an element and what is below it.
    pub(super) fn load(
        &mut self,
        element: &Element,
        path: &Path,
        place: Option<Place<'_>>,
        stamp: Stamp,
    ) {
        for (name, value) in &element.attrs {
            let at = path.join(&attribute_step(name));
            self.fields.insert(at, Register::one(stamp, value.clone()));
        }
        match &element.content {
            Content::Text(text) => {
                self.fields.insert(path.clone(), Register::one(stamp, text.clone()));
            }
            Content::Children(children) => {
                // An element without fields is marked as present, unless it is an item.
                if children.is_empty() && element.item.is_none() && !path.is_root() {
                    self.fields.insert(path.clone(), Register::one(stamp, String::new()));
                }
                for (n, child) in children.iter().enumerate() {
                    let step = match &place {
                        Some(place) => place.step_of(&child.name).into_owned(),
                        None => crate::path::qualified_step(&child.name),
                    };
                    let at = path.child(&step, child.item);
                    if let Some(item) = child.item {
                        let list = self.lists.entry(path.join(&step)).or_default();
                        let entry = Item {
                            position: Position::nth(n),
                            positioned: stamp,
                            removed: false,
                            stamp,
                            known: Vec::new(),
                            inserted: true,
                        };
                        list.items.insert(item, entry);
                    }
                    let below = place.and_then(|place| place.step(&at.last()?));
                    self.load(child, &at, below, stamp);
                }
            }
        }
    }

    /// Applies the content of an inserted item. Its elements are those that the schema knows by
    /// their local names; see [`crate::patch::Patch::check`].
    pub(super) fn load_inserted(&mut self, element: &Element, path: &Path, stamp: Stamp) {
        for (name, value) in &element.attrs {
            self.set(&path.join(&attribute_step(name)), stamp, None, &[], Some(value.clone()));
        }
        match &element.content {
            Content::Text(text) => {
                self.set(path, stamp, None, &[], Some(text.clone()));
            }
            Content::Children(children) => {
                if children.is_empty() && path.last().is_some_and(|step| step.item.is_none()) {
                    self.set(path, stamp, None, &[], Some(String::new()));
                }
                for (n, child) in children.iter().enumerate() {
                    let step = child.name.local.clone();
                    let at = path.child(&step, child.item);
                    if let Some(item) = child.item {
                        self.counter = self.counter.max(item.number);
                        self.put(&path.join(&step), item, stamp, |entry| {
                            entry.inserted = true;
                            if stamp > entry.positioned {
                                entry.positioned = stamp;
                                entry.position = Position::nth(n);
                            }
                            if stamp > entry.stamp {
                                entry.stamp = stamp;
                                entry.removed = false;
                                entry.known.clear();
                            }
                        });
                    }
                    self.load_inserted(child, &at, stamp);
                }
            }
        }
    }

    /// The document as it stands, without what was removed.
    pub fn tree(&self, schema: &Schema) -> Tree {
        let root = self.element(&Path::root(), schema).unwrap_or_else(|| schema.empty_tree().root);
        Tree { kind: self.kind.clone(), root }
    }

    /// The element at a path with all that is below it; `None` when it is absent.
    pub fn element(&self, path: &Path, schema: &Schema) -> Option<Element> {
        self.part(path, None, schema)
    }

    /// The root without the items of one list, so that its size does not matter.
    pub(crate) fn element_without(&self, list: &Path, schema: &Schema) -> Option<Element> {
        self.part(&Path::root(), Some(&format!("{list}[")), schema)
    }

    fn part(&self, path: &Path, without: Option<&str>, schema: &Schema) -> Option<Element> {
        let place = schema.place(path)?;
        let own = path.last();
        let name = match (&own, place.child()) {
            (None, _) => {
                let kind = schema.kind();
                Name::new(kind.namespace.as_str(), kind.root.as_str())
            }
            (Some(_), Some(child)) => child.name.clone(),
            (Some(step), None) => Name::new(step.ns?, step.local),
        };
        if !self.is_live(path) {
            return None;
        }
        let mut builder = Builder::new(name, place);
        let mut found = path.is_root() || own.is_some_and(|step| step.item.is_some());
        let skip = path.steps().count();
        // Lists first: a field is shown only inside items that are there.
        for (at, list) in within(&self.lists, path, without) {
            let mut steps: Vec<_> = at.steps().skip(skip).collect();
            let Some(last) = steps.pop().filter(|_| !list.order.is_empty()) else { continue };
            // The list itself has the text of the prefix but for its bracket.
            if without.and_then(|prefix| prefix.strip_suffix('[')) == Some(at.as_str()) {
                continue;
            }
            let Some(around) = builder.descend(&steps) else { continue };
            for (position, item) in &list.order {
                let step = Step { item: Some(*item), ..last };
                found |= around.add_item(&step, position);
            }
        }
        for (at, field) in within(&self.fields, path, without) {
            let Some(value) = field.value() else { continue };
            let steps: Vec<_> = at.steps().skip(skip).collect();
            found |= builder.put(&steps, value);
        }
        if !found {
            return None;
        }
        let mut element = builder.finish();
        element.item = own.and_then(|step| step.item);
        Some(element)
    }
}

/// Entries at a path and below it, but for those whose path begins with `without`.
pub(super) fn within<'m, V>(
    map: &'m BTreeMap<Path, V>,
    path: &Path,
    without: Option<&str>,
) -> impl Iterator<Item = (&'m Path, &'m V)> {
    let range = |from: &str, to: Bound<&str>| map.range::<str, _>((Bound::Included(from), to));
    // A prefix ends with a bracket; the next sign comes after all that it begins.
    let (before, after) = match without {
        Some(prefix) => {
            let next = format!("{}\\", prefix.trim_end_matches('['));
            (Bound::Excluded(prefix), Some(next))
        }
        None => (Bound::Unbounded, None),
    };
    let after = after.map(|next| range(&next, Bound::Unbounded));
    // Names that continue the text of the path (`A-b` after `A`) stand among its children.
    let (text, path) = (path.as_str().to_owned(), path.clone());
    range(&text.clone(), before)
        .chain(after.into_iter().flatten())
        .take_while(move |(at, _)| at.as_str().starts_with(text.as_str()))
        .filter(move |(at, _)| at.is_within(&path))
}

/// An element under construction.
struct Builder<'a> {
    name: Name,
    place: Option<Place<'a>>,
    item: Option<ItemId>,
    position: Option<Position>,
    text: Option<String>,
    attrs: Vec<(Name, String)>,
    children: Vec<Builder<'a>>,
    /// Children by step and item, for those that are not the last.
    known: HashMap<(String, Option<ItemId>), usize>,
}

impl<'a> Builder<'a> {
    fn new(name: Name, place: Place<'a>) -> Self {
        Self::at(name, Some(place))
    }

    fn at(name: Name, place: Option<Place<'a>>) -> Self {
        Self {
            name,
            place,
            item: None,
            position: None,
            text: None,
            attrs: Vec::new(),
            children: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// The child of a step. One without an item id is made when it is not there.
    fn child(&mut self, step: &Step<'_>) -> Option<&mut Builder<'a>> {
        let key = (step.text.to_owned(), step.item);
        let at = match self.known.get(&key) {
            Some(at) => *at,
            None if step.item.is_some() => return None,
            None => self.make(step, key)?,
        };
        self.children.get_mut(at)
    }

    /// `None` for a step that the schema does not place.
    fn make(&mut self, step: &Step<'_>, key: (String, Option<ItemId>)) -> Option<usize> {
        let place = self.place.and_then(|place| place.step(step));
        let name = match place.and_then(|place| place.child()) {
            Some(child) => child.name.clone(),
            None => Name::new(step.ns?, step.local),
        };
        let mut child = Builder::at(name, place);
        child.item = step.item;
        self.children.push(child);
        self.known.insert(key, self.children.len() - 1);
        Some(self.children.len() - 1)
    }

    /// Adds an item; says whether it has a place.
    fn add_item(&mut self, step: &Step<'_>, position: &Position) -> bool {
        let made = self.make(step, (step.text.to_owned(), step.item));
        let child = made.and_then(|at| self.children.get_mut(at));
        child.map(|child| child.position = Some(position.clone())).is_some()
    }

    /// Goes down; makes what is between.
    fn descend(&mut self, steps: &[Step<'_>]) -> Option<&mut Builder<'a>> {
        steps.iter().try_fold(self, |at, step| at.child(step))
    }

    /// Puts a text or an attribute; says whether it has a place.
    fn put(&mut self, steps: &[Step<'_>], value: &str) -> bool {
        let (attribute, around) = match steps {
            [around @ .., last] if last.attribute => (Some(last), around),
            _ => (None, steps),
        };
        let Some(at) = self.descend(around) else { return false };
        match attribute {
            Some(step) => {
                let name = Name::new(step.ns.unwrap_or(""), step.local);
                at.attrs.push((name, value.to_owned()));
            }
            None => at.text = Some(value.to_owned()),
        }
        true
    }

    fn ty(&self) -> Option<TypeRef> {
        self.place.and_then(|place| place.ty())
    }

    fn finish(mut self) -> Element {
        let schema = self.place.map(|place| place.schema());
        let ty = self.ty();
        let index = schema.zip(ty).and_then(|(schema, ty)| schema.index(ty));
        if let Some(index) = index {
            self.children.sort_by_cached_key(|child| {
                (index.slot(&child.name), child.position.clone(), child.item)
            });
        } else {
            self.children.sort_by_cached_key(|child| (child.position.clone(), child.item));
        }
        let declared = schema.zip(ty).map_or(&[][..], |(schema, ty)| schema.attributes(ty));
        let order = |name: &Name| {
            let known = declared.iter().position(|a| name.ns.is_empty() && *a.name == *name.local);
            known.unwrap_or(usize::MAX)
        };
        self.attrs.sort_by(|a, b| order(&a.0).cmp(&order(&b.0)).then_with(|| a.0.cmp(&b.0)));
        let has_text = self.text.as_ref().is_some_and(|text| !text.is_empty());
        let holds_text = self.children.is_empty() && (has_text || index.is_none());
        let content = match holds_text {
            true => Content::Text(self.text.unwrap_or_default()),
            false => Content::Children(self.children.into_iter().map(Builder::finish).collect()),
        };
        Element { name: self.name, item: self.item, attrs: self.attrs, content }
    }
}
