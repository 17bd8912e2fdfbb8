//! The built client under `/pkg/` and the files of the site's root, held in memory.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use app::shell::FrontendAssets;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Host;

/// Why the site cannot be served.
#[derive(Debug, Error)]
pub enum SiteError {
    #[error(
        "the client is not built: {} is missing; build it with `cargo xtask run`, or name its \
         folder with --site", .0.display()
    )]
    Missing(PathBuf),
    #[error("{}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is not understood: {source}", .path.display())]
    Malformed { path: PathBuf, source: serde_json::Error },
    #[error("{}: assets.json names {href}, but the folder has no such file", .path.display())]
    Incomplete { path: PathBuf, href: String },
}

/// Everything that is served as it lies.
#[derive(Debug)]
pub struct Site {
    pub assets: FrontendAssets,
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    content_type: &'static str,
    cache: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    br: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Site {
    /// Reads the folder that `cargo xtask` builds.
    ///
    /// # Errors
    /// The client is not built, or its manifest names a file that is not there.
    pub fn read(folder: &Path) -> Result<Self, SiteError> {
        let manifest = folder.join("pkg/assets.json");
        let text = match std::fs::read(&manifest) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(SiteError::Missing(manifest));
            }
            Err(source) => return Err(SiteError::Read { path: manifest, source }),
        };
        let assets: FrontendAssets = serde_json::from_slice(&text)
            .map_err(|source| SiteError::Malformed { path: manifest.clone(), source })?;
        let mut files = HashMap::new();
        collect(folder, "", &mut files)?;
        let named = [&assets.js, &assets.wasm, &assets.worker].into_iter().chain(&assets.styles);
        for asset in named.chain(&assets.preloads) {
            if !files.contains_key(&asset.href) {
                return Err(SiteError::Incomplete { path: manifest, href: asset.href.clone() });
            }
        }
        Ok(Self { assets, files })
    }

    /// The addresses of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// Reads a folder and those below it; `prefix` is the address so far.
fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut HashMap<String, File>,
) -> Result<(), SiteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SiteError::Read { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.starts_with('.') || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let address = format!("{prefix}/{name}");
        if path.is_dir() {
            collect(&path, &address, files)?;
            continue;
        }
        let plain = Bytes::from(std::fs::read(&path).map_err(failed(&path))?);
        let compressed = |extension: &str| {
            std::fs::read(folder.join(format!("{name}.{extension}"))).ok().map(Bytes::from)
        };
        let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..12]);
        let etag = HeaderValue::from_str(&format!("\"{digest}\""));
        let file = File {
            content_type: content_type(name),
            cache: cache(&address),
            etag: etag.unwrap_or_else(|_| HeaderValue::from_static("\"\"")),
            br: compressed("br"),
            gzip: compressed("gz"),
            plain,
        };
        files.insert(address, file);
    }
    Ok(())
}

/// Files with their hash in the name never change; the worker and the manifests are asked for
/// anew each time; the rest may be an hour old.
fn cache(address: &str) -> &'static str {
    match address {
        "/sw.js" | "/offline.html" | "/manifest.webmanifest" | "/pkg/assets.json" => "no-cache",
        _ if address.starts_with("/pkg/") => "public, max-age=31536000, immutable",
        _ => "public, max-age=3600",
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/vnd.microsoft.icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// One route for each file, and a plain 404 for everything else under `/pkg/`: a page there would
/// only hide that an old page asks for an asset that is gone.
pub fn router(site: &Site) -> Router<Host> {
    let mut router = Router::new().route("/pkg/{*path}", get(serve));
    for path in site.paths().filter(|path| !path.starts_with("/pkg/")) {
        router = router.route(path, get(serve));
    }
    router
}

async fn serve(State(host): State<Host>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = host.site().files.get(uri.path()) else {
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response();
    };
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let mut out = HeaderMap::new();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::ETAG, file.etag.clone());
    let known = text(header::IF_NONE_MATCH).zip(file.etag.to_str().ok());
    if known.is_some_and(|(known, etag)| known.split(',').any(|tag| tag.trim() == etag)) {
        return (StatusCode::NOT_MODIFIED, out).into_response();
    }
    let accepted = text(header::ACCEPT_ENCODING).unwrap_or_default();
    let (body, encoding) = match (&file.br, &file.gzip) {
        (Some(br), _) if accepts(accepted, "br") => (br, Some("br")),
        (_, Some(gzip)) if accepts(accepted, "gzip") => (gzip, Some("gzip")),
        _ => (&file.plain, None),
    };
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (out, body.clone()).into_response()
}

/// Whether `Accept-Encoding` allows a coding (RFC 9110, section 12.5.3).
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named && !words.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_is_weighed_with_nothing_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn a_site_that_is_not_built_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Site::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("pkg/assets.json") && error.contains("cargo xtask run"), "{error}");
    }

    #[test]
    fn a_manifest_that_names_a_missing_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        let manifest = r#"{"js":{"href":"/pkg/a.js","integrity":"x"},
            "wasm":{"href":"/pkg/a.wasm","integrity":"x"},
            "worker":{"href":"/pkg/w.js","integrity":"x"},"styles":[],"build":"1"}"#;
        std::fs::write(folder.path().join("pkg/assets.json"), manifest).unwrap();
        std::fs::write(folder.path().join("pkg/a.js"), "").unwrap();
        let error = Site::read(folder.path()).unwrap_err();
        assert!(matches!(error, SiteError::Incomplete { href, .. } if href == "/pkg/a.wasm"));
    }
}
