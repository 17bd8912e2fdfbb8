//! Import duties of the Common Customs Tariff (ЕТТ): JSON `eec_ett_v1` with `rates` of `hs_code`
//! and `duty_rate`.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::{Parsed, json};
use crate::tariff::error::ImportError;

const FORMAT: &str = "eec_ett_v1";

#[derive(Deserialize)]
struct File {
    format: String,
    revision: String,
    rates: Vec<Rate>,
}

#[derive(Deserialize)]
struct Rate {
    hs_code: String,
    duty_rate: Duty,
}

/// A rate in one of the published shapes.
struct Duty(String);

impl<'de> Deserialize<'de> for Duty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let text = text.trim();
        if is_rate(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(D::Error::custom(format!("ставка «{text}»")))
        }
    }
}

/// `5%`, `0`, `1.4 EUR за 1 л`, `50%, но не менее 1 EUR за 1 кг`, `10% плюс 0.2 EUR за 1 кг`.
fn is_rate(text: &str) -> bool {
    let (percent, specific) = match text.split_once(", но не менее ").or(text.split_once(" плюс "))
    {
        Some((percent, specific)) => (percent.strip_suffix('%'), Some(specific)),
        None if text.contains(" за ") => return is_specific(text),
        None => (Some(text.strip_suffix('%').unwrap_or(text)), None),
    };
    percent.is_some_and(is_number) && specific.is_none_or(is_specific)
}

/// `1.4 EUR за 1 л`, `5 EUR за 1000 шт`.
fn is_specific(text: &str) -> bool {
    let Some((sum, quantity)) = text.split_once(" за ") else { return false };
    let Some((amount, currency)) = sum.split_once(' ') else { return false };
    let Some((count, unit)) = quantity.split_once(' ') else { return false };
    let is_currency = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
    is_number(amount) && is_currency && is_number(count) && !unit.trim().is_empty()
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_digit()) && domain::money::parse_decimal(text).is_ok()
}

/// The rates of one code, in the order of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub variant: i16,
    pub rate: String,
}

/// Reads the file. Codes of less than ten digits cannot be declared and are left out; a code with
/// several different rates keeps them all.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let right = "format = eec_ett_v1, revision и rates с hs_code и duty_rate вида «5%», \
                 «1.4 EUR за 1 л», «50%, но не менее 1 EUR за 1 кг»";
    let parsed: File = json(file, bytes, right)?;
    if parsed.format != FORMAT {
        return Err(ImportError::whole(file, format!("format = {}", parsed.format), right));
    }
    let mut rows: Vec<Row> = Vec::with_capacity(parsed.rates.len());
    let mut rates: std::collections::HashMap<&str, Vec<&str>> = std::collections::HashMap::new();
    let mut left_out = Vec::new();
    for rate in &parsed.rates {
        if rate.hs_code.len() != 10 || !rate.hs_code.bytes().all(|b| b.is_ascii_digit()) {
            left_out.push(format!("код {}: не десять цифр", rate.hs_code));
            continue;
        }
        let known = rates.entry(&rate.hs_code).or_default();
        if known.contains(&rate.duty_rate.0.as_str()) {
            continue;
        }
        rows.push(Row {
            code: rate.hs_code.clone(),
            variant: i16::try_from(known.len()).unwrap_or(i16::MAX),
            rate: rate.duty_rate.0.clone(),
        });
        known.push(&rate.duty_rate.0);
    }
    if rows.is_empty() {
        return Err(ImportError::whole(file, "нет ни одной ставки", right));
    }
    Ok(Parsed { edition: Some(parsed.revision), rows, left_out })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rates: &str) -> String {
        format!(
            "{{\"format\": \"eec_ett_v1\", \"revision\": \"ett:2026-06-18\",\n\"rates\": [\n{rates}]}}"
        )
    }

    #[test]
    fn the_published_shapes_are_known() {
        for rate in [
            "0",
            "5%",
            "12.5%",
            "1.4 EUR за 1 л",
            "50%, но не менее 1 EUR за 1 кг",
            "10% плюс 0.2 EUR за 1 кг",
            "2 EUR за 1 000 шт",
            "0.04 EUR за 1 см3, мл",
        ] {
            assert!(is_rate(rate), "{rate}");
        }
        for rate in
            ["", "%", "пять", "5% или 3%", "1 EUR", "1 евро за 1 кг", "5%, но не менее 1", "-5%"]
        {
            assert!(!is_rate(rate), "{rate}");
        }
    }

    #[test]
    fn alternatives_are_kept_and_short_codes_left_out() {
        let text = file(
            r#"{"hs_code": "2707501000", "duty_rate": "5%"},
{"hs_code": "2707501000", "duty_rate": "0.0"},
{"hs_code": "2707501000", "duty_rate": "5%"},
{"hs_code": "6666", "duty_rate": "10"}"#,
        );
        let parsed = parse("ett.json", text.as_bytes()).unwrap();
        assert_eq!(parsed.edition.as_deref(), Some("ett:2026-06-18"));
        let rates: Vec<_> = parsed.rows.iter().map(|r| (r.variant, r.rate.as_str())).collect();
        assert_eq!(rates, [(0, "5%"), (1, "0.0")]);
        assert_eq!(parsed.left_out, ["код 6666: не десять цифр"]);
    }

    #[test]
    fn a_wrong_rate_is_named_with_its_line() {
        let text = file("{\"hs_code\": \"2707501000\",\n\"duty_rate\": \"пять\"}");
        let error = parse("ett.json", text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.what.as_str()), (Some(4), "ставка «пять»"));
        assert_eq!(parse("e", file("").as_bytes()).unwrap_err().line, None);
        let other = file("").replace("eec_ett_v1", "v2");
        assert_eq!(parse("e", other.as_bytes()).unwrap_err().what, "format = v2");
    }
}
