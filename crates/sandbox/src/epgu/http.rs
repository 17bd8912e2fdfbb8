//! The interface for organisations.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Order, Package, SYSTEM, Status};
use crate::{World, esia::integrator, refusal::Refusal};

/// The client and the time, when «Госуслуги» work.
async fn enter(world: &World, headers: &HeaderMap) -> Result<(String, DateTime<Utc>), Refusal> {
    world.switches.require(SYSTEM, "Госуслуги (API ЕПГУ)")?;
    let now = world.clock.now();
    Ok((integrator::authorised(world, headers, now).await?, now))
}

/// An order of the client; another's does not exist for him.
fn own(world: &World, id: i64, client: &str, now: DateTime<Utc>) -> Result<Order, Refusal> {
    let order = world.epgu.get(id, now)?;
    if order.client_id == client {
        return Ok(order);
    }
    Err(Refusal::not_found(format!("no order {id}"), "orderId of an order made here"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    region: String,
    service_code: String,
    target_code: String,
}

impl Meta {
    fn read(json: &[u8]) -> Result<Self, Refusal> {
        let right = "JSON {region, serviceCode, targetCode}";
        let wrong = |what: String| Refusal::invalid("meta", what, right);
        let meta: Self = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
        let all = [&meta.region, &meta.service_code, &meta.target_code];
        if all.iter().any(|text| text.is_empty()) {
            return Err(wrong("a code is empty".to_owned()));
        }
        Ok(meta)
    }
}

pub(super) async fn create(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let (client, now) = enter(&world, &headers).await?;
    Meta::read(&body)?;
    let id = world.epgu.create(client, now)?;
    Ok(Json(json!({ "orderId": id })))
}

pub(super) async fn push(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Json<Value>, Refusal> {
    let (client, now) = enter(&world, &headers).await?;
    let wrong = |error: MultipartError| {
        Refusal::invalid("body", error.to_string(), "multipart/form-data (RFC 7578)")
    };
    let (mut order, mut meta, mut file, mut chunks) = (None, None, None, None);
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(wrong)?;
        match name.as_str() {
            "orderId" => order = String::from_utf8_lossy(&bytes).parse().ok(),
            "meta" => meta = Some(Meta::read(&bytes)?),
            "chunks" => chunks = Some(bytes),
            "file" => file = Some(bytes),
            _ => {}
        }
    }
    let missing = |field| Refusal::invalid(field, "absent or unreadable", "as at /sandbox/");
    let order: i64 = order.ok_or_else(|| missing("orderId"))?;
    meta.ok_or_else(|| missing("meta"))?;
    if chunks.is_some_and(|chunks| chunks.as_ref() != b"1") {
        return Err(Refusal::invalid("chunks", "several pieces", "one: packages here are small"));
    }
    let file = file.ok_or_else(|| missing("file"))?;
    own(&world, order, &client, now)?;
    let package = Package::read(&file, |content, signature| {
        world.esia.is_signed_by(&world.authority, &client, content, signature, now)
    })?;
    world.epgu.push(order, package, now)?;
    Ok(Json(json!({ "orderId": order })))
}

pub(super) async fn state(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Refusal> {
    let (client, now) = enter(&world, &headers).await?;
    let order = own(&world, id, &client, now)?;
    let (status, title) = order.status.wire();
    let name = order.package.map(|package| format!("{}.sig", package.file)).unwrap_or_default();
    let files = order.signature.map(|_| {
        json!([{ "fileName": name, "mimeType": "application/sig",
                 "link": format!("terrabyte://00/{id}/{name}/2") }])
    });
    let inner = json!({
        "id": id,
        "orderStatusId": status,
        "orderStatusName": title,
        "currentStatusHistoryId": id,
        "currentStatusHistory": { "id": id, "statusId": status, "title": title },
        "orderResponseFiles": files.unwrap_or_else(|| json!([])),
    });
    Ok(Json(json!({ "code": "OK", "message": null, "order": inner.to_string() })))
}

pub(super) async fn cancel(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Refusal> {
    let (client, now) = enter(&world, &headers).await?;
    own(&world, id, &client, now)?;
    world.epgu.end(id, Status::Cancelled, None, now)?;
    Ok(Json(json!({})))
}

pub(super) async fn download(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Path((object, _)): Path<(i64, String)>,
) -> Result<Response, Refusal> {
    let (client, now) = enter(&world, &headers).await?;
    let order = own(&world, object, &client, now)?;
    let signature = order.signature.and_then(|signature| BASE64_STANDARD.decode(signature).ok());
    let signature = signature.ok_or_else(|| {
        Refusal::not_found("the order has no signature", "an order that was signed")
    })?;
    Ok(([(header::CONTENT_TYPE, "application/sig")], signature).into_response())
}
