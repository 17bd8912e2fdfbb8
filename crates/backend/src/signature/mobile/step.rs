//! What moves requests on without anybody watching: sending, asking, taking back.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::view::{notice::NoticeKind, signature::MobileState};
use rand::{SeedableRng, rngs::StdRng};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    super::{
        Expected, SignatureError,
        entity::mobile_request::{ActiveModel, Column, Entity, Model},
        verify,
    },
    WAITING, names, state,
};
use crate::{
    ctx::Ctx,
    document,
    gateway::goskey::{Goskey, GoskeyError, Moment, OrderState, Package},
    job::backoff,
    notice, session, storage,
};

/// How long a process may hold a request; longer than one round of it can last.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// A round that takes longer is given up for now, before another process may take the request.
const LONGEST: Duration = Duration::from_secs(110);

/// Requests at once.
const MOST: u64 = 16;

/// After so many attempts the telephone is left to forget a request by itself, when it expires.
const WITHDRAWALS: i32 = 10;

/// The signature cannot be judged now; perhaps later.
const UNDECIDED: &str = "signature.revocation_unknown";

/// What a round found out.
enum Found {
    /// The telephone has it.
    Sent,
    /// Nothing new.
    Nothing,
    Signed(Vec<u8>),
    Ended(MobileState, Option<String>),
    /// The order is closed there as well, or does not matter any more.
    Withdrawn,
    /// To be tried again.
    Failed(String),
}

/// Moves on what is due. Returns how many requests were tried, so that the caller rests when none
/// was. `alive` is called before.
///
/// # Errors
/// The database failed.
pub async fn step(ctx: &Ctx, owner: Uuid, alive: impl Fn()) -> Result<usize, DbErr> {
    let Some(goskey) = &ctx.backend.gateways.goskey else { return Ok(0) };
    let now = ctx.now();
    let is_open =
        Condition::any().add(Column::State.is_in(names(&WAITING))).add(Column::Withdraw.eq(true));
    let due = Entity::find()
        .filter(is_open)
        .filter(Column::NextAt.lte(now))
        .filter(is_free(now))
        .order_by_asc(Column::NextAt)
        .limit(MOST)
        .all(ctx.db())
        .await?;
    let tried = due.len();
    alive();
    // One telephone that is slow to answer keeps nobody else waiting.
    let rounds = due.into_iter().map(|row| round(ctx, goskey, row, owner));
    for done in futures::future::join_all(rounds).await {
        done?;
    }
    Ok(tried)
}

fn is_free(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::LeaseUntil.is_null()).add(Column::LeaseUntil.lt(now))
}

async fn round(ctx: &Ctx, goskey: &Goskey, row: Model, owner: Uuid) -> Result<(), DbErr> {
    if lease(ctx, &row, owner).await? { finish(ctx, goskey, &row, owner).await } else { Ok(()) }
}

/// Holds a request, unless another process does or it moved on.
pub(super) async fn lease(ctx: &Ctx, row: &Model, owner: Uuid) -> Result<bool, DbErr> {
    let now = ctx.now();
    let leased = Entity::update_many()
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(&row.state))
        .filter(is_free(now))
        .exec(ctx.db())
        .await?;
    Ok(leased.rows_affected == 1)
}

/// Does what is next about a request that is held, and lets it go.
pub(super) async fn finish(
    ctx: &Ctx,
    goskey: &Goskey,
    row: &Model,
    owner: Uuid,
) -> Result<(), DbErr> {
    let found = match timeout(LONGEST, advance(ctx, goskey, row, owner)).await {
        Ok(found) => found?,
        Err(_) => Found::Failed("it took too long".to_owned()),
    };
    settle(ctx, row, owner, found).await
}

async fn advance(ctx: &Ctx, goskey: &Goskey, row: &Model, owner: Uuid) -> Result<Found, DbErr> {
    let moment = &mut Moment { now: ctx.now(), rng: StdRng::from_seed(ctx.token()) };
    let is_late = ctx.now() >= row.expires_at;
    match (state(row)?, &row.order_id) {
        (MobileState::Created, _) if is_late => Ok(Found::Ended(MobileState::Expired, None)),
        (MobileState::Created, order) => {
            send(ctx, goskey, row, order.as_deref(), owner, moment).await
        }
        (MobileState::Sent, Some(order)) => match ask(ctx, goskey, row, order, moment).await? {
            // The last look comes after the last moment: who signed in time has signed.
            Found::Nothing | Found::Failed(_) if is_late => {
                Ok(Found::Ended(MobileState::Expired, None))
            }
            found => Ok(found),
        },
        (_, Some(order)) => Ok(withdraw(goskey, row, order, moment).await),
        (_, None) => Ok(Found::Withdrawn),
    }
}

