//! Who the reader is, and on whose behalf he acts.

use domain::view::session::{Rights, Role, Who};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    SessionError, category,
    entity::{membership, participant, session},
    person, sign_in,
};
use crate::{
    ctx::{Actor, Ctx},
    notice, profile,
};

/// What every page needs to know about its reader; `None` when nobody is signed in. For a locked
/// session it counts nothing: the screen shows only whose it is.
///
/// # Errors
/// The database failed.
pub async fn who(ctx: &Ctx) -> Result<Option<Who>, SessionError> {
    let Actor::Person(own) = &ctx.actor else { return Ok(None) };
    let Some(row) = person(ctx.db(), own.person).await? else { return Ok(None) };
    let (roles, signature, unread) = if own.locked {
        (0, false, 0)
    } else {
        (
            of_person(ctx, own.person).await?.len(),
            profile::has_signature(ctx, own).await?,
            notice::unread_of(ctx, own.person).await?,
        )
    };
    Ok(Some(Who {
        session: own.id,
        person: own.person,
        name: own.name.clone(),
        role: own.role.clone(),
        roles,
        lang: row.lang.parse().unwrap_or_default(),
        theme: profile::theme(&row.theme),
        signature,
        unread,
        locked: own.locked,
        signature_ways: crate::signature::signature_ways(ctx),
        idle_limit: u32::try_from(ctx.settings().idle_lock.as_secs()).unwrap_or(u32::MAX),
    }))
}

/// The cabinets that the reader may enter, his own first.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn roles(ctx: &Ctx) -> Result<Vec<Role>, SessionError> {
    let own = ctx.person()?;
    of_person(ctx, own.person).await
}

async fn of_person(ctx: &Ctx, person: Uuid) -> Result<Vec<Role>, SessionError> {
    let to_participant: RelationDef = membership::Entity::belongs_to(participant::Entity)
        .from(membership::Column::ParticipantId)
        .to(participant::Column::Id)
        .into();
    let rows = membership::Entity::find()
        .join(JoinType::InnerJoin, to_participant)
        .select_also(participant::Entity)
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::Active.eq(true))
        .order_by_asc(participant::Column::CreatedAt)
        .all(ctx.db())
        .await?;
    let mut roles = Vec::with_capacity(rows.len());
    for (member, cabinet) in rows {
        let Some(cabinet) = cabinet else { continue };
        let role = Role {
            participant: cabinet.id,
            category: category(&cabinet.category)?,
            name: cabinet.short_name,
            inn: cabinet.inn,
            kpp: cabinet.kpp,
            post: member.post,
            rights: Rights {
                chief: member.chief,
                admin: member.admin,
                edit: member.edit,
                sign: member.sign,
            },
        };
        if cabinet.owner_person == Some(person) { roles.insert(0, role) } else { roles.push(role) }
    }
    Ok(roles)
}

/// Enters one of the reader's cabinets; from now on he acts for it.
///
/// # Errors
/// The reader has no such cabinet.
pub async fn enter(ctx: &Ctx, participant: Uuid) -> Result<(), SessionError> {
    let own = ctx.person()?;
    if !sign_in::is_member(ctx, own.person, participant).await? {
        return Err(SessionError::RoleUnknown);
    }
    session::Entity::update_many()
        .col_expr(session::Column::ParticipantId, Expr::value(Some(participant)))
        .filter(session::Column::Id.eq(own.id))
        .exec(ctx.db())
        .await?;
    Ok(())
}
