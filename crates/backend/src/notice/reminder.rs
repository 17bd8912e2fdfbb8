//! Notices of deadlines that are near: of documents, and of certificates.

use chrono::{Days, NaiveDate, TimeDelta};
use domain::{
    date::moscow_date,
    state::DocumentState,
    view::notice::{NoticeKind, TodoKind},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::SimpleExpr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    entity::notice,
    pushed, tell_as,
    todo::{unanswered, waiting},
};
use crate::{
    ctx::Ctx,
    document::{self, entity::document as documents},
    profile::entity::certificate as certificates,
    session::entity::membership,
};

/// Days before a deadline on which it is told, the farthest first.
const AHEAD: [i64; 2] = [3, 1];

/// Days before a certificate runs out on which it is told: getting a new one takes a while.
const CERTIFICATE_AHEAD: [i64; 3] = [30, 14, 3];

/// Documents that are looked through at once.
const PAGE: u64 = 500;

/// Tells everybody in a cabinet of deadlines that are near: of drafts and refused forms that are
/// to be filed, and of demands that are not answered. Each is told once for each of [`AHEAD`],
/// however often and in however many processes this runs. Returns how many notices were made.
pub async fn remind(ctx: &Ctx) -> Result<usize, DbErr> {
    let mut told = remind_of_certificates(ctx).await?;
    let mut after = Uuid::nil();
    loop {
        let rows = near(ctx.today())
            .filter(documents::Column::Id.gt(after))
            .order_by_asc(documents::Column::Id)
            .limit(PAGE)
            .all(ctx.db())
            .await?;
        let Some(last) = rows.last() else { return Ok(told) };
        after = last.id;
        for row in &rows {
            told += remind_of(ctx, row).await?;
        }
    }
}

/// Documents whose deadline is not farther than [`AHEAD`] and has not passed.
fn near(today: NaiveDate) -> sea_orm::Select<documents::Entity> {
    use documents::Column as C;
    let farthest = u64::try_from(AHEAD[0]).unwrap_or_default();
    let last = today.checked_add_days(Days::new(farthest)).unwrap_or(today);
    let open = [DocumentState::Draft, DocumentState::Refused].map(|state| state.to_string());
    let filing = Condition::all().add(C::State.is_in(open)).add(C::Due.between(today, last));
    let demand = unanswered().add(C::DemandUntil.between(today, last));
    documents::Entity::find()
        .filter(C::DeletedAt.is_null())
        .filter(Condition::any().add(filing).add(demand))
}

async fn remind_of(ctx: &Ctx, row: &documents::Model) -> Result<usize, DbErr> {
    let Some((what, Some(on))) = waiting(row) else { return Ok(0) };
    let left = (on - ctx.today()).num_days();
    // The nearest of the days that have come; a server that slept tells what is still ahead.
    let Some(ahead) = AHEAD.into_iter().filter(|ahead| (0..=*ahead).contains(&left)).min() else {
        return Ok(0);
    };
    let people = membership::Entity::find()
        .filter(membership::Column::ParticipantId.eq(row.participant_id))
        .filter(membership::Column::Active.eq(true))
        .all(ctx.db())
        .await?;
    let ids: Vec<Uuid> =
        people.iter().map(|member| id_of(row.id, member.person_id, what, on, ahead)).collect();
    let known = known(ctx, &ids).await?;
    let kind = NoticeKind::Due { title: document::title(row), what, on };
    let mut told = 0;
    for (member, id) in people.iter().zip(ids).filter(|(_, id)| !known.contains(id)) {
        let reader = (member.person_id, row.participant_id);
        let link = Some(format!("/statforms/{}", row.id));
        tell_as(ctx, ctx.db(), id, reader, &kind, link).await?;
        told += 1;
    }
    if told > 0 {
        pushed(ctx, row.participant_id).await?;
    }
    Ok(told)
}

/// Those of the notices that were made already.
async fn known(ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    notice::Entity::find()
        .select_only()
        .column(notice::Column::Id)
        .filter(notice::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(ctx.db())
        .await
}

/// Tells the owners of certificates that run out, unless a newer one is attached already.
async fn remind_of_certificates(ctx: &Ctx) -> Result<usize, DbErr> {
    let last = ctx.now() + TimeDelta::days(CERTIFICATE_AHEAD[0] + 1);
    let mut told = 0;
    for row in expiring(ctx, certificates::Column::ValidTo.lte(last)).await? {
        let Some(participant) = row.participant_id else { continue };
        let on = moscow_date(row.valid_to);
        let left = (on - ctx.today()).num_days();
        let ahead = CERTIFICATE_AHEAD.into_iter().filter(|ahead| (0..=*ahead).contains(&left));
        let Some(ahead) = ahead.min() else { continue };
        let what = TodoKind::RenewCertificate;
        let id = id_of(row.id, row.person_id, what, on, ahead);
        if known(ctx, &[id]).await?.is_empty() {
            let kind = NoticeKind::CertificateExpires { certificate: row.subject, on };
            let link = Some("/profile".to_owned());
            tell_as(ctx, ctx.db(), id, (row.person_id, participant), &kind, link).await?;
            pushed(ctx, participant).await?;
            told += 1;
        }
    }
    Ok(told)
}

/// Attached certificates that are valid now, fit `filter`, and have no successor: none of the same
/// person for the same cabinet that is valid longer.
pub(super) async fn expiring(
    ctx: &Ctx,
    filter: SimpleExpr,
) -> Result<Vec<certificates::Model>, DbErr> {
    use certificates::Column as C;
    let rows = certificates::Entity::find()
        .filter(C::RemovedAt.is_null())
        .filter(C::ValidTo.gt(ctx.now()))
        .filter(filter)
        .order_by_asc(C::ValidTo)
        .all(ctx.db())
        .await?;
    let mut last = Vec::new();
    for row in rows {
        let successors = certificates::Entity::find()
            .filter(C::PersonId.eq(row.person_id))
            .filter(C::ParticipantId.eq(row.participant_id))
            .filter(C::RemovedAt.is_null())
            .filter(C::ValidTo.gt(row.valid_to))
            .count(ctx.db())
            .await?;
        if successors == 0 {
            last.push(row);
        }
    }
    Ok(last)
}

/// The id of a reminder follows from what it says to whom (RFC 9562, version 8), so that it is
/// made once.
fn id_of(document: Uuid, person: Uuid, what: TodoKind, on: NaiveDate, ahead: i64) -> Uuid {
    let said = format!("{document} {person} {what:?} {on} {ahead}");
    let digest = Sha256::digest(said.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
