//! What the rules ask of the world, loaded for one form, and the remarks that come of it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{Days, NaiveDate};
use domain::{
    calendar::Calendar,
    deadline::{YearMonth, correction_due_in},
    state::DocumentState,
};
use edoc::{
    remark::Remark,
    schema::Schema,
    statform::{self, Lookup, Reference, Tnved, Unit},
    tree::Tree,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    ctx::Ctx,
    document::{
        self, DocumentError,
        entity::{document as documents, inbox, outbox},
    },
    gateway::customs,
    tariff::{
        self, TariffError,
        entity::{commodity, exchange_rate, refdata},
    },
};

/// How far back a rate may have been set: the longest pause between two settings, with room.
const RATE_LOOK_BACK: Days = Days::new(40);

/// Reference data for one form.
struct Loaded {
    today: NaiveDate,
    calendar: Calendar,
    countries: HashMap<String, String>,
    currencies: BTreeSet<String>,
    transport: HashMap<String, String>,
    /// Every row of the codes used, whenever it was in force.
    codes: HashMap<String, Vec<Validity>>,
    units: HashMap<String, Unit>,
    /// A built-in sample cannot tell that a code does not exist.
    codes_complete: bool,
    /// Newest first.
    rates: HashMap<String, Vec<(NaiveDate, Decimal)>>,
    /// Unknown for a file that belongs to no cabinet.
    registered: Option<BTreeSet<String>>,
}

struct Validity {
    from: NaiveDate,
    to: Option<NaiveDate>,
}

impl Loaded {
    async fn of<C: ConnectionTrait>(
        db: &C,
        today: NaiveDate,
        participant: Option<Uuid>,
        tree: &Tree,
    ) -> Result<Self, DocumentError> {
        let used: BTreeSet<String> = tree
            .root
            .list("GoodsInfo")
            .filter_map(|line| line.child("GoodsTNVEDCode")?.text().map(str::to_owned))
            .collect();
        let mut codes: HashMap<String, Vec<Validity>> = HashMap::new();
        let rows = commodity::Entity::find()
            .filter(commodity::Column::Code.is_in(&used))
            .all(db)
            .await
            .map_err(TariffError::from)?;
        for row in rows {
            let validity = Validity { from: row.valid_from, to: row.valid_to };
            codes.entry(row.code).or_default().push(validity);
        }
        let wanted: Vec<String> = used.into_iter().collect();
        let units = tariff::search::units_of(db, &wanted)
            .await?
            .into_iter()
            .map(|(code, unit)| (code, Unit { code: unit.code, name: unit.symbol }))
            .collect();
        let loaded = refdata::Entity::find_by_id(tariff::Kind::Tnved.as_str()).one(db).await?;
        let countries = tariff::countries(db).await?;
        Ok(Self {
            today,
            calendar: tariff::calendar(db).await?,
            countries: countries.into_iter().map(|row| (row.code, row.name)).collect(),
            currencies: tariff::currencies().into_iter().map(|term| term.code).collect(),
            transport: tariff::transport_modes()
                .into_iter()
                .map(|term| (term.code, term.name))
                .collect(),
            codes,
            units,
            codes_complete: loaded.is_some_and(|row| !row.builtin),
            rates: rates(db, tree, today).await?,
            registered: match participant {
                Some(participant) => Some(registered(db, participant, tree).await?),
                None => None,
            },
        })
    }
}

/// Rates of the form's currencies around its month.
async fn rates<C: ConnectionTrait>(
    db: &C,
    tree: &Tree,
    today: NaiveDate,
) -> Result<HashMap<String, Vec<(NaiveDate, Decimal)>>, DocumentError> {
    use exchange_rate::Column;
    let summary = statform::summary(tree);
    let period = summary.period.and_then(|period| period.parse::<YearMonth>().ok());
    let period = period.unwrap_or_else(|| YearMonth::of(today));
    let from = period.first_day().checked_sub_days(RATE_LOOK_BACK).unwrap_or(today);
    let currencies = summary.currency.into_iter().chain(["USD".to_owned()]);
    let rows = exchange_rate::Entity::find()
        .filter(Column::Currency.is_in(currencies))
        .filter(Column::Date.gte(from))
        .order_by_desc(Column::Date)
        .all(db)
        .await?;
    let mut rates: HashMap<String, Vec<(NaiveDate, Decimal)>> = HashMap::new();
    for row in rows {
        let rate = row.rate.parse::<Decimal>().ok();
        let one = rate.and_then(|rate| rate.checked_div(Decimal::from(row.nominal)));
        if let Some(one) = one {
            rates.entry(row.currency).or_default().push((row.date, one));
        }
    }
    Ok(rates)
}

async fn registered<C: ConnectionTrait>(
    db: &C,
    participant: Uuid,
    tree: &Tree,
) -> Result<BTreeSet<String>, DocumentError> {
    let Some(number) = statform::summary(tree).previous else { return Ok(BTreeSet::new()) };
    let found = documents::Entity::find()
        .filter(documents::Column::ParticipantId.eq(participant))
        .filter(documents::Column::Kind.eq(super::KIND))
        .filter(documents::Column::Number.eq(&number))
        .one(db)
        .await?;
    let is_registered = match found {
        Some(row) => document::state(&row)?.is_registered(),
        None => false,
    };
    Ok(is_registered.then_some(number).into_iter().collect())
}

