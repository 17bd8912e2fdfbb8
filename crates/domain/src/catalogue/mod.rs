//! Services of the cabinet: a table with the album's documents behind each, who may use them and
//! why not, and the search over them.

mod availability;
mod table;

use std::sync::LazyLock;

use chrono::NaiveDate;

pub use availability::{Availability, Limit, availability};

use crate::lang::Lang;
use crate::text;
use crate::view::profile::Missing;
use crate::view::session::Category;

/// One text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub ru: &'static str,
    pub en: &'static str,
}

impl Text {
    pub const fn get(self, lang: Lang) -> &'static str {
        lang.pick(self.ru, self.en)
    }
}

pub(crate) const fn both(ru: &'static str, en: &'static str) -> Text {
    Text { ru, en }
}

/// Headings of «Все сервисы», in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Statistics,
    Declaring,
    Movement,
    Account,
    Guarantees,
    Decisions,
    Registers,
    Reporting,
    Inspections,
    Archive,
    Powers,
    Persons,
    Support,
}

impl Group {
    pub const ALL: [Group; 13] = [
        Group::Statistics,
        Group::Declaring,
        Group::Movement,
        Group::Account,
        Group::Guarantees,
        Group::Decisions,
        Group::Registers,
        Group::Reporting,
        Group::Inspections,
        Group::Archive,
        Group::Powers,
        Group::Persons,
        Group::Support,
    ];

    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Group::Statistics => ("Статистика", "Statistics"),
            Group::Declaring => ("Декларирование", "Declarations"),
            Group::Movement => ("Прибытие, убытие и транзит", "Arrival, departure and transit"),
            Group::Account => ("Лицевой счёт и платежи", "Account and payments"),
            Group::Guarantees => ("Обеспечение уплаты", "Payment guarantees"),
            Group::Decisions => ("Предварительные решения", "Advance rulings"),
            Group::Registers => ("Реестры и разрешения", "Registers and permits"),
            Group::Reporting => ("Отчётность", "Reporting"),
            Group::Inspections => ("Проверки, нарушения", "Inspections and offences"),
            Group::Archive => ("Электронный архив", "Electronic archive"),
            Group::Powers => ("Доверенности и сотрудники", "Powers of attorney and employees"),
            Group::Persons => ("Физическим лицам", "For private persons"),
            Group::Support => ("Обращения и поддержка", "Appeals and support"),
        };
        lang.pick(ru, en)
    }

    /// The anchor of the group on the page.
    pub const fn id(self) -> &'static str {
        match self {
            Group::Statistics => "statistics",
            Group::Declaring => "declaring",
            Group::Movement => "movement",
            Group::Account => "account",
            Group::Guarantees => "guarantees",
            Group::Decisions => "decisions",
            Group::Registers => "registers",
            Group::Reporting => "reporting",
            Group::Inspections => "inspections",
            Group::Archive => "archive",
            Group::Powers => "powers",
            Group::Persons => "persons",
            Group::Support => "support",
        }
    }
}

/// What a person must be allowed in the cabinet to use a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Only the head, who acts without a power of attorney.
    Chief,
    /// The head or an administrator.
    Admin,
}

/// What a service asks of the cabinet before it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Documents of this service are sent with a signature. Without one they can be filled and
    /// kept, not sent.
    pub signature: bool,
    /// Fields of the profile without which the documents cannot be filled.
    pub profile: &'static [Missing],
    pub right: Option<Right>,
}

/// A page to read more on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub title: Text,
    pub href: &'static str,
}

/// A change that users of the service should know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    pub date: NaiveDate,
    pub text: Text,
}

/// One row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Stands in addresses and in the database; never changed.
    pub code: &'static str,
    pub group: Group,
    pub name: Text,
    pub about: Text,
    pub categories: &'static [Category],
    pub needs: Needs,
    /// Codes of the album's documents (`1006124E`) that the service writes or reads.
    pub kinds: &'static [&'static str],
    /// Where «Начать работу» leads; `None` while the area is not built.
    pub built: Option<&'static str>,
    /// Further words by which people look for it.
    pub words: &'static str,
    pub help: &'static [Text],
    pub links: &'static [Link],
    pub news: &'static [News],
}

