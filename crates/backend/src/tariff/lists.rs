//! Whole lists for pickers, rates by date, the calendar, and what is loaded.

use chrono::NaiveDate;
use domain::calendar::{Calendar, DayKind};
use domain::view::tariff::{Country, Rate, SourceStatus, Term, Unit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::builtin;
use super::entity::{calendar_day, country, exchange_rate, refdata, unit};
use super::error::TariffError;

/// Members of the Eurasian Economic Union.
const EAEU: [&str; 5] = ["AM", "BY", "KG", "KZ", "RU"];

/// Countries by name; those of the EAEU first.
pub async fn countries<C: ConnectionTrait>(db: &C) -> Result<Vec<Country>, TariffError> {
    let rows = country::Entity::find().all(db).await?;
    let mut countries: Vec<Country> = rows
        .into_iter()
        .map(|row| Country {
            eaeu: EAEU.contains(&row.code.as_str()),
            code: row.code,
            numeric: row.numeric,
            name: row.name,
            name_en: row.name_en,
        })
        .collect();
    countries.sort_by(|a, b| b.eaeu.cmp(&a.eaeu).then_with(|| a.name.cmp(&b.name)));
    Ok(countries)
}

/// Units by code.
pub async fn units<C: ConnectionTrait>(db: &C) -> Result<Vec<Unit>, TariffError> {
    let rows = unit::Entity::find().order_by_asc(unit::Column::Code).all(db).await?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self { code: row.code, name: row.name, symbol: row.symbol }
    }
}

/// Currencies of settlements, the rouble first.
pub fn currencies() -> Vec<Term> {
    terms(&builtin::CURRENCIES)
}

/// Modes of transport at the border (graph 9 of the statform, graph 25 of the declaration).
pub fn transport_modes() -> Vec<Term> {
    terms(&builtin::TRANSPORT_MODES)
}

/// Kinds of presented documents (graph 10 of the statform, graph 44 of the declaration).
pub fn document_kinds() -> Vec<Term> {
    terms(&builtin::DOCUMENT_KINDS)
}

fn terms(table: &[builtin::TermRow]) -> Vec<Term> {
    table
        .iter()
        .map(|&(code, name, name_en)| Term {
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: name_en.to_owned(),
        })
        .collect()
}

/// The rate of a currency in force on a day: the latest one set on it or before. The rouble is
/// always one to one.
pub async fn rate_get<C: ConnectionTrait>(
    db: &C,
    currency: &str,
    date: NaiveDate,
) -> Result<Option<Rate>, TariffError> {
    if currency == "RUB" {
        let (rate, source) = ("1".to_owned(), "рубль".to_owned());
        return Ok(Some(Rate { currency: currency.to_owned(), nominal: 1, rate, date, source }));
    }
    use exchange_rate::Column;
    let row = exchange_rate::Entity::find()
        .filter(Column::Currency.eq(currency))
        .filter(Column::Date.lte(date))
        .order_by_desc(Column::Date)
        .one(db)
        .await?;
    row.map(|row| {
        let nominal = u32::try_from(row.nominal)
            .map_err(|_| TariffError::Broken { what: "nominal", value: row.nominal.to_string() })?;
        Ok(Rate {
            currency: row.currency,
            nominal,
            rate: row.rate,
            date: row.date,
            source: row.source,
        })
    })
    .transpose()
}

/// The production calendar: imported years in place of the built-in ones.
pub async fn calendar<C: ConnectionTrait>(db: &C) -> Result<Calendar, TariffError> {
    let rows = calendar_day::Entity::find().all(db).await?;
    let days: Vec<(NaiveDate, DayKind)> = rows
        .into_iter()
        .map(|row| match day_kind(&row.kind) {
            Some(kind) => Ok((row.date, kind)),
            None => Err(TariffError::Broken { what: "day kind", value: row.kind }),
        })
        .collect::<Result<_, _>>()?;
    Ok(Calendar::builtin().replaced_by(Calendar::from_rows(days)))
}

pub(super) const fn day_kind_name(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Working => "working",
        DayKind::Off => "off",
    }
}

fn day_kind(name: &str) -> Option<DayKind> {
    [DayKind::Working, DayKind::Off].into_iter().find(|kind| day_kind_name(*kind) == name)
}

/// What is loaded of each kind, by kind.
pub async fn status<C: ConnectionTrait>(db: &C) -> Result<Vec<SourceStatus>, TariffError> {
    let rows = refdata::Entity::find().order_by_asc(refdata::Column::Kind).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| SourceStatus {
            kind: row.kind,
            rows: u64::try_from(row.rows).unwrap_or_default(),
            edition: row.edition,
            source: row.source,
            builtin: row.builtin,
            imported_at: row.imported_at,
        })
        .collect())
}
