//! The JSON interface of the control.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use signature::{certificate::Certificate, pem};

use super::SWITCHED;
use crate::{
    ClientCertificate, ClientKey, ClientRegistration, SandboxError, World,
    ca::{Issued, TestSignature, TestSignatureRequest},
    eais::{Accepted, Action, Form, Mode, ModeChange},
    esia::{EsiaError, Faults},
    lock,
    refusal::Refusal,
};

/// Reads a JSON body; an empty one is `{}`.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| {
        Refusal::invalid("body", error.to_string(), "JSON with the fields listed at /sandbox/")
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EsiaNext {
    error: Option<String>,
    down: Option<bool>,
    delay_ms: Option<u64>,
    expire_code: Option<bool>,
}

pub(super) async fn esia_next(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<Json<Faults>, Refusal> {
    let next: EsiaNext = read(&body)?;
    let error = next.error.map(|name| {
        EsiaError::find(&name).ok_or_else(|| {
            let codes: Vec<_> = EsiaError::codes().collect();
            Refusal::invalid(
                "error",
                format!("unknown error {name}"),
                format!("an OAuth error name or one of {}", codes.join(", ")),
            )
        })
    });
    let error = error.transpose()?;
    let mut faults = lock(&world.esia.faults);
    faults.error = error.or(faults.error.take());
    faults.down = next.down.unwrap_or(faults.down);
    faults.delay_ms = next.delay_ms.unwrap_or(faults.delay_ms);
    faults.expire_code = next.expire_code.unwrap_or(faults.expire_code);
    Ok(Json(faults.clone()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewClient {
    client_id: String,
    name: Option<String>,
    redirect_uris: Vec<String>,
    /// Absent: the sandbox makes key and certificate.
    certificate_pem: Option<String>,
    /// The kind of the key made here.
    #[serde(default)]
    key: ClientKey,
}

/// Registers a client and returns its settings, with the key when it was made here.
pub(super) async fn esia_client(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let NewClient { client_id, name, redirect_uris, certificate_pem, key } = read(&body)?;
    let certificate = match certificate_pem {
        None => ClientCertificate::Issue(key),
        Some(text) => {
            let wrong = |what: String| {
                Refusal::invalid("certificate_pem", what, "PEM of an X.509 certificate")
            };
            let blocks = pem::blocks(text.as_bytes()).map_err(|error| wrong(error.to_string()))?;
            let block = blocks.into_iter().next().ok_or_else(|| wrong("no PEM".to_owned()))?;
            Certificate::from_der(&block.der).map_err(|error| wrong(error.to_string()))?;
            ClientCertificate::Given(block.der)
        }
    };
    let registration = ClientRegistration {
        name: name.unwrap_or_else(|| client_id.clone()),
        client_id: client_id.clone(),
        redirect_uris,
        certificate,
    };
    match world.esia.register(&world.authority, registration, world.clock.now()) {
        Err(SandboxError::Client { what, .. }) => {
            return Err(Refusal::invalid("client_id", what.clone(), what));
        }
        other => other?,
    }
    let settings = world.esia.settings(&world.url, &client_id).await?;
    serde_json::to_value(settings).map(Json).map_err(|error| std::io::Error::from(error).into())
}

pub(super) async fn eais_mode(State(world): State<Arc<World>>) -> Json<Mode> {
    Json(world.eais.mode())
}

pub(super) async fn eais_set_mode(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<Json<Mode>, Refusal> {
    let change: ModeChange = read(&body)?;
    Ok(Json(world.eais.set_mode(change)?))
}

pub(super) async fn eais_messages(State(world): State<Arc<World>>) -> Json<Vec<Accepted>> {
    Json(world.eais.messages())
}

pub(super) async fn eais_forms(State(world): State<Arc<World>>) -> Json<Vec<Form>> {
    Json(world.eais.forms())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionDetails {
    text: Option<String>,
    /// Working days to answer.
    days: Option<u16>,
}

pub(super) async fn eais_act(
    State(world): State<Arc<World>>,
    Path((form, action)): Path<(String, Action)>,
    body: Bytes,
) -> Result<Json<Form>, Refusal> {
    let ActionDetails { text, days } = read(&body)?;
    world.eais.act(&form, action, text, days, world.clock.now()).map(Json)
}

pub(super) async fn certificates(State(world): State<Arc<World>>) -> Json<Vec<Issued>> {
    Json(world.authority.issued())
}

/// Makes a key and a certificate for somebody of the sandbox, also one that ran out.
pub(super) async fn test_signature(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<(StatusCode, Json<TestSignature>), Refusal> {
    let ask: TestSignatureRequest = read(&body)?;
    let made = world.authority.test_signature(&ask, world.clock.now())?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    serial: String,
}

pub(super) async fn revoke(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let Revocation { serial } = read(&body)?;
    if world.authority.revoke(&serial, world.clock.now())? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_found(
            format!("no certificate {serial} was issued here"),
            "a serial number listed at /sandbox/ca/certificates",
        ))
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Switch {
    down: bool,
}

pub(super) async fn switch(
    State(world): State<Arc<World>>,
    Path(system): Path<String>,
    body: Bytes,
) -> Result<Json<Switch>, Refusal> {
    let switch: Switch = read(&body)?;
    let known = SWITCHED.iter().find(|(name, _)| *name == system);
    let (name, _) = known.ok_or_else(|| {
        let names: Vec<_> = SWITCHED.iter().map(|(name, _)| *name).collect();
        Refusal::not_found(
            format!("no switch for {system}"),
            format!("one of {}", names.join(", ")),
        )
    })?;
    world.switches.set(name, switch.down);
    Ok(Json(switch))
}

pub(super) async fn reset(State(world): State<Arc<World>>) -> Result<StatusCode, Refusal> {
    super::reset(&world)?;
    Ok(StatusCode::NO_CONTENT)
}
