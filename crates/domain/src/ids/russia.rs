//! Numbers of the Russian tax service: ИНН, КПП, ОГРН, ОГРНИП.

use super::{Cause, CountedChars, IdError, IdKind, digit_at, digits, require, weighted_sum};
use super::{identifier, plain_display};

identifier! {
    /// ИНН, the taxpayer number: 10 digits of an organisation or 12 of a person.
    Inn
}
identifier! {
    /// КПП, the reason code of a tax registration: `9999XX999`, X being a digit or `A`–`Z`.
    Kpp
}
identifier! {
    /// ОГРН, the number in the register of legal entities: 13 digits.
    Ogrn
}
identifier! {
    /// ОГРНИП, the number in the register of sole traders: 15 digits.
    Ogrnip
}
plain_display!(Inn, Kpp, Ogrn, Ogrnip);

/// Weights of the last digit of a twelve-digit number; each shorter rule is a tail of it.
const INN_WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

impl Inn {
    /// Twelve digits: a person, also a sole trader.
    pub fn is_person(&self) -> bool {
        self.0.len() == 12
    }

    fn read(text: &str) -> Result<String, IdError> {
        let inn = digits(IdKind::Inn, text, &[], &[10, 12])?;
        let checked = if inn.len() == 10 { 9..10 } else { 10..12 };
        for index in checked {
            let weights = &INN_WEIGHTS[INN_WEIGHTS.len() - index..];
            let expected = weighted_sum(&inn, weights) % 11 % 10;
            require(digit_at(&inn, index) == expected, IdKind::Inn, Cause::Checksum)?;
        }
        Ok(inn)
    }
}

impl Kpp {
    fn read(text: &str) -> Result<String, IdError> {
        let mut kpp = String::with_capacity(9);
        for (position, found) in text.char_indices_by_count() {
            if found.is_whitespace() {
                continue;
            }
            let letter_allowed = matches!(kpp.len(), 4 | 5);
            if !(found.is_ascii_digit() || letter_allowed && found.is_ascii_uppercase()) {
                return Err(IdError::new(IdKind::Kpp, Cause::Character { position, found }));
            }
            kpp.push(found);
        }
        let found = kpp.len();
        require(found == 9, IdKind::Kpp, Cause::Length { expected: &[9], found })?;
        require(kpp.bytes().any(|digit| digit != b'0'), IdKind::Kpp, Cause::Zeros)?;
        Ok(kpp)
    }
}

impl Ogrn {
    fn read(text: &str) -> Result<String, IdError> {
        register_number(IdKind::Ogrn, text, &[13], 11)
    }
}

impl Ogrnip {
    fn read(text: &str) -> Result<String, IdError> {
        register_number(IdKind::Ogrnip, text, &[15], 13)
    }
}

/// The last digit is the number before it modulo `modulus`, of which the last digit counts.
fn register_number(
    kind: IdKind,
    text: &str,
    length: &'static [u8],
    modulus: u64,
) -> Result<String, IdError> {
    let number = digits(kind, text, &[], length)?;
    let last = number.len() - 1;
    let body =
        number.bytes().take(last).fold(0u64, |body, digit| body * 10 + u64::from(digit - b'0'));
    let expected = body % modulus % 10;
    require(u64::from(digit_at(&number, last)) == expected, kind, Cause::Checksum)?;
    Ok(number)
}
