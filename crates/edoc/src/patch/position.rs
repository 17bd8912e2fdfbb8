//! Fractional indices: between any two positions there is a third.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::id::serde_as_text;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const LIMIT: usize = 1000;

/// The place of an item among its siblings: the digits of a fraction in base 36, which never end
/// with a zero. Positions compare as text. Two items may hold the same position (both were put
/// there at once); their ids then decide.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position(Box<str>);

/// Why a text is not a position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a position: 1 to 1000 digits 0–9, a–z are expected, the last of them not 0")]
pub struct PositionError(String);

impl Position {
    /// The `n`-th of a row that is laid out at once; a later one sorts after an earlier one.
    pub fn nth(n: usize) -> Self {
        let mut n = n + 1;
        let mut digits = vec![b'i'];
        while n > 0 {
            digits.push(DIGITS[n % 36]);
            n /= 36;
        }
        // Longer numbers sort after shorter ones: the first digit tells the length.
        let length = (digits.len() - 1).min(35);
        digits.push(DIGITS[length]);
        digits.reverse();
        Self(String::from_utf8_lossy(&digits).into())
    }

    /// A position after `a` and before `b`; an absent bound means the beginning or the end. When
    /// `b` is not after `a` the result is the nearest one after `a`.
    pub fn between(a: Option<&Self>, b: Option<&Self>) -> Self {
        if b.is_none() {
            return Self::nth(a.and_then(Self::row).map_or(0, |n| n + 1)).max_after(a);
        }
        let low = a.map_or(&b""[..], |p| p.0.as_bytes());
        let high = b.map(|p| p.0.as_bytes()).filter(|high| *high > low);
        let mut out = Vec::with_capacity(low.len() + 1);
        let mut bounded = high.is_some();
        for at in 0.. {
            let from = low.get(at).map_or(0, |&b| digit(b));
            let to = match high {
                Some(high) if bounded => high.get(at).map_or(0, |&b| digit(b)),
                _ => 36,
            };
            if to > from + 1 {
                out.push(DIGITS[(from + to) / 2]);
                break;
            }
            bounded = bounded && from == to;
            out.push(DIGITS[from]);
        }
        Self(String::from_utf8_lossy(&out).into())
    }

    /// The number in a row that this position has, or that the nearest one before it has.
    fn row(&self) -> Option<usize> {
        let (&first, rest) = self.0.as_bytes().split_first()?;
        let digits = rest.get(..digit(first)).filter(|digits| digits.len() <= 8)?;
        let n = digits.iter().fold(0u64, |n, &b| n * 36 + digit(b) as u64);
        usize::try_from(n).ok()?.checked_sub(1)
    }

    fn max_after(self, a: Option<&Self>) -> Self {
        match a {
            Some(a) if *a >= self => Self(format!("{a}i").into()),
            _ => self,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn digit(byte: u8) -> usize {
    match byte {
        b'0'..=b'9' => usize::from(byte - b'0'),
        _ => usize::from(byte.saturating_sub(b'a')) + 10,
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let good = !text.is_empty()
            && text.len() <= LIMIT
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
            && !text.ends_with('0');
        match good {
            true => Ok(Self(text.into())),
            false => Err(PositionError(text.chars().take(40).collect())),
        }
    }
}

serde_as_text!(Position);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_are_ordered() {
        let row: Vec<_> = (0..5000).map(Position::nth).collect();
        assert!(row.windows(2).all(|w| w[0] < w[1]));
        assert!(row.iter().all(|p| p.as_str().parse::<Position>().is_ok()));
    }

    #[test]
    fn at_the_ends() {
        let first = Position::nth(0);
        let before = Position::between(None, Some(&first));
        let after = Position::between(Some(&first), None);
        assert!(before < first && first < after);
        assert_eq!(after, Position::nth(1));
        let last: Position = "zzzz".parse().unwrap();
        assert!(Position::between(Some(&last), None) > last);
    }

    #[test]
    fn typing_at_one_place_grows_slowly() {
        let (mut low, high) = (Position::nth(0), Position::nth(1));
        for _ in 0..500 {
            let next = Position::between(Some(&low), Some(&high));
            assert!(low < next && next < high);
            low = next;
        }
        assert!(low.as_str().len() < LIMIT);
    }

    proptest! {
        #[test]
        fn between_is_between(mut a in "[0-9a-z]{0,6}[1-9a-z]", mut b in "[0-9a-z]{0,6}[1-9a-z]") {
            prop_assume!(a != b);
            if a > b { std::mem::swap(&mut a, &mut b); }
            let (a, b): (Position, Position) = (a.parse().unwrap(), b.parse().unwrap());
            let m = Position::between(Some(&a), Some(&b));
            prop_assert!(a < m && m < b, "{a} {m} {b}");
            prop_assert!(m.as_str().parse::<Position>().is_ok());
        }
    }
}
