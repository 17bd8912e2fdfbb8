//! Drafts that several writers edit at once.

use crate::support::random::Dice;
use edoc::{
    draft::{Applied, Conflict, ConflictKind, Draft},
    patch::{Change, Patch, PatchError, Position, ReplicaId},
    path::Path,
    registry::Registry,
    schema::Schema,
    statform, xml,
};
use proptest::prelude::*;

const SAMPLE: &[u8] = include_bytes!("fixtures/statform.xml");

fn start() -> (Draft, Schema) {
    let (tree, _) = xml::read(SAMPLE, &Registry::builtin().unwrap()).unwrap();
    let schema = statform::schema().unwrap();
    (Draft::from_tree(&tree, &schema), schema)
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn set(text: &str, value: &str) -> Patch {
    Patch::Set { path: path(text), value: Some(value.into()) }
}

const A: fn() -> ReplicaId = || ReplicaId::session(1);
const B: fn() -> ReplicaId = || ReplicaId::session(2);
const C: fn() -> ReplicaId = || ReplicaId::session(3);

#[test]
fn different_fields_do_not_conflict() {
    let (draft, _) = start();
    let (mut a, mut b) = (draft.clone(), draft);
    let from_a = a.edit(&A(), set("NSF", "1")).unwrap();
    let from_b = b.edit(&B(), set("CustomsProcedure", "ИМ")).unwrap();
    assert_eq!(a.apply(&from_b), Applied::Accepted);
    assert_eq!(b.apply(&from_a), Applied::Accepted);
    assert_eq!(b.apply(&from_a), Applied::Duplicate);
    assert_eq!(a, b);
    assert_eq!(a.conflicts(), []);
}

#[test]
fn the_same_field_conflicts_until_resolved() {
    let (draft, _) = start();
    let (mut a, mut b) = (draft.clone(), draft);
    let from_a = a.edit(&A(), set("NSF", "один")).unwrap();
    let from_b = b.edit(&B(), set("NSF", "два")).unwrap();
    let expected = Conflict {
        path: path("NSF"),
        kind: ConflictKind::Field,
        kept: Some("два".into()),
        lost: Some("один".into()),
        lost_stamp: from_a.stamp,
        removed: None,
        others: vec![],
    };
    assert_eq!(a.apply(&from_b), Applied::Conflict(expected.clone()));
    assert_eq!(b.apply(&from_a), Applied::Conflict(expected.clone()));
    assert_eq!(a, b);
    // A third writer types on without resolving: the lost value is still told.
    let typed = a.edit(&C(), set("NSF", "два!")).unwrap();
    assert_eq!(a.conflicts()[0].lost.as_deref(), Some("один"));
    let resolved = a.resolve(&C(), &path("NSF"), Some("оба".into())).unwrap();
    assert_eq!(a.conflicts(), []);
    b.apply(&resolved);
    b.apply(&typed);
    assert_eq!(a, b);
    assert_eq!(b.text(&path("NSF")), Some("оба"));
    let error = a.resolve(&C(), &path("NSF"), None);
    assert_eq!(error, Err(PatchError::NoConflict { path: path("NSF") }));
}

#[test]
fn typing_on_in_one_tab_is_no_conflict() {
    let (draft, _) = start();
    let (mut a, mut b) = (draft.clone(), draft);
    let first = a.edit(&A(), set("NSF", "1")).unwrap();
    let second = a.edit(&A(), set("NSF", "12")).unwrap();
    assert_eq!(b.apply(&second), Applied::Accepted);
    assert_eq!(b.apply(&first), Applied::Superseded);
    let third = b.edit(&B(), set("NSF", "123")).unwrap();
    assert_eq!(a.apply(&third), Applied::Accepted);
    assert_eq!((a.conflicts(), a == b), (vec![], true));
}

#[test]
fn what_is_written_into_a_removed_item_is_not_lost() {
    let (draft, schema) = start();
    let goods = path("GoodsInfo");
    let line = goods.item(draft.items(&goods)[0]);
    let cost = line.join("InvoicedCost");
    let (mut a, mut b) = (draft.clone(), draft);
    let removal = a.edit(&A(), Patch::Remove { item: line.clone() }).unwrap();
    assert_eq!(a.tree(&schema).root.list("GoodsInfo").count(), 0);
    let patch = Patch::Set { path: cost.clone(), value: Some("7.00".into()) };
    let written = b.edit(&B(), patch).unwrap();
    let Applied::Conflict(conflict) = a.apply(&written) else { panic!("a conflict is expected") };
    assert_eq!((conflict.kind, &conflict.path), (ConflictKind::Removed, &cost));
    assert_eq!(conflict.lost.as_deref(), Some("7.00"));
    assert!(matches!(b.apply(&removal), Applied::Conflict(_)));
    assert_eq!((&a, a.conflicts().len()), (&b, 1));
    // Bringing the line back ends it, and the value is there.
    let position = Position::nth(0);
    let (list, item) = line.split_item().unwrap();
    let back = Patch::Insert { list, item, position, value: None };
    let back = a.edit(&A(), back).unwrap();
    b.apply(&back);
    assert_eq!((b.conflicts(), b.text(&cost)), (vec![], Some("7.00")));
    assert_eq!(b.tree(&schema).root.list("GoodsInfo").count(), 1);
    // The other way: confirming the removal.
    b.edit(&B(), Patch::Remove { item: line.clone() }).unwrap();
    let patch = Patch::Set { path: cost, value: Some("8.00".into()) };
    let late = a.edit(&A(), patch).unwrap();
    b.apply(&late);
    assert_eq!(b.conflicts().len(), 1);
    b.confirm_removal(&B(), &line).unwrap();
    assert_eq!(b.conflicts(), []);
}

#[test]
fn bad_patches_are_refused() {
    let (mut draft, schema) = start();
    let goods = path("GoodsInfo");
    let item = draft.items(&goods)[0];
    let position = Position::nth(0);
    let check = |patch: Patch| patch.check(&schema).unwrap_err();
    assert!(matches!(check(set("Nothing", "1")), PatchError::NoSuchField { .. }));
    assert!(matches!(check(set("Consignor", "1")), PatchError::NotAText { .. }));
    assert!(matches!(check(set("GoodsInfo/InvoicedCost", "1")), PatchError::NotAnItem { .. }));
    assert!(matches!(check(set("NSF", "\u{1}")), PatchError::Character { .. }));
    let insert = |list: &str, item| Patch::Insert {
        list: path(list),
        item,
        position: position.clone(),
        value: None,
    };
    assert!(matches!(check(insert("NSF", item)), PatchError::NotAList { .. }));
    let error = draft.edit(&A(), insert("GoodsInfo", item)).unwrap_err();
    assert!(matches!(error, PatchError::ItemExists { .. }));
    let gone = Patch::Remove { item: goods.item(draft.next_item(&A())) };
    assert!(matches!(draft.edit(&A(), gone).unwrap_err(), PatchError::NoSuchItem { .. }));
    let wrong = draft.element(&path("Consignor"), &schema);
    let fresh = draft.next_item(&A());
    let patch = Patch::Insert { list: goods, item: fresh, position, value: wrong };
    assert!(matches!(patch.check(&schema).unwrap_err(), PatchError::WrongElement { .. }));
}

#[test]
fn an_earlier_version_comes_back() {
    let (mut draft, schema) = start();
    let before = draft.tree(&schema);
    let goods = path("GoodsInfo");
    let line = goods.item(draft.items(&goods)[0]);
    let copy = draft.element(&line, &schema);
    for _ in 0..3 {
        let (item, position) = (draft.next_item(&A()), draft.position_after(&goods, None));
        let patch = Patch::Insert { list: goods.clone(), item, position, value: copy.clone() };
        draft.edit(&A(), patch).unwrap();
    }
    let many = draft.tree(&schema);
    assert_eq!(many.root.list("GoodsInfo").count(), 4);
    draft.edit(&B(), set("NSF", "7")).unwrap();
    draft.edit(&B(), Patch::Remove { item: line }).unwrap();
    let documents = path("Documents");
    let ids = draft.items(&documents);
    let position = draft.position_last(&documents);
    draft.edit(&B(), Patch::Move { item: documents.item(ids[0]), position }).unwrap();
    draft.edit(&B(), Patch::Set { path: path("CustCostTotalAmount"), value: None }).unwrap();
    assert_ne!(draft.tree(&schema), before);
    let changes = draft.restore(&A(), &before, &schema).unwrap();
    assert_eq!(draft.tree(&schema), before);
    assert!(!changes.is_empty());
    draft.restore(&A(), &many, &schema).unwrap();
    assert_eq!(draft.tree(&schema), many);
    assert_eq!(draft.restore(&A(), &many, &schema).unwrap(), []);
}

/// One random edit; refused ones are passed over.
fn random_edit(
    draft: &mut Draft,
    replica: &ReplicaId,
    schema: &Schema,
    dice: &mut Dice,
) -> Option<Change> {
    let lists = ["GoodsInfo", "Documents"];
    let list = path(lists[dice.below(2)]);
    let items = draft.items(&list);
    let some = (!items.is_empty()).then(|| items[dice.below(items.len())]);
    let patch = match dice.below(8) {
        0 => Patch::Insert {
            item: draft.next_item(replica),
            position: draft.position_after(&list, some),
            value: some
                .filter(|_| dice.chance(50))
                .and_then(|item| draft.element(&list.item(item), schema)),
            list,
        },
        1 => Patch::Remove { item: list.item(some?) },
        2 => {
            let after = items[dice.below(items.len().max(1)).min(items.len().checked_sub(1)?)];
            let position = draft.position_after(&list, Some(after));
            Patch::Move { item: list.item(some?), position }
        }
        3 | 4 => {
            let fields = ["NSF", "TradeCountry/CountryCode", "Consignor/OrganizationName"];
            let value = dice.chance(80).then(|| dice.below(4).to_string());
            Patch::Set { path: path(fields[dice.below(3)]), value }
        }
        5 => {
            let conflicts = draft.conflicts();
            let conflict = conflicts.first()?;
            return match &conflict.removed {
                Some(item) => draft.confirm_removal(replica, item).ok(),
                None => draft.resolve(replica, &conflict.path, conflict.lost.clone()).ok(),
            };
        }
        6 => {
            // Brings back something that was removed.
            let item = edoc::patch::ItemId::file(1 + dice.below(6) as u64);
            Patch::Insert { list, item, position: Position::nth(dice.below(3)), value: None }
        }
        _ => {
            let field =
                if list.as_str() == "GoodsInfo" { "InvoicedCost" } else { "PrDocumentNumber" };
            let value = dice.chance(80).then(|| dice.below(4).to_string());
            Patch::Set { path: list.item(some?).join(field), value }
        }
    };
    if patch.check(schema).is_err() {
        return None;
    }
    draft.edit(replica, patch).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_order_and_repetition_gives_the_same_draft(seed: u64, edits in 1usize..60) {
        let (draft, schema) = start();
        let mut dice = Dice(seed);
        let ids = [A(), B(), C()];
        let mut replicas = vec![draft.clone(), draft.clone(), draft.clone()];
        let mut changes: Vec<Change> = Vec::new();
        // What every replica has received so far, in order.
        let mut seen = [0usize; 3];
        for _ in 0..edits {
            let at = dice.below(3);
            if dice.chance(40) {
                // Receives everything that was made until now.
                for change in &changes[seen[at]..] {
                    replicas[at].apply(change);
                }
                seen[at] = changes.len();
            }
            changes.extend(random_edit(&mut replicas[at], &ids[at], &schema, &mut dice));
        }
        for replica in &mut replicas {
            let mut order = changes.clone();
            for n in (1..order.len()).rev() {
                order.swap(n, dice.below(n + 1));
            }
            let repeated: Vec<_> = order.iter().filter(|_| dice.chance(30)).cloned().collect();
            for change in order.iter().chain(&repeated) {
                let json = serde_json::to_string(change).unwrap();
                replica.apply(&serde_json::from_str(&json).unwrap());
            }
        }
        let mut fresh = draft;
        for change in changes.iter().rev() {
            fresh.apply(change);
        }
        for replica in &replicas {
            prop_assert_eq!(replica, &fresh);
            prop_assert_eq!(replica.conflicts(), fresh.conflicts());
            prop_assert_eq!(replica.tree(&schema), fresh.tree(&schema));
        }
        let json = serde_json::to_string(&fresh).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), fresh);
    }
}
