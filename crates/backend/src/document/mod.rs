//! One document's way: draft, changes, history, freezing, signing, sending, customs' answers.
//!
//! A draft is a convergent replica ([`edoc::draft::Draft`]). The log of changes is the truth; the
//! table `snapshot` spares replaying the whole of it. Snapshots are kept apart from `document`, so
//! that lists read short rows.

mod answers;
mod authors;
mod cache;
mod delivery;
mod drafts;
pub mod entity;
mod error;
mod expiry;
mod history;
mod recheck;
mod sending;
mod signed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    date::moscow_date,
    state::DocumentState,
    view::document::{Demand, Head, Title},
};
use edoc::{draft::Draft, schema::Schema};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub use answers::{answers_apply, answers_receive};
pub use cache::Cache;
pub use delivery::{
    Dead, LEASE as DELIVERY_LEASE, delivery_step, outbox_dead, outbox_depth, outbox_release,
    outbox_retry,
};
pub use drafts::{Origin, create, delete, open, patch, reopen, since};
pub use error::DocumentError;
pub use expiry::expire;
pub use history::{difference, history, restore};
pub use recheck::{Rechecked, signatures_recheck};
pub use sending::{content, events, freeze, freeze_bytes, submit, xml};
pub(crate) use sending::{frozen_content, unsigned_locked};
pub(crate) use signed::timestamp_late;
pub use signed::{package, stamp, stamp_of};

use sending::file_stem;

use crate::ctx::Ctx;
use entity::{change, document, snapshot};

/// What a submission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The document itself.
    Filing,
    /// An answer to customs' demand about it.
    Explanation,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Filing => "filing",
            Self::Explanation => "explanation",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Filing, Self::Explanation].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// The row of a document of the actor's cabinet; what is not his does not exist for him.
pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    participant: Uuid,
    id: Uuid,
) -> Result<document::Model, DocumentError> {
    document::Entity::find_by_id(id)
        .filter(document::Column::ParticipantId.eq(participant))
        .filter(document::Column::DeletedAt.is_null())
        .one(db)
        .await?
        .ok_or(DocumentError::NotFound)
}

/// The same, held against other writers until the transaction ends.
pub(crate) async fn find_locked<C: ConnectionTrait>(
    db: &C,
    participant: Uuid,
    id: Uuid,
) -> Result<document::Model, DocumentError> {
    document::Entity::find_by_id(id)
        .filter(document::Column::ParticipantId.eq(participant))
        .filter(document::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(db)
        .await?
        .ok_or(DocumentError::NotFound)
}

/// The draft at the row's version: from this process's cache, or from the snapshot and the log.
pub(crate) async fn load_draft<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
) -> Result<Draft, DocumentError> {
    if let Some(draft) = ctx.backend.drafts.get(row.id, row.version) {
        return Ok(draft);
    }
    let kept = snapshot::Entity::find_by_id(row.id).one(db).await?;
    let kept = kept.ok_or_else(|| DocumentError::Corrupt(format!("{} has no snapshot", row.id)))?;
    let mut draft: Draft = serde_json::from_str(&kept.draft)
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    for entry in log_after(db, row.id, row.snapshot_version).await? {
        let change = serde_json::from_str(&entry.body)
            .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
        draft.apply(&change);
    }
    ctx.backend.drafts.put(row.id, row.version, draft.clone());
    Ok(draft)
}

/// The description of the document's kind, in its own edition.
pub(crate) fn schema(ctx: &Ctx, row: &document::Model) -> Result<Arc<Schema>, DocumentError> {
    ctx.backend
        .registry
        .get(&row.kind, Some(&row.edition))
        .ok_or_else(|| DocumentError::UnknownKind(row.kind.clone()))
}

/// A change in the log.
#[derive(FromQueryResult)]
struct Entry {
    replica: String,
    counter: i64,
    author_id: Uuid,
    at: DateTime<Utc>,
    /// `edoc::patch::Change` as JSON.
    body: String,
}

impl Entry {
    fn logged(&self) -> authors::Logged {
        authors::Logged {
            replica: self.replica.clone(),
            counter: self.counter,
            author_id: self.author_id,
            at: self.at,
        }
    }
}

/// The log after a version, oldest first.
async fn log_after<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
    version: i64,
) -> Result<Vec<Entry>, DbErr> {
    use change::Column as C;
    change::Entity::find()
        .select_only()
        .columns([C::Replica, C::Counter, C::AuthorId, C::At, C::Body])
        .filter(C::DocumentId.eq(id))
        .filter(C::Version.gt(version))
        .order_by_asc(C::Version)
        .into_model::<Entry>()
        .all(db)
        .await
}

pub(crate) fn state(row: &document::Model) -> Result<DocumentState, DocumentError> {
    row.state.parse().map_err(|_| DocumentError::Corrupt(format!("state `{}`", row.state)))
}

/// What a document is called, when there is one.
pub(crate) async fn title_of<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<Title>, DbErr> {
    let row = document::Entity::find_by_id(id).one(db).await?;
    Ok(row.as_ref().map(title))
}

/// What the document is called. The column holds the title in both languages.
pub(crate) fn title(row: &document::Model) -> Title {
    let kept = serde_json::from_str(&row.title);
    kept.unwrap_or_else(|_| Title { ru: row.title.clone(), en: row.title.clone() })
}

pub(crate) fn demand(row: &document::Model, today: NaiveDate) -> Option<Demand> {
    let since = row.demand_since?;
    Some(Demand {
        text: row.demand_text.clone().unwrap_or_default(),
        since,
        until: row.demand_until,
        days_left: row.demand_until.map(|until| (until - today).num_days()),
        answered: row.demand_answered_at,
    })
}

pub(crate) fn head(ctx: &Ctx, row: &document::Model) -> Result<Head, DocumentError> {
    Ok(Head {
        id: row.id,
        kind: row.kind.clone(),
        title: title(row).get(ctx.lang()).to_owned(),
        state: state(row)?,
        version: row.version,
        number: row.number.clone(),
        created: row.created_at,
        updated: row.updated_at,
        filed: row.filed_at,
        due: row.due,
        late: row.late,
        demand: demand(row, moscow_date(ctx.now())),
        replaces: row.replaces.clone(),
        replaced_by: row.replaced_by,
        expires: row.expires_on,
    })
}
