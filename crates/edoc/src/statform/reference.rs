//! Reference data that the rules ask for.

use chrono::NaiveDate;
use domain::calendar::Calendar;
use rust_decimal::Decimal;

/// An answer of reference data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<T> {
    Known(T),
    /// The data is there and does not have it.
    Unknown,
    /// The data is not there; nothing can be said.
    NotLoaded,
}

/// A unit of measure of the TN VED.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Three digits of OKEI, such as `796`.
    pub code: String,
    /// Short name, such as `ШТ`.
    pub name: String,
}

/// A commodity code in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tnved {
    /// The supplementary unit, when the code has one.
    pub unit: Option<Unit>,
}

/// What the rules need to know of the world. Native code asks tables, a browser asks what it has
/// been sent; a rule whose data is not there says so in a warning or keeps silent.
pub trait Reference {
    /// Today in Moscow.
    fn today(&self) -> NaiveDate;

    fn calendar(&self) -> &Calendar;

    /// The name of a country by its two-letter code.
    fn country(&self, code: &str) -> Lookup<String>;

    /// A currency by its three-letter code.
    fn currency(&self, code: &str) -> Lookup<()>;

    /// The name of a mode of transport by its two-digit code.
    fn transport(&self, code: &str) -> Lookup<String>;

    /// A ten-digit code on a date.
    fn tnved(&self, code: &str, date: NaiveDate) -> Lookup<Tnved>;

    /// Roubles for one unit of a currency on a date.
    fn rate(&self, currency: &str, date: NaiveDate) -> Option<Decimal>;

    /// A registered statistical form of the same participant by its number.
    fn registered(&self, number: &str) -> Lookup<()>;
}
