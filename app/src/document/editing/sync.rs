//! The way of changes to the device and the server, and back.

use std::time::Duration;

use domain::{
    state::DocumentState,
    view::document::{Batch, BatchReply, Head, Opened},
};
use edoc::patch::Change;
use leptos::{prelude::*, task::spawn_local};

use super::Editing;
use crate::{
    document::{
        api,
        device::{self, ChangeKey},
        outgoing::{Saved, Trouble},
    },
    error::ApiError,
};

/// Authors that are remembered; the server names those of standing conflicts every time.
const AUTHORS: usize = 500;

impl Editing {
    /// The page still shows this draft. What is answered later is for nobody.
    pub(super) fn is_open(self) -> bool {
        self.inner.try_with_value(|_| ()).is_some()
    }

    /// Keeps the draft as it is on the device, so that it can be opened without the server.
    pub(super) fn keep(self) {
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

    fn catch_up_if_behind(self) {
        if self.inner.with_value(|inner| inner.outgoing.is_behind()) {
            self.catch_up();
        }
    }

    /// The document moved on elsewhere. One that was sent changes its state without a new version,
    /// so its head is looked up whenever the server tells of it.
    pub fn moved_to(self, version: i64) {
        self.inner.update_value(|inner| inner.outgoing.announced(version));
        self.catch_up_if_behind();
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

    /// The document was sent. What customs answered before the page knew that was not heard, since
    /// nobody answers a draft: it is asked for.
    pub fn sent(self, head: Head) {
        self.took_head(head);
        self.look_up_head();
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

    pub(super) fn flush(self) {
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

    async fn deliver(self, batch: Batch) -> Result<(), Trouble> {
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
                self.catch_up_if_behind();
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

    pub(super) fn took(self, reply: &BatchReply) {
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
    pub(super) fn send_in(self, delay: Duration) {
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
    pub(super) fn pause_in(self, delay: Duration) {
        if let Some(Some(earlier)) = self.pause.try_update_value(Option::take) {
            earlier.clear();
        }
        if let Ok(handle) = set_timeout_with_handle(move || self.pause(), delay) {
            self.pause.set_value(Some(handle));
        }
    }
}
