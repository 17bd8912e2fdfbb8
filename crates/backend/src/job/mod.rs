//! Background work in the same process: delivery to customs, customs' answers, and jobs of the
//! `job` table. Several processes may share one database: whatever is worked on is leased.

pub mod entity;
mod pulse;
#[cfg(test)]
mod tests;
mod worker;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use pulse::Pulse;
pub use worker::Worker;

use crate::{
    ctx::{Ctx, Operator},
    document, notice, session,
};
use entity::job;

/// How long a process may hold a job.
const LEASE: TimeDelta = TimeDelta::seconds(120);

/// Attempts after which a job is left for an operator.
const MOST_ATTEMPTS: i32 = 12;

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Reads customs' answers; runs for ever, in one process at a time.
    CustomsAnswers,
    /// Announces and deletes untouched drafts; every hour.
    DraftExpiry,
    /// Tells of deadlines that are near; every hour.
    Reminders,
    /// Deletes sessions and sign-ins that nobody can use any more; every hour.
    SessionSweep,
    /// Sends a notice by mail.
    NoticeMail { notice: Uuid },
    /// Stamps a signature that was taken while the time-stamp service was silent.
    SignatureTimestamp { submission: Uuid },
}

impl Work {
    /// What is always in line, with its key.
    const PERIODIC: [(&'static str, Self); 4] = [
        ("customs_answers", Self::CustomsAnswers),
        ("draft_expiry", Self::DraftExpiry),
        ("reminders", Self::Reminders),
        ("session_sweep", Self::SessionSweep),
    ];

    /// How the table names it.
    fn kind(&self) -> &'static str {
        match self {
            Self::CustomsAnswers => "customs_answers",
            Self::DraftExpiry => "draft_expiry",
            Self::Reminders => "reminders",
            Self::SessionSweep => "session_sweep",
            Self::NoticeMail { .. } => "notice_mail",
            Self::SignatureTimestamp { .. } => "signature_timestamp",
        }
    }
}

/// The pause before attempt `attempts + 1`: 1, 2, 4 … seconds, five minutes at most.
pub fn backoff(attempts: i32) -> TimeDelta {
    let exponent = u32::try_from(attempts.clamp(1, 9) - 1).unwrap_or_default();
    TimeDelta::seconds(2_i64.pow(exponent)).min(TimeDelta::minutes(5))
}

/// Puts work in line, in the transaction of its cause. The same key is put in line once.
pub async fn enqueue<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    key: &str,
    work: &Work,
    run_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let payload = serde_json::to_string(work).map_err(|error| DbErr::Custom(error.to_string()))?;
    job::Entity::insert(job::ActiveModel {
        id: Set(ctx.uuid()),
        kind: Set(work.kind().to_owned()),
        key: Set(key.to_owned()),
        payload: Set(payload),
        run_at: Set(run_at),
        attempts: Set(0),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        dead_at: Set(None),
        created_at: Set(ctx.now()),
    })
    .on_conflict_do_nothing_on([job::Column::Key])
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Work that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    pub id: Uuid,
    pub kind: String,
    pub cause: String,
}

/// Work that was given up, the longest ago first, for an operator.
pub async fn dead<C: ConnectionTrait>(db: &C) -> Result<Vec<Dead>, DbErr> {
    let rows = job::Entity::find()
        .filter(job::Column::DeadAt.is_not_null())
        .order_by_asc(job::Column::DeadAt)
        .all(db)
        .await?;
    let dead = |row: job::Model| Dead {
        id: row.id,
        kind: row.kind,
        cause: row.last_error.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(dead).collect())
}

/// Puts work that was given up in line again. Returns whether there was such.
pub async fn retry(operator: &Operator, id: Uuid) -> Result<bool, DbErr> {
    let never: Option<DateTime<Utc>> = None;
    let revived = job::Entity::update_many()
        .col_expr(job::Column::DeadAt, Expr::value(never))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .col_expr(job::Column::RunAt, Expr::value(operator.now()))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::DeadAt.is_not_null())
        .exec(&operator.db)
        .await?;
    Ok(revived.rows_affected == 1)
}

/// When a job is to run again, if ever.
enum Next {
    Done,
    At(DateTime<Utc>),
}

async fn work(ctx: &Ctx, payload: &str) -> Result<Next, String> {
    let in_an_hour = || Next::At(ctx.now() + TimeDelta::hours(1));
    match serde_json::from_str(payload).map_err(|error| error.to_string())? {
        Work::CustomsAnswers => match document::answers_receive(ctx).await {
            Ok(Ok(_)) => Ok(Next::At(ctx.now())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(format!("{error:?}")),
        },
        Work::DraftExpiry => {
            document::expire(ctx).await.map_err(|error| format!("{error:?}"))?;
            Ok(in_an_hour())
        }
        Work::Reminders => {
            notice::remind(ctx).await.map_err(|error| error.to_string())?;
            Ok(in_an_hour())
        }
        Work::SessionSweep => {
            session::sweep(ctx).await.map_err(|error| format!("{error:?}"))?;
            Ok(in_an_hour())
        }
        Work::NoticeMail { notice } => {
            notice::mail(ctx, notice).await?;
            Ok(Next::Done)
        }
        Work::SignatureTimestamp { submission } => {
            document::timestamp_late(ctx, submission).await?;
            Ok(Next::Done)
        }
    }
}
