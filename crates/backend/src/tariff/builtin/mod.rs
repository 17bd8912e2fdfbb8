//! The set that comes with the program, so that the first run works. Hand-written, an example:
//! the first import of a kind takes its place.

mod commodities;
mod countries;
mod currencies;
mod everyday;
mod terms;

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::money::Decimal;
use sea_orm::{DatabaseConnection, EntityTrait};

use super::entity::refdata;
use super::error::TariffError;
use super::import::{Content, NOMENCLATURE_FROM, Provenance, write};
use super::parse::tnved::{Level, Row};
use super::parse::{countries as country_rows, duties, rates, tnved_units, units};
use crate::storage::begin;

pub use countries::country;
pub use currencies::CURRENCIES;
pub use everyday::EVERYDAY_WORDS;
pub use terms::{DOCUMENT_KINDS, TRANSPORT_MODES, TermRow};

/// How the built-in set is named where its source is shown.
const SOURCE: &str = "встроенный пример";
/// Its edition; a newer program with another edition replaces what was not imported since.
const EDITION: &str = "22.11.2026";
/// Seconds since the epoch of the edition's day.
const EDITION_AT: i64 = 1_795_305_600;

/// Roubles for `nominal` units, in kopecks: round figures, the same for every month.
const RATES: [(&str, i32, i64); 9] = [
    ("USD", 1, 8_000),
    ("EUR", 1, 9_300),
    ("CNY", 1, 1_110),
    ("BYN", 1, 2_650),
    ("KZT", 100, 1_550),
    ("AMD", 100, 2_080),
    ("KGS", 100, 9_150),
    ("TRY", 10, 1_900),
    ("AED", 1, 2_180),
];
/// The months that have a rate.
const RATE_YEARS: RangeInclusive<i32> = 2025..=2027;

