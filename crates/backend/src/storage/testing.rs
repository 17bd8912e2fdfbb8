//! What the storage suite runs on: SQLite always, PostgreSQL when one is named by
//! `CABINET_TEST_POSTGRES` (`cargo xtask test` starts one).

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::{connect, migrate};
use crate::ctx::{Clock, Entropy};

/// A database of its own for one test; it ends with this value.
pub struct TestDb {
    pub name: &'static str,
    pub db: DatabaseConnection,
    _folder: tempfile::TempDir,
}

/// Every database that the suite must hold on, migrated and empty.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    if let Ok(url) = std::env::var("CABINET_TEST_POSTGRES") {
        all.push(postgres(&url).await);
    }
    all
}

async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("cabinet.db").display());
    let db = connect(&url).await.expect("SQLite opens");
    migrate(&db).await.expect("SQLite migrates");
    TestDb { name: "SQLite", db, _folder: folder }
}

async fn postgres(url: &str) -> TestDb {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("cabinet_{}_{number}", std::process::id());
    let admin = connect(url).await.expect("PostgreSQL answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
    admin.close().await.expect("closed");
    let (base, _) = url.rsplit_once('/').expect("a URL with a database");
    let db = connect(&format!("{base}/{name}")).await.expect("PostgreSQL opens");
    migrate(&db).await.expect("PostgreSQL migrates");
    TestDb { name: "PostgreSQL", db, _folder: tempfile::tempdir().expect("a temporary folder") }
}

/// A clock that stands until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(start: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.timestamp_micros())))
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().expect("a short time"), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).expect("a date")
    }
}

/// Counts instead of chance: repeatable, and never the same twice.
#[derive(Default)]
pub struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mixed = (next ^ (next >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}
