//! The authority over HTTP.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use der::{EncodePem, pem::LineEnding};
use serde::{Deserialize, Serialize};

use super::{request, serial_text, subject_text};
use crate::{SandboxError, World, population, refusal::Refusal};

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/ca/certificates", post(issue))
        .route("/ca/root.pem", get(root))
        .route("/ca/chain.pem", get(chain))
        .route("/ca/crl", get(crl))
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
    world.switches.require("ca", "the certificate authority")?;
    let public_key = request::public_key(&ask.csr)?;
    let person = population::PERSONS
        .iter()
        .find(|person| match (ask.person, &ask.snils) {
            (Some(oid), _) => person.oid == oid,
            (None, Some(snils)) => person.snils.is_some_and(|own| digits(own) == digits(snils)),
            (None, None) => false,
        })
        .ok_or_else(|| {
            Refusal::invalid(
                "person",
                "no such person in the sandbox",
                "the oid or the СНИЛС of a person listed at /sandbox/",
            )
        })?;
    if !person.trusted {
        return Err(Refusal::invalid(
            "person",
            "the account is not confirmed, so the authority cannot identify the person",
            "a person with a confirmed account",
        ));
    }
    let organisation = match ask.organisation_inn.as_deref() {
        None => None,
        // A person without an organisation signs for himself.
        Some(inn) if person.inn == Some(inn) && person.roles.is_empty() => None,
        Some(inn) => Some(
            population::ORGANISATIONS
                .iter()
                .find(|found| found.inn == inn && person.role_in(found.oid).is_some())
                .ok_or_else(|| {
                    Refusal::invalid(
                        "organisation_inn",
                        format!("the person has no role in an organisation with ИНН {inn}"),
                        "ИНН of an organisation in which the person works",
                    )
                })?,
        ),
    };
    let certificate =
        world.authority.issue_personal(public_key, person, organisation, world.clock.now())?;
    let certificate_pem = certificate.to_pem(LineEnding::LF).map_err(SandboxError::from)?;
    Ok((
        StatusCode::CREATED,
        Json(IssueResponse {
            serial: serial_text(&certificate),
            subject: subject_text(certificate.tbs_certificate().subject()),
            certificate_pem,
            chain_pem: world.authority.chain_pem()?,
        }),
    ))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

async fn root(State(world): State<Arc<World>>) -> Result<Response, Refusal> {
    Ok(pem(world.authority.root_pem()?))
}

async fn chain(State(world): State<Arc<World>>) -> Result<Response, Refusal> {
    Ok(pem(world.authority.chain_pem()?))
}

async fn crl(State(world): State<Arc<World>>) -> Result<Response, Refusal> {
    world.switches.require("ca", "the certificate authority")?;
    let list = world.authority.crl(world.clock.now())?;
    Ok(([(header::CONTENT_TYPE, "application/pkix-crl")], list).into_response())
}

fn pem(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/x-pem-file")], text).into_response()
}
