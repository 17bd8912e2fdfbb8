//! A row of the commodity nomenclature: section, chapter, heading or code, with its term of validity.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tnved")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Count of digits: 2, 4 or 10; 0 for a section.
    pub level: i16,
    pub code: String,
    /// The section of a chapter.
    pub section: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub valid_from: Date,
    /// The last day; none while in force.
    pub valid_to: Option<Date>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
