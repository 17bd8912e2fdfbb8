//! Data about people and organisations (`/rs/…`), as much of it as the token's areas allow.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{authorize::fault, scope::Scopes};
use crate::{
    World,
    population::{self, Organisation, Person},
};

/// A bearer's access token.
struct Access {
    person: u64,
    scopes: Scopes,
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message }))).into_response()
}

fn forbidden() -> Response {
    refuse(
        StatusCode::FORBIDDEN,
        "ESIA-005003",
        "Область доступа маркера не позволяет получить эти сведения",
    )
}

fn unknown() -> Response {
    refuse(StatusCode::NOT_FOUND, "ESIA-005004", "Сведения не найдены")
}

async fn access(world: &World, headers: &HeaderMap) -> Result<Access, Response> {
    fault(&world.esia).await?;
    let key = world.esia.keys.get().await.map_err(|error| {
        tracing::error!(%error, "ESIA has no key");
        refuse(StatusCode::INTERNAL_SERVER_ERROR, "ESIA-005001", "Внутренняя ошибка")
    })?;
    let read = || {
        let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        let claims = key.access_claims(token, world.clock.now())?;
        Some(Access {
            person: claims["urn:esia:sbj_id"].as_u64()?,
            scopes: Scopes::from_claim(claims["scope"].as_str()?)?,
        })
    };
    read().ok_or_else(|| {
        refuse(
            StatusCode::UNAUTHORIZED,
            "ESIA-005002",
            "Маркер доступа отсутствует, недействителен или истёк",
        )
    })
}

/// The person of the address, when it is the token's own.
fn own(access: &Access, oid: u64) -> Option<&'static Person> {
    population::person(oid).filter(|person| person.oid == access.person)
}

pub(super) async fn person(
    State(world): State<Arc<World>>,
    Path(oid): Path<u64>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let access = access(&world, &headers).await?;
    let person = own(&access, oid).ok_or_else(forbidden)?;
    let has = |scope| access.scopes.has(scope);
    let mut body = json!({
        "stateFacts": ["EntityRoot"],
        "eTag": format!("{oid:X}"),
        "status": "REGISTERED",
        "trusted": person.trusted,
        "verifying": false,
        "containsUpCfmCode": false,
    });
    if has("fullname") {
        body["firstName"] = json!(person.name);
        body["lastName"] = json!(person.surname);
        body["middleName"] = json!(person.middle_name);
    }
    if has("birthdate") {
        body["birthDate"] = json!(person.birth_date);
    }
    if has("gender") {
        body["gender"] = json!(person.gender);
    }
    if has("citizenship") {
        body["citizenship"] = json!("RUS");
    }
    if let Some(snils) = person.snils.filter(|_| has("snils")) {
        body["snils"] = json!(snils);
    }
    if let Some(inn) = person.inn.filter(|_| has("inn")) {
        body["inn"] = json!(inn);
    }
    if has("id_doc") && person.passport.is_some() {
        body["rIdDoc"] = json!(document_id(person));
    }
    Ok(Json(body))
}

#[derive(Deserialize)]
pub(super) struct Embed {
    embed: Option<String>,
}

pub(super) async fn collection(
    State(world): State<Arc<World>>,
    Path((oid, name)): Path<(u64, String)>,
    Query(query): Query<Embed>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let access = access(&world, &headers).await?;
    let person = own(&access, oid).ok_or_else(forbidden)?;
    let has = |scope| access.scopes.has(scope);
    let elements: Vec<Value> = match &*name {
        "ctts" if has("contacts") || has("email") || has("mobile") => contacts(person, &access),
        "docs" if has("id_doc") => documents(person),
        "addrs" if has("contacts") || has("addresses") => Vec::new(),
        "roles" if has("usr_org") => return Ok(Json(list(roles(person)))),
        "orgs" if has("usr_org") => person
            .roles
            .iter()
            .map(|role| json!(format!("{}/rs/orgs/{}", world.url, role.organisation)))
            .collect(),
        "ctts" | "docs" | "addrs" | "roles" | "orgs" => return Err(forbidden()),
        _ => return Err(unknown()),
    };
    // Without `embed=(elements)` only addresses of the elements are listed.
    let embedded = name == "orgs" || query.embed.is_some_and(|embed| embed.contains("elements"));
    let elements = elements.into_iter().map(|element| {
        if embedded {
            element
        } else {
            json!(format!("{}/rs/prns/{oid}/{name}/{}", world.url, element["id"]))
        }
    });
    Ok(Json(list(elements.collect())))
}

