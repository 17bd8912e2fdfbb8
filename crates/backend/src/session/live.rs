//! Sessions that are under way: found by their token, locked when idle, ended.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::view::session::{PersonName, Rights, Role, SessionRow};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    SessionError, category, device,
    entity::{membership, participant, person, session, sign_in},
};
use crate::ctx::{Actor, Backend, Ctx, Session};

/// Whether a request shows that somebody sits before the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A person did something: went to a page, changed a field.
    Reader,
    /// The page itself asks: live news, who is signed in.
    Background,
}

/// What the cookie carries, and its hash, which alone is kept.
pub(super) struct Token {
    pub secret: String,
    pub hash: String,
}

impl Token {
    pub(super) fn new(ctx: &Ctx) -> Self {
        let secret = URL_SAFE_NO_PAD.encode(ctx.token());
        let hash = hash(&secret);
        Self { secret, hash }
    }
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// A session with its person and cabinet, in one query.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    person_id: Uuid,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    locked_at: Option<DateTime<Utc>>,
    surname: String,
    name: String,
    patronymic: Option<String>,
    snils: Option<String>,
    lang: String,
    participant_id: Option<Uuid>,
    category: Option<String>,
    short_name: Option<String>,
    inn: Option<String>,
    kpp: Option<String>,
    active: Option<bool>,
    chief: Option<bool>,
    admin: Option<bool>,
    edit: Option<bool>,
    sign: Option<bool>,
    post: Option<String>,
}

/// Writing the time of every request would cost more than it tells: a session counts as seen in
/// steps of a twentieth of the idle limit, at most of half a minute.
fn step(idle_lock: Duration) -> TimeDelta {
    delta(idle_lock / 20).min(TimeDelta::seconds(30))
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// The session of a token, locked if it was left idle. `None`: unknown, ended, or expired.
///
/// # Errors
/// The database failed.
pub async fn resolve(
    backend: &Arc<Backend>,
    token: &str,
    activity: Activity,
) -> Result<Option<Session>, SessionError> {
    let Some(row) = find(backend, token).await? else { return Ok(None) };
    let now = backend.now();
    let settings = &backend.settings;
    let idle = now - row.seen_at;
    if now >= row.expires_at || idle >= delta(settings.idle_end) {
        end_row(backend, row.id, now).await?;
        return Ok(None);
    }
    let step = step(settings.idle_lock);
    let mut locked = row.locked_at.is_some();
    if !locked && idle >= delta(settings.idle_lock) + step {
        set(backend, row.id, session::Column::LockedAt, now).await?;
        locked = true;
    } else if !locked && activity == Activity::Reader && idle >= step {
        set(backend, row.id, session::Column::SeenAt, now).await?;
    }
    Ok(Some(row.session(locked)?))
}

async fn find(backend: &Backend, token: &str) -> Result<Option<Row>, DbErr> {
    use session::Column as S;
    let to_person: RelationDef =
        session::Entity::belongs_to(person::Entity).from(S::PersonId).to(person::Column::Id).into();
    let to_participant: RelationDef = session::Entity::belongs_to(participant::Entity)
        .from(S::ParticipantId)
        .to(participant::Column::Id)
        .into();
    let to_membership: RelationDef = session::Entity::belongs_to(membership::Entity)
        .from((S::PersonId, S::ParticipantId))
        .to((membership::Column::PersonId, membership::Column::ParticipantId))
        .into();
    session::Entity::find()
        .select_only()
        .columns([S::Id, S::PersonId, S::ParticipantId, S::SeenAt, S::ExpiresAt, S::LockedAt])
        .columns([
            person::Column::Surname,
            person::Column::Name,
            person::Column::Patronymic,
            person::Column::Snils,
            person::Column::Lang,
        ])
        .columns([
            participant::Column::Category,
            participant::Column::ShortName,
            participant::Column::Inn,
            participant::Column::Kpp,
        ])
        .columns([
            membership::Column::Active,
            membership::Column::Chief,
            membership::Column::Admin,
            membership::Column::Edit,
            membership::Column::Sign,
            membership::Column::Post,
        ])
        .join(JoinType::InnerJoin, to_person)
        .join(JoinType::LeftJoin, to_participant)
        .join(JoinType::LeftJoin, to_membership)
        .filter(S::TokenHash.eq(hash(token)))
        .filter(S::EndedAt.is_null())
        .into_model::<Row>()
        .one(&backend.db)
        .await
}

impl Row {
    fn session(self, locked: bool) -> Result<Session, DbErr> {
        let role = self.role()?;
        Ok(Session {
            id: self.id,
            person: self.person_id,
            name: PersonName {
                surname: self.surname,
                name: self.name,
                patronymic: self.patronymic,
            },
            snils: self.snils,
            lang: self.lang.parse().unwrap_or_default(),
            role,
            locked,
        })
    }

    /// The cabinet entered, as long as the person still belongs to it.
    fn role(&self) -> Result<Option<Role>, DbErr> {
        let (Some(id), Some(kind), Some(name), Some(true)) =
            (self.participant_id, &self.category, &self.short_name, self.active)
        else {
            return Ok(None);
        };
        Ok(Some(Role {
            participant: id,
            category: category(kind)?,
            name: name.clone(),
            inn: self.inn.clone(),
            kpp: self.kpp.clone(),
            post: self.post.clone(),
            rights: Rights {
                chief: self.chief == Some(true),
                admin: self.admin == Some(true),
                edit: self.edit == Some(true),
                sign: self.sign == Some(true),
            },
        }))
    }
}

async fn set(
    backend: &Backend,
    id: Uuid,
    column: session::Column,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(session::Column::Id.eq(id))
        .exec(&backend.db)
        .await?;
    Ok(())
}

pub(super) async fn end_row(backend: &Backend, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    set(backend, id, session::Column::EndedAt, now).await
}

/// Sessions of a person that have neither ended nor run out.
fn alive(ctx: &Ctx, person: Uuid) -> Condition {
    let seen_after = ctx.now() - delta(ctx.settings().idle_end);
    Condition::all()
        .add(session::Column::PersonId.eq(person))
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(ctx.now()))
        .add(session::Column::SeenAt.gt(seen_after))
}

