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

pub use running::{Running, StartError};
