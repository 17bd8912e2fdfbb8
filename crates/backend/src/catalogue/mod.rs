//! Favourite and recently used services, and works on the portal. The services themselves are
//! `domain::catalogue`.

pub mod entity;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::{
    calendar::Calendar,
    catalogue::find,
    date::{moscow_date, moscow_day_end},
    error::{ErrorCode, WireError},
    view::catalogue::{Maintenance, Marks},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    ctx::{Actor, Ctx},
    error::{Denied, Refusal},
    profile::{self, ProfileError},
};
use entity::{favourite, maintenance, recent_service};

/// How many recently used services are shown.
const RECENT: u64 = 8;

/// Working days between the announcement of works and their beginning (order on the cabinet,
/// item 14).
const NOTICE_DAYS: usize = 2;

#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("no such service")]
    ServiceUnknown,
    /// The works end before they begin, or begin too soon.
    #[error("works may begin from {earliest} and must end later than they begin")]
    MaintenanceTime { earliest: DateTime<Utc> },
    #[error("no such works")]
    MaintenanceUnknown,
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for CatalogueError {
    fn wire(&self) -> Option<WireError> {
        match self {
            Self::Denied(denied) => Some((*denied).into()),
            Self::ServiceUnknown => {
                Some(WireError::new(ErrorCode::NotFound, "catalogue.service_unknown"))
            }
            Self::Profile(error) => error.wire(),
            Self::MaintenanceTime { .. } => Some(WireError::of(ErrorCode::Invalid)),
            Self::MaintenanceUnknown => Some(WireError::of(ErrorCode::NotFound)),
            Self::Db(_) => None,
        }
    }
}

/// What the reader has marked and used in the cabinet entered, and what its profile lacks.
///
/// # Errors
/// No cabinet is entered, or the database failed.
pub async fn marks(ctx: &Ctx) -> Result<Marks, CatalogueError> {
    let person = ctx.person()?.person;
    let participant = ctx.role()?.participant;
    let favourites = favourite::Entity::find()
        .filter(favourite::Column::PersonId.eq(person))
        .filter(favourite::Column::ParticipantId.eq(participant))
        .order_by_asc(favourite::Column::CreatedAt)
        .all(ctx.db())
        .await?;
    let recent = recent_service::Entity::find()
        .filter(recent_service::Column::PersonId.eq(person))
        .filter(recent_service::Column::ParticipantId.eq(participant))
        .order_by_desc(recent_service::Column::UsedAt)
        .limit(RECENT)
        .all(ctx.db())
        .await?;
    Ok(Marks {
        favourites: favourites.into_iter().map(|row| row.service).collect(),
        recent: recent.into_iter().map(|row| row.service).collect(),
        missing: profile::missing(ctx).await?,
    })
}

/// «Добавить в избранное», «Убрать из избранного». Doing it twice changes nothing.
///
/// # Errors
/// No cabinet is entered, or there is no such service.
pub async fn favourite_set(ctx: &Ctx, service: &str, on: bool) -> Result<(), CatalogueError> {
    let person = ctx.person()?.person;
    let participant = ctx.role()?.participant;
    let service = find(service).ok_or(CatalogueError::ServiceUnknown)?.code;
    if on {
        favourite::Entity::insert(favourite::ActiveModel {
            person_id: Set(person),
            participant_id: Set(participant),
            service: Set(service.to_owned()),
            created_at: Set(ctx.now()),
        })
        .on_conflict_do_nothing()
        .exec_without_returning(ctx.db())
        .await?;
    } else {
        favourite::Entity::delete_by_id((person, participant, service.to_owned()))
            .exec(ctx.db())
            .await?;
    }
    Ok(())
}

/// Remembers that the reader began to work with a service.
///
/// # Errors
/// No cabinet is entered, or there is no such service.
pub async fn used(ctx: &Ctx, service: &str) -> Result<(), CatalogueError> {
    let person = ctx.person()?.person;
    let participant = ctx.role()?.participant;
    let service = find(service).ok_or(CatalogueError::ServiceUnknown)?.code;
    use recent_service::Column as C;
    recent_service::Entity::insert(recent_service::ActiveModel {
        person_id: Set(person),
        participant_id: Set(participant),
        service: Set(service.to_owned()),
        used_at: Set(ctx.now()),
    })
    .on_conflict(
        OnConflict::columns([C::PersonId, C::ParticipantId, C::Service])
            .update_column(C::UsedAt)
            .to_owned(),
    )
    .exec_without_returning(ctx.db())
    .await?;
    Ok(())
}

/// Works on the portal that are announced and not over, the nearest first. Everybody may know.
///
/// # Errors
/// The database failed.
pub async fn maintenance(ctx: &Ctx) -> Result<Option<Maintenance>, CatalogueError> {
    let row = maintenance::Entity::find()
        .filter(maintenance::Column::EndsAt.gt(ctx.now()))
        .order_by_asc(maintenance::Column::StartsAt)
        .one(ctx.db())
        .await?;
    Ok(row.map(|row| Maintenance { starts: row.starts_at, ends: row.ends_at, text: row.text }))
}

/// Announces works, at least two working days ahead. For the operator of the cabinet.
///
/// # Errors
/// The time is wrong, or the actor is not the cabinet itself.
pub async fn maintenance_announce(
    ctx: &Ctx,
    calendar: &Calendar,
    works: &Maintenance,
) -> Result<Uuid, CatalogueError> {
    operator(ctx)?;
    let earliest = earliest(calendar, ctx.now());
    if works.starts < earliest || works.ends <= works.starts {
        return Err(CatalogueError::MaintenanceTime { earliest });
    }
    let id = ctx.uuid();
    maintenance::Entity::insert(maintenance::ActiveModel {
        id: Set(id),
        starts_at: Set(works.starts),
        ends_at: Set(works.ends),
        text: Set(works.text.clone()),
        announced_at: Set(ctx.now()),
    })
    .exec_without_returning(ctx.db())
    .await?;
    Ok(id)
}

/// Calls announced works off. For the operator of the cabinet.
///
/// # Errors
/// There are no such works, or the actor is not the cabinet itself.
pub async fn maintenance_cancel(ctx: &Ctx, id: Uuid) -> Result<(), CatalogueError> {
    operator(ctx)?;
    let gone = maintenance::Entity::delete_by_id(id).exec(ctx.db()).await?;
    if gone.rows_affected == 0 { Err(CatalogueError::MaintenanceUnknown) } else { Ok(()) }
}

fn operator(ctx: &Ctx) -> Result<(), Denied> {
    match ctx.actor {
        Actor::System => Ok(()),
        Actor::Anonymous | Actor::Person(_) => Err(Denied::Forbidden),
    }
}

/// When works announced now may begin: two whole working days lie between, by Moscow time.
fn earliest(calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    moscow_day_end(calendar.add_working_days(moscow_date(now), NOTICE_DAYS))
}
