//! The server's part in making a signature on a device.

use leptos::prelude::*;
use server_fn::codec::Json;

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
