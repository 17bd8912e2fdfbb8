//! ESIA («Госуслуги»): who signs in, and in which organisations he works.
//!
//! Authorization code with `state`, `nonce` and PKCE (RFC 7636) over `/aas/oauth2/v2/ac` and
//! `/aas/oauth2/v3/te`; data from `/rs/prns/{oid}`. Requests carry `client_secret`, a raw signature
//! over their parameters ([`client`]); tokens are JWT signed with RS256 ([`token`]).

mod account;
mod client;
mod token;

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::date::moscow;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

pub(super) use client::ClientSigner;

pub use self::{
    account::{Account, OrganisationKind, OrganisationRole},
    client::{CertificateHash, SignatureOrder},
    token::TokenKeys,
};

/// How the cabinet is registered in ESIA.
#[derive(Clone, Deserialize)]
pub struct EsiaSettings {
    /// `https://esia.gosuslugi.ru`, without a slash at the end.
    pub url: String,
    /// `iss` of its tokens: `http://esia.gosuslugi.ru/`.
    pub issuer: String,
    /// Mnemonic of the information system.
    pub client_id: String,
    /// The system's private key, PKCS#8 PEM: GOST R 34.10-2012-256 or ECDSA P-256.
    pub key_pem: String,
    /// The certificate of that key, PEM.
    pub certificate_pem: String,
    pub order: SignatureOrder,
    pub hash: CertificateHash,
    /// Public keys or certificates with which ESIA signs tokens, PEM one after another: the old
    /// one stays until the new one is in use.
    pub token_keys_pem: String,
}

impl std::fmt::Debug for EsiaSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EsiaSettings")
            .field("url", &self.url)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Settings with which no sign-in could work.
#[derive(Debug, Error)]
pub enum SetupError {
    #[error("address of ESIA: {0}")]
    Url(String),
    #[error("private key of the system in ESIA: {0}")]
    Key(String),
    #[error("certificate of the system in ESIA: {0}")]
    Certificate(String),
    #[error("keys with which ESIA signs tokens: {0}")]
    TokenKeys(String),
    #[error("HTTP client")]
    Http(#[from] reqwest::Error),
}

/// Why ESIA did not tell who signs in.
#[derive(Debug, Error)]
pub enum EsiaError {
    /// The person chose not to share his data.
    #[error("the person refused: {0}")]
    Denied(String),
    /// ESIA itself lets nobody in whose account is not confirmed.
    #[error("the account is not confirmed: {0}")]
    Unconfirmed(String),
    /// The account is blocked.
    #[error("the account is blocked: {0}")]
    Blocked(String),
    /// The code was used or is too old.
    #[error("the code is no longer valid: {0}")]
    Expired(String),
    /// ESIA does not accept the cabinet itself: settings are wrong.
    #[error("ESIA refused the cabinet: {0}")]
    ClientRefused(String),
    /// No answer within the time limit, or 5xx.
    #[error("ESIA cannot be reached: {0}")]
    Down(String),
    /// The answer is not what the protocol says, or its token does not verify.
    #[error("ESIA answered wrongly: {0}")]
    BadAnswer(String),
}

/// Secrets of one sign-in, kept on the server until the person comes back.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// UUID, comes back with the code.
    pub state: &'a str,
    /// Comes back inside the token.
    pub nonce: &'a str,
    /// PKCE code verifier.
    pub verifier: &'a str,
}

/// What the cabinet asks a person to share, in the order in which it is signed.
const SCOPE: &str = "openid fullname birthdate snils inn email mobile usr_org";

/// Longest wait for one answer of ESIA.
const TIME_LIMIT: Duration = Duration::from_secs(10);

pub struct Esia {
    base: reqwest::Url,
    issuer: String,
    client_id: String,
    redirect_uri: String,
    signer: ClientSigner,
    keys: TokenKeys,
    http: reqwest::Client,
}

