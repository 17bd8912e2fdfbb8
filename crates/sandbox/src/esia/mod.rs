//! ESIA («Единая система идентификации и аутентификации», «Госуслуги»): sign-in by authorization
//! code, tokens, and data about people and organisations, with the real paths, parameters and
//! error codes. Facts: methodical recommendations of ESIA as retold by open client libraries.
//!
//! | path | what |
//! | --- | --- |
//! | `GET`/`POST /aas/oauth2/v2/ac` | authorization request; shows the sign-in page |
//! | `POST /aas/oauth2/v3/te` | tokens for a code or for a refresh token |
//! | `GET /rs/prns/{oid}` and `/ctts`, `/docs`, `/addrs`, `/roles`, `/orgs` | a person |
//! | `GET /rs/orgs/{oid}` | an organisation, with a token whose scope names it |
//! | `GET /esia-rs/api/public/v1/orgs/ext-app/{key}/tkn` | the token of an organisation by its API key |
//! | `GET /idp/ext/Logout` | ends the session of ESIA itself |
//!
//! What differs from the real one: clients sign with ECDSA P-256 over SHA-256 (raw `r‖s`) instead
//! of GOST R 34.10-2012, and `client_certificate_hash` is SHA-256. ESIA's own session is used
//! without asking only when a scope of an organisation is requested (the second pass of a
//! company's sign-in); otherwise the page is always shown, so that one can choose another person.

mod authorize;
mod client;
mod error;
pub(crate) mod integrator;
mod jwt;
mod page;
mod resources;
mod scope;
mod token;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

pub(crate) use self::error::EsiaError;
use self::{authorize::PendingRequest, client::Client, scope::Scopes};
use crate::{ClientRegistration, SandboxError, World, ca::Authority, lock};

/// Issuer named in tokens: that of ESIA's public test stand.
pub const ESIA_ISSUER: &str = "http://esia-portal1.test.gosuslugi.ru/";

/// Everything a client needs to sign people in through this ESIA.
#[derive(Debug, Clone, Serialize)]
pub struct EsiaSettings {
    /// Address before `/aas/…` and `/rs/…`, without a trailing slash.
    pub url: String,
    /// Expected `iss` of tokens.
    pub issuer: String,
    /// Mnemonic of the client.
    pub client_id: String,
    /// PEM of the client's certificate.
    pub client_certificate_pem: String,
    /// PEM (PKCS#8) of the client's key, when the sandbox made it.
    pub client_key_pem: Option<String>,
    /// PEM of the RSA key that signs tokens (RS256).
    pub public_key_pem: String,
    /// The organisation's key to the interfaces of «Госуслуги».
    pub api_key: String,
}

/// State of ESIA. Sign-ins, codes and sessions live in memory only.
pub(crate) struct Esia {
    folder: PathBuf,
    clients: Mutex<HashMap<String, Client>>,
    keys: jwt::KeyHolder,
    memory: Mutex<Memory>,
    /// Faults for the next requests.
    pub(crate) faults: Mutex<Faults>,
}

#[derive(Default)]
struct Memory {
    pending: HashMap<Uuid, PendingRequest>,
    codes: HashMap<String, Grant>,
    refresh: HashMap<String, Grant>,
    /// Sessions of ESIA itself: cookie → person.
    sessions: HashMap<String, u64>,
}

/// Faults set through the control interface.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Faults {
    /// Answers 503 until switched back.
    pub(crate) down: bool,
    /// Delay of every answer, milliseconds.
    pub(crate) delay_ms: u64,
    /// The next authorization request is refused with this code.
    pub(crate) error: Option<EsiaError>,
    /// The next code is issued already expired.
    pub(crate) expire_code: bool,
}

