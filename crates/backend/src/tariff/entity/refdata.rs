//! What is loaded of each kind of reference data, and from where.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refdata")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub rows: i64,
    pub edition: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// The set that comes with the program; an import takes its place.
    pub builtin: bool,
    pub imported_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
