//! What was done, by whom: one row for every act that changes a document or a right.

pub mod entity;

use domain::view::document::{Action, Event};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::ctx::{Actor, Ctx};
use entity::journal;

/// Writes a row about a document, in the transaction of the act itself.
pub async fn record<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    participant: Uuid,
    document: Uuid,
    action: Action,
    detail: Option<String>,
) -> Result<(), DbErr> {
    let person = match &ctx.actor {
        Actor::Person(session) => Some(session.person),
        Actor::Anonymous | Actor::System => None,
    };
    let action = name(action);
    journal::Entity::insert(journal::ActiveModel {
        id: Set(ctx.uuid()),
        at: Set(ctx.now()),
        participant_id: Set(Some(participant)),
        person_id: Set(person),
        actor: Set(ctx.actor_name()),
        document_id: Set(Some(document)),
        action: Set(action),
        detail: Set(detail),
        request_id: Set(ctx.request_id.clone()),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// The events of a document, oldest first.
pub async fn of_document<C: ConnectionTrait>(db: &C, document: Uuid) -> Result<Vec<Event>, DbErr> {
    let rows = journal::Entity::find()
        .filter(journal::Column::DocumentId.eq(document))
        .order_by_asc(journal::Column::At)
        .order_by_asc(journal::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let action = parse(&row.action)?;
            Some(Event { at: row.at, actor: row.actor, action, detail: row.detail })
        })
        .collect())
}

fn name(action: Action) -> String {
    // A unit variant always serialises to its name.
    serde_json::to_value(action)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn parse(name: &str) -> Option<Action> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}
