//! Identifiers that cannot hold a wrong check number.
//!
//! Every type here is made by [`FromStr`](std::str::FromStr) (or `TryFrom<String>`, which serde
//! uses), keeps only the canonical characters, and gives them back by `as_str`. Spaces — also the
//! non-breaking ones that come with a paste from a document — are passed over when reading.

mod bank;
mod customs;
mod eaeu;
mod error;
mod russia;
mod snils;

pub use bank::{BankAccount, Bik};
pub use customs::{RegNumber, TnVedCode};
pub use eaeu::{AmUnn, KgInn, KzBin, KzIin, Unp};
pub use error::{Cause, IdError, IdKind};
pub use russia::{Inn, Kpp, Ogrn, Ogrnip};
pub use snils::Snils;

/// Declares a newtype over the canonical text of an identifier. The type must have
/// `fn read(&str) -> Result<String, IdError>`, which is the only way in.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The canonical characters, as they are stored and sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::read(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::ids::IdError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

/// Shows the canonical characters as they are.
macro_rules! plain_display {
    ($($name:ident),+) => {
        $(impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        })+
    };
}

use {identifier, plain_display};

/// Reads decimal digits, passing over white space and the `separators`, and checks that their
/// count is one of `lengths` and that they are not all zero.
fn digits(
    kind: IdKind,
    text: &str,
    separators: &[char],
    lengths: &'static [u8],
) -> Result<String, IdError> {
    let mut digits = String::with_capacity(20);
    for (index, found) in text.char_indices_by_count() {
        if found.is_ascii_digit() {
            digits.push(found);
        } else if !found.is_whitespace() && !separators.contains(&found) {
            return Err(IdError::new(kind, Cause::Character { position: index, found }));
        }
    }
    let found = digits.len();
    if !lengths.iter().any(|&length| usize::from(length) == found) {
        return Err(IdError::new(kind, Cause::Length { expected: lengths, found }));
    }
    if digits.bytes().all(|digit| digit == b'0') {
        return Err(IdError::new(kind, Cause::Zeros));
    }
    Ok(digits)
}

/// Numbers the characters of a text from one, as people do.
trait CountedChars {
    fn char_indices_by_count(&self) -> impl Iterator<Item = (usize, char)>;
}

impl CountedChars for str {
    fn char_indices_by_count(&self) -> impl Iterator<Item = (usize, char)> {
        self.chars().enumerate().map(|(index, found)| (index + 1, found))
    }
}

/// Σ weightᵢ · digitᵢ over as many digits as there are weights.
fn weighted_sum(digits: &str, weights: &[u32]) -> u32 {
    digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum()
}

/// The digit at `index` (from zero) as a number.
fn digit_at(digits: &str, index: usize) -> u32 {
    u32::from(digits.as_bytes()[index] - b'0')
}

fn require(holds: bool, kind: IdKind, cause: Cause) -> Result<(), IdError> {
    if holds { Ok(()) } else { Err(IdError::new(kind, cause)) }
}

#[cfg(test)]
mod tests;
