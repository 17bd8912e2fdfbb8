//! What customs answers: each message is kept once, applied once, and then confirmed.

use chrono::NaiveDate;
use domain::{
    state::{DocumentState, Event as StateEvent},
    view::{document::Action, notice::NoticeKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    DocumentError, drafts,
    entity::{cursor, document, inbox, outbox},
    state, title,
};
use crate::{
    ctx::Ctx,
    gateway::customs::{Answer, CustomsError, FormState, Incoming},
    journal, notice, storage,
};

const CURSOR: &str = "customs";

/// Waits for answers and applies them. Returns how many came.
///
/// # Errors
/// The outer error is the database's; the inner says that customs cannot be read now.
pub async fn answers_receive(ctx: &Ctx) -> Result<Result<usize, CustomsError>, DocumentError> {
    let after = cursor::Entity::find_by_id(CURSOR)
        .one(ctx.db())
        .await?
        .map_or_else(|| "0".to_owned(), |row| row.value);
    let incomings = match ctx.backend.gateways.customs.receive(&after).await {
        Ok(incomings) => incomings,
        Err(error) => return Ok(Err(error)),
    };
    let count = incomings.messages.len();
    for message in &incomings.messages {
        answers_apply(ctx, message).await?;
    }
    if incomings.next != after {
        cursor::Entity::insert(cursor::ActiveModel {
            name: Set(CURSOR.to_owned()),
            value: Set(incomings.next),
        })
        .on_conflict(
            OnConflict::column(cursor::Column::Name)
                .update_column(cursor::Column::Value)
                .to_owned(),
        )
        .exec_without_returning(ctx.db())
        .await?;
    }
    for message in incomings.messages {
        // A confirmation that is lost only lets customs repeat what is known here.
        if let Err(error) = ctx.backend.gateways.customs.acknowledge(message.message_id).await {
            tracing::warn!(message_id = %message.message_id, %error, "inbox.not_acknowledged");
        }
    }
    Ok(Ok(count))
}

/// Keeps one message and moves its document on, in one transaction.
pub async fn answers_apply(ctx: &Ctx, message: &Incoming) -> Result<(), DocumentError> {
    let txn = storage::begin(ctx.db()).await?;
    if inbox::Entity::find_by_id(message.message_id).one(&txn).await?.is_some() {
        return Ok(());
    }
    let mut changed = None;
    let mut problem = None;
    match (&message.answer, subject(&txn, message.relates_to).await?) {
        (Ok(answer), Some(mut row)) => match apply(ctx, &txn, &mut row, answer).await? {
            Ok(()) => changed = Some(row),
            Err(cause) => problem = Some(cause),
        },
        (Ok(_), None) => problem = Some("it relates to no document of this cabinet".to_owned()),
        (Err(cause), _) => problem = Some(cause.clone()),
    }
    if let Some(problem) = &problem {
        tracing::error!(message_id = %message.message_id, %problem, "inbox.not_applied");
    }
    inbox::Entity::insert(inbox::ActiveModel {
        message_id: Set(message.message_id),
        relates_to: Set(message.relates_to),
        body: Set(message.envelope.clone()),
        received_at: Set(ctx.now()),
        applied_at: Set(changed.is_some().then(|| ctx.now())),
        problem: Set(problem),
    })
    .exec_without_returning(&txn)
    .await?;
    txn.commit().await?;
    if let Some(row) = changed {
        drafts::announce(ctx, &row).await;
        notice::pushed(ctx, row.participant_id).await?;
    }
    Ok(())
}

async fn subject<C: ConnectionTrait>(
    db: &C,
    relates_to: Option<Uuid>,
) -> Result<Option<document::Model>, DocumentError> {
    let Some(message_id) = relates_to else { return Ok(None) };
    let sent =
        outbox::Entity::find().filter(outbox::Column::MessageId.eq(message_id)).one(db).await?;
    let Some(sent) = sent else { return Ok(None) };
    Ok(document::Entity::find_by_id(sent.document_id).lock_exclusive().one(db).await?)
}

/// The inner error says why the message does not fit the document's state.
async fn apply<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    answer: &Answer,
) -> Result<Result<(), String>, DocumentError> {
    let (event, action) = match answer {
        Answer::Errors { .. } => (StateEvent::Refused, Action::Refused),
        Answer::State { state, .. } => match state {
            FormState::Registered => (StateEvent::Registered, Action::Registered),
            FormState::ExplanationsRequired => {
                (StateEvent::ExplanationsRequested, Action::ExplanationsRequired)
            }
            FormState::UnderControl => (StateEvent::ControlPlaced, Action::UnderControl),
            FormState::Cleared => (StateEvent::Cleared, Action::Cleared),
            FormState::Annulled => (StateEvent::Annulled, Action::Annulled),
        },
    };
    let current = state(row)?;
    let next = match current.on(event) {
        Ok(next) => next,
        Err(error) => return Ok(Err(error.to_string())),
    };
    row.state = next.to_string();
    row.updated_at = ctx.now();
    let detail = match answer {
        Answer::Errors { xml } => refuse(ctx, db, row, xml).await?,
        Answer::State { state, number, until, text } => {
            if let Some(number) = number {
                row.number = Some(number.to_string());
            }
            // Nothing is demanded of a form that is annulled, whatever was on its way before.
            if next != DocumentState::Annulled || *state == FormState::Annulled {
                settle(ctx, db, row, *state, *until, text.as_deref()).await?;
            }
            text.clone().or_else(|| row.number.clone())
        }
    };
    drafts::update(db, row).await?;
    // Messages may arrive in another order than they were sent: a late one that changes nothing
    // still belongs to the story.
    journal::record(ctx, db, row.participant_id, row.id, action, detail).await?;
    // The first message about a registered form need not be the one that says so.
    if next.is_registered() && !current.is_registered() {
        annul_replaced(ctx, db, row).await?;
    }
    Ok(Ok(()))
}

