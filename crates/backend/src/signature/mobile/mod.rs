//! Signing on the telephone («Госключ»): the person asks here, confirms there, and the signature
//! comes back by itself.
//!
//! A request is a row: `created → sent → signed | refused | expired`, or `cancelled` by the person
//! before it was used. The row is kept before anybody is told, so a server that is killed goes on
//! where it was. [`step`] moves the rows that are due; each is leased, like the rows of the outbox,
//! and what it finds out is kept only while the row still is in the state that it was read in: an
//! answer that comes after the person cancelled changes nothing.
//!
//! Only individuals sign so, and only frozen bytes of their own documents: order of the FCS on the
//! cabinet admits «Госключ» for natural persons alone.

mod error;
mod step;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::view::signature::{FrozenBytes, MobileRequest, MobileState};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

pub use self::{
    error::MobileError,
    step::{LEASE, release, step},
};
use super::entity::mobile_request::{self, Column, Entity, Model};
use crate::{
    ctx::{Ctx, Session},
    document, storage,
};

/// The person, when he acts for himself alone and may sign.
fn individual(ctx: &Ctx) -> Result<&Arc<Session>, MobileError> {
    match ctx.signer()?.category.is_individual() {
        true => Ok(ctx.person()?),
        false => Err(MobileError::Individuals),
    }
}

/// Asks the person's telephone to sign frozen bytes. Asking again for what waits, or was signed and
/// not sent, gives that request; one for an earlier state of the document is taken back.
///
/// # Errors
/// The actor is no individual, or nothing is frozen so.
pub async fn mobile_begin(ctx: &Ctx, bytes: &FrozenBytes) -> Result<MobileRequest, MobileError> {
    let session = individual(ctx)?;
    if ctx.backend.gateways.goskey.is_none() {
        return Err(MobileError::NotOffered);
    }
    if session.snils.is_none() {
        return Err(MobileError::NoSnils);
    }
    let txn = storage::begin(ctx.db()).await?;
    // Holds the document, so that two presses make one request.
    let (document, frozen) = document::unsigned_locked(ctx, &txn, bytes).await?;
    let live = of(session.person, bytes.document)
        .filter(Column::State.is_in(names(&LIVE)))
        .all(&txn)
        .await?;
    if let Some(same) = live.iter().find(|row| names_same(row, bytes)) {
        return wire(ctx, same);
    }
    for row in &live {
        cancel_row(ctx, &txn, row).await?;
    }
    let now = ctx.now();
    let row = Model {
        id: ctx.uuid(),
        person_id: session.person,
        participant_id: document.participant_id,
        document_id: document.id,
        version: bytes.version,
        sha256: bytes.sha256.clone(),
        submission_id: frozen.id,
        title: document::title(&document).get(ctx.lang()).to_owned(),
        state: MobileState::Created.name().to_owned(),
        cause: None,
        order_id: None,
        signature: None,
        withdraw: false,
        attempts: 0,
        next_at: now,
        lease_owner: None,
        lease_until: None,
        last_error: None,
        created_at: now,
        expires_at: now + TimeDelta::from_std(ctx.settings().mobile_wait).unwrap_or(TimeDelta::MAX),
        ended_at: None,
    };
    let active = mobile_request::ActiveModel::from(row.clone()).reset_all();
    Entity::insert(active).exec_without_returning(&txn).await?;
    txn.commit().await?;
    tracing::info!(request_id = ctx.request_id, request = %row.id, "mobile.created");
    wire(ctx, &row)
}

/// The person's latest request for frozen bytes.
///
/// # Errors
/// The actor is no individual.
pub async fn mobile_look(
    ctx: &Ctx,
    bytes: &FrozenBytes,
) -> Result<Option<MobileRequest>, MobileError> {
    let session = individual(ctx)?;
    let found = of(session.person, bytes.document)
        .filter(Column::Version.eq(bytes.version))
        .filter(Column::Sha256.eq(&bytes.sha256))
        .one(ctx.db())
        .await?;
    found.map(|row| wire(ctx, &row)).transpose()
}

