//! The people and organisations of the sandbox. All of them are invented; their numbers carry
//! valid check digits from ranges that are not given out (tax office 7799, СНИЛС from 900).

/// A person with an account in ESIA.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) oid: u64,
    pub(crate) surname: &'static str,
    pub(crate) name: &'static str,
    pub(crate) middle_name: &'static str,
    /// `dd.MM.yyyy`, as ESIA writes it.
    pub(crate) birth_date: &'static str,
    /// `M` or `F`.
    pub(crate) gender: &'static str,
    /// An unconfirmed account has no СНИЛС and no ИНН.
    pub(crate) snils: Option<&'static str>,
    pub(crate) inn: Option<&'static str>,
    /// The account is confirmed.
    pub(crate) trusted: bool,
    pub(crate) email: &'static str,
    pub(crate) mobile: &'static str,
    /// Series and number.
    pub(crate) passport: Option<(&'static str, &'static str)>,
    /// What the sign-in page says about the person.
    pub(crate) about: &'static str,
    pub(crate) roles: &'static [Role],
    /// Payer of the professional income tax («самозанятый») since this day, `yyyy-MM-dd`.
    pub(crate) self_employed_since: Option<&'static str>,
}

impl Person {
    pub(crate) fn full_name(&self) -> String {
        format!("{} {} {}", self.surname, self.name, self.middle_name)
    }

    pub(crate) fn role_in(&self, organisation: u64) -> Option<&'static Role> {
        self.roles.iter().find(|role| role.organisation == organisation)
    }
}

/// A person's place in an organisation.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) organisation: u64,
    /// Head of the organisation.
    pub(crate) chief: bool,
    /// Administrator of the organisation's profile: may act for it in information systems.
    pub(crate) admin: bool,
    pub(crate) post: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrganisationKind {
    /// `LEGAL`
    Legal,
    /// `BUSINESS`: a sole trader.
    Business,
}

impl OrganisationKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Legal => "LEGAL",
            Self::Business => "BUSINESS",
        }
    }
}

/// A legal entity or a sole trader.
#[derive(Debug)]
pub(crate) struct Organisation {
    pub(crate) oid: u64,
    pub(crate) kind: OrganisationKind,
    pub(crate) full_name: &'static str,
    pub(crate) short_name: &'static str,
    /// ОГРН, or ОГРНИП of a sole trader.
    pub(crate) ogrn: &'static str,
    pub(crate) inn: &'static str,
    pub(crate) kpp: Option<&'static str>,
    pub(crate) address: Address,
    /// ESIA identifier of the head.
    pub(crate) head: u64,
    /// Day of registration, `yyyy-MM-dd`.
    pub(crate) registered: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
}

#[derive(Debug, serde::Serialize)]
pub(crate) struct Address {
    pub(crate) postal_code: &'static str,
    pub(crate) region: &'static str,
    pub(crate) city: &'static str,
    pub(crate) street: &'static str,
    pub(crate) house: &'static str,
    pub(crate) okato: &'static str,
    pub(crate) oktmo: &'static str,
}

pub(crate) fn person(oid: u64) -> Option<&'static Person> {
    PERSONS.iter().find(|person| person.oid == oid)
}

pub(crate) fn organisation(oid: u64) -> Option<&'static Organisation> {
    ORGANISATIONS.iter().find(|organisation| organisation.oid == oid)
}

const ROMASHKA: u64 = 1_000_100_001;
const LYUTIK: u64 = 1_000_100_002;
const KLENOV: u64 = 1_000_100_003;

