//! Tokens of organisations that use the interfaces of «Госуслуги» by an API key
//! (`/esia-rs/api/public/v1/orgs/ext-app/{key}/tkn`). The signature over the key is CAdES-BES,
//! base64url, by the certificate of the client.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{ESIA_ISSUER, authorize::fault};
use crate::{World, refusal::Refusal};

/// Life of a token, seconds.
const LIFE: i64 = 3600;
/// The claim that tells such a token from a person's.
const CLAIM: &str = "urn:esia:ext_app";

#[derive(Deserialize)]
pub(super) struct Parameters {
    #[serde(default)]
    signature: String,
}

/// A token for the organisation behind an API key.
pub(super) async fn token(
    State(world): State<Arc<World>>,
    Path(api_key): Path<String>,
    Query(Parameters { signature }): Query<Parameters>,
) -> Result<Response, Refusal> {
    if let Err(response) = fault(&world.esia).await {
        return Ok(response);
    }
    let now = world.clock.now();
    let client = world.esia.client_of_api_key(&api_key);
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).ok();
    let is_signed = |content: &[u8]| {
        let client = client.as_ref()?;
        client.signed_cms(&world.authority, content, signature.as_deref()?, now).then_some(client)
    };
    let Some(client) = is_signed(api_key.as_bytes()) else {
        let what = "the API key is unknown or is not signed by the organisation's key";
        let body = json!({ "code": "ESIA-036701", "message": what });
        return Ok((StatusCode::FORBIDDEN, Json(body)).into_response());
    };
    let issued = now.timestamp();
    let claims = json!({
        "iss": ESIA_ISSUER, "client_id": client.client_id, "iat": issued, "nbf": issued,
        "exp": issued + LIFE, CLAIM: api_key,
    });
    let token = world.esia.keys.get().await?.sign("access", &claims);
    Ok(Json(json!({ "accessTkn": token })).into_response())
}

/// The client whose token a request carries.
pub(crate) async fn authorised(
    world: &World,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let claims = world.esia.keys.get().await?.access_claims(token, now);
    let client = claims.filter(|claims| claims[CLAIM].is_string());
    let client = client.and_then(|claims| claims["client_id"].as_str().map(str::to_owned));
    client.ok_or_else(|| Refusal {
        status: StatusCode::UNAUTHORIZED,
        field: Some("Authorization"),
        what: "no valid token of an organisation".to_owned(),
        right: "Bearer and the token that ESIA gave for an API key".to_owned(),
    })
}
