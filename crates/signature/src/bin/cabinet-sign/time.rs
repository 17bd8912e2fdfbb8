//! The time of verification.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::Stop;
use crate::args::Args;

/// `--at`, or the clock of the machine.
pub fn at(args: &Args) -> Result<DateTime<Utc>, Stop> {
    match args.one("at")? {
        Some(text) => DateTime::parse_from_rfc3339(text)
            .map(|time| time.with_timezone(&Utc))
            .map_err(|error| Stop::new(format!("--at {text}: {error}"))),
        None => Ok(SystemTime::now().into()),
    }
}