pub(crate) static PERSONS: [Person; 7] = [
    Person {
        oid: 1_000_000_001,
        surname: "Берёзкина",
        name: "Анна",
        middle_name: "Сергеевна",
        birth_date: "12.03.1980",
        gender: "F",
        snils: Some("900-000-001 82"),
        inn: Some("779990000140"),
        trusted: true,
        email: "berezkina@romashka.example",
        mobile: "+7(900)0000001",
        passport: Some(("0000", "000001")),
        about: "генеральный директор ООО «Ромашка-Экспорт» и ООО «Лютик-Логистика»",
        roles: &[
            Role {
                organisation: ROMASHKA, chief: true, admin: true, post: "Генеральный директор"
            },
            Role {
                organisation: LYUTIK, chief: true, admin: true, post: "Генеральный директор"
            },
        ],
        self_employed_since: None,
    },
    Person {
        oid: 1_000_000_002,
        surname: "Осинин",
        name: "Павел",
        middle_name: "Андреевич",
        birth_date: "25.07.1988",
        gender: "M",
        snils: Some("900-000-002 83"),
        inn: Some("779990000213"),
        trusted: true,
        email: "osinin@romashka.example",
        mobile: "+7(900)0000002",
        passport: Some(("0000", "000002")),
        about: "сотрудник ООО «Ромашка-Экспорт» с правами (администратор профиля)",
        roles: &[Role {
            organisation: ROMASHKA,
            chief: false,
            admin: true,
            post: "Специалист по внешнеэкономической деятельности",
        }],
        self_employed_since: None,
    },
    Person {
        oid: 1_000_000_003,
        surname: "Ивушкина",
        name: "Мария",
        middle_name: "Олеговна",
        birth_date: "03.11.1995",
        gender: "F",
        snils: Some("900-000-003 84"),
        inn: Some("779990000397"),
        trusted: true,
        email: "ivushkina@romashka.example",
        mobile: "+7(900)0000003",
        passport: Some(("0000", "000003")),
        about: "сотрудник ООО «Ромашка-Экспорт» без прав",
        roles: &[Role {
            organisation: ROMASHKA,
            chief: false,
            admin: false,
            post: "Помощник специалиста",
        }],
        self_employed_since: None,
    },
    Person {
        oid: 1_000_000_004,
        surname: "Кленов",
        name: "Дмитрий",
        middle_name: "Игоревич",
        birth_date: "19.01.1975",
        gender: "M",
        snils: Some("900-000-004 85"),
        inn: Some("779990000460"),
        trusted: true,
        email: "klenov@klenov.example",
        mobile: "+7(900)0000004",
        passport: Some(("0000", "000004")),
        about: "индивидуальный предприниматель",
        roles: &[Role {
            organisation: KLENOV,
            chief: true,
            admin: true,
            post: "Индивидуальный предприниматель",
        }],
        self_employed_since: None,
    },
    Person {
        oid: 1_000_000_005,
        surname: "Рябинина",
        name: "Елена",
        middle_name: "Викторовна",
        birth_date: "30.05.1991",
        gender: "F",
        snils: Some("900-000-005 86"),
        inn: Some("779990000534"),
        trusted: true,
        email: "ryabinina@mail.example",
        mobile: "+7(900)0000005",
        passport: Some(("0000", "000005")),
        about: "самозанятая (налог на профессиональный доход)",
        roles: &[],
        self_employed_since: Some("2024-02-01"),
    },
    Person {
        oid: 1_000_000_006,
        surname: "Тополев",
        name: "Николай",
        middle_name: "Петрович",
        birth_date: "08.09.1969",
        gender: "M",
        snils: Some("900-000-006 87"),
        inn: Some("779990000608"),
        trusted: true,
        email: "topolev@mail.example",
        mobile: "+7(900)0000006",
        passport: Some(("0000", "000006")),
        about: "физическое лицо",
        roles: &[],
        self_employed_since: None,
    },
    Person {
        oid: 1_000_000_007,
        surname: "Вербин",
        name: "Сергей",
        middle_name: "Ильич",
        birth_date: "14.12.2000",
        gender: "M",
        snils: None,
        inn: None,
        trusted: false,
        email: "verbin@mail.example",
        mobile: "+7(900)0000007",
        passport: None,
        about: "неподтверждённая учётная запись",
        roles: &[],
        self_employed_since: None,
    },
];

