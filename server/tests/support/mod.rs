//! A cabinet with its sandbox on free ports, and browsers that talk to it.

#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]

pub mod filing;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use server::{Running, config::Config};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// People of the sandbox's ESIA.
pub const CHIEF: u64 = 1_000_000_001;
pub const EMPLOYEE: u64 = 1_000_000_002;
pub const EMPLOYEE_WITHOUT_RIGHTS: u64 = 1_000_000_003;
pub const SOLE_TRADER: u64 = 1_000_000_004;
pub const SELF_EMPLOYED: u64 = 1_000_000_005;
pub const PRIVATE_PERSON: u64 = 1_000_000_006;
pub const UNCONFIRMED: u64 = 1_000_000_007;

/// A running cabinet and its folder.
pub struct Cabinet {
    pub running: Option<Running>,
    pub url: String,
    /// As the program's own; a test's has threads with too small a stack for unoptimised pages.
    runtime: Option<Runtime>,
    _folder: TempDir,
}

impl Drop for Cabinet {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Cabinet {
    /// In development mode, with the sandbox.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        write_site(&site);
        let mut config = config(folder.path());
        change(&mut config);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_stack_size(server::STACK_BYTES)
            .enable_all()
            .build()
            .unwrap();
        let running = on(&runtime, || Running::start(config)).unwrap();
        let url = running.url().to_owned();
        Self { url, running: Some(running), runtime: Some(runtime), _folder: folder }
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, person: u64) -> Browser {
        let browser = self.browser();
        let target = browser.sign_in(person, "/profile").await;
        assert_eq!(target, "/profile");
        browser
    }

    /// Ends it in order.
    pub async fn stop(mut self) {
        let running = self.running.take().unwrap();
        on(self.runtime.as_ref().unwrap(), || running.stop());
    }
}

/// Runs a future in another runtime than the test's own.
fn on<F: Future>(runtime: &Runtime, future: impl FnOnce() -> F + Send) -> F::Output
where
    F::Output: Send,
{
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future())).join()).unwrap()
}

/// Settings of a cabinet in a folder of its own.
pub fn config(folder: &Path) -> Config {
    let mut config = Config { dev: true, ..Config::default() };
    config.address.set_port(0);
    config.data = folder.join("data");
    config.site = Some(folder.join("site"));
    config.shutdown_seconds = 5;
    config.sandbox.enabled = true;
    config.sandbox.fast = true;
    config.sandbox.address.set_port(0);
    config
}

/// A site as `cargo xtask` leaves it, with a client that does nothing.
pub fn write_site(site: &Path) {
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg).unwrap();
    let manifest = r#"{
        "js": {"href": "/pkg/frontend-0000000000000001.js", "integrity": "sha384-js"},
        "wasm": {"href": "/pkg/frontend-0000000000000002_bg.wasm", "integrity": "sha384-wasm"},
        "styles": [{"href": "/pkg/main-0000000000000003.css", "integrity": "sha384-css"}],
        "preloads": [],
        "worker": {"href": "/pkg/signer-0000000000000004.js", "integrity": "sha384-worker"},
        "precache": [],
        "build": "0123456789abcdef"
    }"#;
    for (name, text) in [
        ("pkg/assets.json", manifest),
        (
            "pkg/frontend-0000000000000001.js",
            "export default () => {}; export const hydrate = () => {};",
        ),
        ("pkg/frontend-0000000000000001.js.br", "as brotli"),
        ("pkg/frontend-0000000000000001.js.gz", "as gzip"),
        ("pkg/frontend-0000000000000002_bg.wasm", "\0asm"),
        ("pkg/main-0000000000000003.css", "body { margin: 0 }"),
        ("pkg/signer-0000000000000004.js", ""),
        ("sw.js", "self.addEventListener('fetch', () => {});"),
        ("manifest.webmanifest", "{}"),
        ("robots.txt", "User-agent: *\nDisallow: /\n"),
        ("offline.html", "<!DOCTYPE html><title>offline</title>"),
        ("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ] {
        fs::write(site.join(name), text).unwrap();
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A browser: it keeps cookies, and says of its own accord where a request comes from.
pub struct Browser {
    base: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        // Refused when another test of this process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { base: base.to_owned(), client, cookies: Mutex::default() }
    }

    /// A request as a program would send it: without cookies and without saying where from.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A request of a page of the cabinet.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header(COOKIE, self.cookie_line()).header(ORIGIN, &self.base)
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: response.text().await.unwrap() }
    }

    /// Opens a page, without following where it sends one.
    pub async fn open(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header("accept", "text/html")).await
    }

    /// Calls the API with a body of JSON.
    pub async fn call(&self, path: &str, body: &serde_json::Value) -> Answer {
        let request = self.request(Method::POST, path).header("accept", "application/json");
        self.send(request.json(body)).await
    }

    /// Signs in through ESIA. Returns where the cabinet leads after it.
    pub async fn sign_in(&self, person: u64, return_to: &str) -> String {
        let begin = self.open(&format!("/sign-in/esia?return={return_to}")).await;
        assert_eq!(begin.status, StatusCode::SEE_OTHER, "{}", begin.body);
        let back = self.at_esia(begin.header(LOCATION.as_str()), &person.to_string()).await;
        let path = back.strip_prefix(&self.base).expect("ESIA returns to the cabinet").to_owned();
        let finish = self.open(&path).await;
        assert_eq!(finish.status, StatusCode::SEE_OTHER, "{}", finish.body);
        finish.header(LOCATION.as_str()).to_owned()
    }

    /// Presses a person's button on ESIA's page; returns where ESIA sends the browser.
    pub async fn at_esia(&self, address: &str, person: &str) -> String {
        let page = self.client.get(address).send().await.unwrap();
        let origin = page.url().origin().ascii_serialization();
        let html = page.text().await.unwrap();
        let (_, rest) = html.split_once("name=\"request\" value=\"").expect("ESIA's page");
        let request = rest.split('"').next().unwrap();
        let chosen = self
            .client
            .post(format!("{origin}/sandbox/esia/sign-in"))
            .form(&[("request", request), ("person", person)])
            .send()
            .await
            .unwrap();
        assert!(chosen.status().is_redirection(), "{}", chosen.status());
        chosen.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.insert(name.to_owned(), value.to_owned());
    }

    fn cookie_line(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}
