//! Who asks: the session behind the cookie.

use std::sync::Arc;

use app::context::chain;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    ctx::{Actor, Client, Ctx},
    session::{self, Activity},
};
use domain::error::ErrorCode;
use http::{HeaderMap, header};

use super::{Host, client::Address, cookie, fault::Refusal, limits, request_id::RequestId};

/// What pages ask by themselves: it does not show that somebody sits before the screen.
const BACKGROUND: [&str; 3] = ["/api/events", "/api/document/since", "/api/signature/mobile_look"];

/// Long enough for every browser; the rest of a longer one says nothing more.
const USER_AGENT_MAX: usize = 400;

/// Puts the request's [`Ctx`] into its extensions.
pub async fn resolve(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let now = host.backend().now();
    let headers = request.headers();
    let activity = match request.uri().path() {
        path if BACKGROUND.contains(&path) => Activity::Background,
        _ => Activity::Reader,
    };
    let session = match cookie::value(headers, host.jar().session()) {
        Some(token) => match session::resolve(host.backend(), token, activity).await {
            Ok(session) => session,
            Err(error) => {
                tracing::error!(error = chain(&error), "session.resolve_failed");
                return Refusal::of(ErrorCode::Internal).into_response();
            }
        },
        None => None,
    };
    if let Some(session) = &session
        && let Err(wait) = host.limiter().session.take(session.id, now)
    {
        return limits::too_many(wait);
    }
    let ctx = Ctx {
        backend: host.backend().clone(),
        actor: session.map_or(Actor::Anonymous, |session| Actor::Person(Arc::new(session))),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default(),
        client: Client {
            address: request
                .extensions()
                .get::<Address>()
                .copied()
                .unwrap_or_default()
                .0
                .to_string(),
            user_agent: user_agent(headers),
        },
    };
    request.extensions_mut().insert(ctx);
    next.run(request).await
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(|agent| agent.chars().take(USER_AGENT_MAX).collect())
        .unwrap_or_default()
}
