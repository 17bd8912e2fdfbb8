//! Words and rules of foreign trade, without input or output.
//!
//! Everything here is pure and runs both natively and in WebAssembly: clock and randomness are
//! the caller's. Texts come in Russian and English ([`lang::Lang`]).

pub mod calendar;
pub mod catalogue;
pub mod date;
pub mod deadline;
pub mod error;
pub mod ids;
pub mod lang;
pub mod money;
pub mod notice;
pub mod state;
pub mod text;
pub mod view;
