//! Notices, deadlines, and what is pushed to open pages.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::Title;

/// What a notice is about; the wording belongs to the screens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeKind {
    Registered {
        title: Title,
        number: String,
    },
    Refused {
        title: Title,
        remarks: u32,
    },
    ExplanationsRequired {
        title: Title,
        until: Option<NaiveDate>,
        text: String,
    },
    UnderControl {
        title: Title,
        until: NaiveDate,
        text: String,
    },
    Cleared {
        title: Title,
    },
    Annulled {
        title: Title,
        replaced_by: Option<String>,
    },
    /// Customs could not be reached for long; the time of filing is kept.
    DeliveryDelayed {
        title: Title,
        since: DateTime<Utc>,
    },
    DraftExpires {
        title: Title,
        on: NaiveDate,
    },
    /// A draft is to be filed, or a demand to be answered, by a day that is near.
    Due {
        title: Title,
        what: TodoKind,
        on: NaiveDate,
    },
    /// The telephone has signed a draft, which is to be sent now.
    SignedOnTelephone {
        title: Title,
    },
    /// A signing certificate of the reader's runs out.
    CertificateExpires {
        /// Whom it was issued to, as it says.
        certificate: String,
        on: NaiveDate,
    },
    SignedInElsewhere {
        device: String,
        address: String,
    },
}

impl NoticeKind {
    /// The document that it is about.
    pub fn title(&self) -> Option<&Title> {
        match self {
            Self::Registered { title, .. }
            | Self::Refused { title, .. }
            | Self::ExplanationsRequired { title, .. }
            | Self::UnderControl { title, .. }
            | Self::Cleared { title }
            | Self::Annulled { title, .. }
            | Self::DeliveryDelayed { title, .. }
            | Self::DraftExpires { title, .. }
            | Self::Due { title, .. }
            | Self::SignedOnTelephone { title } => Some(title),
            Self::CertificateExpires { .. } | Self::SignedInElsewhere { .. } => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub read: bool,
    pub kind: NoticeKind,
    /// Where it leads, a path of this site.
    pub link: Option<String>,
}

/// A thing to do on the home page, nearest deadline first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Todo {
    pub kind: TodoKind,
    /// In the reader's language.
    pub title: String,
    pub due: Option<NaiveDate>,
    /// Whole days left by Moscow time; negative when overdue.
    pub days_left: Option<i64>,
    pub link: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodoKind {
    FinishDraft,
    GiveExplanations,
    CorrectForm,
    MendRefused,
    /// A signing certificate runs out.
    RenewCertificate,
}

/// What the server pushes to open pages (server-sent events of `/api/events`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Push {
    /// A new notice; `unread` is the new count for the bell.
    Notice { notice: Box<Notice>, unread: u64 },
    /// A document moved on; open pages fetch what changed since their version.
    Document { id: Uuid, version: i64 },
}