async fn refuse<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
    xml: &str,
) -> Result<Option<String>, DocumentError> {
    let read = edoc::remark::read_error_list(xml.as_bytes());
    let remarks = read.map(|list| list.remarks).unwrap_or_default();
    let count = u32::try_from(remarks.len()).unwrap_or(u32::MAX);
    let kind = NoticeKind::Refused { title: title(row), remarks: count };
    notice::tell_participant(ctx, db, row.participant_id, kind, row.id).await?;
    // The list as it came: each reader gets it in words of his language.
    Ok(Some(xml.to_owned()))
}

async fn settle<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &mut document::Model,
    form: FormState,
    until: Option<NaiveDate>,
    text: Option<&str>,
) -> Result<(), DocumentError> {
    let title = title(row);
    let text = text.unwrap_or_default().to_owned();
    let kind = match form {
        FormState::Registered => {
            NoticeKind::Registered { title, number: row.number.clone().unwrap_or_default() }
        }
        FormState::ExplanationsRequired => {
            demand(ctx, row, &text, until);
            NoticeKind::ExplanationsRequired { title, until, text }
        }
        FormState::UnderControl => {
            let until = match until {
                Some(until) => until,
                None => crate::statform::correction_due(ctx, db).await?,
            };
            demand(ctx, row, &text, Some(until));
            NoticeKind::UnderControl { title, until, text }
        }
        FormState::Cleared => {
            clear(row);
            NoticeKind::Cleared { title }
        }
        FormState::Annulled => {
            clear(row);
            NoticeKind::Annulled { title, replaced_by: None }
        }
    };
    notice::tell_participant(ctx, db, row.participant_id, kind, row.id).await
}

fn demand(ctx: &Ctx, row: &mut document::Model, text: &str, until: Option<NaiveDate>) {
    row.demand_text = Some(text.to_owned());
    row.demand_since = Some(ctx.now());
    row.demand_until = until;
    row.demand_answered_at = None;
}

fn clear(row: &mut document::Model) {
    row.demand_text = None;
    row.demand_since = None;
    row.demand_until = None;
    row.demand_answered_at = None;
}

/// A form that replaces another (`PreviousRegNumberDoc`) annuls it when it is registered.
async fn annul_replaced<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
) -> Result<(), DocumentError> {
    let Some(number) = &row.replaces else { return Ok(()) };
    let replaced = document::Entity::find()
        .filter(document::Column::ParticipantId.eq(row.participant_id))
        .filter(document::Column::Kind.eq(&row.kind))
        .filter(document::Column::Number.eq(number))
        .filter(document::Column::Id.ne(row.id))
        .lock_exclusive()
        .one(db)
        .await?;
    let Some(mut replaced) = replaced else { return Ok(()) };
    replaced.replaced_by = Some(row.id);
    if let Ok(next) = state(&replaced)?.on(StateEvent::Annulled) {
        replaced.state = next.to_string();
        clear(&mut replaced);
    }
    drafts::update(db, &replaced).await?;
    let detail = row.number.clone();
    journal::record(ctx, db, row.participant_id, replaced.id, Action::Annulled, detail).await?;
    Ok(())
}
