//! Server functions over HTTP.

use app::context::{ApiCall, SessionCookie};
use axum::{
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, header};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::{Host, fault, page, routes::Routes};

/// The build that answers; a page of another one is told to reload.
pub const VERSION: HeaderName = HeaderName::from_static("x-app-version");

/// One route for each registered server function.
pub fn router(host: &Host) -> Routes {
    let mut routes = Routes::new();
    for (path, method) in server_fn::axum::server_fn_paths() {
        routes = match method {
            Method::GET => routes.get(path, call),
            _ => routes.post(path, call),
        };
    }
    routes.layer(page::compression()).layer(from_fn_with_state(host.clone(), stamp))
}

async fn call(State(host): State<Host>, request: Request) -> Response {
    let call = ApiCall { plain_form: fault::accepts_html(request.headers()) };
    let jar = host.jar();
    let cookie = SessionCookie::new(move |token| jar.set(jar.session(), token, None));
    handle_server_fns_with_context(
        move || {
            page::provide_request();
            provide_context(call);
            provide_context(cookie.clone());
        },
        request,
    )
    .await
    .into_response()
}

/// Answers of the API are for this reader alone, and say which build they are of.
pub async fn stamp(State(host): State<Host>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(version) = HeaderValue::from_str(&host.assets().build) {
        headers.insert(VERSION, version);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
