//! A document from draft to decision. `snapshot` holds the draft at `snapshot_version`; later
//! changes are in `change`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub participant_id: Uuid,
    pub author_id: Uuid,
    pub kind: String,
    pub edition: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub state: String,
    pub version: i64,
    pub snapshot_version: i64,
    pub number: Option<String>,
    pub period: Option<String>,
    pub direction: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub partner: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    pub due: Option<Date>,
    pub filed_at: Option<DateTimeUtc>,
    pub late: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub demand_text: Option<String>,
    pub demand_since: Option<DateTimeUtc>,
    pub demand_until: Option<Date>,
    pub demand_answered_at: Option<DateTimeUtc>,
    pub replaces: Option<String>,
    pub replaced_by: Option<Uuid>,
    pub checkpoint_at: Option<DateTimeUtc>,
    pub checkpoint_version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub expires_on: Option<Date>,
    pub expiry_announced: bool,
    pub deleted_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