/// Takes a request back, also one that was signed. One that has ended stays as it is.
///
/// # Errors
/// The actor has no such request.
pub async fn mobile_cancel(ctx: &Ctx, id: Uuid) -> Result<MobileRequest, MobileError> {
    let session = individual(ctx)?;
    let find = || Entity::find_by_id(id).filter(Column::PersonId.eq(session.person));
    let row = find().one(ctx.db()).await?.ok_or(MobileError::NotFound)?;
    cancel_row(ctx, ctx.db(), &row).await?;
    let row = find().one(ctx.db()).await?.ok_or(MobileError::NotFound)?;
    wire(ctx, &row)
}

/// States in which the telephone may still answer.
const WAITING: [MobileState; 2] = [MobileState::Created, MobileState::Sent];

/// States in which a request stands in the way of another for the same bytes.
const LIVE: [MobileState; 3] = [MobileState::Created, MobileState::Sent, MobileState::Signed];

fn names(states: &[MobileState]) -> Vec<&'static str> {
    states.iter().map(|state| state.name()).collect()
}

/// Requests of a person about a document, the latest first.
fn of(person: Uuid, document: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::DocumentId.eq(document))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
}

fn names_same(row: &Model, bytes: &FrozenBytes) -> bool {
    row.version == bytes.version && row.sha256 == bytes.sha256
}

/// What takes a request back, here and from the telephone.
fn cancelled(now: DateTime<Utc>) -> mobile_request::ActiveModel {
    mobile_request::ActiveModel {
        state: Set(MobileState::Cancelled.name().to_owned()),
        withdraw: Set(true),
        attempts: Set(0),
        next_at: Set(now),
        ended_at: Set(Some(now)),
        ..Default::default()
    }
}

async fn cancel_row<C: ConnectionTrait>(ctx: &Ctx, db: &C, row: &Model) -> Result<(), DbErr> {
    let cancelled = Entity::update_many()
        .set(cancelled(ctx.now()))
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.is_in(names(&LIVE)))
        .exec(db)
        .await?;
    if cancelled.rows_affected == 1 {
        tracing::info!(request_id = ctx.request_id, request = %row.id, "mobile.cancelled");
    }
    Ok(())
}

/// Where the bytes are kept that a person is asked on the telephone to sign, or has signed there,
/// while the document is still at this version.
pub(crate) async fn waiting<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    document: Uuid,
    version: i64,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, DbErr> {
    // A signature that has come does not wait for anything.
    let is_in_time = Condition::any()
        .add(Column::ExpiresAt.gt(now))
        .add(Column::State.eq(MobileState::Signed.name()));
    let found = of(person, document)
        .filter(Column::Version.eq(version))
        .filter(Column::State.is_in(names(&LIVE)))
        .filter(is_in_time)
        .one(db)
        .await?;
    Ok(found.map(|row| row.submission_id))
}

/// Takes back what telephones are asked about a document that was sent or deleted.
pub(crate) async fn forget<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    document: Uuid,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(cancelled(ctx.now()))
        .filter(Column::DocumentId.eq(document))
        .filter(Column::State.is_in(names(&WAITING)))
        .exec(db)
        .await?;
    Ok(())
}

/// How many requests wait for a telephone.
pub async fn depth<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    Entity::find().filter(Column::State.is_in(names(&WAITING))).count(db).await
}

fn state(row: &Model) -> Result<MobileState, DbErr> {
    MobileState::parse(&row.state)
        .ok_or_else(|| DbErr::Custom(format!("unknown state of a request `{}`", row.state)))
}

fn wire(ctx: &Ctx, row: &Model) -> Result<MobileRequest, MobileError> {
    let state = state(row)?;
    let left = (row.expires_at - ctx.now()).num_seconds();
    Ok(MobileRequest {
        id: row.id,
        state,
        seconds_left: u32::try_from(left.max(0)).unwrap_or(u32::MAX),
        delayed: state.waits() && row.last_error.is_some(),
        cause: row.cause.clone(),
        signature: row.signature.as_ref().map(|signature| STANDARD.encode(signature)),
    })
}
