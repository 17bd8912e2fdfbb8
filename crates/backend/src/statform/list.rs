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
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::NullOrdering,
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
/// A search that finds at most so many forms reads the index once and then only these.
const FEW: usize = 500;
/// The number of a page comes from an address; databases count rows with 64 bits and a sign.
const MOST_PAGES: u64 = 1 << 32;

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
    let page = query.page.clamp(1, MOST_PAGES);
    let filtered = filtered(role.participant, &query);
    let (filtered, total) = match few(ctx, &filtered, &query).await? {
        Some(ids) => (chosen(&ids), ids.len() as u64),
        None => {
            let total: Option<i64> = counted(filtered.clone()).into_tuple().one(ctx.db()).await?;
            (filtered, total.and_then(|total| u64::try_from(total).ok()).unwrap_or_default())
        }
    };
    let offset = (page - 1) * size;
    let rows = if offset < total {
        columns(sorted(filtered, &query))
            .offset(offset)
            .limit(size)
            .into_model::<Listed>()
            .all(ctx.db())
            .await?
    } else {
        Vec::new()
    };
    let rows = rows.into_iter().map(|row| view(ctx, row)).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page, size })
}

/// What a search finds, when that is little: words can be anywhere in a text, so finding them
/// takes the whole index, and that is to happen once.
async fn few(
    ctx: &Ctx,
    filtered: &Select<document::Entity>,
    query: &Query,
) -> Result<Option<Vec<Uuid>>, DocumentError> {
    if query.search.trim().is_empty() {
        return Ok(None);
    }
    let found: Vec<Uuid> = ids(filtered.clone()).into_tuple().all(ctx.db()).await?;
    Ok((found.len() <= FEW).then_some(found))
}

/// The ids of what fits, one more than few at most.
fn ids(select: Select<document::Entity>) -> Select<document::Entity> {
    select.select_only().column(document::Column::Id).limit(FEW as u64 + 1)
}

fn chosen(ids: &[Uuid]) -> Select<document::Entity> {
    document::Entity::find().filter(document::Column::Id.is_in(ids.iter().copied()))
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

/// How many rows fit. Only what is filtered by is read, which an index can give.
fn counted(select: Select<document::Entity>) -> Select<document::Entity> {
    select.select_only().column_as(document::Column::Id.count(), "total")
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

#[cfg(test)]
mod tests {
    use domain::view::session::Rights;
    use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};

    use super::*;
    use crate::storage::testing::{TestClock, backend, databases, many_forms, somebody};

    /// How SQLite goes about it.
    async fn plan(ctx: &Ctx, select: Select<document::Entity>) -> String {
        let Statement { sql, values, .. } = select.build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let values = values.into_iter().flatten();
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let steps = ctx.db().query_all_raw(explain).await.unwrap();
        let steps: Vec<String> =
            steps.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
        steps.join("; ")
    }

    #[tokio::test]
    async fn a_list_is_read_along_an_index() {
        let test = databases().await.remove(0);
        let clock = TestClock::at("2026-11-20T09:00:00Z".parse().unwrap());
        let backend = backend(test.db.clone(), clock);
        let ctx = somebody(&backend, 1, Rights::default()).await;
        let participant = ctx.role().unwrap().participant;
        many_forms(&ctx, 1000).await;
        let page = |query: &Query| columns(sorted(filtered(participant, query), query)).limit(20);

        let newest = Query::default();
        let steps = plan(&ctx, page(&newest)).await;
        assert!(steps.contains("USING INDEX ix_document_list"), "{steps}");
        assert!(!steps.contains("TEMP B-TREE"), "in the order of the index: {steps}");
        for query in [
            newest,
            Query { states: vec![DocumentState::Registered], ..Query::default() },
            Query { direction: Some("ЭК".to_owned()), ..Query::default() },
            Query { period_from: Some("2026-01".to_owned()), ..Query::default() },
            Query { search: "насос".to_owned(), ..Query::default() },
        ] {
            let steps = plan(&ctx, counted(filtered(participant, &query))).await;
            assert!(steps.contains("COVERING INDEX"), "{query:?}: {steps}");
            let steps = plan(&ctx, page(&query)).await;
            assert!(!steps.contains("SCAN"), "{query:?}: {steps}");
        }
        let search = Query { search: "С000999".to_owned(), ..Query::default() };
        let steps = plan(&ctx, ids(filtered(participant, &search))).await;
        assert!(steps.contains("COVERING INDEX"), "{steps}");
        let steps = plan(&ctx, columns(sorted(chosen(&[participant]), &search)).limit(20)).await;
        assert!(!steps.contains("SCAN"), "{steps}");
        // Whether a demand was answered stands in the row itself.
        let waiting = Query { attention: true, ..Query::default() };
        let steps = plan(&ctx, counted(filtered(participant, &waiting))).await;
        assert!(!steps.contains("SCAN"), "{steps}");
        let sorts =
            [Sort::Number, Sort::Period, Sort::Partner, Sort::Amount, Sort::State, Sort::Due];
        for sort in sorts {
            let steps = plan(&ctx, page(&Query { sort, ..Query::default() })).await;
            assert!(!steps.contains("SCAN"), "{sort:?}: {steps}");
        }
    }

    #[tokio::test]
    async fn the_total_is_of_all_pages_and_of_this_cabinet_only() {
        for test in databases().await {
            let clock = TestClock::at("2026-11-20T09:00:00Z".parse().unwrap());
            let backend = backend(test.db.clone(), clock);
            let ctx = somebody(&backend, 1, Rights::default()).await;
            let other = somebody(&backend, 2, Rights::default()).await;
            many_forms(&ctx, 45).await;
            many_forms(&other, 3).await;
            let third = list(&ctx, Query { page: 3, ..Query::default() }).await.unwrap();
            assert_eq!((third.total, third.rows.len()), (45, 5), "{}", test.name);
            let registered = Query { states: vec![DocumentState::Registered], ..Query::default() };
            let registered = list(&ctx, registered).await.unwrap();
            assert!(registered.rows.iter().all(|row| row.state == DocumentState::Registered));
            assert!((1..45).contains(&registered.total), "{}", registered.total);
            let word = |search: &str, page| Query {
                search: search.to_owned(),
                sort: Sort::Number,
                page,
                size: 5,
                ..Query::default()
            };
            let first = list(&ctx, word("насосы", 1)).await.unwrap();
            assert!(first.total > 5, "{}", first.total);
            let mut rows = first.rows;
            for page in 2..=first.total.div_ceil(5) {
                rows.extend(list(&ctx, word("насосы", page)).await.unwrap().rows);
            }
            assert_eq!(rows.len() as u64, first.total);
            assert!(rows.is_sorted_by_key(|row| &row.number), "{}", test.name);
            assert_eq!(list(&ctx, word("самолёт", 1)).await.unwrap().total, 0, "{}", test.name);
            let far = list(&ctx, Query { page: u64::MAX, ..Query::default() }).await;
            assert!(far.unwrap().rows.is_empty(), "{}", test.name);
        }
    }
}
