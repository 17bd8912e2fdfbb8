//! Files into tables: all of a kind in one transaction, or nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use domain::calendar::DayKind;
use domain::text::search_key;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};

use super::builtin::EVERYDAY_WORDS;
use super::entity::{
    calendar_day, commodity, commodity_unit, commodity_word, country, duty_rate, exchange_rate,
    refdata, unit,
};
use super::error::{ImportError, TariffError};
use super::kind::Kind;
use super::parse::tnved::Level;
use super::parse::{
    Parsed, calendar, countries, duties, rates, tnved, tnved_json, tnved_units, units,
};
use super::search::SHORTEST_WORD;
use crate::storage::begin;

/// Rows of the nomenclature that ended before so many days are not kept: forms are filed for the
/// last three years.
const KEPT_DAYS: u64 = 4 * 366;
/// Rows in one statement: the widest has seven columns, and SQLite takes 32 766 values.
const CHUNK: usize = 2_000;

/// The name of a code that only the duties know.
const UNNAMED: &str = "Наименования нет в загруженном справочнике";
/// The nomenclature in its present edition holds since this day.
pub(super) const NOMENCLATURE_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2022, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// A file as it was given.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Without folders.
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub kind: Kind,
    /// Rows of this kind that are stored now.
    pub rows: u64,
    pub edition: Option<String>,
    /// Rows of the files that were not taken, and why.
    pub left_out: Vec<String>,
}

/// Rows of one kind, ready to be written.
pub(super) enum Content {
    Tnved(Vec<tnved::Row>),
    TnvedUnits(Vec<tnved_units::Row>),
    DutyRates(Vec<duties::Row>),
    Units(Vec<units::Row>),
    Countries(Vec<countries::Row>),
    ExchangeRates(Vec<rates::Row>),
    Calendar(Vec<(NaiveDate, DayKind)>),
}

/// Where rows come from.
pub(super) struct Provenance {
    pub source: String,
    pub edition: Option<String>,
    pub builtin: bool,
    pub at: DateTime<Utc>,
}

