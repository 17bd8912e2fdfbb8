//! What customs knows: accepted documents, forms, answers. The state is the sum of the
//! transactions in a journal.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
};

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::RegNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::envelope::StatformState;
use crate::store::Journal;

/// A document taken from a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) message_id: Uuid,
    pub(crate) relates_to: Option<Uuid>,
    /// Participant identifier to which answers go.
    pub(crate) sender: String,
    pub(crate) participant_inn: String,
    pub(crate) document_mode_id: String,
    /// SHA-256 of the signed bytes, lower-case hexadecimal.
    pub(crate) sha256: String,
    /// Size of the signed bytes.
    pub(crate) size: usize,
    pub(crate) received: DateTime<Utc>,
    /// How many times the message arrived.
    pub(crate) deliveries: u64,
    /// The decision is made.
    pub(crate) reviewed: bool,
}

/// State of a registered statistical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FormState {
    Registered,
    ExplanationsRequired,
    UnderControl,
    Cleared,
    Annulled,
}

impl FormState {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Registered => "Registered",
            Self::ExplanationsRequired => "ExplanationsRequired",
            Self::UnderControl => "UnderControl",
            Self::Cleared => "Cleared",
            Self::Annulled => "Annulled",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Registered => "зарегистрирована",
            Self::ExplanationsRequired => "требуются пояснения",
            Self::UnderControl => "на контроле",
            Self::Cleared => "контроль снят",
            Self::Annulled => "аннулирована",
        }
    }
}

/// A registered statistical form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Form {
    /// The message it came with.
    pub(crate) message_id: Uuid,
    /// Participant identifier to which answers go.
    pub(crate) sender: String,
    pub(crate) participant_inn: String,
    /// `DocumentID` of the form.
    pub(crate) document_id: String,
    pub(crate) number: RegNumber,
    pub(crate) state: FormState,
    pub(crate) registered_at: DateTime<Utc>,
    /// Last day to explain or to correct.
    pub(crate) until: Option<NaiveDate>,
    /// The inspector's words.
    pub(crate) text: Option<String>,
    /// Number of the form that this one replaces.
    pub(crate) replaces: Option<RegNumber>,
    /// An explanation came, and clearing is scheduled.
    pub(crate) clearing: bool,
}

/// An answer to a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) message_id: Uuid,
    pub(super) relates_to: Uuid,
    pub(super) receiver: String,
    pub(super) participant_inn: String,
    pub(super) document_mode_id: String,
    pub(super) prepared: DateTime<Utc>,
    pub(super) content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    /// A document of the album.
    Document(String),
    State(StatformState),
}

/// One line of the journal: everything in it happens at once.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Transaction {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accepted: Option<Accepted>,
    /// A message came again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repeated: Option<Uuid>,
    /// The decision about a message is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reviewed: Option<Uuid>,
    /// New and changed forms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) forms: Vec<Form>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) answers: Vec<Answer>,
    /// Answers listed from now on, in this order; one may be listed several times.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) posted: Vec<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acknowledged: Option<Uuid>,
    /// First line after a reset: numbers given out and answers listed before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) continued: Option<(u32, usize)>,
}

/// The state and its journal.
pub(super) struct Exchange {
    journal: Journal<Transaction>,
    state: State,
    /// An answer that waits for the next one; in memory only, posted at the next start.
    held: Option<Uuid>,
}

#[derive(Default)]
struct State {
    accepted: Vec<Accepted>,
    accepted_at: HashMap<Uuid, usize>,
    forms: Vec<Form>,
    form_at: HashMap<Uuid, usize>,
    answers: HashMap<Uuid, Answer>,
    answer_order: Vec<Uuid>,
    posted: Vec<Uuid>,
    acknowledged: HashSet<Uuid>,
    numbers_before: u32,
    posted_before: usize,
}

impl State {
    fn apply(&mut self, transaction: Transaction) {
        if let Some((numbers, posted)) = transaction.continued {
            (self.numbers_before, self.posted_before) = (numbers, posted);
        }
        if let Some(accepted) = transaction.accepted {
            self.accepted_at.insert(accepted.message_id, self.accepted.len());
            self.accepted.push(accepted);
        }
        for (id, change) in [
            (transaction.repeated, (|m| m.deliveries += 1) as fn(&mut Accepted)),
            (transaction.reviewed, |m| m.reviewed = true),
        ] {
            let index = id.and_then(|id| self.accepted_at.get(&id));
            if let Some(accepted) = index.and_then(|index| self.accepted.get_mut(*index)) {
                change(accepted);
            }
        }
        for form in transaction.forms {
            match self.form_at.get(&form.message_id).and_then(|index| self.forms.get_mut(*index)) {
                Some(known) => *known = form,
                None => {
                    self.form_at.insert(form.message_id, self.forms.len());
                    self.forms.push(form);
                }
            }
        }
        for answer in transaction.answers {
            self.answer_order.push(answer.message_id);
            self.answers.insert(answer.message_id, answer);
        }
        self.posted.extend(transaction.posted);
        self.acknowledged.extend(transaction.acknowledged);
    }
}

