//! Names of certificate holders.

use signature::{
    asn1::Oid,
    certificate::{Name, NameAttribute},
    issue::NameBuilder,
    oid,
};

use crate::{
    SandboxError,
    population::{Organisation, OrganisationKind, Person},
};

const NAMES: [(Oid, &str); 12] = [
    (oid::ID_AT_COMMON_NAME, "CN"),
    (oid::ID_AT_SURNAME, "SN"),
    (oid::ID_AT_GIVEN_NAME, "G"),
    (oid::ID_AT_TITLE, "T"),
    (oid::ID_AT_ORGANIZATION, "O"),
    (oid::ID_AT_LOCALITY, "L"),
    (oid::ID_AT_COUNTRY, "C"),
    (oid::ID_OGRN, "ОГРН"),
    (oid::ID_OGRNIP, "ОГРНИП"),
    (oid::ID_SNILS, "СНИЛС"),
    (oid::ID_INN_LE, "ИНН ЮЛ"),
    (oid::ID_INN, "ИНН"),
];

/// A holder: a person, alone or for an organisation.
pub(super) struct Subject<'a> {
    person: &'a Person,
    organisation: Option<&'a Organisation>,
}

impl<'a> Subject<'a> {
    pub(super) fn of(person: &'a Person, organisation: Option<&'a Organisation>) -> Self {
        Self { person, organisation }
    }

    /// The X.501 name. The common name is the organisation's for a legal entity, the person's
    /// otherwise.
    pub(super) fn name(&self) -> Result<Name, SandboxError> {
        let Self { person, organisation } = self;
        let legal = organisation.filter(|found| found.kind == OrganisationKind::Legal);
        let full_name = person.full_name();
        let given = format!("{} {}", person.name, person.middle_name);
        let snils: Option<String> =
            person.snils.map(|text| text.chars().filter(char::is_ascii_digit).collect());

        let mut attributes = vec![(oid::ID_AT_COUNTRY, "RU")];
        if let Some(organisation) = legal {
            let role = person.role_in(organisation.oid);
            attributes.extend([
                (oid::ID_AT_COMMON_NAME, organisation.short_name),
                (oid::ID_AT_ORGANIZATION, organisation.short_name),
                (oid::ID_AT_LOCALITY, organisation.address.city),
                (oid::ID_OGRN, organisation.ogrn),
                (oid::ID_INN_LE, organisation.inn),
            ]);
            attributes.extend(role.map(|role| (oid::ID_AT_TITLE, role.post)));
        } else {
            attributes.push((oid::ID_AT_COMMON_NAME, &full_name));
            attributes.extend(organisation.map(|trader| (oid::ID_OGRNIP, trader.ogrn)));
        }
        attributes.extend([(oid::ID_AT_SURNAME, person.surname), (oid::ID_AT_GIVEN_NAME, &*given)]);
        attributes.extend(person.inn.map(|inn| (oid::ID_INN, inn)));
        attributes.extend(snils.as_deref().map(|snils| (oid::ID_SNILS, snils)));
        name(&attributes)
    }
}

/// The name of an authority or of an information system.
pub(super) fn authority_name(common_name: &str) -> Result<Name, SandboxError> {
    name(&[
        (oid::ID_AT_COUNTRY, "RU"),
        (oid::ID_AT_ORGANIZATION, "Песочница"),
        (oid::ID_AT_COMMON_NAME, common_name),
    ])
}

fn name(attributes: &[(Oid, &str)]) -> Result<Name, SandboxError> {
    let builder = NameBuilder::new();
    Ok(attributes.iter().fold(builder, |name, (oid, text)| name.with(*oid, text)).build()?)
}

/// A name as one reads it: `CN=…, O=…, ИНН=…`.
pub(crate) fn subject_text(name: &Name) -> String {
    let told = |attribute: &NameAttribute| {
        let label = NAMES.iter().find(|(oid, _)| *oid == attribute.oid);
        let label = label.map_or_else(|| attribute.oid.to_string(), |(_, label)| (*label).into());
        format!("{label}={}", attribute.text.as_deref().unwrap_or_default())
    };
    name.attributes().map(told).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population;

    #[test]
    fn a_representative_carries_both_the_person_and_the_organisation() {
        let person = population::person(1_000_000_001).unwrap();
        let organisation = population::organisation(1_000_100_001);
        let name = Subject::of(person, organisation).name().unwrap();
        assert_eq!(
            subject_text(&name),
            "C=RU, CN=ООО \"РОМАШКА-ЭКСПОРТ\", O=ООО \"РОМАШКА-ЭКСПОРТ\", L=МОСКВА, \
             ОГРН=1257799000018, ИНН ЮЛ=7799100017, T=Генеральный директор, SN=Берёзкина, \
             G=Анна Сергеевна, ИНН=779990000140, СНИЛС=90000000182"
        );
    }

    #[test]
    fn a_sole_trader_is_a_person_with_a_registration_number() {
        let person = population::person(1_000_000_004).unwrap();
        let organisation = population::organisation(1_000_100_003);
        let name = Subject::of(person, organisation).name().unwrap();
        assert_eq!(
            subject_text(&name),
            "C=RU, CN=Кленов Дмитрий Игоревич, ОГРНИП=325779900000014, SN=Кленов, \
             G=Дмитрий Игоревич, ИНН=779990000460, СНИЛС=90000000485"
        );
    }
}
