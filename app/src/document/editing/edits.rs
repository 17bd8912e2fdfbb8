//! What a person does to a draft.

use super::Editing;
use edoc::{
    patch::{ItemId, Patch, Position},
    path::Path,
    schema::Schema,
    tree::{Content, Element},
};

impl Editing {
    /// Gives a field a value; an empty one takes the field away.
    pub fn set(self, path: &Path, value: &str) {
        self.set_all([(path.clone(), value.to_owned())]);
    }

    /// Gives several fields values as one edit.
    pub fn set_all(self, fields: impl IntoIterator<Item = (Path, String)>) {
        let patches = self.with_draft(|draft| {
            fields
                .into_iter()
                .filter(|(path, value)| draft.text(path).unwrap_or_default() != value)
                .map(|(path, value)| Patch::Set {
                    path,
                    value: (!value.is_empty()).then_some(value),
                })
                .collect()
        });
        self.patch(patches);
    }

    /// Adds an item after another one, or at the end, and gives its id with the fields that it
    /// starts with (paths below the item).
    pub fn insert(
        self,
        list: &Path,
        after: Option<ItemId>,
        fields: &[(&str, String)],
    ) -> Option<ItemId> {
        self.insert_many(list, after, vec![fields.to_vec()]).pop()
    }

    /// Adds several items in order, after another one or at the end. Fields are pairs of a path
    /// below the item (empty for the item's own text) and a value.
    pub fn insert_many<F: AsRef<str>>(
        self,
        list: &Path,
        after: Option<ItemId>,
        items: Vec<Vec<(F, String)>>,
    ) -> Vec<ItemId> {
        let mut made = Vec::with_capacity(items.len());
        self.edit(|draft, replica| {
            let mut changes = Vec::new();
            let mut previous = after;
            for fields in items {
                let item = draft.next_item(&replica);
                let position = match previous {
                    Some(previous) => draft.position_after(list, Some(previous)),
                    None => draft.position_last(list),
                };
                let insert = Patch::Insert { list: list.clone(), item, position, value: None };
                let below = list.item(item);
                let sets = fields.into_iter().filter(|(_, value)| !value.is_empty()).map(
                    |(path, value)| Patch::Set {
                        path: below_item(&below, path.as_ref()),
                        value: Some(value),
                    },
                );
                for patch in std::iter::once(insert).chain(sets) {
                    changes.extend(draft.edit(&replica, patch).ok());
                }
                made.push(item);
                previous = Some(item);
            }
            changes
        });
        made
    }

    /// Adds the item `item` itself, which may be there already or come from another page too.
    pub fn insert_as(self, list: &Path, item: ItemId, fields: &[(&str, String)]) {
        let below = list.item(item);
        let position = Position::nth(0);
        let insert = Patch::Insert { list: list.clone(), item, position, value: None };
        let sets = fields.iter().map(|(path, value)| Patch::Set {
            path: below_item(&below, path),
            value: Some(value.clone()),
        });
        self.patch(std::iter::once(insert).chain(sets).collect());
    }

    /// Adds a copy of an item with all that is in it, right after it. What the schema does not
    /// know is not copied.
    pub fn copy_item(self, list: &Path, item: ItemId, schema: &Schema) -> Option<ItemId> {
        let from = list.item(item);
        let mut copied = self.with_draft(|draft| draft.element(&from, schema))?;
        drop_unknown(&mut copied, &from, schema);
        let mut made = None;
        self.edit(|draft, replica| {
            let id = draft.next_item(&replica);
            let position = draft.position_after(list, Some(item));
            let insert =
                Patch::Insert { list: list.clone(), item: id, position, value: Some(copied) };
            let change = draft.edit(&replica, insert).ok();
            made = change.is_some().then_some(id);
            change.into_iter().collect()
        });
        made
    }

    pub fn remove(self, list: &Path, items: &[ItemId]) {
        self.patch(items.iter().map(|item| Patch::Remove { item: list.item(*item) }).collect());
    }

