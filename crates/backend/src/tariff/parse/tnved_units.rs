//! Supplementary units of commodity codes: CSV `code;unit` — the beginning of a code (4–10 digits)
//! and an ОКЕИ code. The tax service's files do not carry them.

use domain::ids::TnVedCode;
use domain::lang::Lang;

use super::{Parsed, csv, decode};
use crate::tariff::error::ImportError;

/// All codes that begin with `code` are counted in `unit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub unit: String,
}

/// Reads the file.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let text = decode(bytes, encoding_rs::WINDOWS_1251);
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for row in csv(file, &text, ["code", "unit"])? {
        let (line, [code, unit]) = row?;
        let code: TnVedCode = code.parse().map_err(|error: domain::ids::IdError| {
            ImportError::at(file, line, error.what(Lang::Ru), "4, 6, 8 или 10 цифр кода ТН ВЭД")
        })?;
        if !(3..=4).contains(&unit.len()) || !unit.bytes().all(|b| b.is_ascii_digit()) {
            let what = format!("единица «{unit}»");
            return Err(ImportError::at(file, line, what, "код ОКЕИ из 3 или 4 цифр"));
        }
        if !seen.insert(code.clone()) {
            let what = format!("код {code} уже был");
            return Err(ImportError::at(file, line, what, "каждый код один раз"));
        }
        rows.push(Row { code: code.into(), unit: unit.to_owned() });
    }
    Ok(Parsed { edition: None, rows, left_out: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_wrong_ones_named() {
        let parsed = parse("u.csv", b"code;unit\n8471;796\n2204 10 110 0;112\n").unwrap();
        assert_eq!(parsed.rows[1], Row { code: "2204101100".into(), unit: "112".into() });
        for (text, line) in [
            ("code;unit\n8471;шт\n", 2),
            ("code;unit\n8471;796\n\n8471;796\n", 4),
            ("code;unit\n84;796\n", 2),
            ("code;unit\n8471\n", 2),
            ("unit;code\n", 1),
        ] {
            assert_eq!(parse("u.csv", text.as_bytes()).unwrap_err().line, Some(line), "{text}");
        }
    }
}
