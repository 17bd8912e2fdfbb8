//! Revocation data of certificate authorities: lists (RFC 5280 §4.2.1.13) and OCSP (RFC 6960,
//! appendix A) over HTTP.
//!
//! Only addresses in certificates whose path to a configured root holds are asked, so it is the
//! authorities and not the senders of signatures who say where the cabinet connects to.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header;
use signature::{
    certificate::Certificate,
    digest::DigestAlgorithm,
    revocation::{
        Crl, Evidence, OcspResponse,
        ocsp::{self, MAX_OCSP},
    },
};

use super::bounded_body;

/// Longest wait for one service.
const TIME_LIMIT: Duration = Duration::from_secs(8);
/// A list of more octets is not read: those of the largest authorities have a tenth of it.
const MAX_LIST: usize = 32 << 20;
/// Addresses tried of one certificate and kind.
const MAX_ADDRESSES: usize = 3;
/// Octets kept in all.
const MAX_KEPT: usize = 128 << 20;
/// How long a list or response without nextUpdate is kept.
const SHORT: TimeDelta = TimeDelta::minutes(10);
/// How long an answer is kept at most, whatever it says: a revocation shall be seen the same day.
const LONGEST: TimeDelta = TimeDelta::hours(1);

#[derive(Clone)]
enum Fetched {
    List(Crl),
    Response(OcspResponse),
}

struct Kept {
    fetched: Fetched,
    until: DateTime<Utc>,
    octets: usize,
}

/// Fetches revocation data, and keeps them until they are due to be renewed.
pub struct Revocation {
    http: reqwest::Client,
    kept: Mutex<HashMap<String, Kept>>,
}

/// What to ask: a list, or a certificate's state.
enum Question {
    List { url: String },
    State { url: String, certificate: Certificate, issuer: Certificate },
}

impl Question {
    /// Under what an answer is kept.
    fn key(&self) -> String {
        match self {
            Self::List { url } => url.clone(),
            Self::State { url, certificate, .. } => {
                let which = certificate.fingerprint(DigestAlgorithm::Sha256);
                format!("{url}#{}", hex::encode(which))
            }
        }
    }
}

impl Revocation {
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new() -> Result<Self, reqwest::Error> {
        Ok(Self { http: super::http_client(TIME_LIMIT)?, kept: Mutex::default() })
    }

    /// What authorities say of certificates, each given with its issuer. A service that does not
    /// answer is passed over: the verdict tells what is missing.
    pub async fn evidence(
        &self,
        certificates: &[(Certificate, Certificate)],
        nonce: [u8; 16],
        now: DateTime<Utc>,
    ) -> Evidence {
        let questions = certificates.iter().flat_map(|(certificate, issuer)| {
            let extensions = certificate.extensions();
            let lists = extensions.crl_urls().filter(|url| is_http(url)).take(MAX_ADDRESSES);
            let lists = lists.map(|url| Question::List { url: url.to_owned() });
            let states = extensions.ocsp_urls.iter().filter(|url| is_http(url)).take(MAX_ADDRESSES);
            let states = states.map(|url| Question::State {
                url: url.clone(),
                certificate: certificate.clone(),
                issuer: issuer.clone(),
            });
            lists.chain(states).collect::<Vec<_>>()
        });
        let mut unique = HashMap::new();
        for question in questions {
            unique.entry(question.key()).or_insert(question);
        }
        let asked =
            unique.into_iter().map(|(key, question)| self.answer(key, question, nonce, now));
        let mut evidence = Evidence::default();
        for fetched in futures::future::join_all(asked).await.into_iter().flatten() {
            match fetched {
                Fetched::List(list) => evidence.crls.push(list),
                Fetched::Response(response) => evidence.ocsp.push(response),
            }
        }
        evidence
    }

    async fn answer(
        &self,
        key: String,
        question: Question,
        nonce: [u8; 16],
        now: DateTime<Utc>,
    ) -> Option<Fetched> {
        if let Some(kept) = self.kept(&key, now) {
            return Some(kept);
        }
        match self.fetch(question, nonce).await {
            Ok((fetched, until, octets)) => {
                let until = until.unwrap_or(now + SHORT).min(now + LONGEST);
                self.keep(key, Kept { fetched: fetched.clone(), until, octets }, now);
                Some(fetched)
            }
            Err(error) => {
                tracing::warn!(address = key, error, "revocation.failed");
                None
            }
        }
    }

    fn kept(&self, key: &str, now: DateTime<Utc>) -> Option<Fetched> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|kept| now < kept.until).map(|kept| kept.fetched.clone())
    }

    fn keep(&self, key: String, fresh: Kept, now: DateTime<Utc>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, old| now < old.until);
        let octets: usize = kept.values().map(|old| old.octets).sum();
        if octets + fresh.octets > MAX_KEPT {
            kept.clear();
        }
        kept.insert(key, fresh);
    }

    /// The answer, when it is due to be renewed, and how large it is.
    async fn fetch(
        &self,
        question: Question,
        nonce: [u8; 16],
    ) -> Result<(Fetched, Option<DateTime<Utc>>, usize), String> {
        let unreadable = |error: signature::asn1::Error| format!("unreadable: {error}");
        match question {
            Question::List { url } => {
                let body = bounded_body(self.http.get(&url), MAX_LIST).await?;
                let list = Crl::from_der(&body).map_err(unreadable)?;
                let until = list.next_update();
                Ok((Fetched::List(list), until, body.len()))
            }
            Question::State { url, certificate, issuer } => {
                // SHA-1 names the issuer here and protects nothing; every service knows it.
                let ask = ocsp::request(DigestAlgorithm::Sha1, &certificate, &issuer, &nonce);
                let request = self
                    .http
                    .post(&url)
                    .header(header::CONTENT_TYPE, "application/ocsp-request")
                    .body(ask);
                let body = bounded_body(request, MAX_OCSP).await?;
                let response = OcspResponse::from_der(&body).map_err(unreadable)?;
                response.check_nonce(&nonce).map_err(|reason| reason.code().to_owned())?;
                let until = response.responses().iter().filter_map(|one| one.next_update).min();
                Ok((Fetched::Response(response), until, body.len()))
            }
        }
    }
}

fn is_http(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}
