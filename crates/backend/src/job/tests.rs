//! The worker over a real database: what runs of itself, what survives a panic, what is given up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::*;
use crate::{
    ctx::Clock,
    session::entity::{session, sign_in},
    storage::testing::{TestClock, backend, databases},
};

fn noon() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// Asks until it holds. The limit only ends a test that would hang.
async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..1200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: never");
}

async fn waits(db: &DatabaseConnection, key: &str) -> bool {
    let found = job::Entity::find().filter(job::Column::Key.eq(key)).count(db).await;
    found.unwrap() == 1
}

#[test]
fn pauses_grow_and_end_at_five_minutes() {
    let pauses: Vec<_> = (0..15).map(|attempt| backoff(attempt).num_seconds()).collect();
    assert!(pauses.is_sorted());
    assert_eq!((pauses[1], pauses[2], pauses[14]), (1, 2, 256));
}

/// A clock whose reading panics while it is armed.
struct Trap {
    armed: AtomicBool,
    sprung: AtomicU32,
}

impl Clock for Trap {
    fn now(&self) -> DateTime<Utc> {
        if self.armed.load(Ordering::SeqCst) {
            self.sprung.fetch_add(1, Ordering::SeqCst);
            panic!("the clock is broken");
        }
        noon()
    }
}

#[tokio::test]
async fn the_worker_outlives_a_panic() {
    for test in databases().await {
        let trap = Arc::new(Trap { armed: AtomicBool::new(false), sprung: AtomicU32::new(0) });
        let backend = backend(test.db.clone(), trap.clone());
        let ctx = Ctx::system(backend.clone(), "test");
        let worker = Worker::start(backend).await.unwrap();
        trap.armed.store(true, Ordering::SeqCst);
        eventually("both loops fell", || async { trap.sprung.load(Ordering::SeqCst) >= 2 }).await;
        trap.armed.store(false, Ordering::SeqCst);
        // Nobody is to be told, so the job is done as soon as somebody does it.
        let work = Work::NoticeMail { notice: Uuid::nil() };
        enqueue(&ctx, ctx.db(), "after", &work, noon()).await.unwrap();
        eventually(test.name, || async { !waits(ctx.db(), "after").await }).await;
        worker.stop().await;
    }
}

async fn session_row(db: &DatabaseConnection, id: u128, expires_at: DateTime<Utc>) {
    session::Entity::insert(session::ActiveModel {
        id: Set(Uuid::from_u128(id)),
        token_hash: Set(id.to_string()),
        person_id: Set(Uuid::nil()),
        participant_id: Set(None),
        user_agent: Set(String::new()),
        address: Set(String::new()),
        created_at: Set(expires_at - TimeDelta::days(1)),
        seen_at: Set(expires_at - TimeDelta::days(1)),
        expires_at: Set(expires_at),
        locked_at: Set(None),
        ended_at: Set(None),
    })
    .exec_without_returning(db)
    .await
    .unwrap();
}

async fn sign_in_row(db: &DatabaseConnection, state: &str, created_at: DateTime<Utc>) {
    sign_in::Entity::insert(sign_in::ActiveModel {
        state: Set(state.to_owned()),
        nonce: Set(String::new()),
        verifier: Set(String::new()),
        return_to: Set(None),
        unlock_session: Set(None),
        created_at: Set(created_at),
    })
    .exec_without_returning(db)
    .await
    .unwrap();
}

#[tokio::test]
async fn what_nobody_can_use_any_more_is_swept_away_again_and_again() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let db = &test.db;
        session_row(db, 1, noon() - TimeDelta::days(91)).await;
        session_row(db, 2, noon() - TimeDelta::days(89)).await;
        session_row(db, 3, noon() + TimeDelta::hours(1)).await;
        sign_in_row(db, "old", noon() - TimeDelta::minutes(11)).await;
        sign_in_row(db, "under way", noon() - TimeDelta::minutes(9)).await;

        let worker = Worker::start(backend).await.unwrap();
        let left = || async {
            let sessions = session::Entity::find().count(db).await.unwrap();
            (sessions, sign_in::Entity::find().count(db).await.unwrap())
        };
        eventually(test.name, || async { left().await == (2, 1) }).await;
        let kept = sign_in::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!(kept.state, "under way", "{}", test.name);

        // Two days on, what was left has run out as well.
        clock.advance(TimeDelta::days(2));
        eventually(test.name, || async { left().await == (1, 0) }).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn on_a_database_of_one_process_a_lease_does_not_outlive_its_holder() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = Ctx::system(backend.clone(), "test");
        let work = Work::NoticeMail { notice: Uuid::nil() };
        enqueue(&ctx, ctx.db(), "left", &work, noon()).await.unwrap();
        job::Entity::update_many()
            .col_expr(job::Column::LeaseOwner, Expr::value(Uuid::from_u128(1)))
            .col_expr(job::Column::LeaseUntil, Expr::value(noon() + LEASE))
            .exec(ctx.db())
            .await
            .unwrap();
        let worker = Worker::start(backend).await.unwrap();
        if test.name == "SQLite" {
            eventually(test.name, || async { !waits(ctx.db(), "left").await }).await;
        } else {
            // Another process may be at it; its lease is respected while others are done.
            enqueue(&ctx, ctx.db(), "free", &work, noon()).await.unwrap();
            eventually(test.name, || async { !waits(ctx.db(), "free").await }).await;
            assert!(waits(ctx.db(), "left").await);
        }
        worker.stop().await;
    }
}

#[tokio::test]
async fn what_was_given_up_is_listed_and_can_be_tried_again() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = Ctx::system(backend, "test");
        let operator = Operator::new(test.db.clone());
        let work = Work::NoticeMail { notice: Uuid::nil() };
        enqueue(&ctx, ctx.db(), "mail", &work, noon()).await.unwrap();
        assert_eq!(dead(ctx.db()).await.unwrap(), []);
        job::Entity::update_many()
            .col_expr(job::Column::DeadAt, Expr::value(noon()))
            .col_expr(job::Column::LastError, Expr::value("no such address"))
            .exec(ctx.db())
            .await
            .unwrap();
        let given_up = dead(ctx.db()).await.unwrap();
        let [job] = given_up.as_slice() else { panic!("{given_up:?}") };
        assert_eq!((job.kind.as_str(), job.cause.as_str()), ("notice_mail", "no such address"));
        assert!(retry(&operator, job.id).await.unwrap());
        assert!(!retry(&operator, job.id).await.unwrap(), "{}: it is in line", test.name);
        assert_eq!(dead(ctx.db()).await.unwrap(), []);
    }
}
