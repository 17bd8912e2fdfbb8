//! Why a use case of documents was refused.

use domain::{
    error::{ErrorCode, FieldError, WireError},
    lang::Lang,
    state::DocumentState,
};
use edoc::remark::Remark;
use sea_orm::DbErr;
use thiserror::Error;

use crate::error::{Denied, Refusal};

#[derive(Debug, Error)]
pub enum DocumentError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Also what the actor may not know of.
    #[error("no such document")]
    NotFound,
    #[error("no such kind of document: {0}")]
    UnknownKind(String),
    #[error("the document is {0:?} and cannot be changed so")]
    State(DocumentState),
    #[error("change {index} cannot be read: {cause}")]
    Change { index: usize, cause: String },
    #[error("the document has {} remarks that prevent sending", .0.len())]
    Remarks(Vec<Remark>),
    /// The document moved on after it was shown for signing.
    #[error("the document changed after it was shown")]
    Changed,
    #[error("the signature is refused: {0}")]
    Signature(#[from] crate::signature::SignatureError),
    #[error("too many changes at once")]
    TooLarge,
    #[error("the file cannot be read: {0}")]
    Xml(#[from] edoc::xml::XmlError),
    /// A table that goods are taken from.
    #[error("the table cannot be read: {0}")]
    Sheet(#[from] crate::statform::SheetError),
    #[error("the field {path} is wrong: {key}")]
    Field { code: ErrorCode, key: &'static str, path: &'static str },
    #[error("the profile cannot be read")]
    Profile(#[from] crate::profile::ProfileError),
    #[error("the reference data failed")]
    Tariff(#[from] crate::tariff::TariffError),
    #[error("the database failed")]
    Db(#[from] DbErr),
    #[error("a kept document cannot be read: {0}")]
    Corrupt(String),
}

impl Refusal for DocumentError {
    fn wire(&self, lang: Lang) -> Option<WireError> {
        Some(match self {
            Self::Denied(denied) => (*denied).into(),
            Self::NotFound => WireError::new(ErrorCode::NotFound, "document.not_found"),
            Self::UnknownKind(kind) => {
                WireError::new(ErrorCode::Invalid, "document.unknown_kind").arg("kind", kind)
            }
            Self::State(state) => {
                WireError::new(ErrorCode::Conflict, "document.state").arg("state", state.name(lang))
            }
            Self::Change { index, cause } => WireError::new(ErrorCode::Invalid, "document.change")
                .arg("index", index)
                .arg("cause", cause),
            Self::Remarks(remarks) => remarks.iter().fold(
                WireError::new(ErrorCode::Invalid, "document.remarks").arg("count", remarks.len()),
                |error, remark| error.field(field(remark, lang)),
            ),
            Self::Changed => WireError::new(ErrorCode::Conflict, "document.changed"),
            Self::Signature(cause) => cause.wire(),
            Self::TooLarge => WireError::new(ErrorCode::TooLarge, "document.too_large"),
            Self::Xml(error) => {
                WireError::new(ErrorCode::Invalid, "document.xml").arg("cause", error.text(lang))
            }
            Self::Sheet(cause) => {
                WireError::new(ErrorCode::Invalid, "statform.sheet").arg("cause", cause.text(lang))
            }
            Self::Field { code, key, path } => {
                let error = WireError::new(*code, *key);
                let what = error.cause_text(lang);
                error.field(FieldError::new(*path, what))
            }
            Self::Profile(error) => return error.wire(lang),
            Self::Tariff(_) | Self::Db(_) | Self::Corrupt(_) => return None,
        })
    }
}

fn field(remark: &Remark, lang: Lang) -> FieldError {
    FieldError {
        path: remark.path.to_string(),
        what: remark.text(lang),
        right: remark.expected.clone(),
        remedy: Some(remark.remedy(lang)),
    }
}
