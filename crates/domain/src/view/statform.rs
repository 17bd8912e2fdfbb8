//! Lists of statistical forms.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::{Demand, Head};
use crate::state::DocumentState;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: Uuid,
    pub number: Option<String>,
    /// `2026-10`.
    pub period: Option<String>,
    /// «ИМ» or «ЭК».
    pub direction: Option<String>,
    pub partner: Option<String>,
    /// Total invoiced cost, decimal with two digits, in `currency`.
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub state: DocumentState,
    pub due: Option<NaiveDate>,
    pub late: bool,
    pub demand: Option<Demand>,
    pub updated: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Updated,
    Number,
    Period,
    Partner,
    Amount,
    State,
    Due,
}

/// What the list is filtered and sorted by; every part may be absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Number, partner, or words of the goods.
    pub search: String,
    pub states: Vec<DocumentState>,
    pub direction: Option<String>,
    /// `2026-10`.
    pub period_from: Option<String>,
    pub period_to: Option<String>,
    /// Only forms that wait for the participant.
    pub attention: bool,
    pub sort: Sort,
    pub descending: bool,
    /// From 1.
    pub page: u64,
    /// 20, 50 or 100.
    pub size: u64,
}

/// A sheet of an uploaded table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Names of all sheets of the book, in its order; none of a CSV file.
    pub names: Vec<String>,
    /// Place of this sheet among them, from 0.
    pub number: u32,
    /// Cells as texts; rows without any text are left out.
    pub rows: Vec<Vec<String>>,
}

/// How an uploaded file became a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    pub head: Head,
    /// The edition that the file was in, when it is not the one used here.
    pub converted_from: Option<String>,
    /// Elements that this edition does not know and that were left out of it, with their values.
    pub unknown: Vec<String>,
    /// What was wrong with the file itself and is right in the draft (order of elements, stray
    /// texts), in the reader's language.
    #[serde(default)]
    pub mended: Vec<String>,
    pub errors: u32,
    pub warnings: u32,
}
