//! «История версий»: checkpoints, differences, restoring.

use std::collections::HashMap;

use domain::{
    lang::Lang,
    state::DocumentState,
    view::document::{Action, Checkpoint, CheckpointReason, FieldDifference, Head},
};
use edoc::{draft::Draft, patch::ItemId, path::Path, schema::Schema, statform, tree::Tree};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::{
    DocumentError, drafts,
    entity::{checkpoint, document},
    find, find_locked, head, load_draft, schema, state,
};
use crate::{ctx::Ctx, journal, session, storage};

/// Keeps the draft as it is now in its history.
pub(super) async fn checkpoint_make<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    draft: &Draft,
    author: Uuid,
    reason: CheckpointReason,
) -> Result<(), DocumentError> {
    let snapshot = drafts::encode(draft)?;
    let changed = changed_since(ctx, db, row, draft).await?;
    drafts::snapshot_put(db, row.id, &snapshot).await?;
    row.snapshot_version = row.version;
    row.checkpoint_version = row.version;
    row.checkpoint_at = Some(ctx.now());
    checkpoint_insert(ctx, db, row.id, row.version, author, reason, snapshot, changed).await
}

/// Keeps changes that came after the document was signed, once however often they come.
pub(super) async fn checkpoint_late<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
    author: Uuid,
    draft: &Draft,
) -> Result<(), DocumentError> {
    let snapshot = drafts::encode(draft)?;
    let reason = CheckpointReason::Late;
    let kept = checkpoint::Entity::find()
        .filter(checkpoint::Column::DocumentId.eq(row.id))
        .filter(checkpoint::Column::Reason.eq(reason_name(reason)))
        .filter(checkpoint::Column::Draft.eq(&snapshot))
        .count(db)
        .await?;
    if kept > 0 {
        return Ok(());
    }
    let changed = changed_since(ctx, db, row, draft).await?;
    checkpoint_insert(ctx, db, row.id, row.version, author, reason, snapshot, changed).await
}

/// How many fields differ from the version before.
async fn changed_since<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
    draft: &Draft,
) -> Result<i32, DocumentError> {
    let before = checkpoint::Entity::find()
        .filter(checkpoint::Column::DocumentId.eq(row.id))
        .filter(checkpoint::Column::Reason.ne(reason_name(CheckpointReason::Late)))
        .order_by_desc(checkpoint::Column::Version)
        .order_by_desc(checkpoint::Column::At)
        .order_by_desc(checkpoint::Column::Id)
        .one(db)
        .await?;
    let Some(before) = before else { return Ok(0) };
    let schema = schema(ctx, row)?;
    let fields = edoc::diff::diff(&decode(&before)?.tree(&schema), &draft.tree(&schema), &schema);
    Ok(i32::try_from(fields.len()).unwrap_or(i32::MAX))
}

