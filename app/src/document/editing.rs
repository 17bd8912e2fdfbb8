//! One open draft: the replica of this page, the fields that watch it, and the way of every
//! change to the device, to the other pages and to the server.
//!
//! A field reads through [`Editing::text`] and is told when exactly that field changes. An edit
//! is applied at once, kept on the device, said to the device's other pages, and sent within
//! [`SEND_AFTER`]. What the server or another page says is applied the same way.

use std::{collections::HashMap, time::Duration};

use domain::{
    state::DocumentState,
    view::document::{BatchReply, ChangeAuthor, Head, Opened},
};
use edoc::{
    draft::{Applied, Conflict, Draft},
    patch::{Change, ItemId, Patch, Position, ReplicaId, Stamp},
    path::Path,
    schema::Schema,
    tree::{Content, Element},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{
    api,
    device::{self, ChangeKey},
    outgoing::{Outgoing, Saved, Trouble},
};
use crate::error::ApiError;

/// How long typing may go on before it is sent.
pub const SEND_AFTER: Duration = Duration::from_millis(350);
/// How long nothing is typed before a checkpoint is asked for.
pub const PAUSE_AFTER: Duration = Duration::from_secs(45);

/// Authors that are remembered; the server names those of standing conflicts every time.
const AUTHORS: usize = 500;

/// A handle to an open draft; copies share one draft.
#[derive(Clone, Copy)]
pub struct Editing {
    inner: StoredValue<Inner>,
    /// Grows with every change of the draft, whoever made it.
    revision: RwSignal<u64>,
    saved: RwSignal<Saved>,
    head: RwSignal<Head>,
    conflicts: RwSignal<Vec<Conflict>>,
    /// Who made the changes of others, as far as the server has told.
    authors: RwSignal<Vec<ChangeAuthor>>,
    session_ended: RwSignal<bool>,
    channel: StoredValue<Option<device::Channel>, device::ChannelStorage>,
    timer: StoredValue<Option<TimeoutHandle>>,
    pause: StoredValue<Option<TimeoutHandle>>,
    pub can_edit: Signal<bool>,
    pub can_sign: bool,
    allowed: bool,
    person: Uuid,
    document: Uuid,
}

struct Inner {
    draft: Draft,
    replica: ReplicaId,
    outgoing: Outgoing,
    watched: HashMap<Path, ArcTrigger>,
    /// Paths changed since somebody last asked; checks look only at these.
    touched: Vec<Path>,
}

/// Why a page cannot open a draft that the server gave it.
#[derive(Debug, thiserror::Error)]
#[error("the draft cannot be read: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

impl Editing {
    /// Opens a draft as `person`. Nothing is sent before [`Editing::connect`].
    ///
    /// # Errors
    /// When the draft is not one that this edition of the document engine wrote.
    pub fn open(opened: &Opened, person: Uuid) -> Result<Self, Unreadable> {
        let draft: Draft = serde_json::from_str(&opened.draft)?;
        let conflicts = draft.conflicts();
        let head = RwSignal::new(opened.head.clone());
        let allowed = opened.can_edit;
        Ok(Self {
            inner: StoredValue::new(Inner {
                draft,
                replica: ReplicaId::session(device::random()),
                outgoing: Outgoing::new(opened.head.id, opened.head.version),
                watched: HashMap::new(),
                touched: Vec::new(),
            }),
            revision: RwSignal::new(0),
            saved: RwSignal::new(Saved::Untouched),
            conflicts: RwSignal::new(conflicts),
            authors: RwSignal::new(opened.authors.clone()),
            session_ended: RwSignal::new(false),
            channel: StoredValue::new_with_storage(None),
            timer: StoredValue::new(None),
            pause: StoredValue::new(None),
            can_edit: Signal::derive(move || {
                allowed && head.with(|head| head.state == DocumentState::Draft)
            }),
            can_sign: opened.can_sign,
            allowed,
            head,
            person,
            document: opened.head.id,
        })
    }

    pub fn document(self) -> Uuid {
        self.document
    }

    /// Who edits in this page.
    pub fn person(self) -> Uuid {
        self.person
    }

    pub fn head(self) -> RwSignal<Head> {
        self.head
    }

    pub fn saved(self) -> Signal<Saved> {
        self.saved.into()
    }

    /// The server asked to sign in again.
    pub fn session_ended(self) -> Signal<bool> {
        self.session_ended.into()
    }

    pub fn conflicts(self) -> Signal<Vec<Conflict>> {
        self.conflicts.into()
    }

    /// Who made the change with this stamp, and when; nothing for a change of this page and for one
    /// that the server has not told of yet. Tracks what the server tells.
    pub fn author(self, stamp: Stamp) -> Option<ChangeAuthor> {
        let replica = stamp.replica.to_string();
        self.authors.with(|authors| {
            authors.iter().find(|author| author.covers(&replica, stamp.counter)).cloned()
        })
    }

    /// The change with this stamp was made in this page.
    pub fn is_of_this_page(self, stamp: Stamp) -> bool {
        self.inner.with_value(|inner| inner.replica == stamp.replica)
    }

    /// Grows with every change of the draft.
    pub fn revision(self) -> Signal<u64> {
        self.revision.into()
    }

    // Reading.

    /// The text of a field; empty when it has none. Tracks this field only.
    pub fn text(self, path: &Path) -> String {
        self.track(path);
        self.text_untracked(path)
    }

    pub fn text_untracked(self, path: &Path) -> String {
        self.inner.with_value(|inner| inner.draft.text(path).map(str::to_owned).unwrap_or_default())
    }

    /// The items of a repeated element, in order. Tracks the list, not what is in its items.
    pub fn items(self, list: &Path) -> Vec<ItemId> {
        self.track(list);
        self.items_untracked(list)
    }

    pub fn items_untracked(self, list: &Path) -> Vec<ItemId> {
        self.inner.with_value(|inner| inner.draft.items(list))
    }

    /// The whole draft, untracked.
    pub fn with_draft<R>(self, read: impl FnOnce(&Draft) -> R) -> R {
        self.inner.with_value(|inner| read(&inner.draft))
    }

    /// Paths changed since the last call, by whomever.
    pub fn take_touched(self) -> Vec<Path> {
        self.inner.try_update_value(|inner| std::mem::take(&mut inner.touched)).unwrap_or_default()
    }

    fn track(self, path: &Path) {
        let trigger = self
            .inner
            .try_update_value(|inner| inner.watched.entry(path.clone()).or_default().clone());
        if let Some(trigger) = trigger {
            trigger.track();
        }
    }

    // Editing.

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

    /// Makes patches one after another. One that does not fit the document is left out: it comes
    /// from a field that was removed a moment before.
    fn patch(self, patches: Vec<Patch>) {
        self.edit(|draft, replica| {
            patches.into_iter().filter_map(|patch| draft.edit(&replica, patch).ok()).collect()
        });
    }

    /// Edits the draft and sends the changes on their way.
    fn edit(self, make: impl FnOnce(&mut Draft, ReplicaId) -> Vec<Change>) {
        if !self.can_edit.get_untracked() {
            return;
        }
        let changes = self
            .inner
            .try_update_value(|inner| {
                let replica = inner.replica;
                make(&mut inner.draft, replica)
            })
            .unwrap_or_default();
        self.made(changes);
    }

    /// Own changes: tell the fields, keep on the device, tell the other pages, send.
    fn made(self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        self.notify(&changes);
        let records: Vec<(ChangeKey, String)> = changes
            .iter()
            .filter_map(|change| {
                let json = serde_json::to_string(change).ok()?;
                Some((self.key(change), json))
            })
            .collect();
        self.inner.update_value(|inner| {
            for (key, json) in &records {
                inner.outgoing.push(key.clone(), json.clone());
            }
            inner.outgoing.keeping(records.len());
        });
        if let Ok(said) = serde_json::to_string(&changes) {
            self.channel.with_value(|channel| {
                if let Some(channel) = channel {
                    channel.say(&said);
                }
            });
        }
        self.tell_saved();
        spawn_local(async move {
            let changes = records.len();
            let kept = device::changes_put(records).await;
            self.inner.update_value(|inner| match kept {
                Ok(()) => inner.outgoing.kept(changes),
                Err(_) => inner.outgoing.device_failed(),
            });
            self.tell_saved();
        });
        self.send_in(SEND_AFTER);
        self.pause_in(PAUSE_AFTER);
    }

    fn key(self, change: &Change) -> ChangeKey {
        ChangeKey {
            person: self.person,
            document: self.document,
            replica: change.stamp.replica.to_string(),
            counter: change.stamp.counter,
        }
    }

    /// Changes of others: merge, tell the fields, show what collided.
    fn heard(self, changes: &[Change]) {
        if !self.is_open() {
            return;
        }
        let fresh: Vec<Change> = self
            .inner
            .try_update_value(|inner| {
                changes
                    .iter()
                    .filter(|change| !matches!(inner.draft.apply(change), Applied::Duplicate))
                    .cloned()
                    .collect()
            })
            .unwrap_or_default();
        self.notify(&fresh);
    }

    fn heard_json(self, changes: &[String]) {
        let changes: Vec<Change> =
            changes.iter().filter_map(|json| serde_json::from_str(json).ok()).collect();
        self.heard(&changes);
    }

    fn notify(self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let triggers = self.inner.try_update_value(|inner| {
            let mut triggers: Vec<ArcTrigger> = Vec::new();
            for change in changes {
                let path = change.patch.path();
                let structural = !matches!(change.patch, Patch::Set { .. });
                if structural {
                    if let Some((list, _)) = path.split_item() {
                        triggers.extend(inner.watched.get(&list).cloned());
                    }
                    let below =
                        inner.watched.iter().filter(|(watched, _)| watched.is_within(&path));
                    triggers.extend(below.map(|(_, trigger)| trigger.clone()));
                } else {
                    triggers.extend(inner.watched.get(&path).cloned());
                }
                inner.touched.push(path);
            }
            triggers
        });
        for trigger in triggers.unwrap_or_default() {
            trigger.notify();
        }
        let conflicts = self.with_draft(Draft::conflicts);
        if self.conflicts.with_untracked(|shown| *shown != conflicts) {
            self.conflicts.set(conflicts);
        }
        self.revision.update(|revision| *revision += 1);
    }

    fn tell_saved(self) {
        if !self.is_open() {
            return;
        }
        let saved = self.inner.with_value(|inner| inner.outgoing.saved());
        if self.saved.with_untracked(|shown| *shown != saved) {
            self.saved.set(saved);
        }
    }

    // The way to the server.

    /// The page still shows this draft. What is answered later is for nobody.
    fn is_open(self) -> bool {
        self.inner.try_with_value(|_| ()).is_some()
    }

    /// Keeps the draft as it is on the device, so that it can be opened without the server.
    fn keep(self) {
        let draft = self.with_draft(serde_json::to_string);
        let Ok(draft) = draft else { return };
        let head = self.head.get_untracked();
        let opened = Opened {
            head,
            draft,
            can_edit: self.allowed,
            can_sign: self.can_sign,
            authors: self.authors.get_untracked(),
        };
        spawn_local(async move {
            // A device that keeps nothing still edits; the status line tells.
            drop(device::draft_put(self.person, &opened).await);
        });
    }

    /// Starts to listen and to send: replays what this device kept of earlier pages, hears the
    /// other pages, and takes what others changed meanwhile. Called once, in the browser.
    pub fn connect(self) {
        let name = format!("cabinet:document:{}", self.document);
        let channel = device::Channel::open(&name, move |text| {
            if let Ok(changes) = serde_json::from_str::<Vec<Change>>(&text) {
                self.heard(&changes);
            }
        });
        self.channel.set_value(channel);
        on_cleanup(move || {
            self.channel.set_value(None);
            for timer in [self.timer, self.pause] {
                if let Some(Some(handle)) = timer.try_update_value(Option::take) {
                    handle.clear();
                }
            }
        });
        spawn_local(async move {
            let kept = ChangeKey::of_document(self.person, self.document);
            let found = device::changes_with(&kept).await;
            if !self.is_open() {
                return;
            }
            match found {
                Ok(kept) => {
                    let changes: Vec<String> = kept.iter().map(|(_, json)| json.clone()).collect();
                    self.inner.update_value(|inner| {
                        for (key, json) in kept {
                            inner.outgoing.push(key, json);
                        }
                    });
                    self.heard_json(&changes);
                    self.tell_saved();
                }
                Err(_) => self.inner.update_value(|inner| inner.outgoing.device_failed()),
            }
            self.keep();
            self.flush();
            self.catch_up();
        });
    }

    /// Takes what others changed since the version seen here.
    pub fn catch_up(self) {
        spawn_local(async move {
            let seen = self.inner.with_value(|inner| inner.outgoing.version());
            if let Ok(reply) = api::since(self.document, seen).await
                && self.is_open()
            {
                self.took(&reply);
            }
        });
    }

    /// The document moved on elsewhere. One that was sent changes its state without a new version,
    /// so its head is looked up whenever the server tells of it.
    pub fn moved_to(self, version: i64) {
        // While own changes are on their way, their answer brings the others' as well.
        let news = self
            .inner
            .with_value(|inner| version > inner.outgoing.version() && inner.outgoing.is_empty());
        if news {
            self.catch_up();
        }
        if self.head.with_untracked(|head| head.state != DocumentState::Draft) {
            self.look_up_head();
        }
    }

    /// Asks for the head: number, state, customs' demand.
    fn look_up_head(self) {
        spawn_local(async move {
            // What cannot be looked up now is told again with the next change.
            if let Ok(opened) = api::open(self.document).await
                && self.is_open()
                && self.head.with_untracked(|head| head.updated <= opened.head.updated)
            {
                self.took_head(opened.head);
            }
        });
    }

    /// The server gave the document's new state otherwise than by an answer to a batch.
    pub fn took_head(self, head: Head) {
        self.inner.update_value(|inner| inner.outgoing.saw(head.version));
        self.head.set(head);
    }

    /// Somebody helped (network, sign-in): try at once.
    pub fn helped(self) {
        self.session_ended.set(false);
        self.inner.update_value(|inner| inner.outgoing.helped());
        self.tell_saved();
        self.flush();
        self.catch_up();
    }

    /// Asks for a checkpoint and sends what waits: the page is being left, or a pause began.
    pub fn pause(self) {
        self.inner.update_value(|inner| inner.outgoing.ask_pause());
        self.keep();
        self.flush();
    }

    /// Sends everything and waits for the server to have it.
    ///
    /// # Errors
    /// What hinders it; the changes stay on the device.
    pub async fn flushed(self) -> Result<(), Trouble> {
        loop {
            self.flush_now().await?;
            if !self.is_open() {
                return Ok(());
            }
            let (empty, saved) =
                self.inner.with_value(|inner| (inner.outgoing.is_empty(), inner.outgoing.saved()));
            match saved {
                Saved::Trouble { trouble, .. } if trouble != Trouble::Device => {
                    return Err(trouble);
                }
                _ if empty => return Ok(()),
                // Another call's batch is under way.
                _ => device::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn flush(self) {
        spawn_local(async move {
            // The trouble, if any, is on the status line already.
            drop(self.flush_now().await);
        });
    }

    /// Sends what may be sent now, batch after batch.
    async fn flush_now(self) -> Result<(), Trouble> {
        loop {
            let batch = self.inner.try_update_value(|inner| inner.outgoing.next_batch()).flatten();
            match batch {
                Some(batch) => self.deliver(batch).await?,
                None => return Ok(()),
            }
        }
    }

    async fn deliver(self, batch: domain::view::document::Batch) -> Result<(), Trouble> {
        self.tell_saved();
        let reply = api::patch(batch).await;
        if !self.is_open() {
            // What was not confirmed stays on the device; the courier sends it.
            return Ok(());
        }
        match reply {
            Ok(reply) => {
                let keys = self
                    .inner
                    .try_update_value(|inner| inner.outgoing.acknowledged(&reply, device::now()))
                    .unwrap_or_default();
                self.took(&reply);
                self.tell_saved();
                // What the device fails to forget is sent again once, which changes nothing.
                drop(device::changes_delete(keys).await);
                match reply.closed {
                    Some(state) => Err(Trouble::Closed(state)),
                    None => Ok(()),
                }
            }
            Err(ApiError(error)) => {
                let trouble = Trouble::from_error(&error, device::online());
                let again = self
                    .inner
                    .try_update_value(|inner| inner.outgoing.failed(trouble.clone()))
                    .flatten();
                if trouble == Trouble::SessionEnded {
                    self.session_ended.set(true);
                }
                self.tell_saved();
                if let Some(seconds) = again {
                    self.send_in(Duration::from_secs(seconds.into()));
                }
                Err(trouble)
            }
        }
    }

    fn took(self, reply: &BatchReply) {
        if !reply.authors.is_empty() {
            self.authors.update(|known| {
                known.retain(|author| !reply.authors.contains(author));
                known.extend(reply.authors.iter().cloned());
                let old = known.len().saturating_sub(AUTHORS);
                known.drain(..old);
            });
        }
        self.heard_json(&reply.changes);
        self.inner.update_value(|inner| inner.outgoing.saw(reply.version));
        if self.head.with_untracked(|head| head.version < reply.version) {
            self.head.update(|head| head.version = reply.version);
        }
        if reply.closed.is_some_and(|state| self.head.with_untracked(|head| head.state != state)) {
            self.look_up_head();
        }
    }

    /// Sends after a while; a moment already chosen stays, so that steady typing is sent too.
    fn send_in(self, delay: Duration) {
        if self.timer.with_value(Option::is_some) {
            return;
        }
        let run = move || {
            self.timer.set_value(None);
            self.flush();
        };
        if let Ok(handle) = set_timeout_with_handle(run, delay) {
            self.timer.set_value(Some(handle));
        }
    }

    /// Asks for a checkpoint after a while; every change puts it off.
    fn pause_in(self, delay: Duration) {
        if let Some(Some(earlier)) = self.pause.try_update_value(Option::take) {
            earlier.clear();
        }
        if let Ok(handle) = set_timeout_with_handle(move || self.pause(), delay) {
            self.pause.set_value(Some(handle));
        }
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
