//! The server's part in making a signature on a device.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::ApiError;

/// Asks the certificate authority for a certificate. `request` is a PKCS #10 request (DER,
/// base64); the answer is the chain in PEM, the certificate first.
#[server(endpoint = "profile/certificate_request", prefix = "/api", input = Json)]
pub async fn certificate_request(request: String) -> Result<String, ApiError> {
    use domain::error::ErrorCode;
    let ctx = crate::context::ctx()?;
    let request = super::base64::decode(&request)
        .ok_or_else(|| ApiError::new(ErrorCode::Invalid, "api.malformed"))?;
    let result = backend::profile::certificate_request(&ctx, &request).await;
    crate::context::answer(&ctx, result)
}
