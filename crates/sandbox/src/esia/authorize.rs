//! Authorization request (`/aas/oauth2/v2/ac`), the answer of the sign-in page, and signing out.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Esia, Grant, error::EsiaError, page, scope::Scopes};
use crate::{
    World, html, lock,
    population::{self, Person},
};

/// A code lives a minute.
const CODE_LIFE: TimeDelta = TimeDelta::seconds(60);
/// The sign-in page may stay open this long.
const PENDING_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How far a request's `timestamp` may be from ESIA's clock.
const TIMESTAMP_TOLERANCE: TimeDelta = TimeDelta::minutes(5);
/// Cookie of ESIA's own session.
const COOKIE: &str = "esia_session";

pub(super) type Parameters = HashMap<String, String>;

/// A checked request that waits for the person.
#[derive(Clone)]
pub(super) struct PendingRequest {
    client_id: String,
    redirect_uri: String,
    state: String,
    scopes: Scopes,
    nonce: Option<String>,
    code_challenge: Option<String>,
    offline: bool,
    expires_at: DateTime<Utc>,
}

pub(super) async fn from_query(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters>,
) -> Response {
    authorize(&world, &headers, parameters).await
}

pub(super) async fn from_form(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Form(parameters): Form<Parameters>,
) -> Response {
    authorize(&world, &headers, parameters).await
}

/// Waits and fails as ordered through the control interface.
pub(super) async fn fault(esia: &Esia) -> Result<(), Response> {
    let (down, delay) = {
        let faults = lock(&esia.faults);
        (faults.down, faults.delay_ms)
    };
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    if !down {
        return Ok(());
    }
    let text = EsiaError::code("ESIA-007008").text();
    let body = format!("<section><p>{}</p></section>", html::escape(&text));
    Err((StatusCode::SERVICE_UNAVAILABLE, html::page("Госуслуги недоступны", &body))
        .into_response())
}

async fn authorize(world: &World, headers: &HeaderMap, parameters: Parameters) -> Response {
    let esia = &world.esia;
    if let Err(response) = fault(esia).await {
        return response;
    }
    let given = |name: &str| parameters.get(name).map_or("", String::as_str);
    let Some(client) = esia.client(given("client_id")) else {
        return EsiaError::code("ESIA-007005").about("client_id").page().into_response();
    };
    let redirect_uri = given("redirect_uri");
    if !client.allows_redirect(redirect_uri) {
        return EsiaError::code("ESIA-007003").about("redirect_uri").page().into_response();
    }
    let ordered = lock(&esia.faults).error.take();
    let now = world.clock.now();
    let checked = ordered.map_or_else(|| check(esia, &parameters, now), Err);
    let pending = match checked {
        Ok(pending) => pending,
        Err(error) => return refuse(redirect_uri, given("state"), &error),
    };

    let signed_in = session(esia, headers).and_then(population::person);
    if let Some(person) = signed_in
        && pending.scopes.organisations().next().is_some()
    {
        return allow(world, pending, person);
    }
    let request = Uuid::new_v4();
    {
        let mut memory = lock(&esia.memory);
        memory.pending.retain(|_, request| request.expires_at > now);
        memory.pending.insert(request, pending);
    }
    page::sign_in(request, &client.name, signed_in).into_response()
}

/// Checks a request of a known client with an allowed redirect address.
fn check(
    esia: &Esia,
    parameters: &Parameters,
    now: DateTime<Utc>,
) -> Result<PendingRequest, EsiaError> {
    let client_id = required(parameters, "client_id")?;
    let redirect_uri = required(parameters, "redirect_uri")?;
    let scope = required(parameters, "scope")?;
    let timestamp = required(parameters, "timestamp")?;
    let state = required(parameters, "state")?;
    if required(parameters, "response_type")? != "code" {
        return Err(EsiaError::code("ESIA-007009"));
    }
    let offline = match required(parameters, "access_type")? {
        "online" => false,
        "offline" => true,
        _ => return Err(EsiaError::code("ESIA-007003").about("access_type")),
    };
    if Uuid::try_parse(state).is_err() {
        return Err(EsiaError::code("ESIA-007003").about("state"));
    }
    check_timestamp(timestamp, now)?;
    let scopes = Scopes::parse(scope)?;
    check_secret(esia, parameters, &[client_id, scope, timestamp, state, redirect_uri])?;
    let code_challenge = match (
        parameters.get("code_challenge"),
        parameters.get("code_challenge_method").map(String::as_str),
    ) {
        (None, None) => None,
        (Some(challenge), Some("S256")) => Some(challenge.clone()),
        (None, Some(_)) => return Err(EsiaError::missing("code_challenge")),
        (Some(_), _) => return Err(EsiaError::code("ESIA-007003").about("code_challenge_method")),
    };
    Ok(PendingRequest {
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        state: state.to_owned(),
        scopes,
        nonce: parameters.get("nonce").cloned(),
        code_challenge,
        offline,
        expires_at: now + PENDING_LIFE,
    })
}

/// A parameter that must be there.
pub(super) fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, EsiaError> {
    let value = parameters.get(name).filter(|value| !value.is_empty());
    value.map(String::as_str).ok_or_else(|| EsiaError::missing(name))
}

