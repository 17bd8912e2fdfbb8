//! Documents and lists as files, down and up.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{DefaultBodyLimit, Path},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use backend::{ctx::Ctx, document, error::Refusal as AreaRefusal, statform};
use domain::{
    error::{ErrorCode, FieldError, WireError},
    view::statform::Query,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use uuid::Uuid;

use super::{Host, api, fault::Refusal, routes::Routes};

pub fn router(host: &Host) -> Routes {
    let uploads = Routes::new()
        .post("/api/statform/upload", upload)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(host.clone(), api::stamp));
    Routes::new()
        .get("/files/statforms/{file}", one)
        .get("/files/statforms.csv", list_csv)
        .get("/files/statforms.xlsx", list_xlsx)
        .merge(uploads)
}

/// `{id}.xml`, `{id}.pdf`, and `{id}.zip`: document, signature and report.
async fn one(Extension(ctx): Extension<Ctx>, Path(file): Path<String>) -> Response {
    let not_found = || Refusal::of(ErrorCode::NotFound).into_response();
    let Some((id, kind)) = file.rsplit_once('.') else { return not_found() };
    let Ok(id) = id.parse::<Uuid>() else { return not_found() };
    match kind {
        "xml" => send(&ctx, document::xml(&ctx, id).await, "application/xml"),
        "zip" => send(&ctx, document::package(&ctx, id).await, "application/zip"),
        "pdf" => send(&ctx, statform::pdf(&ctx, id).await, "application/pdf"),
        _ => not_found(),
    }
}

async fn list_csv(Extension(ctx): Extension<Ctx>, uri: http::Uri) -> Response {
    let list = export(&ctx, &uri, statform::Format::Csv).await;
    send(&ctx, list.map(|bytes| ("statforms.csv".to_owned(), bytes)), "text/csv; charset=utf-8")
}

async fn list_xlsx(Extension(ctx): Extension<Ctx>, uri: http::Uri) -> Response {
    let list = export(&ctx, &uri, statform::Format::Xlsx).await;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    send(&ctx, list.map(|bytes| ("statforms.xlsx".to_owned(), bytes)), kind)
}

async fn export(
    ctx: &Ctx,
    uri: &http::Uri,
    format: statform::Format,
) -> Result<Vec<u8>, document::DocumentError> {
    statform::export(ctx, query(uri.query().unwrap_or_default()), format).await
}

/// The list's filter, as the list page writes it into its address.
fn query(text: &str) -> Query {
    app::statform::query_of(&form_urlencoded::parse(text.as_bytes()).into_owned().collect())
}

async fn upload(Extension(ctx): Extension<Ctx>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(name) = file_name(&headers) else { return nameless() };
    reply(&ctx, statform::upload(&ctx, &name, &body).await)
}

fn nameless() -> Response {
    let field = FieldError::new("X-File-Name", "имя файла не указано")
        .right("имя файла в UTF-8 в процентной записи");
    Refusal::new(WireError::of(ErrorCode::Invalid).field(field)).into_response()
}

/// The name in `X-File-Name`, UTF-8 percent-encoded: headers carry ASCII only.
fn file_name(headers: &HeaderMap) -> Option<String> {
    let encoded = headers.get("x-file-name")?.to_str().ok()?;
    let name = percent_encoding::percent_decode_str(encoded).decode_utf8().ok()?;
    // Browsers send the name alone; whoever sends a path gets its last part.
    let name = name.rsplit(['/', '\\']).next()?.trim();
    (!name.is_empty()).then(|| name.chars().filter(|c| !c.is_control()).take(255).collect())
}

fn reply<T: serde::Serialize, E: AreaRefusal>(ctx: &Ctx, result: Result<T, E>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => Refusal::new(app::context::refuse(ctx, &error).0).into_response(),
    }
}

fn send<E: AreaRefusal>(
    ctx: &Ctx,
    result: Result<(String, Vec<u8>), E>,
    content_type: &'static str,
) -> Response {
    let (name, bytes) = match result {
        Ok(file) => file,
        Err(error) => return Refusal::new(app::context::refuse(ctx, &error).0).into_response(),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&attachment(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    // A document is data of somebody else: it must run nothing even when opened in place.
    headers
        .insert(HeaderName::from_static("x-download-options"), HeaderValue::from_static("noopen"));
    response
}

/// `Content-Disposition` with the name for old and new browsers (RFC 6266, section 5).
fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_to_old_and_new_browsers() {
        assert_eq!(
            attachment("форма \"1\".xml"),
            "attachment; filename=\"_______1_.xml\"; \
             filename*=UTF-8''%D1%84%D0%BE%D1%80%D0%BC%D0%B0%20%221%22%2Exml"
        );
    }

    #[test]
    fn a_files_name_is_taken_without_its_path() {
        let named = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-file-name", HeaderValue::from_static(value));
            file_name(&headers)
        };
        assert_eq!(named("%D1%84%D0%BE%D1%80%D0%BC%D0%B0.xml").as_deref(), Some("форма.xml"));
        assert_eq!(named("C:%5Cdocs%5Cform.xml").as_deref(), Some("form.xml"));
        assert_eq!(named("%20"), None);
        assert_eq!(named("%FF"), None);
    }

    #[test]
    fn a_file_has_the_rows_of_the_page_that_it_was_asked_from() {
        let query =
            query("search=%D1%87%D0%B0%D0%B9+%D1%87%D1%91%D1%80%D0%BD%D1%8B%D0%B9&attention=");
        assert_eq!(query.search, "чай чёрный");
        assert!(query.attention);
    }
}