/// The reader's sessions, the newest first.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn list(ctx: &Ctx) -> Result<Vec<SessionRow>, SessionError> {
    let own = ctx.person()?;
    let rows = session::Entity::find()
        .filter(alive(ctx, own.person))
        .order_by_desc(session::Column::SeenAt)
        .all(ctx.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionRow {
            id: row.id,
            current: row.id == own.id,
            device: device::short(&row.user_agent),
            address: row.address,
            started: row.created_at,
            seen: row.seen_at,
        })
        .collect())
}

/// Whether the person is signed in elsewhere.
pub(super) async fn elsewhere(ctx: &Ctx, person: Uuid) -> Result<bool, DbErr> {
    Ok(session::Entity::find().filter(alive(ctx, person)).one(ctx.db()).await?.is_some())
}

/// Ends one of the reader's sessions.
///
/// # Errors
/// The session is not the reader's, or ended already.
pub async fn end(ctx: &Ctx, id: Uuid) -> Result<(), SessionError> {
    let own = ctx.person()?;
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(ctx.now()))
        .filter(alive(ctx, own.person))
        .filter(session::Column::Id.eq(id))
        .exec(ctx.db())
        .await?;
    if ended.rows_affected == 0 { Err(SessionError::NotFound) } else { Ok(()) }
}

/// Ends all of the reader's sessions but this one.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn end_others(ctx: &Ctx) -> Result<(), SessionError> {
    let own = ctx.person()?;
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(ctx.now()))
        .filter(alive(ctx, own.person))
        .filter(session::Column::Id.ne(own.id))
        .exec(ctx.db())
        .await?;
    Ok(())
}

/// Locks the reader's session: the screen was left idle, or he locked it himself.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn lock(ctx: &Ctx) -> Result<(), SessionError> {
    let own = ctx.session()?;
    if !own.locked {
        set(&ctx.backend, own.id, session::Column::LockedAt, ctx.now()).await?;
    }
    Ok(())
}

/// Ends the reader's session. Returns where ESIA's own session is ended; nothing when nobody was
/// signed in.
///
/// # Errors
/// The database failed.
pub async fn sign_out(ctx: &Ctx) -> Result<Option<String>, SessionError> {
    let Actor::Person(own) = &ctx.actor else { return Ok(None) };
    end_row(&ctx.backend, own.id, ctx.now()).await?;
    let back = format!("{}/sign-in", ctx.settings().public_url);
    Ok(Some(ctx.backend.gateways.esia.logout_url(&back)?))
}

/// Deletes what nobody can use any more: sign-ins never finished, and sessions that ended or ran
/// out more than 90 days ago. Background work.
///
/// # Errors
/// The database failed.
pub async fn sweep(ctx: &Ctx) -> Result<(), SessionError> {
    let now = ctx.now();
    sign_in::Entity::delete_many()
        .filter(sign_in::Column::CreatedAt.lt(now - super::sign_in::LIFE))
        .exec(ctx.db())
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(now - TimeDelta::days(90)))
        .exec(ctx.db())
        .await?;
    Ok(())
}
