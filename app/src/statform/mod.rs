//! Statistical forms of mutual trade in the EAEU: the list, the editor, reading, printing.

pub mod api;
mod checks;
mod documents;
mod editor;
mod facts;
mod field;
mod form;
mod goods;
mod help;
mod import;
mod line;
mod list;
mod names;
mod new;
mod others;
mod owned;
mod party;
mod picks;
mod place;
mod print;
mod rates;
mod read;
mod reference;
mod remarks;
mod route;
mod row;
mod schema;
mod send;
mod sheet;
mod signatory;
mod totals;
mod upload;

pub use editor::StatformPage;
pub use list::{ListPage, query_of};
pub use names::label as field_label;
pub use new::NewPage;
pub use print::PrintPage;

pub use crate::document::history::HistoryPage;
