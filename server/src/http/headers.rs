//! Headers that tell browsers what a page of the cabinet may do.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue, header};
use leptos::nonce::Nonce;

use super::Host;

/// Pages of the sign-in that may run in a window of their own beside a locked page; they must not
/// be cut off from it, or the window could not close itself.
const WINDOWED: [&str; 3] = ["/sign-in/esia", "/sign-in/esia/return", "/sign-in/unlocked"];

/// Mints the nonce of the page and sets the headers.
pub async fn guard(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let mut random = [0; 16];
    host.backend().entropy.fill(&mut random);
    let nonce = URL_SAFE_NO_PAD.encode(random);
    request.extensions_mut().insert(Nonce::from_value(nonce.clone()));
    let windowed = WINDOWED.contains(&request.uri().path());

    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce, host.esia_origin())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Forms without WebAssembly find their way back by the referrer.
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()",
    );
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if !windowed {
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin-allow-popups");
    }
    if host.jar().secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Content Security Policy Level 3. Signing out leads through ESIA, hence its origin.
fn policy(nonce: &str, esia: Option<&str>) -> String {
    let esia = esia.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'{esia}; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_nothing_unsafe_but_webassembly() {
        let policy = policy("N", Some("https://esia.example"));
        assert!(policy.contains("script-src 'nonce-N' 'strict-dynamic' 'wasm-unsafe-eval';"));
        assert!(policy.contains("form-action 'self' https://esia.example;"));
        let unsafe_words = policy.split([' ', ';']).filter(|word| word.contains("unsafe"));
        assert_eq!(unsafe_words.collect::<Vec<_>>(), ["'wasm-unsafe-eval'"]);
    }
}