/// Makes an order and hands the package over. A process that is killed in between leaves an order
/// without a package, which nobody sees, or hands the same package over again.
async fn send(
    ctx: &Ctx,
    goskey: &Goskey,
    row: &Model,
    order: Option<&str>,
    owner: Uuid,
    moment: &mut Moment,
) -> Result<Found, DbErr> {
    let order = match order {
        Some(order) => order.to_owned(),
        None => match goskey.create(moment).await {
            Ok(order) => {
                keep_order(ctx, row, owner, &order).await?;
                order
            }
            Err(error) => return Ok(failed(error)),
        },
    };
    let content = document::frozen_content(ctx.db(), row.submission_id).await?;
    let person = session::person(ctx.db(), row.person_id).await?;
    let snils = person.and_then(|person| person.snils);
    let (Some(content), Some(snils)) = (content, snils) else {
        return Ok(Found::Ended(MobileState::Refused, Some(REJECTED.to_owned())));
    };
    let package = Package {
        id: row.id,
        snils: &snils,
        title: &row.title,
        content: &content,
        expires: row.expires_at,
        back: &ctx.settings().public_url,
    };
    let pushed = goskey.push(&order, &package, moment).await;
    Ok(pushed.map_or_else(failed, |()| Found::Sent))
}

/// Words for what «Госключ» would not take.
const REJECTED: &str = "signature.mobile_rejected";

fn failed(error: GoskeyError) -> Found {
    match error {
        GoskeyError::Refused(cause) => {
            tracing::error!(cause, "mobile.rejected");
            Found::Ended(MobileState::Refused, Some(REJECTED.to_owned()))
        }
        error => Found::Failed(error.to_string()),
    }
}

/// Keeps the order whatever became of the request meanwhile: it may have to be taken back.
pub(super) async fn keep_order(
    ctx: &Ctx,
    row: &Model,
    owner: Uuid,
    order: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::OrderId, Expr::value(order))
        .filter(Column::Id.eq(row.id))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(ctx.db())
        .await?;
    Ok(())
}

async fn ask(
    ctx: &Ctx,
    goskey: &Goskey,
    row: &Model,
    order: &str,
    moment: &mut Moment,
) -> Result<Found, DbErr> {
    Ok(match goskey.state(order, moment).await {
        Ok(OrderState::Waiting) => Found::Nothing,
        Ok(OrderState::Refused) => Found::Ended(MobileState::Refused, None),
        Ok(OrderState::Rejected) => Found::Ended(MobileState::Refused, Some(REJECTED.to_owned())),
        Ok(OrderState::Expired) => Found::Ended(MobileState::Expired, None),
        Ok(OrderState::Signed(signature)) => judge(ctx, row, signature).await?,
        Err(error) => failed(error),
    })
}

/// The signature that came is taken as any other: over exactly the frozen bytes, by this person.
async fn judge(ctx: &Ctx, row: &Model, signature: Vec<u8>) -> Result<Found, DbErr> {
    let content = document::frozen_content(ctx.db(), row.submission_id).await?.unwrap_or_default();
    let person = session::person(ctx.db(), row.person_id).await?;
    let snils = person.and_then(|person| person.snils);
    let inn = session::participant_inn(ctx.db(), row.participant_id).await?;
    // Without a СНИЛС nobody in particular would be expected.
    let expected =
        Expected { snils: Some(snils.as_deref().unwrap_or_default()), inn: inn.as_deref() };
    let verified = verify(ctx, &content, &signature, &expected).await;
    Ok(match verified.map_err(|error: SignatureError| error.key()) {
        Ok(_) => Found::Signed(signature),
        Err(UNDECIDED) => Found::Failed(UNDECIDED.to_owned()),
        Err(key) => Found::Ended(MobileState::Refused, Some(key.to_owned())),
    })
}