/// All services, group by group.
pub fn services() -> impl Iterator<Item = &'static Service> {
    table::TABLE.iter().copied().flatten()
}

/// The services of one group, in the order of the page.
pub fn in_group(group: Group) -> impl Iterator<Item = &'static Service> {
    services().filter(move |service| service.group == group)
}

pub fn find(code: &str) -> Option<&'static Service> {
    services().find(|service| service.code == code)
}

/// Stems of a service's words.
struct Key {
    service: &'static Service,
    name: Vec<String>,
    all: Vec<String>,
}

/// The stems of all services, computed once.
static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    services()
        .map(|service| {
            let name = [service.name.ru, service.name.en].join(" ");
            let mut words = [
                name.as_str(),
                service.about.ru,
                service.about.en,
                service.group.name(Lang::Ru),
                service.group.name(Lang::En),
                service.words,
            ]
            .join(" ");
            for kind in service.kinds {
                words.push(' ');
                words.push_str(kind);
            }
            Key { service, name: text::search_key(&name), all: text::search_key(&words) }
        })
        .collect()
});

/// Services in which every word of the query occurs, whatever its ending; those whose names
/// hold the whole query come first. An empty query finds all.
pub fn search(query: &str) -> Vec<&'static Service> {
    let query = text::Query::new(query);
    if query.is_empty() {
        return services().collect();
    }
    let found = KEYS.iter().filter(|entry| query.matches(&entry.all));
    let (by_name, by_rest): (Vec<_>, Vec<_>) = found.partition(|entry| query.matches(&entry.name));
    by_name.into_iter().chain(by_rest).map(|entry| entry.service).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn names(query: &str) -> Vec<&'static str> {
        search(query).into_iter().map(|service| service.name.ru).collect()
    }

    #[test]
    fn codes_are_unique_and_fit_for_an_address() {
        let mut seen = HashSet::new();
        for service in services() {
            assert!(seen.insert(service.code), "{} stands twice", service.code);
            let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(service.code.chars().all(fit), "{}", service.code);
        }
    }

    #[test]
    fn every_service_says_in_both_languages_what_it_is_and_for_whom() {
        for service in services() {
            for text in [service.name, service.about] {
                assert!(!text.ru.is_empty() && !text.en.is_empty(), "{}", service.code);
            }
            assert!(!service.categories.is_empty(), "{}", service.code);
            for kind in service.kinds {
                let shaped = kind.len() == 8
                    && kind.ends_with('E')
                    && kind[..7].bytes().all(|b| b.is_ascii_digit());
                assert!(shaped, "{}: {kind} is no code of the album", service.code);
            }
        }
    }

    #[test]
    fn every_group_has_services() {
        for group in Group::ALL {
            assert!(in_group(group).next().is_some(), "{group:?} is empty");
        }
        assert_eq!(Group::ALL.into_iter().flat_map(in_group).count(), services().count());
    }

    #[test]
    fn names_of_the_portal_are_kept_word_for_word() {
        let all: HashSet<_> = services().map(|service| service.name.ru).collect();
        for name in [
            "Статформы. С электронной подписью",
            "Статистические формы для самозанятых физических лиц",
            "Информация об остатках на едином лицевом счёте",
            "Лицевой счёт. Заявления",
            "Задолженности. Электронные документы",
            "Задолженности по уплате таможенных и иных платежей",
            "Таможенная проверка",
            "Электронный архив",
            "Доверенности МЧД",
            "Предварительное информирование",
            "Обращения в техподдержку",
        ] {
            assert!(all.contains(name), "{name}");
        }
    }

    #[test]
    fn word_forms_are_found() {
        assert!(names("декларации").contains(&"Декларация на товары"));
        assert!(names("статформ").contains(&"Статформы. С электронной подписью"));
        assert!(
            names("самозанятого").contains(&"Статистические формы для самозанятых физических лиц")
        );
        assert!(names("1006124E").contains(&"Статформы. С электронной подписью"));
        assert!(names("архив").first() == Some(&"Электронный архив"));
        assert!(names("такогонетсовсем").is_empty());
    }

    #[test]
    fn an_empty_query_finds_all() {
        assert_eq!(search("  ").len(), services().count());
    }
}
