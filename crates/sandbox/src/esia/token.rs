//! Tokens (`/aas/oauth2/v3/te`).

use std::sync::Arc;

use axum::{
    Form, Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    ESIA_ISSUER, Grant,
    authorize::{Parameters, check_secret, check_timestamp, fault, required},
    error::EsiaError,
    jwt::TokenKey,
};
use crate::{World, lock, population, refusal::Refusal};

/// Life of an access token, seconds.
const ACCESS_LIFE: i64 = 3600;
/// Life of a refresh token.
const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);

/// Exchanges a code or a refresh token.
pub(super) async fn exchange(
    State(world): State<Arc<World>>,
    Form(parameters): Form<Parameters>,
) -> Result<Response, Refusal> {
    if let Err(response) = fault(&world.esia).await {
        return Ok(response);
    }
    let key = world.esia.keys.get().await?;
    let now = world.clock.now();
    let state = parameters.get("state").map(String::as_str);
    Ok(match grant(&world, &parameters, now) {
        Ok(grant) => Json(tokens(&world, &key, grant, state, now)).into_response(),
        Err(error) => error.json(state),
    })
}

/// The grant behind a request, which can be used once.
fn grant(world: &World, parameters: &Parameters, now: DateTime<Utc>) -> Result<Grant, EsiaError> {
    let client_id = required(parameters, "client_id")?;
    let scope = required(parameters, "scope")?;
    let timestamp = required(parameters, "timestamp")?;
    let state = required(parameters, "state")?;
    check_timestamp(timestamp, now)?;
    if required(parameters, "token_type")? != "Bearer" {
        return Err(EsiaError::code("ESIA-007003").about("token_type"));
    }
    let invalid = |what: &str| EsiaError::code("ESIA-007011").about(what);
    let grant = match required(parameters, "grant_type")? {
        "authorization_code" => {
            let redirect_uri = required(parameters, "redirect_uri")?;
            let code = required(parameters, "code")?;
            check_secret(
                &world.esia,
                parameters,
                &[client_id, scope, timestamp, state, redirect_uri, code],
            )?;
            let grant = lock(&world.esia.memory).codes.remove(code);
            let grant = grant.ok_or_else(|| invalid("code"))?;
            if grant.redirect_uri != redirect_uri {
                return Err(invalid("redirect_uri"));
            }
            let verifier = parameters.get("code_verifier").map(String::as_str);
            check_verifier(grant.code_challenge.as_deref(), verifier)?;
            grant
        }
        "refresh_token" => {
            let token = required(parameters, "refresh_token")?;
            check_secret(&world.esia, parameters, &[client_id, scope, timestamp, state, token])?;
            let grant = lock(&world.esia.memory).refresh.remove(token);
            Grant { nonce: None, ..grant.ok_or_else(|| invalid("refresh_token"))? }
        }
        _ => return Err(EsiaError::code("ESIA-007012")),
    };
    if grant.client_id != client_id || grant.expires_at <= now {
        return Err(invalid("code"));
    }
    if super::Scopes::parse(scope)? != grant.scopes {
        return Err(EsiaError::code("ESIA-007023").about(scope));
    }
    Ok(grant)
}

/// RFC 7636 section 4.6 for S256.
fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), EsiaError> {
    match (challenge, verifier) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(EsiaError::missing("code_verifier")),
        (Some(challenge), Some(verifier)) => {
            let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            let same = hash == challenge.trim_end_matches('=');
            if same { Ok(()) } else { Err(EsiaError::code("ESIA-007011").about("code_verifier")) }
        }
    }
}

fn tokens(
    world: &World,
    key: &TokenKey,
    grant: Grant,
    state: Option<&str>,
    now: DateTime<Utc>,
) -> Value {
    let issued = now.timestamp();
    let expires = issued + ACCESS_LIFE;
    let person = grant.person;
    let access = json!({
        "iss": ESIA_ISSUER,
        "client_id": grant.client_id,
        "iat": issued,
        "nbf": issued,
        "exp": expires,
        "scope": grant.scopes.claim(person),
        "urn:esia:sid": grant.session,
        "urn:esia:sbj_id": person,
    });
    let mut answer = json!({
        "access_token": key.sign("access", &access),
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE,
        "state": state,
    });
    if grant.scopes.has("openid") {
        let trusted = population::person(person).is_some_and(|found| found.trusted);
        let mut claims = json!({
            "iss": ESIA_ISSUER,
            "aud": grant.client_id,
            "sub": person,
            "iat": issued,
            "nbf": issued,
            "exp": expires,
            "auth_time": grant.authenticated_at.timestamp(),
            "amr": ["PWD"],
            "urn:esia:amd": "PWD",
            "urn:esia:sid": grant.session,
            "urn:esia:sbj": {
                "urn:esia:sbj:typ": "P",
                "urn:esia:sbj:is_tru": trusted,
                "urn:esia:sbj:oid": person,
                "urn:esia:sbj:nam": format!("OID.{person}"),
            },
        });
        if let Some(nonce) = &grant.nonce {
            claims["nonce"] = json!(nonce);
        }
        answer["id_token"] = json!(key.sign("id", &claims));
    }
    if grant.offline {
        let token = Uuid::new_v4().to_string();
        let grant = Grant { expires_at: now + REFRESH_LIFE, ..grant };
        lock(&world.esia.memory).refresh.insert(token.clone(), grant);
        answer["refresh_token"] = json!(token);
    }
    answer
}

/// PEM of the key that signs tokens.
pub(super) async fn public_key(State(world): State<Arc<World>>) -> Result<Response, Refusal> {
    let pem = world.esia.keys.get().await?.public_key_pem()?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
