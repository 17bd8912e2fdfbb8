//! Background work in the same process: delivery to customs, customs' answers, and jobs of the
//! `job` table. Several processes may share one database: whatever is worked on is leased.

pub mod entity;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    ctx::{Backend, Ctx},
    document, notice,
};
use entity::job;

/// How long a process may hold a job.
const LEASE: TimeDelta = TimeDelta::seconds(120);

/// Attempts after which a job is left for an operator.
const MOST_ATTEMPTS: i32 = 12;

const REST: Duration = Duration::from_millis(400);

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Reads customs' answers; runs for ever, in one process at a time.
    CustomsAnswers,
    /// Announces and deletes untouched drafts; every hour.
    DraftExpiry,
    /// Sends a notice by mail.
    NoticeMail { notice: Uuid },
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
        kind: Set(kind(work).to_owned()),
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

fn kind(work: &Work) -> &'static str {
    match work {
        Work::CustomsAnswers => "customs_answers",
        Work::DraftExpiry => "draft_expiry",
        Work::NoticeMail { .. } => "notice_mail",
    }
}

/// Work that was given up, for an operator: id, kind, cause.
pub async fn dead(ctx: &Ctx) -> Result<Vec<(Uuid, String, String)>, DbErr> {
    Ok(job::Entity::find()
        .filter(job::Column::DeadAt.is_not_null())
        .order_by_asc(job::Column::DeadAt)
        .all(ctx.db())
        .await?
        .into_iter()
        .map(|row| (row.id, row.kind, row.last_error.unwrap_or_default()))
        .collect())
}

/// The background work of one process.
pub struct Worker {
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Worker {
    /// Starts delivering, reading answers, and working off jobs.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(backend: Arc<Backend>) -> Result<Self, DbErr> {
        let ctx = Ctx::system(backend, "worker");
        for (key, work) in
            [("customs_answers", Work::CustomsAnswers), ("draft_expiry", Work::DraftExpiry)]
        {
            enqueue(&ctx, ctx.db(), key, &work, ctx.now()).await?;
        }
        let owner = ctx.uuid();
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            tokio::spawn(deliveries(ctx.clone(), owner, stopped.clone())),
            tokio::spawn(jobs(ctx.clone(), owner, stopped.clone())),
            tokio::spawn(relay(ctx, stopped)),
        ];
        Ok(Self { stop, tasks })
    }

    /// Lets what is under way end, and stops.
    pub async fn stop(self) {
        // The tasks are the receivers; if they are gone there is nothing to stop.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "worker.task_failed");
            }
        }
    }
}

/// Rests, or returns `true` at once when the worker is to stop.
async fn rest(stopped: &mut watch::Receiver<bool>, time: Duration) -> bool {
    if *stopped.borrow() {
        return true;
    }
    tokio::select! {
        () = tokio::time::sleep(time) => *stopped.borrow(),
        changed = stopped.changed() => changed.is_err() || *stopped.borrow(),
    }
}

async fn deliveries(ctx: Ctx, owner: Uuid, mut stopped: watch::Receiver<bool>) {
    loop {
        let pause = match document::delivery_step(&ctx, owner).await {
            Ok(0) => REST,
            Ok(_) => Duration::from_millis(20),
            Err(error) => {
                tracing::error!(error = ?error, "outbox.failed");
                Duration::from_secs(2)
            }
        };
        if rest(&mut stopped, pause).await {
            return;
        }
    }
}

async fn relay(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    loop {
        let bus = ctx.backend.bus.clone();
        tokio::select! {
            ended = bus.relay(ctx.db()) => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "bus.relay_ended");
                }
            }
            _ = stopped.changed() => return,
        }
        if rest(&mut stopped, Duration::from_secs(2)).await {
            return;
        }
    }
}

async fn jobs(ctx: Ctx, owner: Uuid, mut stopped: watch::Receiver<bool>) {
    loop {
        let pause = match step(&ctx, owner, &mut stopped).await {
            Ok(true) => Duration::from_millis(20),
            Ok(false) => REST,
            Err(error) => {
                tracing::error!(%error, "job.failed");
                Duration::from_secs(2)
            }
        };
        if rest(&mut stopped, pause).await {
            return;
        }
    }
}

/// Leases the next due job and does it. Returns whether there was one.
async fn step(ctx: &Ctx, owner: Uuid, stopped: &mut watch::Receiver<bool>) -> Result<bool, DbErr> {
    let now = ctx.now();
    let free = Condition::any()
        .add(job::Column::LeaseUntil.is_null())
        .add(job::Column::LeaseUntil.lt(now));
    let due = job::Entity::find()
        .filter(job::Column::DeadAt.is_null())
        .filter(job::Column::RunAt.lte(now))
        .filter(free.clone())
        .order_by_asc(job::Column::RunAt)
        .limit(1)
        .one(ctx.db())
        .await?;
    let Some(row) = due else { return Ok(false) };
    let leased = job::Entity::update_many()
        .col_expr(job::Column::LeaseOwner, Expr::value(owner))
        .col_expr(job::Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(job::Column::Id.eq(row.id))
        .filter(free)
        .exec(ctx.db())
        .await?;
    if leased.rows_affected == 0 {
        return Ok(true);
    }
    let done = tokio::select! {
        done = work(ctx, &row) => done,
        // Reading answers waits for customs most of the time; it may be left at any moment, since
        // a message is applied in one transaction or not at all.
        _ = stopped.changed() => Ok(Next::At(ctx.now())),
    };
    let end = match done {
        Ok(Next::Done) => {
            job::Entity::delete_many().filter(job::Column::Id.eq(row.id)).exec(ctx.db()).await?;
            return Ok(true);
        }
        Ok(Next::At(run_at)) => job::ActiveModel {
            run_at: Set(run_at),
            attempts: Set(0),
            last_error: Set(None),
            ..Default::default()
        },
        Err(cause) => {
            let attempts = row.attempts + 1;
            // What runs for ever is never given up.
            let dead = row.kind == "notice_mail" && attempts >= MOST_ATTEMPTS;
            tracing::warn!(kind = row.kind, attempts, dead, %cause, "job.postponed");
            job::ActiveModel {
                run_at: Set(ctx.now() + backoff(attempts)),
                attempts: Set(attempts),
                last_error: Set(Some(cause)),
                dead_at: Set(dead.then(|| ctx.now())),
                ..Default::default()
            }
        }
    };
    job::Entity::update_many()
        .set(job::ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..end })
        .filter(job::Column::Id.eq(row.id))
        .filter(job::Column::LeaseOwner.eq(owner))
        .exec(ctx.db())
        .await?;
    Ok(true)
}

enum Next {
    Done,
    At(DateTime<Utc>),
}

async fn work(ctx: &Ctx, row: &job::Model) -> Result<Next, String> {
    match serde_json::from_str(&row.payload).map_err(|error| error.to_string())? {
        Work::CustomsAnswers => match document::answers_receive(ctx).await {
            Ok(Ok(_)) => Ok(Next::At(ctx.now())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(format!("{error:?}")),
        },
        Work::DraftExpiry => {
            document::expire(ctx).await.map_err(|error| format!("{error:?}"))?;
            Ok(Next::At(ctx.now() + TimeDelta::hours(1)))
        }
        Work::NoticeMail { notice } => {
            notice::mail(ctx, notice).await?;
            Ok(Next::Done)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_five_minutes() {
        let pauses: Vec<_> = (0..15).map(|attempt| backoff(attempt).num_seconds()).collect();
        assert!(pauses.is_sorted());
        assert_eq!((pauses[1], pauses[2], pauses[14]), (1, 2, 256));
    }
}
