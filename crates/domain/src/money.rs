//! Sums and quantities as people write them in Russia: `1 234,56` with non-breaking spaces.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// The space between thousands.
pub const GROUP_SPACE: char = '\u{a0}';

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberError {
    Empty,
    /// A character that may not stand here. Positions count from one.
    Character {
        position: usize,
        found: char,
    },
    /// Spaces stand elsewhere than between thousands: `12 34`.
    Grouping,
    /// More digits after the comma than are kept.
    Scale {
        allowed: u32,
        found: u32,
    },
    /// Beyond what can be held.
    TooLarge,
}

impl NumberError {
    /// What is wrong and what would be right.
    pub fn text(&self, lang: Lang) -> String {
        match (*self, lang) {
            (Self::Empty, Lang::Ru) => "Не заполнено. Нужно число, например 1 234,56.".to_owned(),
            (Self::Empty, Lang::En) => "Empty. Expected a number, e.g. 1 234,56.".to_owned(),
            (Self::Character { position, found }, Lang::Ru) => format!(
                "На месте {position} недопустимый знак «{found}». Нужно число, например 1 234,56."
            ),
            (Self::Character { position, found }, Lang::En) => format!(
                "Character “{found}” may not stand at position {position}. Expected a number, e.g. 1 234,56."
            ),
            (Self::Grouping, Lang::Ru) => {
                "Пробелы стоят не между тысячами. Нужно, например, 1 234,56 или 1234,56.".to_owned()
            }
            (Self::Grouping, Lang::En) => {
                "Spaces may only part thousands. Expected, e.g., 1 234,56 or 1234,56.".to_owned()
            }
            (Self::Scale { allowed, found }, Lang::Ru) => {
                format!("После запятой знаков {found}, а должно быть не больше {allowed}.")
            }
            (Self::Scale { allowed, found }, Lang::En) => {
                format!("{found} digits after the comma, at most {allowed} are allowed.")
            }
            (Self::TooLarge, Lang::Ru) => "Число слишком велико.".to_owned(),
            (Self::TooLarge, Lang::En) => "The number is too large.".to_owned(),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for NumberError {}

/// Reads a number: `,` or `.` before the fraction, any white space between thousands, `-` or `−`
/// before a negative one.
///
/// # Errors
/// See [`NumberError`]; [`NumberError::Scale`] does not come from here.
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberError> {
    let start = text.chars().take_while(|c| c.is_whitespace()).count();
    let mut plain = String::with_capacity(text.len());
    let mut groups: Vec<usize> = vec![0];
    let mut fraction = false;
    for (index, found) in text.trim().chars().enumerate() {
        let error = NumberError::Character { position: start + index + 1, found };
        match found {
            '-' | '\u{2212}' if plain.is_empty() => plain.push('-'),
            '0'..='9' => {
                plain.push(found);
                if !fraction && let Some(group) = groups.last_mut() {
                    *group += 1;
                }
            }
            ',' | '.' if !fraction && groups != [0] => {
                plain.push('.');
                fraction = true;
            }
            _ if found.is_whitespace() && !fraction && groups.last() != Some(&0) => groups.push(0),
            _ if found.is_whitespace() && plain == "-" => {}
            _ => return Err(error),
        }
    }
    if groups == [0] {
        return Err(NumberError::Empty);
    }
    if groups.len() > 1 && (groups[0] > 3 || groups[1..].iter().any(|&digits| digits != 3)) {
        return Err(NumberError::Grouping);
    }
    let plain = plain.strip_suffix('.').unwrap_or(&plain);
    Decimal::from_str_exact(plain).map_err(|_| NumberError::TooLarge)
}

/// Writes a number with exactly `scale` digits after the comma, rounding halves away from zero.
pub fn format_decimal(value: Decimal, scale: u32) -> String {
    let mut rounded = round_half_up(value, scale);
    rounded.rescale(scale);
    group(&rounded.to_string())
}

/// Writes a number with as many digits after the comma as it has, without trailing zeros.
pub fn format_number(value: Decimal) -> String {
    group(&value.normalize().to_string())
}

/// Rounds halves away from zero, as sums are rounded in customs payments.
pub fn round_half_up(value: Decimal, scale: u32) -> Decimal {
    value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)
}

fn group(plain: &str) -> String {
    let (sign, plain) = match plain.strip_prefix('-') {
        Some(rest) if rest.bytes().any(|b| b.is_ascii_digit() && b != b'0') => ("\u{2212}", rest),
        Some(rest) => ("", rest),
        None => ("", plain),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut text = String::with_capacity(plain.len() * 2);
    text.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(GROUP_SPACE);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

/// A sum of roubles in kopecks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Kopecks(pub i64);

impl Kopecks {
    pub const ZERO: Self = Self(0);

    /// Reads roubles: `1 234,5` is 123 450 kopecks.
    ///
    /// # Errors
    /// As [`parse_decimal`], and [`NumberError::Scale`] for parts of a kopeck.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let roubles = parse_decimal(text)?;
        let found = roubles.normalize().scale();
        if found > 2 {
            return Err(NumberError::Scale { allowed: 2, found });
        }
        Self::from_roubles(roubles)
    }

    /// Rounds halves of a kopeck away from zero.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] beyond about 92 quadrillion roubles.
    pub fn from_roubles(roubles: Decimal) -> Result<Self, NumberError> {
        roubles
            .checked_mul(Decimal::ONE_HUNDRED)
            .and_then(|kopecks| round_half_up(kopecks, 0).to_i64())
            .map(Self)
            .ok_or(NumberError::TooLarge)
    }

    /// The sum in roubles, with two digits after the point.
    pub fn roubles(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

/// `1 234,56`, without the sign of the currency.
impl fmt::Display for Kopecks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_decimal(self.roubles(), 2))
    }
}

impl Add for Kopecks {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Kopecks {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Kopecks {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Kopecks {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn russian_and_plain_writing_are_read() {
        let expected = Decimal::new(123_456, 2);
        for text in ["1234,56", "1234.56", "1 234,56", "1\u{a0}234,56", " 1\u{202f}234.56 "] {
            assert_eq!(parse_decimal(text), Ok(expected), "{text:?}");
        }
        assert_eq!(parse_decimal("\u{2212}5"), Ok(Decimal::from(-5)));
        assert_eq!(parse_decimal("5,"), Ok(Decimal::from(5)));
    }

    #[test]
    fn ambiguous_writing_is_refused_with_the_place() {
        assert_eq!(parse_decimal(""), Err(NumberError::Empty));
        assert_eq!(parse_decimal("-"), Err(NumberError::Empty));
        assert_eq!(parse_decimal("12 34"), Err(NumberError::Grouping));
        assert_eq!(parse_decimal("1234 567"), Err(NumberError::Grouping));
        for (text, position, found) in [
            ("1,234.5", 6, '.'),
            (" 1x", 3, 'x'),
            (",5", 1, ','),
            ("1-2", 2, '-'),
            ("1,2 3", 4, ' '),
        ] {
            assert_eq!(parse_decimal(text), Err(NumberError::Character { position, found }));
        }
        assert_eq!(parse_decimal(&"9".repeat(40)), Err(NumberError::TooLarge));
    }

    #[test]
    fn sums_are_shown_with_non_breaking_spaces() {
        assert_eq!(Kopecks(123_456_789).to_string(), "1\u{a0}234\u{a0}567,89");
        assert_eq!(Kopecks(-5).to_string(), "\u{2212}0,05");
        assert_eq!(format_decimal(Decimal::new(-4, 3), 2), "0,00");
        assert_eq!(format_decimal(Decimal::new(125, 3), 2), "0,13");
        assert_eq!(format_number(Decimal::new(1_000_500, 3)), "1\u{a0}000,5");
    }

    #[test]
    fn parts_of_a_kopeck_are_refused() {
        assert_eq!(Kopecks::parse("1,005"), Err(NumberError::Scale { allowed: 2, found: 3 }));
        assert_eq!(Kopecks::parse("1,500"), Ok(Kopecks(150)));
        assert_eq!(Kopecks::from_roubles(Decimal::MAX), Err(NumberError::TooLarge));
    }

    proptest! {
        #[test]
        fn kopecks_read_back(kopecks: i64) {
            prop_assert_eq!(Kopecks::parse(&Kopecks(kopecks).to_string()), Ok(Kopecks(kopecks)));
        }

        #[test]
        fn any_number_reads_back(mantissa: i64, scale in 0u32..12) {
            let number = Decimal::new(mantissa, scale);
            prop_assert_eq!(parse_decimal(&format_number(number)), Ok(number.normalize()));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[-0-9., ]{0,60}") {
            let _ = parse_decimal(&text);
        }
    }
}
