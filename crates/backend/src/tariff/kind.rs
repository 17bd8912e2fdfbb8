//! Kinds of reference data, and which kind a file is.

use std::fmt;

/// One kind of reference data; each is imported and dated on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// ТН ВЭД ЕАЭС: `TNVED1.TXT`–`TNVED4.TXT` of the tax service, or `tnved.json`.
    Tnved,
    /// Supplementary units of commodity codes: CSV `code;unit`.
    TnvedUnits,
    /// Import duties (ЕТТ): JSON `eec_ett_v1`.
    DutyRates,
    /// Units of measure (ОКЕИ): JSON.
    Units,
    /// Countries: JSON with `alpha2`, `numeric`, `name_ru`.
    Countries,
    /// Exchange rates: CSV `date;currency;nominal;rate`, or the Bank of Russia's XML of a day.
    ExchangeRates,
    /// Production calendar: CSV `date;kind`.
    Calendar,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Tnved,
        Self::TnvedUnits,
        Self::DutyRates,
        Self::Units,
        Self::Countries,
        Self::ExchangeRates,
        Self::Calendar,
    ];

    /// The name on the command line and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tnved => "tnved",
            Self::TnvedUnits => "tnved_units",
            Self::DutyRates => "duty_rates",
            Self::Units => "units",
            Self::Countries => "countries",
            Self::ExchangeRates => "exchange_rates",
            Self::Calendar => "calendar",
        }
    }

    /// What kind a file is, by its name and its beginning; `None` when it is none of them.
    pub fn of_file(name: &str, bytes: &[u8]) -> Option<Self> {
        let name = name.to_lowercase();
        if name.starts_with("tnved") && name.ends_with(".txt") {
            return Some(Self::Tnved);
        }
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
        let start = start.trim_start_matches('\u{feff}').trim_start();
        let first = start.lines().next().unwrap_or_default().replace(' ', "").to_lowercase();
        let has = |word: &str| start.contains(word);
        match first.as_str() {
            "date;currency;nominal;rate" => Some(Self::ExchangeRates),
            "date;kind" => Some(Self::Calendar),
            "code;unit" => Some(Self::TnvedUnits),
            _ if has("<ValCurs") => Some(Self::ExchangeRates),
            _ if has("\"eec_ett_v1\"") => Some(Self::DutyRates),
            _ if has("\"Sections\"") && has("\"Uoms\"") => Some(Self::Units),
            _ if has("\"alpha2\"") => Some(Self::Countries),
            _ if has("\"chapter\"") && has("\"groups\"") => Some(Self::Tnved),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Kind {
    type Err = String;

    /// # Errors
    /// Names all kinds when `name` is none of them.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("неизвестный вид справочника «{name}». Нужно одно из: {names}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("rates".parse::<Kind>().unwrap_err().contains("exchange_rates"));
    }

    #[test]
    fn files_are_recognised() {
        for (name, text, kind) in [
            ("TNVED4.TXT", "020|20220811|0000|", Some(Kind::Tnved)),
            ("rates.csv", "\u{feff}date;currency;nominal;rate\r\n", Some(Kind::ExchangeRates)),
            ("XML_daily.asp", "<?xml version=\"1.0\"?><ValCurs Date=\"", Some(Kind::ExchangeRates)),
            ("days.csv", "Date; Kind\n", Some(Kind::Calendar)),
            ("ett.json", "{\"revision\": 1, \"format\": \"eec_ett_v1\"", Some(Kind::DutyRates)),
            ("readme.md", "date, kind", None),
        ] {
            assert_eq!(Kind::of_file(name, text.as_bytes()), kind, "{name}");
        }
    }
}
