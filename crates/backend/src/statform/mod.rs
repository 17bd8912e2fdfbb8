//! Statistical forms of the mutual trade within the EAEU (`StaticForm`, 1006124E; decree of the
//! government of Russia of 19 June 2020 № 891).

mod create;
mod explain;
mod export;
mod list;
mod pdf;
mod print;
mod reference;
mod sheet;
mod summary;
#[cfg(test)]
mod tests;

pub use create::{copy, create, prepare, replace, upload};
pub use explain::explain;
pub use export::{Format, export};
pub use list::list;
pub use print::pdf;
pub use reference::{correction_due, refusal_remarks, remarks, remarks_of, remarks_of_file};
pub use sheet::{SheetError, sheet};
pub use summary::summarise;

/// Code of the form in the album.
pub const KIND: &str = "1006124E";

/// How an answer to a demand is named on the wire; the album has no document of its own for it.
pub const EXPLANATION: &str = "Explanation";