async fn withdraw(goskey: &Goskey, row: &Model, order: &str, moment: &mut Moment) -> Found {
    match goskey.cancel(order, moment).await {
        Ok(()) | Err(GoskeyError::Refused(_)) => Found::Withdrawn,
        Err(_) if row.attempts >= WITHDRAWALS => Found::Withdrawn,
        Err(error) => Found::Failed(error.to_string()),
    }
}

/// The pause until the telephone is asked again: people confirm within a minute, or much later.
pub(super) fn pause(age: TimeDelta) -> TimeDelta {
    (age / 20).clamp(TimeDelta::seconds(1), TimeDelta::seconds(30))
}

/// Keeps what was found out, unless the request moved on meanwhile.
async fn settle(ctx: &Ctx, row: &Model, owner: Uuid, found: Found) -> Result<(), DbErr> {
    let now = ctx.now();
    let free = ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..Default::default() };
    let signed = matches!(found, Found::Signed(_));
    let next = match found {
        Found::Sent => {
            tracing::info!(request = %row.id, "mobile.sent");
            ActiveModel {
                state: Set(MobileState::Sent.name().to_owned()),
                next_at: Set(now + pause(TimeDelta::zero())),
                ..clean(free.clone())
            }
        }
        Found::Nothing => {
            ActiveModel { next_at: Set(now + pause(now - row.created_at)), ..clean(free.clone()) }
        }
        Found::Signed(signature) => {
            tracing::info!(request = %row.id, "mobile.signed");
            ActiveModel {
                state: Set(MobileState::Signed.name().to_owned()),
                signature: Set(Some(signature)),
                ended_at: Set(Some(now)),
                ..clean(free.clone())
            }
        }
        Found::Ended(end, cause) => {
            tracing::info!(request = %row.id, state = end.name(), cause, "mobile.ended");
            ActiveModel {
                state: Set(end.name().to_owned()),
                cause: Set(cause),
                withdraw: Set(end == MobileState::Expired),
                next_at: Set(now),
                ended_at: Set(Some(now)),
                ..clean(free.clone())
            }
        }
        Found::Withdrawn => ActiveModel { withdraw: Set(false), ..clean(free.clone()) },
        Found::Failed(cause) => {
            let attempts = row.attempts.saturating_add(1);
            tracing::warn!(request = %row.id, attempts, cause, "mobile.postponed");
            // Nobody waits longer than until the request expires.
            let next = (now + backoff(attempts)).min(row.expires_at.max(now + backoff(1)));
            ActiveModel {
                attempts: Set(attempts),
                next_at: Set(next),
                last_error: Set(Some(cause)),
                ..free.clone()
            }
        }
    };
    let own = |update: ActiveModel| {
        Entity::update_many()
            .set(update)
            .filter(Column::Id.eq(row.id))
            .filter(Column::LeaseOwner.eq(owner))
    };
    let txn = storage::begin(ctx.db()).await?;
    let settled = own(next).filter(Column::State.eq(&row.state)).exec(&txn).await?;
    if settled.rows_affected == 0 {
        own(free).exec(&txn).await?;
    }
    let told = signed && settled.rows_affected == 1;
    if told {
        // The person may have left the page long ago.
        tell(ctx, &txn, row).await?;
    }
    txn.commit().await?;
    if told {
        notice::pushed(ctx, row.participant_id).await?;
    }
    Ok(())
}

/// Tells the person that the document can be sent now.
async fn tell<C: ConnectionTrait>(ctx: &Ctx, db: &C, row: &Model) -> Result<(), DbErr> {
    let Some(title) = document::title_of(db, row.document_id).await? else { return Ok(()) };
    let kind = NoticeKind::SignedOnTelephone { title };
    let link = Some(format!("/statforms/{}", row.document_id));
    notice::tell(ctx, db, row.person_id, row.participant_id, &kind, link).await
}

/// After a round that was answered.
fn clean(row: ActiveModel) -> ActiveModel {
    ActiveModel { attempts: Set(0), last_error: Set(None), ..row }
}

/// Sets requests free that a process held which is no more. Only for a database that no other
/// process works on.
///
/// # Errors
/// The database failed.
pub async fn release<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..Default::default() })
        .filter(Column::LeaseUntil.is_not_null())
        .exec(db)
        .await?;
    Ok(())
}
