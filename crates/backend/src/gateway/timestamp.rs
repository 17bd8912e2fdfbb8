//! A service that stamps with the time (RFC 3161, over HTTP by §3.4).
//!
//! Its address is that of the operator; tokens are signed, so plain HTTP does no harm to them.

use std::time::Duration;

use reqwest::header;
use signature::{digest::DigestAlgorithm, report::Reason, timestamp::TimestampRequest};
use thiserror::Error;

use super::bounded_body;

/// Longest wait: a person waits for it when a document is sent.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// A longer answer is not read: a token with its certificates has a tenth of it.
const MAX_ANSWER: usize = 256 << 10;

/// Why there is no time-stamp.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimestampError {
    #[error("no answer: {0}")]
    Unreachable(String),
    #[error("refused: {}", .0.code())]
    Refused(Reason),
}

/// The service.
pub struct TimestampService {
    http: reqwest::Client,
    url: String,
}

impl TimestampService {
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(url: String) -> Result<Self, reqwest::Error> {
        Ok(Self { http: super::http_client(TIME_LIMIT)?, url })
    }

    /// A token over `data`, of which only the digest leaves. Who signed the token is a matter of
    /// verification.
    ///
    /// # Errors
    /// See [`TimestampError`].
    pub async fn stamp(
        &self,
        digest: DigestAlgorithm,
        data: &[u8],
        nonce: [u8; 8],
    ) -> Result<Vec<u8>, TimestampError> {
        let question = TimestampRequest::new(digest, data, nonce);
        let request = self
            .http
            .post(&self.url)
            .header(header::CONTENT_TYPE, TimestampRequest::MEDIA_TYPE)
            .body(question.to_der());
        let answer =
            bounded_body(request, MAX_ANSWER).await.map_err(TimestampError::Unreachable)?;
        question.accept(&answer).map_err(TimestampError::Refused)
    }
}
