//! Drafts that nobody touches: announced a week ahead, then deleted.

use chrono::{Days, NaiveDate};
use domain::{
    state::DocumentState,
    view::{document::Action, notice::NoticeKind},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{DocumentError, drafts, entity::document, title};
use crate::{ctx::Ctx, journal, notice, storage};

/// Days between the announcement and the end.
const AHEAD: Days = Days::new(7);

/// Drafts in one go; the next hour goes on.
const MOST: u64 = 500;

/// Announces and deletes what is due today. Returns how many drafts were touched.
pub async fn expire(ctx: &Ctx) -> Result<usize, DocumentError> {
    let mut touched = 0;
    for id in due(ctx).await? {
        touched += usize::from(expire_one(ctx, id).await?);
    }
    Ok(touched)
}

/// Drafts to announce or to delete.
pub(super) async fn due(ctx: &Ctx) -> Result<Vec<Uuid>, DocumentError> {
    use document::Column as C;
    let today = ctx.today();
    let announce =
        Condition::all().add(C::ExpiryAnnounced.eq(false)).add(C::ExpiresOn.lte(soon(today)));
    let delete = Condition::all().add(C::ExpiryAnnounced.eq(true)).add(C::ExpiresOn.lte(today));
    Ok(document::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::State.eq(DocumentState::Draft.to_string()))
        .filter(C::DeletedAt.is_null())
        .filter(Condition::any().add(announce).add(delete))
        .order_by_asc(C::ExpiresOn)
        .limit(MOST)
        .into_tuple()
        .all(ctx.db())
        .await?)
}

fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(AHEAD).unwrap_or(today)
}

/// Looks again, now alone with the draft: somebody may have touched or signed it meanwhile.
pub(super) async fn expire_one(ctx: &Ctx, id: Uuid) -> Result<bool, DocumentError> {
    let today = ctx.today();
    let txn = storage::begin(ctx.db()).await?;
    let row = document::Entity::find_by_id(id)
        .filter(document::Column::State.eq(DocumentState::Draft.to_string()))
        .filter(document::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(&txn)
        .await?;
    let Some(mut row) = row else { return Ok(false) };
    let Some(expires) = row.expires_on else { return Ok(false) };
    if row.expiry_announced && expires <= today {
        row.deleted_at = Some(ctx.now());
        let detail = Some(expires.to_string());
        journal::record(ctx, &txn, row.participant_id, row.id, Action::Deleted, detail).await?;
    } else if !row.expiry_announced && expires <= soon(today) {
        // Nothing is deleted unannounced: a server that slept gives the full week.
        let on = expires.max(soon(today));
        row.expires_on = Some(on);
        row.expiry_announced = true;
        let kind = NoticeKind::DraftExpires { title: title(&row), on };
        notice::tell_participant(ctx, &txn, row.participant_id, kind, row.id).await?;
    } else {
        return Ok(false);
    }
    drafts::update(&txn, &row).await?;
    txn.commit().await?;
    Ok(true)
}
