//! What the host promises about every answer: headers, assets, errors, limits, health.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use reqwest::{Method, StatusCode};
use support::{Browser, Cabinet};

fn nonce(policy: &str) -> &str {
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split('\'').next().unwrap()
}

#[tokio::test]
async fn a_page_is_rendered_with_its_own_scripts_and_nothing_else_may_run() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    let page = browser.open("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");

    let policy = page.header("content-security-policy").to_owned();
    let esia = cabinet.running().sandbox_url().unwrap();
    let nonce = nonce(&policy);
    assert_eq!(
        policy,
        format!(
            "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
             worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
             base-uri 'none'; form-action 'self' {esia}; frame-ancestors 'none'"
        )
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin-allow-popups"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"));
    assert_eq!(page.header("strict-transport-security"), "", "only over HTTPS");

    assert!(page.body.starts_with("<!DOCTYPE html><html lang=\"ru\""), "{}", page.body);
    for part in [
        format!("<script type=\"module\" nonce=\"{nonce}\">"),
        "import init,{hydrate} from \"/pkg/frontend-0000000000000001.js\"".to_owned(),
        "fetch(\"/pkg/frontend-0000000000000002_bg.wasm\",{integrity:\"sha384-wasm\"})".to_owned(),
        "<link rel=\"stylesheet\" href=\"/pkg/main-0000000000000003.css\" integrity=\"sha384-css\""
            .to_owned(),
        "<main id=\"main\"".to_owned(),
        "<meta name=\"app-version\" content=\"0123456789abcdef\"".to_owned(),
    ] {
        assert!(page.body.contains(&part), "no {part} in {}", page.body);
    }
    assert_eq!(page.body.matches("<h1").count(), 1);
    assert!(!page.body.contains(" style=\""), "inline styles are not allowed by the policy");
    for script in page.body.split("<script").skip(1) {
        assert!(script.contains(&format!("nonce=\"{nonce}\"")), "a script without nonce: {script}");
    }

    let again = browser.open("/sign-in").await;
    assert_ne!(self::nonce(again.header("content-security-policy")), nonce, "a nonce serves once");
    assert_ne!(again.header("x-request-id"), page.header("x-request-id"));
    cabinet.stop().await;
}

#[tokio::test]
async fn behind_https_cookies_are_bound_and_the_browser_keeps_to_it() {
    let cabinet = Cabinet::start_with(|config| {
        config.public_url = Some("https://cabinet.example".into());
    })
    .await;
    let browser = cabinet.browser();
    let begin = browser.open("/sign-in/esia").await;
    let cookie = begin.header("set-cookie");
    assert!(cookie.starts_with("__Host-sign-in-"), "{cookie}");
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600"), "{cookie}");
    assert_eq!(begin.header("strict-transport-security"), "max-age=31536000");
    let post = browser.request(Method::POST, "/sign-out");
    assert_eq!(browser.send(post).await.status, StatusCode::FORBIDDEN, "the origin is http");
    let post = browser.bare(Method::POST, "/sign-out").header("origin", "https://cabinet.example");
    assert_eq!(browser.send(post).await.status, StatusCode::SEE_OTHER);
    cabinet.stop().await;
}

