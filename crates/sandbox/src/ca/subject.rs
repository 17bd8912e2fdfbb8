//! Names of certificate holders.

use der::{
    Decode, Encode,
    asn1::{Any, PrintableStringRef, SetOfVec, Utf8StringRef},
    oid::ObjectIdentifier,
};
use x509_cert::{
    attr::AttributeTypeAndValue,
    name::{Name, RdnSequence, RelativeDistinguishedName},
};

use crate::{
    SandboxError,
    population::{Organisation, OrganisationKind, Person},
};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const LOCALITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
/// ОГРН
const OGRN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.1");
/// СНИЛС
const SNILS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.3");
/// ИНН ЮЛ
pub(crate) const INN_LEGAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.4");
/// ОГРНИП
const OGRNIP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.5");
/// ИНН of a person
pub(crate) const INN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.3.131.1.1");

const NAMES: [(ObjectIdentifier, &str); 12] = [
    (COMMON_NAME, "CN"),
    (SURNAME, "SN"),
    (GIVEN_NAME, "G"),
    (TITLE, "T"),
    (ORGANISATION, "O"),
    (LOCALITY, "L"),
    (COUNTRY, "C"),
    (OGRN, "ОГРН"),
    (OGRNIP, "ОГРНИП"),
    (SNILS, "СНИЛС"),
    (INN_LEGAL, "ИНН ЮЛ"),
    (INN, "ИНН"),
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

        let mut attributes = vec![(COUNTRY, "RU")];
        if let Some(organisation) = legal {
            let role = person.role_in(organisation.oid);
            attributes.extend([
                (COMMON_NAME, organisation.short_name),
                (ORGANISATION, organisation.short_name),
                (LOCALITY, organisation.address.city),
                (OGRN, organisation.ogrn),
                (INN_LEGAL, organisation.inn),
            ]);
            attributes.extend(role.map(|role| (TITLE, role.post)));
        } else {
            attributes.push((COMMON_NAME, &full_name));
            attributes.extend(organisation.map(|trader| (OGRNIP, trader.ogrn)));
        }
        attributes.extend([(SURNAME, person.surname), (GIVEN_NAME, &*given)]);
        attributes.extend(person.inn.map(|inn| (INN, inn)));
        attributes.extend(snils.as_deref().map(|snils| (SNILS, snils)));
        name(&attributes)
    }
}

/// The name of an authority or of an information system.
pub(super) fn authority_name(common_name: &str) -> Result<Name, SandboxError> {
    name(&[(COUNTRY, "RU"), (ORGANISATION, "Песочница"), (COMMON_NAME, common_name)])
}

fn name(attributes: &[(ObjectIdentifier, &str)]) -> Result<Name, SandboxError> {
    let mut sequence = RdnSequence::default();
    for (oid, value) in attributes {
        // RFC 5280 asks PrintableString of the country; the Russian numbers are NumericString,
        // everything else is UTF-8.
        let value = match *oid {
            COUNTRY => Any::encode_from(&PrintableStringRef::new(value)?)?,
            OGRN | OGRNIP | SNILS | INN | INN_LEGAL => {
                Any::new(der::Tag::NumericString, value.as_bytes())?
            }
            _ => Any::encode_from(&Utf8StringRef::new(value)?)?,
        };
        let attribute = AttributeTypeAndValue { oid: *oid, value };
        sequence.push(RelativeDistinguishedName::from(SetOfVec::try_from([attribute])?));
    }
    Ok(Name::from_der(&sequence.to_der()?)?)
}

/// The text of the first attribute `oid` of a name.
pub(crate) fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.iter().find(|attribute| attribute.oid == oid).map(text)
}

/// A name as one reads it: `CN=…, O=…, ИНН=…`.
pub(crate) fn subject_text(name: &Name) -> String {
    name.iter()
        .map(|attribute| {
            let label = NAMES.iter().find(|(oid, _)| *oid == attribute.oid);
            let label =
                label.map_or_else(|| attribute.oid.to_string(), |(_, label)| (*label).to_owned());
            format!("{label}={}", text(attribute))
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn text(attribute: &AttributeTypeAndValue) -> String {
    String::from_utf8_lossy(attribute.value.value()).into_owned()
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
