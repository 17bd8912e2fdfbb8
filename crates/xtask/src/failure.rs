//! What went wrong, and the command that mends it.

use std::fmt;
use std::path::Path;

pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failure that a person reads at the end of a command.
#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: Option<String>,
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// Names the command or the action that mends it.
    pub fn mend(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// A file operation that failed.
    pub fn file(action: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("Cannot {action} {}: {error}.", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n  To mend it: {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
