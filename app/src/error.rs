//! The one error that crosses the wire, as server functions want it.

use std::fmt;

use domain::error::{ErrorCode, WireError};
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// A refusal that the reader is shown: what is wrong, in which field, what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub WireError);

impl ApiError {
    /// A refusal without fields, under the code's own words.
    pub fn new(code: ErrorCode, message: &'static str) -> Self {
        Self(WireError::new(code, message))
    }

    /// The HTTP status that says the same (RFC 9110, section 15).
    pub fn status(&self) -> u16 {
        status(self.0.code)
    }
}

/// The HTTP status of an error code.
pub const fn status(code: ErrorCode) -> u16 {
    match code {
        ErrorCode::NotSignedIn | ErrorCode::Locked => 401,
        ErrorCode::Forbidden | ErrorCode::NoCabinet => 403,
        ErrorCode::NotFound => 404,
        ErrorCode::Conflict => 409,
        ErrorCode::Expired => 410,
        ErrorCode::TooLarge => 413,
        ErrorCode::Invalid => 422,
        ErrorCode::TooManyRequests => 429,
        ErrorCode::Internal => 500,
        ErrorCode::Unavailable => 503,
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ApiError {}

impl From<WireError> for ApiError {
    fn from(error: WireError) -> Self {
        Self(error)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match error {
            // The browser could not reach the server, or what answered was not the cabinet.
            E::Request(_) | E::Deserialization(_) | E::Response(_) => {
                Self::new(ErrorCode::Unavailable, "api.unreachable")
            }
            E::Args(_) | E::MissingArg(_) | E::UnsupportedRequestMethod(_) => {
                Self::new(ErrorCode::Invalid, "api.malformed")
            }
            E::Registration(_)
            | E::ServerError(_)
            | E::MiddlewareError(_)
            | E::Serialization(_) => Self(WireError::of(ErrorCode::Internal)),
        }
    }
}
