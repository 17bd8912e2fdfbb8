//! A document on its way from draft to decision.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{lang::Lang, state::DocumentState};

/// What a document is called, in both languages: it is kept once and read by many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    pub ru: String,
    pub en: String,
}

impl Title {
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.ru, &self.en)
    }
}

/// What an editor needs to open a draft. Trees and changes cross the wire as JSON that only the
/// document engine understands, so that this crate need not know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub head: Head,
    /// `edoc::draft::Draft` as JSON at `head.version`.
    pub draft: String,
    pub can_edit: bool,
    pub can_sign: bool,
    /// Authors of the values that stand in conflict.
    #[serde(default)]
    pub authors: Vec<ChangeAuthor>,
}

/// Who made the changes of one replica whose counters are from `first` to `last`, and when the
/// cabinet took them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeAuthor {
    /// As in the stamp of an `edoc::patch::Change`.
    pub replica: String,
    pub first: u64,
    pub last: u64,
    /// «Иванова И. И.»
    pub author: String,
    /// The reader himself, in another tab or on another device.
    pub own: bool,
    pub at: DateTime<Utc>,
}

impl ChangeAuthor {
    /// Whether the change with this stamp is one of these.
    pub fn covers(&self, replica: &str, counter: u64) -> bool {
        self.replica == replica && (self.first..=self.last).contains(&counter)
    }
}

/// What every screen shows of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub id: Uuid,
    /// Code of the album, `1006124E`.
    pub kind: String,
    /// In the reader's language.
    pub title: String,
    pub state: DocumentState,
    /// Grows by one with every accepted change.
    pub version: i64,
    pub number: Option<String>,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    pub filed: Option<DateTime<Utc>>,
    pub due: Option<NaiveDate>,
    /// Filed after `due`.
    pub late: bool,
    /// What customs demands, and by when.
    pub demand: Option<Demand>,
    pub replaces: Option<String>,
    pub replaced_by: Option<Uuid>,
    /// When an untouched draft is deleted.
    pub expires: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    pub text: String,
    pub since: DateTime<Utc>,
    pub until: Option<NaiveDate>,
    pub days_left: Option<i64>,
    pub answered: Option<DateTime<Utc>>,
}

/// Changes of one replica, oldest first. Sending the same batch again changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    pub document: Uuid,
    /// The version that the sender has seen.
    pub since: i64,
    /// `edoc::patch::Change` as JSON, each.
    pub changes: Vec<String>,
    /// Asks for a checkpoint after these changes (a pause, leaving the page).
    pub pause: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchReply {
    /// Version of the document now.
    pub version: i64,
    /// Changes of others since the sender's version, oldest first.
    pub changes: Vec<String>,
    /// Authors of `changes`, and of the values that stand in conflict after them.
    #[serde(default)]
    pub authors: Vec<ChangeAuthor>,
    /// Set when the document can no longer be edited; the changes sent are kept as a version
    /// in the history all the same.
    pub closed: Option<DocumentState>,
    /// Time of the newest checkpoint.
    pub checkpoint: Option<DateTime<Utc>>,
}

/// Why a checkpoint was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointReason {
    Created,
    Interval,
    Pause,
    Signed,
    Restored,
    Uploaded,
    /// Changes that arrived after the document was sent: kept, not sent.
    Late,
}

/// A row of «История версий».
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub id: Uuid,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub author: String,
    pub reason: CheckpointReason,
    /// How many fields differ from the checkpoint before.
    pub changed: u32,
}

/// One field that differs between two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDifference {
    pub path: String,
    /// Number of the graph, `1` to `20`; `—` outside the numbered graphs.
    pub graph: Option<String>,
    /// Place of the line of goods that the field belongs to, from 1; of a line that is gone, its
    /// place in the version before.
    #[serde(default)]
    pub line: Option<u32>,
    /// Name of the field itself, in the reader's language: «Город».
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// By what right somebody signs for a participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningAuthority {
    /// The head of a company, who needs no power of attorney.
    Head,
    /// For oneself.
    Oneself,
    /// By the machine-readable power of attorney (МЧД) that the document names.
    Power {
        /// `MCD_ID`, its number in the register.
        number: String,
        /// `INNSign`, ИНН of the principal.
        principal: String,
    },
    /// An employee, by a document that names no power of attorney.
    Unnamed,
}

/// A frozen document: exactly these bytes are signed and sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    pub document: Uuid,
    pub version: i64,
    pub title: String,
    /// Canonical XML, base64.
    pub content: String,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Who will sign, and for whom.
    pub signer: String,
    pub participant: String,
    pub authority: SigningAuthority,
    /// Warnings that stand (errors prevent freezing).
    pub warnings: u32,
}

/// A signature over [`Frozen::content`], as the signer gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    pub document: Uuid,
    pub version: i64,
    pub sha256: String,
    /// Detached CMS SignedData, DER, base64.
    pub signature: String,
}

/// One event in a document's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub actor: String,
    pub action: Action,
    pub detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Created,
    Copied,
    Uploaded,
    Restored,
    Reopened,
    Signed,
    Delivered,
    Registered,
    Refused,
    ExplanationsRequired,
    ExplanationsSent,
    UnderControl,
    Cleared,
    Annulled,
    Deleted,
}
