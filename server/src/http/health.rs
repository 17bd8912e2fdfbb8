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
}

pub fn router() -> Routes {
    Routes::new().get("/health/live", live).get("/health/ready", ready)
}

async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "alive\n").into_response()
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
    let readiness = Readiness { database, workers: host.workers_alive() };
    let status = if readiness.database && readiness.workers && !host.is_closing() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(readiness)).into_response()
}
