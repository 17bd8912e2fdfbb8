//! Server functions of documents: drafts, their history, signing, sending.

use domain::view::{
    document::{
        Batch, BatchReply, Checkpoint, Event, FieldDifference, Frozen, Head, Opened, Signed,
    },
    signature::SignatureStamp,
};
use leptos::prelude::*;
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

#[server(endpoint = "document/open", prefix = "/api", input = Json)]
pub async fn open(document: Uuid) -> Result<Opened, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::open(&ctx, document).await;
    crate::context::answer(&ctx, result)
}

/// Hands over changes of one page and takes those of others. The same batch may come again.
#[server(endpoint = "document/patch", prefix = "/api", input = Json)]
pub async fn patch(batch: Batch) -> Result<BatchReply, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::patch(&ctx, batch).await;
    crate::context::answer(&ctx, result)
}

/// Changes of others since a version, without any of one's own.
#[server(endpoint = "document/since", prefix = "/api", input = Json)]
pub async fn since(document: Uuid, version: i64) -> Result<BatchReply, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::since(&ctx, document, version).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "document/history", prefix = "/api", input = Json)]
pub async fn history(document: Uuid) -> Result<Vec<Checkpoint>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::history(&ctx, document).await;
    crate::context::answer(&ctx, result)
}

/// What changed from one checkpoint to another, or to the present when `to` is absent.
#[server(endpoint = "document/difference", prefix = "/api", input = Json)]
pub async fn difference(
    document: Uuid,
    from: Uuid,
    to: Option<Uuid>,
) -> Result<Vec<FieldDifference>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::difference(&ctx, document, from, to).await;
    crate::context::answer(&ctx, result)
}

/// Brings the content of a checkpoint back, as new changes over what there is.
#[server(endpoint = "document/restore", prefix = "/api")]
pub async fn restore(document: Uuid, checkpoint: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::restore(&ctx, document, checkpoint).await;
    let head = crate::context::answer(&ctx, result)?;
    leptos_axum::redirect(&format!("/statforms/{}", head.id));
    Ok(())
}

/// Opens a refused document as a draft again.
#[server(endpoint = "document/reopen", prefix = "/api")]
pub async fn reopen(document: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::reopen(&ctx, document).await;
    let head = crate::context::answer(&ctx, result)?;
    leptos_axum::redirect(&format!("/statforms/{}", head.id));
    Ok(())
}

#[server(endpoint = "document/delete", prefix = "/api")]
pub async fn delete(document: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::delete(&ctx, document).await;
    crate::context::answer(&ctx, result)?;
    leptos_axum::redirect("/statforms");
    Ok(())
}

/// Fixes the bytes that will be signed. The draft stays open; if it changes meanwhile, the
/// signature is refused and the document has to be seen anew.
#[server(endpoint = "document/freeze", prefix = "/api", input = Json)]
pub async fn freeze(document: Uuid) -> Result<Frozen, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::freeze(&ctx, document).await;
    crate::context::answer(&ctx, result)
}

/// Verifies the signature and puts the document into the outbox.
#[server(endpoint = "document/submit", prefix = "/api", input = Json)]
pub async fn submit(signed: Signed) -> Result<Head, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::submit(&ctx, signed).await;
    crate::context::answer(&ctx, result)
}

/// The stamp of the signature under the document; nothing under a draft.
#[server(endpoint = "document/stamp", prefix = "/api", input = Json)]
pub async fn stamp(document: Uuid) -> Result<Option<SignatureStamp>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::stamp(&ctx, document).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "document/events", prefix = "/api", input = Json)]
pub async fn events(document: Uuid) -> Result<Vec<Event>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::document::events(&ctx, document).await;
    crate::context::answer(&ctx, result)
}
