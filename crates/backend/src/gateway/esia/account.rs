//! What ESIA knows of a person: his name, contacts, and places in organisations.

use chrono::NaiveDate;
use domain::ids::{Inn, Snils};
use serde::Deserialize;

use super::{Esia, EsiaError, token::Access};

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier in ESIA.
    pub oid: String,
    /// The account is confirmed: the person showed a passport.
    pub trusted: bool,
    pub surname: String,
    pub name: String,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub snils: Option<Snils>,
    pub inn: Option<Inn>,
    /// Confirmed addresses and numbers only.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub organisations: Vec<OrganisationRole>,
}

/// What kind of participant an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationKind {
    Company,
    SoleTrader,
}

/// A person's place in an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationRole {
    /// Identifier of the organisation in ESIA.
    pub oid: String,
    pub kind: OrganisationKind,
    pub full_name: String,
    pub short_name: String,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
    pub inn: Option<String>,
    pub post: Option<String>,
    /// Head of the organisation.
    pub chief: bool,
    /// Administrator of the organisation's profile.
    pub admin: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonAnswer {
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    middle_name: Option<String>,
    birth_date: Option<String>,
    snils: Option<String>,
    inn: Option<String>,
    #[serde(default)]
    trusted: bool,
}

#[derive(Deserialize)]
struct Elements<T> {
    #[serde(default = "Vec::new")]
    elements: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[serde(rename = "type")]
    kind: String,
    value: String,
    #[serde(default)]
    vrf_stu: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleAnswer {
    oid: serde_json::Value,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    short_name: String,
    ogrn: Option<String>,
    inn: Option<String>,
    position: Option<String>,
    #[serde(default)]
    chief: bool,
    #[serde(default)]
    admin: bool,
    #[serde(default = "yes")]
    active: bool,
}

fn yes() -> bool {
    true
}

/// Reads the person whom the token names. Organisations are asked for only when the account is
/// confirmed: without that nobody is let in.
pub(super) async fn fetch(esia: &Esia, access: &Access) -> Result<Account, EsiaError> {
    let base = format!("/rs/prns/{}", access.oid);
    let person: PersonAnswer = esia.resource(&base, access).await?;
    let mut account = person.account(access.oid.clone());
    if !account.trusted {
        return Ok(account);
    }
    let contacts = format!("{base}/ctts?embed=(elements)");
    let roles = format!("{base}/roles?embed=(elements)");
    let (contacts, roles) = futures::try_join!(
        esia.resource::<Elements<Contact>>(&contacts, access),
        esia.resource::<Elements<RoleAnswer>>(&roles, access),
    )?;
    account.email = verified(&contacts.elements, "EML");
    account.phone = verified(&contacts.elements, "MBT");
    account.organisations = roles.elements.into_iter().filter_map(RoleAnswer::role).collect();
    Ok(account)
}

impl PersonAnswer {
    fn account(self, oid: String) -> Account {
        Account {
            oid,
            trusted: self.trusted,
            surname: self.last_name,
            name: self.first_name,
            patronymic: self.middle_name.filter(|name| !name.trim().is_empty()),
            birth_date: self
                .birth_date
                .and_then(|date| NaiveDate::parse_from_str(&date, "%d.%m.%Y").ok()),
            snils: self.snils.and_then(|snils| snils.parse().ok()),
            inn: self.inn.and_then(|inn| inn.parse().ok()),
            email: None,
            phone: None,
            organisations: Vec::new(),
        }
    }
}

fn verified(contacts: &[Contact], kind: &str) -> Option<String> {
    contacts
        .iter()
        .find(|contact| contact.kind == kind && contact.vrf_stu == "VERIFIED")
        .map(|contact| contact.value.clone())
}

impl RoleAnswer {
    /// `None` for former employees and for authorities, which are no participants.
    fn role(self) -> Option<OrganisationRole> {
        let kind = match self.kind.as_str() {
            "LEGAL" => OrganisationKind::Company,
            "BUSINESS" => OrganisationKind::SoleTrader,
            _ => return None,
        };
        let oid = match self.oid {
            serde_json::Value::String(oid) => oid,
            serde_json::Value::Number(oid) => oid.to_string(),
            _ => return None,
        };
        if !self.active {
            return None;
        }
        let short_name =
            if self.short_name.is_empty() { self.full_name.clone() } else { self.short_name };
        Some(OrganisationRole {
            oid,
            kind,
            full_name: self.full_name,
            short_name,
            ogrn: self.ogrn,
            inn: self.inn,
            post: self.position,
            chief: self.chief,
            admin: self.admin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_confirmed_contacts_count() {
        let contacts: Elements<Contact> = serde_json::from_str(
            r#"{"elements":[
                {"type":"EML","vrfStu":"NOT_VERIFIED","value":"typo@mail.example"},
                {"type":"EML","vrfStu":"VERIFIED","value":"anna@mail.example"}]}"#,
        )
        .unwrap();
        assert_eq!(verified(&contacts.elements, "EML").as_deref(), Some("anna@mail.example"));
        assert_eq!(verified(&contacts.elements, "MBT"), None);
    }

    #[test]
    fn former_employees_and_authorities_have_no_cabinet() {
        let read = |text: &str| serde_json::from_str::<RoleAnswer>(text).unwrap().role();
        assert!(read(r#"{"oid":1,"type":"LEGAL","fullName":"A","active":false}"#).is_none());
        assert!(read(r#"{"oid":1,"type":"AGENCY","fullName":"A"}"#).is_none());
        let role = read(r#"{"oid":1,"type":"LEGAL","fullName":"A","chief":true}"#).unwrap();
        assert_eq!((role.oid.as_str(), role.short_name.as_str()), ("1", "A"));
        assert!(role.chief && !role.admin);
    }

    #[test]
    fn numbers_with_wrong_check_digits_are_left_out() {
        let person: PersonAnswer = serde_json::from_str(
            r#"{"firstName":"Анна","lastName":"Берёзкина","middleName":" ","trusted":true,
                "birthDate":"12.03.1980","snils":"900-000-001 00","inn":"779990000140"}"#,
        )
        .unwrap();
        let account = person.account("1".to_owned());
        assert_eq!(account.snils, None);
        assert_eq!(account.inn, "779990000140".parse().ok());
        assert_eq!(account.patronymic, None);
        assert_eq!(account.birth_date, NaiveDate::from_ymd_opt(1980, 3, 12));
    }
}
