//! The table of services. Names that the portal's users know are kept word for word; the
//! documents behind each service are those of the album of formats 5.23.0.

mod account;
mod declaring;
mod inspections;
mod own;
mod registers;
mod statistics;

use chrono::NaiveDate;

use super::{Group, Link, Needs, News, Right, Service, Text, both};
use crate::view::profile::Missing;
use crate::view::session::Category;

pub(super) static TABLE: &[&[Service]] = &[
    statistics::SERVICES,
    declaring::SERVICES,
    account::SERVICES,
    registers::SERVICES,
    inspections::SERVICES,
    own::SERVICES,
];

const BUSINESS: &[Category] = &[Category::Company, Category::SoleTrader];
const COMPANY: &[Category] = &[Category::Company];
const PERSONS: &[Category] = &[Category::Person, Category::SelfEmployed];
const EVERYBODY: &[Category] =
    &[Category::Company, Category::SoleTrader, Category::SelfEmployed, Category::Person];

/// What names a participant in every document.
const IDENTITY: &[Missing] = &[Missing::Inn, Missing::Kpp, Missing::Ogrn];

/// A service that is open to everybody and asks for nothing, to be narrowed by the methods below.
const fn service(code: &'static str, group: Group, name: Text, about: Text) -> Service {
    Service {
        code,
        group,
        name,
        about,
        categories: EVERYBODY,
        needs: Needs { signature: false, profile: &[], right: None },
        kinds: &[],
        built: None,
        words: "",
        help: &[],
        links: &[],
        news: &[],
    }
}

impl Service {
    const fn offered_to(mut self, categories: &'static [Category]) -> Self {
        self.categories = categories;
        self
    }

    /// Documents of the service are signed, and name the participant.
    const fn signed(mut self) -> Self {
        self.needs.signature = true;
        self.needs.profile = IDENTITY;
        self
    }

    const fn only_for(mut self, right: Right) -> Self {
        self.needs.right = Some(right);
        self
    }

    const fn kinds(mut self, kinds: &'static [&'static str]) -> Self {
        self.kinds = kinds;
        self
    }

    const fn built(mut self, href: &'static str) -> Self {
        self.built = Some(href);
        self
    }

    const fn words(mut self, words: &'static str) -> Self {
        self.words = words;
        self
    }

    const fn help(mut self, help: &'static [Text]) -> Self {
        self.help = help;
        self
    }

    const fn links(mut self, links: &'static [Link]) -> Self {
        self.links = links;
        self
    }

    const fn news(mut self, news: &'static [News]) -> Self {
        self.news = news;
        self
    }
}

const fn link(title: Text, href: &'static str) -> Link {
    Link { title, href }
}

const fn news(date: NaiveDate, text: Text) -> News {
    News { date, text }
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}

const CUSTOMS: Link = link(
    both("Федеральная таможенная служба", "Federal Customs Service"),
    "https://customs.gov.ru/",
);
const EEC: Link = link(
    both("Евразийская экономическая комиссия", "Eurasian Economic Commission"),
    "https://eec.eaeunion.org/",
);
const TAX: Link =
    link(both("Федеральная налоговая служба", "Federal Tax Service"), "https://www.nalog.gov.ru/");
const GOSUSLUGI: Link =
    link(both("Портал Госуслуг", "Gosuslugi portal"), "https://www.gosuslugi.ru/");

/// Since 1 September 2024 an employee signs with his own key under a machine-readable power.
const POWERS_NEWS: News = news(
    day(2024, 9, 1),
    both(
        "Сотрудники подписывают документы своей квалифицированной подписью физического лица вместе с машиночитаемой доверенностью.",
        "Employees sign with their own qualified signature of a natural person, together with a machine-readable power of attorney.",
    ),
);