#[tokio::test]
async fn assets_are_served_compressed_and_for_ever_and_the_root_as_it_must() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    let get = |path: &'static str, accepted: &'static str| {
        let request = browser.bare(Method::GET, path).header("accept-encoding", accepted);
        browser.send(request)
    };
    let js = "/pkg/frontend-0000000000000001.js";
    for (accepted, encoding, body) in
        [("gzip, br", "br", "as brotli"), ("gzip", "gzip", "as gzip"), ("identity", "", "export")]
    {
        let answer = get(js, accepted).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-encoding"), encoding);
        assert!(answer.body.starts_with(body), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for (path, kind, cache) in [
        ("/pkg/frontend-0000000000000002_bg.wasm", "application/wasm", "immutable"),
        ("/pkg/main-0000000000000003.css", "text/css; charset=utf-8", "immutable"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/offline.html", "text/html; charset=utf-8", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "max-age=3600"),
        ("/robots.txt", "text/plain; charset=utf-8", "max-age=3600"),
    ] {
        let answer = get(path, "identity").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert!(answer.header("cache-control").contains(cache), "{path}");
    }

    let etag = get("/sw.js", "identity").await.header("etag").to_owned();
    let request = browser.bare(Method::GET, "/sw.js").header("if-none-match", etag);
    let unchanged = browser.send(request).await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));

    for path in ["/pkg/frontend-ffffffffffffffff.js", "/pkg/..%2fsw.js", "/pkg/"] {
        let answer = get(path, "identity").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.header("cache-control").contains("immutable"), "{path}");
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn pages_are_compressed_when_the_browser_can_read_it() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    for encoding in ["br", "gzip"] {
        let request = browser.bare(Method::GET, "/sign-in").header("accept-encoding", encoding);
        let response = request.header("accept", "text/html").send().await.unwrap();
        assert_eq!(response.headers()["content-encoding"], encoding);
        assert!(response.bytes().await.unwrap().len() > 100);
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn what_changes_something_comes_from_the_cabinets_own_pages() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    let bare = || browser.bare(Method::POST, "/sign-out");
    let refused = [
        bare(),
        bare().header("origin", "https://evil.example"),
        bare().header("sec-fetch-site", "cross-site").header("origin", &cabinet.url),
        bare().header("sec-fetch-site", "same-site"),
    ];
    for request in refused {
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let error: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(error["code"], "forbidden");
        assert_eq!(error["request_id"], answer.header("x-request-id"));
    }
    for request in
        [bare().header("origin", &cabinet.url), bare().header("sec-fetch-site", "same-origin")]
    {
        assert_eq!(browser.send(request).await.status, StatusCode::SEE_OTHER);
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn an_error_is_a_page_for_people_and_json_for_programs() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    let page = browser.open("/no/such/page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("Страница не найдена"), "{}", page.body);
    assert!(page.body.contains("/pkg/main-0000000000000003.css"));

    let english = browser.request(Method::GET, "/no/such/page").header("accept", "text/html");
    let english = browser.send(english.header("accept-language", "en")).await;
    assert!(english.body.contains("Page not found"), "{}", english.body);
    assert!(english.body.contains("<html lang=\"en\""));

    let program = browser.send(browser.bare(Method::GET, "/no/such/page")).await;
    assert_eq!(program.status, StatusCode::NOT_FOUND);
    assert_eq!(program.header("content-type"), "application/json");

    let form = browser.bare(Method::POST, "/sign-out").header("accept", "text/html");
    let refused = browser.send(form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Нет доступа"), "{}", refused.body);
    assert!(refused.body.contains(refused.header("x-request-id")), "{}", refused.body);
    assert!(!refused.body.contains("<script"), "an error page runs nothing");
    cabinet.stop().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let cabinet = Cabinet::start_with(|config| config.limits.address_per_minute = 3).await;
    let browser = cabinet.browser();
    for _ in 0..3 {
        assert_eq!(browser.open("/sign-in").await.status, StatusCode::OK);
    }
    let refused = browser.open("/sign-in").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert!(refused.body.contains("Слишком много запросов"), "{}", refused.body);
    let live = browser.send(browser.bare(Method::GET, "/health/live")).await;
    assert_eq!(live.status, StatusCode::OK, "a balancer is not limited");
    cabinet.stop().await;
}

#[tokio::test]
async fn sign_ins_have_a_limit_of_their_own() {
    let cabinet = Cabinet::start_with(|config| config.limits.sign_in_per_minute = 2).await;
    let browser = cabinet.browser();
    for _ in 0..2 {
        assert_eq!(browser.open("/sign-in/esia").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(browser.open("/sign-in/esia").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.open("/sign-in").await.status, StatusCode::OK);
    cabinet.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let cabinet = Cabinet::start_with(|config| {
        config.limits.body_bytes = 1000;
        config.limits.upload_bytes = 2000;
    })
    .await;
    let browser = cabinet.browser();
    for (path, bytes, large) in [
        ("/sign-out", 1000, false),
        ("/sign-out", 1001, true),
        ("/api/statform/upload", 2000, false),
        ("/api/statform/upload", 2001, true),
    ] {
        let request = browser.request(Method::POST, path).body(vec![b'a'; bytes]);
        let status = browser.send(request).await.status;
        assert_eq!(status == StatusCode::PAYLOAD_TOO_LARGE, large, "{path} {bytes}: {status}");
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn health_and_numbers() {
    let cabinet = Cabinet::start_with(|config| {
        config.metrics.address = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let browser = cabinet.browser();
    let live = browser.send(browser.bare(Method::GET, "/health/live")).await;
    assert_eq!((live.status, live.body.as_str()), (StatusCode::OK, "alive\n"));
    let ready = browser.send(browser.bare(Method::GET, "/health/ready")).await;
    assert_eq!(ready.status, StatusCode::OK);
    assert_eq!(ready.body, r#"{"database":true,"workers":true}"#);

    assert_eq!(browser.open("/sign-in").await.status, StatusCode::OK);
    let address = cabinet.running().metrics().unwrap();
    let operator = Browser::new(&format!("http://{address}"));
    let metrics = operator.send(operator.bare(Method::GET, "/metrics")).await;
    assert_eq!(metrics.status, StatusCode::OK);
    for line in [
        "http_requests_total{method=\"GET\",route=\"/sign-in\",status=\"200\"}",
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/sign-in\",le=\"0.005\"}",
        "outbox_depth 0",
        "mobile_depth 0",
        "outbox_dead 0",
    ] {
        assert!(metrics.body.contains(line), "no {line} in {}", metrics.body);
    }
    let public = browser.send(browser.bare(Method::GET, "/metrics")).await;
    assert_eq!(public.status, StatusCode::NOT_FOUND, "numbers are not for everybody");
    cabinet.stop().await;
}