/// Reads `files` as `kind` and puts them in place of what was there. The nomenclature may come in
/// several files, each replacing its level; exchange rates and years of the calendar are added to
/// those already there. The first import of a kind takes away its built-in example.
///
/// # Errors
/// [`TariffError::Import`] names the file, the line, and what would be right; nothing is changed.
pub async fn import(
    db: &DatabaseConnection,
    kind: Kind,
    files: &[SourceFile<'_>],
    now: DateTime<Utc>,
) -> Result<Imported, TariffError> {
    let parsed = parse(kind, files)?;
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    let provenance = Provenance {
        source: names.join(", "),
        edition: parsed.edition.clone(),
        builtin: false,
        at: now,
    };
    let txn = begin(db).await?;
    let rows = write(&txn, parsed.content, &provenance).await?;
    txn.commit().await?;
    Ok(Imported { kind, rows, edition: parsed.edition, left_out: parsed.left_out })
}

struct ParsedFiles {
    content: Content,
    edition: Option<String>,
    left_out: Vec<String>,
}

fn parse(kind: Kind, files: &[SourceFile<'_>]) -> Result<ParsedFiles, ImportError> {
    match kind {
        Kind::Tnved => {
            let parsed = nomenclature(files)?;
            Ok(ready(parsed, Content::Tnved))
        }
        Kind::TnvedUnits => Ok(ready(single(files, tnved_units::parse)?, Content::TnvedUnits)),
        Kind::DutyRates => Ok(ready(single(files, duties::parse)?, Content::DutyRates)),
        Kind::Units => Ok(ready(single(files, units::parse)?, Content::Units)),
        Kind::Countries => Ok(ready(single(files, countries::parse)?, Content::Countries)),
        Kind::ExchangeRates => Ok(ready(single(files, rates::parse)?, Content::ExchangeRates)),
        Kind::Calendar => Ok(ready(single(files, calendar::parse)?, Content::Calendar)),
    }
}

fn ready<T>(parsed: Parsed<T>, content: impl FnOnce(Vec<T>) -> Content) -> ParsedFiles {
    ParsedFiles {
        content: content(parsed.rows),
        edition: parsed.edition,
        left_out: parsed.left_out,
    }
}

fn single<T>(
    files: &[SourceFile<'_>],
    parse: impl Fn(&str, &[u8]) -> Result<Parsed<T>, ImportError>,
) -> Result<Parsed<T>, ImportError> {
    match files {
        [file] => parse(file.name, file.bytes),
        [] => Err(ImportError::whole("", "файл не дан", "один файл")),
        [_, second, ..] => Err(ImportError::whole(second.name, "лишний файл", "один файл")),
    }
}

/// Puts the files of the nomenclature together: a text file gives its level, the tree in JSON
/// gives the levels that no text file gives.
fn nomenclature(files: &[SourceFile<'_>]) -> Result<Parsed<tnved::Row>, ImportError> {
    let mut levels: BTreeMap<Level, Vec<tnved::Row>> = BTreeMap::new();
    let (mut editions, mut left_out) = (Vec::new(), Vec::new());
    let mut trees = Vec::new();
    let mut note = |file: &str, edition: Option<String>, lines: Vec<String>| {
        editions.extend(edition.map(|edition| format!("{file}: {edition}")));
        left_out.extend(lines.into_iter().map(|line| format!("{file}, {line}")));
    };
    for file in files {
        let Some(level) = Level::of_file(file.name) else {
            trees.push(file);
            continue;
        };
        let parsed = tnved::parse(file.name, level, file.bytes)?;
        note(file.name, parsed.edition, parsed.left_out);
        if levels.insert(level, parsed.rows).is_some() {
            return Err(ImportError::whole(file.name, "файл дан дважды", "каждый файл один раз"));
        }
    }
    for file in trees {
        let parsed = tnved_json::parse(file.name, file.bytes)?;
        note(file.name, parsed.edition, parsed.left_out);
        let given: BTreeSet<Level> = levels.keys().copied().collect();
        for row in parsed.rows.into_iter().filter(|row| !given.contains(&row.level)) {
            levels.entry(row.level).or_default().push(row);
        }
    }
    if levels.is_empty() {
        return Err(ImportError::whole("", "файл не дан", "TNVED1.TXT–TNVED4.TXT или tnved.json"));
    }
    let edition = (!editions.is_empty()).then(|| editions.join(", "));
    Ok(Parsed { edition, rows: levels.into_values().flatten().collect(), left_out })
}

/// Writes the rows of one kind and its provenance; gives the count of rows stored of the kind.
pub(super) async fn write<C: ConnectionTrait>(
    db: &C,
    content: Content,
    from: &Provenance,
) -> Result<u64, TariffError> {
    let kind = content.kind();
    let before = refdata::Entity::find_by_id(kind.as_str()).one(db).await?;
    let afresh = before.is_none_or(|row| row.builtin);
    let rows = match content {
        Content::Tnved(rows) => write_nomenclature(db, rows, from, afresh).await?,
        Content::TnvedUnits(rows) => {
            commodity_unit::Entity::delete_many().exec(db).await?;
            let models =
                rows.into_iter().map(|r| commodity_unit::Model { code: r.code, unit: r.unit });
            insert::<commodity_unit::ActiveModel, _>(db, models).await?;
            commodity_unit::Entity::find().count(db).await?
        }
        Content::DutyRates(rows) => {
            duty_rate::Entity::delete_many().exec(db).await?;
            let models = rows.into_iter().map(|r| duty_rate::Model {
                code: r.code,
                variant: r.variant,
                rate: r.rate,
            });
            insert::<duty_rate::ActiveModel, _>(db, models).await?;
            duty_rate::Entity::find().count(db).await?
        }
        Content::Units(rows) => {
            unit::Entity::delete_many().exec(db).await?;
            let models = rows.into_iter().map(|r| unit::Model {
                code: r.code,
                name: r.name,
                symbol: r.symbol,
            });
            insert::<unit::ActiveModel, _>(db, models).await?;
            unit::Entity::find().count(db).await?
        }
        Content::Countries(rows) => {
            country::Entity::delete_many().exec(db).await?;
            let models = rows.into_iter().map(|r| country::Model {
                code: r.code,
                numeric: r.numeric,
                name: r.name,
                name_en: r.name_en,
            });
            insert::<country::ActiveModel, _>(db, models).await?;
            country::Entity::find().count(db).await?
        }
        Content::ExchangeRates(rows) => write_rates(db, rows, from, afresh).await?,
        Content::Calendar(rows) => write_calendar(db, rows).await?,
    };
    let status = refdata::ActiveModel {
        kind: Set(kind.to_string()),
        rows: Set(i64::try_from(rows).unwrap_or(i64::MAX)),
        edition: Set(from.edition.clone()),
        source: Set(from.source.clone()),
        builtin: Set(from.builtin),
        imported_at: Set(from.at),
    };
    use refdata::Column;
    let columns =
        [Column::Rows, Column::Edition, Column::Source, Column::Builtin, Column::ImportedAt];
    refdata::Entity::insert(status)
        .on_conflict(OnConflict::column(Column::Kind).update_columns(columns).to_owned())
        .exec_without_returning(db)
        .await?;
    if matches!(kind, Kind::Tnved | Kind::DutyRates) {
        name_codes_with_duty_only(db).await?;
    }
    Ok(rows)
}

impl Content {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Tnved(_) => Kind::Tnved,
            Self::TnvedUnits(_) => Kind::TnvedUnits,
            Self::DutyRates(_) => Kind::DutyRates,
            Self::Units(_) => Kind::Units,
            Self::Countries(_) => Kind::Countries,
            Self::ExchangeRates(_) => Kind::ExchangeRates,
            Self::Calendar(_) => Kind::Calendar,
        }
    }
}

async fn insert<A, M>(
    db: &impl ConnectionTrait,
    models: impl Iterator<Item = M>,
) -> Result<(), DbErr>
where
    A: sea_orm::ActiveModelTrait,
    M: sea_orm::IntoActiveModel<A>,
{
    let mut models = models.map(sea_orm::IntoActiveModel::into_active_model).peekable();
    while models.peek().is_some() {
        let chunk: Vec<A> = models.by_ref().take(CHUNK).collect();
        A::Entity::insert_many(chunk).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn write_nomenclature<C: ConnectionTrait>(
    db: &C,
    mut rows: Vec<tnved::Row>,
    from: &Provenance,
    afresh: bool,
) -> Result<u64, TariffError> {
    if afresh {
        if !rows.iter().any(|row| row.level == Level::Code) {
            let right = "вместе с файлом кодов TNVED4.TXT (или tnved.json)";
            return Err(ImportError::whole(&from.source, "нет десятизначных кодов", right).into());
        }
        commodity::Entity::delete_many().exec(db).await?;
        commodity_word::Entity::delete_many().exec(db).await?;
    }
    let oldest = from.at.date_naive() - Days::new(KEPT_DAYS);
    rows.retain(|row| row.valid_to.is_none_or(|end| end >= oldest));
    let levels: BTreeSet<i16> = rows.iter().map(|row| row.level.digits()).collect();
    if !afresh {
        let levels = levels.iter().copied();
        commodity::Entity::delete_many()
            .filter(commodity::Column::Level.is_in(levels.clone()))
            .exec(db)
            .await?;
        commodity_word::Entity::delete_many()
            .filter(commodity_word::Column::Level.is_in(levels))
            .exec(db)
            .await?;
    }
    let words = words_of(&rows).into_iter().map(|(word, code, level)| commodity_word::Model {
        word,
        code: code.to_owned(),
        level,
    });
    insert::<commodity_word::ActiveModel, _>(db, words).await?;
    let models = rows.into_iter().map(|row| commodity::ActiveModel {
        id: NotSet,
        level: Set(row.level.digits()),
        code: Set(row.code),
        section: Set(row.section),
        name: Set(row.name),
        valid_from: Set(row.valid_from),
        valid_to: Set(row.valid_to),
    });
    insert::<commodity::ActiveModel, _>(db, models).await?;
    Ok(commodity::Entity::find().count(db).await?)
}

/// The words each row is found by. A section is found by its chapters only: its name would match
/// hundreds of codes.
fn words_of(rows: &[tnved::Row]) -> BTreeSet<(String, &str, i16)> {
    let indexed = || rows.iter().filter(|row| row.level != Level::Section);
    let own = indexed().flat_map(|row| {
        let words = search_key(&row.name).into_iter();
        words.map(|word| (word, row.code.as_str(), row.level.digits()))
    });
    let everyday = EVERYDAY_WORDS.iter().flat_map(|(word, beginning)| {
        let level = if beginning.len() == 4 { Level::Heading } else { Level::Code };
        indexed()
            .filter(move |row| row.level == level && row.code.starts_with(beginning))
            .map(move |row| ((*word).to_owned(), row.code.as_str(), level.digits()))
    });
    own.filter(|(word, ..)| word.chars().count() >= SHORTEST_WORD).chain(everyday).collect()
}

/// Names the codes that have a duty and no row of their own: the published lists of names leave
/// out headings that are not divided further, and such a code must not be taken for a wrong one.
async fn name_codes_with_duty_only<C: ConnectionTrait>(db: &C) -> Result<(), TariffError> {
    use commodity::Column;
    let kinds = [Kind::Tnved, Kind::DutyRates].map(Kind::as_str);
    let sources =
        refdata::Entity::find().filter(refdata::Column::Kind.is_in(kinds)).all(db).await?;
    if sources.len() < kinds.len() || sources.iter().any(|source| source.builtin) {
        return Ok(());
    }
    commodity::Entity::delete_many().filter(Column::Name.eq(UNNAMED)).exec(db).await?;
    let named: HashSet<String> = commodity::Entity::find()
        .select_only()
        .column(Column::Code)
        .filter(Column::Level.eq(Level::Code.digits()))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let with_duty: BTreeSet<String> = duty_rate::Entity::find()
        .select_only()
        .column(duty_rate::Column::Code)
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .filter(|code| !named.contains(code))
        .collect();
    let models = with_duty.into_iter().map(|code| commodity::ActiveModel {
        id: NotSet,
        level: Set(Level::Code.digits()),
        code: Set(code),
        section: Set(None),
        name: Set(UNNAMED.to_owned()),
        valid_from: Set(NOMENCLATURE_FROM),
        valid_to: Set(None),
    });
    insert::<commodity::ActiveModel, _>(db, models).await?;
    Ok(())
}

async fn write_rates<C: ConnectionTrait>(
    db: &C,
    rows: Vec<rates::Row>,
    from: &Provenance,
    afresh: bool,
) -> Result<u64, TariffError> {
    use exchange_rate::Column;
    if afresh {
        exchange_rate::Entity::delete_many().exec(db).await?;
    }
    let conflict = OnConflict::columns([Column::Currency, Column::Date])
        .update_columns([Column::Nominal, Column::Rate, Column::Source])
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|row| exchange_rate::ActiveModel {
            currency: Set(row.currency.clone()),
            date: Set(row.date),
            nominal: Set(row.nominal),
            rate: Set(row.rate.to_string()),
            source: Set(from.source.clone()),
        });
        exchange_rate::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(exchange_rate::Entity::find().count(db).await?)
}

async fn write_calendar<C: ConnectionTrait>(
    db: &C,
    rows: Vec<(NaiveDate, DayKind)>,
) -> Result<u64, TariffError> {
    use calendar_day::Column;
    let years: BTreeSet<i32> = rows.iter().map(|(date, _)| date.year()).collect();
    for year in years {
        let bound = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        calendar_day::Entity::delete_many()
            .filter(Column::Date.gte(bound(1, 1)))
            .filter(Column::Date.lte(bound(12, 31)))
            .exec(db)
            .await?;
    }
    let models = rows.into_iter().map(|(date, kind)| calendar_day::Model {
        date,
        kind: super::lists::day_kind_name(kind).to_owned(),
    });
    insert::<calendar_day::ActiveModel, _>(db, models).await?;
    Ok(calendar_day::Entity::find().count(db).await?)
}
