//! Challenges: a text that is signed to prove the possession of a key.
//!
//! Nothing is kept of a challenge. The token carries its time and nonce and a MAC (HMAC-SHA-256,
//! RFC 2104) under a secret of the cabinet, and the text is made from them anew. The secret lies
//! in the database: every process of a cabinet has that in common already, it survives restarts,
//! and the operator has nothing more to configure or to leak.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{date::moscow, view::signature::Challenge};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use sha2::Sha256;

use super::{
    SignatureError, SignatureRefusal,
    entity::{secret, used_challenge},
};
use crate::ctx::Ctx;

/// How long a challenge may be answered.
const LIFE: TimeDelta = TimeDelta::minutes(5);
/// Name of the secret in the database.
const SECRET: &str = "signature.challenge";
/// What the MAC is for; it is of no use elsewhere.
const PURPOSE: &[u8] = b"cabinet signature challenge 1";
const NONCE: usize = 16;
const MAC: usize = 32;
const TOKEN: usize = 8 + NONCE + MAC;

/// A challenge that was read back.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The bytes that must have been signed.
    pub content: Vec<u8>,
    nonce: [u8; NONCE],
    expires: DateTime<Utc>,
}

/// Makes a challenge. Nobody need be signed in.
///
/// # Errors
/// The database failed.
pub async fn signature_challenge(ctx: &Ctx) -> Result<Challenge, SignatureRefusal> {
    let mut nonce = [0; NONCE];
    ctx.backend.entropy.fill(&mut nonce);
    let seconds = ctx.now().timestamp();
    let content = content(ctx, seconds, &nonce)?;
    let mut token = seconds.to_be_bytes().to_vec();
    token.extend(nonce);
    let mac = mac(&key(ctx).await?, &token, &content)?;
    token.extend(mac.finalize().into_bytes());
    Ok(Challenge {
        content: STANDARD.encode(&content),
        token: URL_SAFE_NO_PAD.encode(token),
        expires: time(seconds)? + LIFE,
    })
}

/// Reads a token that came back.
///
/// # Errors
/// It was not made by this cabinet, or too long ago.
pub async fn answered(ctx: &Ctx, token: &str) -> Result<Answered, SignatureRefusal> {
    const UNKNOWN: SignatureError = SignatureError::ChallengeUnknown;
    let token = URL_SAFE_NO_PAD.decode(token.trim()).map_err(|_| UNKNOWN)?;
    let token: [u8; TOKEN] = token.try_into().map_err(|_| UNKNOWN)?;
    let (open, tag) = token.split_at(TOKEN - MAC);
    let (seconds, nonce) = open.split_at(8);
    let seconds = i64::from_be_bytes(seconds.try_into().map_err(|_| UNKNOWN)?);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| UNKNOWN)?;
    let content = content(ctx, seconds, &nonce)?;
    mac(&key(ctx).await?, open, &content)?.verify_slice(tag).map_err(|_| UNKNOWN)?;
    let expires = time(seconds)? + LIFE;
    if ctx.now() >= expires {
        return Err(SignatureError::ChallengeExpired.into());
    }
    Ok(Answered { content, nonce, expires })
}

/// Uses a challenge up: it signs in once. Its nonce is kept until the challenge would expire.
///
/// # Errors
/// It was used before.
pub async fn use_up(ctx: &Ctx, answered: &Answered) -> Result<(), SignatureRefusal> {
    used_challenge::Entity::delete_many()
        .filter(used_challenge::Column::ExpiresAt.lt(ctx.now()))
        .exec(ctx.db())
        .await?;
    let inserted = used_challenge::Entity::insert(used_challenge::ActiveModel {
        nonce: Set(hex::encode(answered.nonce)),
        expires_at: Set(answered.expires),
    })
    .on_conflict(OnConflict::column(used_challenge::Column::Nonce).do_nothing().to_owned())
    .exec_without_returning(ctx.db())
    .await?;
    if inserted == 0 { Err(SignatureError::ChallengeUsed.into()) } else { Ok(()) }
}

/// The text: it says what it is, so that nobody is made to sign something else by it.
fn content(ctx: &Ctx, seconds: i64, nonce: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let at = time(seconds)?.with_timezone(&moscow()).format("%d.%m.%Y %H:%M:%S");
    Ok(format!(
        "Проверка электронной подписи для личного кабинета участника ВЭД.\r\n\
         Эта подпись доказывает, что ключ у вас, и ни к чему не обязывает.\r\n\
         Кабинет: {origin}\r\n\
         Время: {at} (московское)\r\n\
         Номер: {nonce}\r\n",
        origin = ctx.settings().public_url,
        nonce = hex::encode(nonce),
    )
    .into_bytes())
}

fn time(seconds: i64) -> Result<DateTime<Utc>, SignatureError> {
    // Years that a calendar can print; a forged token may hold any number.
    let sane = (0..1 << 40).contains(&seconds);
    DateTime::from_timestamp(seconds, 0).filter(|_| sane).ok_or(SignatureError::ChallengeUnknown)
}

fn mac(key: &[u8], open: &[u8], content: &[u8]) -> Result<Hmac<Sha256>, SignatureError> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).map_err(|_| SignatureError::ChallengeUnknown)?;
    mac.update(PURPOSE);
    mac.update(open);
    mac.update(content);
    Ok(mac)
}

/// The cabinet's secret, made by whichever process asks first.
async fn key(ctx: &Ctx) -> Result<Vec<u8>, DbErr> {
    let find = || secret::Entity::find_by_id(SECRET.to_owned()).one(ctx.db());
    if let Some(row) = find().await? {
        return Ok(row.value);
    }
    secret::Entity::insert(secret::ActiveModel {
        name: Set(SECRET.to_owned()),
        value: Set(ctx.token().to_vec()),
    })
    .on_conflict(OnConflict::column(secret::Column::Name).do_nothing().to_owned())
    .exec_without_returning(ctx.db())
    .await?;
    let row = find().await?;
    row.map(|row| row.value).ok_or_else(|| DbErr::Custom("the secret was not kept".to_owned()))
}
