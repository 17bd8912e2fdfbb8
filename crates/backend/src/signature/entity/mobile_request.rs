//! Requests to sign on the telephone, from the first press to their end.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mobile_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is to sign; nobody else sees the request.
    pub person_id: Uuid,
    pub participant_id: Uuid,
    /// The frozen bytes: of which document, at which version, which, and where they are kept.
    pub document_id: Uuid,
    pub version: i64,
    pub sha256: String,
    pub submission_id: Uuid,
    /// What the telephone shows.
    pub title: String,
    /// Name of a [`domain::view::signature::MobileState`].
    pub state: String,
    /// Key of the words that say why there is no signature.
    pub cause: Option<String>,
    /// The order at «Госуслуги».
    pub order_id: Option<String>,
    /// Verified CMS.
    pub signature: Option<Vec<u8>>,
    /// The request has ended here, and the telephone is to forget it.
    pub withdraw: bool,
    pub attempts: i32,
    pub next_at: DateTimeUtc,
    pub lease_owner: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
