//! Sign-in by the real protocol, and its refusals.

use base64::{Engine, prelude::*};
use reqwest::{StatusCode, header};
use rsa::{
    RsaPublicKey,
    pkcs1v15::{Signature, VerifyingKey},
    pkcs8::DecodePublicKey,
    signature::Verifier,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::common::{
    CLIENT_ID, EsiaClient, Parameters, RETURN, parameter, returned, set, start, start_as_is, value,
};

const DIRECTOR: u64 = 1_000_000_001;
const UNCONFIRMED: u64 = 1_000_000_007;
const ROMASHKA: u64 = 1_000_100_001;
const SCOPE: &str = "openid fullname birthdate gender snils inn email mobile usr_org";

/// The claims of a token whose signature is right.
fn claims(esia: &EsiaClient<'_>, token: &Value) -> Value {
    let token = token.as_str().unwrap();
    let key = RsaPublicKey::from_public_key_pem(&esia.settings.public_key_pem).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    VerifyingKey::<Sha256>::new(key)
        .verify(signed.as_bytes(), &Signature::try_from(&*signature).unwrap())
        .unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let header: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_eq!(header["alg"], "RS256");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn a_director_signs_in_and_is_known_with_her_organisations() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;

    let request = esia.authorization(SCOPE);
    let page = esia.authorize(&request, None).await.text().await.unwrap();
    for text in [
        "Берёзкина Анна Сергеевна — генеральный директор ООО «Ромашка-Экспорт»",
        "неподтверждённая учётная запись",
        "Отказаться",
        "Система «Кабинет»",
    ] {
        assert!(page.contains(text), "{text}");
    }

    let answer = esia.sign_in(&request, DIRECTOR).await;
    assert_eq!(value(&answer, "state"), Some(parameter(&request, "state")));
    let exchange = esia.exchange(SCOPE, value(&answer, "code").unwrap());
    let (status, tokens) = esia.token(&exchange).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["state"], parameter(&exchange, "state"));

    let now = world.clock.now().timestamp();
    let access = claims(&esia, &tokens["access_token"]);
    assert_eq!(access["iss"], "http://esia-portal1.test.gosuslugi.ru/");
    assert_eq!(access["client_id"], CLIENT_ID);
    assert_eq!(access["urn:esia:sbj_id"], DIRECTOR);
    assert_eq!(
        (&access["nbf"], &access["iat"], &access["exp"]),
        (&json!(now), &json!(now), &json!(now + 3600))
    );
    assert!(access["scope"].as_str().unwrap().contains("snils?oid=1000000001"));
    let id = claims(&esia, &tokens["id_token"]);
    assert_eq!(id["aud"], CLIENT_ID);
    assert_eq!(id["nonce"], "nonce-1");
    assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:oid"], DIRECTOR);
    assert_eq!(id["urn:esia:sid"], access["urn:esia:sid"]);

    let token = tokens["access_token"].as_str().unwrap();
    let (status, person) = esia.resource("/rs/prns/1000000001", token).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(person["lastName"], "Берёзкина");
    assert_eq!(person["birthDate"], "12.03.1980");
    assert_eq!(person["snils"], "900-000-001 82");
    assert_eq!(person["trusted"], true);
    assert_eq!(person["citizenship"], Value::Null, "this area was not asked for");

    let (_, contacts) = esia.resource("/rs/prns/1000000001/ctts?embed=(elements)", token).await;
    assert_eq!(contacts["size"], 2);
    assert_eq!(contacts["elements"][0]["type"], "EML");
    assert_eq!(contacts["elements"][1]["vrfStu"], "VERIFIED");
    let (_, links) = esia.resource("/rs/prns/1000000001/ctts", token).await;
    assert!(links["elements"][0].as_str().unwrap().starts_with(&world.url));

    let (_, roles) = esia.resource("/rs/prns/1000000001/roles", token).await;
    assert_eq!(roles["size"], 2);
    let role = &roles["elements"][0];
    assert_eq!(role["oid"], ROMASHKA);
    assert_eq!(role["prnOid"], DIRECTOR);
    assert_eq!(role["ogrn"], "1257799000018");
    assert_eq!(
        (&role["chief"], &role["admin"], &role["active"]),
        (&json!(true), &json!(true), &json!(true))
    );
    assert_eq!(role["type"], "LEGAL");

    let (status, refused) = esia.resource("/rs/prns/1000000001/docs", token).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{refused}");
    let (status, _) = esia.resource("/rs/prns/1000000002", token).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "another person");
    let (status, _) = esia.resource("/rs/prns/1000000001", "rubbish").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    world.clock.advance(3601);
    let (status, _) = esia.resource("/rs/prns/1000000001", token).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "the token expired");
}

