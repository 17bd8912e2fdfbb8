//! Reference data on the screens: countries, currencies, units, commodity codes, exchange rates.

pub mod api;
pub mod lists;
pub mod pickers;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An entry of a classifier: a code and its name as documents spell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub code: String,
    pub name: String,
}

/// The short classifiers that the form's lists are made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    pub countries: Vec<Entry>,
    pub currencies: Vec<Entry>,
    pub transports: Vec<Entry>,
    pub units: Vec<Entry>,
    pub documents: Vec<Entry>,
    /// Whether the full commodity nomenclature was imported; without it an unknown code may
    /// still be right.
    pub nomenclature: bool,
}

/// A code of the commodity nomenclature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commodity {
    pub code: String,
    pub name: String,
    /// Headings above it, from the chapter downwards.
    pub path: Vec<Entry>,
    /// The supplementary unit, when the code has one.
    pub unit: Option<Entry>,
}

/// An exchange rate: `value` roubles for `nominal` units of the currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub currency: String,
    /// The day since which it holds.
    pub date: NaiveDate,
    pub nominal: u32,
    pub value: Decimal,
    /// Where it comes from, as people read it.
    pub source: String,
}
