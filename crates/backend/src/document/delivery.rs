//! The outbox: every signed document reaches customs once, and in the order of its sender.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    state::Event as StateEvent,
    view::{document::Action, notice::NoticeKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    DocumentError, drafts,
    entity::{document, outbox},
    state,
};
use crate::{
    ctx::Ctx,
    gateway::customs::{CustomsError, Outgoing},
    job::backoff,
    journal, notice, session, storage,
};

const QUEUED: &str = "queued";
const DELIVERED: &str = "delivered";
const DEAD: &str = "dead";

/// How long a process may hold a row; longer than one sending can last.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// After so many attempts the participant is told that delivery waits for customs.
const TELL_AFTER: i32 = 6;

/// Delivers what is due. Returns how many rows were tried, so that the caller rests when none was.
pub async fn delivery_step(ctx: &Ctx, owner: Uuid) -> Result<usize, DocumentError> {
    let now = ctx.now();
    // Only the oldest waiting row of each sender may go: the next waits for it.
    let heads: Vec<i64> = outbox::Entity::find()
        .select_only()
        .column_as(outbox::Column::Seq.min(), "seq")
        .filter(outbox::Column::State.eq(QUEUED))
        .group_by(outbox::Column::ParticipantId)
        .into_tuple()
        .all(ctx.db())
        .await?;
    let due = outbox::Entity::find()
        .filter(outbox::Column::Seq.is_in(heads))
        .filter(outbox::Column::NextAt.lte(now))
        .filter(is_free(now))
        .order_by_asc(outbox::Column::NextAt)
        .limit(16)
        .all(ctx.db())
        .await?;
    let tried = due.len();
    for row in due {
        if lease(ctx, row.seq, owner, now).await? {
            deliver(ctx, row, owner).await?;
        }
    }
    Ok(tried)
}

fn is_free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(outbox::Column::LeaseUntil.is_null())
        .add(outbox::Column::LeaseUntil.lt(now))
}

async fn lease(
    ctx: &Ctx,
    seq: i64,
    owner: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DocumentError> {
    let taken = outbox::Entity::update_many()
        .col_expr(outbox::Column::LeaseOwner, Expr::value(owner))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(outbox::Column::Seq.eq(seq))
        .filter(outbox::Column::State.eq(QUEUED))
        .filter(is_free(now))
        .exec(ctx.db())
        .await?;
    Ok(taken.rows_affected == 1)
}

async fn deliver(ctx: &Ctx, row: outbox::Model, owner: Uuid) -> Result<(), DocumentError> {
    let inn = session::participant_inn(ctx.db(), row.participant_id).await?.unwrap_or_default();
    let sent = ctx
        .backend
        .gateways
        .customs
        .send(&Outgoing {
            message_id: row.message_id,
            relates_to: row.relates_to,
            participant_inn: &inn,
            document_mode_id: &row.kind,
            prepared: row.created_at,
            document: &row.body,
            signature: row.signature.as_deref().unwrap_or_default(),
        })
        .await;
    match sent {
        Ok(receipt) => delivered(ctx, &row, owner, receipt).await,
        Err(CustomsError::Refused(cause)) => {
            tracing::error!(message_id = %row.message_id, %cause, "outbox.dead");
            settle(ctx, &row, owner, DEAD, Some(cause), None).await
        }
        Err(error) => postpone(ctx, &row, owner, error).await,
    }
}

async fn delivered(
    ctx: &Ctx,
    row: &outbox::Model,
    owner: Uuid,
    receipt: String,
) -> Result<(), DocumentError> {
    settle(ctx, row, owner, DELIVERED, None, Some(receipt)).await
}

/// Ends the row's wait, and moves the document on, in one transaction.
async fn settle(
    ctx: &Ctx,
    row: &outbox::Model,
    owner: Uuid,
    end: &str,
    error: Option<String>,
    receipt: Option<String>,
) -> Result<(), DocumentError> {
    let now = ctx.now();
    let txn = storage::begin(ctx.db()).await?;
    let ended = outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(end.to_owned()),
            attempts: Set(row.attempts + 1),
            last_error: Set(error),
            delivered_at: Set(receipt.is_some().then_some(now)),
            receipt: Set(receipt),
            lease_owner: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(outbox::Column::Seq.eq(row.seq))
        .filter(outbox::Column::LeaseOwner.eq(owner))
        .filter(outbox::Column::State.eq(QUEUED))
        .exec(&txn)
        .await?;
    if ended.rows_affected == 0 {
        return Ok(());
    }
    let mut changed = None;
    if end == DELIVERED
        && let Some(mut document) =
            document::Entity::find_by_id(row.document_id).lock_exclusive().one(&txn).await?
    {
        let (participant, id) = (document.participant_id, document.id);
        // An explanation leaves the form's state as it is; customs' answer may have come first.
        if let Ok(next) = state(&document)?.on(StateEvent::Accepted) {
            document.state = next.to_string();
            document.updated_at = now;
            drafts::update(&txn, &document).await?;
        }
        journal::record(ctx, &txn, participant, id, Action::Delivered, None).await?;
        changed = Some(document);
    }
    txn.commit().await?;
    if let Some(document) = changed {
        drafts::announce(ctx, &document).await;
    }
    Ok(())
}

async fn postpone(
    ctx: &Ctx,
    row: &outbox::Model,
    owner: Uuid,
    error: CustomsError,
) -> Result<(), DocumentError> {
    let attempts = row.attempts + 1;
    let next_at = ctx.now() + backoff(attempts);
    tracing::warn!(message_id = %row.message_id, attempts, %next_at, %error, "outbox.postponed");
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            attempts: Set(attempts),
            next_at: Set(next_at),
            last_error: Set(Some(error.to_string())),
            lease_owner: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(outbox::Column::Seq.eq(row.seq))
        .filter(outbox::Column::LeaseOwner.eq(owner))
        .exec(ctx.db())
        .await?;
    if attempts == TELL_AFTER
        && let Some(document) = document::Entity::find_by_id(row.document_id).one(ctx.db()).await?
    {
        let kind = NoticeKind::DeliveryDelayed { title: document.title, since: row.created_at };
        notice::tell_participant(ctx, ctx.db(), row.participant_id, kind, row.document_id).await?;
    }
    Ok(())
}

/// How many documents wait for delivery, for the metrics.
pub async fn outbox_depth(ctx: &Ctx) -> Result<u64, DocumentError> {
    Ok(outbox::Entity::find().filter(outbox::Column::State.eq(QUEUED)).count(ctx.db()).await?)
}

/// Messages that customs' side refused as such, for an operator: id, document, cause.
pub async fn outbox_dead(ctx: &Ctx) -> Result<Vec<(Uuid, Uuid, String)>, DocumentError> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::State.eq(DEAD))
        .order_by_asc(outbox::Column::Seq)
        .all(ctx.db())
        .await?
        .into_iter()
        .map(|row| (row.message_id, row.document_id, row.last_error.unwrap_or_default()))
        .collect())
}

/// Puts a dead message back into the queue, by an operator. Returns whether there was one.
pub async fn outbox_retry(ctx: &Ctx, message_id: Uuid) -> Result<bool, DocumentError> {
    let revived = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(QUEUED))
        .col_expr(outbox::Column::Attempts, Expr::value(0))
        .col_expr(outbox::Column::NextAt, Expr::value(ctx.now()))
        .filter(outbox::Column::MessageId.eq(message_id))
        .filter(outbox::Column::State.eq(DEAD))
        .exec(ctx.db())
        .await?;
    Ok(revived.rows_affected == 1)
}
