//! Identifiers of the owner in certificates of Russian authorities (order of the FSB № 795).

use domain::ids::{IdError, Inn, Ogrn, Ogrnip, Snils};
use serde::{Deserialize, Serialize};

use super::Name;
use crate::asn1::Oid;
use crate::oid;

/// Identifiers that the subject of a certificate carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifiers {
    /// ИНН of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inn: Option<Inn>,
    /// ИНН of the organisation, from its own attribute or, in old certificates, from the person's
    /// with two zeros before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_inn: Option<Inn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<Ogrn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ogrnip: Option<Ogrnip>,
    /// Attributes that are there and cannot be read, each with the reason in English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableIdentifier>,
}

/// An attribute whose value is not a right identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableIdentifier {
    /// Dotted object identifier of the attribute.
    pub attribute: String,
    pub value: String,
    pub why: String,
}

impl Identifiers {
    pub fn of(subject: &Name) -> Self {
        let mut found = Self::default();
        for attribute in subject.attributes() {
            let Some(text) = attribute.text.as_deref().map(str::trim) else { continue };
            if let Err(error) = found.take(attribute.oid, text) {
                found.unreadable.push(UnreadableIdentifier {
                    attribute: attribute.oid.to_string(),
                    value: text.to_owned(),
                    why: error.to_string(),
                });
            }
        }
        found
    }

    /// Takes one attribute in; of several equal ones the first counts.
    fn take(&mut self, oid: Oid, text: &str) -> Result<(), IdError> {
        match oid {
            // Zeros stand where a certificate for a person of an organisation has no own number.
            _ if text.bytes().all(|digit| digit == b'0') => {}
            oid::ID_INN => match organisation(text) {
                Some(inn) => {
                    self.organisation_inn.get_or_insert(inn);
                }
                None => {
                    let inn: Inn = text.parse()?;
                    let field =
                        if inn.is_person() { &mut self.inn } else { &mut self.organisation_inn };
                    field.get_or_insert(inn);
                }
            },
            oid::ID_INN_LE => {
                // The attribute made for organisations outweighs the old habit.
                let inn = organisation(text).map_or_else(|| text.parse(), Ok)?;
                self.organisation_inn = Some(inn);
            }
            oid::ID_SNILS => {
                self.snils.get_or_insert(padded(text, 11).parse()?);
            }
            oid::ID_OGRN => {
                self.ogrn.get_or_insert(unpadded(text, 13).parse()?);
            }
            oid::ID_OGRNIP => {
                self.ogrnip.get_or_insert(text.parse()?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Ten digits of an organisation with two zeros before them. No person's number begins so: there
/// is no region 00.
fn organisation(text: &str) -> Option<Inn> {
    let ten = text.strip_prefix("00").filter(|rest| rest.len() == 10)?;
    ten.parse().ok()
}

/// Leading zeros that a program lost.
fn padded(text: &str, length: usize) -> String {
    if text.bytes().all(|digit| digit.is_ascii_digit()) {
        format!("{text:0>length$}")
    } else {
        text.to_owned()
    }
}

/// Leading zeros that a program added.
fn unpadded(text: &str, length: usize) -> &str {
    let extra = text.len().saturating_sub(length);
    match text.split_at_checked(extra) {
        Some((zeros, rest)) if zeros.bytes().all(|digit| digit == b'0') => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn subject(attributes: &[(Oid, &str)]) -> Name {
        let rdns = attributes.iter().map(|(oid, text)| {
            let value = write::element(crate::asn1::tag::NUMERIC_STRING, text.as_bytes());
            write::set_of(vec![write::sequence(&[&write::oid(*oid), &value])])
        });
        Name::from_der(&write::sequence_of(rdns)).unwrap()
    }

    #[test]
    fn an_organisation_in_the_old_and_in_the_new_way() {
        let old = Identifiers::of(&subject(&[(oid::ID_INN, "007707083893")]));
        let new = Identifiers::of(&subject(&[(oid::ID_INN_LE, "7707083893")]));
        assert_eq!(old, new);
        assert_eq!(new.organisation_inn.unwrap().as_str(), "7707083893");
        assert_eq!(old.inn, None);
    }

    #[test]
    fn a_person_of_an_organisation() {
        let ids = Identifiers::of(&subject(&[
            (oid::ID_INN, "500100732259"),
            (oid::ID_INN_LE, "007707083893"),
            (oid::ID_SNILS, "11223344595"),
            (oid::ID_OGRN, "001027700132195"),
            (oid::ID_OGRNIP, "000000000000000"),
        ]));
        assert_eq!(ids.inn.unwrap().as_str(), "500100732259");
        assert_eq!(ids.organisation_inn.unwrap().as_str(), "7707083893");
        assert_eq!(ids.snils.unwrap().to_string(), "112-233-445 95");
        assert_eq!(ids.ogrn.unwrap().as_str(), "1027700132195");
        assert_eq!((ids.ogrnip, ids.unreadable), (None, vec![]));
    }

    #[test]
    fn a_wrong_check_digit_is_told_and_not_taken() {
        let ids = Identifiers::of(&subject(&[(oid::ID_SNILS, "11223344594")]));
        assert_eq!(ids.snils, None);
        assert_eq!(ids.unreadable[0].attribute, "1.2.643.100.3");
    }
}
