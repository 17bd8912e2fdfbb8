//! The list of forms: filtered, sorted and cut by the database.

use domain::{
    date::moscow_date,
    deadline::YearMonth,
    state::DocumentState,
    text,
    view::{
        Page,
        statform::{Query, Row, Sort},
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::NullOrdering,
};
use uuid::Uuid;

use super::KIND;
use crate::{
    ctx::Ctx,
    document::{DocumentError, entity::document},
};

/// Rows a page when the query does not say.
const SIZE: u64 = 20;
/// Most rows a page.
const MOST: u64 = 100;

/// The columns that a list shows; drafts themselves stay where they are.
#[derive(FromQueryResult)]
pub(super) struct Listed {
    id: Uuid,
    number: Option<String>,
    period: Option<String>,
    direction: Option<String>,
    partner: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    state: String,
    due: Option<chrono::NaiveDate>,
    late: bool,
    demand_text: Option<String>,
    demand_since: Option<chrono::DateTime<chrono::Utc>>,
    demand_until: Option<chrono::NaiveDate>,
    demand_answered_at: Option<chrono::DateTime<chrono::Utc>>,
    updated_at: chrono::DateTime<chrono::Utc>,
}

/// One page of the cabinet's forms.
pub async fn list(ctx: &Ctx, query: Query) -> Result<Page<Row>, DocumentError> {
    let role = ctx.role()?;
    let size = if query.size == 0 { SIZE } else { query.size.min(MOST) };
    let page = query.page.max(1);
    let filtered = filtered(role.participant, &query);
    let total = filtered.clone().count(ctx.db()).await?;
    let rows = columns(sorted(filtered, &query))
        .offset((page - 1) * size)
        .limit(size)
        .into_model::<Listed>()
        .all(ctx.db())
        .await?;
    let rows = rows.into_iter().map(|row| view(ctx, row)).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page, size })
}

/// Every row that fits, for an export; at most `most`.
pub(super) async fn all(ctx: &Ctx, query: &Query, most: u64) -> Result<Vec<Row>, DocumentError> {
    let role = ctx.role()?;
    let rows = columns(sorted(filtered(role.participant, query), query))
        .limit(most)
        .into_model::<Listed>()
        .all(ctx.db())
        .await?;
    rows.into_iter().map(|row| view(ctx, row)).collect()
}

fn columns(select: Select<document::Entity>) -> Select<document::Entity> {
    use document::Column as C;
    select.select_only().columns([
        C::Id,
        C::Number,
        C::Period,
        C::Direction,
        C::Partner,
        C::Amount,
        C::Currency,
        C::State,
        C::Due,
        C::Late,
        C::DemandText,
        C::DemandSince,
        C::DemandUntil,
        C::DemandAnsweredAt,
        C::UpdatedAt,
    ])
}

fn filtered(participant: Uuid, query: &Query) -> Select<document::Entity> {
    use document::Column as C;
    let mut condition = Condition::all()
        .add(C::ParticipantId.eq(participant))
        .add(C::Kind.eq(KIND))
        .add(C::DeletedAt.is_null());
    if !query.states.is_empty() {
        condition =
            condition.add(C::State.is_in(query.states.iter().map(DocumentState::to_string)));
    }
    if let Some(direction) = query.direction.as_deref().filter(|d| !d.is_empty()) {
        condition = condition.add(C::Direction.eq(direction));
    }
    let month = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<YearMonth>().ok());
    if let Some(from) = month(&query.period_from) {
        condition = condition.add(C::Period.gte(from.to_string()));
    }
    if let Some(to) = month(&query.period_to) {
        condition = condition.add(C::Period.lte(to.to_string()));
    }
    if query.attention {
        let demands = [DocumentState::ExplanationsRequired, DocumentState::UnderControl];
        let unanswered = Condition::all()
            .add(C::State.is_in(demands.map(|state| state.to_string())))
            .add(C::DemandAnsweredAt.is_null());
        let refused = C::State.eq(DocumentState::Refused.to_string());
        condition = condition.add(Condition::any().add(refused).add(unanswered));
    }
    for word in query.search.split_whitespace().take(8) {
        // What is searched is kept in small letters, without quotation marks and other signs.
        let key = text::search_key(word);
        if key.is_empty() {
            continue;
        }
        let stems = key.iter().fold(Condition::all(), |stems, word| {
            stems.add(C::SearchText.contains(text::stem(word)))
        });
        condition = condition.add(Condition::any().add(stems).add(C::Number.contains(word)));
    }
    document::Entity::find().filter(condition)
}

fn sorted(select: Select<document::Entity>, query: &Query) -> Select<document::Entity> {
    use document::Column as C;
    let column = match query.sort {
        Sort::Updated => C::UpdatedAt,
        Sort::Number => C::Number,
        Sort::Period => C::Period,
        Sort::Partner => C::Partner,
        Sort::Amount => C::Amount,
        Sort::State => C::State,
        Sort::Due => C::Due,
    };
    // Without a choice the newest come first.
    let descending = query.descending || query.sort == Sort::Updated;
    // What is missing comes first upwards and last downwards: on SQLite this is so by itself, and
    // its indexes serve; PostgreSQL has to be told.
    let (order, missing) = match descending {
        true => (Order::Desc, NullOrdering::Last),
        false => (Order::Asc, NullOrdering::First),
    };
    let sorted = match query.sort {
        Sort::Updated | Sort::State => select.order_by(column, order.clone()),
        _ => select.order_by_with_nulls(column, order.clone(), missing),
    };
    sorted.order_by(C::Id, order)
}

fn view(ctx: &Ctx, row: Listed) -> Result<Row, DocumentError> {
    let today = moscow_date(ctx.now());
    let state =
        row.state.parse().map_err(|_| DocumentError::Corrupt(format!("state `{}`", row.state)))?;
    let demand = row.demand_since.map(|since| domain::view::document::Demand {
        text: row.demand_text.unwrap_or_default(),
        since,
        until: row.demand_until,
        days_left: row.demand_until.map(|until| (until - today).num_days()),
        answered: row.demand_answered_at,
    });
    Ok(Row {
        id: row.id,
        number: row.number,
        period: row.period,
        direction: row.direction,
        partner: row.partner,
        amount: row.amount.map(|amount| rust_decimal::Decimal::new(amount, 2).to_string()),
        currency: row.currency,
        state,
        due: row.due,
        late: row.late,
        demand,
        updated: row.updated_at,
    })
}
