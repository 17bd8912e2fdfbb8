//! Days as people write them, and Moscow time, in which the law counts them.

use std::fmt;

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc,
};

use crate::lang::Lang;

/// Moscow has kept UTC+3 all the year since 26.10.2014.
const MOSCOW_SECONDS: i32 = 3 * 60 * 60;

/// A text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DateError {
    Empty,
    /// Not three numbers `DD.MM.YYYY`.
    Shape(String),
    /// No such day in the calendar: `31.02.2026`.
    NoSuchDay(String),
}

impl DateError {
    /// What is wrong and what would be right.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Empty, Lang::Ru) => "Не заполнено. Нужна дата ДД.ММ.ГГГГ.".to_owned(),
            (Self::Empty, Lang::En) => "Empty. Expected a date DD.MM.YYYY.".to_owned(),
            (Self::Shape(text), Lang::Ru) => {
                format!("«{text}» — не дата. Нужно ДД.ММ.ГГГГ, например 05.10.2026.")
            }
            (Self::Shape(text), Lang::En) => {
                format!("“{text}” is not a date. Expected DD.MM.YYYY, e.g. 05.10.2026.")
            }
            (Self::NoSuchDay(text), Lang::Ru) => format!("Дня «{text}» нет в календаре."),
            (Self::NoSuchDay(text), Lang::En) => format!("There is no day “{text}”."),
        }
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for DateError {}

/// Reads `DD.MM.YYYY` (zeros in front may be missing) or ISO `YYYY-MM-DD`.
///
/// # Errors
/// See [`DateError`].
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let shape = || DateError::Shape(text.to_owned());
    let part = |part: &str, most: usize| {
        let digits = !part.is_empty() && part.len() <= most;
        (digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok())?
    };
    let read = |day: &str, month: &str, year: &str| {
        let year = part(year, 4).filter(|_| year.len() == 4)?;
        Some((i32::try_from(year).ok()?, part(month, 2)?, part(day, 2)?))
    };
    let parts = |separator| text.split(separator).collect::<Vec<_>>();
    let numbers = match (parts('.').as_slice(), parts('-').as_slice()) {
        ([day, month, year], _) | (_, [year, month, day]) => read(day, month, year),
        _ => None,
    };
    let (year, month, day) = numbers.ok_or_else(shape)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| DateError::NoSuchDay(text.to_owned()))
}

/// `DD.MM.YYYY`.
pub fn format_date(date: NaiveDate) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// The offset of Moscow time.
pub fn moscow() -> FixedOffset {
    // Three hours are within a day, so the fallback is never taken.
    FixedOffset::east_opt(MOSCOW_SECONDS).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The day in Moscow at this moment.
pub fn moscow_date(at: DateTime<Utc>) -> NaiveDate {
    moscow_datetime(at).date()
}

/// Wall clock of Moscow at this moment.
pub fn moscow_datetime(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&moscow()).naive_local()
}

/// The first moment of a day in Moscow.
pub fn moscow_day_start(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() - moscow()
}

/// The first moment after a day in Moscow: what is done before it is done on that day.
pub fn moscow_day_end(date: NaiveDate) -> DateTime<Utc> {
    moscow_day_start(date.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX))
}

/// `DD.MM.YYYY HH:MM` by the clock of Moscow.
pub fn format_moscow(at: DateTime<Utc>) -> String {
    let local = moscow_datetime(at);
    format!("{} {:02}:{:02}", format_date(local.date()), local.hour(), local.minute())
}

/// Name of a month 1–12 in the nominative case, in lower case in Russian; empty for another number.
pub fn month_name(month: u32, lang: Lang) -> &'static str {
    const NAMES: [(&str, &str); 12] = [
        ("январь", "January"),
        ("февраль", "February"),
        ("март", "March"),
        ("апрель", "April"),
        ("май", "May"),
        ("июнь", "June"),
        ("июль", "July"),
        ("август", "August"),
        ("сентябрь", "September"),
        ("октябрь", "October"),
        ("ноябрь", "November"),
        ("декабрь", "December"),
    ];
    let index = month.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    index.and_then(|index| NAMES.get(index)).map_or("", |(ru, en)| lang.pick(ru, en))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn both_writings_are_read() {
        for text in ["05.10.2026", "5.10.2026", " 2026-10-05 "] {
            assert_eq!(parse_date(text), Ok(day(2026, 10, 5)));
        }
    }

    #[test]
    fn wrong_dates_are_told_apart() {
        assert_eq!(parse_date("  "), Err(DateError::Empty));
        assert_eq!(parse_date("31.02.2026"), Err(DateError::NoSuchDay("31.02.2026".into())));
        for text in ["05.10.26", "5 октября", "+5.10.2026", "05.10.2026.", "2026-10", "05/10/2026"]
        {
            assert_eq!(parse_date(text), Err(DateError::Shape(text.into())));
        }
    }

    #[test]
    fn the_day_begins_in_moscow_three_hours_before_utc() {
        let at = Utc.with_ymd_and_hms(2026, 11, 16, 20, 59, 59).unwrap();
        assert_eq!(moscow_date(at), day(2026, 11, 16));
        assert_eq!(moscow_date(at + chrono::Duration::seconds(1)), day(2026, 11, 17));
        assert_eq!(moscow_day_end(day(2026, 11, 16)), at + chrono::Duration::seconds(1));
        assert_eq!(format_moscow(at), "16.11.2026 23:59");
    }

    #[test]
    fn months_have_names() {
        assert_eq!(month_name(10, Lang::Ru), "октябрь");
        assert_eq!(month_name(1, Lang::En), "January");
        assert_eq!((month_name(0, Lang::Ru), month_name(13, Lang::Ru)), ("", ""));
    }

    proptest! {
        #[test]
        fn every_day_reads_back(days in 0i32..3_650_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(days + 366).unwrap();
            prop_assume!(date.year() <= 9999);
            prop_assert_eq!(parse_date(&format_date(date)), Ok(date));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}|[0-9.-]{0,12}") {
            let _ = parse_date(&text);
        }
    }
}
