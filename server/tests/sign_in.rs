//! Sign-in through the sandbox's ESIA, the choice of a cabinet, the profile and the catalogue, over
//! real HTTP and without JavaScript.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use domain::{error::ErrorCode, error::WireError, lang::Lang};
use reqwest::{Method, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use support::{
    Answer, Browser, CHIEF, Cabinet, EMPLOYEE, EMPLOYEE_WITHOUT_RIGHTS, PRIVATE_PERSON,
    SELF_EMPLOYED, SOLE_TRADER, UNCONFIRMED,
};

/// Orders a fault of the outside world.
async fn order(cabinet: &Cabinet, path: &str, body: Value) {
    let url = format!("{}{path}", cabinet.running().sandbox_url().unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(url).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Sends a form of a page.
async fn form(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = browser
        .request(Method::POST, path)
        .header("accept", "text/html")
        .header("referer", "http://cabinet.example/services")
        .form(fields);
    browser.send(request).await
}

async fn roles(browser: &Browser) -> Vec<Value> {
    let answer = browser.call("/api/session/roles", &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn who(browser: &Browser) -> Value {
    serde_json::from_str(&browser.call("/api/session/who", &json!({})).await.body).unwrap()
}

/// Enters the cabinet of this name.
async fn enter(browser: &Browser, name: &str) {
    let roles = roles(browser).await;
    let role = roles.iter().find(|role| role["name"] == name).expect(name);
    let participant = role["participant"].as_str().unwrap();
    let answer = form(
        browser,
        "/api/session/enter",
        &[("participant", participant), ("return_to", "/company")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
    assert_eq!(answer.header("location"), "/company");
}

const ROMASHKA: &str = "ООО \"РОМАШКА-ЭКСПОРТ\"";
const LYUTIK: &str = "ООО \"ЛЮТИК-ЛОГИСТИКА\"";

/// That the sign-in failed with this key, and that the page says why and what to do.
async fn assert_refused(browser: &Browser, location: &str, key: &str) {
    assert!(location.starts_with(&format!("/sign-in?refused={key}&id=")), "{location}");
    let page = browser.open(location).await;
    assert_eq!(page.status, StatusCode::OK);
    let words = WireError::new(ErrorCode::Forbidden, key).arg("system", "Госуслуги");
    for text in [words.cause_text(Lang::Ru), words.remedy_text(Lang::Ru)] {
        assert!(!text.is_empty() && page.body.contains(&text), "{key}: {text}");
    }
    assert!(page.body.contains("Войти через Госуслуги"), "one can try again");
    assert_eq!(browser.cookie("session"), None);
}

#[tokio::test]
async fn every_refusal_has_its_own_page() {
    let cabinet = Cabinet::start().await;

    let browser = cabinet.browser();
    let location = browser.sign_in(UNCONFIRMED, "/").await;
    assert_refused(&browser, &location, "session.unconfirmed").await;

    order(&cabinet, "/sandbox/esia/next", json!({ "expire_code": true })).await;
    let browser = cabinet.browser();
    let location = browser.sign_in(PRIVATE_PERSON, "/").await;
    assert_refused(&browser, &location, "session.sign_in_expired").await;

    let browser = cabinet.browser();
    let location = declined(&browser, &cabinet).await;
    assert_refused(&browser, &location, "session.esia_denied").await;

    for (code, key) in [
        ("ESIA-007055", "session.unconfirmed"),
        ("ESIA-007036", "session.esia_blocked"),
        ("ESIA-007008", "session.esia_down"),
        ("ESIA-007014", "session.esia_refused_client"),
    ] {
        order(&cabinet, "/sandbox/esia/next", json!({ "error": code })).await;
        let browser = cabinet.browser();
        let location = sent_back(&browser, &cabinet).await;
        assert_refused(&browser, &location, key).await;
    }

    // The person has signed in at ESIA, which then falls silent.
    let browser = cabinet.browser();
    let begin = browser.open("/sign-in/esia").await;
    let back = browser.at_esia(begin.header("location"), &PRIVATE_PERSON.to_string()).await;
    order(&cabinet, "/sandbox/esia/next", json!({ "down": true })).await;
    let finish = browser.open(back.strip_prefix(&cabinet.url).unwrap()).await;
    assert_refused(&browser, finish.header("location"), "session.esia_down").await;
    order(&cabinet, "/sandbox/esia/next", json!({ "down": false })).await;

    // The same answer a second time.
    let browser = cabinet.browser();
    let begin = browser.open("/sign-in/esia").await;
    let back = browser.at_esia(begin.header("location"), &PRIVATE_PERSON.to_string()).await;
    let path = back.strip_prefix(&cabinet.url).unwrap();
    browser.open(path).await;
    let again = cabinet.browser();
    let refused = again.open(path).await;
    assert_refused(&again, refused.header("location"), "session.sign_in_unknown").await;
    cabinet.stop().await;
}

/// Presses «Отказаться» at ESIA; returns where the cabinet leads.
async fn declined(browser: &Browser, cabinet: &Cabinet) -> String {
    let begin = browser.open("/sign-in/esia").await;
    let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let page = client.get(begin.header("location")).send().await.unwrap();
    let origin = page.url().origin().ascii_serialization();
    let html = page.text().await.unwrap();
    let (_, rest) = html.split_once("name=\"request\" value=\"").expect("ESIA's page");
    let request = rest.split('"').next().unwrap();
    let answer = client
        .post(format!("{origin}/sandbox/esia/sign-in"))
        .form(&[("request", request)])
        .send()
        .await
        .unwrap();
    finish(browser, cabinet, &answer).await
}

/// Begins a sign-in that ESIA refuses at once; returns where the cabinet leads.
async fn sent_back(browser: &Browser, cabinet: &Cabinet) -> String {
    let begin = browser.open("/sign-in/esia").await;
    let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let answer = client.get(begin.header("location")).send().await.unwrap();
    finish(browser, cabinet, &answer).await
}

async fn finish(browser: &Browser, cabinet: &Cabinet, answer: &reqwest::Response) -> String {
    assert!(answer.status().is_redirection(), "{}", answer.status());
    let back = answer.headers()["location"].to_str().unwrap();
    let path = back.strip_prefix(&cabinet.url).expect("ESIA returns to the cabinet");
    browser.open(path).await.header("location").to_owned()
}

#[tokio::test]
async fn everybody_gets_the_cabinets_that_are_his() {
    let cabinet = Cabinet::start().await;
    for (person, expected) in [
        (PRIVATE_PERSON, vec![("person", true, true)]),
        (SELF_EMPLOYED, vec![("self_employed", true, true)]),
        (SOLE_TRADER, vec![("person", true, true), ("sole_trader", true, true)]),
        (EMPLOYEE, vec![("person", true, true), ("company", false, true)]),
        (EMPLOYEE_WITHOUT_RIGHTS, vec![("person", true, true), ("company", false, false)]),
        (CHIEF, vec![("person", true, true), ("company", true, true), ("company", true, true)]),
    ] {
        let browser = cabinet.signed_in(person).await;
        let found: Vec<_> = roles(&browser)
            .await
            .iter()
            .map(|role| {
                let category = role["category"].as_str().unwrap().to_owned();
                let rights = &role["rights"];
                (category, rights["chief"] == true, rights["sign"] == true)
            })
            .collect();
        let found: Vec<_> =
            found.iter().map(|(c, chief, sign)| (c.as_str(), *chief, *sign)).collect();
        assert_eq!(found, expected, "{person}");
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn a_cabinet_is_chosen_and_switched_without_signing_out() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    assert_eq!(browser.sign_in(CHIEF, "/").await, "/");
    assert_eq!(browser.open("/").await.header("location"), "/sign-in/role");
    let page = browser.open("/sign-in/role").await.body;
    for text in
        ["Выбор способа входа", "РОМАШКА-ЭКСПОРТ", "ЛЮТИК-ЛОГИСТИКА", "Берёзкина Анна Сергеевна"]
    {
        assert!(page.contains(text), "{text}");
    }
    enter(&browser, ROMASHKA).await;
    let token = browser.cookie("session");
    let company = browser.open("/company").await.body;
    for text in [
        "1257799000018",
        "7799100017",
        "779901001",
        "ЦВЕТОЧНАЯ",
        "Обновить сведения об организации",
    ] {
        assert!(company.contains(text), "{text}");
    }
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
    enter(&browser, LYUTIK).await;
    assert_eq!(who(&browser).await["role"]["name"], LYUTIK);
    assert_eq!(browser.cookie("session"), token, "the session goes on");
    let foreign = form(
        &browser,
        "/api/session/enter",
        &[("participant", "00000000-0000-0000-0000-000000000001")],
    )
    .await;
    assert!(foreign.header("location").contains("__err"), "{}", foreign.header("location"));
    assert_eq!(who(&browser).await["role"]["name"], LYUTIK);
    cabinet.stop().await;
}

#[tokio::test]
async fn a_single_cabinet_is_entered_at_once() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.browser();
    browser.sign_in(SELF_EMPLOYED, "/").await;
    let home = browser.open("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("Мои черновики"));
    cabinet.stop().await;
}

#[tokio::test]
async fn a_locked_screen_opens_in_place_for_the_same_person_only() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.signed_in(PRIVATE_PERSON).await;
    let before = who(&browser).await;
    let token = browser.cookie("session").unwrap();
    assert_eq!(browser.call("/api/session/lock", &json!({})).await.status, StatusCode::OK);
    assert_eq!(who(&browser).await["locked"], true);
    assert_eq!(
        browser.call("/api/session/roles", &json!({})).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(browser.open("/profile").await.header("location"), "/sign-in?return=/profile");

    let other = browser.sign_in(SELF_EMPLOYED, "/sign-in/unlocked").await;
    assert!(other.starts_with("/sign-in?refused=session.other_person"), "{other}");
    assert_eq!(who(&browser).await["locked"], true);

    assert_eq!(browser.sign_in(PRIVATE_PERSON, "/sign-in/unlocked").await, "/sign-in/unlocked");
    let after = who(&browser).await;
    assert_eq!((&after["session"], &after["locked"]), (&before["session"], &json!(false)));
    assert_ne!(browser.cookie("session").unwrap(), token);
    cabinet.stop().await;
}

#[tokio::test]
async fn the_tax_register_refreshes_a_company_and_its_silence_is_told() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.signed_in(CHIEF).await;
    enter(&browser, ROMASHKA).await;
    let refresh = async || {
        let request = browser
            .request(Method::POST, "/api/profile/organisation_refresh")
            .header("accept", "application/json")
            .form(&[] as &[(&str, &str)]);
        browser.send(request).await
    };
    let answer = refresh().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let company: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&company["inn"], &company["kpp"]), (&json!("7799100017"), &json!("779901001")));
    order(&cabinet, "/sandbox/register/mode", json!({ "down": true })).await;
    let answer = refresh().await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("profile.register_down"), "{}", answer.body);
    // Nobody is kept out by it.
    let another = cabinet.signed_in(SOLE_TRADER).await;
    assert_eq!(roles(&another).await.len(), 2);
    cabinet.stop().await;
}

#[tokio::test]
async fn the_catalogue_works_without_a_script() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.signed_in(PRIVATE_PERSON).await;
    let all = browser.open("/services").await.body;
    for text in
        ["Все сервисы", "Статформы. С электронной подписью", "Для других участников", "Скоро"]
    {
        assert!(all.contains(text), "{text}");
    }
    let found = browser.open("/services?q=%D0%BF%D0%BE%D1%81%D1%8B%D0%BB%D0%BA%D0%B8").await.body;
    assert!(found.contains("Международные почтовые отправления"), "посылки");
    assert!(!found.contains("Акцизные марки"));

    let starred =
        form(&browser, "/api/catalogue/favourite_set", &[("service", "archive"), ("on", "true")])
            .await;
    assert_eq!(starred.status, StatusCode::FOUND, "{}", starred.body);
    let page = browser.open("/services/archive").await.body;
    assert!(page.contains("Убрать из избранного"), "the star is lit");
    assert!(page.contains("Сервис ещё не открыт в этом кабинете."));

    let refused = browser.open("/services/statforms").await.body;
    assert!(refused.contains("Сервис предназначен для: юридических лиц"));
    assert!(!refused.contains("Начать работу"));
    assert_eq!(browser.open("/services/no-such").await.status, StatusCode::NOT_FOUND);

    let own = cabinet.signed_in(SELF_EMPLOYED).await;
    let page = own.open("/services/statforms-self-employed").await.body;
    assert!(page.contains("Начать работу"));
    let start = form(&own, "/api/catalogue/start", &[("service", "statforms-self-employed")]).await;
    assert_eq!(start.header("location"), "/statforms");
    let home = own.open("/").await.body;
    assert!(home.contains("Статистические формы для самозанятых физических лиц"), "recently used");
    cabinet.stop().await;
}

#[tokio::test]
async fn choices_of_the_profile_change_the_whole_page() {
    let cabinet = Cabinet::start().await;
    let browser = cabinet.signed_in(PRIVATE_PERSON).await;
    let answer =
        form(&browser, "/api/profile/preferences_set", &[("lang", "en"), ("theme", "dark")]).await;
    assert_eq!(answer.header("location"), "/profile", "{}", answer.body);
    let page = browser.open("/profile").await.body;
    assert!(page.contains("lang=\"en\"") && page.contains("data-theme=\"dark\""));
    assert!(page.contains("Personal data"));

    let wrong = browser
        .request(Method::POST, "/api/profile/contacts_set")
        .header("accept", "application/json")
        .form(&[("whose", "person"), ("email", "anna"), ("phone", "")]);
    let wrong = browser.send(wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("This is no e-mail address."), "{}", wrong.body);
    cabinet.stop().await;
}
