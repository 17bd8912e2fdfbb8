//! What the tests share: a sandbox on free ports with a fixed clock, a client of ESIA, a signer.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use base64::{Engine, prelude::*};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use der::pem::LineEnding;
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::DecodePrivateKey,
};
use rand::{rand_core::UnwrapErr, rngs::SysRng};
use reqwest::{Client, Response, StatusCode, header, redirect};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey};
use sandbox::{
    ClientCertificate, ClientKey, ClientRegistration, Clock, EsiaSettings, Options, Sandbox, Speed,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub const CLIENT_ID: &str = "CABINET";
pub const RETURN: &str = "http://127.0.0.1:9/sign-in/esia/return";

/// 10 November 2026, noon in Moscow, and whatever a test adds.
#[derive(Clone, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn now(&self) -> DateTime<Utc> {
        let start = DateTime::parse_from_rfc3339("2026-11-10T12:00:00+03:00").unwrap();
        start.with_timezone(&Utc) + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub struct World {
    pub sandbox: Sandbox,
    pub clock: TestClock,
    pub http: Client,
    pub url: String,
}

/// Puts a key of ESIA into a new data folder, the same for all tests of the process: generating
/// one takes seconds without optimisation.
fn seed_token_key(data: &Path) {
    static KEY: OnceLock<String> = OnceLock::new();
    let pem = KEY.get_or_init(|| {
        let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), 2048).unwrap();
        EncodePrivateKey::to_pkcs8_pem(&key, LineEnding::LF).unwrap().to_string()
    });
    let path = data.join("esia").join("token.key.pem");
    if !path.exists() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, pem).unwrap();
    }
}

pub async fn start(data: &Path) -> World {
    seed_token_key(data);
    start_as_is(data).await
}

/// Starts without seeding anything, as at the first start on a machine.
pub async fn start_as_is(data: &Path) -> World {
    let clock = TestClock::default();
    let sandbox_clock = clock.clone();
    let sandbox = Sandbox::start(Options {
        speed: Speed::FAST,
        clients: vec![ClientRegistration {
            client_id: CLIENT_ID.to_owned(),
            name: "Кабинет".to_owned(),
            redirect_uris: vec!["http://127.0.0.1:9/".to_owned()],
            certificate: ClientCertificate::Issue(ClientKey::Ecdsa),
        }],
        clock: Clock::new(move || sandbox_clock.now()),
        ..Options::new(data)
    })
    .await
    .unwrap();
    // The second and later tests of a process find the provider installed: that is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder()
        .timeout(Duration::from_secs(60))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let url = sandbox.url();
    World { sandbox, clock, http, url }
}

impl World {
    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    pub async fn get_json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub async fn post_json(&self, path: &str, body: Value) -> Response {
        self.http.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap()
    }

    pub async fn esia(&self) -> EsiaClient<'_> {
        let settings = self.sandbox.esia_settings(CLIENT_ID).await.unwrap().unwrap();
        let key = SigningKey::from_pkcs8_pem(settings.client_key_pem.as_ref().unwrap()).unwrap();
        EsiaClient { world: self, settings, key }
    }
}

pub type Parameters = Vec<(&'static str, String)>;

/// The value of a parameter.
pub fn parameter<'a>(parameters: &'a Parameters, name: &str) -> &'a str {
    &parameters.iter().find(|(own, _)| *own == name).unwrap().1
}

/// Sets or, with `None`, removes a parameter.
pub fn set(parameters: &mut Parameters, name: &'static str, value: Option<&str>) {
    parameters.retain(|(own, _)| *own != name);
    parameters.extend(value.map(|value| (name, value.to_owned())));
}

/// A client of ESIA as the cabinet has it.
pub struct EsiaClient<'a> {
    world: &'a World,
    pub settings: EsiaSettings,
    key: SigningKey,
}

