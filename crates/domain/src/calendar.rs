//! The production calendar: which days are working.
//!
//! Weekends are Saturday and Sunday; a year's table names what differs from that: weekdays off
//! and working weekends. The built-in tables are **recalled**, not read from the decrees:
//!
//! * 2025 — government decree of 04.10.2024 № 1335 (Saturday 01.11 works, 31.12 is off);
//! * 2026 — government decree of 24.09.2025 № 1466 (09.01 and 31.12 are off);
//! * 2027 — a projection: only what article 112 of the Labour Code moves by itself. The decree
//!   will also place the two days off due for 2 and 3 January.
//!
//! An operator puts the decree's table in place with `cabinet refdata import`, see
//! [`Calendar::from_rows`].

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// How a day differs from the usual week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// A Saturday or Sunday that is worked.
    Working,
    /// A weekday that is off.
    Off,
}

/// Working days, year by year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, BTreeMap<NaiveDate, DayKind>>,
}

/// Weekdays off per year, each as month · 100 + day.
const OFF: [(i32, &[u32]); 3] = [
    (2025, &[101, 102, 103, 106, 107, 108, 501, 502, 508, 509, 612, 613, 1103, 1104, 1231]),
    (2026, &[101, 102, 105, 106, 107, 108, 109, 223, 309, 501, 511, 612, 1104, 1231]),
    (2027, &[101, 104, 105, 106, 107, 108, 223, 308, 503, 510, 614, 1104]),
];

/// Working weekends.
const WORKING: [(i32, &[u32]); 1] = [(2025, &[1101])];

/// Holidays of article 112 of the Labour Code, for years without a table.
const HOLIDAYS: [u32; 14] = [101, 102, 103, 104, 105, 106, 107, 108, 223, 308, 501, 509, 612, 1104];

fn builtin_rows(
    table: &'static [(i32, &'static [u32])],
    kind: DayKind,
) -> impl Iterator<Item = (NaiveDate, DayKind)> {
    let days = table.iter().flat_map(|(year, days)| days.iter().map(move |day| (*year, *day)));
    days.filter_map(move |(year, day)| {
        Some((NaiveDate::from_ymd_opt(year, day / 100, day % 100)?, kind))
    })
}

impl Calendar {
    /// Russia's 2025, 2026 and (projected) 2027; see the module on how far to trust them.
    pub fn builtin() -> Self {
        Self::from_rows(
            builtin_rows(&OFF, DayKind::Off).chain(builtin_rows(&WORKING, DayKind::Working)),
        )
    }

    /// Builds a calendar from the days that differ from the usual week. Every year that has a row
    /// counts as known in full.
    pub fn from_rows(rows: impl IntoIterator<Item = (NaiveDate, DayKind)>) -> Self {
        let mut years: BTreeMap<i32, BTreeMap<NaiveDate, DayKind>> = BTreeMap::new();
        for (date, kind) in rows {
            years.entry(date.year()).or_default().insert(date, kind);
        }
        Self { years }
    }

    /// Takes the years of `newer` instead of the own ones; other years stay.
    #[must_use]
    pub fn replaced_by(mut self, newer: Self) -> Self {
        self.years.extend(newer.years);
        self
    }

    /// Days that differ from the usual week, in order.
    pub fn rows(&self) -> impl Iterator<Item = (NaiveDate, DayKind)> {
        self.years.values().flatten().map(|(&date, &kind)| (date, kind))
    }

    /// The years that have a table. For others weekends and the holidays of the Labour Code are
    /// off, and transfers are not known.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.keys().copied()
    }

    pub fn is_working(&self, date: NaiveDate) -> bool {
        let weekday = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        match self.years.get(&date.year()) {
            Some(year) => match year.get(&date) {
                Some(DayKind::Working) => true,
                Some(DayKind::Off) => false,
                None => weekday,
            },
            None => weekday && !HOLIDAYS.contains(&(date.month() * 100 + date.day())),
        }
    }

    /// The `n`-th working day of a month, counted from one; `None` when the month has fewer or
    /// there is no such month.
    pub fn nth_working_day(&self, year: i32, month: u32, n: usize) -> Option<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        first
            .iter_days()
            .take_while(|date| date.month() == month)
            .filter(|date| self.is_working(*date))
            .nth(n.checked_sub(1)?)
    }

    /// The `n`-th working day after `date`, which itself does not count. With `n` = 0 it is `date`.
    pub fn add_working_days(&self, date: NaiveDate, n: usize) -> NaiveDate {
        let mut day = date;
        let mut left = n;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            if self.is_working(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days are after `from` up to `to` inclusive; negative when `to` is before.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let days = from.iter_days().skip(1).take_while(|date| *date <= to);
        days.map(|date| i64::from(self.is_working(date))).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn working_days(calendar: &Calendar, year: i32) -> usize {
        (1..=12)
            .map(|month| {
                (1..).take_while(|n| calendar.nth_working_day(year, month, *n).is_some()).count()
            })
            .sum()
    }

    #[test]
    fn known_years_have_the_published_number_of_working_days() {
        let calendar = Calendar::builtin();
        assert_eq!(working_days(&calendar, 2025), 247);
        assert_eq!(working_days(&calendar, 2026), 247);
    }

    #[test]
    fn every_row_differs_from_the_usual_week() {
        for (date, kind) in Calendar::builtin().rows() {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            assert_eq!(weekend, kind == DayKind::Working, "{date}");
        }
    }

    #[test]
    fn transfers_are_followed() {
        let calendar = Calendar::builtin();
        assert!(calendar.is_working(day(2025, 11, 1)));
        assert!(!calendar.is_working(day(2025, 11, 3)));
        assert!(!calendar.is_working(day(2026, 1, 9)));
        assert!(calendar.is_working(day(2026, 1, 12)));
        assert_eq!(calendar.add_working_days(day(2025, 12, 30), 1), day(2026, 1, 12));
    }

    #[test]
    fn years_without_a_table_keep_the_holidays() {
        let calendar = Calendar::builtin();
        assert!(!calendar.is_working(day(2030, 1, 8)));
        assert!(calendar.is_working(day(2030, 1, 9)));
        assert!(calendar.years().eq([2025, 2026, 2027]));
    }

    #[test]
    fn an_operator_replaces_a_year() {
        let calendar = Calendar::builtin()
            .replaced_by(Calendar::from_rows([(day(2027, 2, 22), DayKind::Off)]));
        assert!(!calendar.is_working(day(2027, 2, 22)));
        assert!(calendar.is_working(day(2027, 2, 23)));
        assert!(!calendar.is_working(day(2026, 2, 23)));
    }

    #[test]
    fn there_is_no_zeroth_and_no_thirtieth_working_day() {
        let calendar = Calendar::builtin();
        assert_eq!(calendar.nth_working_day(2026, 10, 0), None);
        assert_eq!(calendar.nth_working_day(2026, 10, 30), None);
        assert_eq!(calendar.nth_working_day(2026, 13, 1), None);
    }

    proptest! {
        #[test]
        fn counting_and_adding_agree(offset in 0u64..1500, n in 1usize..60) {
            let calendar = Calendar::builtin();
            let from = day(2024, 6, 1) + Days::new(offset);
            let to = calendar.add_working_days(from, n);
            prop_assert!(calendar.is_working(to));
            prop_assert_eq!(calendar.working_days_between(from, to), i64::try_from(n).unwrap());
            prop_assert_eq!(calendar.working_days_between(to, from), -i64::try_from(n).unwrap());
        }
    }
}
