//! The authorities over HTTP.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use super::{Family, FamilyName, YEAR, pem_of, personal, request, subject_text};
use crate::{World, refusal::Refusal};

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/ca/certificates", post(issue))
        .route("/ca/root.pem", get(roots))
        .route("/ca/chain.pem", get(chains))
        .route("/ca/crl", get(old_list))
        .route("/ca/{family}/root.pem", get(root))
        .route("/ca/{family}/chain.pem", get(chain))
        .route("/ca/{family}/crl", get(list))
        .route("/ca/{family}/root.crl", get(root_list))
        .route("/ca/{family}/ocsp", post(ocsp))
        .route("/ca/{family}/tsp", post(timestamp))
}

/// Who asks for a certificate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueRequest {
    /// PKCS#10, PEM or base64 of DER.
    csr: String,
    /// ESIA identifier of the person; or `snils`.
    person: Option<u64>,
    snils: Option<String>,
    /// ИНН of the organisation or of the sole trader for which the person will sign; one's own is
    /// as good as none.
    organisation_inn: Option<String>,
}

#[derive(Serialize)]
struct IssueResponse {
    serial: String,
    subject: String,
    certificate_pem: String,
    chain_pem: String,
}

async fn issue(
    State(world): State<Arc<World>>,
    Json(ask): Json<IssueRequest>,
) -> Result<(StatusCode, Json<IssueResponse>), Refusal> {
    let now = available(&world)?;
    let public_key = request::public_key(&ask.csr)?;
    let person = personal::person(ask.person, ask.snils.as_deref())?;
    let organisation = personal::organisation(person, ask.organisation_inn.as_deref())?;
    let family = FamilyName::Ecdsa;
    let validity = (now, now + YEAR);
    let certificate =
        world.authority.issue_personal(family, public_key, person, organisation, validity)?;
    Ok((
        StatusCode::CREATED,
        Json(IssueResponse {
            serial: certificate.serial_hex(),
            subject: subject_text(certificate.subject()),
            certificate_pem: pem_of(&certificate),
            chain_pem: world.authority.family(family).chain_pem(),
        }),
    ))
}

/// The time, when the authority is not switched off.
fn available(world: &World) -> Result<chrono::DateTime<chrono::Utc>, Refusal> {
    world.switches.require("ca", "the certificate authority")?;
    Ok(world.clock.now())
}

fn family<'a>(world: &'a World, name: &str) -> Result<(FamilyName, &'a Family), Refusal> {
    let found = FamilyName::ALL.into_iter().find(|family| family.path() == name);
    found
        .map(|found| (found, world.authority.family(found)))
        .ok_or_else(|| Refusal::not_found(format!("no authority {name}"), "gost or ecdsa"))
}

async fn roots(State(world): State<Arc<World>>) -> Response {
    pem(world.authority.root_pem())
}

async fn chains(State(world): State<Arc<World>>) -> Response {
    pem(FamilyName::ALL.map(|name| world.authority.family(name).chain_pem()).concat())
}

async fn root(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    Ok(pem(family(&world, &name)?.1.root_pem()))
}

async fn chain(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    Ok(pem(family(&world, &name)?.1.chain_pem()))
}

async fn old_list(state: State<Arc<World>>) -> Result<Response, Refusal> {
    list(state, Path(FamilyName::Ecdsa.path().to_owned())).await
}

async fn list(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let now = available(&world)?;
    let (name, family) = family(&world, &name)?;
    let list = family.list(&world.authority.revoked(name), now)?;
    Ok(der("application/pkix-crl", list.as_der().to_vec()))
}

async fn root_list(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let now = available(&world)?;
    let list = family(&world, &name)?.1.root_list(now)?;
    Ok(der("application/pkix-crl", list.as_der().to_vec()))
}

async fn ocsp(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let now = available(&world)?;
    let (name, family) = family(&world, &name)?;
    let issued = world.authority.issued();
    let known = |serial: &[u8]| {
        let serial = hex::encode_upper(serial);
        issued
            .iter()
            .find(|one| one.family == name && one.serial == serial)
            .map(|one| one.revoked_at)
    };
    Ok(der("application/ocsp-response", family.ocsp(&body, known, now)?))
}

async fn timestamp(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let now = available(&world)?;
    world.switches.require("tsp", "the time-stamp service")?;
    let answer = family(&world, &name)?.1.timestamp(&body, now)?;
    Ok(der("application/timestamp-reply", answer))
}

fn pem(text: String) -> Response {
    der("application/x-pem-file", text.into_bytes())
}

fn der(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
