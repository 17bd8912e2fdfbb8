//! One database, SQLite or PostgreSQL, behind the same entities and migrations.

mod m20261122_000001_foundation;
mod m20261122_000003_snapshot;
mod m20261122_000004_list_indexes;
mod m20261122_000005_signature;
mod m20261122_000006_mobile_request;
#[cfg(any(test, feature = "testing"))]
#[expect(clippy::expect_used, reason = "only tests compile it")]
pub mod testing;

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The host opens and closes the database; only this crate asks it anything.
pub use sea_orm::DatabaseConnection;

/// All migrations, oldest first. A migration that has landed is never edited.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_foundation::Migration),
            Box::new(crate::tariff::migration::Migration),
            Box::new(m20261122_000003_snapshot::Migration),
            Box::new(m20261122_000004_list_indexes::Migration),
            Box::new(m20261122_000005_signature::Migration),
            Box::new(m20261122_000006_mobile_request::Migration),
        ]
    }
}

/// Opens the database at `url` (`sqlite://path?mode=rwc`, `postgres://…`).
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).connect_timeout(Duration::from_secs(10));
    if url.starts_with("sqlite") {
        options.max_connections(8).map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            // The busy limit comes before WAL: switching the mode needs the lock itself.
            sqlite
                .busy_timeout(Duration::from_secs(15))
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
        });
    } else {
        options.max_connections(16);
    }
    Database::connect(options).await
}

/// Whether no other process works on the database. SQLite is for one (docs/operations.md).
pub fn has_one_process(db: &DatabaseConnection) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}

/// Brings the tables up to date.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(db, None).await
}

/// Begins a transaction that will write. On SQLite it takes the write lock at once: a transaction
/// that reads first and writes later fails under load without waiting.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    })
    .await
}

#[cfg(test)]
mod tests {
    use sea_orm_migration::MigratorTrait;

    use super::{Migrator, migrate, testing::databases};

    #[tokio::test]
    async fn every_migration_can_be_undone_and_done_again() {
        for test in databases().await {
            Migrator::down(&test.db, None).await.expect(test.name);
            migrate(&test.db).await.expect(test.name);
        }
    }
}
