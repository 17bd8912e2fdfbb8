//! Requests that change something come from the cabinet's own pages.
//!
//! Browsers say so themselves by `Sec-Fetch-Site` (W3C Fetch Metadata), older ones by `Origin`.
//! A request without either is no browser's form, and is refused as well.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::ErrorCode;
use http::{HeaderMap, Method, header};

use super::{Host, fault::Refusal};

pub async fn guard(State(host): State<Host>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_own(request.headers(), host.origin()) {
        next.run(request).await
    } else {
        tracing::warn!("csrf.refused");
        Refusal::of(ErrorCode::Forbidden).into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// `origin` is the cabinet's public origin; development behind no fixed name compares with `Host`.
fn is_own(headers: &HeaderMap, origin: Option<&str>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match (text(header::ORIGIN), origin) {
        (Some(found), Some(own)) => found == own,
        (Some(found), None) => text(header::HOST)
            .is_some_and(|host| found.strip_prefix("http://").is_some_and(|f| f == host)),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn own(pairs: &[(&'static str, &'static str)], origin: Option<&str>) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect();
        is_own(&headers, origin)
    }

    #[test]
    fn the_browsers_own_word_decides() {
        let origin = Some("https://cabinet.example");
        assert!(own(&[("sec-fetch-site", "same-origin")], origin));
        for site in ["same-site", "cross-site", "none"] {
            let pairs = [("sec-fetch-site", site), ("origin", "https://cabinet.example")];
            assert!(!own(&pairs, origin), "{site}");
        }
    }

    #[test]
    fn an_older_browser_is_known_by_its_origin() {
        let origin = Some("https://cabinet.example");
        assert!(own(&[("origin", "https://cabinet.example")], origin));
        for foreign in ["https://evil.example", "http://cabinet.example", "null"] {
            assert!(!own(&[("origin", foreign)], origin), "{foreign}");
        }
        assert!(!own(&[], origin));
    }

    #[test]
    fn without_a_public_address_the_host_is_compared() {
        let pairs = [("origin", "http://127.0.0.1:81"), ("host", "127.0.0.1:81")];
        assert!(own(&pairs, None));
        let pairs = [("origin", "http://127.0.0.1:82"), ("host", "127.0.0.1:81")];
        assert!(!own(&pairs, None));
    }
}
