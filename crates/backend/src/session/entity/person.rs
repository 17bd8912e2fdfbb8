//! A natural person, as ESIA confirmed him.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub esia_oid: String,
    pub surname: String,
    pub name: String,
    pub patronymic: Option<String>,
    pub snils: Option<String>,
    pub inn: Option<String>,
    pub birth_date: Option<Date>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub trusted: bool,
    pub lang: String,
    pub theme: String,
    pub mail_decisions: bool,
    pub mail_demands: bool,
    pub mail_deadlines: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
