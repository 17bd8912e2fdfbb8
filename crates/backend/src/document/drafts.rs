//! Making, opening and changing drafts.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    state::{DocumentState, Event as StateEvent},
    view::{
        document::{Action, Batch, BatchReply, CheckpointReason, Head, Opened},
        notice::Push,
        session::Role,
    },
};
use edoc::{
    draft::{Applied, Draft},
    patch::Change,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    DocumentError, Entry,
    authors::{authors, known},
    entity::{change, document, snapshot},
    find, find_locked, head, history, load_draft, log_after, schema, state,
};
use crate::{bus::Audience, ctx::Ctx, journal, signature::mobile, statform, storage};

/// Most changes in one batch: a table of 999 lines pasted at once, with room to spare.
const MOST_CHANGES: usize = 40_000;

/// Changes after which the snapshot is renewed.
const SNAPSHOT_EVERY: i64 = 200;

/// How a document came to be.
#[derive(Clone, Debug)]
pub enum Origin {
    Empty,
    /// Title of the document that it is a copy of.
    Copy(String),
    /// Name of the uploaded file.
    Upload(String),
}

/// Begins a document of the given kind with the given content.
pub async fn create(ctx: &Ctx, draft: Draft, origin: Origin) -> Result<Head, DocumentError> {
    let role = ctx.editor()?;
    let session = ctx.person()?;
    let now = ctx.now();
    let kind = draft.kind().clone();
    if kind.mode_id != statform::KIND {
        return Err(DocumentError::UnknownKind(kind.mode_id));
    }
    let id = ctx.uuid();
    let snapshot = encode(&draft)?;
    let mut row = document::Model {
        id,
        participant_id: role.participant,
        author_id: session.person,
        kind: kind.mode_id.clone(),
        edition: kind.edition.clone(),
        title: String::new(),
        state: DocumentState::Draft.to_string(),
        version: 0,
        snapshot_version: 0,
        number: None,
        period: None,
        direction: None,
        partner: None,
        amount: None,
        currency: None,
        search_text: String::new(),
        due: None,
        filed_at: None,
        late: false,
        demand_text: None,
        demand_since: None,
        demand_until: None,
        demand_answered_at: None,
        replaces: None,
        replaced_by: None,
        checkpoint_at: None,
        checkpoint_version: 0,
        created_at: now,
        updated_at: now,
        expires_on: None,
        expiry_announced: false,
        deleted_at: None,
    };
    let txn = storage::begin(ctx.db()).await?;
    summarise(ctx, &txn, &mut row, &draft).await?;
    document::Entity::insert(row.clone().into_active_model()).exec_without_returning(&txn).await?;
    snapshot_put(&txn, id, &snapshot).await?;
    let (action, detail, reason) = match origin {
        Origin::Empty => (Action::Created, None, CheckpointReason::Created),
        Origin::Copy(title) => (Action::Copied, Some(title), CheckpointReason::Created),
        Origin::Upload(name) => (Action::Uploaded, Some(name), CheckpointReason::Uploaded),
    };
    let author = session.person;
    history::checkpoint_insert(ctx, &txn, id, 0, author, reason, snapshot, 0).await?;
    journal::record(ctx, &txn, role.participant, id, action, detail).await?;
    txn.commit().await?;
    head(ctx, &row)
}

/// What an editor or a reader needs to show the document.
pub async fn open(ctx: &Ctx, id: Uuid) -> Result<Opened, DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    let draft = load_draft(ctx, ctx.db(), &row).await?;
    let open = state(&row)? == DocumentState::Draft;
    Ok(Opened {
        head: head(ctx, &row)?,
        draft: encode(&draft)?,
        can_edit: open && may_edit(role),
        can_sign: may_sign(role),
        authors: authors(ctx, ctx.db(), id, &draft, []).await?,
    })
}

fn may_edit(role: &Role) -> bool {
    role.rights.edit || role.rights.chief
}

fn may_sign(role: &Role) -> bool {
    role.rights.sign || role.rights.chief
}

