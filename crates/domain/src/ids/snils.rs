//! СНИЛС, the insurance number of a person.

use std::fmt;

use super::{Cause, IdError, IdKind, digit_at, digits, identifier, require, weighted_sum};

identifier! {
    /// СНИЛС: 11 digits, read with or without punctuation, shown as `112-233-445 95`.
    ///
    /// Numbers up to 001-001-998 were given before check digits and are not checked.
    Snils
}

/// The last number that has no check digits.
const LAST_UNCHECKED: u32 = 1_001_998;

impl Snils {
    /// Eleven digits without punctuation.
    pub fn digits(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Result<String, IdError> {
        let snils = digits(IdKind::Snils, text, &['-', '\u{2011}', '\u{2013}'], &[11])?;
        let body = snils.bytes().take(9).fold(0, |body, d| body * 10 + u32::from(d - b'0'));
        if body > LAST_UNCHECKED {
            let sum = weighted_sum(&snils, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
            let expected = sum % 101 % 100;
            let found = digit_at(&snils, 9) * 10 + digit_at(&snils, 10);
            require(found == expected, IdKind::Snils, Cause::Checksum)?;
        }
        Ok(snils)
    }
}

impl fmt::Display for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = &self.0;
        write!(f, "{}-{}-{} {}", &d[..3], &d[3..6], &d[6..9], &d[9..])
    }
}