impl Esia {
    /// A gateway that signs with the key given, GOST R 34.10-2012-256 or ECDSA P-256; people come back to `redirect_uri`.
    ///
    /// # Errors
    /// A key, certificate or address in the settings cannot be used.
    pub fn new(settings: EsiaSettings, redirect_uri: String) -> Result<Self, SetupError> {
        let EsiaSettings { key_pem, certificate_pem, order, hash, .. } = &settings;
        let signer = ClientSigner::new(key_pem, certificate_pem, *order, *hash)?;
        let keys = TokenKeys::read(&settings.token_keys_pem)?;
        let base = reqwest::Url::parse(&settings.url)
            .map_err(|error| SetupError::Url(format!("{}: {error}", settings.url)))?;
        Ok(Self {
            base,
            issuer: settings.issuer,
            client_id: settings.client_id,
            redirect_uri,
            signer,
            keys,
            http: super::http_client(TIME_LIMIT)?,
        })
    }

    /// The page of ESIA on which the person signs in.
    ///
    /// # Errors
    /// The request cannot be signed.
    pub fn authorize_url(
        &self,
        attempt: Attempt<'_>,
        now: DateTime<Utc>,
    ) -> Result<String, EsiaError> {
        let timestamp = timestamp(now);
        let secret = self.secret(&timestamp, attempt.state, "")?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(attempt.verifier));
        let mut url = self.address("/aas/oauth2/v2/ac")?;
        url.query_pairs_mut().extend_pairs([
            ("client_id", self.client_id.as_str()),
            ("client_secret", &secret),
            ("client_certificate_hash", self.signer.certificate_hash()),
            ("scope", SCOPE),
            ("timestamp", &timestamp),
            ("state", attempt.state),
            ("nonce", attempt.nonce),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("access_type", "online"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    /// Exchanges the code for tokens, verifies them, and reads who the person is.
    ///
    /// # Errors
    /// [`EsiaError`]; an account that is not confirmed is no error here, see
    /// [`Account::trusted`].
    pub async fn account(
        &self,
        code: &str,
        attempt: Attempt<'_>,
        now: DateTime<Utc>,
    ) -> Result<Account, EsiaError> {
        let token = self.exchange(code, attempt, now).await?;
        account::fetch(self, &token).await
    }

    /// What an error that ESIA sent back with the person means.
    pub fn refusal(error: &str, description: &str) -> EsiaError {
        refusal(error, description)
    }

    /// Ends the session of ESIA as well; the person comes back to `back`.
    ///
    /// # Errors
    /// The address in the settings cannot carry a path.
    pub fn logout_url(&self, back: &str) -> Result<String, EsiaError> {
        let mut url = self.address("/idp/ext/Logout")?;
        url.query_pairs_mut()
            .extend_pairs([("client_id", self.client_id.as_str()), ("redirect_url", back)]);
        Ok(url.into())
    }

    async fn exchange(
        &self,
        code: &str,
        attempt: Attempt<'_>,
        now: DateTime<Utc>,
    ) -> Result<token::Access, EsiaError> {
        let timestamp = timestamp(now);
        let secret = self.secret(&timestamp, attempt.state, code)?;
        let form = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", &secret),
            ("client_certificate_hash", self.signer.certificate_hash()),
            ("scope", SCOPE),
            ("timestamp", &timestamp),
            ("state", attempt.state),
            ("redirect_uri", &self.redirect_uri),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", attempt.verifier),
            ("token_type", "Bearer"),
        ];
        let request = self.http.post(self.address("/aas/oauth2/v3/te")?).form(&form);
        let answer: TokenAnswer = read(request).await?;
        if answer.state.as_deref().is_some_and(|state| state != attempt.state) {
            return Err(EsiaError::BadAnswer("`state` of the tokens is another one".to_owned()));
        }
        let expected = token::Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce: attempt.nonce,
            now,
        };
        self.keys.verify(answer.access_token, &answer.id_token, &expected)
    }

    /// `client_secret`: the signature over the parameters in the order of the methodical
    /// recommendations for `v2/ac` and `v3/te`.
    fn secret(&self, timestamp: &str, state: &str, code: &str) -> Result<String, EsiaError> {
        let text = [&self.client_id, SCOPE, timestamp, state, &self.redirect_uri, code].concat();
        let signature = self
            .signer
            .sign(text.as_bytes())
            .map_err(|error| EsiaError::ClientRefused(format!("cannot sign requests: {error}")))?;
        Ok(URL_SAFE_NO_PAD.encode(signature))
    }

    fn address(&self, path: &str) -> Result<reqwest::Url, EsiaError> {
        self.base.join(path).map_err(|error| EsiaError::BadAnswer(format!("{path}: {error}")))
    }

    /// Reads a resource of the person.
    async fn resource<T: for<'de> Deserialize<'de>>(
        &self,
        path: &str,
        access: &token::Access,
    ) -> Result<T, EsiaError> {
        read(self.http.get(self.address(path)?).bearer_auth(&access.token)).await
    }
}

/// The part of the token answer that is used.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    id_token: String,
    state: Option<String>,
}