impl Reference for Loaded {
    fn today(&self) -> NaiveDate {
        self.today
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn country(&self, code: &str) -> Lookup<String> {
        self.countries.get(code).map_or(Lookup::Unknown, |name| Lookup::Known(name.clone()))
    }

    fn currency(&self, code: &str) -> Lookup<()> {
        if self.currencies.contains(code) { Lookup::Known(()) } else { Lookup::Unknown }
    }

    fn transport(&self, code: &str) -> Lookup<String> {
        self.transport.get(code).map_or(Lookup::Unknown, |name| Lookup::Known(name.clone()))
    }

    fn tnved(&self, code: &str, date: NaiveDate) -> Lookup<Tnved> {
        let in_force = |row: &Validity| row.from <= date && row.to.is_none_or(|to| date <= to);
        match self.codes.get(code) {
            Some(rows) if rows.iter().any(in_force) => {
                Lookup::Known(Tnved { unit: self.units.get(code).cloned() })
            }
            _ if self.codes_complete => Lookup::Unknown,
            _ => Lookup::NotLoaded,
        }
    }

    fn rate(&self, currency: &str, date: NaiveDate) -> Option<Decimal> {
        if currency == "RUB" {
            return Some(Decimal::ONE);
        }
        self.rates.get(currency)?.iter().find(|(set, _)| *set <= date).map(|(_, rate)| *rate)
    }

    fn registered(&self, number: &str) -> Lookup<()> {
        match &self.registered {
            None => Lookup::NotLoaded,
            Some(registered) if registered.contains(number) => Lookup::Known(()),
            Some(_) => Lookup::Unknown,
        }
    }
}

/// Every remark of structure and rules on a form.
pub async fn remarks_of<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    participant: Uuid,
    tree: &Tree,
    schema: &Schema,
) -> Result<Vec<Remark>, DocumentError> {
    let reference = Loaded::of(db, ctx.today(), Some(participant), tree).await?;
    Ok(statform::check_all(tree, schema, &reference))
}

/// The same for a file that belongs to no cabinet.
pub async fn remarks_of_file<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
    tree: &Tree,
    schema: &Schema,
) -> Result<Vec<Remark>, DocumentError> {
    let reference = Loaded::of(db, today, None, tree).await?;
    Ok(statform::check_all(tree, schema, &reference))
}

/// The remarks on a form of the cabinet: the server's own, and customs' when it refused the form.
pub async fn remarks(ctx: &Ctx, id: Uuid) -> Result<Vec<Remark>, DocumentError> {
    let role = ctx.role()?;
    let row = document::find(ctx.db(), role.participant, id).await?;
    let schema: Arc<Schema> = document::schema(ctx, &row)?;
    let draft = document::load_draft(ctx, ctx.db(), &row).await?;
    let mut remarks = match document::state(&row)? {
        DocumentState::Draft | DocumentState::Refused => {
            let tree = draft.tree(&schema);
            remarks_of(ctx, ctx.db(), role.participant, &tree, &schema).await?
        }
        _ => Vec::new(),
    };
    if document::state(&row)? == DocumentState::Refused {
        remarks.extend(customs_remarks(ctx, id).await?);
    }
    Ok(remarks)
}

/// What customs found wrong with a form that it refused, while the form is being corrected.
pub async fn refusal_remarks(ctx: &Ctx, id: Uuid) -> Result<Vec<Remark>, DocumentError> {
    let role = ctx.role()?;
    let row = document::find(ctx.db(), role.participant, id).await?;
    match document::state(&row)? {
        DocumentState::Draft | DocumentState::Refused => customs_remarks(ctx, id).await,
        _ => Ok(Vec::new()),
    }
}

/// What customs found wrong, from its last `ErrorList` about the document.
async fn customs_remarks(ctx: &Ctx, id: Uuid) -> Result<Vec<Remark>, DocumentError> {
    let sent: Vec<Uuid> = outbox::Entity::find()
        .filter(outbox::Column::DocumentId.eq(id))
        .all(ctx.db())
        .await?
        .into_iter()
        .map(|row| row.message_id)
        .collect();
    let answers = inbox::Entity::find()
        .filter(inbox::Column::RelatesTo.is_in(sent))
        .order_by_desc(inbox::Column::ReceivedAt)
        .all(ctx.db())
        .await?;
    Ok(answers
        .iter()
        .find_map(|row| customs::error_list(&row.body))
        .and_then(|list| edoc::remark::read_error_list(list.as_bytes()).ok())
        .map(|list| list.remarks)
        .unwrap_or_default())
}

/// By when a form put under control today is to be corrected.
pub async fn correction_due<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
) -> Result<NaiveDate, DocumentError> {
    let days = usize::try_from(ctx.settings().correction_days).unwrap_or(10);
    Ok(correction_due_in(ctx.today(), days, &tariff::calendar(db).await?))
}
