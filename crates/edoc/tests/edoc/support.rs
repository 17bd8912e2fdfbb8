//! What several tests need.

pub mod random;

use std::path::PathBuf;

use chrono::NaiveDate;
use domain::calendar::Calendar;
use edoc::statform::{Lookup, Reference, Tnved, Unit};
use rust_decimal::Decimal;

/// The folder of official files, or `None` after saying that it is absent.
pub fn shared_data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let path =
        std::env::var_os("CABINET_SHARED_DATA").map_or_else(|| default.into(), PathBuf::from);
    let found = path.join("README.md").is_file();
    if !found {
        eprintln!("skipped: ../shared/data is not here");
    }
    found.then_some(path)
}

/// A small fictitious world in November 2026.
pub struct World {
    pub today: NaiveDate,
    pub calendar: Calendar,
}

impl World {
    pub fn new() -> Self {
        Self {
            today: NaiveDate::from_ymd_opt(2026, 11, 10).unwrap(),
            calendar: Calendar::builtin(),
        }
    }
}

impl Reference for World {
    fn today(&self) -> NaiveDate {
        self.today
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn country(&self, code: &str) -> Lookup<String> {
        match code {
            "RU" => Lookup::Known("РОССИЯ".into()),
            "KZ" => Lookup::Known("КАЗАХСТАН".into()),
            "BY" => Lookup::Known("БЕЛАРУСЬ".into()),
            "AM" => Lookup::Known("АРМЕНИЯ".into()),
            "KG" => Lookup::Known("КИРГИЗИЯ".into()),
            "CN" => Lookup::Known("КИТАЙ".into()),
            _ => Lookup::Unknown,
        }
    }

    fn currency(&self, code: &str) -> Lookup<()> {
        if ["RUB", "USD", "KZT"].contains(&code) { Lookup::Known(()) } else { Lookup::Unknown }
    }

    fn transport(&self, code: &str) -> Lookup<String> {
        if code == "30" {
            Lookup::Known("АВТОДОРОЖНЫЙ".into())
        } else {
            Lookup::Unknown
        }
    }

    fn tnved(&self, code: &str, _: NaiveDate) -> Lookup<Tnved> {
        match code {
            "8471300000" => {
                let unit = Unit { code: "796".into(), name: "ШТ".into() };
                Lookup::Known(Tnved { unit: Some(unit) })
            }
            "1001990000" => Lookup::Known(Tnved { unit: None }),
            _ => Lookup::Unknown,
        }
    }

    fn rate(&self, currency: &str, _: NaiveDate) -> Option<Decimal> {
        match currency {
            "USD" => Some(Decimal::from(80)),
            "KZT" => Some(Decimal::new(16, 2)),
            _ => None,
        }
    }

    fn registered(&self, number: &str) -> Lookup<()> {
        if number == "10000000/010126/С000001" { Lookup::Known(()) } else { Lookup::Unknown }
    }
}
