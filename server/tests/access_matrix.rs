//! Who may do what: a row for each route and server function, a column for each kind of actor.
//! A route without a row fails the test, and so does a row without a route.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::{
    Answer, Browser, CHIEF, Cabinet, EMPLOYEE, EMPLOYEE_WITHOUT_RIGHTS, PRIVATE_PERSON, SOLE_TRADER,
};

/// The columns, in the order of the letters of [`Row::expected`].
const ACTORS: [&str; 7] = [
    "nobody",
    "signed in, no cabinet chosen",
    "private person in his own cabinet",
    "employee without rights",
    "employee with rights",
    "head of the company",
    "head of another participant",
];

/// How a request is written.
#[derive(Clone, Copy)]
enum Body {
    /// A page or a file.
    Open,
    /// A form; `&`-separated pairs.
    Form(&'static str),
    Json(&'static str),
    File,
}

/// `A`: allowed (also when the request itself is then found wrong), `R`: refused or sent to sign
/// in or to choose a cabinet, `I`: invisible, as if it were not there.
///
/// In paths and bodies `DOC` is a draft of the company, `SPARE` a draft that may be lost, `NONE`
/// an id that nothing has.
struct Row {
    method: Method,
    route: &'static str,
    body: Body,
    expected: &'static str,
    /// The request ends or changes the session, so it gets one of its own.
    own_session: bool,
}

const fn page(route: &'static str, expected: &'static str) -> Row {
    Row { method: Method::GET, route, body: Body::Open, expected, own_session: false }
}

const fn form(route: &'static str, body: &'static str, expected: &'static str) -> Row {
    Row { method: Method::POST, route, body: Body::Form(body), expected, own_session: false }
}

const fn call(route: &'static str, body: &'static str, expected: &'static str) -> Row {
    Row { method: Method::POST, route, body: Body::Json(body), expected, own_session: false }
}

const fn alone(mut row: Row) -> Row {
    row.own_session = true;
    row
}

fn rows() -> Vec<Row> {
    vec![
        page("/", "RRAAAAA"),
        page("/sign-in", "AAAAAAA"),
        page("/sign-in/role", "RAAAAAA"),
        page("/sign-in/unlocked", "AAAAAAA"),
        page("/sign-in/signature", "AAAAAAA"),
        page("/signature-check", "AAAAAAA"),
        page("/services", "RAAAAAA"),
        page("/services/{code}", "RAAAAAA"),
        page("/profile", "RAAAAAA"),
        page("/company", "RRAAAAA"),
        page("/notices", "RAAAAAA"),
        page("/statforms", "RRAAAAA"),
        page("/statforms/new", "RRAAAAA"),
        page("/statforms/{id}", "RRIAAAI"),
        page("/statforms/{id}/history", "RRIAAAI"),
        page("/statforms/{id}/print", "RRIAAAI"),
        page("/help", "AAAAAAA"),
        page("/sign-in/esia", "AAAAAAA"),
        page("/sign-in/esia/return", "RRRRRRR"),
        alone(form("/sign-out", "", "RAAAAAA")),
        page("/api/events", "RAAAAAA"),
        page("/files/statforms/{file}", "RRIAAAI"),
        page("/files/statforms.csv", "RRAAAAA"),
        page("/files/statforms.xlsx", "RRAAAAA"),
        Row {
            method: Method::POST,
            route: "/api/statform/upload",
            body: Body::File,
            expected: "RRRRAAA",
            own_session: false,
        },
        call("/api/session/who", "{}", "AAAAAAA"),
        call("/api/session/roles", "{}", "RAAAAAA"),
        call("/api/session/list", "{}", "RAAAAAA"),
        call("/api/session/sign_in_by_signature", r#"{"token":"none","signature":""}"#, "AAAAAAA"),
        call("/api/signature/terms", "{}", "AAAAAAA"),
        call("/api/signature/challenge", "{}", "AAAAAAA"),
        call("/api/signature/check", r#"{"token":"none","signature":""}"#, "AAAAAAA"),
        call(
            "/api/signature/mobile_begin",
            r#"{"bytes":{"document":"DOC","version":1,"sha256":""}}"#,
            "RRIRRRR",
        ),
        call(
            "/api/signature/mobile_look",
            r#"{"bytes":{"document":"DOC","version":1,"sha256":""}}"#,
            "RRARRRR",
        ),
        call("/api/signature/mobile_cancel", r#"{"request":"NONE"}"#, "RRIRRRR"),
        form("/api/session/enter", "participant=NONE", "RIIIIII"),
        form("/api/session/end", "session=NONE", "RIIIIII"),
        form("/api/session/language", "lang=ru", "AAAAAAA"),
        alone(form("/api/session/end_others", "", "RAAAAAA")),
        alone(call("/api/session/lock", "{}", "RAAAAAA")),
        call("/api/catalogue/marks", "{}", "RRAAAAA"),
        call("/api/catalogue/maintenance", "{}", "AAAAAAA"),
        form("/api/catalogue/favourite_set", "service=statforms&on=true", "RRAAAAA"),
        form("/api/catalogue/start", "service=statforms", "RRAAAAA"),
        call("/api/profile/get", "{}", "RAAAAAA"),
        call("/api/profile/employees", "{}", "RRARAAA"),
        form("/api/profile/contacts_set", "whose=person&email=&phone=", "RAAAAAA"),
        form("/api/profile/preferences_set", "lang=ru&theme=auto", "RAAAAAA"),
        form("/api/profile/organisation_refresh", "", "RRARAAA"),
        form("/api/profile/certificate_attach", "chain_pem=none", "RRAAAAA"),
        form("/api/profile/certificate_remove", "certificate=NONE", "RIIIIII"),
        call("/api/profile/certificate_request", r#"{"request":"none"}"#, "RRAAAAA"),
        call("/api/notice/list", r#"{"page":1}"#, "RAAAAAA"),
        form("/api/notice/read", "notice=NONE", "RIIIIII"),
        form("/api/notice/read_all", "", "RAAAAAA"),
        call("/api/notice/todos", "{}", "RRAAAAA"),
        call("/api/document/open", r#"{"document":"DOC"}"#, "RRIAAAI"),
        call(
            "/api/document/patch",
            r#"{"batch":{"document":"DOC","since":0,"changes":[],"pause":false}}"#,
            "RRIRAAI",
        ),
        call("/api/document/since", r#"{"document":"DOC","version":0}"#, "RRIAAAI"),
        call("/api/document/history", r#"{"document":"DOC"}"#, "RRIAAAI"),
        call(
            "/api/document/difference",
            r#"{"document":"DOC","from":"NONE","to":null}"#,
            "RRIIIII",
        ),
        form("/api/document/restore", "document=DOC&checkpoint=NONE", "RRIRIII"),
        form("/api/document/reopen", "document=DOC", "RRIRAAI"),
        form("/api/document/delete", "document=SPARE", "RRIRAAI"),
        call("/api/document/freeze", r#"{"document":"DOC"}"#, "RRIRAAI"),
        call(
            "/api/document/submit",
            r#"{"signed":{"document":"DOC","version":0,"sha256":"","signature":""}}"#,
            "RRIRAAI",
        ),
        call("/api/document/stamp", r#"{"document":"DOC"}"#, "RRIAAAI"),
        call("/api/document/events", r#"{"document":"DOC"}"#, "RRIAAAI"),
        call("/api/statform/list", r#"{"query":{}}"#, "RRAAAAA"),
        form("/api/statform/create", "direction=&period=", "RRRRAAA"),
        form("/api/statform/copy", "document=DOC", "RRRRAAI"),
        form("/api/statform/replace", "document=DOC", "RRRRAAI"),
        call("/api/statform/explain", r#"{"document":"DOC","text":"x"}"#, "RRIRAAI"),
        call("/api/statform/refusal_remarks", r#"{"document":"DOC"}"#, "RRIAAAI"),
        call("/api/statform/sheet", r#"{"content":"YTti"}"#, "RRARAAA"),
        call("/api/tariff/search", r#"{"query":"чай","date":"2026-11-01"}"#, "RRAAAAA"),
        call("/api/tariff/codes", r#"{"codes":["0902100001"],"date":"2026-11-01"}"#, "RRAAAAA"),
        call("/api/tariff/rate", r#"{"currency":"USD","date":"2026-11-01"}"#, "RRAAAAA"),
        call("/api/tariff/lists", "{}", "RRAAAAA"),
    ]
}

/// `docs/access-matrix.md`, as the rows say it.
fn written() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         Written by `server/tests/access_matrix.rs`, which asks a running server all of it. `+`: \
         allowed. `–`: refused, or sent to sign in or to choose a cabinet. `·`: invisible, as if it \
         were not there (404). Documents are drafts of the company.\n\n",
    );
    for (number, actor) in ACTORS.iter().enumerate() {
        text.push_str(&format!("{}. {actor}\n", number + 1));
    }
    let numbers: Vec<String> = (1..=ACTORS.len()).map(|number| number.to_string()).collect();
    text.push_str(&format!("\n| | {} |\n", numbers.join(" | ")));
    text.push_str(&format!("| --- |{}\n", " :-: |".repeat(ACTORS.len())));
    for row in rows() {
        let marks: Vec<&str> = row
            .expected
            .chars()
            .map(|outcome| match outcome {
                'A' => "+",
                'R' => "–",
                _ => "·",
            })
            .collect();
        text.push_str(&format!("| `{} {}` | {} |\n", row.method, row.route, marks.join(" | ")));
    }
    text
}

#[test]
fn the_matrix_is_written_down() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access-matrix.md");
    let written = written();
    if std::fs::read_to_string(kept).unwrap_or_default() != written {
        let right = concat!(env!("CARGO_TARGET_TMPDIR"), "/access-matrix.md");
        std::fs::write(right, written).unwrap();
        panic!("docs/access-matrix.md says something else; the right text is in {right}");
    }
}

/// Somebody in a cabinet whose name has `part`; in none when it is empty.
async fn actor(cabinet: &Cabinet, column: usize) -> Browser {
    let (person, part) = match column {
        0 => return cabinet.browser(),
        1 => (CHIEF, ""),
        2 => (PRIVATE_PERSON, ""),
        3 => (EMPLOYEE_WITHOUT_RIGHTS, "РОМАШКА"),
        4 => (EMPLOYEE, "РОМАШКА"),
        5 => (CHIEF, "РОМАШКА"),
        6 => (SOLE_TRADER, "ИП"),
        _ => unreachable!("seven columns"),
    };
    let browser = cabinet.signed_in(person).await;
    if column != 1 {
        let roles = browser.call("/api/session/roles", &json!({})).await;
        let roles: Vec<Value> = serde_json::from_str(&roles.body).expect(&roles.body);
        let role = roles.iter().find(|role| role["name"].as_str().unwrap().contains(part));
        let role = role.unwrap_or_else(|| panic!("no {part} in {roles:?}"));
        let entered =
            post(&browser, "/api/session/enter", &format!("participant={}", id(role))).await;
        assert!(!entered.status.is_client_error(), "{}", entered.body);
    }
    browser
}

fn id(role: &Value) -> &str {
    role["participant"].as_str().unwrap()
}

async fn post(browser: &Browser, path: &str, body: &str) -> Answer {
    let request = browser
        .request(Method::POST, path)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    browser.send(request).await
}

/// A new draft of the company.
async fn draft(chief: &Browser) -> String {
    let created = post(chief, "/api/statform/create", "direction=&period=").await;
    let target = created.header("location");
    let id = target.strip_prefix("/statforms/").unwrap_or_else(|| panic!("{}", created.body));
    id.to_owned()
}

fn outcome(answer: &Answer) -> char {
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => 'R',
        StatusCode::NOT_FOUND => 'I',
        status if status.is_redirection() && answer.header("location").starts_with("/sign-in") => {
            'R'
        }
        status if status.is_server_error() => 'E',
        _ => 'A',
    }
}

async fn attempt(row: &Row, browser: &Browser, doc: &str, spare: &str) -> Answer {
    const NONE: &str = "00000000-0000-7000-8000-000000000000";
    let filled =
        |text: &str| text.replace("DOC", doc).replace("SPARE", spare).replace("NONE", NONE);
    let path = row
        .route
        .replace("{id}", doc)
        .replace("{code}", "statforms")
        .replace("{file}", &format!("{doc}.xml"));
    match row.body {
        Body::Open if row.route == "/api/events" => {
            // Its answer has no end; the head tells enough.
            let response = browser.request(Method::GET, &path).send().await.unwrap();
            Answer {
                status: response.status(),
                headers: response.headers().clone(),
                body: String::new(),
            }
        }
        Body::Open => browser.open(&path).await,
        Body::Form(body) => post(browser, &path, &filled(body)).await,
        Body::Json(body) => {
            let body: Value = serde_json::from_str(&filled(body)).unwrap();
            browser.call(&path, &body).await
        }
        Body::File => {
            let request = browser.request(Method::POST, &path).header("x-file-name", "form.xml");
            browser.send(request.body("<a/>")).await
        }
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_matrix_says_and_no_more() {
    let cabinet = Cabinet::start().await;
    let mut browsers = Vec::new();
    for column in 0..ACTORS.len() {
        browsers.push(actor(&cabinet, column).await);
    }
    let doc = draft(&browsers[5]).await;
    let mut wrong = Vec::new();
    for row in rows() {
        for (column, expected) in row.expected.chars().enumerate() {
            let own;
            let browser = if row.own_session {
                own = actor(&cabinet, column).await;
                &own
            } else {
                &browsers[column]
            };
            let spare = match row.route {
                "/api/document/delete" => draft(&browsers[5]).await,
                _ => String::new(),
            };
            let answer = attempt(&row, browser, &doc, &spare).await;
            let found = outcome(&answer);
            if found != expected {
                let start: String = answer.body.chars().take(200).collect();
                wrong.push(format!(
                    "{} {} as {}: expected {expected}, found {found} ({} {}) {start}",
                    row.method,
                    row.route,
                    ACTORS[column],
                    answer.status,
                    answer.header("location"),
                ));
            }
        }
        if row.route == "/api/session/end_others" {
            for (column, browser) in browsers.iter_mut().enumerate() {
                *browser = actor(&cabinet, column).await;
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    cabinet.stop().await;
}

#[tokio::test]
async fn every_route_has_a_row() {
    let cabinet = Cabinet::start().await;
    let routes: BTreeSet<(String, String)> = cabinet
        .running()
        .routes()
        .into_iter()
        .map(|(method, route)| (method.to_string(), route))
        .collect();
    let table = rows();
    let rows: BTreeSet<(String, String)> =
        table.iter().map(|row| (row.method.to_string(), row.route.to_owned())).collect();
    let missing: Vec<_> = routes.difference(&rows).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
    let stale: Vec<_> = rows.difference(&routes).collect();
    assert!(stale.is_empty(), "no route for {stale:?}");
    for row in &table {
        assert_eq!(row.expected.len(), ACTORS.len(), "{}", row.route);
    }
    let functions = server_fn::axum::server_fn_paths().count();
    assert!(functions > 40, "server functions are registered: {functions}");
    cabinet.stop().await;
}
