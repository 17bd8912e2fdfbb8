//! Server functions of the profile.

use domain::{
    lang::Lang,
    view::{
        profile::{Certificate, Employee, Participant, Profile},
        session::Theme,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

/// Whose contacts a form sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    Person,
    Participant,
}

impl Whose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Participant => "participant",
        }
    }
}

#[server(endpoint = "profile/get", prefix = "/api", input = Json)]
pub async fn get() -> Result<Profile, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::get(&ctx).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "profile/contacts_set", prefix = "/api")]
pub async fn contacts_set(
    whose: Whose,
    #[server(default)] email: String,
    #[server(default)] phone: String,
) -> Result<(), ApiError> {
    use backend::profile as use_case;
    let ctx = crate::context::ctx()?;
    let whose = match whose {
        Whose::Person => use_case::Whose::Person,
        Whose::Participant => use_case::Whose::Participant,
    };
    let contacts = use_case::Contacts { email, phone };
    let result = use_case::contacts_set(&ctx, whose, &contacts).await;
    crate::context::answer(&ctx, result)
}

/// Language, colours and mail. A plain form: the whole page is drawn anew.
#[server(endpoint = "profile/preferences_set", prefix = "/api")]
pub async fn preferences_set(
    lang: Lang,
    theme: Theme,
    #[server(default)] mail_decisions: bool,
    #[server(default)] mail_demands: bool,
    #[server(default)] mail_deadlines: bool,
) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let preferences = backend::profile::Preferences {
        lang,
        theme,
        mail: domain::view::profile::MailChoices {
            decisions: mail_decisions,
            demands: mail_demands,
            deadlines: mail_deadlines,
        },
    };
    let result = backend::profile::preferences_set(&ctx, preferences).await;
    crate::context::answer(&ctx, result)?;
    leptos_axum::redirect("/profile");
    Ok(())
}

/// «Обновить сведения об организации».
#[server(endpoint = "profile/organisation_refresh", prefix = "/api")]
pub async fn organisation_refresh() -> Result<Participant, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::organisation_refresh(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// Who works in the cabinet; for its head and administrators.
#[server(endpoint = "profile/employees", prefix = "/api", input = Json)]
pub async fn employees() -> Result<Vec<Employee>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::employees(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// Attaches a signing certificate, PEM with its issuers.
#[server(endpoint = "profile/certificate_attach", prefix = "/api")]
pub async fn certificate_attach(chain_pem: String) -> Result<Certificate, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::certificate_attach(&ctx, &chain_pem).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "profile/certificate_remove", prefix = "/api")]
pub async fn certificate_remove(certificate: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::certificate_remove(&ctx, certificate).await;
    crate::context::answer(&ctx, result)
}
