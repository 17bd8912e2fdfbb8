//! Reference data: the commodity nomenclature, duties, units, countries, exchange rates, calendar.
//!
//! Everything is data that an operator imports ([`import`]) from official files; a small
//! hand-written set ([`install_builtin`]) lets the first run work. A file is parsed as a whole
//! before anything is written, and is written in one transaction: a wrong one changes nothing.

mod builtin;
pub mod entity;
mod error;
mod import;
mod kind;
mod lists;
pub mod migration;
mod parse;
pub(crate) mod search;

pub use builtin::install_builtin;
pub use error::{ImportError, TariffError};
pub use import::{Imported, SourceFile, import};
pub use kind::Kind;
pub use lists::{
    calendar, countries, currencies, document_kinds, rate_get, status, transport_modes, units,
};
pub use search::{tnved_get, tnved_search};

#[cfg(test)]
mod tests;
