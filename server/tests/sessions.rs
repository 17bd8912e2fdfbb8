//! Cookies, sign-out, and news for open pages.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use backend::{bus::Audience, session::Activity};
use domain::view::notice::Push;
use reqwest::{Method, StatusCode};
use support::{CHIEF, Cabinet, PRIVATE_PERSON};

#[tokio::test]
async fn a_session_lives_in_a_guarded_cookie_and_ends_at_sign_out() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    let stranger = browser.open("/profile").await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.header("location"), "/sign-in?return=/profile");

    assert_eq!(browser.sign_in(PRIVATE_PERSON, "/profile").await, "/profile");
    let token = browser.cookie("session").unwrap();
    assert!(token.len() >= 43, "256 bits");
    let profile = browser.open("/profile").await;
    assert_eq!(profile.status, StatusCode::OK);
    assert_eq!(profile.header("cache-control"), "no-store");

    let out = browser.send(browser.request(Method::POST, "/sign-out")).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.header("location").contains("/idp/ext/Logout"), "ESIA's session ends as well");
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    assert_eq!(out.header("set-cookie"), "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    browser.set_cookie("session", &token);
    assert_eq!(browser.open("/profile").await.status, StatusCode::SEE_OTHER, "the token is dead");
    cabinet.stop().await;
}

#[tokio::test]
async fn each_sign_in_gets_another_token() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.signed_in(PRIVATE_PERSON).await;
    let first = browser.cookie("session").unwrap();
    browser.sign_in(PRIVATE_PERSON, "/profile").await;
    assert_ne!(browser.cookie("session").unwrap(), first);
    cabinet.stop().await;
}

#[tokio::test]
async fn an_answer_of_esia_counts_only_in_the_browser_that_asked() {
    let cabinet = Cabinet::start().await;
    let victim = cabinet.browser();
    let attacker = cabinet.browser();
    let begin = attacker.open("/sign-in/esia").await;
    let back = attacker.at_esia(begin.header("location"), &PRIVATE_PERSON.to_string()).await;
    let path = back.strip_prefix(&cabinet.url).unwrap();
    let answer = victim.open(path).await;
    assert!(answer.header("location").starts_with("/sign-in?refused="), "{}", answer.body);
    assert_eq!(victim.cookie("session"), None);
    cabinet.stop().await;
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let cabinet = Cabinet::start().await;
    for foreign in ["https://evil.example", "//evil.example", "/%5Cevil.example"] {
        let browser = cabinet.browser();
        assert_eq!(browser.sign_in(PRIVATE_PERSON, foreign).await, "/", "{foreign}");
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn an_open_page_hears_what_concerns_it() {
    let cabinet = Cabinet::start().await;
    let stranger = cabinet.browser();
    let refused = stranger.send(stranger.request(Method::GET, "/api/events")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);

    let browser = cabinet.signed_in(CHIEF).await;
    let backend = cabinet.running().backend().clone();
    let token = browser.cookie("session").unwrap();
    let session =
        backend::session::resolve(&backend, &token, Activity::Background).await.unwrap().unwrap();
    let request = browser.request(Method::GET, "/api/events").header("accept-encoding", "gzip, br");
    let mut stream = request.send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(stream.headers().get("content-encoding"), None, "compression would hold news back");
    assert_eq!(stream.headers()["x-accel-buffering"], "no");
    assert_eq!(read(&mut stream).await, "event: version\ndata: 0123456789abcdef\n\n");

    let somebody = backend.uuid();
    let other = Push::Document { id: somebody, version: 1 };
    backend.bus.publish(&backend.db, Audience::Person(somebody), other).await;
    let own = Push::Document { id: somebody, version: 2 };
    backend.bus.publish(&backend.db, Audience::Person(session.person), own).await;
    assert_eq!(
        read(&mut stream).await,
        format!("data: {{\"event\":\"document\",\"id\":\"{somebody}\",\"version\":2}}\n\n"),
        "what concerns others is not told"
    );
    // A page that listens does not keep the process from stopping.
    cabinet.stop().await;
    assert!(stream.chunk().await.unwrap().is_none());
}

/// The next event, past comments that keep the connection alive.
async fn read(stream: &mut reqwest::Response) -> String {
    loop {
        let chunk = stream.chunk().await.unwrap().expect("the stream goes on");
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        if !text.starts_with(':') {
            return text;
        }
    }
}