#[tokio::test]
async fn an_organisation_is_read_after_the_second_pass_only() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let first = esia.tokens(SCOPE, DIRECTOR).await;
    let path = format!("/rs/orgs/{ROMASHKA}");
    let (status, _) = esia.resource(&path, first["access_token"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);

    let page = esia.authorize(&esia.authorization(SCOPE), None).await;
    let chosen = esia.choose(page, Some(DIRECTOR)).await;
    let cookie = chosen.headers()[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();

    let scope = format!(
        "http://esia.gosuslugi.ru/org_inn?org_oid={ROMASHKA} \
         http://esia.gosuslugi.ru/org_fullname?org_oid={ROMASHKA}"
    );
    let answer = esia.authorize(&esia.authorization(&scope), Some(&cookie)).await;
    let answer = returned(&answer);
    let code = value(&answer, "code").expect("no page is shown when ESIA's session lives");
    let (_, tokens) = esia.token(&esia.exchange(&scope, code)).await;
    let token = tokens["access_token"].as_str().unwrap();
    let (status, organisation) = esia.resource(&path, token).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(organisation["inn"], "7799100017");
    assert_eq!(organisation["ogrn"], Value::Null, "this area was not asked for");
    assert_eq!(tokens["id_token"], Value::Null, "openid was not asked for");

    let foreign = "http://esia.gosuslugi.ru/org_inn?org_oid=1000100003";
    let answer = esia.authorize(&esia.authorization(foreign), Some(&cookie)).await;
    assert!(value(&returned(&answer), "error_description").unwrap().starts_with("ESIA-007194"));

    let logout = world
        .http
        .get(format!("{}/idp/ext/Logout", world.url))
        .query(&[("client_id", CLIENT_ID), ("redirect_url", "http://127.0.0.1:9/")])
        .header(header::COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(logout.headers()[header::LOCATION], "http://127.0.0.1:9/");
    let answer = esia.authorize(&esia.authorization(&scope), Some(&cookie)).await;
    assert_eq!(answer.status(), StatusCode::OK, "the page is shown again after signing out");
}

#[tokio::test]
async fn a_code_works_once_within_a_minute_for_its_owner() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let code = async |esia: &EsiaClient<'_>| {
        let answer = esia.sign_in(&esia.authorization(SCOPE), DIRECTOR).await;
        value(&answer, "code").unwrap().to_owned()
    };
    let refused = |answer: (StatusCode, Value), code: &str| {
        assert_eq!(answer.0, StatusCode::BAD_REQUEST);
        let text = answer.1["error_description"].as_str().unwrap();
        assert!(text.starts_with(code), "{text}");
    };

    let used = code(&esia).await;
    assert_eq!(esia.token(&esia.exchange(SCOPE, &used)).await.0, StatusCode::OK);
    refused(esia.token(&esia.exchange(SCOPE, &used)).await, "ESIA-007011");

    let late = code(&esia).await;
    world.clock.advance(60);
    refused(esia.token(&esia.exchange(SCOPE, &late)).await, "ESIA-007011");

    let other_scope = code(&esia).await;
    refused(esia.token(&esia.exchange("openid", &other_scope)).await, "ESIA-007023");

    world.post_json("/sandbox/esia/next", json!({ "expire_code": true })).await;
    let expired = code(&esia).await;
    refused(esia.token(&esia.exchange(SCOPE, &expired)).await, "ESIA-007011");

    let mut forged = esia.exchange(SCOPE, &code(&esia).await);
    set(&mut forged, "client_secret", Some(&esia.secret(&["something else"])));
    refused(esia.token(&forged).await, "ESIA-007053");
    let mut incomplete = esia.exchange(SCOPE, "x");
    set(&mut incomplete, "client_certificate_hash", None);
    refused(esia.token(&incomplete).await, "ESIA-007014");
    let mut other_type = esia.exchange(SCOPE, "x");
    set(&mut other_type, "grant_type", Some("password"));
    refused(esia.token(&other_type).await, "ESIA-007012");
}

