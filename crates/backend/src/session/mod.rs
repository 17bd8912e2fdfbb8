//! Sign-in through ESIA, sessions, and the cabinets that a person may enter.

mod by_signature;
mod cabinets;
mod device;
pub mod entity;
mod live;
mod roles;
mod sign_in;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    view::session::{Category, PersonName},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use thiserror::Error;
use uuid::Uuid;

pub use self::{
    by_signature::sign_in_by_signature,
    live::{Activity, end, end_others, list, lock, resolve, sign_out, sweep},
    roles::{enter, roles, who},
    sign_in::{Begun, Callback, Signed, esia_begin, esia_finish},
};
use crate::{
    error::{Denied, Refusal},
    gateway::esia::EsiaError,
    signature::SignatureError,
};
use entity::{participant, person};

#[derive(Debug, Error)]
pub enum SessionError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// ESIA did not say who it is.
    #[error(transparent)]
    Esia(#[from] EsiaError),
    /// The sign-in began too long ago, or its answer was used already.
    #[error("the sign-in has expired")]
    SignInExpired,
    /// The sign-in was not begun here, or in another browser.
    #[error("the sign-in is not known in this browser")]
    SignInUnknown,
    #[error("the ESIA account is not confirmed")]
    Unconfirmed,
    /// A locked session can only be opened by the person who locked it.
    #[error("another person answered for a locked session")]
    OtherPerson,
    #[error("the signature is refused: {0}")]
    Signature(#[from] SignatureError),
    /// Whoever is signed in, or locked the screen, is not the owner of the certificate.
    #[error("the certificate belongs to another person than the one signed in")]
    SignatureOtherPerson,
    /// A company's head is known as a person first.
    #[error("the owner of the certificate is not known here as a person")]
    SignaturePersonFirst,
    #[error("the tax register names another head of the organisation")]
    SignatureNotHead,
    #[error("the organisation of the certificate is not in the tax register")]
    SignatureOrganisationUnknown,
    #[error("the tax register does not answer")]
    SignatureRegisterDown,
    /// The person has no such cabinet.
    #[error("no such cabinet")]
    RoleUnknown,
    #[error("no such session")]
    NotFound,
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for SessionError {
    fn wire(&self, _: Lang) -> Option<WireError> {
        let (code, key) = match self {
            Self::Denied(denied) => return Some((*denied).into()),
            Self::Db(_) => return None,
            Self::Esia(EsiaError::Denied(_)) => (ErrorCode::Forbidden, "session.esia_denied"),
            Self::Esia(EsiaError::Blocked(_)) => (ErrorCode::Forbidden, "session.esia_blocked"),
            Self::Esia(EsiaError::Expired(_)) | Self::SignInExpired => {
                (ErrorCode::Expired, "session.sign_in_expired")
            }
            Self::Esia(EsiaError::ClientRefused(_)) => {
                (ErrorCode::Unavailable, "session.esia_refused_client")
            }
            Self::Esia(EsiaError::Down(_)) => (ErrorCode::Unavailable, "session.esia_down"),
            Self::Esia(EsiaError::BadAnswer(_)) => (ErrorCode::Unavailable, "session.esia_answer"),
            Self::SignInUnknown => (ErrorCode::Expired, "session.sign_in_unknown"),
            Self::Esia(EsiaError::Unconfirmed(_)) | Self::Unconfirmed => {
                (ErrorCode::Forbidden, "session.unconfirmed")
            }
            Self::Signature(error) => return Some(error.wire()),
            Self::SignatureOtherPerson => (ErrorCode::Forbidden, "session.signature_other_person"),
            Self::SignaturePersonFirst => (ErrorCode::Forbidden, "session.signature_person_first"),
            Self::SignatureNotHead => (ErrorCode::Forbidden, "session.signature_not_head"),
            Self::SignatureOrganisationUnknown => {
                (ErrorCode::Invalid, "session.signature_organisation_unknown")
            }
            Self::SignatureRegisterDown => {
                let error =
                    WireError::new(ErrorCode::Unavailable, "session.signature_register_down");
                return Some(error.arg("system", "ФНС России"));
            }
            Self::OtherPerson => (ErrorCode::Forbidden, "session.other_person"),
            Self::RoleUnknown => (ErrorCode::NotFound, "session.role_unknown"),
            Self::NotFound => (ErrorCode::NotFound, "session.not_found"),
        };
        let error = WireError::new(code, key);
        Some(if code == ErrorCode::Unavailable {
            error.arg("system", "Госуслуги")
        } else {
            error
        })
    }
}

/// A person's row.
pub async fn person<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id).one(db).await
}

/// A cabinet's row.
pub async fn participant<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
) -> Result<Option<participant::Model>, DbErr> {
    participant::Entity::find_by_id(id).one(db).await
}

/// The ИНН under which a cabinet speaks to customs.
pub async fn participant_inn<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
) -> Result<Option<String>, DbErr> {
    Ok(participant(db, id).await?.and_then(|row| row.inn))
}

/// Short names of people («Иванова А. П.») by id.
pub async fn names<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, name(&row).short())).collect())
}

/// The name of a person's row.
pub fn name(row: &person::Model) -> PersonName {
    PersonName {
        surname: row.surname.clone(),
        name: row.name.clone(),
        patronymic: row.patronymic.clone(),
    }
}

/// How a category is kept in the database.
pub fn category_name(category: Category) -> &'static str {
    match category {
        Category::Company => "company",
        Category::SoleTrader => "sole_trader",
        Category::SelfEmployed => "self_employed",
        Category::Person => "person",
    }
}

/// A category read back from the database.
///
/// # Errors
/// The row was written by a newer version of the cabinet.
pub fn category(name: &str) -> Result<Category, DbErr> {
    [Category::Company, Category::SoleTrader, Category::SelfEmployed, Category::Person]
        .into_iter()
        .find(|category| category_name(*category) == name)
        .ok_or_else(|| DbErr::Custom(format!("unknown category of participant `{name}`")))
}
