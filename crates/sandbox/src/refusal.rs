//! A refused request of the JSON interfaces: what is wrong and what would be right.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// `{"error": {"field": …, "what": …, "right": …}}` with an HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// Field of the request, when one is to blame.
    pub(crate) field: Option<&'static str>,
    pub(crate) what: String,
    pub(crate) right: String,
}

impl Refusal {
    pub(crate) fn invalid(
        field: &'static str,
        what: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            field: Some(field),
            what: what.into(),
            right: right.into(),
        }
    }

    pub(crate) fn not_found(what: impl Into<String>, right: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, field: None, what: what.into(), right: right.into() }
    }

    /// The system was switched off through the control interface.
    pub(crate) fn down(system: &str) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            field: None,
            what: format!("{system} is switched off in the sandbox"),
            right: "repeat later or switch it on at /sandbox/".to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({
            "error": { "field": self.field, "what": self.what, "right": self.right }
        });
        (self.status, Json(body)).into_response()
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "the sandbox could not write its data folder");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            field: None,
            what: "the sandbox could not write its data folder".to_owned(),
            right: "free space on the disk and check the folder's permissions".to_owned(),
        }
    }
}
