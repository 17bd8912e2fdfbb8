//! One open draft: the replica of this page, the fields that watch it, and the way of every
//! change to the device, to the other pages and to the server.
//!
//! A field reads through [`Editing::text`] and is told when exactly that field changes. An edit
//! is applied at once, kept on the device, said to the device's other pages, and sent within
//! [`SEND_AFTER`]. What the server or another page says is applied the same way.

mod edits;
mod sync;

use std::{collections::HashMap, time::Duration};

use domain::{
    state::DocumentState,
    view::document::{ChangeAuthor, Head, Opened},
};
use edoc::{
    draft::{Applied, Conflict, Draft},
    patch::{Change, ItemId, Patch, ReplicaId, Stamp},
    path::Path,
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{
    device::{self, ChangeKey},
    outgoing::{Outgoing, Saved},
};

/// How long typing may go on before it is sent.
pub const SEND_AFTER: Duration = Duration::from_millis(350);
/// How long nothing is typed before a checkpoint is asked for.
pub const PAUSE_AFTER: Duration = Duration::from_secs(45);

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
}
