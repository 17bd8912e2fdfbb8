//! Pages, rendered on the server.

use std::sync::Arc;

use app::{
    App,
    context::Reader,
    routes::detour,
    shell::{FrontendAssets, shell},
};
use axum::{
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
};
use backend::ctx::Ctx;
use domain::error::ErrorCode;
use http::{HeaderValue, Method, header, request::Parts};
use leptos::{
    nonce::Nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, render_app_async_stream_with_context, render_route_with_context,
};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::{Host, fault, fault::Refusal, routes::Routes};

/// The addresses of all pages.
pub fn listings() -> Vec<AxumRouteListing> {
    leptos_axum::generate_route_list(App)
}

pub fn router(host: &Host) -> Routes {
    let assets: Arc<FrontendAssets> = Arc::new(host.assets().clone());
    let document = move || shell(&assets);
    let listings = listings();
    let handler =
        render_route_with_context::<Host, _>(listings.clone(), provide_request, document.clone());
    let mut routes = Routes::new();
    for listing in &listings {
        routes = routes.get(listing.path(), handler.clone());
    }
    // The application's own "not found" for addresses that are no page.
    let stray = render_app_async_stream_with_context(provide_request, document);
    let stray = move |request: Request| async move {
        let wanted = matches!(*request.method(), Method::GET | Method::HEAD)
            && fault::accepts_html(request.headers());
        if wanted { stray(request).await } else { Refusal::of(ErrorCode::NotFound).into_response() }
    };
    routes.fallback(stray).layer(from_fn(prepare)).layer(compression())
}

/// Compression that costs little; never of server-sent events.
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(4))
}

/// Puts what the middleware found out into the context of the page or server function.
pub fn provide_request() {
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(ctx) = parts.extensions.get::<Ctx>() {
        provide_context(ctx.clone());
    }
    if let Some(reader) = parts.extensions.get::<Reader>() {
        provide_context(reader.clone());
    }
    if let Some(nonce) = parts.extensions.get::<Nonce>() {
        provide_context(nonce.clone());
    }
}

/// Finds out who reads, sends on who cannot use the page, and keeps pages out of caches.
async fn prepare(mut request: Request, next: Next) -> Response {
    let Some(ctx) = request.extensions().get::<Ctx>().cloned() else {
        return Refusal::of(ErrorCode::Internal).into_response();
    };
    let who = match backend::session::who(&ctx).await {
        Ok(who) => who,
        Err(error) => {
            return Refusal::new(app::context::refuse(&ctx, &error).0).into_response();
        }
    };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    if let Some(detour) = detour(target, who.as_ref()) {
        return no_store(Redirect::to(&detour).into_response());
    }
    let mut reader = fault::preferences(request.headers());
    if let Some(who) = who {
        reader = Reader { lang: who.lang, theme: who.theme, who: Some(who) };
    }
    request.extensions_mut().insert(reader);
    no_store(next.run(request).await)
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
