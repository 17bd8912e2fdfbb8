//! What waits for the reader.

use chrono::TimeDelta;
use domain::{
    date::moscow_date,
    state::DocumentState,
    view::notice::{Todo, TodoKind},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::NullOrdering,
};
use uuid::Uuid;

use super::{NoticeError, reminder::expiring};
use crate::{
    ctx::Ctx,
    document::{self, entity::document as documents},
    profile::entity::certificate as certificates,
};

/// How long before its end a certificate is among the things to do.
const MONTH: TimeDelta = TimeDelta::days(30);

/// Drafts that are shown; those due first.
const DRAFTS: u64 = 50;

/// What waits for the reader, nearest deadline first: everything that customs waits for, then
/// drafts.
pub async fn todos(ctx: &Ctx) -> Result<Vec<Todo>, NoticeError> {
    let role = ctx.role()?;
    let demanded = demanded(of(role.participant)).all(ctx.db()).await?;
    let drafts = of(role.participant)
        .filter(documents::Column::State.eq(DocumentState::Draft.to_string()))
        .order_by_with_nulls(documents::Column::Due, Order::Asc, NullOrdering::Last)
        .order_by_desc(documents::Column::UpdatedAt)
        .limit(DRAFTS)
        .all(ctx.db())
        .await?;
    let today = ctx.today();
    let mut todos: Vec<_> = demanded
        .iter()
        .chain(&drafts)
        .filter_map(|row| {
            let (kind, due) = waiting(row)?;
            Some(Todo {
                kind,
                title: document::title(row).get(ctx.lang()).to_owned(),
                due,
                days_left: due.map(|due| (due - today).num_days()),
                link: format!("/statforms/{}", row.id),
            })
        })
        .collect();
    todos.extend(renewals(ctx, role.participant).await?);
    todos.sort_by_key(|todo| (todo.due.is_none(), todo.due));
    Ok(todos)
}

/// The reader's certificates for this cabinet that run out within a month.
async fn renewals(ctx: &Ctx, participant: Uuid) -> Result<Vec<Todo>, NoticeError> {
    use certificates::Column as C;
    let person = ctx.person()?.person;
    let own = C::PersonId
        .eq(person)
        .and(C::ParticipantId.eq(participant))
        .and(C::ValidTo.lte(ctx.now() + MONTH));
    let rows = expiring(ctx, own).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let due = moscow_date(row.valid_to);
            Todo {
                kind: TodoKind::RenewCertificate,
                title: row.subject,
                due: Some(due),
                days_left: Some((due - ctx.today()).num_days()),
                link: "/profile".to_owned(),
            }
        })
        .collect())
}

fn of(participant: Uuid) -> Select<documents::Entity> {
    documents::Entity::find()
        .filter(documents::Column::ParticipantId.eq(participant))
        .filter(documents::Column::DeletedAt.is_null())
}

/// Refused documents, and demands that are not answered.
fn demanded(select: Select<documents::Entity>) -> Select<documents::Entity> {
    let refused = documents::Column::State.eq(DocumentState::Refused.to_string());
    select.filter(Condition::any().add(refused).add(unanswered()))
}

/// A demand of customs that is not answered.
pub(super) fn unanswered() -> Condition {
    Condition::all()
        .add(documents::Column::DemandSince.is_not_null())
        .add(documents::Column::DemandAnsweredAt.is_null())
}

/// What a document waits for, and by when; nothing when it waits for nobody here.
pub(super) fn waiting(row: &documents::Model) -> Option<(TodoKind, Option<chrono::NaiveDate>)> {
    let is_demand = row.demand_since.is_some() && row.demand_answered_at.is_none();
    match document::state(row).ok()? {
        DocumentState::Draft => Some((TodoKind::FinishDraft, row.due)),
        DocumentState::Refused => Some((TodoKind::MendRefused, row.due)),
        DocumentState::UnderControl if is_demand => Some((TodoKind::CorrectForm, row.demand_until)),
        _ if is_demand => Some((TodoKind::GiveExplanations, row.demand_until)),
        _ => None,
    }
}
