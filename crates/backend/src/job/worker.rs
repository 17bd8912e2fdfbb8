//! The loops of one process: delivery to customs, jobs, telephones, news of other processes.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use uuid::Uuid;

use super::{
    LEASE, MOST_ATTEMPTS, Next, Work, backoff, enqueue,
    entity::job,
    pulse::{Part, Pulse, guarded},
    work,
};
use crate::{
    ctx::{Backend, Ctx},
    document,
    signature::mobile,
    storage,
};

/// Between two rounds that found nothing to do.
const REST: Duration = Duration::from_millis(400);

/// Between two rounds that found something.
const BREATH: Duration = Duration::from_millis(20);

/// After a round that failed.
const RECOVERY: Duration = Duration::from_secs(2);

/// A job that takes longer is given up for now, before another process may take it.
const LONGEST: Duration = Duration::from_secs(110);

/// The background work of one process.
pub struct Worker {
    stop: watch::Sender<bool>,
    pulse: Arc<Pulse>,
    tasks: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts delivering, reading answers, working off jobs, and asking telephones.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(backend: Arc<Backend>) -> Result<Self, DbErr> {
        let ctx = Ctx::system(backend, "worker");
        if storage::has_one_process(ctx.db()) {
            // Whoever holds a lease here did not live to give it back.
            document::outbox_release(ctx.db()).await?;
            mobile::release(ctx.db()).await?;
            release(&ctx).await?;
        }
        for (key, work) in Work::PERIODIC {
            enqueue(&ctx, ctx.db(), key, &work, ctx.now()).await?;
        }
        let owner = ctx.uuid();
        let pulse = Arc::new(Pulse::new(ctx.now()));
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            tokio::spawn(deliveries(ctx.clone(), owner, pulse.clone(), stopped.clone())),
            tokio::spawn(jobs(ctx.clone(), owner, pulse.clone(), stopped.clone())),
            tokio::spawn(telephones(ctx.clone(), owner, pulse.clone(), stopped.clone())),
            tokio::spawn(relay(ctx, stopped)),
        ];
        Ok(Self { stop, pulse, tasks })
    }

    /// Whether the loops still come round.
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
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

async fn release(ctx: &Ctx) -> Result<(), DbErr> {
    job::Entity::update_many()
        .set(job::ActiveModel {
            lease_owner: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(job::Column::LeaseUntil.is_not_null())
        .exec(ctx.db())
        .await?;
    Ok(())
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

async fn deliveries(ctx: Ctx, owner: Uuid, pulse: Arc<Pulse>, mut stopped: watch::Receiver<bool>) {
    loop {
        let round = guarded(async {
            let alive = || pulse.beat(Part::Delivery, ctx.now());
            alive();
            document::delivery_step(&ctx, owner, alive).await
        });
        let pause = match round.await {
            Ok(Ok(0)) => REST,
            Ok(Ok(_)) => BREATH,
            Ok(Err(error)) => {
                tracing::error!(error = ?error, "outbox.failed");
                RECOVERY
            }
            Err(panic) => {
                tracing::error!(panic, "outbox.failed");
                RECOVERY
            }
        };
        if rest(&mut stopped, pause).await {
            return;
        }
    }
}

async fn telephones(ctx: Ctx, owner: Uuid, pulse: Arc<Pulse>, mut stopped: watch::Receiver<bool>) {
    loop {
        let round = guarded(async {
            let alive = || pulse.beat(Part::Mobile, ctx.now());
            alive();
            mobile::step(&ctx, owner, alive).await
        });
        let pause = match round.await {
            Ok(Ok(0)) => REST,
            Ok(Ok(_)) => BREATH,
            Ok(Err(error)) => {
                tracing::error!(%error, "mobile.failed");
                RECOVERY
            }
            Err(panic) => {
                tracing::error!(panic, "mobile.failed");
                RECOVERY
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
            ended = guarded(bus.relay(ctx.db())) => match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "bus.relay_ended"),
                Err(panic) => tracing::error!(panic, "bus.relay_ended"),
            },
            _ = stopped.changed() => return,
        }
        if rest(&mut stopped, RECOVERY).await {
            return;
        }
    }
}

async fn jobs(ctx: Ctx, owner: Uuid, pulse: Arc<Pulse>, mut stopped: watch::Receiver<bool>) {
    loop {
        let round = guarded(async {
            pulse.beat(Part::Jobs, ctx.now());
            step(&ctx, owner, &mut stopped).await
        });
        let pause = match round.await {
            Ok(Ok(true)) => BREATH,
            Ok(Ok(false)) => REST,
            Ok(Err(error)) => {
                tracing::error!(%error, "job.failed");
                RECOVERY
            }
            Err(panic) => {
                tracing::error!(panic, "job.failed");
                RECOVERY
            }
        };
        if rest(&mut stopped, pause).await {
            return;
        }
    }
}

fn is_free(now: DateTime<Utc>) -> Condition {
    Condition::any().add(job::Column::LeaseUntil.is_null()).add(job::Column::LeaseUntil.lt(now))
}

/// Leases the next due job and does it. Returns whether there was one.
async fn step(ctx: &Ctx, owner: Uuid, stopped: &mut watch::Receiver<bool>) -> Result<bool, DbErr> {
    let now = ctx.now();
    let due = job::Entity::find()
        .filter(job::Column::DeadAt.is_null())
        .filter(job::Column::RunAt.lte(now))
        .filter(is_free(now))
        .order_by_asc(job::Column::RunAt)
        .limit(1)
        .one(ctx.db())
        .await?;
    let Some(row) = due else { return Ok(false) };
    let leased = job::Entity::update_many()
        .col_expr(job::Column::LeaseOwner, Expr::value(owner))
        .col_expr(job::Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(job::Column::Id.eq(row.id))
        .filter(is_free(now))
        .exec(ctx.db())
        .await?;
    if leased.rows_affected == 0 {
        return Ok(true);
    }
    let done = tokio::select! {
        done = guarded(timeout(LONGEST, work(ctx, &row.payload))) => match done {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err("it took too long".to_owned()),
            Err(panic) => Err(panic),
        },
        // Reading answers waits for customs most of the time; it may be left at any moment, since
        // a message is applied in one transaction or not at all.
        _ = stopped.changed() => Ok(Next::At(ctx.now())),
    };
    end(ctx, owner, &row, done).await?;
    Ok(true)
}

/// Takes a job off the table, or puts it back for later.
async fn end(
    ctx: &Ctx,
    owner: Uuid,
    row: &job::Model,
    done: Result<Next, String>,
) -> Result<(), DbErr> {
    let end = match done {
        Ok(Next::Done) => {
            job::Entity::delete_many().filter(job::Column::Id.eq(row.id)).exec(ctx.db()).await?;
            return Ok(());
        }
        Ok(Next::At(run_at)) => job::ActiveModel {
            run_at: Set(run_at),
            attempts: Set(0),
            last_error: Set(None),
            ..Default::default()
        },
        Err(cause) => {
            let attempts = row.attempts.saturating_add(1);
            // What runs for ever is never given up.
            let periodic = Work::PERIODIC.iter().any(|(_, work)| work.kind() == row.kind);
            let dead = !periodic && attempts >= MOST_ATTEMPTS;
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
    Ok(())
}
