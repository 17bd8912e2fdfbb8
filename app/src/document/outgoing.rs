//! What a page still owes the server. Pure: it knows neither timers nor the network, so every
//! order of failures can be tried in a test.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    state::DocumentState,
    view::document::{Batch, BatchReply},
};
use uuid::Uuid;

use super::device::ChangeKey;

/// Changes that travel in one request.
pub const BATCH_CHANGES: usize = 400;
/// Bytes of changes that travel in one request.
pub const BATCH_BYTES: usize = 512 * 1024;

/// Why what was typed has not reached the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The device has no network.
    Offline,
    /// There is a network, but the server does not answer, or asks to wait.
    Silent,
    /// The session ended or its screen is locked.
    SessionEnded,
    /// The server refused the changes; waiting will not help.
    Refused(Box<WireError>),
    /// The document can no longer be edited.
    Closed(DocumentState),
    /// The device would not keep the changes (storage is full or forbidden).
    Device,
}

impl Trouble {
    /// What an error of the server means for the changes.
    pub fn from_error(error: &WireError, online: bool) -> Self {
        match error.code {
            _ if !online => Self::Offline,
            ErrorCode::NotSignedIn | ErrorCode::Locked => Self::SessionEnded,
            ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::TooManyRequests => {
                Self::Silent
            }
            _ => Self::Refused(Box::new(error.clone())),
        }
    }

    /// Whether trying again later, without anybody's help, makes sense.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Offline | Self::Silent)
    }

    /// What is wrong, and what becomes of the changes.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Offline => lang.pick(
                "Нет сети. Изменения сохранены на этом устройстве и уйдут, когда сеть появится",
                "No network. Changes are kept on this device and will be sent when it is back",
            ),
            Self::Silent => lang.pick(
                "Сервер не отвечает. Изменения сохранены на этом устройстве, отправим их снова",
                "The server does not answer. Changes are kept on this device, we will try again",
            ),
            Self::SessionEnded => lang.pick(
                "Сеанс завершён — войдите, ничего не потеряно",
                "The session has ended: sign in, nothing is lost",
            ),
            Self::Refused(error) => return error.text(lang),
            Self::Closed(state) => {
                return format!(
                    "{} «{}». {}",
                    lang.pick("Форму уже нельзя изменить, её состояние:", "The form is closed:"),
                    state.name(lang),
                    lang.pick(
                        "Ваши изменения остались в «Истории версий»",
                        "Your changes are in the version history",
                    )
                );
            }
            Self::Device => lang.pick(
                "Это устройство не хранит черновики (нет места или запрещено). \
                 Не закрывайте страницу, пока не увидите «Сохранено»",
                "This device keeps no drafts (no room, or forbidden). \
                 Do not close the page until you see “Saved”",
            ),
        }
        .to_owned()
    }
}

/// What the status line says.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// Nothing was changed on this page yet.
    Untouched,
    OnDevice,
    Sending,
    OnServer(DateTime<Utc>),
    Trouble {
        trouble: Trouble,
        waiting: usize,
    },
}

/// The queue of changes of one page.
#[derive(Clone, Debug)]
pub struct Outgoing {
    document: Uuid,
    version: i64,
    /// The newest version that the server told of without its changes.
    announced: i64,
    waiting: VecDeque<(ChangeKey, String)>,
    in_flight: usize,
    failures: u32,
    trouble: Option<Trouble>,
    acknowledged: Option<DateTime<Utc>>,
    /// Changes that the device is writing down just now.
    keeping: usize,
    /// The device refused to keep something that is still waiting.
    device_failed: bool,
    pause_asked: bool,
    /// Something was typed since the last checkpoint that was asked for.
    unpaused: bool,
}

impl Outgoing {
    /// A queue over the version of the document that the page was opened with.
    pub fn new(document: Uuid, version: i64) -> Self {
        Self {
            document,
            version,
            announced: version,
            waiting: VecDeque::new(),
            in_flight: 0,
            failures: 0,
            trouble: None,
            acknowledged: None,
            keeping: 0,
            device_failed: false,
            pause_asked: false,
            unpaused: false,
        }
    }

