//! Tables of reference data. They hold nothing that an import cannot bring again.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000002_tariff"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite would otherwise keep half of a failed migration.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        // Codes and words are looked up by their beginnings.
        for (name, table, columns) in [
            ("tnved_level_code", "tnved", ["level", "code"].as_slice()),
            ("tnved_word_level", "tnved_word", &["level"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        // Ranges of words are compared by code points; SQLite does so of itself.
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared(
                    r#"ALTER TABLE tnved_word ALTER COLUMN word TYPE varchar COLLATE "C""#,
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 9] {
    [
        Table::create()
            .table("tnved")
            .col(big_integer("id").primary_key().auto_increment().take())
            .col(small_integer("level"))
            .col(string("code"))
            .col(string_null("section"))
            .col(text("name"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .take(),
        Table::create()
            .table("tnved_word")
            .col(string("word"))
            .col(string("code"))
            .col(small_integer("level"))
            .primary_key(Index::create().col("word").col("code"))
            .take(),
        Table::create()
            .table("tnved_unit")
            .col(string("code").primary_key().take())
            .col(string("unit"))
            .take(),
        Table::create()
            .table("duty_rate")
            .col(string("code"))
            .col(small_integer("variant"))
            .col(string("rate"))
            .primary_key(Index::create().col("code").col("variant"))
            .take(),
        Table::create()
            .table("unit")
            .col(string("code").primary_key().take())
            .col(text("name"))
            .col(string("symbol"))
            .take(),
        Table::create()
            .table("country")
            .col(string("code").primary_key().take())
            .col(string("numeric"))
            .col(text("name"))
            .col(text_null("name_en"))
            .take(),
        Table::create()
            .table("exchange_rate")
            .col(string("currency"))
            .col(date("date"))
            .col(integer("nominal"))
            .col(string("rate"))
            .col(string("source"))
            .primary_key(Index::create().col("currency").col("date"))
            .take(),
        Table::create()
            .table("calendar_day")
            .col(date("date").primary_key().take())
            .col(string("kind"))
            .take(),
        Table::create()
            .table("refdata")
            .col(string("kind").primary_key().take())
            .col(big_integer("rows"))
            .col(string_null("edition"))
            .col(text("source"))
            .col(boolean("builtin"))
            .col(timestamp_with_time_zone("imported_at"))
            .take(),
    ]
}