/// `timestamp` is written `yyyy.MM.dd HH:mm:ss +0300` and near to now.
pub(super) fn check_timestamp(text: &str, now: DateTime<Utc>) -> Result<(), EsiaError> {
    let wrong = || EsiaError::code("ESIA-007015").about(text);
    let at = DateTime::parse_from_str(text, "%Y.%m.%d %H:%M:%S %z").map_err(|_| wrong())?;
    let distance = (at.with_timezone(&Utc) - now).abs();
    if distance > TIMESTAMP_TOLERANCE { Err(wrong()) } else { Ok(()) }
}

/// The request is signed by the client's key and names the client's certificate.
pub(super) fn check_secret(
    esia: &Esia,
    parameters: &Parameters,
    signed: &[&str],
) -> Result<(), EsiaError> {
    let hash = required(parameters, "client_certificate_hash")?;
    let secret = required(parameters, "client_secret")?;
    let client = esia
        .client(required(parameters, "client_id")?)
        .ok_or_else(|| EsiaError::code("ESIA-007005").about("client_id"))?;
    if !client.owns_certificate(hash) {
        return Err(EsiaError::code("ESIA-007053").about("client_certificate_hash"));
    }
    if !client.signed(signed, secret) {
        return Err(EsiaError::code("ESIA-007053").about("client_secret"));
    }
    Ok(())
}

/// What the sign-in page sends.
#[derive(Deserialize)]
pub(super) struct Choice {
    request: Uuid,
    /// Identifier of the person; absent when the person refused.
    person: Option<u64>,
}

pub(super) async fn sign_in(
    State(world): State<Arc<World>>,
    Form(choice): Form<Choice>,
) -> Response {
    let pending = lock(&world.esia.memory).pending.remove(&choice.request);
    let Some(pending) = pending.filter(|pending| pending.expires_at > world.clock.now()) else {
        let body = "<section><p>Запрос на вход устарел. Вернитесь в систему, в которую вы \
                    входите, и начните вход заново.</p></section>";
        return (StatusCode::GONE, html::page("Запрос устарел", body)).into_response();
    };
    match choice.person.map(population::person) {
        Some(Some(person)) => allow(&world, pending, person),
        Some(None) => {
            refuse(&pending.redirect_uri, &pending.state, &EsiaError::code("ESIA-007036"))
        }
        None => refuse(&pending.redirect_uri, &pending.state, &EsiaError::code("ESIA-007004")),
    }
}

/// Issues a code and returns the person to the client.
fn allow(world: &World, pending: PendingRequest, person: &Person) -> Response {
    let stranger = |oid| person.role_in(oid).is_none();
    if let Some(oid) = pending.scopes.organisations().find(|oid| stranger(*oid)) {
        let error = EsiaError::code("ESIA-007194").about(&oid.to_string());
        return refuse(&pending.redirect_uri, &pending.state, &error);
    }
    let now = world.clock.now();
    let expired = std::mem::take(&mut lock(&world.esia.faults).expire_code);
    let session = Uuid::new_v4().to_string();
    let code = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let grant = Grant {
        client_id: pending.client_id,
        redirect_uri: pending.redirect_uri.clone(),
        scopes: pending.scopes,
        person: person.oid,
        session: session.clone(),
        nonce: pending.nonce,
        code_challenge: pending.code_challenge,
        offline: pending.offline,
        authenticated_at: now,
        expires_at: if expired { now } else { now + CODE_LIFE },
    };
    {
        let mut memory = lock(&world.esia.memory);
        memory.codes.retain(|_, grant| grant.expires_at > now);
        memory.codes.insert(code.clone(), grant);
        memory.sessions.insert(session.clone(), person.oid);
    }
    let target = with_query(&pending.redirect_uri, &[("code", &code), ("state", &pending.state)]);
    let cookie = format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], redirect(target)).into_response()
}

fn refuse(redirect_uri: &str, state: &str, error: &EsiaError) -> Response {
    let text = error.text();
    let query = [("error", error.error), ("error_description", &*text), ("state", state)];
    redirect(with_query(redirect_uri, &query)).into_response()
}

fn redirect(target: String) -> impl IntoResponse {
    (StatusCode::FOUND, [(header::LOCATION, target)])
}

/// Appends parameters to an address, encoded by RFC 3986.
fn with_query(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut target = uri.to_owned();
    for (name, value) in parameters {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(name);
        target.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    target.push(char::from(byte));
                }
                _ => target.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    target
}

/// The person of ESIA's own session.
fn session(esia: &Esia, headers: &HeaderMap) -> Option<u64> {
    let token = session_token(headers)?;
    lock(&esia.memory).sessions.get(token).copied()
}

fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

#[derive(Deserialize)]
pub(super) struct LogoutQuery {
    client_id: String,
    /// Not `redirect_uri`: so the real one calls it.
    redirect_url: Option<String>,
}

/// Ends ESIA's own session and returns to `redirect_url` when the client may ask for it.
pub(super) async fn logout(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(query): Query<LogoutQuery>,
) -> Response {
    if let Err(response) = fault(&world.esia).await {
        return response;
    }
    if let Some(token) = session_token(&headers) {
        lock(&world.esia.memory).sessions.remove(token);
    }
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    let Some(client) = world.esia.client(&query.client_id) else {
        return EsiaError::code("ESIA-007005").about("client_id").page().into_response();
    };
    let answer = match query.redirect_url {
        Some(url) if client.allows_redirect(&url) => redirect(url).into_response(),
        Some(_) => EsiaError::code("ESIA-007003").about("redirect_url").page().into_response(),
        None => html::page("Вы вышли из Госуслуг", "").into_response(),
    };
    ([(header::SET_COOKIE, gone)], answer).into_response()
}
