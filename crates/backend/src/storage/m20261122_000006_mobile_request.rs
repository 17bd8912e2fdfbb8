//! Requests to sign on the telephone.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "mobile_request";

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
                    .table(TABLE)
                    .col(uuid("id").primary_key().take())
                    .col(uuid("person_id"))
                    .col(uuid("participant_id"))
                    .col(uuid("document_id"))
                    .col(big_integer("version"))
                    .col(string("sha256"))
                    .col(uuid("submission_id"))
                    .col(string("title"))
                    .col(string("state"))
                    .col(string_null("cause"))
                    .col(string_null("order_id"))
                    .col(blob_null("signature"))
                    .col(boolean("withdraw"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(uuid_null("lease_owner"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(text_null("last_error"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("mobile_request_document", &["document_id", "person_id"][..]),
            ("mobile_request_due", &["state", "next_at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(TABLE);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).to_owned()).await
    }
}
