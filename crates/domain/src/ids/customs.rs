//! The commodity code and the registration number of a customs document.

use chrono::{Datelike, NaiveDate};

use super::{Cause, CountedChars, IdError, IdKind, digits, identifier, plain_display, require};

identifier! {
    /// A code of the EAEU commodity nomenclature (ТН ВЭД): a heading of 4 digits, a subheading of
    /// 6 or 8, or a declarable code of 10. There is no check digit: whether a code is in force on
    /// a date is a question to the reference data.
    TnVedCode
}
identifier! {
    /// The number customs gives to a document: `CCCCCCCC/DDMMYY/NNNNNNN` — office, date, number
    /// (1–7 characters of which the first may be a capital letter) — and `/NN` after a change.
    RegNumber
}
plain_display!(TnVedCode, RegNumber);

impl TnVedCode {
    /// Two digits: the chapter (группа).
    pub fn chapter(&self) -> &str {
        &self.0[..2]
    }

    /// Four digits: the heading (позиция).
    pub fn heading(&self) -> &str {
        &self.0[..4]
    }

    /// Six digits: the subheading, when the code goes so far.
    pub fn subheading(&self) -> Option<&str> {
        self.0.get(..6)
    }

    /// All ten digits: only such a code can be declared.
    pub fn is_full(&self) -> bool {
        self.0.len() == 10
    }

    /// `8471 30 000 0`, the way the official tariff prints it.
    pub fn grouped(&self) -> String {
        [(0, 4), (4, 6), (6, 9), (9, 10)]
            .into_iter()
            .map(|(from, to)| (from, to.min(self.0.len())))
            .filter(|(from, to)| from < to)
            .map(|(from, to)| &self.0[from..to])
            .collect::<Vec<_>>()
            .join("\u{a0}")
    }

    fn read(text: &str) -> Result<String, IdError> {
        let code = digits(IdKind::TnVedCode, text, &[], &[4, 6, 8, 10])?;
        let group: u8 = code[..2].bytes().fold(0, |n, digit| n * 10 + (digit - b'0'));
        if !(1..=97).contains(&group) || group == 77 {
            let found = char::from(code.as_bytes()[1]);
            return Err(IdError::new(IdKind::TnVedCode, Cause::Character { position: 2, found }));
        }
        Ok(code)
    }
}

impl RegNumber {
    /// Puts a number together; `number` is the third part.
    ///
    /// # Errors
    /// As when the whole is read from text.
    pub fn new(customs_code: &str, date: NaiveDate, number: &str) -> Result<Self, IdError> {
        let (day, month, year) = (date.day(), date.month(), date.year() % 100);
        format!("{customs_code}/{day:02}{month:02}{year:02}/{number}").parse()
    }

    /// Eight digits of the customs office that registered the document.
    pub fn customs_code(&self) -> &str {
        &self.0[..8]
    }

    /// The day of registration. Two digits of the year are of this century.
    pub fn date(&self) -> NaiveDate {
        date_of(&self.0[9..15]).unwrap_or_default()
    }

    /// The third part: 1–7 characters.
    pub fn number(&self) -> &str {
        self.0[16..].split('/').next().unwrap_or_default()
    }

    /// The number of the change, after the third slash.
    pub fn addition(&self) -> Option<&str> {
        self.0[16..].split_once('/').map(|(_, addition)| addition)
    }

    fn read(text: &str) -> Result<String, IdError> {
        let kind = IdKind::RegNumber;
        let mut number = String::with_capacity(24);
        // 0 — office, 1 — date, 2 — number, 3 — change.
        let (mut part, mut length) = (0, 0);
        for (position, found) in text.char_indices_by_count().filter(|(_, c)| !c.is_whitespace()) {
            let letter = part == 2 && length == 0 && found.is_uppercase();
            if found == '/' && part < 3 {
                part_length(part, length)?;
                (part, length) = (part + 1, 0);
            } else if found.is_ascii_digit() || letter {
                length += 1;
            } else {
                return Err(IdError::new(kind, Cause::Character { position, found }));
            }
            number.push(found);
        }
        part_length(part, length)?;
        if part < 2 {
            let found = number.len();
            let expected = &[17, 18, 19, 20, 21, 22, 23];
            return Err(IdError::new(kind, Cause::Length { expected, found }));
        }
        require(date_of(&number[9..15]).is_some(), kind, Cause::Date)?;
        Ok(number)
    }
}

/// Checks how long a part of a registration number is.
fn part_length(part: usize, found: usize) -> Result<(), IdError> {
    const LENGTHS: [&[u8]; 4] = [&[8], &[6], &[1, 2, 3, 4, 5, 6, 7], &[2]];
    let expected = LENGTHS[part];
    let fits = expected.iter().any(|&length| usize::from(length) == found);
    require(fits, IdKind::RegNumber, Cause::Length { expected, found })
}

fn date_of(ddmmyy: &str) -> Option<NaiveDate> {
    let number = |from: usize| ddmmyy.get(from..from + 2)?.parse::<u32>().ok();
    let year = i32::try_from(2000 + number(4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(2)?, number(0)?)
}