/// How ESIA says no in JSON.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Complaint {
    error: String,
    error_description: String,
    code: String,
    message: String,
}

async fn read<T: for<'de> Deserialize<'de>>(
    request: reqwest::RequestBuilder,
) -> Result<T, EsiaError> {
    let down = |error: reqwest::Error| EsiaError::Down(error.without_url().to_string());
    let response = request.send().await.map_err(down)?;
    let status = response.status();
    let body = response.bytes().await.map_err(down)?;
    if status.is_server_error() {
        return Err(EsiaError::Down(format!("HTTP {status}")));
    }
    if !status.is_success() {
        let Complaint { error, error_description, code, message } =
            serde_json::from_slice(&body).unwrap_or_default();
        let description = [error_description, code, message].join(" ");
        return Err(match refusal(&error, description.trim()) {
            EsiaError::BadAnswer(text) => EsiaError::BadAnswer(format!("HTTP {status} {text}")),
            other => other,
        });
    }
    serde_json::from_slice(&body).map_err(|error| EsiaError::BadAnswer(error.to_string()))
}

/// Sorts OAuth errors (RFC 6749, sections 4.1.2.1 and 5.2) and ESIA's own codes by what the
/// reader can do about them. ESIA's code stands at the beginning of the description.
fn refusal(error: &str, description: &str) -> EsiaError {
    let text = format!("{error} {description}").trim().to_owned();
    let code = description.get(..11).filter(|code| code.starts_with("ESIA-"));
    match code {
        Some("ESIA-007004") => return EsiaError::Denied(text),
        Some("ESIA-007008") => return EsiaError::Down(text),
        Some("ESIA-007036") => return EsiaError::Blocked(text),
        Some("ESIA-007055") => return EsiaError::Unconfirmed(text),
        Some("ESIA-007019" | "ESIA-007194") => return EsiaError::ClientRefused(text),
        _ => {}
    }
    match error {
        "access_denied" => EsiaError::Denied(text),
        "invalid_grant" => EsiaError::Expired(text),
        "temporarily_unavailable" | "server_error" => EsiaError::Down(text),
        "invalid_request"
        | "invalid_client"
        | "unauthorized_client"
        | "invalid_scope"
        | "unsupported_response_type"
        | "unsupported_grant_type" => EsiaError::ClientRefused(text),
        _ if code.is_some() => EsiaError::ClientRefused(text),
        _ => EsiaError::BadAnswer(text),
    }
}

/// `2026.11.22 03:04:05 +0300`: Moscow time, zone without a colon.
fn timestamp(now: DateTime<Utc>) -> String {
    now.with_timezone(&moscow()).format("%Y.%m.%d %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn the_time_of_a_request_is_moscows_with_a_zone_without_a_colon() {
        let now = Utc.with_ymd_and_hms(2026, 12, 31, 22, 4, 5).unwrap();
        assert_eq!(timestamp(now), "2027.01.01 01:04:05 +0300");
    }

    #[test]
    fn refusals_are_told_apart_by_what_can_be_done() {
        assert!(matches!(refusal("access_denied", ""), EsiaError::Denied(_)));
        assert!(matches!(refusal("invalid_grant", "ESIA-007011"), EsiaError::Expired(_)));
        assert!(matches!(refusal("temporarily_unavailable", ""), EsiaError::Down(_)));
        assert!(matches!(
            refusal("invalid_request", "ESIA-007014: no parameter"),
            EsiaError::ClientRefused(_)
        ));
        assert!(matches!(refusal("", "ESIA-007004: rejected"), EsiaError::Denied(_)));
        let unconfirmed = refusal("access_denied", "ESIA-007055: not confirmed");
        assert!(matches!(unconfirmed, EsiaError::Unconfirmed(_)));
        let blocked = refusal("access_denied", "ESIA-007036: blocked");
        assert!(matches!(blocked, EsiaError::Blocked(_)));
        assert!(matches!(refusal("teapot", ""), EsiaError::BadAnswer(_)));
    }
}
