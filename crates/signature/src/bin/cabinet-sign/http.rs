//! HTTP and HTTPS to services of authorities, bounded in time and size. TLS trusts the roots of
//! the system; what services answer is signed besides, and checked.

use std::time::Duration;

use rand::Rng;
use signature::sign::TimestampAuthority;
use signature::timestamp::TimestampRequest;
use ureq::Agent;
use ureq::http::{Response, header};
use ureq::tls::{RootCerts, TlsConfig};

/// The longest wait for one answer, from the first look at the address to its last octet.
const TIME_LIMIT: Duration = Duration::from_secs(20);
const MAX_REDIRECTS: u32 = 3;
const MAX_STAMP: u64 = 1 << 20;

/// A client for the length of one command.
pub struct Client(Agent);

impl Client {
    pub fn new() -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let configuration = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIME_LIMIT))
            .max_redirects(MAX_REDIRECTS)
            .max_redirects_will_error(true)
            .user_agent(concat!("cabinet-sign/", env!("CARGO_PKG_VERSION")));
        Self(configuration.build().new_agent())
    }

    /// What lies at an address, up to a size.
    pub fn get(&self, url: &str, most: usize) -> Result<Vec<u8>, String> {
        check_address(url)?;
        body(self.0.get(url).call(), most as u64)
    }

    /// What an address answers to a body.
    pub fn post(
        &self,
        url: &str,
        media_type: &str,
        content: &[u8],
        most: u64,
    ) -> Result<Vec<u8>, String> {
        check_address(url)?;
        body(self.0.post(url).header(header::CONTENT_TYPE, media_type).send(content), most)
    }
}

fn check_address(url: &str) -> Result<(), String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => Ok(()),
        _ => Err("only http:// and https:// addresses are asked".to_owned()),
    }
}

fn body(answer: Result<Response<ureq::Body>, ureq::Error>, most: u64) -> Result<Vec<u8>, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let content = answer.body_mut().with_config().limit(most).read_to_vec();
    content.map_err(|error| error.to_string())
}

/// A time-stamp service at an address.
pub struct Service<'a, R> {
    pub client: Client,
    pub url: &'a str,
    pub rng: R,
}

impl<R: Rng> TimestampAuthority for Service<'_, R> {
    fn stamp(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let answer = self.client.post(self.url, TimestampRequest::MEDIA_TYPE, request, MAX_STAMP);
        answer.map_err(|error| format!("{}: {error}", self.url))
    }

    fn nonce(&mut self) -> [u8; 8] {
        let mut nonce = [0; 8];
        self.rng.fill_bytes(&mut nonce);
        nonce
    }
}