fn list(elements: Vec<Value>) -> Value {
    json!({ "stateFacts": ["hasSize"], "size": elements.len(), "elements": elements })
}

fn contacts(person: &Person, access: &Access) -> Vec<Value> {
    let all = access.scopes.has("contacts");
    let contact = |kind: &str, number: u64, value: &str| {
        json!({
            "stateFacts": ["Identifiable"],
            "id": person.oid * 10 + number,
            "type": kind,
            "vrfStu": "VERIFIED",
            "value": value,
        })
    };
    let mut found = Vec::new();
    if all || access.scopes.has("email") {
        found.push(contact("EML", 1, person.email));
    }
    if all || access.scopes.has("mobile") {
        found.push(contact("MBT", 2, person.mobile));
    }
    found
}

fn document_id(person: &Person) -> u64 {
    person.oid * 10 + 5
}

fn documents(person: &Person) -> Vec<Value> {
    let passport = person.passport.map(|(series, number)| {
        json!({
            "stateFacts": ["EntityRoot"],
            "id": document_id(person),
            "type": "RF_PASSPORT",
            "vrfStu": "VERIFIED",
            "series": series,
            "number": number,
            "issueDate": "01.02.2020",
            "issueId": "000001",
            "issuedBy": "ПЕСОЧНИЦА",
        })
    });
    passport.into_iter().collect()
}

fn roles(person: &Person) -> Vec<Value> {
    let role = |organisation: &Organisation, chief: bool, admin: bool| {
        json!({
            "oid": organisation.oid,
            "prnOid": person.oid,
            "fullName": organisation.full_name,
            "shortName": organisation.short_name,
            "ogrn": organisation.ogrn,
            "inn": organisation.inn,
            "type": organisation.kind.code(),
            "chief": chief,
            "admin": admin,
            "phone": organisation.phone,
            "email": organisation.email,
            "active": true,
            "hasRightOfSubstitution": false,
            "hasApprovalTabAccess": false,
            "isLiquidated": false,
        })
    };
    person
        .roles
        .iter()
        .filter_map(|own| {
            let organisation = population::organisation(own.organisation)?;
            Some(role(organisation, own.chief, own.admin))
        })
        .collect()
}

pub(super) async fn organisation(
    State(world): State<Arc<World>>,
    Path(oid): Path<u64>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let access = access(&world, &headers).await?;
    let has = |scope| access.scopes.has_organisation(scope, oid);
    if !access.scopes.organisations().any(|own| own == oid) {
        return Err(forbidden());
    }
    let organisation = population::organisation(oid).ok_or_else(unknown)?;
    let mut body = json!({
        "stateFacts": ["EntityRoot"],
        "oid": oid,
        "isLiquidated": false,
    });
    for (scope, field, value) in [
        ("org_shortname", "shortName", Some(organisation.short_name)),
        ("org_fullname", "fullName", Some(organisation.full_name)),
        ("org_type", "type", Some(organisation.kind.code())),
        ("org_ogrn", "ogrn", Some(organisation.ogrn)),
        ("org_inn", "inn", Some(organisation.inn)),
        ("org_kpp", "kpp", organisation.kpp),
        ("org_oktmo", "oktmo", Some(organisation.address.oktmo)),
    ] {
        if let Some(value) = value.filter(|_| has(scope)) {
            body[field] = json!(value);
        }
    }
    if has("org_ctts") {
        body["contacts"] = list(vec![
            json!({ "type": "OEM", "vrfStu": "VERIFIED", "value": organisation.email }),
            json!({ "type": "OPH", "vrfStu": "NOT_VERIFIED", "value": organisation.phone }),
        ]);
    }
    if has("org_addrs") {
        let address = &organisation.address;
        body["addresses"] = list(vec![json!({
            "type": "OLG",
            "countryId": "RUS",
            "zipCode": address.postal_code,
            "region": address.region,
            "city": address.city,
            "street": address.street,
            "house": address.house,
        })]);
    }
    Ok(Json(body))
}
