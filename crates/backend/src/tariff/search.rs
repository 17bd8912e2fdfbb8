//! Commodity codes by their beginning and by words.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use domain::text::Query;
use domain::view::tariff::{Commodity, Heading, Unit};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{commodity, commodity_unit, commodity_word, duty_rate, unit};
use super::error::TariffError;
use super::parse::tnved::Level;

/// Digits of a code that can be declared.
const FULL: usize = 10;
/// The most headings whose codes are looked through, and the most codes taken from them.
const HEADINGS: usize = 40;
const BELOW: u64 = 400;
/// Shorter words begin too many others to tell anything.
pub(super) const SHORTEST_WORD: usize = 3;

/// Ten-digit codes in force on `date` that fit `query`: digits at its start are the beginning of
/// the code, the rest are words, each of which must begin a word of the code's own name or of a
/// heading or chapter above it. Those that fit best come first, equals by code.
pub async fn tnved_search<C: ConnectionTrait>(
    db: &C,
    query: &str,
    date: NaiveDate,
    limit: usize,
) -> Result<Vec<Commodity>, TariffError> {
    let query = Query::new(query);
    for reading in query.readings() {
        let is_number = |word: &&String| word.bytes().all(|b| b.is_ascii_digit());
        let prefix: String = reading.iter().take_while(is_number).map(String::as_str).collect();
        let words: Vec<&str> = reading
            .iter()
            .skip_while(is_number)
            .map(String::as_str)
            .filter(|word| word.chars().count() >= SHORTEST_WORD)
            .collect();
        let codes = match (prefix.as_str(), words.as_slice()) {
            ("", []) => continue,
            (prefix, []) => codes_below(db, [prefix], date, limit).await?,
            (prefix, words) => codes_by_words(db, prefix, words, date, limit).await?,
        };
        let found = load(db, &codes, date).await?;
        if !found.is_empty() {
            return Ok(found.into_iter().take(limit).collect());
        }
    }
    Ok(Vec::new())
}

/// A heading (4 digits) or a code (10) in force on `date`.
pub async fn tnved_get<C: ConnectionTrait>(
    db: &C,
    code: &str,
    date: NaiveDate,
) -> Result<Option<Commodity>, TariffError> {
    Ok(load(db, &[code.to_owned()], date).await?.pop())
}

fn in_force(date: NaiveDate) -> Condition {
    use commodity::Column;
    Condition::all()
        .add(Column::ValidFrom.lte(date))
        .add(Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(date)))
}

/// Ten-digit codes that begin with one of `prefixes`, in order.
async fn codes_below<'a, C: ConnectionTrait>(
    db: &C,
    prefixes: impl IntoIterator<Item = &'a str>,
    date: NaiveDate,
    limit: usize,
) -> Result<Vec<String>, DbErr> {
    use commodity::Column;
    let mut ranges = Condition::any();
    for prefix in prefixes.into_iter().filter(|prefix| prefix.len() <= FULL) {
        // Digits compare alike in every collation, so a beginning is a range.
        ranges =
            ranges.add(Column::Code.between(format!("{prefix:0<10}"), format!("{prefix:9<10}")));
    }
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    commodity::Entity::find()
        .select_only()
        .column(Column::Code)
        .distinct()
        .filter(Column::Level.eq(Level::Code.digits()))
        .filter(in_force(date))
        .filter(ranges)
        .order_by_asc(Column::Code)
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .into_tuple()
        .all(db)
        .await
}

/// Rows of the nomenclature with a word that begins with `stem`.
async fn rows_with_word<C: ConnectionTrait>(db: &C, stem: &str) -> Result<HashSet<String>, DbErr> {
    use commodity_word::Column;
    let codes: Vec<String> = commodity_word::Entity::find()
        .select_only()
        .column(Column::Code)
        .filter(Column::Word.gte(stem))
        .filter(Column::Word.lt(format!("{stem}\u{10ffff}")))
        .into_tuple()
        .all(db)
        .await?;
    Ok(codes.into_iter().collect())
}

/// How much a code, heading or chapter fits: each word counts 3 in the heading's name, 2 in the
/// own name of a code, 1 in the chapter's — what a heading is about matters more than a mention.
/// `None` when a word is in none of them.
fn fit(code: &str, found: &[HashSet<String>]) -> Option<u32> {
    found
        .iter()
        .map(|rows| {
            let weight: u32 = [(4, 3), (FULL, 2), (2, 1)]
                .into_iter()
                .filter(|(length, _)| code.get(..*length).is_some_and(|part| rows.contains(part)))
                .map(|(_, weight)| weight)
                .sum();
            Some(weight).filter(|weight| *weight > 0)
        })
        .sum()
}

