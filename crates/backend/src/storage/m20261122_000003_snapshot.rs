//! Drafts leave the rows that lists read.
//!
//! A list of fifty thousand forms reads short rows, and counts and filters them by one index; with
//! the draft among the columns each row was spread over many pages.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// By time of change, with every column that the list filters by.
const LIST: &str = "ix_document_list";
/// What it replaces.
const UPDATED: &str = "ix_document_participant_id_kind_updated_at";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite would otherwise keep half of a failed migration.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("snapshot")
                    .col(uuid("document_id").primary_key().take())
                    .col(text("draft"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "INSERT INTO snapshot (document_id, draft) SELECT id, draft FROM document",
        )
        .await?;
        db.execute_unprepared("ALTER TABLE document DROP COLUMN draft").await?;
        manager.drop_index(Index::drop().name(UPDATED).table("document").to_owned()).await?;
        let mut list = Index::create();
        list.name(LIST).table("document");
        for column in [
            "participant_id",
            "kind",
            "deleted_at",
            "updated_at",
            "id",
            "state",
            "direction",
            "period",
        ] {
            list.col(column);
        }
        manager.create_index(list).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(LIST).table("document").to_owned()).await?;
        manager
            .create_index(
                Index::create()
                    .name(UPDATED)
                    .table("document")
                    .col("participant_id")
                    .col("kind")
                    .col("updated_at")
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared("ALTER TABLE document ADD COLUMN draft text NOT NULL DEFAULT ''")
            .await?;
        db.execute_unprepared(
            "UPDATE document SET draft = \
             (SELECT draft FROM snapshot WHERE document_id = document.id)",
        )
        .await?;
        manager.drop_table(Table::drop().table("snapshot").to_owned()).await
    }
}
