//! Bringing a draft back to an earlier version, by ordinary changes.

use std::collections::HashSet;

use super::Draft;
use crate::{
    diff,
    patch::{Change, ItemId, Patch, PatchError, Position, ReplicaId},
    path::{MAX_DEPTH, Path},
    schema::Schema,
    tree::{Element, Tree},
};

impl Draft {
    /// Makes the changes that turn the draft into `target`, usually an earlier version of it.
    /// Items are matched by their ids; removed ones come back with their ids.
    ///
    /// # Errors
    /// A field of `target` that the draft cannot hold.
    pub fn restore(
        &mut self,
        replica: &ReplicaId,
        target: &Tree,
        schema: &Schema,
    ) -> Result<Vec<Change>, PatchError> {
        let mut changes = Vec::new();
        // An item that comes back may bring nested items along, so look again after each round.
        for _ in 0..MAX_DEPTH {
            let now = self.tree(schema);
            let mut patches = Vec::new();
            self.align(&now.root, Some(&target.root), &Path::root(), schema, &mut patches);
            if patches.is_empty() {
                break;
            }
            for patch in patches {
                changes.push(self.edit(replica, patch)?);
            }
        }
        for difference in diff::diff(&self.tree(schema), target, schema) {
            if difference.kind != diff::DifferenceKind::Moved {
                let patch = Patch::Set { path: difference.path, value: difference.after };
                changes.push(self.edit(replica, patch)?);
            }
        }
        Ok(changes)
    }

    /// Patches that give the element the items of `target`, in its order.
    fn align(
        &self,
        now: &Element,
        target: Option<&Element>,
        path: &Path,
        schema: &Schema,
        patches: &mut Vec<Patch>,
    ) {
        let Some(target) = target else { return };
        let place = schema.place(path);
        let step_of = |element: &Element| match place {
            Some(place) => place.step_of(&element.name).into_owned(),
            None => crate::path::qualified_step(&element.name),
        };
        let key = |element: &Element| Some((step_of(element), element.item?));
        let wanted: HashSet<_> = target.children().iter().filter_map(key).collect();
        let there: HashSet<_> = now.children().iter().filter_map(key).collect();
        let gone = there.iter().filter(|key| !wanted.contains(key));
        let mut gone: Vec<_> = gone.map(|(step, item)| path.child(step, Some(*item))).collect();
        gone.sort();
        patches.extend(gone.into_iter().map(|item| Patch::Remove { item }));
        let before: Vec<_> =
            now.children().iter().filter_map(key).filter(|k| wanted.contains(k)).collect();
        let after: Vec<_> = target.children().iter().filter_map(key).collect();
        let kept: Vec<_> = after.iter().filter(|k| there.contains(k)).cloned().collect();
        let reordered = before != kept;
        let mut last: Option<Position> = None;
        for (n, (step, item)) in after.iter().enumerate() {
            let list = path.join(step);
            if there.contains(&(step.clone(), *item)) {
                match reordered {
                    true => {
                        let position = Position::nth(n);
                        patches.push(Patch::Move { item: list.item(*item), position });
                        last = Some(Position::nth(n));
                    }
                    false => last = self.position_of(&list, *item).or(last),
                }
                continue;
            }
            let position = match reordered {
                true => Position::nth(n),
                false => {
                    let next = after[n + 1..].iter().find(|k| there.contains(k));
                    let next =
                        next.and_then(|(step, item)| self.position_of(&path.join(step), *item));
                    Position::between(last.as_ref(), next.as_ref())
                }
            };
            last = Some(position.clone());
            patches.push(Patch::Insert { list, item: *item, position, value: None });
        }
        for child in now.children() {
            let same = target
                .children()
                .iter()
                .find(|other| other.name == child.name && other.item == child.item);
            self.align(child, same, &path.child(&step_of(child), child.item), schema, patches);
        }
    }

    fn position_of(&self, list: &Path, item: ItemId) -> Option<Position> {
        self.items_at(list.as_str()).find(|(_, known)| *known == item).map(|(p, _)| p.clone())
    }
}
