//! The tax service: organisations and sole traders by ИНН or ОГРН, payers of the professional
//! income tax by ИНН. Simplified JSON: the real registers answer with signed extracts.
//!
//! | path | what |
//! | --- | --- |
//! | `GET /egr/organisations/{inn-or-ogrn}` | a legal entity or sole trader, 404 when unknown |
//! | `GET /npd/{inn}` | `{inn, status, since}` of a known person, 404 otherwise |

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::Serialize;

use crate::{
    World,
    population::{self, Address},
    refusal::Refusal,
};

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/egr/organisations/{number}", get(organisation))
        .route("/npd/{inn}", get(self_employed))
}

/// An entry of the register.
#[derive(Serialize)]
struct Entry {
    inn: &'static str,
    /// Absent for sole traders.
    kpp: Option<&'static str>,
    /// ОГРН or ОГРНИП.
    ogrn: &'static str,
    full_name: &'static str,
    short_name: &'static str,
    address: &'static Address,
    head: Head,
    /// `active`; the sandbox has no liquidated organisations.
    status: &'static str,
    /// `yyyy-MM-dd`
    registered: &'static str,
}

#[derive(Serialize)]
struct Head {
    surname: &'static str,
    name: &'static str,
    middle_name: &'static str,
    post: &'static str,
    inn: Option<&'static str>,
}

#[derive(Serialize)]
struct SelfEmployed {
    inn: String,
    /// Pays the professional income tax today.
    status: bool,
    /// `yyyy-MM-dd`
    since: Option<&'static str>,
}

async fn organisation(
    State(world): State<Arc<World>>,
    Path(number): Path<String>,
) -> Result<Json<Entry>, Refusal> {
    world.switches.require("register", "the tax register")?;
    let entry = population::ORGANISATIONS
        .iter()
        .find(|found| found.inn == number || found.ogrn == number)
        .and_then(|found| population::person(found.head).map(|head| (found, head)))
        .map(|(found, head)| Entry {
            inn: found.inn,
            kpp: found.kpp,
            ogrn: found.ogrn,
            full_name: found.full_name,
            short_name: found.short_name,
            address: &found.address,
            head: Head {
                surname: head.surname,
                name: head.name,
                middle_name: head.middle_name,
                post: head.role_in(found.oid).map_or("", |role| role.post),
                inn: head.inn,
            },
            status: "active",
            registered: found.registered,
        });
    entry.map(Json).ok_or_else(|| {
        Refusal::not_found(
            format!("no organisation with ИНН or ОГРН {number}"),
            "ИНН, ОГРН or ОГРНИП of an organisation listed at /sandbox/",
        )
    })
}

async fn self_employed(
    State(world): State<Arc<World>>,
    Path(inn): Path<String>,
) -> Result<Json<SelfEmployed>, Refusal> {
    world.switches.require("register", "the tax register")?;
    let person =
        population::PERSONS.iter().find(|person| person.inn == Some(&inn)).ok_or_else(|| {
            Refusal::not_found(
                format!("no person with ИНН {inn}"),
                "ИНН of a person listed at /sandbox/",
            )
        })?;
    let since = person.self_employed_since;
    Ok(Json(SelfEmployed { inn, status: since.is_some(), since }))
}
