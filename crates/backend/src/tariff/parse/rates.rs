//! Exchange rates: our CSV `date;currency;nominal;rate`, or the Bank of Russia's XML of a day
//! (`XML_daily`, windows-1251).

use chrono::NaiveDate;
use domain::lang::Lang;
use domain::money::{Decimal, parse_decimal};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Parsed, csv, date, decode, shortened};
use crate::tariff::error::ImportError;

/// Roubles for `nominal` units of a currency on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub date: NaiveDate,
    pub currency: String,
    pub nominal: i32,
    pub rate: Decimal,
}

/// Reads either form.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let text = decode(bytes, encoding_rs::WINDOWS_1251);
    let rows =
        if text.trim_start().starts_with('<') { xml(file, &text)? } else { table(file, &text)? };
    let Some(newest) = rows.iter().map(|row| row.date).max() else {
        return Err(ImportError::whole(file, "нет ни одного курса", "хотя бы один курс"));
    };
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = rows.iter().find(|row| !seen.insert((row.date, row.currency.as_str()))) {
        let day = domain::date::format_date(twice.date);
        let what = format!("курс {} на {day} встречается дважды", twice.currency);
        return Err(ImportError::whole(file, what, "один курс на день"));
    }
    Ok(Parsed { edition: Some(domain::date::format_date(newest)), rows, left_out: Vec::new() })
}

fn table(file: &str, text: &str) -> Result<Vec<Row>, ImportError> {
    csv(file, text, ["date", "currency", "nominal", "rate"])?
        .map(|row| {
            let (line, [day, currency, nominal, rate]) = row?;
            checked(file, line, date(file, line, day)?, currency, nominal, rate)
        })
        .collect()
}

fn checked(
    file: &str,
    line: usize,
    date: NaiveDate,
    currency: &str,
    nominal: &str,
    rate: &str,
) -> Result<Row, ImportError> {
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        let what = format!("валюта «{currency}»");
        return Err(ImportError::at(
            file,
            line,
            what,
            "код из трёх заглавных латинских букв, например USD",
        ));
    }
    let nominal = nominal.parse().ok().filter(|nominal| *nominal > 0).ok_or_else(|| {
        ImportError::at(file, line, format!("номинал «{nominal}»"), "целое число больше нуля")
    })?;
    let wrong =
        |what: String| ImportError::at(file, line, what, "число больше нуля, например 81,1234");
    let rate = parse_decimal(rate)
        .map_err(|error| wrong(format!("курс «{rate}»: {}", error.text(Lang::Ru))))?;
    if rate <= Decimal::ZERO {
        return Err(wrong(format!("курс «{rate}»")));
    }
    Ok(Row { date, currency: currency.to_owned(), nominal, rate: rate.normalize() })
}

/// `<ValCurs Date="DD.MM.YYYY"><Valute><CharCode/><Nominal/><Value/></Valute>…`.
fn xml(file: &str, text: &str) -> Result<Vec<Row>, ImportError> {
    let right = "ValCurs с Date и Valute: CharCode, Nominal, Value";
    let line_at = |position: u64| {
        let end = usize::try_from(position).unwrap_or(text.len()).min(text.len());
        1 + text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count()
    };
    let mut reader = Reader::from_str(text);
    let mut day = None;
    let mut rows = Vec::new();
    let mut element = String::new();
    let (mut code, mut nominal, mut value) = (String::new(), String::new(), String::new());
    loop {
        let line = line_at(reader.buffer_position());
        let wrong = |what: String| ImportError::at(file, line, what, right);
        match reader.read_event().map_err(|error| wrong(error.to_string()))? {
            Event::Start(start) => {
                element = start.local_name().as_ref().to_owned();
                if element == "ValCurs" {
                    let attribute = start
                        .try_get_attribute("Date")
                        .map_err(|error| wrong(error.to_string()))?
                        .ok_or_else(|| wrong("у ValCurs нет Date".to_owned()))?;
                    day = Some(date(file, line, &attribute.value)?);
                } else if element == "Valute" {
                    (code, nominal, value) = Default::default();
                }
            }
            Event::Text(chunk) => match element.as_str() {
                "CharCode" => code.push_str(chunk.trim()),
                "Nominal" => nominal.push_str(chunk.trim()),
                "Value" => value.push_str(chunk.trim()),
                _ => {}
            },
            Event::End(end) => {
                element.clear();
                if end.local_name().as_ref() == "Valute" {
                    let day = day.ok_or_else(|| wrong("Valute вне ValCurs".to_owned()))?;
                    rows.push(checked(file, line, day, &code, &nominal, &value)?);
                }
            }
            Event::Eof if day.is_some() => return Ok(rows),
            Event::Eof => return Err(wrong(format!("нет ValCurs: «{}»", shortened(text)))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const XML: &str = r#"<?xml version="1.0" encoding="windows-1251"?>
<ValCurs Date="05.10.2026" name="Foreign Currency Market">
<Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal><Name>Доллар США</Name><Value>80,5000</Value></Valute>
<Valute ID="R01335"><NumCode>398</NumCode><CharCode>KZT</CharCode><Nominal>100</Nominal><Name>Тенге</Name><Value>15,1234</Value></Valute>
</ValCurs>"#;

    #[test]
    fn both_forms_give_the_same_rows() {
        let table =
            "date;currency;nominal;rate\n05.10.2026;USD;1;80.5\n2026-10-05;KZT;100;15,1234\n";
        let expected = parse("r.csv", table.as_bytes()).unwrap();
        assert_eq!(expected.rows[1].nominal, 100);
        assert_eq!(parse("d.xml", XML.as_bytes()).unwrap(), expected);
        let cp1251 = encoding_rs::WINDOWS_1251.encode(XML).0;
        assert_eq!(parse("d.xml", &cp1251).unwrap(), expected);
    }

    #[test]
    fn wrong_rows_are_named_with_their_line() {
        for (row, what) in [
            ("05.10.2026;usd;1;80", "валюта «usd»"),
            ("05.10.2026;USD;0;80", "номинал «0»"),
            ("05.10.2026;USD;1;0", "курс «0»"),
            ("05.10.2026;USD;1;-1", "курс «-1»"),
            ("05.10.2026;USD;1", "полей 3"),
        ] {
            let text = format!("date;currency;nominal;rate\n05.10.2026;EUR;1;90\n{row}\n");
            let error = parse("r.csv", text.as_bytes()).unwrap_err();
            assert_eq!((error.line, error.what.as_str()), (Some(3), what));
        }
        let error = parse("d.xml", XML.replace("80,5000", "много").as_bytes()).unwrap_err();
        assert_eq!(error.line, Some(3));
        let error = parse("d.xml", XML.replace("</ValCurs>", "</Val>").as_bytes()).unwrap_err();
        assert_eq!(error.line, Some(5));
        assert!(parse("d.xml", b"<html></html>").is_err());
        assert!(parse("d.xml", b"<ValCurs Date=\"05.10.2026\"></ValCurs>").is_err());
    }

    #[test]
    fn a_day_has_one_rate_of_a_currency() {
        let text = "date;currency;nominal;rate\n05.10.2026;EUR;1;90\n05.10.2026;EUR;1;91\n";
        assert_eq!(
            parse("r.csv", text.as_bytes()).unwrap_err().what,
            "курс EUR на 05.10.2026 встречается дважды"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}|<ValCurs Date=\"[0-9.]{0,10}\">(<[a-zA-Z]{0,8}>|[0-9,]{0,3}|</Valute>){0,6}") {
            let _ = parse("r", text.as_bytes());
        }
    }
}
