//! Countries: JSON list with `alpha2`, `numeric`, `name_ru` and, where given, `name_en`.
//!
//! Customs writes names in capitals and in its own order («КОРЕЯ, РЕСПУБЛИКА»): for the countries
//! of the built-in set that name is kept, others are put in capitals.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::{Parsed, json};
use crate::tariff::builtin;
use crate::tariff::error::ImportError;

#[derive(Deserialize)]
struct Country {
    alpha2: Alpha2,
    numeric: Numeric,
    name_ru: String,
    name_en: Option<String>,
}

struct Alpha2(String);

impl<'de> Deserialize<'de> for Alpha2 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(D::Error::custom(format!("alpha2 «{code}»")))
        }
    }
}

struct Numeric(String);

impl<'de> Deserialize<'de> for Numeric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(D::Error::custom(format!("numeric «{code}»")))
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub numeric: String,
    pub name: String,
    pub name_en: Option<String>,
}

/// Reads the file.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let right = "список стран: alpha2 (2 заглавные латинские буквы), numeric (3 цифры), name_ru";
    let countries: Vec<Country> = json(file, bytes, right)?;
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = countries.iter().find(|country| !seen.insert(&country.alpha2.0)) {
        let what = format!("страна {} встречается дважды", twice.alpha2.0);
        return Err(ImportError::whole(file, what, "каждая страна один раз"));
    }
    if countries.is_empty() {
        return Err(ImportError::whole(file, "нет ни одной страны", right));
    }
    let rows = countries.into_iter().map(|country| {
        let known = builtin::country(&country.alpha2.0);
        Row {
            name: known.map_or_else(|| country.name_ru.to_uppercase(), |k| k.name.to_owned()),
            name_en: country.name_en.or_else(|| known.map(|k| k.name_en.to_owned())),
            code: country.alpha2.0,
            numeric: country.numeric.0,
        }
    });
    Ok(Parsed { edition: None, rows: rows.collect(), left_out: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"[{"alpha2": "KR", "numeric": "410", "name_ru": "Южная Корея"},
{"alpha2": "AW", "numeric": "533", "name_ru": "Аруба"}]"#;

    #[test]
    fn customs_names_are_kept() {
        let parsed = parse("c.json", FILE.as_bytes()).unwrap();
        let names: Vec<&str> = parsed.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["КОРЕЯ, РЕСПУБЛИКА", "АРУБА"]);
    }

    #[test]
    fn wrong_codes_are_named_with_their_line() {
        let error = parse("c", FILE.replace("\"AW\"", "\"Aw\"").as_bytes()).unwrap_err();
        assert_eq!((error.line, error.what.as_str()), (Some(2), "alpha2 «Aw»"));
        assert!(parse("c", FILE.replace("\"AW\"", "\"KR\"").as_bytes()).is_err());
        assert!(parse("c", b"[]").is_err());
    }
}
