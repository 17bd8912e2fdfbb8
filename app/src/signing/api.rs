//! The server's part in making a signature on a device.

use domain::view::signature::{Challenge, Checked, FrozenBytes, MobileRequest, SigningTerms};
use leptos::prelude::*;
use server_fn::codec::Json;
use uuid::Uuid;

use crate::error::ApiError;

/// Asks the certificate authority for a certificate and attaches it to the profile. `request` is
/// a PKCS #10 request (DER, base64); the answer is the chain in PEM, the certificate first.
#[server(endpoint = "profile/certificate_request", prefix = "/api", input = Json)]
pub async fn certificate_request(request: String) -> Result<String, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::profile::certificate_request(&ctx, &request).await;
    let chain = crate::context::answer(&ctx, result)?;
    let attached = backend::profile::certificate_attach(&ctx, &chain).await;
    crate::context::answer(&ctx, attached)?;
    Ok(chain)
}

/// What signing goes by, also for who is not signed in.
#[server(name = SigningTermsGet, endpoint = "signature/terms", prefix = "/api", input = Json)]
pub async fn signing_terms() -> Result<SigningTerms, ApiError> {
    let ctx = crate::context::ctx()?;
    Ok(backend::signature::signing_terms(&ctx))
}

/// Something to sign: for [`signature_check`] and [`crate::session::api::sign_in_by_signature`].
#[server(endpoint = "signature/challenge", prefix = "/api", input = Json)]
pub async fn signature_challenge() -> Result<Challenge, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::signature::signature_challenge(&ctx).await;
    crate::context::answer(&ctx, result)
}

/// «Проверить ЭП»: `signature` is a detached CMS (Base64) over the challenge's content.
#[server(endpoint = "signature/check", prefix = "/api", input = Json)]
pub async fn signature_check(token: String, signature: String) -> Result<Checked, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::signature::signature_check(&ctx, &token, &signature).await;
    crate::context::answer(&ctx, result)
}

/// Asks the reader's telephone («Госключ») to sign frozen bytes.
#[server(endpoint = "signature/mobile_begin", prefix = "/api", input = Json)]
pub async fn mobile_begin(bytes: FrozenBytes) -> Result<MobileRequest, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::signature::mobile_begin(&ctx, &bytes).await;
    crate::context::answer(&ctx, result)
}

/// How the reader's latest request for frozen bytes stands.
#[server(endpoint = "signature/mobile_look", prefix = "/api", input = Json)]
pub async fn mobile_look(bytes: FrozenBytes) -> Result<Option<MobileRequest>, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::signature::mobile_look(&ctx, &bytes).await;
    crate::context::answer(&ctx, result)
}

/// Takes a request of the reader's back.
#[server(endpoint = "signature/mobile_cancel", prefix = "/api", input = Json)]
pub async fn mobile_cancel(request: Uuid) -> Result<MobileRequest, ApiError> {
    let ctx = crate::context::ctx()?;
    let result = backend::signature::mobile_cancel(&ctx, request).await;
    crate::context::answer(&ctx, result)
}