    /// Takes an element away with all that is in it, known to the schema or not; all items when
    /// the path is that of a list.
    pub fn erase(self, path: &Path, schema: &Schema) {
        let items = self.items_untracked(path);
        if !items.is_empty() {
            self.remove(path, &items);
            return;
        }
        let is_attribute = path.last().is_some_and(|step| step.attribute);
        let patches = match path.split_item() {
            Some(_) => vec![Patch::Remove { item: path.clone() }],
            None if is_attribute => vec![Patch::Set { path: path.clone(), value: None }],
            None => {
                let mut patches = Vec::new();
                if let Some(element) = self.with_draft(|draft| draft.element(path, schema)) {
                    erasing(&element, path, schema, &mut patches);
                }
                patches
            }
        };
        self.patch(patches);
    }

    /// Moves an item by one place up (−1) or down (+1).
    pub fn shift(self, list: &Path, item: ItemId, by: isize) {
        let order = self.items_untracked(list);
        let Some(from) = order.iter().position(|other| *other == item) else { return };
        if let Some(to) = from.checked_add_signed(by) {
            self.move_to(list, item, to);
        }
    }

    /// Moves an item to a place in the order, counted from 0; beyond the end nothing happens.
    pub fn move_to(self, list: &Path, item: ItemId, to: usize) {
        let order = self.items_untracked(list);
        let Some(from) = order.iter().position(|other| *other == item) else { return };
        if to >= order.len() || to == from {
            return;
        }
        let before =
            if to < from { to.checked_sub(1).map(|at| order[at]) } else { Some(order[to]) };
        let position = self.with_draft(|draft| draft.position_after(list, before));
        self.patch(vec![Patch::Move { item: list.item(item), position }]);
    }

    /// Ends a conflict in a field with the value that the person chose.
    pub fn resolve(self, path: &Path, value: Option<String>) {
        self.edit(|draft, replica| draft.resolve(&replica, path, value).into_iter().collect());
    }

    /// Brings a removed item back, with what was written into it meanwhile.
    pub fn bring_back(self, item: &Path) {
        let Some((list, id)) = item.split_item() else { return };
        let position = self.with_draft(|draft| draft.position_last(&list));
        self.patch(vec![Patch::Insert { list, item: id, position, value: None }]);
    }

    /// Removes an item again, now with knowledge of what was written into it.
    pub fn confirm_removal(self, item: &Path) {
        self.edit(|draft, replica| draft.confirm_removal(&replica, item).into_iter().collect());
    }
}

/// `Consignor` + `a/b` → `Consignor/a/b`.
fn below_item(item: &Path, rest: &str) -> Path {
    rest.split('/').filter(|step| !step.is_empty()).fold(item.clone(), |path, step| path.join(step))
}

/// Leaves out of an element what the schema does not know at its place.
fn drop_unknown(element: &mut Element, path: &Path, schema: &Schema) {
    let Content::Children(children) = &mut element.content else { return };
    children.retain_mut(|child| {
        let below = path.child(&child.name.local, child.item);
        let known = schema
            .place(&below)
            .and_then(|place| place.child())
            .is_some_and(|known| known.name == child.name);
        if known {
            drop_unknown(child, &below, schema);
        }
        known
    });
}

/// The patches that take away all that an element holds: items as a whole, fields one by one.
fn erasing(element: &Element, path: &Path, schema: &Schema, into: &mut Vec<Patch>) {
    let place = schema.place(path);
    for (name, _) in &element.attrs {
        let step = match name.ns.is_empty() {
            true => format!("@{}", name.local),
            false => format!("@{{{}}}{}", name.ns, name.local),
        };
        into.push(Patch::Set { path: path.join(&step), value: None });
    }
    if element.children().is_empty() {
        into.push(Patch::Set { path: path.clone(), value: None });
    }
    for child in element.children() {
        let Some(place) = &place else { continue };
        let below = path.child(&place.step_of(&child.name), child.item);
        match child.item {
            Some(_) => into.push(Patch::Remove { item: below }),
            None => erasing(child, &below, schema, into),
        }
    }
}
