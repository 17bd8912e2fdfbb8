//! Time-stamps (RFC 3161, RFC 5816).

mod exchange;
mod token;

pub use exchange::{TimestampRequest, read_response};
pub use token::{Timestamp, TstInfo};