fn reason_name(reason: CheckpointReason) -> String {
    serde_json::to_string(&reason).unwrap_or_default()
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub(super) async fn checkpoint_insert<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    document: Uuid,
    version: i64,
    author: Uuid,
    reason: CheckpointReason,
    draft: String,
    changed: i32,
) -> Result<(), DocumentError> {
    checkpoint::Entity::insert(checkpoint::ActiveModel {
        id: Set(ctx.uuid()),
        document_id: Set(document),
        version: Set(version),
        author_id: Set(author),
        at: Set(ctx.now()),
        reason: Set(reason_name(reason)),
        draft: Set(draft),
        changed: Set(changed),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// The versions of a document, newest first.
pub async fn history(ctx: &Ctx, id: Uuid) -> Result<Vec<Checkpoint>, DocumentError> {
    let role = ctx.role()?;
    find(ctx.db(), role.participant, id).await?;
    let rows = checkpoint::Entity::find()
        .filter(checkpoint::Column::DocumentId.eq(id))
        .order_by_desc(checkpoint::Column::At)
        .order_by_desc(checkpoint::Column::Version)
        .order_by_desc(checkpoint::Column::Id)
        .all(ctx.db())
        .await?;
    let authors = session::names(ctx.db(), rows.iter().map(|row| row.author_id)).await?;
    Ok(rows.into_iter().filter_map(|row| view(row, &authors)).collect())
}

fn view(row: checkpoint::Model, authors: &HashMap<Uuid, String>) -> Option<Checkpoint> {
    Some(Checkpoint {
        id: row.id,
        version: row.version,
        at: row.at,
        author: authors.get(&row.author_id).cloned().unwrap_or_default(),
        reason: serde_json::from_str(&row.reason).ok()?,
        changed: u32::try_from(row.changed).unwrap_or_default(),
    })
}

async fn kept(ctx: &Ctx, document: Uuid, id: Uuid) -> Result<checkpoint::Model, DocumentError> {
    checkpoint::Entity::find_by_id(id)
        .filter(checkpoint::Column::DocumentId.eq(document))
        .one(ctx.db())
        .await?
        .ok_or(DocumentError::NotFound)
}

fn decode(row: &checkpoint::Model) -> Result<Draft, DocumentError> {
    serde_json::from_str(&row.draft).map_err(|error| DocumentError::Corrupt(error.to_string()))
}

/// What differs between a checkpoint and a later one, or the document as it is now.
pub async fn difference(
    ctx: &Ctx,
    document: Uuid,
    from: Uuid,
    to: Option<Uuid>,
) -> Result<Vec<FieldDifference>, DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, document).await?;
    let before = decode(&kept(ctx, document, from).await?)?;
    let after = match to {
        Some(to) => decode(&kept(ctx, document, to).await?)?,
        None => load_draft(ctx, ctx.db(), &row).await?,
    };
    let schema = schema(ctx, &row)?;
    let (before, after) = (before.tree(&schema), after.tree(&schema));
    let (gone, lines) = (places(&before), places(&after));
    Ok(edoc::diff::diff(&before, &after, &schema)
        .into_iter()
        .map(|difference| {
            let item = difference.path.items().next();
            let place = item.and_then(|item| lines.get(&item).or_else(|| gone.get(&item)));
            FieldDifference {
                graph: statform::graph_of(&difference.path).map(|graph| graph.number.to_owned()),
                line: place.copied(),
                label: label(&schema, &difference.path, ctx.lang()),
                path: difference.path.to_string(),
                before: difference.before,
                after: difference.after,
            }
        })
        .collect())
}

/// Places of the lines of goods, from 1.
fn places(form: &Tree) -> HashMap<ItemId, u32> {
    let lines = form.root.list("GoodsInfo").zip(1..);
    lines.filter_map(|(line, place)| Some((line.item?, place))).collect()
}

/// What a field is called, itself and not its graph.
fn label(schema: &Schema, path: &Path, lang: Lang) -> String {
    let named = schema.field(path).map(|field| field.label(lang).to_owned());
    let named = named.filter(|label| !label.is_empty());
    let own = || path.last().map(|step| step.local.to_owned());
    named.or_else(own).unwrap_or_default()
}

/// Makes the draft what it was at a checkpoint. What it was until now stays in the history, and
/// the change reaches open editors like any other.
pub async fn restore(ctx: &Ctx, document: Uuid, id: Uuid) -> Result<Head, DocumentError> {
    let role = ctx.editor()?;
    let session = ctx.person()?;
    let target = decode(&kept(ctx, document, id).await?)?;
    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, document).await?;
    let current = state(&row)?;
    if current != DocumentState::Draft {
        return Err(DocumentError::State(current));
    }
    let mut draft = load_draft(ctx, &txn, &row).await?;
    if row.version > row.checkpoint_version {
        let reason = CheckpointReason::Pause;
        checkpoint_make(ctx, &txn, &mut row, &draft, session.person, reason).await?;
    }
    let replica = ctx.replica();
    let schema = schema(ctx, &row)?;
    let changes = draft
        .restore(&replica, &target.tree(&schema), &schema)
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    drafts::append_own(ctx, &txn, &mut row, session.person, &changes).await?;
    drafts::summarise(ctx, &txn, &mut row, &draft).await?;
    row.updated_at = ctx.now();
    let reason = CheckpointReason::Restored;
    checkpoint_make(ctx, &txn, &mut row, &draft, session.person, reason).await?;
    drafts::update(&txn, &row).await?;
    journal::record(ctx, &txn, role.participant, document, Action::Restored, None).await?;
    txn.commit().await?;
    ctx.backend.drafts.put(row.id, row.version, draft);
    drafts::announce(ctx, &row).await;
    head(ctx, &row)
}