    /// The newest version seen from the server.
    pub fn version(&self) -> i64 {
        self.version
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn push(&mut self, key: ChangeKey, change: String) {
        self.waiting.push_back((key, change));
        self.unpaused = true;
    }

    /// The next batch should make a checkpoint, if there is anything new to keep.
    pub fn ask_pause(&mut self) {
        self.pause_asked = self.unpaused;
    }

    /// The device began to write changes down.
    pub fn keeping(&mut self, changes: usize) {
        self.keeping += changes;
    }

    /// The device wrote changes down.
    pub fn kept(&mut self, changes: usize) {
        self.keeping = self.keeping.saturating_sub(changes);
    }

    /// The device would not keep changes; the truth is told until they are on the server.
    pub fn device_failed(&mut self) {
        self.keeping = 0;
        self.device_failed = true;
    }

    /// What to send now: `None` while a batch is under way, when there is nothing to send, or
    /// when sending makes no sense before somebody helps.
    pub fn next_batch(&mut self) -> Option<Batch> {
        let blocked = self.trouble.as_ref().is_some_and(|trouble| !trouble.passes());
        if self.in_flight > 0 || blocked || (self.waiting.is_empty() && !self.pause_asked) {
            return None;
        }
        let mut bytes = 0;
        let changes: Vec<String> = self
            .waiting
            .iter()
            .take(BATCH_CHANGES)
            .take_while(|(_, change)| {
                let first = bytes == 0;
                bytes += change.len();
                first || bytes <= BATCH_BYTES
            })
            .map(|(_, change)| change.clone())
            .collect();
        let rest = self.waiting.len() - changes.len();
        self.in_flight = changes.len();
        let pause = self.pause_asked && rest == 0;
        if pause {
            self.pause_asked = false;
            self.unpaused = false;
        }
        Some(Batch { document: self.document, since: self.version, changes, pause })
    }

    /// The server took the batch under way. Gives the keys that the device need not keep.
    pub fn acknowledged(&mut self, reply: &BatchReply, at: DateTime<Utc>) -> Vec<ChangeKey> {
        let keys = self.waiting.drain(..self.in_flight).map(|(key, _)| key).collect();
        self.in_flight = 0;
        self.failures = 0;
        self.acknowledged = Some(at);
        self.saw(reply.version);
        self.trouble = reply.closed.map(Trouble::Closed);
        if self.waiting.is_empty() {
            self.device_failed = false;
        }
        keys
    }

    /// The batch under way failed. Gives the seconds to wait before the next attempt, when an
    /// attempt makes sense at all.
    pub fn failed(&mut self, trouble: Trouble) -> Option<u32> {
        self.in_flight = 0;
        self.failures += 1;
        let again = trouble.passes();
        self.trouble = Some(trouble);
        again.then(|| 2u32.saturating_pow(self.failures.min(6)).div_euclid(2).min(30))
    }

    /// Somebody helped: the person signed in again, the network came back. A closed document
    /// stays closed.
    pub fn helped(&mut self) {
        if !matches!(self.trouble, Some(Trouble::Closed(_))) {
            self.trouble = None;
            self.failures = 0;
        }
    }

    /// A version of the document was seen otherwise than by an answer to a batch.
    pub fn saw(&mut self, version: i64) {
        self.version = self.version.max(version);
    }

    /// The server told that the document has come to a version.
    pub fn announced(&mut self, version: i64) {
        self.announced = self.announced.max(version);
    }

    /// Others' changes are to be asked for: the answer to a batch under way would bring them as
    /// well, unless the server wrote it before they came.
    pub fn is_behind(&self) -> bool {
        self.announced > self.version && self.waiting.is_empty()
    }

    pub fn saved(&self) -> Saved {
        match (&self.trouble, self.acknowledged) {
            (Some(trouble), _) => {
                Saved::Trouble { trouble: trouble.clone(), waiting: self.waiting.len() }
            }
            (None, _) if self.device_failed && !self.waiting.is_empty() => {
                Saved::Trouble { trouble: Trouble::Device, waiting: self.waiting.len() }
            }
            (None, _) if self.in_flight > 0 || self.keeping > 0 => Saved::Sending,
            (None, _) if !self.waiting.is_empty() => Saved::OnDevice,
            (None, Some(at)) => Saved::OnServer(at),
            (None, None) => Saved::Untouched,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(counter: u64) -> ChangeKey {
        ChangeKey {
            person: Uuid::from_u128(1),
            document: Uuid::from_u128(2),
            replica: "kq".into(),
            counter,
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn queue(changes: u64) -> Outgoing {
        let mut outgoing = Outgoing::new(Uuid::from_u128(2), 5);
        for counter in 0..changes {
            outgoing.push(key(counter), format!("change {counter}"));
        }
        outgoing
    }

    fn reply(version: i64) -> BatchReply {
        BatchReply {
            version,
            changes: Vec::new(),
            authors: Vec::new(),
            closed: None,
            checkpoint: None,
        }
    }

    #[test]
    fn what_is_typed_goes_out_once_and_in_order() {
        let mut outgoing = queue(2);
        assert_eq!(outgoing.saved(), Saved::OnDevice);
        let batch = outgoing.next_batch().unwrap();
        assert_eq!((batch.since, batch.changes.len()), (5, 2));
        assert_eq!(outgoing.saved(), Saved::Sending);
        assert_eq!(outgoing.next_batch(), None, "one batch at a time");

        outgoing.push(key(2), "change 2".into());
        assert_eq!(outgoing.acknowledged(&reply(7), now()), [key(0), key(1)]);
        assert_eq!(outgoing.saved(), Saved::OnDevice);
        let batch = outgoing.next_batch().unwrap();
        assert_eq!((batch.since, batch.changes), (7, vec!["change 2".to_owned()]));
        outgoing.acknowledged(&reply(8), now());
        assert_eq!(outgoing.saved(), Saved::OnServer(now()));
        assert_eq!(outgoing.next_batch(), None);
    }

    #[test]
    fn what_came_while_an_answer_was_on_its_way_is_asked_for() {
        let mut outgoing = queue(1);
        outgoing.next_batch();
        outgoing.announced(7);
        assert!(!outgoing.is_behind(), "the answer may bring it");
        outgoing.acknowledged(&reply(6), now());
        assert!(outgoing.is_behind(), "the answer was older");
        outgoing.saw(7);
        assert!(!outgoing.is_behind());
    }

    #[test]
    fn a_failure_keeps_everything_and_waits_longer_each_time() {
        let mut outgoing = queue(1);
        let mut waits = Vec::new();
        for _ in 0..8 {
            assert_eq!(outgoing.next_batch().unwrap().changes.len(), 1);
            waits.push(outgoing.failed(Trouble::Silent).unwrap());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
        let trouble = Saved::Trouble { trouble: Trouble::Silent, waiting: 1 };
        assert_eq!(outgoing.saved(), trouble);
        outgoing.next_batch();
        outgoing.acknowledged(&reply(6), now());
        assert_eq!(outgoing.saved(), Saved::OnServer(now()));
    }

    #[test]
    fn an_ended_session_is_not_pestered() {
        let mut outgoing = queue(1);
        outgoing.next_batch();
        assert_eq!(outgoing.failed(Trouble::SessionEnded), None);
        assert_eq!(outgoing.next_batch(), None);
        outgoing.helped();
        assert_eq!(outgoing.next_batch().unwrap().changes, ["change 0"]);
    }

    #[test]
    fn a_closed_document_takes_no_more() {
        let mut outgoing = queue(1);
        outgoing.next_batch();
        let closed = BatchReply { closed: Some(DocumentState::Queued), ..reply(6) };
        outgoing.acknowledged(&closed, now());
        outgoing.helped();
        outgoing.push(key(9), "late".into());
        assert_eq!(outgoing.next_batch(), None);
        assert!(matches!(
            outgoing.saved(),
            Saved::Trouble { trouble: Trouble::Closed(DocumentState::Queued), waiting: 1 }
        ));
    }

    #[test]
    fn large_queues_go_in_pieces_and_the_pause_comes_last() {
        let mut outgoing = queue(BATCH_CHANGES as u64 + 1);
        outgoing.ask_pause();
        let batch = outgoing.next_batch().unwrap();
        assert_eq!((batch.changes.len(), batch.pause), (BATCH_CHANGES, false));
        outgoing.acknowledged(&reply(6), now());
        let batch = outgoing.next_batch().unwrap();
        assert_eq!((batch.changes.len(), batch.pause), (1, true));
        outgoing.acknowledged(&reply(7), now());
        outgoing.ask_pause();
        assert_eq!(outgoing.next_batch(), None, "nothing new to keep");

        let mut outgoing = Outgoing::new(Uuid::from_u128(2), 0);
        for counter in 0..3 {
            outgoing.push(key(counter), "x".repeat(BATCH_BYTES));
        }
        assert_eq!(outgoing.next_batch().unwrap().changes.len(), 1);
    }

    #[test]
    fn a_device_that_keeps_nothing_is_confessed_until_the_server_has_it() {
        let mut outgoing = queue(1);
        outgoing.device_failed();
        let trouble = Saved::Trouble { trouble: Trouble::Device, waiting: 1 };
        assert_eq!(outgoing.saved(), trouble);
        outgoing.next_batch();
        outgoing.acknowledged(&reply(6), now());
        assert_eq!(outgoing.saved(), Saved::OnServer(now()));
    }

    #[test]
    fn what_the_device_is_still_writing_is_not_called_saved() {
        let mut outgoing = queue(1);
        outgoing.keeping(1);
        assert_eq!(outgoing.saved(), Saved::Sending);
        outgoing.kept(1);
        assert_eq!(outgoing.saved(), Saved::OnDevice);
    }

    #[test]
    fn errors_are_told_apart_by_what_mends_them() {
        let error = |code| WireError::new(code, "api.internal");
        let trouble = |code, online| Trouble::from_error(&error(code), online);
        assert_eq!(trouble(ErrorCode::Locked, true), Trouble::SessionEnded);
        assert_eq!(trouble(ErrorCode::NotSignedIn, true), Trouble::SessionEnded);
        assert_eq!(trouble(ErrorCode::Internal, true), Trouble::Silent);
        assert_eq!(trouble(ErrorCode::Locked, false), Trouble::Offline);
        assert!(!trouble(ErrorCode::Invalid, true).passes());
    }
}
