//! Notices: kept for each person, pushed to open pages, and mailed by choice.

pub mod entity;
mod reminder;
#[cfg(test)]
mod tests;
mod todo;

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    view::{
        Page,
        notice::{Notice, NoticeKind, Push},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::Expr,
};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    bus::Audience,
    ctx::Ctx,
    document::DocumentError,
    error::{Denied, Refusal},
    job::{self, Work},
    session::{self, entity::membership},
};
use entity::notice;

pub use reminder::remind;
pub use todo::todos;

#[derive(Debug, Error)]
pub enum NoticeError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("no such notice")]
    NotFound,
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for NoticeError {
    fn wire(&self, _: Lang) -> Option<WireError> {
        match self {
            Self::Denied(denied) => Some((*denied).into()),
            Self::NotFound => Some(WireError::new(ErrorCode::NotFound, "notice.not_found")),
            Self::Db(_) => None,
        }
    }
}

/// Tells everybody who works in the cabinet, in the transaction of the cause. Call [`pushed`]
/// after the commit.
pub async fn tell_participant<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    participant: Uuid,
    kind: NoticeKind,
    document: Uuid,
) -> Result<(), DocumentError> {
    let people = membership::Entity::find()
        .filter(membership::Column::ParticipantId.eq(participant))
        .filter(membership::Column::Active.eq(true))
        .all(db)
        .await?;
    for member in people {
        let link = Some(format!("/statforms/{document}"));
        tell(ctx, db, member.person_id, participant, &kind, link).await?;
    }
    Ok(())
}

/// Tells one person.
pub async fn tell<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    participant: Uuid,
    kind: &NoticeKind,
    link: Option<String>,
) -> Result<(), DbErr> {
    tell_as(ctx, db, ctx.uuid(), (person, participant), kind, link).await
}

/// Tells one person by a notice with a given id; the same one is told once.
async fn tell_as<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    id: Uuid,
    (person, participant): (Uuid, Uuid),
    kind: &NoticeKind,
    link: Option<String>,
) -> Result<(), DbErr> {
    let body = serde_json::to_string(kind).map_err(|error| DbErr::Custom(error.to_string()))?;
    notice::Entity::insert(notice::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        participant_id: Set(participant),
        at: Set(ctx.now()),
        body: Set(body),
        link: Set(link),
        read_at: Set(None),
    })
    .on_conflict_do_nothing_on([notice::Column::Id])
    .exec_without_returning(db)
    .await?;
    if ctx.backend.gateways.mail.is_some() {
        let work = Work::NoticeMail { notice: id };
        job::enqueue(ctx, db, &format!("mail-{id}"), &work, ctx.now()).await?;
    }
    Ok(())
}

/// Shows the newest notice on the open pages of everybody in the cabinet.
pub async fn pushed(ctx: &Ctx, participant: Uuid) -> Result<(), DbErr> {
    let people = membership::Entity::find()
        .filter(membership::Column::ParticipantId.eq(participant))
        .filter(membership::Column::Active.eq(true))
        .all(ctx.db())
        .await?;
    for member in people {
        let newest = mine(member.person_id)
            .order_by_desc(notice::Column::At)
            .order_by_desc(notice::Column::Id)
            .one(ctx.db())
            .await?;
        if let Some(notice) = newest.and_then(view) {
            let unread = unread_of(ctx, member.person_id).await?;
            let push = Push::Notice { notice: Box::new(notice), unread };
            ctx.backend.bus.publish(ctx.db(), Audience::Person(member.person_id), push).await;
        }
    }
    Ok(())
}

fn mine(person: Uuid) -> sea_orm::Select<notice::Entity> {
    notice::Entity::find().filter(notice::Column::PersonId.eq(person))
}

fn view(row: notice::Model) -> Option<Notice> {
    Some(Notice {
        id: row.id,
        at: row.at,
        read: row.read_at.is_some(),
        kind: serde_json::from_str(&row.body).ok()?,
        link: row.link,
    })
}

/// The person's notices, newest first.
pub async fn list(ctx: &Ctx, page: u64) -> Result<Page<Notice>, NoticeError> {
    const SIZE: u64 = 20;
    let session = ctx.person()?;
    let page = page.max(1);
    let found = mine(session.person)
        .order_by_desc(notice::Column::At)
        .order_by_desc(notice::Column::Id)
        .paginate(ctx.db(), SIZE);
    let total = found.num_items().await?;
    let rows = found.fetch_page(page - 1).await?.into_iter().filter_map(view).collect();
    Ok(Page { rows, total, page, size: SIZE })
}

/// Marks one notice as read. Returns how many are still unread.
pub async fn read(ctx: &Ctx, id: Uuid) -> Result<u64, NoticeError> {
    let session = ctx.person()?;
    let marked = notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(ctx.now()))
        .filter(notice::Column::Id.eq(id))
        .filter(notice::Column::PersonId.eq(session.person))
        .exec(ctx.db())
        .await?;
    if marked.rows_affected == 0 {
        return Err(NoticeError::NotFound);
    }
    Ok(unread_of(ctx, session.person).await?)
}

/// Marks all as read.
pub async fn read_all(ctx: &Ctx) -> Result<(), NoticeError> {
    let session = ctx.person()?;
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(ctx.now()))
        .filter(notice::Column::PersonId.eq(session.person))
        .filter(notice::Column::ReadAt.is_null())
        .exec(ctx.db())
        .await?;
    Ok(())
}

/// How many notices of a person are unread.
pub async fn unread_of(ctx: &Ctx, person: Uuid) -> Result<u64, DbErr> {
    mine(person).filter(notice::Column::ReadAt.is_null()).count(ctx.db()).await
}

/// Sends one notice by mail, when its reader wants that kind.
///
/// # Errors
/// Why it could not be sent now.
pub async fn mail(ctx: &Ctx, id: Uuid) -> Result<(), String> {
    let Some(mail) = &ctx.backend.gateways.mail else { return Ok(()) };
    let failed = |error: DbErr| error.to_string();
    let row = notice::Entity::find_by_id(id).one(ctx.db()).await.map_err(failed)?;
    let Some(row) = row else { return Ok(()) };
    let person = session::person(ctx.db(), row.person_id).await.map_err(failed)?;
    let Some((person, notice)) = person.zip(view(row)) else { return Ok(()) };
    let wanted = match notice.kind {
        NoticeKind::ExplanationsRequired { .. }
        | NoticeKind::UnderControl { .. }
        | NoticeKind::SignedOnTelephone { .. } => person.mail_demands,
        NoticeKind::DraftExpires { .. }
        | NoticeKind::Due { .. }
        | NoticeKind::CertificateExpires { .. } => person.mail_deadlines,
        NoticeKind::SignedInElsewhere { .. } => true,
        _ => person.mail_decisions,
    };
    let Some(address) = person.email.filter(|_| wanted) else { return Ok(()) };
    let lang = person.lang.parse().unwrap_or_default();
    let (subject, text) = domain::notice::wording(&notice.kind, lang);
    let link = notice
        .link
        .map(|link| format!("\n\n{}{link}", ctx.settings().public_url))
        .unwrap_or_default();
    mail.send(&address, &subject, &format!("{text}{link}\n"))
        .await
        .map_err(|error| error.to_string())
}
