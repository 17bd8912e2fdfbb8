//! Refusals that every area shares.

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
};
use thiserror::Error;

/// Why the actor may not do what he asked for, before the subject itself was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Denied {
    #[error("nobody is signed in")]
    NotSignedIn,
    #[error("the session is locked for idleness")]
    Locked,
    #[error("no cabinet is chosen")]
    NoCabinet,
    #[error("the actor lacks the right")]
    Forbidden,
}

impl From<Denied> for WireError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotSignedIn => Self::of(ErrorCode::NotSignedIn),
            Denied::Locked => Self::of(ErrorCode::Locked),
            Denied::NoCabinet => Self::of(ErrorCode::NoCabinet),
            Denied::Forbidden => Self::of(ErrorCode::Forbidden),
        }
    }
}

/// An error of an area that the boundary turns into what the reader sees.
///
/// `None` means that only the log may know the cause: the reader gets the request's id.
pub trait Refusal: std::error::Error {
    ///
    /// Texts of wrong fields are in the language given, that of the reader.
    fn wire(&self, lang: Lang) -> Option<WireError>;
}

impl Refusal for Denied {
    fn wire(&self, _: Lang) -> Option<WireError> {
        Some((*self).into())
    }
}
