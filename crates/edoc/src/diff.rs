//! The difference of two documents, field by field.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    name::Name,
    patch::ItemId,
    path::{Path, qualified_step},
    schema::{Place, Schema},
    tree::{Element, Tree},
    xml::attribute_step,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    Added,
    Removed,
    Changed,
    /// An item stands elsewhere in its list; its content is told of apart.
    Moved,
}

/// A field that differs. For an item that was only moved, `before` and `after` are its places,
/// counted from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In the document after; for what was removed, in the one before.
    pub path: Path,
    pub before: Option<String>,
    pub after: Option<String>,
    pub kind: DifferenceKind,
}

/// Compares two documents of one kind. Items of repeated elements are matched by their ids; those
/// without a namesake are matched when they are equal, then in order of their places.
pub fn diff(before: &Tree, after: &Tree, schema: &Schema) -> Vec<Difference> {
    let mut differ = Differ { out: Vec::new() };
    differ.elements(&before.root, &after.root, &Path::root(), schema.place(&Path::root()));
    differ.out
}

struct Differ {
    out: Vec<Difference>,
}

fn step_of(place: Option<Place<'_>>, name: &Name) -> String {
    match place {
        Some(place) => place.step_of(name).into_owned(),
        None => qualified_step(name),
    }
}

fn below<'a>(place: Option<Place<'a>>, path: &Path) -> Option<Place<'a>> {
    place?.step(&path.last()?)
}

impl Differ {
    fn push(&mut self, path: Path, before: Option<&str>, after: Option<&str>) {
        let kind = match (before, after) {
            (None, None) => return,
            (None, Some(_)) => DifferenceKind::Added,
            (Some(_), None) => DifferenceKind::Removed,
            (Some(before), Some(after)) if before == after => return,
            _ => DifferenceKind::Changed,
        };
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        self.out.push(Difference { path, before, after, kind });
    }

    fn elements(
        &mut self,
        before: &Element,
        after: &Element,
        path: &Path,
        place: Option<Place<'_>>,
    ) {
        for (name, value) in &before.attrs {
            let now = after.attrs.iter().find(|(known, _)| known == name);
            let at = path.join(&attribute_step(name));
            self.push(at, Some(value), now.map(|(_, value)| value.as_str()));
        }
        for (name, value) in &after.attrs {
            if !before.attrs.iter().any(|(known, _)| known == name) {
                self.push(path.join(&attribute_step(name)), None, Some(value));
            }
        }
        self.push(path.clone(), presence(before), presence(after));
        // Children by name in order of the document after, then those that are gone.
        let mut names: Vec<&Name> = Vec::new();
        for child in after.children().iter().chain(before.children()) {
            if names.last() != Some(&&child.name) && !names.contains(&&child.name) {
                names.push(&child.name);
            }
        }
        for name in names {
            let old: Vec<_> = before.children().iter().filter(|c| c.name == *name).collect();
            let new: Vec<_> = after.children().iter().filter(|c| c.name == *name).collect();
            self.lists(&old, &new, path, place);
        }
    }

    fn lists(&mut self, old: &[&Element], new: &[&Element], path: &Path, place: Option<Place<'_>>) {
        let pairs = match_items(old, new);
        let step = old.first().or(new.first()).map(|first| step_of(place, &first.name));
        let step = step.unwrap_or_default();
        let mut partner_of_old: Vec<Option<usize>> = vec![None; old.len()];
        for (n, partner) in pairs.iter().enumerate() {
            if let Some(partner) = partner {
                partner_of_old[*partner] = Some(n);
            }
        }
        // An item moved when it left the order that the others keep.
        let kept: Vec<usize> = pairs.iter().flatten().copied().collect();
        let in_order = longest_rise(&kept);
        for (n, after) in new.iter().enumerate() {
            let at = path.child(&step, after.item);
            match pairs[n] {
                Some(partner) => {
                    if after.item.is_some() && !in_order.contains(&partner) {
                        self.out.push(Difference {
                            path: at.clone(),
                            before: Some((partner + 1).to_string()),
                            after: Some((n + 1).to_string()),
                            kind: DifferenceKind::Moved,
                        });
                    }
                    self.elements(old[partner], after, &at, below(place, &at));
                }
                None => self.whole(after, &at, below(place, &at), true),
            }
        }
        for (before, _) in old.iter().zip(&partner_of_old).filter(|(_, partner)| partner.is_none())
        {
            let at = path.child(&step, before.item);
            self.whole(before, &at, below(place, &at), false);
        }
    }

    /// All fields of an element that is only on one side.
    fn whole(&mut self, element: &Element, path: &Path, place: Option<Place<'_>>, added: bool) {
        let mut push = |path: Path, value: &str| match added {
            true => self.push(path, None, Some(value)),
            false => self.push(path, Some(value), None),
        };
        for (name, value) in &element.attrs {
            push(path.join(&attribute_step(name)), value);
        }
        if let Some(text) = presence(element) {
            push(path.clone(), text);
        }
        for child in element.children() {
            let at = path.child(&step_of(place, &child.name), child.item);
            self.whole(child, &at, below(place, &at), added);
        }
    }
}

/// The text of an element, or an empty one when the element only is there.
fn presence(element: &Element) -> Option<&str> {
    match element.children().is_empty() {
        true => Some(element.text().unwrap_or("")).filter(|text| {
            // An empty item is told by its list, not by a text.
            !(text.is_empty() && element.text().is_none() && element.item.is_some())
        }),
        false => None,
    }
}

/// For every new element the place of its partner among the old ones.
fn match_items(old: &[&Element], new: &[&Element]) -> Vec<Option<usize>> {
    let mut free = vec![true; old.len()];
    let mut pairs = vec![None; new.len()];
    let by_id: HashMap<Option<ItemId>, usize> =
        old.iter().enumerate().map(|(at, element)| (element.item, at)).collect();
    for (n, element) in new.iter().enumerate() {
        if let Some(&at) = by_id.get(&element.item).filter(|at| free[**at]) {
            free[at] = false;
            pairs[n] = Some(at);
        }
    }
    if pairs.iter().all(Option::is_some) || !free.contains(&true) {
        return pairs;
    }
    for (n, element) in new.iter().enumerate().filter(|_| old.len() <= 5000) {
        if pairs[n].is_none() {
            let equal = (0..old.len()).find(|&at| {
                free[at] && old[at].attrs == element.attrs && old[at].content == element.content
            });
            if let Some(at) = equal {
                free[at] = false;
                pairs[n] = Some(at);
            }
        }
    }
    pairs
}

/// The members of a longest rising subsequence.
fn longest_rise(values: &[usize]) -> std::collections::HashSet<usize> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let place = tails.partition_point(|&tail| values[tail] < *value);
        before[at] = place.checked_sub(1).and_then(|p| tails.get(p)).copied();
        match tails.get_mut(place) {
            Some(tail) => *tail = at,
            None => tails.push(at),
        }
    }
    let mut rise = std::collections::HashSet::new();
    let mut at = tails.last().copied();
    while let Some(here) = at {
        rise.insert(values[here]);
        at = before[here];
    }
    rise
}
