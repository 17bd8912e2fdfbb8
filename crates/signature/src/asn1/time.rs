//! UTCTime and GeneralizedTime (X.690 §11.7–11.8 as RFC 5280 §4.1.2.5 and RFC 3161 §2.4.2 narrow
//! them).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Error, Result, Tlv, tag};

const NOT_A_TIME: Error = Error::Value("not a time");

/// Reads a time. Years 50–99 of UTCTime are of the twentieth century.
pub(super) fn read(element: Tlv<'_>, fractions: bool) -> Result<DateTime<Utc>> {
    let text = element.value.strip_suffix(b"Z").ok_or(NOT_A_TIME)?;
    let (year, rest) = match element.tag {
        tag::UTC_TIME => {
            let (year, rest) = number(text, 2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        tag::GENERALIZED_TIME => number(text, 4)?,
        found => return Err(Error::Tag { expected: tag::UTC_TIME, found }),
    };
    let (month, rest) = number(rest, 2)?;
    let (day, rest) = number(rest, 2)?;
    let (hour, rest) = number(rest, 2)?;
    let (minute, rest) = number(rest, 2)?;
    let (second, rest) = number(rest, 2)?;
    let nanoseconds = match rest {
        [] => 0,
        [b'.', digits @ ..] if fractions && element.tag == tag::GENERALIZED_TIME => {
            fraction(digits)?
        }
        _ => return Err(NOT_A_TIME),
    };
    let year = i32::try_from(year).map_err(|_| NOT_A_TIME)?;
    let time = NaiveDate::from_ymd_opt(year, month, day)
        .and_then(|date| date.and_hms_opt(hour, minute, second))
        .ok_or(NOT_A_TIME)?;
    Ok(time.and_utc() + TimeDelta::nanoseconds(nanoseconds))
}

fn number(text: &[u8], digits: usize) -> Result<(u32, &[u8])> {
    let (head, rest) = text.split_at_checked(digits).ok_or(NOT_A_TIME)?;
    if !head.iter().all(u8::is_ascii_digit) {
        return Err(NOT_A_TIME);
    }
    Ok((head.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')), rest))
}

/// Digits after the point, to nanoseconds.
fn fraction(digits: &[u8]) -> Result<i64> {
    let ends_well = digits.last().is_some_and(|last| *last != b'0');
    if !ends_well || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NOT_A_TIME);
    }
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    Ok(padded.fold(0, |n, digit| n * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Result<String> {
        let element = Tlv { tag: tag::UTC_TIME, value: text.as_bytes(), raw: &[] };
        read(element, false).map(|time| time.to_rfc3339())
    }

    fn generalized(text: &str, fractions: bool) -> Result<String> {
        let element = Tlv { tag: tag::GENERALIZED_TIME, value: text.as_bytes(), raw: &[] };
        read(element, fractions).map(|time| time.to_rfc3339())
    }

    #[test]
    fn centuries_of_two_digits() {
        assert_eq!(utc("500101120000Z").unwrap(), "1950-01-01T12:00:00+00:00");
        assert_eq!(utc("491231235959Z").unwrap(), "2049-12-31T23:59:59+00:00");
    }

    #[test]
    fn what_the_profile_forbids_is_refused() {
        for text in ["2001011200Z", "200101120000+0300", "200101120060Z", "200230120000Z", "Z"] {
            assert_eq!(utc(text), Err(NOT_A_TIME), "{text}");
        }
        assert_eq!(generalized("20200101120000.5Z", false), Err(NOT_A_TIME));
        assert_eq!(generalized("20200101120000.50Z", true), Err(NOT_A_TIME));
    }

    #[test]
    fn fractions_of_time_stamps() {
        let time = generalized("20200101120000.25Z", true).unwrap();
        assert_eq!(time, "2020-01-01T12:00:00.250+00:00");
    }
}
