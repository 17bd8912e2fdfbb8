//! The nomenclature as one tree in JSON: sections, chapters, headings, ten-digit codes.

use chrono::{DateTime, NaiveDate};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::tnved::{Level, Row};
use super::{Parsed, clean_name, json};
use crate::tariff::error::ImportError;

#[derive(Deserialize)]
struct Section {
    chapter: Digits<2>,
    naim: String,
    date: Day,
    groups: Option<Vec<Chapter>>,
}

#[derive(Deserialize)]
struct Chapter {
    code: Digits<2>,
    naim: String,
    date: Day,
    goods: Option<Vec<Heading>>,
}

#[derive(Deserialize)]
struct Heading {
    code: Digits<4>,
    naim: String,
    date: Day,
    subs: Option<Vec<Code>>,
}

#[derive(Deserialize)]
struct Code {
    code: Digits<10>,
    naim: String,
    date: Day,
}

/// A text of exactly `N` digits.
struct Digits<const N: usize>(String);

impl<'de, const N: usize> Deserialize<'de> for Digits<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        if code.len() == N && code.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(D::Error::custom(format!("код «{code}», а должно быть цифр {N}")))
        }
    }
}

/// A day written as a moment: `2022-01-01T00:00:00Z`.
struct Day(NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|at| Self(at.date_naive()))
            .map_err(|_| D::Error::custom(format!("«{text}» — не время вида 2022-01-01T00:00:00Z")))
    }
}

/// Reads the tree. Sections without chapters are left out: they are not of the nomenclature.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let right = "дерево разделов: chapter, naim, date, groups → code, goods → code, subs → code";
    let sections: Vec<Section> = json(file, bytes, right)?;
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    let mut push = |level, code: &str, section: Option<&str>, naim: &str, date: &Day| {
        rows.push(Row {
            level,
            code: code.to_owned(),
            section: section.map(str::to_owned),
            name: clean_name(naim),
            valid_from: date.0,
            valid_to: None,
        });
    };
    for section in &sections {
        let Some(chapters) = section.groups.as_ref().filter(|groups| !groups.is_empty()) else {
            left_out.push(format!("раздел {} «{}» без групп", section.chapter.0, section.naim));
            continue;
        };
        let number = section.chapter.0.as_str();
        push(Level::Section, number, None, &section.naim, &section.date);
        for chapter in chapters {
            push(Level::Chapter, &chapter.code.0, Some(number), &chapter.naim, &chapter.date);
            for heading in chapter.goods.iter().flatten() {
                push(Level::Heading, &heading.code.0, None, &heading.naim, &heading.date);
                for code in heading.subs.iter().flatten() {
                    push(Level::Code, &code.code.0, None, &code.naim, &code.date);
                }
            }
        }
    }
    if !rows.iter().any(|row| row.level == Level::Code) {
        return Err(ImportError::whole(file, "нет ни одного десятизначного кода", right));
    }
    let newest = rows.iter().map(|row| row.valid_from).max().map(domain::date::format_date);
    Ok(Parsed { edition: newest, rows, left_out })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = r#"[
 {"chapter": "16", "naim": "МАШИНЫ", "date": "2022-01-01T00:00:00Z", "groups": [
  {"code": "84", "naim": "МАШИНЫ", "date": "2022-01-01T00:00:00Z", "goods": [
   {"code": "8471", "naim": "МАШИНЫ:", "date": "2022-01-01T00:00:00Z", "subs": [
    {"code": "8471300000", "naim": "- портативные", "date": "2022-06-16T00:00:00Z"}]}]}]},
 {"chapter": "22", "naim": "FIFA", "date": "2018-07-01T00:00:00Z", "groups": null}]"#;

    #[test]
    fn the_tree_is_flattened() {
        let parsed = parse("tnved.json", TREE.as_bytes()).unwrap();
        let codes: Vec<&str> = parsed.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["16", "84", "8471", "8471300000"]);
        assert_eq!(parsed.edition.as_deref(), Some("16.06.2022"));
        assert_eq!(parsed.left_out.len(), 1);
    }

    #[test]
    fn wrong_values_are_named_with_their_line() {
        let error = parse("t", TREE.replace("8471300000", "84713").as_bytes()).unwrap_err();
        assert_eq!(
            (error.line, error.what.as_str()),
            (Some(5), "код «84713», а должно быть цифр 10")
        );
        let error = parse("t", TREE.replace("2022-06-16T", "2022-06-16").as_bytes()).unwrap_err();
        assert_eq!(error.line, Some(5));
        assert_eq!(parse("t", b"[]").unwrap_err().line, None);
        assert_eq!(parse("t", b"{").unwrap_err().line, Some(1));
    }
}