#[tokio::test]
async fn a_refresh_token_works_once_and_brings_the_next() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let tokens = esia.tokens(SCOPE, DIRECTOR).await;
    let refresh = |token: &str| {
        let (timestamp, state) = (esia.timestamp(), uuid::Uuid::new_v4().to_string());
        let secret = esia.secret(&[CLIENT_ID, SCOPE, &timestamp, &state, token]);
        let mut parameters: Parameters = esia.exchange(SCOPE, "");
        for (name, value) in [
            ("timestamp", &*timestamp),
            ("state", &state),
            ("client_secret", &secret),
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
        ] {
            set(&mut parameters, name, Some(value));
        }
        parameters
    };
    let token = tokens["refresh_token"].as_str().unwrap();
    let (status, renewed) = esia.token(&refresh(token)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(claims(&esia, &renewed["access_token"])["urn:esia:sbj_id"], DIRECTOR);
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
    assert_eq!(esia.token(&refresh(token)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pkce_binds_the_code_to_its_verifier() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let verifier = "a-verifier-of-forty-three-characters-or-more";
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let exchange = async |verifier: Option<&str>| {
        let mut request = esia.authorization(SCOPE);
        set(&mut request, "code_challenge", Some(&challenge));
        set(&mut request, "code_challenge_method", Some("S256"));
        let answer = esia.sign_in(&request, DIRECTOR).await;
        let mut exchange = esia.exchange(SCOPE, value(&answer, "code").unwrap());
        set(&mut exchange, "code_verifier", verifier);
        esia.token(&exchange).await.0
    };
    assert_eq!(exchange(Some(verifier)).await, StatusCode::OK);
    assert_eq!(exchange(Some("another")).await, StatusCode::BAD_REQUEST);
    assert_eq!(exchange(None).await, StatusCode::BAD_REQUEST);

    let mut plain = esia.authorization(SCOPE);
    set(&mut plain, "code_challenge", Some(verifier));
    set(&mut plain, "code_challenge_method", Some("plain"));
    let answer = returned(&esia.authorize(&plain, None).await);
    assert!(value(&answer, "error_description").unwrap().contains("code_challenge_method"));
}

#[tokio::test]
async fn every_wrong_authorization_request_is_refused_with_its_code() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    for (name, wrong, code) in [
        ("client_certificate_hash", None, "ESIA-007014"),
        ("client_certificate_hash", Some("00"), "ESIA-007053"),
        ("client_secret", Some("AAAA"), "ESIA-007053"),
        ("state", Some("not-a-uuid"), "ESIA-007003"),
        ("response_type", Some("token"), "ESIA-007009"),
        ("access_type", Some("always"), "ESIA-007003"),
        ("timestamp", Some("2026.11.10 11:00:00 +0300"), "ESIA-007015"),
        ("timestamp", Some("2026-11-10T12:00:00Z"), "ESIA-007015"),
        ("scope", Some("openid passwords"), "ESIA-007006"),
        ("scope", Some(" "), "ESIA-007013"),
        ("scope", Some("openid"), "ESIA-007053"),
    ] {
        let mut request = esia.authorization(SCOPE);
        set(&mut request, name, wrong);
        let answer = returned(&esia.authorize(&request, None).await);
        let text = value(&answer, "error_description").unwrap();
        assert!(text.starts_with(code), "{name} = {wrong:?}: {text}");
        assert_eq!(value(&answer, "code"), None);
    }
    for (name, wrong) in [("client_id", "STRANGER"), ("redirect_uri", "http://evil.example/return")]
    {
        let mut request = esia.authorization(SCOPE);
        set(&mut request, name, Some(wrong));
        let answer = esia.authorize(&request, None).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name} must not be redirected");
    }
}