/// Merges changes of one author into the draft and returns what others changed meanwhile.
///
/// A batch that was already taken changes nothing. Changes that come after the document was signed
/// are kept in the history as a version of their own.
pub async fn patch(ctx: &Ctx, batch: Batch) -> Result<BatchReply, DocumentError> {
    let role = ctx.editor()?;
    let session = ctx.person()?;
    if batch.changes.len() > MOST_CHANGES {
        return Err(DocumentError::TooLarge);
    }
    let changes = batch
        .changes
        .iter()
        .enumerate()
        .map(|(index, body)| {
            serde_json::from_str::<Change>(body)
                .map_err(|error| DocumentError::Change { index, cause: error.to_string() })
        })
        .collect::<Result<Vec<_>, _>>()?;

    let now = ctx.now();
    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, batch.document).await?;
    let current = state(&row)?;
    let schema = schema(ctx, &row)?;
    for (index, change) in changes.iter().enumerate() {
        change
            .check(&schema)
            .map_err(|error| DocumentError::Change { index, cause: error.to_string() })?;
    }
    let mut draft = load_draft(ctx, &txn, &row).await?;
    let others = if row.version > batch.since {
        log_after(&txn, row.id, batch.since).await?
    } else {
        Vec::new()
    };

    let before = row.version;
    // The draft alone cannot tell: it forgets changes that others have replaced.
    let mut known = known(&txn, row.id, &changes).await?;
    let mut accepted = Vec::new();
    for (change, body) in changes.iter().zip(&batch.changes) {
        if known.insert(change.stamp) && draft.apply(change) != Applied::Duplicate {
            accepted.push((change, body.clone()));
        }
    }
    let told = |others: &[Entry]| others.iter().map(Entry::logged).collect::<Vec<_>>();

    if current != DocumentState::Draft {
        if !accepted.is_empty() {
            history::checkpoint_late(ctx, &txn, &row, session.person, &draft).await?;
        }
        let authors = authors(ctx, &txn, row.id, &draft, told(&others)).await?;
        txn.commit().await?;
        return Ok(BatchReply {
            version: before,
            changes: others.into_iter().map(|entry| entry.body).collect(),
            authors,
            closed: Some(current),
            checkpoint: row.checkpoint_at,
        });
    }

    if !accepted.is_empty() {
        append(ctx, &txn, &mut row, session.person, accepted.iter().cloned()).await?;
        summarise(ctx, &txn, &mut row, &draft).await?;
        row.updated_at = now;
    }
    if row.version > row.checkpoint_version && (batch.pause || is_due(ctx, &row, now)) {
        let reason = if batch.pause { CheckpointReason::Pause } else { CheckpointReason::Interval };
        history::checkpoint_make(ctx, &txn, &mut row, &draft, session.person, reason).await?;
    } else if row.version - row.snapshot_version >= SNAPSHOT_EVERY {
        snapshot_put(&txn, row.id, &encode(&draft)?).await?;
        row.snapshot_version = row.version;
    }
    if !accepted.is_empty() || batch.pause {
        update(&txn, &row).await?;
    }
    let authors = authors(ctx, &txn, row.id, &draft, told(&others)).await?;
    txn.commit().await?;

    let reply = BatchReply {
        version: row.version,
        changes: others.into_iter().map(|entry| entry.body).collect(),
        authors,
        closed: None,
        checkpoint: row.checkpoint_at,
    };
    ctx.backend.drafts.put(row.id, row.version, draft);
    if row.version > before {
        announce(ctx, &row).await;
    }
    Ok(reply)
}

