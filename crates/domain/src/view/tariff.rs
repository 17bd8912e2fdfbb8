//! Reference data as pickers and checks see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A commodity code with the headings above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commodity {
    /// Digits only; ten when it can be declared.
    pub code: String,
    pub name: String,
    /// From the section down, without the code itself.
    pub path: Vec<Heading>,
    /// The supplementary unit, when the code is known to have one.
    pub unit: Option<Unit>,
    /// Import duties as published, e.g. `5%`. More than one when the source gives alternatives.
    pub duties: Vec<String>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// A section, chapter, heading or subheading above a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Digits; a section is numbered `01`–`21`.
    pub code: String,
    pub name: String,
}

/// A unit of measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// ОКЕИ code, 3 or 4 digits.
    pub code: String,
    pub name: String,
    /// The sign written on documents, in capitals, e.g. `ШТ`.
    pub symbol: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// ISO 3166-1, three digits.
    pub numeric: String,
    /// The name customs uses, in capitals.
    pub name: String,
    pub name_en: Option<String>,
    /// A member of the Eurasian Economic Union.
    pub eaeu: bool,
}

/// A code with its name in both languages: a currency, a mode of transport, a kind of document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// Roubles for `nominal` units of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// ISO 4217, three letters.
    pub currency: String,
    pub nominal: u32,
    /// Decimal with a point.
    pub rate: String,
    /// The day it is set for; it holds until the next one.
    pub date: NaiveDate,
    pub source: String,
}

/// Where a kind of reference data comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// `tnved`, `duty_rates`, `units`, `countries`, `exchange_rates`, `calendar`, `tnved_units`.
    pub kind: String,
    pub rows: u64,
    /// The edition or date that the source states.
    pub edition: Option<String>,
    /// File names, or «встроенный пример».
    pub source: String,
    /// The example that comes with the program, not an official source.
    pub builtin: bool,
    pub imported_at: DateTime<Utc>,
}