pub(crate) static ORGANISATIONS: [Organisation; 3] = [
    Organisation {
        oid: ROMASHKA,
        kind: OrganisationKind::Legal,
        full_name: "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"РОМАШКА-ЭКСПОРТ\"",
        short_name: "ООО \"РОМАШКА-ЭКСПОРТ\"",
        ogrn: "1257799000018",
        inn: "7799100017",
        kpp: Some("779901001"),
        address: Address {
            postal_code: "101000",
            region: "Г.МОСКВА",
            city: "МОСКВА",
            street: "УЛ.ЦВЕТОЧНАЯ",
            house: "1",
            okato: "45286555000",
            oktmo: "45375000",
        },
        head: 1_000_000_001,
        registered: "2025-02-03",
        email: "office@romashka.example",
        phone: "+7(495)0000001",
    },
    Organisation {
        oid: LYUTIK,
        kind: OrganisationKind::Legal,
        full_name: "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ \"ЛЮТИК-ЛОГИСТИКА\"",
        short_name: "ООО \"ЛЮТИК-ЛОГИСТИКА\"",
        ogrn: "1257799000029",
        inn: "7799100024",
        kpp: Some("779901001"),
        address: Address {
            postal_code: "101000",
            region: "Г.МОСКВА",
            city: "МОСКВА",
            street: "УЛ.СКЛАДСКАЯ",
            house: "7",
            okato: "45286555000",
            oktmo: "45375000",
        },
        head: 1_000_000_001,
        registered: "2025-06-10",
        email: "office@lyutik.example",
        phone: "+7(495)0000002",
    },
    Organisation {
        oid: KLENOV,
        kind: OrganisationKind::Business,
        full_name: "ИНДИВИДУАЛЬНЫЙ ПРЕДПРИНИМАТЕЛЬ КЛЕНОВ ДМИТРИЙ ИГОРЕВИЧ",
        short_name: "ИП КЛЕНОВ Д.И.",
        ogrn: "325779900000014",
        inn: "779990000460",
        kpp: None,
        address: Address {
            postal_code: "140000",
            region: "МОСКОВСКАЯ ОБЛАСТЬ",
            city: "ЛЮБЕРЦЫ",
            street: "УЛ.ЛЕСНАЯ",
            house: "15",
            okato: "46231501000",
            oktmo: "46748000",
        },
        head: 1_000_000_004,
        registered: "2025-03-17",
        email: "klenov@klenov.example",
        phone: "+7(900)0000004",
    },
];

#[cfg(test)]
mod tests {
    use domain::ids::{Inn, Kpp, Ogrn, Ogrnip, Snils};

    use super::*;

    #[test]
    fn every_number_has_a_valid_checksum() {
        for person in &PERSONS {
            assert_eq!(person.snils.is_some(), person.trusted);
            if let Some(snils) = person.snils {
                assert_eq!(snils.parse::<Snils>().unwrap().to_string(), snils);
            }
            if let Some(inn) = person.inn {
                inn.parse::<Inn>().unwrap();
            }
        }
        for organisation in &ORGANISATIONS {
            organisation.inn.parse::<Inn>().unwrap();
            match organisation.kind {
                OrganisationKind::Legal => {
                    organisation.ogrn.parse::<Ogrn>().unwrap();
                    organisation.kpp.unwrap().parse::<Kpp>().unwrap();
                }
                OrganisationKind::Business => {
                    organisation.ogrn.parse::<Ogrnip>().unwrap();
                }
            }
        }
    }

    #[test]
    fn heads_and_roles_agree() {
        for organisation in &ORGANISATIONS {
            let head = person(organisation.head).unwrap();
            assert!(head.role_in(organisation.oid).unwrap().chief);
        }
        for role in PERSONS.iter().flat_map(|person| person.roles) {
            assert!(organisation(role.organisation).is_some());
        }
    }
}
