//! Whose a certificate is, by the attributes of order № 795 of the FSB, and whose it must be.

use domain::{ids::Snils, view::signature::Owner};
use signature::{
    certificate::{Certificate, Identifiers},
    oid,
};

use super::SignatureError;

/// Whose the certificate must be. What is `None` is not asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// Digits, or with the usual punctuation.
    pub snils: Option<&'a str>,
    /// ИНН of the participant: an organisation's, or a sole trader's own.
    pub inn: Option<&'a str>,
}

impl Expected<'_> {
    /// Checks the owner.
    ///
    /// # Errors
    /// It is another person's, or another organisation's.
    pub fn check(&self, owner: &Identifiers) -> Result<(), SignatureError> {
        if let Some(snils) = self.snils {
            let own = owner.snils.as_ref().map(Snils::digits);
            if own != Some(digits(snils).as_str()) {
                return Err(SignatureError::OtherPerson);
            }
        }
        if let Some(inn) = self.inn {
            let mut own = owner.organisation_inn.iter().chain(&owner.inn);
            if !own.any(|own| own.as_str() == inn) {
                return Err(SignatureError::OtherOrganisation);
            }
        }
        Ok(())
    }
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Surname, name and patronymic; the common name of a certificate that names no person.
pub fn person(certificate: &Certificate) -> Option<String> {
    let subject = certificate.subject();
    let parts = [oid::ID_AT_SURNAME, oid::ID_AT_GIVEN_NAME];
    let name = parts.into_iter().filter_map(|part| subject.get(part)).collect::<Vec<_>>().join(" ");
    let common = || subject.get(oid::ID_AT_COMMON_NAME).map(str::to_owned);
    if name.is_empty() { common() } else { Some(name) }
}

/// Whom a certificate was issued to, as people say it: the person, and the common name and the
/// organisation when they are others.
pub fn display(certificate: &Certificate) -> String {
    let named = |oid| certificate.subject().get(oid).map(str::to_owned);
    let mut names = Vec::new();
    for name in [person(certificate), named(oid::ID_AT_COMMON_NAME), named(oid::ID_AT_ORGANIZATION)]
        .into_iter()
        .flatten()
    {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { certificate.subject().to_string() } else { names.join(", ") }
}

/// The owner as screens show him.
pub fn of(certificate: &Certificate) -> Owner {
    let ids = certificate.identifiers();
    Owner {
        name: person(certificate),
        organisation: certificate.subject().get(oid::ID_AT_ORGANIZATION).map(str::to_owned),
        snils: ids.snils.map(|snils| snils.to_string()),
        inn: ids.inn.map(|inn| inn.as_str().to_owned()),
        inn_le: ids.organisation_inn.map(|inn| inn.as_str().to_owned()),
        ogrn: ids.ogrn.map(|ogrn| ogrn.as_str().to_owned()),
        ogrnip: ids.ogrnip.map(|ogrnip| ogrnip.as_str().to_owned()),
    }
}
