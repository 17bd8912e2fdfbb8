//! Server functions of statistical forms.

use domain::view::{
    Page,
    document::Frozen,
    statform::{Query, Row},
};
use leptos::prelude::*;
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

#[server(endpoint = "statform/list", prefix = "/api", input = Json)]
pub async fn list(query: Query) -> Result<Page<Row>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::statform::list(&ctx, query).await;
    crate::context::answer(&ctx, result)
}

/// Begins a form and opens it. `direction` is «ЭК» or «ИМ», `period` a month as people write it
/// (`10.2026`) or `2026-10`; an empty text leaves the choice to the cabinet.
#[server(endpoint = "statform/create", prefix = "/api")]
pub async fn create(
    #[server(default)] direction: String,
    #[server(default)] period: String,
) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let direction = (!direction.is_empty()).then_some(direction);
    let period = match crate::ui::formatted::read_month(&period) {
        month if month.is_empty() => None,
        month => {
            Some(month.parse::<domain::deadline::YearMonth>().map_err(|_| not_a_month(&period))?)
        }
    };
    let result = backend::statform::create(&ctx, direction.as_deref(), period).await;
    let head = crate::context::answer(&ctx, result)?;
    opened(&head);
    Ok(())
}

#[server(endpoint = "statform/copy", prefix = "/api")]
pub async fn copy(document: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::statform::copy(&ctx, document).await;
    let head = crate::context::answer(&ctx, result)?;
    opened(&head);
    Ok(())
}

/// Begins a form that annuls a registered one and takes its place.
#[server(endpoint = "statform/replace", prefix = "/api")]
pub async fn replace(document: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::statform::replace(&ctx, document).await;
    let head = crate::context::answer(&ctx, result)?;
    opened(&head);
    Ok(())
}

/// Prepares an answer to customs' demand for signing.
#[server(endpoint = "statform/explain", prefix = "/api", input = Json)]
pub async fn explain(document: Uuid, text: String) -> Result<Frozen, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::statform::explain(&ctx, document, &text).await;
    crate::context::answer(&ctx, result)
}

/// What customs found wrong with a form that it refused, while the form is being corrected.
#[server(endpoint = "statform/refusal_remarks", prefix = "/api", input = Json)]
pub async fn refusal_remarks(document: Uuid) -> Result<Vec<edoc::remark::Remark>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::statform::refusal_remarks(&ctx, document).await;
    crate::context::answer(&ctx, result)
}

/// A sheet of an XLSX, XLS or CSV file (base64), by its place in the book from 0.
#[server(endpoint = "statform/sheet", prefix = "/api", input = Json)]
pub async fn sheet(
    content: String,
    #[server(default)] number: u32,
) -> Result<domain::view::statform::Sheet, ApiError> {
    use domain::error::ErrorCode;
    let ctx = crate::context::ctx()?;
    let bytes = crate::signing::base64::decode(&content)
        .ok_or_else(|| ApiError::new(ErrorCode::Invalid, "api.malformed"))?;
    let result = backend::statform::sheet(&ctx, &bytes, number);
    crate::context::answer(&ctx, result)
}

/// The refusal of a reporting month that cannot be read.
#[cfg(feature = "ssr")]
fn not_a_month(typed: &str) -> ApiError {
    use domain::error::{ErrorCode, WireError};
    ApiError(WireError::new(ErrorCode::Invalid, "statform.period").arg("period", typed))
}

#[cfg(feature = "ssr")]
fn opened(head: &domain::view::document::Head) {
    leptos_axum::redirect(&format!("/statforms/{}", head.id));
}
