//! Server functions of the catalogue.

use domain::view::catalogue::{Maintenance, Marks};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::ApiError;

/// What the reader has marked and used in the cabinet entered, and what its profile lacks.
#[server(name = MarksGet, endpoint = "catalogue/marks", prefix = "/api", input = Json)]
pub async fn marks() -> Result<Marks, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::catalogue::marks(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// «Добавить в избранное», «Убрать из избранного».
#[server(endpoint = "catalogue/favourite_set", prefix = "/api")]
pub async fn favourite_set(service: String, on: bool) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::catalogue::favourite_set(&ctx, &service, on).await;
    crate::context::answer(&ctx, result)
}

/// «Начать работу»: remembers the service as used and goes on to its area.
#[server(endpoint = "catalogue/start", prefix = "/api")]
pub async fn start(service: String) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::catalogue::used(&ctx, &service).await;
    crate::context::answer(&ctx, result)?;
    let built = domain::catalogue::find(&service).and_then(|service| service.built);
    let address = built.map_or_else(|| format!("/services/{service}"), str::to_owned);
    leptos_axum::redirect(&address);
    Ok(())
}

/// Works on the portal that are announced or under way.
#[server(name = MaintenanceGet, endpoint = "catalogue/maintenance", prefix = "/api", input = Json)]
pub async fn maintenance() -> Result<Option<Maintenance>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::catalogue::maintenance(&ctx).await;
    crate::context::answer(&ctx, result)
}
