//! The profile of a person and of the participant whose cabinet he entered.

mod certificates;
mod contacts;
mod employees;
pub mod entity;
mod organisation;
#[cfg(test)]
mod tests;

use domain::{
    error::{ErrorCode, FieldError, WireError},
    lang::Lang,
    view::{
        profile::{Address, MailChoices, Missing, Participant, Person, Profile},
        session::{Category, Theme},
    },
};
use sea_orm::DbErr;
use thiserror::Error;

pub use self::{
    certificates::{
        certificate_attach, certificate_keep, certificate_list, certificate_remove,
        certificate_request, has_signature,
    },
    contacts::{Contacts, Preferences, Whose, contacts_set, preferences_set},
    employees::employees,
    organisation::{organisation_refresh, take_entry},
};
use crate::{
    ctx::Ctx,
    error::{Denied, Refusal},
    gateway::tax::{AuthorityError, RegisterError},
    session::{self, SessionError, entity as people},
    signature::SignatureError,
};

#[derive(Debug, Error)]
pub enum ProfileError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The tax register has no such organisation.
    #[error("the tax register does not know the organisation")]
    NotInRegister,
    /// What was given is no certificate in PEM.
    #[error("no certificate")]
    NoCertificate,
    #[error(transparent)]
    Certificate(#[from] SignatureError),
    /// Keys made in the browser are not certified here.
    #[error("software signatures are switched off")]
    SoftwareSignatureOff,
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A certificate names its owner by СНИЛС, and the account has none.
    #[error("the person has no SNILS")]
    NoSnils,
    #[error("no such certificate")]
    NotFound,
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl From<SessionError> for ProfileError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Denied(denied) => Self::Denied(denied),
            SessionError::Db(error) => Self::Db(error),
            other => Self::Db(DbErr::Custom(other.to_string())),
        }
    }
}

impl Refusal for ProfileError {
    fn wire(&self, _: Lang) -> Option<WireError> {
        let (code, key) = match self {
            Self::Denied(denied) => return Some((*denied).into()),
            Self::Db(_) => return None,
            Self::Invalid(fields) => {
                let mut error = WireError::of(ErrorCode::Invalid);
                error.fields.clone_from(fields);
                return Some(error);
            }
            Self::Certificate(error) => return Some(error.wire()),
            Self::Register(_) => {
                let error = WireError::new(ErrorCode::Unavailable, "profile.register_down");
                return Some(error.arg("system", "ФНС России"));
            }
            Self::Authority(AuthorityError::Down(_)) => {
                let error = WireError::new(ErrorCode::Unavailable, "profile.authority_down");
                return Some(error.arg("system", "Удостоверяющий центр"));
            }
            Self::NotInRegister => (ErrorCode::NotFound, "profile.not_in_register"),
            Self::NoCertificate => (ErrorCode::Invalid, "profile.no_certificate"),
            Self::SoftwareSignatureOff => (ErrorCode::Forbidden, "profile.software_signature_off"),
            Self::Authority(AuthorityError::Refused(_)) => {
                (ErrorCode::Invalid, "profile.authority_refused")
            }
            Self::NoSnils => (ErrorCode::Invalid, "profile.no_snils"),
            Self::NotFound => (ErrorCode::NotFound, "profile.certificate_unknown"),
        };
        Some(WireError::new(code, key))
    }
}

/// The whole profile of the reader and of the cabinet entered.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn get(ctx: &Ctx) -> Result<Profile, ProfileError> {
    let own = ctx.person()?;
    let row = session::person(ctx.db(), own.person).await?.ok_or(Denied::NotSignedIn)?;
    let participant = match &own.role {
        Some(_) => Some(participant(ctx).await?),
        None => None,
    };
    Ok(Profile {
        lang: row.lang.parse().unwrap_or_default(),
        theme: theme(&row.theme),
        mail: MailChoices {
            decisions: row.mail_decisions,
            demands: row.mail_demands,
            deadlines: row.mail_deadlines,
        },
        missing: missing(ctx).await?,
        participant,
        roles: session::roles(ctx).await?,
        certificates: certificate_list(ctx).await?,
        person: person(row),
    })
}

/// The participant whose cabinet the reader entered: what documents are filled with.
///
/// # Errors
/// No cabinet is entered, or the database failed.
pub async fn participant(ctx: &Ctx) -> Result<Participant, ProfileError> {
    let role = ctx.role()?;
    let row = session::participant(ctx.db(), role.participant).await?.ok_or(Denied::NoCabinet)?;
    Ok(view(row)?)
}

/// What the profile of the cabinet entered lacks; nothing when none is.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn missing(ctx: &Ctx) -> Result<Vec<Missing>, ProfileError> {
    let own = ctx.person()?;
    let Some(role) = &own.role else { return Ok(Vec::new()) };
    let Some(row) = session::participant(ctx.db(), role.participant).await? else {
        return Ok(Vec::new());
    };
    Ok(lacking(&row, role.category, has_signature(ctx, own).await?))
}

/// What a participant of this category should have and has not.
fn lacking(row: &people::participant::Model, category: Category, signature: bool) -> Vec<Missing> {
    let company = category == Category::Company;
    let business = company || category == Category::SoleTrader;
    [
        (Missing::Inn, row.inn.is_none()),
        (Missing::Kpp, company && row.kpp.is_none()),
        (Missing::Ogrn, business && row.ogrn.is_none()),
        (Missing::Address, business && row.address.is_none()),
        (Missing::Email, row.email.is_none()),
        (Missing::Phone, row.phone.is_none()),
        (Missing::Signature, !signature),
    ]
    .into_iter()
    .filter_map(|(field, lacks)| lacks.then_some(field))
    .collect()
}

fn person(row: people::person::Model) -> Person {
    Person {
        id: row.id,
        name: session::name(&row),
        snils: row.snils,
        inn: row.inn,
        birth_date: row.birth_date,
        email: row.email,
        phone: row.phone,
    }
}

fn view(row: people::participant::Model) -> Result<Participant, DbErr> {
    let address: Option<Address> = row
        .address
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| DbErr::Custom(format!("address of a participant: {error}")))?;
    Ok(Participant {
        id: row.id,
        category: session::category(&row.category)?,
        full_name: row.full_name,
        short_name: row.short_name,
        inn: row.inn,
        kpp: row.kpp,
        ogrn: row.ogrn,
        address,
        email: row.email,
        phone: row.phone,
        verified: row.verified_at,
    })
}

/// How a theme is kept in the database.
pub fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// A theme read back; one that is not known follows the device.
pub fn theme(name: &str) -> Theme {
    [Theme::Light, Theme::Dark]
        .into_iter()
        .find(|theme| theme_name(*theme) == name)
        .unwrap_or_default()
}
