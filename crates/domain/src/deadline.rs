//! Terms that the law sets, counted in working days of Moscow time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::date::{month_name, moscow_date};
use crate::lang::Lang;

/// The statform is due on this working day of the month after the reporting one
/// (government decree of 19.06.2020 № 891).
pub const STATFORM_WORKING_DAY: usize = 10;

/// Working days to correct a form that customs put under control. That they are working days is
/// recalled from the portal's help, not read in the law; [`correction_due_in`] takes another term.
pub const CORRECTION_WORKING_DAYS: usize = 10;

/// A month of a year, written `2026-10` as `xs:gYearMonth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct YearMonth {
    year: i32,
    month: u32,
}

/// A text that is not a month `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month: expected YYYY-MM, e.g. 2026-10")]
pub struct YearMonthError(pub String);

impl YearMonthError {
    /// What is wrong and what would be right.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Ru => format!("«{}» — не месяц. Нужно ГГГГ-ММ, например 2026-10.", self.0),
            Lang::En => format!("“{}” is not a month. Expected YYYY-MM, e.g. 2026-10.", self.0),
        }
    }
}

impl YearMonth {
    /// `None` unless the year is 1–9999 and the month 1–12.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month of a day.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    pub fn year(self) -> i32 {
        self.year
    }

    pub fn month(self) -> u32 {
        self.month
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or_default()
    }

    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    #[must_use]
    pub fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { month: month - 1, ..self },
        }
    }

    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(date) == self
    }

    /// `октябрь 2026` or `October 2026`.
    pub fn text(self, lang: Lang) -> String {
        format!("{} {}", month_name(self.month, lang), self.year)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for YearMonth {
    type Err = YearMonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = |part: &str, count: usize| {
            let right = part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
            right.then(|| part.parse::<u32>().ok()).flatten()
        };
        text.trim()
            .split_once('-')
            .and_then(|(year, month)| {
                let year = i32::try_from(digits(year, 4)?).ok()?;
                Self::new(year, digits(month, 2)?)
            })
            .ok_or_else(|| YearMonthError(text.to_owned()))
    }
}

impl TryFrom<String> for YearMonth {
    type Error = YearMonthError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<YearMonth> for String {
    fn from(month: YearMonth) -> String {
        month.to_string()
    }
}

/// The last day to file the statform of `period`: the tenth working day of the next month.
pub fn statform_due(period: YearMonth, calendar: &Calendar) -> NaiveDate {
    let before = period.last_day();
    calendar.add_working_days(before, STATFORM_WORKING_DAY)
}

/// Whether a statform of `period` filed at this moment is late. The day is that of Moscow.
pub fn is_late(filed: DateTime<Utc>, period: YearMonth, calendar: &Calendar) -> bool {
    moscow_date(filed) > statform_due(period, calendar)
}

/// The last day to correct a form put under control on `from`.
pub fn correction_due(from: NaiveDate, calendar: &Calendar) -> NaiveDate {
    correction_due_in(from, CORRECTION_WORKING_DAYS, calendar)
}

/// The same with another number of working days.
pub fn correction_due_in(from: NaiveDate, working_days: usize, calendar: &Calendar) -> NaiveDate {
    calendar.add_working_days(from, working_days)
}

/// Days from `today` to the last day: 0 on that day, negative after it.
pub fn days_left(today: NaiveDate, due: NaiveDate) -> i64 {
    (due - today).num_days()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn month(text: &str) -> YearMonth {
        text.parse().unwrap()
    }

    #[test]
    fn statforms_are_due_on_the_tenth_working_day() {
        let calendar = Calendar::builtin();
        // November 2026: 4 is a holiday; January 2026 begins working on the 12th.
        assert_eq!(statform_due(month("2026-10"), &calendar), day(2026, 11, 16));
        assert_eq!(statform_due(month("2025-12"), &calendar), day(2026, 1, 23));
        // Saturday 01.11.2025 works, Monday and Tuesday after it are off.
        assert_eq!(statform_due(month("2025-10"), &calendar), day(2025, 11, 17));
    }

    #[test]
    fn lateness_is_decided_by_the_clock_of_moscow() {
        let calendar = Calendar::builtin();
        let last = Utc.with_ymd_and_hms(2026, 11, 16, 20, 59, 59).unwrap();
        assert!(!is_late(last, month("2026-10"), &calendar));
        assert!(is_late(last + chrono::Duration::seconds(1), month("2026-10"), &calendar));
    }

    #[test]
    fn a_correction_has_ten_working_days() {
        let calendar = Calendar::builtin();
        assert_eq!(correction_due(day(2026, 11, 2), &calendar), day(2026, 11, 17));
        assert_eq!(correction_due_in(day(2026, 11, 2), 5, &calendar), day(2026, 11, 10));
        assert_eq!(days_left(day(2026, 11, 18), day(2026, 11, 17)), -1);
    }

    #[test]
    fn months_are_read_and_named() {
        assert_eq!(month("2026-10").text(Lang::Ru), "октябрь 2026");
        assert_eq!(month("2026-12").next(), month("2027-01"));
        assert_eq!(month("2027-01").previous(), month("2026-12"));
        assert_eq!(month("2028-02").last_day(), day(2028, 2, 29));
        for wrong in ["2026-13", "2026-1", "26-10", "2026-10-01", "2026/10", "0000-01", ""] {
            assert_eq!(wrong.parse::<YearMonth>(), Err(YearMonthError(wrong.into())));
        }
    }

    proptest! {
        #[test]
        fn the_due_day_is_the_tenth_of_the_next_month(year in 2020i32..2040, m in 1u32..=12) {
            let calendar = Calendar::builtin();
            let period = YearMonth::new(year, m).unwrap();
            let next = period.next();
            prop_assert_eq!(
                Some(statform_due(period, &calendar)),
                calendar.nth_working_day(next.year(), next.month(), STATFORM_WORKING_DAY)
            );
        }

        #[test]
        fn every_month_reads_back(year in 1i32..=9999, m in 1u32..=12) {
            let period = YearMonth::new(year, m).unwrap();
            prop_assert_eq!(period.to_string().parse(), Ok(period));
            prop_assert_eq!(period.next().previous(), period);
        }
    }
}
