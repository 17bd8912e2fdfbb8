//! Drafts that nobody touches: announced a week ahead, then deleted.

use chrono::Days;
use domain::{
    state::DocumentState,
    view::{document::Action, notice::NoticeKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{DocumentError, drafts, entity::document};
use crate::{ctx::Ctx, journal, notice, storage};

/// Days between the announcement and the end.
const AHEAD: Days = Days::new(7);

/// Announces and deletes what is due today. Returns how many drafts were touched.
pub async fn expire(ctx: &Ctx) -> Result<usize, DocumentError> {
    let today = ctx.today();
    let soon = today.checked_add_days(AHEAD).unwrap_or(today);
    let due = document::Entity::find()
        .filter(document::Column::State.eq(DocumentState::Draft.to_string()))
        .filter(document::Column::DeletedAt.is_null())
        .filter(document::Column::ExpiresOn.lte(soon))
        .limit(500)
        .all(ctx.db())
        .await?;
    let mut touched = 0;
    for mut row in due {
        let Some(expires) = row.expires_on else { continue };
        let txn = storage::begin(ctx.db()).await?;
        if expires <= today && row.expiry_announced {
            row.deleted_at = Some(ctx.now());
            let detail = Some(expires.to_string());
            journal::record(ctx, &txn, row.participant_id, row.id, Action::Deleted, detail).await?;
        } else if !row.expiry_announced {
            // Nothing is deleted unannounced: a server that slept gives the full week.
            let on = expires.max(soon);
            row.expires_on = Some(on);
            row.expiry_announced = true;
            let kind = NoticeKind::DraftExpires { title: row.title.clone(), on };
            notice::tell_participant(ctx, &txn, row.participant_id, kind, row.id).await?;
        } else {
            continue;
        }
        drafts::update(&txn, &row).await?;
        txn.commit().await?;
        touched += 1;
    }
    Ok(touched)
}
