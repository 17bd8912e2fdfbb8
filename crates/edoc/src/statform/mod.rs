//! The statistical form of goods moved within the EAEU (government decree of 19.06.2020 № 891),
//! document 1006124E.

mod completeness;
mod graphs;
mod reference;
mod rules;
mod schema;
mod source;
mod totals;

pub use completeness::{completeness, draft_completeness};
pub use graphs::{GRAPHS, Graph, graph_of};
pub use reference::{Lookup, Reference, Tnved, Unit};
pub use rules::{check_all, check_header, check_line, numbered, rules};
pub use schema::{MODE_ID, NAMESPACE, schema};
pub use totals::{Summary, Totals, draft_summary, draft_totals, summary, totals};

/// Goods lines that one form may have (`GoodsNumeric` has three digits).
pub const MAX_LINES: usize = 999;
/// States of the EAEU other than Russia.
pub const PARTNERS: [&str; 4] = ["BY", "KZ", "AM", "KG"];
