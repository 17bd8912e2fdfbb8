//! Who made which change, so that a person who meets another's value knows whom to ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::view::document::ChangeAuthor;
use edoc::{
    draft::Draft,
    patch::{Change, ReplicaId, Stamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::change;
use crate::{ctx::Ctx, session};

/// Conditions in one query: databases bound the depth of an expression.
const CONDITIONS: usize = 100;

/// A change in the log without what it changes.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Logged {
    pub replica: String,
    pub counter: i64,
    pub author_id: Uuid,
    pub at: DateTime<Utc>,
}

/// Stamps of those changes that the log holds already.
pub(super) async fn known<C: ConnectionTrait>(
    db: &C,
    document: Uuid,
    changes: &[Change],
) -> Result<BTreeSet<Stamp>, DbErr> {
    let mut ranges: BTreeMap<ReplicaId, (u64, u64)> = BTreeMap::new();
    for Stamp { counter, replica } in changes.iter().map(|change| change.stamp) {
        let (first, last) = ranges.entry(replica).or_insert((counter, counter));
        (*first, *last) = ((*first).min(counter), (*last).max(counter));
    }
    let ranges: Vec<_> = ranges.into_iter().map(|(r, (first, last))| (r, first, last)).collect();
    let rows = logged(db, document, &ranges).await?;
    Ok(rows.iter().filter_map(stamp).collect())
}

fn stamp(row: &Logged) -> Option<Stamp> {
    Some(Stamp { counter: row.counter.try_into().ok()?, replica: row.replica.parse().ok()? })
}

/// Log rows of replicas with counters from one to another.
async fn logged<C: ConnectionTrait>(
    db: &C,
    document: Uuid,
    ranges: &[(ReplicaId, u64, u64)],
) -> Result<Vec<Logged>, DbErr> {
    use change::Column as C;
    let counter = |counter: u64| i64::try_from(counter).unwrap_or(i64::MAX);
    let mut rows = Vec::new();
    for ranges in ranges.chunks(CONDITIONS) {
        let any = ranges.iter().fold(Condition::any(), |any, (replica, first, last)| {
            let replica = C::Replica.eq(replica.to_string());
            let range = C::Counter.between(counter(*first), counter(*last));
            any.add(Condition::all().add(replica).add(range))
        });
        rows.extend(
            change::Entity::find()
                .select_only()
                .columns([C::Replica, C::Counter, C::AuthorId, C::At])
                .filter(C::DocumentId.eq(document))
                .filter(any)
                .order_by_asc(C::Replica)
                .order_by_asc(C::Counter)
                .into_model::<Logged>()
                .all(db)
                .await?,
        );
    }
    Ok(rows)
}

/// Stamps of the values that a draft's conflicts are between.
fn disputed(draft: &Draft) -> Vec<(ReplicaId, u64, u64)> {
    let mut stamps = BTreeSet::new();
    for conflict in draft.conflicts() {
        stamps.insert(conflict.lost_stamp);
        stamps.extend(conflict.others.iter().map(|(stamp, _)| *stamp));
        if conflict.removed.is_none() {
            stamps.extend(draft.stamp(&conflict.path));
        }
    }
    stamps.into_iter().map(|Stamp { counter, replica }| (replica, counter, counter)).collect()
}

/// Authors of `told` changes and of the values in conflict.
pub(super) async fn authors<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    document: Uuid,
    draft: &Draft,
    told: impl IntoIterator<Item = Logged>,
) -> Result<Vec<ChangeAuthor>, DbErr> {
    let mut rows: Vec<Logged> = told.into_iter().collect();
    rows.extend(logged(db, document, &disputed(draft)).await?);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names = session::names(db, rows.iter().map(|row| row.author_id)).await?;
    let reader = ctx.session().ok().map(|session| session.person);
    let mut runs: Vec<ChangeAuthor> = Vec::new();
    for row in &rows {
        let Some(Stamp { counter, .. }) = stamp(row) else { continue };
        let author = names.get(&row.author_id).map(String::as_str).unwrap_or_default();
        if let Some(run) = runs.last_mut()
            && (run.replica == row.replica && run.author == author && run.at == row.at)
            && counter > run.last
        {
            run.last = counter;
        } else if !runs.iter().any(|run| run.covers(&row.replica, counter)) {
            runs.push(ChangeAuthor {
                replica: row.replica.clone(),
                first: counter,
                last: counter,
                author: author.to_owned(),
                own: Some(row.author_id) == reader,
                at: row.at,
            });
        }
    }
    Ok(runs)
}
