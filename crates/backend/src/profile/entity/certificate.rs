//! A signing certificate attached to a profile.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub participant_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    pub thumbprint: String,
    pub algorithm: String,
    pub valid_from: DateTimeUtc,
    pub valid_to: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub chain_pem: String,
    pub created_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
    /// Upper-case hexadecimal digits; absent of certificates attached before numbers were kept.
    #[sea_orm(column_type = "Text", nullable)]
    pub serial: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
