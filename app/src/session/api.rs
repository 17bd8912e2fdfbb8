//! Server functions of sessions and of the cabinets that a person may enter.

use domain::{
    lang::Lang,
    view::{
        session::{Role, SessionRow, Who},
        signature::SignedIn,
    },
};
use leptos::prelude::*;
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

/// Who reads; `None` when nobody is signed in.
#[server(name = WhoGet, endpoint = "session/who", prefix = "/api", input = Json)]
pub async fn who() -> Result<Option<Who>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::who(&ctx).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "session/roles", prefix = "/api", input = Json)]
pub async fn roles() -> Result<Vec<Role>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::roles(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// Enters a cabinet and goes on to a page. Works as a plain form: the whole page changes with the
/// cabinet.
#[server(endpoint = "session/enter", prefix = "/api")]
pub async fn enter(
    participant: Uuid,
    #[server(default)] return_to: String,
) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::enter(&ctx, participant).await;
    crate::context::answer(&ctx, result)?;
    leptos_axum::redirect(crate::routes::local(&return_to).unwrap_or("/"));
    Ok(())
}

#[server(endpoint = "session/list", prefix = "/api", input = Json)]
pub async fn list() -> Result<Vec<SessionRow>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::list(&ctx).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "session/end", prefix = "/api")]
pub async fn end(session: Uuid) -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::end(&ctx, session).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "session/end_others", prefix = "/api")]
pub async fn end_others() -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::end_others(&ctx).await;
    crate::context::answer(&ctx, result)
}

#[server(endpoint = "session/lock", prefix = "/api", input = Json)]
pub async fn lock() -> Result<(), ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::session::lock(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// Signs in with a signature over a challenge ([`crate::signing::api::signature_challenge`]):
/// `signature` is a detached CMS, Base64. The session's cookie comes with the answer.
#[server(endpoint = "session/sign_in_by_signature", prefix = "/api", input = Json)]
pub async fn sign_in_by_signature(token: String, signature: String) -> Result<SignedIn, ApiError> {
    let ctx = crate::context::ctx()?;
    let cookie = crate::context::session_cookie()?;
    let result = backend::session::sign_in_by_signature(&ctx, &token, &signature).await;
    let signed = crate::context::answer(&ctx, result)?;
    cookie.set(&signed.token)?;
    Ok(SignedIn { return_to: signed.return_to })
}

/// Sets the language of a reader who is not signed in, for a year.
#[server(endpoint = "session/language", prefix = "/api")]
pub async fn language(lang: Lang) -> Result<(), ApiError> {
    let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
    if let (Some(options), Ok(value)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(&cookie))
    {
        options.append_header(http::header::SET_COOKIE, value);
    }
    Ok(())
}
