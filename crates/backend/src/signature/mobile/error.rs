//! Why a use case of the telephone was refused.

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
};
use sea_orm::DbErr;
use thiserror::Error;

use crate::{
    document::DocumentError,
    error::{Denied, Refusal},
};

#[derive(Debug, Error)]
pub enum MobileError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Organisations and sole traders sign with certificates of the tax service's authority.
    #[error("only individuals sign on the telephone")]
    Individuals,
    #[error("the cabinet is not connected to «Госключ»")]
    NotOffered,
    /// «Госключ» finds a person by СНИЛС.
    #[error("the СНИЛС of the person is not known")]
    NoSnils,
    /// Also another's request.
    #[error("no such request")]
    NotFound,
    /// What is to be signed is not to be had.
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for MobileError {
    fn wire(&self, lang: Lang) -> Option<WireError> {
        Some(match self {
            Self::Denied(denied) => (*denied).into(),
            Self::Individuals => {
                WireError::new(ErrorCode::Forbidden, "signature.mobile_individuals")
            }
            Self::NotOffered => {
                WireError::new(ErrorCode::Forbidden, "signature.mobile_not_offered")
            }
            Self::NoSnils => WireError::new(ErrorCode::Forbidden, "signature.mobile_snils"),
            Self::NotFound => WireError::of(ErrorCode::NotFound),
            Self::Document(error) => return error.wire(lang),
            Self::Db(_) => return None,
        })
    }
}
