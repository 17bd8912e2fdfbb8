//! The host of the cabinet: settings, HTTP, sessions, static files, background work.

#![recursion_limit = "256"]

pub mod cli;
pub mod config;
mod formats;
pub mod http;
mod running;
mod sandboxing;
pub mod telemetry;
mod tls;
mod trust;

/// Stack of each thread that renders pages: unoptimised pages need more than the usual 2 MiB.
/// Memory is taken only as far as it is used.
pub const STACK_BYTES: usize = 16 << 20;

pub use running::{Running, StartError};
