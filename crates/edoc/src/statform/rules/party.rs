//! Rules of the parties: names, numbers, countries.

use domain::{
    ids::{AmUnn, IdError, Inn, KgInn, Kpp, KzBin, KzIin, Ogrn, Ogrnip, Unp},
    lang::Lang,
};

use super::{Reference, Source, country};
use crate::{
    path::Path,
    remark::{Code, Remark},
};

/// A party of the form.
pub(super) struct Party {
    pub field: &'static str,
    pub ru: &'static str,
    pub en: &'static str,
    pub required: bool,
}

pub(super) const PARTIES: [Party; 5] = [
    Party { field: "Consignor", ru: "Продавец", en: "Seller", required: true },
    Party { field: "Sender", ru: "Отправитель", en: "Sender", required: false },
    Party { field: "Consignee", ru: "Покупатель", en: "Buyer", required: true },
    Party { field: "Recipient", ru: "Получатель", en: "Recipient", required: false },
    Party {
        field: "FinancialAdjustingResponsiblePerson",
        ru: "Лицо, ответственное за финансовое урегулирование",
        en: "Person responsible for financial settlement",
        required: true,
    },
];

/// Groups of numbers with the country that gives them.
const NUMBERS: [(&str, &str); 5] = [
    ("RFOrganizationFeatures", "RU"),
    ("RKOrganizationFeatures", "KZ"),
    ("RBOrganizationFeatures", "BY"),
    ("RAOrganizationFeatures", "AM"),
    ("KGOrganizationFeatures", "KG"),
];

/// The country whose numbers a party has.
pub(super) fn country_of_numbers<'a, S: Source<'a>>(form: &S, party: &str) -> Option<&'static str> {
    let found = NUMBERS.iter().find(|(group, _)| form.has(&format!("{party}/{group}")));
    found.map(|(_, country)| *country)
}

/// The country of a party's address or registration.
pub(super) fn country_of_address<'a, S: Source<'a>>(form: &S, party: &str) -> Option<&'a str> {
    let own = form.text(&format!("{party}/CountryA2Code"));
    let addresses = form.list(&format!("{party}/SubjectAddressDetails"));
    own.or_else(|| addresses.iter().find_map(|address| address.text("CountryCode")))
}

fn check_number<T: std::str::FromStr<Err = IdError>>(
    found: &str,
    at: Path,
    remarks: &mut Vec<Remark>,
) {
    if let Err(error) = found.parse::<T>() {
        let remark = Remark::error(Code::IDENTIFIER, at)
            .found(found)
            .arg("cause", error.what(Lang::Ru))
            .arg("cause_en", error.what(Lang::En))
            .arg("right", error.right(Lang::Ru))
            .arg("right_en", error.right(Lang::En));
        remarks.push(remark);
    }
}

/// The INN of the principal of a power of attorney.
pub(super) fn check_inn(found: &str, at: Path, remarks: &mut Vec<Remark>) {
    check_number::<Inn>(found, at, remarks);
}

pub(super) fn check<'a, S: Source<'a>>(
    form: &S,
    party: &Party,
    private_buyers: bool,
    reference: &dyn Reference,
    remarks: &mut Vec<Remark>,
) {
    let field = party.field;
    if !form.has(field) {
        // The structural check tells of a missing party.
        return;
    }
    let say = |remark: Remark| remark.arg("party", party.ru).arg("party_en", party.en);
    let name = format!("{field}/OrganizationName");
    if form.text(&name).is_none() && form.text(&format!("{field}/ShortName")).is_none() {
        remarks.push(say(Remark::error(Code::PARTY_NAME, form.at(&name))));
    }
    numbers(form, field, remarks);
    let anyone = private_buyers && matches!(field, "Consignee" | "Recipient");
    let has_number =
        NUMBER_FIELDS.iter().any(|rest| form.text(&format!("{field}/{rest}")).is_some());
    let address = country_of_address(form, field);
    let eaeu = address.is_none_or(|code| code == "RU" || super::super::PARTNERS.contains(&code));
    if party.required && !has_number && !anyone && eaeu {
        let (group, expected, expected_en) = match address {
            Some("KZ") => ("RKOrganizationFeatures/BIN", "БИН или ИИН", "BIN or IIN"),
            Some("BY") => ("RBOrganizationFeatures/UNP", "УНП", "UNP"),
            Some("AM") => (
                "RAOrganizationFeatures/UNN",
                "УНН или номерной знак общественных услуг",
                "TIN or public service number",
            ),
            Some("KG") => ("KGOrganizationFeatures/KGINN", "ИНН или ПИН", "taxpayer number"),
            _ => (
                "RFOrganizationFeatures/INN",
                "ИНН (для лица России) или номер страны контрагента",
                "INN of a Russian person, or the number of the partner's country",
            ),
        };
        let remark = Remark::error(Code::IDENTIFIER_MISSING, form.at(&format!("{field}/{group}")));
        remarks.push(say(remark.expected(expected).arg("expected_en", expected_en)));
    }
    if let (Some(address), Some(numbers)) = (address, country_of_numbers(form, field))
        && address != numbers
    {
        // A foreign person may stand on Russia's tax register, so this is no error.
        let at = form.at(&format!("{field}/OrganizationName"));
        let remark = Remark::warning(Code::PARTY_COUNTRY, at);
        remarks.push(say(remark.found(address).expected(numbers)));
    }
    country(form, &format!("{field}/CountryA2Code"), "", reference, remarks);
    for address in form.list(&format!("{field}/SubjectAddressDetails")) {
        country(&address, "CountryCode", "CounryName", reference, remarks);
    }
}

const NUMBER_FIELDS: [&str; 11] = [
    "RFOrganizationFeatures/INN",
    "RFOrganizationFeatures/OGRN",
    "RKOrganizationFeatures/BIN",
    "RKOrganizationFeatures/IIN",
    "RBOrganizationFeatures/UNP",
    "RBOrganizationFeatures/RBIdentificationNumber",
    "RAOrganizationFeatures/UNN",
    "RAOrganizationFeatures/SocialServiceNumber",
    "RAOrganizationFeatures/SocialServiceCertificate",
    "KGOrganizationFeatures/KGINN",
    "KGOrganizationFeatures/KGOKPO",
];

/// Check digits of all numbers that are given.
fn numbers<'a, S: Source<'a>>(form: &S, field: &str, remarks: &mut Vec<Remark>) {
    let mut each = |rest: &str, check: fn(&str, Path, &mut Vec<Remark>)| {
        let rel = format!("{field}/{rest}");
        if let Some(found) = form.text(&rel) {
            check(found, form.at(&rel), remarks);
        }
    };
    each("RFOrganizationFeatures/INN", check_number::<Inn>);
    each("RFOrganizationFeatures/KPP", check_number::<Kpp>);
    each("RFOrganizationFeatures/OGRN", |found, at, remarks| match found.len() {
        15 => check_number::<Ogrnip>(found, at, remarks),
        _ => check_number::<Ogrn>(found, at, remarks),
    });
    each("RKOrganizationFeatures/BIN", check_number::<KzBin>);
    each("RKOrganizationFeatures/IIN", check_number::<KzIin>);
    each("RBOrganizationFeatures/UNP", check_number::<Unp>);
    each("RAOrganizationFeatures/UNN", check_number::<AmUnn>);
    each("KGOrganizationFeatures/KGINN", check_number::<KgInn>);
}
