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
    lang::Lang,
    view::catalogue::{Maintenance, Marks},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::OnConflict,
};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    ctx::{Ctx, Operator},
    error::{Denied, Refusal},
    profile::{self, ProfileError},
};
use entity::{favourite, maintenance, recent_service};

/// How many recently used services are shown.
const RECENT: u64 = 8;

/// Working days between the announcement of works and their beginning (order on the cabinet,
/// item 14).
const NOTICE_DAYS: usize = 2;

/// Longest text of an announcement, characters: a banner shows it on every page.
const LONGEST_TEXT: usize = 1000;

#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("no such service")]
    ServiceUnknown,
    /// The works end before they begin, or begin too soon.
    #[error("works may begin from {earliest} and must end later than they begin")]
    MaintenanceTime { earliest: DateTime<Utc> },
    #[error("works are announced with a text of 1 to {LONGEST_TEXT} characters")]
    MaintenanceText,
    #[error("no such works")]
    MaintenanceUnknown,
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for CatalogueError {
    fn wire(&self, lang: Lang) -> Option<WireError> {
        match self {
            Self::Denied(denied) => Some((*denied).into()),
            Self::ServiceUnknown => {
                Some(WireError::new(ErrorCode::NotFound, "catalogue.service_unknown"))
            }
            Self::Profile(error) => error.wire(lang),
            Self::MaintenanceTime { .. } | Self::MaintenanceText => {
                Some(WireError::of(ErrorCode::Invalid))
            }
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
    Ok(coming(ctx.now()).one(ctx.db()).await?.map(view))
}

/// Announces works, at least two working days ahead.
///
/// # Errors
/// [`CatalogueError::MaintenanceTime`] when they begin too soon or end before they begin,
/// [`CatalogueError::MaintenanceText`] when nothing is said about them.
pub async fn maintenance_announce(
    operator: &Operator,
    calendar: &Calendar,
    works: &Maintenance,
) -> Result<Uuid, CatalogueError> {
    let earliest = earliest(calendar, operator.now());
    if works.starts < earliest || works.ends <= works.starts {
        return Err(CatalogueError::MaintenanceTime { earliest });
    }
    let text = works.text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(CatalogueError::MaintenanceText);
    }
    let id = operator.uuid();
    maintenance::Entity::insert(maintenance::ActiveModel {
        id: Set(id),
        starts_at: Set(works.starts),
        ends_at: Set(works.ends),
        text: Set(text.to_owned()),
        announced_at: Set(operator.now()),
    })
    .exec_without_returning(&operator.db)
    .await?;
    Ok(id)
}

/// Works that are announced and not over, with their ids, the nearest first.
///
/// # Errors
/// The database failed.
pub async fn maintenance_list(
    operator: &Operator,
) -> Result<Vec<(Uuid, Maintenance)>, CatalogueError> {
    let rows = coming(operator.now()).all(&operator.db).await?;
    Ok(rows.into_iter().map(|row| (row.id, view(row))).collect())
}

/// Calls announced works off.
///
/// # Errors
/// There are no such works.
pub async fn maintenance_cancel(operator: &Operator, id: Uuid) -> Result<(), CatalogueError> {
    let gone = maintenance::Entity::delete_by_id(id).exec(&operator.db).await?;
    if gone.rows_affected == 0 { Err(CatalogueError::MaintenanceUnknown) } else { Ok(()) }
}

fn coming(now: DateTime<Utc>) -> Select<maintenance::Entity> {
    maintenance::Entity::find()
        .filter(maintenance::Column::EndsAt.gt(now))
        .order_by_asc(maintenance::Column::StartsAt)
        .order_by_asc(maintenance::Column::Id)
}

fn view(row: maintenance::Model) -> Maintenance {
    Maintenance { starts: row.starts_at, ends: row.ends_at, text: row.text }
}

/// When works announced now may begin: two whole working days lie between, by Moscow time.
fn earliest(calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    moscow_day_end(calendar.add_working_days(moscow_date(now), NOTICE_DAYS))
}
