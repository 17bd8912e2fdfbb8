//! Where the log goes.

use thiserror::Error;
use tracing_subscriber::{EnvFilter, util::TryInitError};

use crate::config::{Log, LogFormat};

/// Why there is no log.
#[derive(Debug, Error)]
pub enum TelemetryError {
    #[error("log.filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("the log is installed already: {0}")]
    Installed(#[from] TryInitError),
}

/// Sends the log to stderr: stdout belongs to the answers of commands.
///
/// # Errors
/// The filter is not understood.
pub fn install(log: &Log) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt;
    let filter = EnvFilter::try_new(&log.filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init()?,
        LogFormat::Text => builder.finish().try_init()?,
    }
    Ok(())
}
