//! A cabinet: a company, a sole trader, or a person's own.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub category: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub ogrn: Option<String>,
    pub full_name: String,
    pub short_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub esia_oid: Option<String>,
    pub owner_person: Option<Uuid>,
    pub verified_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
