//! What can go wrong with reference data.

use domain::{
    error::{ErrorCode, FieldError, WireError},
    lang::Lang,
};
use sea_orm::DbErr;
use thiserror::Error;

use crate::error::Refusal;

/// A file that is not what it should be. Nothing of it was taken. The texts are Russian: so are
/// the files, and the operators who load them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}{}: {what}. Нужно: {right}.", .line.map(|line| format!(", строка {line}")).unwrap_or_default())]
pub struct ImportError {
    pub file: String,
    /// Counted from one; absent when the file as a whole is wrong.
    pub line: Option<usize>,
    pub what: String,
    pub right: String,
}

impl ImportError {
    pub(super) fn whole(file: &str, what: impl Into<String>, right: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, what: what.into(), right: right.into() }
    }

    pub(super) fn at(
        file: &str,
        line: usize,
        what: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        Self { line: Some(line), ..Self::whole(file, what, right) }
    }
}

/// An error of this area.
#[derive(Debug, Error)]
pub enum TariffError {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("reference data: the database failed")]
    Database(#[from] DbErr),
    /// A value that only this program writes cannot be read back.
    #[error("reference data: stored {what} `{value}` is broken")]
    Broken { what: &'static str, value: String },
}

impl Refusal for TariffError {
    fn wire(&self, _: Lang) -> Option<WireError> {
        let Self::Import(error) = self else { return None };
        let path = match error.line {
            Some(line) => format!("{}:{line}", error.file),
            None => error.file.clone(),
        };
        let field = FieldError::new(path, &error.what).right(&error.right);
        Some(WireError::new(ErrorCode::Invalid, "tariff.file").field(field))
    }
}