async fn codes_by_words<C: ConnectionTrait>(
    db: &C,
    prefix: &str,
    words: &[&str],
    date: NaiveDate,
    limit: usize,
) -> Result<Vec<String>, DbErr> {
    let mut found = Vec::with_capacity(words.len());
    for word in words {
        let rows = rows_with_word(db, word).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        found.push(rows);
    }
    let touched: BTreeSet<&str> = found.iter().flatten().map(String::as_str).collect();
    let fitting = |length: usize| {
        let rows = touched.iter().copied().filter(move |row| row.len() == length);
        rows.filter_map(|row| Some((row, fit(row, &found)?))).collect::<Vec<_>>()
    };
    let mut ranked: BTreeMap<String, u32> =
        fitting(FULL).into_iter().map(|(code, weight)| (code.to_owned(), weight)).collect();
    let mut headings = [fitting(4), fitting(2)].concat();
    headings.sort_by_key(|(heading, weight)| (std::cmp::Reverse(*weight), *heading));
    let narrowed: Vec<String> = headings
        .iter()
        .filter(|(heading, _)| heading.starts_with(prefix) || prefix.starts_with(heading))
        .map(|(heading, _)| if prefix.len() > heading.len() { prefix } else { heading }.to_owned())
        .take(HEADINGS)
        .collect();
    let below = codes_below(
        db,
        narrowed.iter().map(String::as_str),
        date,
        limit.max(usize::try_from(BELOW).unwrap_or(usize::MAX)),
    )
    .await?;
    for code in below {
        if let Some(weight) = fit(&code, &found) {
            ranked.insert(code, weight);
        }
    }
    let mut ranked: Vec<(String, u32)> =
        ranked.into_iter().filter(|(code, _)| code.starts_with(prefix)).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    // Some of them may not be in force on the day.
    ranked.truncate(limit.saturating_mul(4));
    Ok(ranked.into_iter().map(|(code, _)| code).collect())
}

/// Rows in force with one of `codes`, by code; the newest where there are several.
async fn rows_of<C: ConnectionTrait>(
    db: &C,
    level: Level,
    codes: impl IntoIterator<Item = &str>,
    date: NaiveDate,
) -> Result<HashMap<String, commodity::Model>, DbErr> {
    use commodity::Column;
    let codes: BTreeSet<&str> = codes.into_iter().collect();
    let rows = commodity::Entity::find()
        .filter(Column::Level.eq(level.digits()))
        .filter(Column::Code.is_in(codes))
        .filter(in_force(date))
        .order_by_asc(Column::ValidFrom)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
}

/// Everything about `codes`, in their order; those not in force are left out.
async fn load<C: ConnectionTrait>(
    db: &C,
    codes: &[String],
    date: NaiveDate,
) -> Result<Vec<Commodity>, TariffError> {
    let part = |length: usize| codes.iter().filter_map(move |code| code.get(..length));
    let mut own = rows_of(db, Level::Code, part(FULL), date).await?;
    let headings = rows_of(db, Level::Heading, part(4), date).await?;
    let chapters = rows_of(db, Level::Chapter, part(2), date).await?;
    let sections = chapters.values().filter_map(|chapter| chapter.section.as_deref());
    let sections = rows_of(db, Level::Section, sections, date).await?;
    let units = units_of(db, codes).await?;
    let mut duties = duties_of(db, codes).await?;
    let mut found = Vec::new();
    for code in codes {
        let row = match code.len() {
            4 => headings.get(code).cloned(),
            _ => own.remove(code),
        };
        let Some(row) = row else { continue };
        let chapter = code.get(..2).and_then(|chapter| chapters.get(chapter));
        let section = chapter.and_then(|chapter| sections.get(chapter.section.as_deref()?));
        let heading = code.get(..4).filter(|heading| heading != code);
        let heading = heading.and_then(|heading| headings.get(heading));
        let path = [section, chapter, heading].into_iter().flatten();
        found.push(Commodity {
            path: path.map(|r| Heading { code: r.code.clone(), name: r.name.clone() }).collect(),
            unit: units.get(code).cloned(),
            duties: duties.remove(code).unwrap_or_default(),
            code: row.code,
            name: row.name,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    Ok(found)
}

/// The supplementary unit of each code: that of the longest beginning that has one.
pub(crate) async fn units_of<C: ConnectionTrait>(
    db: &C,
    codes: &[String],
) -> Result<HashMap<String, Unit>, DbErr> {
    let beginnings = |code: &str| -> Vec<String> {
        [10, 8, 6, 4].into_iter().filter_map(|n| code.get(..n)).map(str::to_owned).collect()
    };
    let wanted: BTreeSet<String> = codes.iter().flat_map(|code| beginnings(code)).collect();
    let known: HashMap<String, String> = commodity_unit::Entity::find()
        .filter(commodity_unit::Column::Code.is_in(wanted))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.code, row.unit))
        .collect();
    let units: HashMap<String, Unit> = unit::Entity::find()
        .filter(unit::Column::Code.is_in(known.values().collect::<BTreeSet<_>>()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.code.clone(), Unit::from(row)))
        .collect();
    let unit_of = |code: &String| {
        let unit = beginnings(code).iter().find_map(|beginning| known.get(beginning))?;
        Some((code.clone(), units.get(unit)?.clone()))
    };
    Ok(codes.iter().filter_map(unit_of).collect())
}

async fn duties_of<C: ConnectionTrait>(
    db: &C,
    codes: &[String],
) -> Result<HashMap<String, Vec<String>>, DbErr> {
    use duty_rate::Column;
    let rows = duty_rate::Entity::find()
        .filter(Column::Code.is_in(codes.iter().map(String::as_str)))
        .order_by_asc(Column::Code)
        .order_by_asc(Column::Variant)
        .all(db)
        .await?;
    let mut duties: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows {
        duties.entry(row.code).or_default().push(row.rate);
    }
    Ok(duties)
}