/// Puts the built-in set where nothing was imported yet. Changes nothing when it is there already,
/// so it is called at every start.
///
/// # Errors
/// Only those of the database.
pub async fn install_builtin(db: &DatabaseConnection) -> Result<(), TariffError> {
    let known = refdata::Entity::find().all(db).await?;
    let is_current = |kind: &str| {
        let row = known.iter().find(|row| row.kind == kind);
        row.is_some_and(|row| !row.builtin || row.edition.as_deref() == Some(EDITION))
    };
    let missing: Vec<Content> =
        contents().into_iter().filter(|content| !is_current(content.kind().as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let provenance = Provenance {
        source: SOURCE.to_owned(),
        edition: Some(EDITION.to_owned()),
        builtin: true,
        at: DateTime::<Utc>::from_timestamp(EDITION_AT, 0).unwrap_or_default(),
    };
    let txn = begin(db).await?;
    for content in missing {
        write(&txn, content, &provenance).await?;
    }
    txn.commit().await?;
    Ok(())
}

fn contents() -> [Content; 7] {
    [
        Content::Units(
            terms::UNITS
                .iter()
                .map(|&(code, name, symbol)| units::Row {
                    code: code.to_owned(),
                    name: name.to_owned(),
                    symbol: symbol.to_owned(),
                })
                .collect(),
        ),
        Content::Tnved(nomenclature()),
        Content::TnvedUnits(
            commodities::CODES
                .iter()
                .filter(|(_, _, unit, _)| !unit.is_empty())
                .map(|&(code, _, unit, _)| tnved_units::Row {
                    code: code.to_owned(),
                    unit: unit.to_owned(),
                })
                .collect(),
        ),
        Content::DutyRates(
            commodities::CODES
                .iter()
                .map(|&(code, _, _, rate)| duties::Row {
                    code: code.to_owned(),
                    variant: 0,
                    rate: rate.to_owned(),
                })
                .collect(),
        ),
        Content::Countries(
            countries::COUNTRIES
                .iter()
                .map(|country| country_rows::Row {
                    code: country.code.to_owned(),
                    numeric: country.numeric.to_owned(),
                    name: country.name.to_owned(),
                    name_en: Some(country.name_en.to_owned()),
                })
                .collect(),
        ),
        Content::ExchangeRates(exchange_rates()),
        Content::Calendar(Calendar::builtin().rows().collect()),
    ]
}

fn nomenclature() -> Vec<Row> {
    let row = |level, code: &str, section: Option<&str>, name: &str| Row {
        level,
        code: code.to_owned(),
        section: section.map(str::to_owned),
        name: name.to_owned(),
        valid_from: NOMENCLATURE_FROM,
        valid_to: None,
    };
    let sections =
        commodities::SECTIONS.iter().map(|(code, name)| row(Level::Section, code, None, name));
    let chapters = commodities::CHAPTERS
        .iter()
        .map(|(section, code, name)| row(Level::Chapter, code, Some(section), name));
    let headings =
        commodities::HEADINGS.iter().map(|(code, name)| row(Level::Heading, code, None, name));
    let codes =
        commodities::CODES.iter().map(|(code, name, ..)| row(Level::Code, code, None, name));
    sections.chain(chapters).chain(headings).chain(codes).collect()
}

fn exchange_rates() -> Vec<rates::Row> {
    let months = RATE_YEARS.flat_map(|year| (1..=12).map(move |month| (year, month)));
    let days = months.filter_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
    days.flat_map(|date| {
        RATES.iter().map(move |(currency, nominal, kopecks)| rates::Row {
            date,
            currency: (*currency).to_owned(),
            nominal: *nominal,
            rate: Decimal::new(*kopecks, 2).normalize(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::ids::TnVedCode;

    use super::*;

    #[test]
    fn every_code_has_its_heading_chapter_section_and_unit() {
        let sections: HashSet<&str> = commodities::SECTIONS.iter().map(|(code, _)| *code).collect();
        let chapters: HashSet<&str> =
            commodities::CHAPTERS.iter().map(|(_, code, _)| *code).collect();
        let headings: HashSet<&str> = commodities::HEADINGS.iter().map(|(code, _)| *code).collect();
        let units: HashSet<&str> = terms::UNITS.iter().map(|(code, ..)| *code).collect();
        for (section, ..) in commodities::CHAPTERS {
            assert!(sections.contains(section), "{section}");
        }
        let mut seen = HashSet::new();
        for (code, _, unit, _) in commodities::CODES {
            let code: TnVedCode = code.parse().unwrap();
            assert!(code.is_full() && seen.insert(code.to_string()), "{code}");
            assert!(
                headings.contains(code.heading()) && chapters.contains(code.chapter()),
                "{code}"
            );
            assert!(unit.is_empty() || units.contains(unit), "{code}");
        }
        assert!(headings.iter().all(|heading| seen.iter().any(|code| code.starts_with(heading))));
    }

    #[test]
    fn codes_of_classifiers_are_unique() {
        for table in [
            CURRENCIES.as_slice(),
            TRANSPORT_MODES.as_slice(),
            DOCUMENT_KINDS.as_slice(),
            terms::UNITS.as_slice(),
        ] {
            let codes: HashSet<&str> = table.iter().map(|(code, ..)| *code).collect();
            assert_eq!(codes.len(), table.len());
        }
        let countries: HashSet<&str> = countries::COUNTRIES.iter().map(|row| row.code).collect();
        assert_eq!(countries.len(), countries::COUNTRIES.len());
    }

    #[test]
    fn everyday_words_are_ready_keys_that_lead_to_headings_or_below() {
        for (word, code) in EVERYDAY_WORDS {
            assert_eq!(domain::text::search_key(word), [word]);
            assert!(code.len() == 4 || code.len() == 6, "{word}");
        }
    }

    #[test]
    fn the_edition_is_its_day() {
        let at = DateTime::<Utc>::from_timestamp(EDITION_AT, 0).unwrap();
        assert_eq!(domain::date::format_date(at.date_naive()), EDITION);
    }
}
