//! Signing in through ESIA, and opening a locked session again.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::view::notice::NoticeKind;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    SessionError, cabinets,
    cabinets::Cabinets,
    device,
    entity::{membership, session, sign_in},
    live::{self, Token},
};
use crate::{
    ctx::Ctx,
    gateway::esia::{Attempt, Esia},
    notice, storage,
};

/// How long a person may take at ESIA.
pub(super) const LIFE: TimeDelta = TimeDelta::minutes(10);

/// Where a locked page waits for the answer of the window that signs in again.
const UNLOCKED: &str = "/sign-in/unlocked";

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The page of ESIA to send the browser to.
    pub url: String,
    /// To be kept in a cookie of the browser until it comes back: the answer counts only in the
    /// browser that asked.
    pub state: String,
}

/// What ESIA sent back with the browser.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Callback {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
    /// [`Begun::state`] from the browser's cookie.
    #[serde(skip)]
    pub browser: Option<String>,
}

/// A person signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Goes into the session's cookie; only its hash is kept here.
    pub token: String,
    /// The page to show, a path of this site.
    pub return_to: String,
}

/// Begins a sign-in that ends at `return_to`. When the reader's session is locked, the sign-in
/// will open that very session again.
///
/// # Errors
/// The database failed, or ESIA's settings are unusable.
pub async fn esia_begin(ctx: &Ctx, return_to: Option<&str>) -> Result<Begun, SessionError> {
    let state = uuid::Builder::from_random_bytes(random(ctx)).into_uuid().to_string();
    let nonce = hex::encode(random::<16>(ctx));
    let verifier = URL_SAFE_NO_PAD.encode(ctx.token());
    let attempt = Attempt { state: &state, nonce: &nonce, verifier: &verifier };
    let url = ctx.backend.gateways.esia.authorize_url(attempt, ctx.now())?;
    let locked = ctx.session().ok().filter(|session| session.locked).map(|session| session.id);
    sign_in::Entity::insert(sign_in::ActiveModel {
        state: Set(state.clone()),
        nonce: Set(nonce),
        verifier: Set(verifier),
        return_to: Set(return_to.filter(|path| is_local(path)).map(str::to_owned)),
        unlock_session: Set(locked),
        created_at: Set(ctx.now()),
    })
    .exec_without_returning(ctx.db())
    .await?;
    Ok(Begun { url, state })
}

fn random<const N: usize>(ctx: &Ctx) -> [u8; N] {
    let mut bytes = [0; N];
    ctx.backend.entropy.fill(&mut bytes);
    bytes
}

/// A path that no browser takes for an address of another site.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 2000
        && !path.chars().any(|c| c.is_control() || c == '\\')
}

/// Ends a sign-in with what ESIA answered: the person and his cabinets are brought up to date,
/// and a session begins (or a locked one opens). A person with several cabinets has entered none
/// yet: pages that need one send him to «Выбор способа входа» first.
///
/// # Errors
/// [`SessionError`]; each refusal has its own variant.
pub async fn esia_finish(ctx: &Ctx, callback: Callback) -> Result<Signed, SessionError> {
    let state = callback.state.as_deref().ok_or(SessionError::SignInUnknown)?;
    if callback.browser.as_deref() != Some(state) {
        return Err(SessionError::SignInUnknown);
    }
    let begun = take(ctx, state).await?;
    if let Some(error) = &callback.error {
        let description = callback.error_description.as_deref().unwrap_or_default();
        return Err(Esia::refusal(error, description).into());
    }
    let code = callback.code.as_deref().ok_or(SessionError::SignInUnknown)?;
    let attempt = Attempt { state, nonce: &begun.nonce, verifier: &begun.verifier };
    let account = ctx.backend.gateways.esia.account(code, attempt, ctx.now()).await?;
    if !account.trusted {
        return Err(SessionError::Unconfirmed);
    }
    let facts = cabinets::facts(ctx, &account).await;
    let cabinets = cabinets::keep(ctx, &account, &facts).await?;
    let return_to = begun.return_to.unwrap_or_else(|| "/".to_owned());
    let token = Token::new(ctx);
    if let Some(locked) = begun.unlock_session
        && reopen(ctx, locked, cabinets.person, &token).await?
    {
        return Ok(Signed { token: token.secret, return_to });
    }
    if let Ok(before) = ctx.session() {
        live::end_row(&ctx.backend, before.id, ctx.now()).await?;
    }
    let role = choose(ctx, &cabinets, &return_to).await?;
    start(ctx, &cabinets, role, &token).await?;
    Ok(Signed { token: token.secret, return_to })
}

