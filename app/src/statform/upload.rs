//! Sending a file to `/api/statform/upload`: its bytes as they are, its name beside them.

use domain::{
    error::{ErrorCode, WireError},
    view::statform::Uploaded,
};

/// Uploads one file and waits for what became of it.
///
/// # Errors
/// Why it is no form, or why the server cannot be reached.
#[cfg(feature = "hydrate")]
pub async fn send(file: &web_sys::File) -> Result<Uploaded, WireError> {
    use gloo_net::http::Request;

    let unreachable = |_| WireError::new(ErrorCode::Unavailable, "api.unreachable");
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    let bytes = crate::document::device::read_file(file)
        .await
        .map_err(|_| WireError::new(ErrorCode::Invalid, "statform.file_unreadable"))?;
    let response = Request::post("/api/statform/upload")
        .header("Content-Type", "application/xml")
        .header("X-File-Name", &name)
        .header("Accept", "application/json")
        .body(js_sys::Uint8Array::from(bytes.as_slice()))
        .map_err(unreachable)?
        .send()
        .await
        .map_err(unreachable)?;
    if response.ok() {
        response.json::<Uploaded>().await.map_err(unreachable)
    } else {
        Err(response.json::<WireError>().await.unwrap_or_else(unreachable))
    }
}

/// While a page is rendered on the server nothing is uploaded.
#[cfg(not(feature = "hydrate"))]
pub async fn send(_file: &web_sys::File) -> Result<Uploaded, WireError> {
    Err(WireError::new(ErrorCode::Unavailable, "api.unreachable"))
}
