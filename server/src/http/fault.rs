//! Refusals that happen outside of pages: one look for people, one shape for programs.

use std::panic::AssertUnwindSafe;

use app::{
    context::Reader,
    error_page::{self, Fault},
};
use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
};
use futures::FutureExt;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{Host, cookie, request_id::RequestId};

/// A refusal; [`show`] gives it the form that the client understands.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    error: WireError,
}

impl Refusal {
    pub fn new(error: WireError) -> Self {
        let status = StatusCode::from_u16(app::error::status(error.code))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, error }
    }

    pub fn of(code: ErrorCode) -> Self {
        Self::new(WireError::of(code))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Catches panics, and gives every [`Refusal`] its form: a page of the portal for who accepts
/// HTML, otherwise the error as JSON.
pub async fn show(State(host): State<Host>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(request_id = %id, panic = message(panic.as_ref()), "request.panicked");
            Refusal::of(ErrorCode::Internal).into_response()
        }
    };
    let (mut parts, body) = response.into_parts();
    let Some(Refusal { status, error }) = parts.extensions.remove() else {
        return Response::from_parts(parts, body);
    };
    let mut response = if accepts_html(&headers) {
        let reader = preferences(&headers);
        let fault = Fault::of_status(status.as_u16());
        Html(error_page::document(host.assets(), &reader, fault, id.as_str())).into_response()
    } else {
        Json(error.request_id(id.as_str())).into_response()
    };
    *response.status_mut() = status;
    for (name, value) in &parts.headers {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            response.headers_mut().append(name, value.clone());
        }
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Whether the client is a browser that opens a page or sends a form.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Language and colours of a reader who is not known: his cookies, then his browser's wish.
pub fn preferences(headers: &HeaderMap) -> Reader {
    use domain::view::session::Theme;
    let wished = || {
        let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        accepted.split(',').find_map(|tag| tag.split(';').next()?.trim().parse::<Lang>().ok())
    };
    Reader {
        lang: cookie::value(headers, "lang")
            .and_then(|tag| tag.parse().ok())
            .or_else(wished)
            .unwrap_or_default(),
        theme: match cookie::value(headers, "theme") {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        },
        who: None,
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use domain::view::session::Theme;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn a_stranger_is_spoken_to_in_the_language_he_asked_for() {
        assert_eq!(preferences(&headers(&[])).lang, Lang::Ru);
        let german = headers(&[("accept-language", "de-DE,de;q=0.9,en;q=0.8")]);
        assert_eq!(preferences(&german).lang, Lang::En);
        let chosen = headers(&[("accept-language", "en"), ("cookie", "a=b; lang=ru; theme=dark")]);
        let reader = preferences(&chosen);
        assert_eq!((reader.lang, reader.theme), (Lang::Ru, Theme::Dark));
    }
}
