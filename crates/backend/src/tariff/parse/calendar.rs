//! The production calendar: CSV `date;kind`, a row for each day that differs from the usual week;
//! `kind` is `working` (рабочий) or `off` (выходной).

use chrono::NaiveDate;
use domain::calendar::DayKind;

use super::{Parsed, csv, date, decode};
use crate::tariff::error::ImportError;

/// Reads the file.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<(NaiveDate, DayKind)>, ImportError> {
    let text = decode(bytes, encoding_rs::WINDOWS_1251);
    let mut rows: Vec<(NaiveDate, DayKind)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for row in csv(file, &text, ["date", "kind"])? {
        let (line, [day, kind]) = row?;
        let day = date(file, line, day)?;
        let kind = match kind {
            "working" | "рабочий" => DayKind::Working,
            "off" | "выходной" => DayKind::Off,
            other => {
                let what = format!("вид дня «{other}»");
                return Err(ImportError::at(file, line, what, "working или off"));
            }
        };
        if !seen.insert(day) {
            let what = format!("день {} уже был", domain::date::format_date(day));
            return Err(ImportError::at(file, line, what, "каждый день один раз"));
        }
        rows.push((day, kind));
    }
    if rows.is_empty() {
        return Err(ImportError::whole(file, "нет ни одного дня", "date;kind"));
    }
    Ok(Parsed { edition: None, rows, left_out: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_wrong_ones_named() {
        let text = "date;kind\n22.02.2027;off\n2027-02-20;рабочий\n";
        let parsed = parse("c.csv", text.as_bytes()).unwrap();
        assert_eq!(parsed.rows[1].1, DayKind::Working);
        let cp1251 = encoding_rs::WINDOWS_1251.encode(text).0;
        assert_eq!(parse("c.csv", &cp1251).unwrap(), parsed);
        for (text, line) in [
            ("date;kind\n22.02.2027;holiday\n", Some(2)),
            ("date;kind\n30.02.2027;off\n", Some(2)),
            ("date;kind\n22.02.2027;off\n22.02.2027;off\n", Some(3)),
            ("date;kind\n", None),
            ("22.02.2027;off\n", Some(1)),
        ] {
            assert_eq!(parse("c.csv", text.as_bytes()).unwrap_err().line, line, "{text}");
        }
    }
}
