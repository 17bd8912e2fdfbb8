//! Units of measure of the state classifier ОК 015-94 (ОКЕИ): JSON `Sections → Groups → Uoms`.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::{Parsed, json};
use crate::tariff::error::ImportError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    sections: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Section {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group {
    uoms: Option<Vec<Uom>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Uom {
    code: OkeiCode,
    name: String,
    alpha_ru: String,
}

/// Three or four digits.
struct OkeiCode(String);

impl<'de> Deserialize<'de> for OkeiCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        if matches!(code.len(), 3 | 4) && code.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(D::Error::custom(format!("код ОКЕИ «{code}»")))
        }
    }
}

/// A unit; `symbol` is the letter code written on documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub symbol: String,
}

/// Reads the file.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let right = "Sections → Groups → Uoms с Code из 3 или 4 цифр, Name, AlphaRu";
    let parsed: File = json(file, bytes, right)?;
    let groups = parsed.sections.into_iter().flat_map(|section| section.groups);
    let rows: Vec<Row> = groups
        .flat_map(|group| group.uoms.unwrap_or_default())
        .map(|unit| Row { code: unit.code.0, name: unit.name, symbol: unit.alpha_ru })
        .collect();
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = rows.iter().find(|row| !seen.insert(row.code.as_str())) {
        let what = format!("код {} встречается дважды", twice.code);
        return Err(ImportError::whole(file, what, "каждый код один раз"));
    }
    if rows.is_empty() {
        return Err(ImportError::whole(file, "нет ни одной единицы", right));
    }
    Ok(Parsed { edition: None, rows, left_out: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"Sections": [{"SectionName": "1", "Groups": [
{"GroupName": "a", "Uoms": [
 {"Code": "796", "Name": "Штука", "SymbolRu": "шт", "AlphaRu": "ШТ"},
 {"Code": "112", "Name": "Литр", "SymbolRu": "л", "AlphaRu": "Л"}]},
{"GroupName": "b", "Uoms": null}]}]}"#;

    #[test]
    fn units_are_read_and_wrong_ones_named() {
        let parsed = parse("okei.json", FILE.as_bytes()).unwrap();
        assert_eq!((parsed.rows.len(), parsed.rows[0].symbol.as_str()), (2, "ШТ"));
        let error = parse("o", FILE.replace("\"112\"", "\"1122х\"").as_bytes()).unwrap_err();
        assert_eq!((error.line, error.what.as_str()), (Some(4), "код ОКЕИ «1122х»"));
        let error = parse("o", FILE.replace("\"112\"", "\"796\"").as_bytes()).unwrap_err();
        assert_eq!(error.what, "код 796 встречается дважды");
        assert!(parse("o", br#"{"Sections": []}"#).is_err());
    }
}
