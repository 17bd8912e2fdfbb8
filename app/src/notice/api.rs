//! Server functions of notices and things to do.

use domain::view::{
    Page,
    notice::{Notice, Todo},
};
use leptos::prelude::*;
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

/// One page of the reader's notices, newest first; pages count from 1.
#[server(endpoint = "notice/list", prefix = "/api", input = Json)]
pub async fn list(page: u64) -> Result<Page<Notice>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::notice::list(&ctx, page).await;
    crate::context::answer(&ctx, result)
}

/// Marks a notice as read. Returns how many are still unread.
#[server(endpoint = "notice/read", prefix = "/api")]
pub async fn read(notice: Uuid) -> Result<u64, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::notice::read(&ctx, notice).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "notice/read_all", prefix = "/api")]
pub async fn read_all() -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::notice::read_all(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// What waits for the reader, nearest deadline first.
#[server(endpoint = "notice/todos", prefix = "/api", input = Json)]
pub async fn todos() -> Result<Vec<Todo>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::notice::todos(&ctx).await;
    crate::context::answer(&ctx, result)
}