/// Adds changes to the log; the row's version grows by one with each.
pub(super) async fn append<'a, C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    author: Uuid,
    changes: impl Iterator<Item = (&'a Change, String)>,
) -> Result<(), DocumentError> {
    let at = ctx.now();
    let rows: Vec<_> = changes
        .map(|(change, body)| {
            row.version += 1;
            change::ActiveModel {
                document_id: Set(row.id),
                version: Set(row.version),
                replica: Set(change.stamp.replica.to_string()),
                counter: Set(i64::try_from(change.stamp.counter).unwrap_or(i64::MAX)),
                author_id: Set(author),
                at: Set(at),
                body: Set(body),
            }
        })
        .collect();
    // SQLite takes at most 32 766 values in one statement.
    for chunk in rows.chunks(2000) {
        change::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Adds changes that the cabinet itself made.
pub(super) async fn append_own<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    author: Uuid,
    changes: &[Change],
) -> Result<(), DocumentError> {
    let bodies = changes
        .iter()
        .map(|change| Ok((change, serde_json::to_string(change)?)))
        .collect::<Result<Vec<_>, serde_json::Error>>()
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    append(ctx, db, row, author, bodies.into_iter()).await
}

fn is_due(ctx: &Ctx, row: &document::Model, now: DateTime<Utc>) -> bool {
    let since = row.checkpoint_at.unwrap_or(row.created_at);
    TimeDelta::from_std(ctx.settings().checkpoint_every).is_ok_and(|every| now - since >= every)
}

/// What others changed since a version.
pub async fn since(ctx: &Ctx, id: Uuid, version: i64) -> Result<BatchReply, DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    let current = state(&row)?;
    let changes = log_after(ctx.db(), id, version).await?;
    let authors = if changes.is_empty() {
        Vec::new()
    } else {
        let draft = load_draft(ctx, ctx.db(), &row).await?;
        authors(ctx, ctx.db(), id, &draft, changes.iter().map(Entry::logged)).await?
    };
    Ok(BatchReply {
        version: row.version,
        changes: changes.into_iter().map(|entry| entry.body).collect(),
        authors,
        closed: (current != DocumentState::Draft).then_some(current),
        checkpoint: row.checkpoint_at,
    })
}

/// Takes a refused document back for correction.
pub async fn reopen(ctx: &Ctx, id: Uuid) -> Result<Head, DocumentError> {
    let role = ctx.editor()?;
    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, id).await?;
    let current = state(&row)?;
    let next = current.on(StateEvent::Reopen).map_err(|_| DocumentError::State(current))?;
    row.state = next.to_string();
    row.filed_at = None;
    row.late = false;
    row.updated_at = ctx.now();
    row.expires_on = expiry(ctx);
    row.expiry_announced = false;
    update(&txn, &row).await?;
    journal::record(ctx, &txn, role.participant, id, Action::Reopened, None).await?;
    txn.commit().await?;
    announce(ctx, &row).await;
    head(ctx, &row)
}

/// Deletes a draft. A document that was sent is never deleted.
pub async fn delete(ctx: &Ctx, id: Uuid) -> Result<(), DocumentError> {
    let role = ctx.editor()?;
    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, id).await?;
    let current = state(&row)?;
    if current != DocumentState::Draft {
        return Err(DocumentError::State(current));
    }
    row.deleted_at = Some(ctx.now());
    update(&txn, &row).await?;
    mobile::forget(ctx, &txn, id).await?;
    journal::record(ctx, &txn, role.participant, id, Action::Deleted, None).await?;
    txn.commit().await?;
    Ok(())
}

/// Writes the whole row. It must have been read in the same transaction and be locked.
pub(super) async fn update<C: ConnectionTrait>(
    db: &C,
    row: &document::Model,
) -> Result<(), DocumentError> {
    document::Entity::update(row.clone().into_active_model().reset_all()).exec(db).await?;
    Ok(())
}

/// Keeps the draft as it is at `document.snapshot_version`.
pub(super) async fn snapshot_put<C: ConnectionTrait>(
    db: &C,
    document: Uuid,
    draft: &str,
) -> Result<(), DocumentError> {
    snapshot::Entity::insert(snapshot::ActiveModel {
        document_id: Set(document),
        draft: Set(draft.to_owned()),
    })
    .on_conflict(
        OnConflict::column(snapshot::Column::DocumentId)
            .update_column(snapshot::Column::Draft)
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

pub(super) fn encode(draft: &Draft) -> Result<String, DocumentError> {
    serde_json::to_string(draft).map_err(|error| DocumentError::Corrupt(error.to_string()))
}

/// Renews what lists show of the draft, and when it expires.
pub(super) async fn summarise<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    draft: &Draft,
) -> Result<(), DocumentError> {
    statform::summarise(db, row, draft).await?;
    row.expires_on = expiry(ctx);
    row.expiry_announced = false;
    Ok(())
}

/// When a draft touched now is deleted.
fn expiry(ctx: &Ctx) -> Option<NaiveDate> {
    ctx.today().checked_add_days(Days::new(ctx.settings().draft_keep_days.into()))
}

pub(super) async fn announce(ctx: &Ctx, row: &document::Model) {
    let push = Push::Document { id: row.id, version: row.version };
    ctx.backend.bus.publish(ctx.db(), Audience::Participant(row.participant_id), push).await;
}
