//! Numbers for Prometheus, on a listener of their own.

use std::sync::OnceLock;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::Host;

/// Seconds; the budget of a draft's patch is 10 ms.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// A process counts in one place, however many hosts it runs.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins counting.
///
/// # Errors
/// The buckets are refused.
pub fn install() -> Result<(), BuildError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        let _ = RECORDER.set(handle);
    }
    metrics::describe_counter!("http_requests_total", "Requests answered");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time to the beginning of the answer"
    );
    metrics::describe_gauge!("outbox_depth", "Signed documents that wait for delivery");
    metrics::describe_gauge!("outbox_dead", "Signed documents whose delivery was given up");
    metrics::describe_gauge!("job_dead", "Background jobs that were given up");
    metrics::describe_gauge!("mobile_depth", "Requests to sign that wait for a telephone");
    metrics::describe_gauge!("event_streams", "Open pages that listen for news");
    Ok(())
}

/// `/metrics` and nothing else.
pub fn router(host: Host) -> Router {
    Router::new().route("/metrics", get(render)).with_state(host)
}

async fn render(State(host): State<Host>) -> Response {
    let Some(recorder) = RECORDER.get() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let db = &host.backend().db;
    let depth = backend::document::outbox_depth(db).await;
    let dead = backend::document::outbox_dead(db).await.map(|dead| dead.len() as u64);
    let jobs = backend::job::dead(db).await.map(|dead| dead.len() as u64);
    let telephones = backend::signature::mobile::depth(db).await;
    for (name, number) in [
        ("outbox_depth", depth),
        ("outbox_dead", dead),
        ("job_dead", jobs),
        ("mobile_depth", telephones),
    ] {
        match number {
            Ok(number) => metrics::gauge!(name).set(number as f64),
            Err(error) => tracing::error!(%error, name, "metrics.query_failed"),
        }
    }
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response()
}