/// Takes a begun sign-in, once.
async fn take(ctx: &Ctx, state: &str) -> Result<sign_in::Model, SessionError> {
    let found = sign_in::Entity::find_by_id(state.to_owned()).one(ctx.db()).await?;
    let begun = found.ok_or(SessionError::SignInExpired)?;
    let taken = sign_in::Entity::delete_by_id(state.to_owned()).exec(ctx.db()).await?;
    if taken.rows_affected == 0 || ctx.now() - begun.created_at > LIFE {
        return Err(SessionError::SignInExpired);
    }
    Ok(begun)
}

/// Opens a locked session under a new token. `false` when it has ended meanwhile.
pub(super) async fn reopen(
    ctx: &Ctx,
    id: Uuid,
    person: Uuid,
    token: &Token,
) -> Result<bool, SessionError> {
    let Some(row) = session::Entity::find_by_id(id).one(ctx.db()).await? else {
        return Ok(false);
    };
    if row.person_id != person {
        return Err(SessionError::OtherPerson);
    }
    let opened = session::Entity::update_many()
        .col_expr(session::Column::TokenHash, Expr::value(token.hash.clone()))
        .col_expr(session::Column::LockedAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .col_expr(session::Column::SeenAt, Expr::value(ctx.now()))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(ctx.now()))
        .exec(ctx.db())
        .await?;
    Ok(opened.rows_affected == 1)
}

/// The cabinet to enter at once: the only one there is, or, when a waiting page signs in again,
/// the one it was in.
pub(super) async fn choose(
    ctx: &Ctx,
    cabinets: &Cabinets,
    return_to: &str,
) -> Result<Option<Uuid>, SessionError> {
    if let [only] = cabinets.participants.as_slice() {
        return Ok(Some(*only));
    }
    if return_to != UNLOCKED {
        return Ok(None);
    }
    let last = session::Entity::find()
        .filter(session::Column::PersonId.eq(cabinets.person))
        .filter(session::Column::ParticipantId.is_not_null())
        .order_by_desc(session::Column::SeenAt)
        .one(ctx.db())
        .await?;
    let last = last.and_then(|row| row.participant_id);
    Ok(last.filter(|participant| cabinets.participants.contains(participant)))
}

/// Begins a session. The person's other sessions are told, when there are any.
pub(super) async fn start(
    ctx: &Ctx,
    cabinets: &Cabinets,
    role: Option<Uuid>,
    token: &Token,
) -> Result<(), SessionError> {
    let elsewhere = live::elsewhere(ctx, cabinets.person).await?;
    let now = ctx.now();
    let life = TimeDelta::from_std(ctx.settings().absolute_end).unwrap_or(TimeDelta::days(1));
    let txn = storage::begin(ctx.db()).await?;
    session::Entity::insert(session::ActiveModel {
        id: Set(ctx.uuid()),
        token_hash: Set(token.hash.clone()),
        person_id: Set(cabinets.person),
        participant_id: Set(role),
        user_agent: Set(ctx.client.user_agent.chars().take(400).collect()),
        address: Set(ctx.client.address.clone()),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + life),
        locked_at: Set(None),
        ended_at: Set(None),
    })
    .exec_without_returning(&txn)
    .await?;
    if elsewhere {
        let kind = NoticeKind::SignedInElsewhere {
            device: device::short(&ctx.client.user_agent),
            address: ctx.client.address.clone(),
        };
        let link = Some("/profile".to_owned());
        notice::tell(ctx, &txn, cabinets.person, cabinets.own, &kind, link).await?;
    }
    txn.commit().await?;
    if elsewhere {
        notice::pushed(ctx, cabinets.own).await?;
    }
    Ok(())
}

/// Whether the person may work in the cabinet.
pub(super) async fn is_member(
    ctx: &Ctx,
    person: Uuid,
    participant: Uuid,
) -> Result<bool, SessionError> {
    let found = membership::Entity::find_by_id((person, participant)).one(ctx.db()).await?;
    Ok(found.is_some_and(|row| row.active))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert!(is_local("/statforms?page=2"));
        for foreign in ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb", ""]
        {
            assert!(!is_local(foreign), "{foreign}");
        }
    }
}
