//! Texts of the built-in types (XML Schema Part 2: Datatypes, chapter 3).

use std::cmp::Ordering;

use super::BuiltIn;

/// Sign, integer digits without leading zeros, fraction digits without trailing zeros.
fn decimal(text: &str) -> (bool, &str, &str) {
    let negative = text.starts_with('-');
    let text = text.trim_start_matches(['-', '+']);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    (negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction)
}

/// Counts of all digits and of fraction digits, as the facets count them.
pub(super) fn digits(text: &str) -> (usize, usize) {
    let (_, whole, fraction) = decimal(text);
    (whole.len() + fraction.len(), fraction.len())
}

/// Compares two decimals of any length.
pub fn compare_decimals(a: &str, b: &str) -> Ordering {
    let (a_negative, a_whole, a_fraction) = decimal(a);
    let (b_negative, b_whole, b_fraction) = decimal(b);
    let magnitude = a_whole
        .len()
        .cmp(&b_whole.len())
        .then_with(|| a_whole.cmp(b_whole))
        .then_with(|| a_fraction.cmp(b_fraction));
    match (a_negative, b_negative) {
        (false, false) => magnitude,
        (true, true) => magnitude.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_decimal(text: &str, fraction: bool) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    match text.split_once('.') {
        Some((whole, part)) => {
            fraction
                && (all_digits(whole) || whole.is_empty())
                && (all_digits(part) || part.is_empty())
                && !(whole.is_empty() && part.is_empty())
        }
        None => all_digits(text),
    }
}

/// Digits of exactly this many places, as a number within bounds.
fn part(text: &str, places: usize, from: u32, to: u32) -> bool {
    text.len() == places
        && all_digits(text)
        && text.parse::<u32>().is_ok_and(|n| (from..=to).contains(&n))
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

/// Takes a time zone off the end: `Z`, `+03:00`, `-14:00`.
fn without_zone(text: &str) -> &str {
    if let Some(text) = text.strip_suffix('Z') {
        return text;
    }
    let Some(cut) = text.len().checked_sub(6).filter(|cut| text.is_char_boundary(*cut)) else {
        return text;
    };
    let (rest, zone) = text.split_at(cut);
    let is_zone = zone.starts_with(['+', '-'])
        && zone[1..].split_once(':').is_some_and(|(h, m)| {
            (part(h, 2, 0, 13) && part(m, 2, 0, 59)) || (h == "14" && m == "00")
        });
    if is_zone { rest } else { text }
}

fn year(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let good = all_digits(digits)
        && (4..=9).contains(&digits.len())
        && (digits.len() == 4 || !digits.starts_with('0'));
    good.then(|| text.parse().ok())?.filter(|year| *year != 0)
}

fn year_month(text: &str) -> Option<(i64, u32)> {
    let (y, m) = text.rsplit_once('-')?;
    part(m, 2, 1, 12).then_some(())?;
    Some((year(y)?, m.parse().ok()?))
}

fn date(text: &str) -> bool {
    let Some((ym, day)) = text.rsplit_once('-') else { return false };
    year_month(ym).is_some_and(|(year, month)| part(day, 2, 1, days_in(year, month)))
}

fn time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<_> = clock.split(':').collect();
    let [h, m, s] = parts[..] else { return false };
    let midnight = h == "24" && m == "00" && s == "00";
    all_digits(fraction)
        && (midnight || part(h, 2, 0, 23))
        && part(m, 2, 0, 59)
        && part(s, 2, 0, 59)
}

fn duration(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some(text) = text.strip_prefix('P') else { return false };
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let run = |mut text: &str, units: &str| {
        let mut left = units;
        while !text.is_empty() {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let unit = text[end..].chars().next()?;
            let at = left.find(unit)?;
            let number = &text[..end];
            if !(all_digits(number) || (unit == 'S' && is_decimal(number, true))) {
                return None;
            }
            left = &left[at + 1..];
            text = &text[end + unit.len_utf8()..];
        }
        Some(left.len() < units.len())
    };
    match (run(date, "YMD"), time.map(|time| run(time, "HMS"))) {
        (Some(some), None) => some,
        (Some(_), Some(Some(some))) => some,
        _ => false,
    }
}

fn base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
    let body = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(&text);
    text.len().is_multiple_of(4)
        && body.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// Is the (normalised) text one of the built-in type?
pub(super) fn lexical(base: BuiltIn, text: &str) -> bool {
    match base {
        BuiltIn::String | BuiltIn::NormalizedString | BuiltIn::Token | BuiltIn::AnyUri => true,
        BuiltIn::Boolean => matches!(text, "true" | "false" | "1" | "0"),
        BuiltIn::Decimal => is_decimal(text, true),
        BuiltIn::Integer => is_decimal(text, false),
        BuiltIn::NonNegativeInteger => {
            is_decimal(text, false) && compare_decimals(text, "0").is_ge()
        }
        BuiltIn::PositiveInteger => is_decimal(text, false) && compare_decimals(text, "0").is_gt(),
        BuiltIn::Int => is_decimal(text, false) && text.parse::<i32>().is_ok(),
        BuiltIn::Long => is_decimal(text, false) && text.parse::<i64>().is_ok(),
        BuiltIn::Double => {
            matches!(text, "INF" | "-INF" | "NaN")
                || (text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
                    && text.parse::<f64>().is_ok())
        }
        BuiltIn::Date => date(without_zone(text)),
        BuiltIn::DateTime => {
            without_zone(text).split_once('T').is_some_and(|(d, t)| date(d) && time(t))
        }
        BuiltIn::Time => time(without_zone(text)),
        BuiltIn::GYear => year(without_zone(text)).is_some(),
        BuiltIn::GYearMonth => year_month(without_zone(text)).is_some(),
        BuiltIn::GMonth => without_zone(text).strip_prefix("--").is_some_and(|m| part(m, 2, 1, 12)),
        BuiltIn::GDay => without_zone(text).strip_prefix("---").is_some_and(|d| part(d, 2, 1, 31)),
        BuiltIn::GMonthDay => without_zone(text)
            .strip_prefix("--")
            .and_then(|text| text.split_once('-'))
            .is_some_and(|(m, d)| {
                part(m, 2, 1, 12) && m.parse().is_ok_and(|m| part(d, 2, 1, days_in(2000, m)))
            }),
        BuiltIn::Duration => duration(text),
        BuiltIn::Base64Binary => base64(text),
        BuiltIn::HexBinary => {
            text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit())
        }
    }
}
