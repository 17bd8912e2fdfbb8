//! Who asks: the session behind the cookie.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use backend::ctx::{Actor, Client, Ctx};
use http::{HeaderMap, header};

use super::{Host, client::Address, cookie, limits, request_id::RequestId};

/// Long enough for every browser; the rest of a longer one says nothing more.
const USER_AGENT_MAX: usize = 400;

/// Puts the request's [`Ctx`] into its extensions.
pub async fn resolve(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let now = host.backend().now();
    let headers = request.headers();
    let session = match cookie::value(headers, host.jar().session()) {
        Some(token) => backend::session::resolve(host.backend(), token, now).await,
        None => None,
    };
    if let Some(session) = &session
        && let Err(wait) = host.limiter().session.take(session.id, now)
    {
        return limits::too_many(wait);
    }
    let known = session.is_some();
    let ctx = Ctx {
        backend: host.backend().clone(),
        actor: session.map_or(Actor::Anonymous, |session| Actor::Person(Arc::new(session))),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default(),
        client: Client {
            address: request.extensions().get::<Address>().copied().unwrap_or_default().0.to_string(),
            user_agent: user_agent(headers),
        },
    };
    let stale = !known && cookie::value(headers, host.jar().session()).is_some();
    request.extensions_mut().insert(ctx);
    let mut response = next.run(request).await;
    // A cookie of a session that ended is taken back, unless a new one was just given.
    if stale
        && !response.headers().contains_key(header::SET_COOKIE)
        && let Some(clear) = host.jar().clear(host.jar().session())
    {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .map(|agent| agent.chars().take(USER_AGENT_MAX).collect())
        .unwrap_or_default()
}
