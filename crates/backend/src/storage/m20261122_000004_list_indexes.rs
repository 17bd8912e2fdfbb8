//! Lists of a cabinet with tens of thousands of forms are counted and searched inside one index.
//!
//! SQLite keeps the searched words in the index as well: looking into each row would be some ten
//! times slower. PostgreSQL bounds the length of an index entry, and reads rows quicker.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const LIST: &str = "ix_document_list";
const PERIOD: &str = "ix_document_participant_id_kind_period";

/// What every list is cut by.
const OWN: [&str; 3] = ["participant_id", "kind", "deleted_at"];

fn index(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table("document");
    for column in columns {
        index.col(*column);
    }
    index
}

async fn drop_both(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for name in [LIST, PERIOD] {
        manager.drop_index(Index::drop().name(name).table("document").to_owned()).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite would otherwise keep half of a failed migration.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_both(manager).await?;
        let searched: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &["number", "search_text"],
            _ => &[],
        };
        let filtered = ["updated_at", "id", "state", "direction", "period"];
        manager.create_index(index(LIST, &[&OWN[..], &filtered, searched].concat())).await?;
        let filtered = ["period", "id", "state", "direction"];
        manager.create_index(index(PERIOD, &[&OWN[..], &filtered].concat())).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_both(manager).await?;
        let filtered = ["updated_at", "id", "state", "direction", "period"];
        manager.create_index(index(LIST, &[&OWN[..], &filtered].concat())).await?;
        manager.create_index(index(PERIOD, &["participant_id", "kind", "period"])).await
    }
}