/// What a person allowed a client: the basis of a code, then of tokens.
#[derive(Debug, Clone)]
struct Grant {
    client_id: String,
    redirect_uri: String,
    scopes: Scopes,
    person: u64,
    /// ESIA session, `urn:esia:sid`.
    session: String,
    nonce: Option<String>,
    /// S256 challenge, RFC 7636.
    code_challenge: Option<String>,
    /// `access_type=offline`: a refresh token is wanted.
    offline: bool,
    authenticated_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Esia {
    pub(crate) fn open(
        folder: &Path,
        authority: &Authority,
        registrations: Vec<ClientRegistration>,
        now: DateTime<Utc>,
    ) -> Result<Self, SandboxError> {
        let mut clients = HashMap::new();
        for registration in registrations {
            let client = Client::open(&folder.join("clients"), authority, registration, now)?;
            clients.insert(client.client_id.clone(), client);
        }
        Ok(Self {
            folder: folder.to_owned(),
            clients: Mutex::new(clients),
            keys: jwt::KeyHolder::open(folder)?,
            memory: Mutex::default(),
            faults: Mutex::default(),
        })
    }

    /// Adds or replaces a client.
    pub(crate) fn register(
        &self,
        authority: &Authority,
        registration: ClientRegistration,
        now: DateTime<Utc>,
    ) -> Result<(), SandboxError> {
        let client = Client::open(&self.folder.join("clients"), authority, registration, now)?;
        lock(&self.clients).insert(client.client_id.clone(), client);
        Ok(())
    }

    pub(crate) fn client_names(&self) -> Vec<(String, String)> {
        let clients = lock(&self.clients);
        let mut names: Vec<_> = clients
            .values()
            .map(|client| (client.client_id.clone(), client.name.clone()))
            .collect();
        names.sort();
        names
    }

    pub(crate) async fn settings(
        &self,
        url: &str,
        client_id: &str,
    ) -> Result<Option<EsiaSettings>, SandboxError> {
        let Some(client) = self.client(client_id) else { return Ok(None) };
        let key = self.keys.get().await?;
        Ok(Some(EsiaSettings {
            api_key: client.api_key(),
            url: url.to_owned(),
            issuer: ESIA_ISSUER.to_owned(),
            client_id: client.client_id,
            client_certificate_pem: client.certificate_pem,
            client_key_pem: client.key_pem,
            public_key_pem: key.public_key_pem()?,
        }))
    }

    fn client(&self, client_id: &str) -> Option<Client> {
        lock(&self.clients).get(client_id).cloned()
    }

    fn client_of_api_key(&self, api_key: &str) -> Option<Client> {
        lock(&self.clients).values().find(|client| client.api_key() == api_key).cloned()
    }

    /// Whether a detached CMS over `content` is by the client's own certificate.
    pub(crate) fn is_signed_by(
        &self,
        authority: &Authority,
        client_id: &str,
        content: &[u8],
        cms: &[u8],
        now: DateTime<Utc>,
    ) -> bool {
        let client = self.client(client_id);
        client.is_some_and(|client| client.signed_cms(authority, content, cms, now))
    }

    /// The next authorization request is answered by `access_denied`.
    pub(crate) fn deny_next(&self) {
        lock(&self.faults).error = Some(EsiaError::code("ESIA-007004"));
    }

    /// Forgets sign-ins, sessions and faults; clients and keys stay.
    pub(crate) fn reset(&self) {
        *lock(&self.memory) = Memory::default();
        *lock(&self.faults) = Faults::default();
    }
}

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/aas/oauth2/v2/ac", get(authorize::from_query).post(authorize::from_form))
        .route("/sandbox/esia/sign-in", post(authorize::sign_in))
        .route("/aas/oauth2/v3/te", post(token::exchange))
        .route("/idp/ext/Logout", get(authorize::logout))
        .route("/esia-rs/api/public/v1/orgs/ext-app/{key}/tkn", get(integrator::token))
        .route("/rs/prns/{oid}", get(resources::person))
        .route("/rs/prns/{oid}/{collection}", get(resources::collection))
        .route("/rs/orgs/{oid}", get(resources::organisation))
        .route("/sandbox/esia/public-key.pem", get(token::public_key))
}
