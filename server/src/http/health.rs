//! Whether the process lives, and whether it can serve.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::Serialize;

use super::{Host, routes::Routes};

/// The answer of `/health/ready`: each part that must work.
#[derive(Debug, Serialize)]
struct Readiness {
    database: bool,
    workers: bool,
    /// Loops of background work that do not come round any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stuck: Vec<&'static str>,
}

pub fn router() -> Routes {
    Routes::new().get("/health/live", live).get("/health/ready", ready)
}

async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "alive\n").into_response()
}

impl Readiness {
    /// `stuck` is `None` while no background work runs.
    fn of(database: bool, stuck: Option<Vec<&'static str>>) -> Self {
        let workers = stuck.as_ref().is_some_and(Vec::is_empty);
        Self { database, workers, stuck: stuck.unwrap_or_default() }
    }

    fn status(&self, closing: bool) -> StatusCode {
        if self.database && self.workers && !closing {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// 503 while something is missing, and from the moment shutdown begins, so that a balancer sends
/// nobody here any more.
async fn ready(State(host): State<Host>) -> Response {
    let database = match host.backend().db.ping().await {
        Ok(()) => true,
        Err(error) => {
            tracing::error!(%error, "health.database_failed");
            false
        }
    };
    let readiness = Readiness::of(database, host.workers_stuck());
    if !readiness.stuck.is_empty() {
        tracing::error!(stuck = ?readiness.stuck, "health.workers_stuck");
    }
    let status = readiness.status(host.is_closing());
    (status, [(header::CACHE_CONTROL, "no-store")], Json(readiness)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stuck_is_named_and_nobody_is_sent_here() {
        let well = Readiness::of(true, Some(vec![]));
        assert_eq!((well.status(false), well.status(true)), (StatusCode::OK, UNAVAILABLE));
        for (readiness, json) in [
            (Readiness::of(true, None), r#"{"database":true,"workers":false}"#),
            (Readiness::of(false, Some(vec![])), r#"{"database":false,"workers":true}"#),
            (
                Readiness::of(true, Some(vec!["delivery"])),
                r#"{"database":true,"workers":false,"stuck":["delivery"]}"#,
            ),
        ] {
            assert_eq!(readiness.status(false), UNAVAILABLE);
            assert_eq!(serde_json::to_string(&readiness).unwrap(), json);
        }
    }

    const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
}
