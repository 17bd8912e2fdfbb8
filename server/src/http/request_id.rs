//! The id of a request: in the log, in the answer, on error pages.

use std::{fmt, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use super::Host;

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// An id that sorts by time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestId(Option<Arc<str>>);

impl RequestId {
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Names the request, logs it, and counts it.
pub async fn observe(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let id = RequestId(Some(host.backend().uuid().to_string().into()));
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    // A path may name a document; its query may hold what was searched for, and stays out.
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |matched| matched.as_str().to_owned());
    let span = tracing::info_span!("request", id = %id, %method, path);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();

    let status = response.status();
    span.in_scope(|| {
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        if route.starts_with("/health") {
            tracing::debug!(status = status.as_u16(), millis, "request.done");
        } else {
            tracing::info!(status = status.as_u16(), millis, "request.done");
        }
    });
    let labels =
        [("method", method.to_string()), ("route", route), ("status", status.as_str().to_owned())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2])
        .record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
