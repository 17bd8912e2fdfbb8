//! «Обновить сведения об организации»: what the tax register says today.

use chrono::{DateTime, Utc};
use domain::view::{profile::Participant, session::Category};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, IntoActiveModel};

use super::{ProfileError, view};
use crate::{
    ctx::Ctx,
    error::Denied,
    gateway::tax::Entry,
    session::{self, entity::participant},
};

/// Takes the tax register's data into the cabinet entered. Of a natural person the register says
/// whether he is self-employed.
///
/// # Errors
/// The register does not answer, or does not know the organisation: the data stay as they were.
pub async fn organisation_refresh(ctx: &Ctx) -> Result<Participant, ProfileError> {
    let role = ctx.editor()?;
    let row = session::participant(ctx.db(), role.participant).await?.ok_or(Denied::NoCabinet)?;
    let register = &ctx.backend.gateways.tax;
    let (ogrn, inn) = (row.ogrn.clone(), row.inn.clone());
    let mut changed = row.into_active_model();
    match role.category {
        Category::Company | Category::SoleTrader => {
            let number = ogrn.or(inn).ok_or(ProfileError::NotInRegister)?;
            let entry = register.organisation(&number).await?.ok_or(ProfileError::NotInRegister)?;
            take_entry(&mut changed, &entry, ctx.now())?;
        }
        Category::SelfEmployed | Category::Person => {
            let inn = inn.ok_or(ProfileError::NotInRegister)?;
            let category = if register.is_self_employed(&inn).await? {
                Category::SelfEmployed
            } else {
                Category::Person
            };
            changed.category = Set(session::category_name(category).to_owned());
            changed.verified_at = Set(Some(ctx.now()));
        }
    }
    changed.updated_at = Set(ctx.now());
    Ok(view(changed.update(ctx.db()).await?)?)
}

/// Puts an entry of the register into a cabinet's row. A cabinet keeps its ИНН: an organisation
/// whose ИНН changed gets another cabinet.
///
/// # Errors
/// The address cannot be written as JSON.
pub fn take_entry(
    row: &mut participant::ActiveModel,
    entry: &Entry,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let address = serde_json::to_string(&entry.address)
        .map_err(|error| DbErr::Custom(format!("address of a participant: {error}")))?;
    if row.inn.try_as_ref().is_none_or(Option::is_none) {
        row.inn = Set(Some(entry.inn.clone()));
    }
    row.kpp = Set(entry.kpp.clone());
    row.ogrn = Set(Some(entry.ogrn.clone()));
    row.full_name = Set(entry.full_name.clone());
    row.short_name = Set(entry.short_name.clone());
    row.address = Set(Some(address));
    row.verified_at = Set(Some(now));
    Ok(())
}
