//! Who is signed in, and for whom they act.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::signature::SignatureWays;
use crate::lang::Lang;

/// What kind of participant a cabinet belongs to; it decides which services are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Company,
    SoleTrader,
    SelfEmployed,
    Person,
}

impl Category {
    /// A natural person who acts for himself alone.
    pub const fn is_individual(self) -> bool {
        matches!(self, Self::SelfEmployed | Self::Person)
    }
}

/// What a person may do in one participant's cabinet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// The head, entitled to act without a power of attorney.
    pub chief: bool,
    /// May invite and dismiss employees.
    pub admin: bool,
    /// May create and change documents.
    pub edit: bool,
    /// May sign and send documents.
    pub sign: bool,
}

/// A cabinet that the person may enter («Выбор способа входа»).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// The participant whose cabinet it is.
    pub participant: Uuid,
    pub category: Category,
    /// Short name of the organisation, or the person's name.
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub post: Option<String>,
    pub rights: Rights,
}

/// The person behind a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonName {
    pub surname: String,
    pub name: String,
    pub patronymic: Option<String>,
}

impl PersonName {
    /// «Иванова А. П.»
    pub fn short(&self) -> String {
        let initial = |s: &str| s.chars().next().map(|c| format!(" {c}.")).unwrap_or_default();
        let patronymic = self.patronymic.as_deref().map(initial).unwrap_or_default();
        format!("{}{}{patronymic}", self.surname, initial(&self.name))
    }

    /// «Иванова Анна Петровна»
    pub fn full(&self) -> String {
        let mut full = format!("{} {}", self.surname, self.name);
        if let Some(patronymic) = &self.patronymic {
            full.push(' ');
            full.push_str(patronymic);
        }
        full
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    Light,
    Dark,
}

/// Everything that every page needs to know about its reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Who {
    pub session: Uuid,
    pub person: Uuid,
    pub name: PersonName,
    /// The cabinet entered; `None` until one is chosen.
    pub role: Option<Role>,
    /// How many cabinets the person may enter.
    pub roles: usize,
    pub lang: Lang,
    pub theme: Theme,
    /// A signing certificate is attached to the profile.
    pub signature: bool,
    /// Which ways of signing the operator offers.
    pub signature_ways: SignatureWays,
    /// Unread notices.
    pub unread: u64,
    /// The session is locked for idleness; drafts are kept, nothing else may be read.
    pub locked: bool,
    /// Seconds of idleness after which the screen locks.
    pub idle_limit: u32,
}

/// One of the reader's sessions, as the profile lists them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: Uuid,
    pub current: bool,
    /// Browser and system, shortened.
    pub device: String,
    pub address: String,
    pub started: DateTime<Utc>,
    pub seen: DateTime<Utc>,
}
