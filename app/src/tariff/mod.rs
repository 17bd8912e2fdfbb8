//! Reference data on the screens: countries, currencies, units, commodity codes, exchange rates.

pub mod api;
pub mod lists;
pub mod pickers;

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
    /// Whether the commodity nomenclature is complete; without it a code that is not found may
    /// still be right.
    pub nomenclature: bool,
}
