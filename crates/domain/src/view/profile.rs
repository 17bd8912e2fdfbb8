//! The profile of a person and of a participant.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::session::{Category, PersonName, Rights, Role, Theme};
use crate::lang::Lang;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Address {
    pub postal_code: String,
    /// Two letters, ISO 3166-1.
    pub country: String,
    pub region: String,
    pub city: String,
    pub street: String,
    pub house: String,
    pub room: String,
    pub okato: String,
    pub oktmo: String,
}

/// The participant's own data, with which documents are prefilled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    pub id: Uuid,
    pub category: Category,
    pub full_name: String,
    pub short_name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    /// ОГРН of a company, ОГРНИП of a sole trader.
    pub ogrn: Option<String>,
    pub address: Option<Address>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// When the tax register last confirmed these data.
    pub verified: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: Uuid,
    pub name: PersonName,
    pub snils: Option<String>,
    pub inn: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Which notices go out by mail as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailChoices {
    pub decisions: bool,
    pub demands: bool,
    pub deadlines: bool,
}

impl Default for MailChoices {
    fn default() -> Self {
        Self { decisions: true, demands: true, deadlines: true }
    }
}

/// An attached signing certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    pub id: Uuid,
    /// Whom it was issued to, as it says.
    pub subject: String,
    pub issuer: String,
    /// SHA-256 of the DER form, hexadecimal.
    pub thumbprint: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    /// «ECDSA P-256», «ГОСТ Р 34.10-2012 256».
    pub algorithm: String,
}

/// The whole profile page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub person: Person,
    /// The cabinet entered, if any.
    pub participant: Option<Participant>,
    pub roles: Vec<Role>,
    pub certificates: Vec<Certificate>,
    pub lang: Lang,
    pub theme: Theme,
    pub mail: MailChoices,
    /// What is still missing, each with the reason why a service needs it.
    pub missing: Vec<Missing>,
}

/// Somebody who works in a company's cabinet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Employee {
    pub person: Uuid,
    pub name: PersonName,
    pub post: Option<String>,
    pub rights: Rights,
}

/// What a profile lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Inn,
    Kpp,
    Ogrn,
    Address,
    Email,
    Phone,
    Signature,
}
