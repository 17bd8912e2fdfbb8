//! The way to ESIA and back, and the way out.

use axum::{
    extract::{Extension, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use backend::{ctx::Ctx, session};
use domain::error::WireError;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;

use super::{Host, cookie, fault::Refusal, routes::Routes};

/// Seconds that a sign-in may take at ESIA.
const SIGN_IN_SECONDS: u32 = 10 * 60;

pub fn router() -> Routes {
    Routes::new()
        .get("/sign-in/esia", begin)
        .get("/sign-in/esia/return", finish)
        .post("/sign-out", sign_out)
}

#[derive(Debug, Deserialize)]
struct Begin {
    #[serde(rename = "return")]
    return_to: Option<String>,
}

async fn begin(
    State(host): State<Host>,
    Extension(ctx): Extension<Ctx>,
    Query(query): Query<Begin>,
) -> Response {
    let return_to = query.return_to.as_deref().and_then(app::routes::local);
    match session::esia_begin(&ctx, return_to).await {
        Ok(begun) => {
            let mut response = Redirect::to(&begun.url).into_response();
            // The way back is taken by the browser that set out, and by no other.
            let jar = host.jar();
            let mark = jar.set(&jar.sign_in(&begun.state), &begun.state, Some(SIGN_IN_SECONDS));
            if let Some(mark) = mark {
                response.headers_mut().append(header::SET_COOKIE, mark);
            }
            no_store(response)
        }
        Err(error) => refused(&ctx, app::context::refuse(&ctx, &error).0),
    }
}

async fn finish(
    State(host): State<Host>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(mut callback): Query<session::Callback>,
) -> Response {
    let jar = host.jar();
    let mark = jar.sign_in(callback.state.as_deref().unwrap_or_default());
    callback.browser = cookie::value(&headers, &mark).map(str::to_owned);
    let mut response = match session::esia_finish(&ctx, callback).await {
        Ok(signed) => {
            let mut response = Redirect::to(&signed.return_to).into_response();
            if let Some(cookie) = jar.set(jar.session(), &signed.token, None) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => refused(&ctx, app::context::refuse(&ctx, &error).0),
    };
    if let Some(clear) = jar.clear(&mark) {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    no_store(response)
}

/// Back to the sign-in page, which says why and what to do.
fn refused(ctx: &Ctx, error: WireError) -> Response {
    tracing::info!(%error, "sign_in.refused");
    let address = format!("/sign-in?refused={}&id={}", error.message, ctx.request_id);
    no_store(Redirect::to(&address).into_response())
}

/// Ends the session here and at ESIA. What the device keeps for itself (drafts that were not sent
/// yet, signing keys) stays: losing it would be worse than keeping it.
async fn sign_out(State(host): State<Host>, Extension(ctx): Extension<Ctx>) -> Response {
    let url = match session::sign_out(&ctx).await {
        Ok(url) => url,
        Err(error) => return Refusal::new(app::context::refuse(&ctx, &error).0).into_response(),
    };
    let target = url.as_deref().unwrap_or("/sign-in");
    let mut response = Redirect::to(target).into_response();
    let headers = response.headers_mut();
    if let Some(clear) = host.jar().clear(host.jar().session()) {
        headers.append(header::SET_COOKIE, clear);
    }
    headers
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    no_store(response)
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
