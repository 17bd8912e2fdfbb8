//! Numbers of taxpayers of the other states of the EAEU.
//!
//! The algorithms of Belarus and Kazakhstan are recalled from their published rules. For
//! Kyrgyzstan and Armenia no check digit is published: only the count of digits is checked.

use chrono::NaiveDate;

use super::{Cause, CountedChars, IdError, IdKind, digit_at, digits, require, weighted_sum};
use super::{identifier, plain_display};

identifier! {
    /// УНП of Belarus: 9 digits of an organisation; a person's begins with two Latin letters.
    Unp
}
identifier! {
    /// БИН of Kazakhstan, business number: 12 digits beginning with year and month `YYMM`.
    KzBin
}
identifier! {
    /// ИИН of Kazakhstan, individual number: 12 digits beginning with a date of birth `YYMMDD`.
    KzIin
}
identifier! {
    /// ИНН of Kyrgyzstan: 14 digits.
    KgInn
}
identifier! {
    /// УНН of Armenia: 8 digits.
    AmUnn
}
plain_display!(Unp, KzBin, KzIin, KgInn, AmUnn);

const UNP_WEIGHTS: [u32; 8] = [29, 23, 19, 17, 13, 7, 5, 3];
/// First letters: the region of a person. Their value is that of a base-36 digit.
const UNP_FIRST: &str = "ABCEHKM";
/// Second letters; the value is the place in this row.
const UNP_SECOND: &str = "ABCEHKMOPT";

impl Unp {
    /// Letters at the beginning: a person, also a sole trader.
    pub fn is_person(&self) -> bool {
        self.0.as_bytes()[0].is_ascii_uppercase()
    }

    fn read(text: &str) -> Result<String, IdError> {
        let mut unp = String::with_capacity(9);
        let mut sum = 0;
        for (position, found) in text.char_indices_by_count().filter(|(_, c)| !c.is_whitespace()) {
            let person = unp.starts_with(|c: char| c.is_ascii_uppercase());
            let value = match unp.len() {
                0 if UNP_FIRST.contains(found) => found.to_digit(36),
                1 if person => {
                    UNP_SECOND.bytes().zip(0..).find(|(c, _)| char::from(*c) == found).map(|v| v.1)
                }
                _ => found.to_digit(10),
            };
            let Some(value) = value else {
                return Err(IdError::new(IdKind::Unp, Cause::Character { position, found }));
            };
            sum += UNP_WEIGHTS.get(unp.len()).map_or(0, |weight| weight * value);
            unp.push(found);
        }
        let found = unp.len();
        require(found == 9, IdKind::Unp, Cause::Length { expected: &[9], found })?;
        require(unp.bytes().any(|digit| digit != b'0'), IdKind::Unp, Cause::Zeros)?;
        require(digit_at(&unp, 8) == sum % 11, IdKind::Unp, Cause::Checksum)?;
        Ok(unp)
    }
}

/// Weights 1…11 modulo 11; when that gives ten, weights 3…11, 1, 2; ten again is never issued.
fn kazakhstan_check(number: &str) -> Option<u32> {
    const FIRST: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
    [FIRST, SECOND].iter().map(|weights| weighted_sum(number, weights) % 11).find(|rest| *rest < 10)
}

fn kazakhstan(kind: IdKind, text: &str) -> Result<String, IdError> {
    let number = digits(kind, text, &[], &[12])?;
    let check = kazakhstan_check(&number);
    require(check == Some(digit_at(&number, 11)), kind, Cause::Checksum)?;
    Ok(number)
}

fn two_digits(number: &str, index: usize) -> u32 {
    digit_at(number, index) * 10 + digit_at(number, index + 1)
}

impl KzBin {
    fn read(text: &str) -> Result<String, IdError> {
        let bin = kazakhstan(IdKind::KzBin, text)?;
        require((1..=12).contains(&two_digits(&bin, 2)), IdKind::KzBin, Cause::Date)?;
        Ok(bin)
    }
}

impl KzIin {
    fn read(text: &str) -> Result<String, IdError> {
        let iin = kazakhstan(IdKind::KzIin, text)?;
        // The seventh digit tells century and sex: 1–2 of the XIX, 3–4 of the XX, 5–6 of the XXI;
        // others (foreigners) do not tell it, and a leap year is then given the benefit of doubt.
        let century = match digit_at(&iin, 6) {
            1 | 2 => 1800,
            3 | 4 => 1900,
            _ => 2000,
        };
        let year = century + two_digits(&iin, 0);
        let date = i32::try_from(year).ok().and_then(|year| {
            NaiveDate::from_ymd_opt(year, two_digits(&iin, 2), two_digits(&iin, 4))
        });
        require(date.is_some(), IdKind::KzIin, Cause::Date)?;
        Ok(iin)
    }
}

impl KgInn {
    fn read(text: &str) -> Result<String, IdError> {
        digits(IdKind::KgInn, text, &[], &[14])
    }
}

impl AmUnn {
    fn read(text: &str) -> Result<String, IdError> {
        digits(IdKind::AmUnn, text, &[], &[8])
    }
}
