//! Why a text is not the identifier it should be.

use std::fmt;

use crate::lang::Lang;

/// Which identifier was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdKind {
    Inn,
    Kpp,
    Ogrn,
    Ogrnip,
    Snils,
    TnVedCode,
    Bik,
    BankAccount,
    Unp,
    KzBin,
    KzIin,
    KgInn,
    AmUnn,
    RegNumber,
}

impl IdKind {
    /// The name people use.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            IdKind::Inn => ("ИНН", "INN (taxpayer number)"),
            IdKind::Kpp => ("КПП", "KPP (tax registration reason code)"),
            IdKind::Ogrn => ("ОГРН", "OGRN (company register number)"),
            IdKind::Ogrnip => ("ОГРНИП", "OGRNIP (sole trader register number)"),
            IdKind::Snils => ("СНИЛС", "SNILS (personal insurance number)"),
            IdKind::TnVedCode => ("Код ТН ВЭД ЕАЭС", "EAEU commodity code"),
            IdKind::Bik => ("БИК", "BIK (bank code)"),
            IdKind::BankAccount => ("Номер счёта", "Account number"),
            IdKind::Unp => ("УНП (Беларусь)", "UNP (Belarus taxpayer number)"),
            IdKind::KzBin => ("БИН (Казахстан)", "BIN (Kazakhstan business number)"),
            IdKind::KzIin => ("ИИН (Казахстан)", "IIN (Kazakhstan individual number)"),
            IdKind::KgInn => ("ИНН (Киргизия)", "INN (Kyrgyzstan taxpayer number)"),
            IdKind::AmUnn => ("УНН (Армения)", "TIN (Armenia taxpayer number)"),
            IdKind::RegNumber => ("Регистрационный номер", "Registration number"),
        };
        lang.pick(ru, en)
    }

    /// What a right one looks like.
    pub const fn shape(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            IdKind::Inn => (
                "10 цифр у организации, 12 у физического лица и ИП; последние — контрольные",
                "10 digits for a company, 12 for a person or sole trader; the last ones are check digits",
            ),
            IdKind::Kpp => (
                "9 знаков: 4 цифры, 2 цифры или заглавные латинские буквы, 3 цифры; например 773601001",
                "9 characters: 4 digits, 2 digits or capital Latin letters, 3 digits; e.g. 773601001",
            ),
            IdKind::Ogrn => {
                ("13 цифр, последняя — контрольная", "13 digits, the last one is a check digit")
            }
            IdKind::Ogrnip => {
                ("15 цифр, последняя — контрольная", "15 digits, the last one is a check digit")
            }
            IdKind::Snils => (
                "11 цифр, последние две — контрольные; например 112-233-445 95",
                "11 digits, the last two are check digits; e.g. 112-233-445 95",
            ),
            IdKind::TnVedCode => (
                "4, 6, 8 или 10 цифр; первые две — группа от 01 до 97, кроме 77",
                "4, 6, 8 or 10 digits; the first two are a chapter from 01 to 97 except 77",
            ),
            IdKind::Bik => (
                "9 цифр, первые две — 04 у банка, 00, 01 или 02 у Банка России и казначейства",
                "9 digits beginning with 04 for a bank, 00, 01 or 02 for the Bank of Russia and the treasury",
            ),
            IdKind::BankAccount => (
                "20 цифр; ключ счёта должен сходиться с БИК его банка",
                "20 digits; the key of the account must agree with the BIK of its bank",
            ),
            IdKind::Unp => (
                "9 знаков: цифры, у физического лица первые два — латинские буквы; последняя цифра — контрольная",
                "9 characters: digits, for a person the first two are Latin letters; the last digit is a check digit",
            ),
            IdKind::KzBin => (
                "12 цифр: год и месяц регистрации ГГММ, признаки, номер; последняя — контрольная",
                "12 digits: year and month of registration YYMM, kind, number; the last one is a check digit",
            ),
            IdKind::KzIin => (
                "12 цифр: дата рождения ГГММДД, признак, номер; последняя — контрольная",
                "12 digits: date of birth YYMMDD, century and sex, number; the last one is a check digit",
            ),
            IdKind::KgInn => ("14 цифр", "14 digits"),
            IdKind::AmUnn => ("8 цифр", "8 digits"),
            IdKind::RegNumber => (
                "код таможенного органа (8 цифр)/ДДММГГ/номер (до 7 знаков); например 10803040/240526/0910135",
                "customs office code (8 digits)/DDMMYY/number (up to 7 characters); e.g. 10803040/240526/0910135",
            ),
        };
        lang.pick(ru, en)
    }
}

/// What is wrong with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Wrong count of characters, separators not counted.
    Length { expected: &'static [u8], found: usize },
    /// A character that may not stand here. Positions count from one in the text as it was given.
    Character { position: usize, found: char },
    /// The check digits do not agree with the others.
    Checksum,
    /// The part that is a date is none.
    Date,
    /// Nothing but zeros: it passes the arithmetic and is given to nobody.
    Zeros,
}

/// A text that is not the identifier of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdError {
    pub kind: IdKind,
    pub cause: Cause,
}

impl IdError {
    pub(crate) const fn new(kind: IdKind, cause: Cause) -> Self {
        Self { kind, cause }
    }

    /// What is wrong.
    pub fn what(&self, lang: Lang) -> String {
        let name = self.kind.name(lang);
        match (self.cause, lang) {
            (Cause::Length { found: 0, .. }, Lang::Ru) => format!("{name}: не заполнено"),
            (Cause::Length { found: 0, .. }, Lang::En) => format!("{name}: empty"),
            (Cause::Length { expected, found }, Lang::Ru) => {
                format!("{name}: введено знаков {found}, а должно быть {}", list(expected, " или "))
            }
            (Cause::Length { expected, found }, Lang::En) => {
                format!("{name}: {found} characters instead of {}", list(expected, " or "))
            }
            (Cause::Character { position, found }, Lang::Ru) => {
                format!("{name}: на месте {position} недопустимый знак «{found}»")
            }
            (Cause::Character { position, found }, Lang::En) => {
                format!("{name}: character “{found}” may not stand at position {position}")
            }
            (Cause::Checksum, Lang::Ru) => {
                format!("{name}: контрольное число не сходится, в номере опечатка")
            }
            (Cause::Checksum, Lang::En) => {
                format!("{name}: the check digits do not match, there is a typing error")
            }
            (Cause::Date, Lang::Ru) => format!("{name}: часть номера, где дата, — не дата"),
            (Cause::Date, Lang::En) => format!("{name}: the date inside the number is not a date"),
            (Cause::Zeros, Lang::Ru) => format!("{name}: не может состоять из одних нулей"),
            (Cause::Zeros, Lang::En) => format!("{name}: cannot be all zeros"),
        }
    }

    /// What would be right.
    pub fn right(&self, lang: Lang) -> String {
        let shape = self.kind.shape(lang);
        match (self.cause, lang) {
            (Cause::Checksum, Lang::Ru) => format!("Сверьте с документом: {shape}."),
            (Cause::Checksum, Lang::En) => format!("Compare with the document: {shape}."),
            (_, Lang::Ru) => format!("Нужно: {shape}."),
            (_, Lang::En) => format!("Expected: {shape}."),
        }
    }

    /// Both sentences together.
    pub fn text(&self, lang: Lang) -> String {
        format!("{}. {}", self.what(lang), self.right(lang))
    }
}

fn list(lengths: &[u8], or: &str) -> String {
    lengths.iter().map(u8::to_string).collect::<Vec<_>>().join(or)
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what(Lang::En))
    }
}

impl std::error::Error for IdError {}