#[tokio::test]
async fn a_person_may_refuse_and_esia_may_fail() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let request = esia.authorization(SCOPE);

    let page = esia.authorize(&request, None).await;
    let refused = returned(&esia.choose(page, None).await);
    assert_eq!(value(&refused, "error"), Some("access_denied"));
    assert_eq!(value(&refused, "state"), Some(parameter(&request, "state")));

    world.post_json("/sandbox/esia/next", json!({ "error": "ESIA-007055" })).await;
    let refused = returned(&esia.authorize(&request, None).await);
    assert!(value(&refused, "error_description").unwrap().starts_with("ESIA-007055"));
    let page = esia.authorize(&request, None).await;
    assert_eq!(page.status(), StatusCode::OK, "an ordered error happens once");

    world.post_json("/sandbox/esia/next", json!({ "down": true })).await;
    assert_eq!(esia.authorize(&request, None).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        esia.choose(page, Some(DIRECTOR)).await.status(),
        StatusCode::FOUND,
        "a page that is already open still works"
    );
    world.post_json("/sandbox/esia/next", json!({ "down": false })).await;
    assert_eq!(esia.authorize(&request, None).await.status(), StatusCode::OK);

    let wrong = world.post_json("/sandbox/esia/next", json!({ "error": "no such" })).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_unconfirmed_account_is_let_in_and_says_so() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let esia = world.esia().await;
    let tokens = esia.tokens(SCOPE, UNCONFIRMED).await;
    let token = tokens["access_token"].as_str().unwrap();
    let (_, person) = esia.resource("/rs/prns/1000000007", token).await;
    assert_eq!(person["trusted"], false);
    assert_eq!(person["snils"], Value::Null);
    let id = claims(&esia, &tokens["id_token"]);
    assert_eq!(id["urn:esia:sbj"]["urn:esia:sbj:is_tru"], false);
}

#[tokio::test]
async fn keys_outlive_a_restart_and_clients_can_be_added_later() {
    let data = tempfile::tempdir().unwrap();
    let world = start_as_is(data.path()).await;
    let before = world.esia().await.settings.clone();
    let token = world.esia().await.tokens(SCOPE, DIRECTOR).await["access_token"].clone();
    world.sandbox.stop().await;

    let world = start_as_is(data.path()).await;
    let esia = world.esia().await;
    assert_eq!(esia.settings.public_key_pem, before.public_key_pem);
    assert_eq!(esia.settings.client_certificate_pem, before.client_certificate_pem);
    let (status, _) = esia.resource("/rs/prns/1000000001", token.as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK, "a token given before the restart still works");

    let added = world
        .post_json(
            "/sandbox/esia/clients",
            json!({ "client_id": "OTHER", "redirect_uris": [RETURN] }),
        )
        .await;
    assert_eq!(added.status(), StatusCode::OK);
    let settings: Value = added.json().await.unwrap();
    assert_eq!(settings["client_id"], "OTHER");
    assert!(settings["client_key_pem"].as_str().unwrap().contains("PRIVATE KEY"));
    let wrong = world
        .post_json(
            "/sandbox/esia/clients",
            json!({ "client_id": "../x", "redirect_uris": [RETURN] }),
        )
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
