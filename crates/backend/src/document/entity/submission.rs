//! Frozen bytes and the signature over them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub document_id: Uuid,
    pub version: i64,
    pub purpose: String,
    pub content: Vec<u8>,
    pub sha256: String,
    pub frozen_at: DateTimeUtc,
    pub frozen_by: Uuid,
    pub signature: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub signer: Option<String>,
    pub signed_at: Option<DateTimeUtc>,
    /// The verdict on the signature, JSON of `signature::report::Report`.
    #[sea_orm(column_type = "Text", nullable)]
    pub report: Option<String>,
    /// What the stamp says of the certificate, JSON of
    /// [`domain::view::signature::StampCertificate`].
    #[sea_orm(column_type = "Text", nullable)]
    pub certificate: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