impl Exchange {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let (journal, transactions) = Journal::open(path)?;
        let mut state = State::default();
        transactions.into_iter().for_each(|transaction| state.apply(transaction));
        Ok(Self { journal, state, held: None })
    }

    /// Writes a transaction, then applies it.
    pub(super) fn commit(&mut self, transaction: Transaction) -> io::Result<()> {
        self.journal.append(&transaction)?;
        self.state.apply(transaction);
        Ok(())
    }

    pub(super) fn reset(&mut self) -> io::Result<()> {
        let continued =
            Some((self.numbers_given(), self.state.posted_before + self.state.posted.len()));
        self.journal.clear()?;
        self.state = State::default();
        self.held = None;
        self.commit(Transaction { continued, ..Transaction::default() })
    }

    fn numbers_given(&self) -> u32 {
        let forms = u32::try_from(self.state.forms.len()).unwrap_or(u32::MAX);
        self.state.numbers_before.saturating_add(forms)
    }

    /// Ordinal of the next form to register, from 1.
    pub(super) fn next_number(&self) -> u32 {
        self.numbers_given().saturating_add(1)
    }

    pub(super) fn accepted(&self, message_id: Uuid) -> Option<&Accepted> {
        self.state.accepted_at.get(&message_id).and_then(|index| self.state.accepted.get(*index))
    }

    pub(super) fn messages(&self) -> Vec<Accepted> {
        self.state.accepted.clone()
    }

    pub(super) fn unreviewed(&self) -> impl Iterator<Item = Uuid> {
        self.state.accepted.iter().filter(|m| !m.reviewed).map(|m| m.message_id)
    }

    pub(super) fn forms(&self) -> Vec<Form> {
        self.state.forms.clone()
    }

    /// Forms whose clearing is scheduled.
    pub(super) fn clearing(&self) -> impl Iterator<Item = Uuid> {
        self.state.forms.iter().filter(|form| form.clearing).map(|form| form.message_id)
    }

    /// The form that came with this message.
    pub(super) fn form(&self, message_id: Uuid) -> Option<&Form> {
        self.state.form_at.get(&message_id).and_then(|index| self.state.forms.get(*index))
    }

    pub(super) fn form_by_number(&self, number: &RegNumber) -> Option<&Form> {
        self.state.forms.iter().find(|form| form.number == *number)
    }

    pub(super) fn form_by_document(&self, document_id: &str) -> Option<&Form> {
        self.state.forms.iter().find(|form| form.document_id.eq_ignore_ascii_case(document_id))
    }

    /// The form that a message relates to: by its own message or by any answer about it.
    pub(super) fn related_form(&self, relates_to: Uuid) -> Option<&Form> {
        let filing =
            self.state.answers.get(&relates_to).map_or(relates_to, |answer| answer.relates_to);
        self.form(filing)
    }

    pub(super) fn has_answer(&self, message_id: Uuid) -> bool {
        self.state.answers.contains_key(&message_id)
    }

    /// Answers never listed.
    pub(super) fn unposted(&self) -> Vec<Uuid> {
        let posted: HashSet<_> = self.state.posted.iter().collect();
        self.state.answer_order.iter().filter(|id| !posted.contains(id)).copied().collect()
    }

    /// Which answers to list now that a new one is there.
    pub(super) fn order(&mut self, answer: Uuid, reorder: bool) -> Vec<Uuid> {
        if reorder && self.held.is_none() {
            self.held = Some(answer);
            return Vec::new();
        }
        [Some(answer), self.held.take()].into_iter().flatten().collect()
    }

    /// The answer that was held back, if any.
    pub(super) fn release(&mut self) -> Vec<Uuid> {
        self.held.take().into_iter().collect()
    }

    /// Answers for `receiver` listed after the cursor `after`, at most `limit`, and the cursor to
    /// read on from.
    pub(super) fn listed(
        &self,
        receiver: &str,
        after: usize,
        limit: usize,
    ) -> (Vec<Answer>, usize) {
        let before = self.state.posted_before;
        let start = after.saturating_sub(before).min(self.state.posted.len());
        let mut found = Vec::new();
        let mut next = before + start;
        for id in &self.state.posted[start..] {
            if found.len() == limit {
                break;
            }
            next += 1;
            if let Some(answer) = self.state.answers.get(id)
                && answer.receiver == receiver
                && !self.state.acknowledged.contains(id)
            {
                found.push(answer.clone());
            }
        }
        (found, next)
    }
}
