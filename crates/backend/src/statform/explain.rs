//! An answer to customs' demand.

use domain::{error::ErrorCode, view::document::Frozen};
use uuid::Uuid;

use crate::{
    ctx::Ctx,
    document::{self, DocumentError, Purpose},
};

/// Longest explanation, characters.
pub const LONGEST: usize = 10_000;

/// Freezes an explanation for signing; it goes to customs like the form itself.
///
/// The album has no document for this answer, so the wire carries an element of the exchange.
pub async fn explain(ctx: &Ctx, id: Uuid, text: &str) -> Result<Frozen, DocumentError> {
    let role = ctx.signer()?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(DocumentError::Field {
            code: ErrorCode::Invalid,
            key: "statform.explanation_length",
            path: "text",
        });
    }
    let row = document::find(ctx.db(), role.participant, id).await?;
    if row.demand_since.is_none() {
        return Err(DocumentError::State(document::state(&row)?));
    }
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    let content = format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?>"#,
            "\n",
            r#"<Explanation xmlns="urn:cabinet:eais:exchange:1">"#,
            "<RegNum>{number}</RegNum><Text>{text}</Text></Explanation>\n"
        ),
        number = escape(row.number.as_deref().unwrap_or_default()),
        text = escape(text),
    );
    document::freeze_bytes(ctx, &row, Purpose::Explanation, content.into_bytes()).await
}