impl EsiaClient<'_> {
    pub fn secret(&self, parts: &[&str]) -> String {
        let signature: Signature = self.key.sign(parts.concat().as_bytes());
        BASE64_URL_SAFE.encode(signature.to_bytes())
    }

    pub fn timestamp(&self) -> String {
        let zone = FixedOffset::east_opt(3 * 3600).unwrap();
        self.world.clock.now().with_timezone(&zone).format("%Y.%m.%d %H:%M:%S %z").to_string()
    }

    pub fn certificate_hash(&self) -> String {
        let pem = self.settings.client_certificate_pem.as_bytes();
        let body: String =
            String::from_utf8_lossy(pem).lines().filter(|line| !line.starts_with('-')).collect();
        hex::encode(Sha256::digest(BASE64_STANDARD.decode(body).unwrap()))
    }

    /// Parameters of an authorization request.
    pub fn authorization(&self, scope: &str) -> Parameters {
        let (timestamp, state) = (self.timestamp(), Uuid::new_v4().to_string());
        let secret = self.secret(&[CLIENT_ID, scope, &timestamp, &state, RETURN]);
        vec![
            ("client_id", CLIENT_ID.to_owned()),
            ("client_secret", secret),
            ("client_certificate_hash", self.certificate_hash()),
            ("redirect_uri", RETURN.to_owned()),
            ("scope", scope.to_owned()),
            ("response_type", "code".to_owned()),
            ("state", state),
            ("timestamp", timestamp),
            ("access_type", "offline".to_owned()),
            ("nonce", "nonce-1".to_owned()),
        ]
    }

    pub async fn authorize(&self, parameters: &Parameters, cookie: Option<&str>) -> Response {
        let mut request =
            self.world.http.get(format!("{}/aas/oauth2/v2/ac", self.world.url)).query(parameters);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request.send().await.unwrap()
    }

    /// Presses a person's button, or «Отказаться».
    pub async fn choose(&self, page: Response, person: Option<u64>) -> Response {
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.unwrap();
        let request = html.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next();
        let mut form = vec![("request", request.unwrap().to_owned())];
        form.extend(person.map(|oid| ("person", oid.to_string())));
        let url = format!("{}/sandbox/esia/sign-in", self.world.url);
        self.world.http.post(url).form(&form).send().await.unwrap()
    }

    /// Signs a person in and returns the parameters of the return address.
    pub async fn sign_in(&self, parameters: &Parameters, person: u64) -> Vec<(String, String)> {
        let page = self.authorize(parameters, None).await;
        returned(&self.choose(page, Some(person)).await)
    }

    /// Parameters of a request for tokens by a code.
    pub fn exchange(&self, scope: &str, code: &str) -> Parameters {
        let (timestamp, state) = (self.timestamp(), Uuid::new_v4().to_string());
        let secret = self.secret(&[CLIENT_ID, scope, &timestamp, &state, RETURN, code]);
        vec![
            ("client_id", CLIENT_ID.to_owned()),
            ("client_secret", secret),
            ("client_certificate_hash", self.certificate_hash()),
            ("redirect_uri", RETURN.to_owned()),
            ("scope", scope.to_owned()),
            ("grant_type", "authorization_code".to_owned()),
            ("token_type", "Bearer".to_owned()),
            ("state", state),
            ("timestamp", timestamp),
            ("code", code.to_owned()),
        ]
    }

    pub async fn token(&self, parameters: &Parameters) -> (StatusCode, Value) {
        let url = format!("{}/aas/oauth2/v3/te", self.world.url);
        let response = self.world.http.post(url).form(parameters).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Tokens of a person, by the whole way.
    pub async fn tokens(&self, scope: &str, person: u64) -> Value {
        let answer = self.sign_in(&self.authorization(scope), person).await;
        let code = value(&answer, "code").unwrap();
        let (status, tokens) = self.token(&self.exchange(scope, code)).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }

    pub async fn resource(&self, path: &str, token: &str) -> (StatusCode, Value) {
        let url = format!("{}{path}", self.world.url);
        let response = self.world.http.get(url).bearer_auth(token).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }
}

/// The parameters with which ESIA returns to the client.
pub fn returned(response: &Response) -> Vec<(String, String)> {
    assert_eq!(response.status(), StatusCode::FOUND);
    let location = response.headers()[header::LOCATION].to_str().unwrap();
    assert!(location.starts_with(RETURN), "{location}");
    let url = reqwest::Url::parse(location).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}
