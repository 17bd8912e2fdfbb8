//! The outbox: every signed document reaches customs once, and in the order of its sender.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    state::Event as StateEvent,
    view::{document::Action, notice::NoticeKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    DocumentError, drafts,
    entity::{document, outbox},
    state, title,
};
use crate::{
    ctx::{Ctx, Operator},
    gateway::customs::{CustomsError, Outgoing},
    job::backoff,
    journal, notice, session, storage,
};

const QUEUED: &str = "queued";
const DELIVERED: &str = "delivered";
const DEAD: &str = "dead";

/// How long a process may hold a row; longer than one sending can last.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// After so many attempts the participant is told that delivery waits for customs.
const TELL_AFTER: i32 = 6;

/// Delivers what is due. Returns how many rows were tried, so that the caller rests when none was.
/// `alive` is called before each, since one sending may take its time.
pub async fn delivery_step(
    ctx: &Ctx,
    owner: Uuid,
    alive: impl Fn(),
) -> Result<usize, DocumentError> {
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
        alive();
        // Sending the rows before took time: a lease counts from now.
        if lease(ctx, row.seq, owner, ctx.now()).await? {
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
        let kind = NoticeKind::DeliveryDelayed { title: title(&document), since: row.created_at };
        notice::tell_participant(ctx, ctx.db(), row.participant_id, kind, row.document_id).await?;
    }
    Ok(())
}

/// Sets rows free that a process held which is no more. Only for a database that no other process
/// works on.
pub async fn outbox_release<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            lease_owner: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(outbox::Column::LeaseUntil.is_not_null())
        .exec(db)
        .await?;
    Ok(())
}

/// How many documents wait for delivery.
pub async fn outbox_depth<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    outbox::Entity::find().filter(outbox::Column::State.eq(QUEUED)).count(db).await
}

/// A message that customs' side refused as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    pub message: Uuid,
    pub document: Uuid,
    pub cause: String,
}

/// Messages whose delivery was given up, oldest first, for an operator.
pub async fn outbox_dead<C: ConnectionTrait>(db: &C) -> Result<Vec<Dead>, DbErr> {
    let rows: Vec<(Uuid, Uuid, Option<String>)> = outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::MessageId, outbox::Column::DocumentId, outbox::Column::LastError])
        .filter(outbox::Column::State.eq(DEAD))
        .order_by_asc(outbox::Column::Seq)
        .into_tuple()
        .all(db)
        .await?;
    let dead = |(message, document, cause): (_, _, Option<String>)| Dead {
        message,
        document,
        cause: cause.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(dead).collect())
}

/// Puts a dead message back into the queue. Returns whether there was one.
pub async fn outbox_retry(operator: &Operator, message_id: Uuid) -> Result<bool, DbErr> {
    let revived = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(QUEUED))
        .col_expr(outbox::Column::Attempts, Expr::value(0))
        .col_expr(outbox::Column::NextAt, Expr::value(operator.now()))
        .filter(outbox::Column::MessageId.eq(message_id))
        .filter(outbox::Column::State.eq(DEAD))
        .exec(&operator.db)
        .await?;
    Ok(revived.rows_affected == 1)
}
