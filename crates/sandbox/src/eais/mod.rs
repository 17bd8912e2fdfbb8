//! Customs: exchange of documents with ЕАИС ТО and an inspector who decides about them.
//!
//! The transport of the real system is not public. Documents are those of the official album; they
//! travel in a SOAP 1.1 envelope of our own (`urn:cabinet:eais:exchange:1`):
//!
//! | path | what |
//! | --- | --- |
//! | `POST /eais/exchange/in` | takes an envelope with a signed document; 202 and a receipt, the same for a repeated `MessageID`; 400 and a SOAP Fault for rubbish; 503 when down |
//! | `GET /eais/exchange/out?receiver=&after=&wait=` | answers after a cursor, oldest first, at most 100; waits up to `wait` seconds for the first |
//! | `POST /eais/exchange/out/{message_id}/ack` | the answer is kept by the receiver and need not be listed again |
//!
//! A statistical form (1006124E) is checked — signature, structure, rules, uniqueness — and
//! answered by an `ErrorList` (1004030E of the album) or by a `StatformState`. The album has no
//! message for the states of a statistical form, so `StatformState` is ours too. Any other document
//! is taken with a receipt; when it relates to a form that waits for explanations, the form is
//! cleared after a while. A form with `PreviousRegNumberDoc` annuls the one it replaces;
//! `StatformAnnulment` (ours, signed like any document) annuls without replacing.

mod envelope;
mod error_list;
mod exchange;
mod http;
mod inspector;
mod order;
mod review;
mod signature;
mod work;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};
use uuid::Uuid;

pub(crate) use self::{
    exchange::{Accepted, Form, FormState},
    http::router,
    inspector::Action,
    order::{Mode, ModeChange, Order, Orders},
    work::work,
};
use self::{
    exchange::{Exchange, Transaction},
    work::Job,
};
use crate::{Speed, lock};

/// Identifier of customs as a participant of the exchange.
pub(crate) const EAIS_ID: &str = "EAIS";
/// Namespace of everything that is ours on the wire.
const NAMESPACE: &str = "urn:cabinet:eais:exchange:1";
/// The customs office that registers forms: an invented office of the central administration.
const CUSTOMS_CODE: &str = "10100999";
const CUSTOMS_NAME: &str = "ТАМОЖНЯ ПЕСОЧНИЦЫ";
/// Statistical form.
const STATFORM: &str = "1006124E";

/// State of customs.
pub(crate) struct Eais {
    folder: PathBuf,
    speed: Speed,
    exchange: Mutex<Exchange>,
    mode: Mutex<Mode>,
    /// What is to be done, and when.
    agenda: Mutex<Vec<(Instant, Job)>>,
    /// Wakes the worker after a change of the agenda.
    agenda_changed: Notify,
    /// Changes when answers are posted.
    posted: watch::Sender<u64>,
}

impl Eais {
    pub(crate) fn open(folder: &Path, speed: Speed) -> io::Result<Self> {
        let mut exchange = Exchange::open(&folder.join("exchange.jsonl"))?;
        let unposted = exchange.unposted();
        if !unposted.is_empty() {
            exchange.commit(Transaction { posted: unposted, ..Transaction::default() })?;
        }
        let now = Instant::now();
        let reviews = exchange.unreviewed().map(|id| (now + speed.review, Job::Review(id)));
        let clearings = exchange.clearing().map(|id| (now + speed.clearing, Job::Clear(id)));
        let agenda = reviews.chain(clearings).collect();
        Ok(Self {
            folder: folder.to_owned(),
            speed,
            exchange: Mutex::new(exchange),
            mode: Mutex::default(),
            agenda: Mutex::new(agenda),
            agenda_changed: Notify::new(),
            posted: watch::channel(0).0,
        })
    }

    /// Accepted messages, oldest first.
    pub(crate) fn messages(&self) -> Vec<Accepted> {
        lock(&self.exchange).messages()
    }

    /// Registered forms, oldest first.
    pub(crate) fn forms(&self) -> Vec<Form> {
        lock(&self.exchange).forms()
    }

    pub(crate) fn mode(&self) -> Mode {
        lock(&self.mode).clone()
    }

    /// Changes how customs behaves; answers held back for reordering are let go when reordering
    /// ends.
    pub(crate) fn set_mode(&self, change: ModeChange) -> io::Result<Mode> {
        let mode = {
            let mut mode = lock(&self.mode);
            mode.apply(change);
            mode.clone()
        };
        if !mode.reorder {
            self.commit(|exchange| {
                let posted = exchange.release();
                Transaction { posted, ..Transaction::default() }
            })?;
        }
        Ok(mode)
    }

    /// Forgets documents, forms and answers; numbers and cursors go on from where they are.
    pub(crate) fn reset(&self) -> io::Result<()> {
        *lock(&self.mode) = Mode::default();
        lock(&self.agenda).clear();
        lock(&self.exchange).reset()?;
        let documents = self.folder.join("documents");
        if documents.exists() { std::fs::remove_dir_all(documents) } else { Ok(()) }
    }

    /// Writes one transaction made of the present state. New answers are posted by the mode:
    /// twice when duplicating; when reordering, each second one goes before the first.
    fn commit(&self, make: impl FnOnce(&mut Exchange) -> Transaction) -> io::Result<()> {
        let mut exchange = lock(&self.exchange);
        // Read under the lock: an end of reordering finds every answer that was held back.
        let mode = self.mode();
        let mut transaction = make(&mut exchange);
        for answer in &transaction.answers {
            let due = exchange.order(answer.message_id, mode.reorder);
            for id in due {
                transaction.posted.push(id);
                if mode.duplicate {
                    transaction.posted.push(id);
                }
            }
        }
        if transaction == Transaction::default() {
            return Ok(());
        }
        exchange.commit(transaction)?;
        drop(exchange);
        self.posted.send_modify(|count| *count += 1);
        Ok(())
    }

    fn schedule(&self, delay: Duration, job: Job) {
        lock(&self.agenda).push((Instant::now() + delay, job));
        self.agenda_changed.notify_one();
    }

    /// Where the signed bytes of a message are kept.
    fn document_path(&self, message_id: Uuid) -> PathBuf {
        self.folder.join("documents").join(format!("{message_id}.xml"))
    }

    /// Where the signature of a message is kept.
    fn signature_path(&self, message_id: Uuid) -> PathBuf {
        self.folder.join("documents").join(format!("{message_id}.p7s"))
    }
}
