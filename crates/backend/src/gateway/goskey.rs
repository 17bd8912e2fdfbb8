//! «Госключ» on the person's telephone, by the programming interface of «Госуслуги» (API ЕПГУ).
//!
//! 1. `GET {esia}/esia-rs/api/public/v1/orgs/ext-app/{API key}/tkn?signature=…` gives the
//!    organisation's token (`accessTkn`); the signature is CAdES-BES over the key, base64url.
//! 2. `POST {epgu}/api/gusmev/order` with `{region, serviceCode, targetCode}` gives `orderId`.
//! 3. `POST {epgu}/api/gusmev/push/chunked` (multipart: `orderId`, `meta`, `chunk`, `chunks`,
//!    `file`) hands the package over: `req.xml`, the document, and our signature beside each.
//! 4. `POST {epgu}/api/gusmev/order/{orderId}` tells the status and which files have come;
//!    `…/cancel` takes the order back.
//! 5. `GET {epgu}/api/gusmev/files/download/{objectId}/{objectType}` gives the person's signature.
//!
//! The specifications (API ЕПГУ, and its appendix on service 10000000374) are given out to
//! integrators only. Paths, parameters, the code of the service and the root of `req.xml` are what
//! open clients of the interface show. Recalled, and to be compared with the appendix before it is
//! connected to the real one: the elements of `req.xml` below its root, the numbers of statuses
//! ([`OUTCOMES`]), and that the signature comes as the first file named `.sig`.

use std::{
    io::{Cursor, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use rand::{Rng, rngs::StdRng};
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::esia::{ClientSigner, SetupError};

/// Longest wait for one answer.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// The largest signature that is taken: certificates and revocation data fit many times.
const MOST_SIGNATURE: usize = 1 << 20;

/// Names of the files in the package.
const REQUEST: &str = "req.xml";
const DOCUMENT: &str = "document.xml";

/// How an order ended, by the number of its status; any other number waits.
const OUTCOMES: [(i64, Outcome); 6] = [
    (3, Outcome::Signed),
    (4, Outcome::Refused),
    (5, Outcome::Rejected),
    (9, Outcome::Expired),
    (10, Outcome::Expired),
    (15, Outcome::Expired),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Signed,
    Refused,
    Rejected,
    Expired,
}

/// How the cabinet is connected.
#[derive(Clone)]
pub struct GoskeySettings {
    /// ESIA, `https://esia.gosuslugi.ru`, without a slash at the end.
    pub esia_url: String,
    /// «Госуслуги», without a slash at the end.
    pub url: String,
    /// The organisation's API key.
    pub api_key: String,
    /// The organisation's private key, PKCS#8 PEM.
    pub key_pem: String,
    /// The certificate of that key, PEM.
    pub certificate_pem: String,
    /// ОКАТО of the region.
    pub region: String,
    /// Code of the service.
    pub service: String,
    /// Code of its goal.
    pub target: String,
    /// Mnemonic of the information system.
    pub mnemonic: String,
}

/// Why «Госуслуги» did not do it.
#[derive(Debug, Error)]
pub enum GoskeyError {
    /// Worth another attempt: network, time limit, 5xx, or a key that the operator must mend.
    #[error("«Госуслуги» cannot be reached: {0}")]
    Unreachable(String),
    /// Another attempt would end alike.
    #[error("«Госуслуги» refused: {0}")]
    Refused(String),
    #[error("«Госуслуги» answered something else than expected: {0}")]
    Garbled(String),
}

/// What is to be signed, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    pub id: Uuid,
    /// Of the person who is to sign.
    pub snils: &'a str,
    /// What the telephone shows.
    pub title: &'a str,
    /// The very bytes to be signed.
    pub content: &'a [u8],
    pub expires: DateTime<Utc>,
    /// Where the person came from.
    pub back: &'a str,
}

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    Waiting,
    /// The signature file as it came.
    Signed(Vec<u8>),
    /// The person declined.
    Refused,
    /// «Госключ» could not put it before the person.
    Rejected,
    Expired,
}

/// The time and the chance of one exchange: signatures of our own need both.
pub struct Moment {
    pub now: DateTime<Utc>,
    pub rng: StdRng,
}

/// The way to the telephone.
pub struct Goskey {
    esia: Url,
    epgu: Url,
    settings: GoskeySettings,
    signer: ClientSigner,
    /// The organisation's token, until it is refused.
    token: Mutex<Option<String>>,
    http: reqwest::Client,
}

/// What an order is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    region: &'a str,
    service_code: &'a str,
    target_code: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenAnswer {
    access_tkn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderAnswer {
    /// A number, or digits.
    order_id: Value,
}

/// The order itself is JSON within a text.
#[derive(Deserialize)]
struct StateAnswer {
    order: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_status_id: i64,
    #[serde(default)]
    current_status_history_id: i64,
    #[serde(default)]
    order_response_files: Vec<OrderFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderFile {
    file_name: String,
    #[serde(default)]
    link: String,
}

impl Goskey {
    /// # Errors
    /// An address, the key or the certificate cannot be used.
    pub fn new(settings: GoskeySettings) -> Result<Self, SetupError> {
        let url = |text: &str| {
            Url::parse(text).map_err(|error| SetupError::Url(format!("{text}: {error}")))
        };
        let (order, hash) = Default::default();
        Ok(Self {
            esia: url(&settings.esia_url)?,
            epgu: url(&settings.url)?,
            signer: ClientSigner::new(&settings.key_pem, &settings.certificate_pem, order, hash)?,
            settings,
            token: Mutex::default(),
            http: super::http_client(TIME_LIMIT)?,
        })
    }

    /// Makes an empty order; nobody sees it until a package is pushed.
    ///
    /// # Errors
    /// [`GoskeyError`].
    pub async fn create(&self, moment: &mut Moment) -> Result<String, GoskeyError> {
        let url = self.address(&["order"])?;
        let meta = self.meta();
        let answer: OrderAnswer =
            json(&self.call(moment, || self.http.post(url.clone()).json(&meta)).await?)?;
        match answer.order_id {
            Value::Number(number) => Ok(number.to_string()),
            Value::String(text) if !text.is_empty() => Ok(text),
            other => Err(GoskeyError::Garbled(format!("orderId {other}"))),
        }
    }

    /// Hands the package of an order over. Handing the same over again changes nothing.
    ///
    /// # Errors
    /// [`GoskeyError`].
    pub async fn push(
        &self,
        order: &str,
        package: &Package<'_>,
        moment: &mut Moment,
    ) -> Result<(), GoskeyError> {
        let archive = self.archive(package, moment)?;
        let meta = serde_json::to_string(&self.meta()).map_err(garbled)?;
        let mut boundary = [0; 16];
        moment.rng.fill_bytes(&mut boundary);
        let boundary = hex::encode(boundary);
        let body = multipart(&boundary, order, &meta, &archive);
        let url = self.address(&["push", "chunked"])?;
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request =
            || self.http.post(url.clone()).header("content-type", &kind).body(body.clone());
        self.call(moment, request).await.map(drop)
    }

    /// Where an order stands.
    ///
    /// # Errors
    /// [`GoskeyError::Refused`] when there is no such order.
    pub async fn state(&self, order: &str, moment: &mut Moment) -> Result<OrderState, GoskeyError> {
        let mut url = self.address(&["order", order])?;
        url.query_pairs_mut().append_pair("embed", "STATUS_HISTORY");
        let found = read_order(json(&self.call(moment, || self.http.post(url.clone())).await?)?)?;
        let outcome = OUTCOMES.iter().find(|(number, _)| *number == found.order_status_id);
        Ok(match outcome.map(|(_, outcome)| *outcome) {
            None => OrderState::Waiting,
            Some(Outcome::Refused) => OrderState::Refused,
            Some(Outcome::Rejected) => OrderState::Rejected,
            Some(Outcome::Expired) => OrderState::Expired,
            Some(Outcome::Signed) => OrderState::Signed(self.signature(&found, moment).await?),
        })
    }

    /// Takes an order back, so that the telephone shows it no more.
    ///
    /// # Errors
    /// [`GoskeyError::Refused`] when it has ended already.
    pub async fn cancel(&self, order: &str, moment: &mut Moment) -> Result<(), GoskeyError> {
        let url = self.address(&["order", order, "cancel"])?;
        self.call(moment, || self.http.post(url.clone())).await.map(drop)
    }

    async fn signature(&self, order: &Order, moment: &mut Moment) -> Result<Vec<u8>, GoskeyError> {
        let is_signature = |file: &&OrderFile| file.file_name.ends_with(".sig");
        let file = order.order_response_files.iter().find(is_signature);
        let file = file.ok_or_else(|| garbled("the signed order has no file .sig"))?;
        let object = order.current_status_history_id.to_string();
        let kind = file.link.rsplit('/').next().unwrap_or_default();
        let mut url = self.address(&["files", "download", &object, kind])?;
        url.query_pairs_mut()
            .append_pair("mnemonic", &file.file_name)
            .append_pair("eserviceCode", &self.settings.service);
        let bytes = self.call(moment, || self.http.get(url.clone())).await?;
        if bytes.len() > MOST_SIGNATURE {
            return Err(garbled(format!("a signature of {} bytes", bytes.len())));
        }
        Ok(bytes.to_vec())
    }

    /// Sends a request with the organisation's token, and once more with a new one when it is
    /// refused.
    async fn call(
        &self,
        moment: &mut Moment,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Bytes, GoskeyError> {
        let token = self.token(moment).await?;
        let mut response = request().bearer_auth(token).send().await.map_err(unreachable)?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.keep(None);
            let token = self.token(moment).await?;
            response = request().bearer_auth(token).send().await.map_err(unreachable)?;
        }
        read(response).await
    }

    async fn token(&self, moment: &mut Moment) -> Result<String, GoskeyError> {
        let known = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(token) = known {
            return Ok(token);
        }
        let key = &self.settings.api_key;
        let signature = self.sign(key.as_bytes(), moment)?;
        let path = ["esia-rs", "api", "public", "v1", "orgs", "ext-app", key, "tkn"];
        let mut url = with_path(&self.esia, &path)?;
        url.query_pairs_mut().append_pair("signature", &URL_SAFE_NO_PAD.encode(signature));
        let response = self.http.get(url).send().await.map_err(unreachable)?;
        // A key that is refused is the operator's to mend; the requests wait for it.
        let body = read(response).await.map_err(|error| match error {
            GoskeyError::Refused(text) => GoskeyError::Unreachable(format!("token: {text}")),
            other => other,
        })?;
        let TokenAnswer { access_tkn } = json(&body)?;
        self.keep(Some(access_tkn.clone()));
        Ok(access_tkn)
    }

    fn keep(&self, token: Option<String>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    fn meta(&self) -> Meta<'_> {
        let GoskeySettings { region, service, target, .. } = &self.settings;
        Meta { region, service_code: service, target_code: target }
    }

    fn sign(&self, content: &[u8], moment: &mut Moment) -> Result<Vec<u8>, GoskeyError> {
        let signed = self.signer.sign_cms(content, moment.now, &mut moment.rng);
        signed.map_err(|error| GoskeyError::Unreachable(format!("cannot sign requests: {error}")))
    }

    /// The package: the request, the document, and the organisation's signature beside each.
    fn archive(&self, package: &Package<'_>, moment: &mut Moment) -> Result<Vec<u8>, GoskeyError> {
        let request = self.request(package, moment.now).into_bytes();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [(REQUEST, request.as_slice()), (DOCUMENT, package.content)] {
            let signature = self.sign(content, moment)?;
            let own = format!("{name}.sig");
            for (name, bytes) in [(name, content), (own.as_str(), signature.as_slice())] {
                writer.start_file(name, SimpleFileOptions::default()).map_err(garbled)?;
                writer.write_all(bytes).map_err(garbled)?;
            }
        }
        Ok(writer.finish().map_err(garbled)?.into_inner())
    }

    fn request(&self, package: &Package<'_>, now: DateTime<Utc>) -> String {
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!(
            concat!(
                r#"<?xml version="1.0" encoding="UTF-8"?>"#,
                r#"<tns:RequestSigContract xmlns:tns="urn://gosuslugi/sig-contract/1.0.2" "#,
                r#"Id="{id}" timestamp="{now}" routeNumber="{mnemonic}">"#,
                "<tns:SNILS>{snils}</tns:SNILS><tns:signExp>{expires}</tns:signExp>",
                "<tns:descDoc>{title}</tns:descDoc><tns:Contracts><tns:Contract>",
                r#"<tns:Document mimeType="application/xml" uuid="{id}" description="{title}" "#,
                r#"docId="{document}"/>"#,
                r#"<tns:Signature mimeType="application/sig" uuid="{id}" docId="{document}.sig"/>"#,
                "</tns:Contract></tns:Contracts><tns:Backlink>{back}</tns:Backlink>",
                "</tns:RequestSigContract>",
            ),
            id = package.id,
            now = time(now),
            mnemonic = escape(&self.settings.mnemonic),
            snils = escape(package.snils),
            expires = time(package.expires),
            title = escape(package.title),
            document = DOCUMENT,
            back = escape(package.back),
        )
    }

    fn address(&self, path: &[&str]) -> Result<Url, GoskeyError> {
        with_path(&self.epgu, &[&["api", "gusmev"], path].concat())
    }
}

fn read_order(answer: StateAnswer) -> Result<Order, GoskeyError> {
    let read = match answer.order {
        Value::String(text) => serde_json::from_str(&text),
        other => serde_json::from_value(other),
    };
    read.map_err(garbled)
}

fn with_path(base: &Url, path: &[&str]) -> Result<Url, GoskeyError> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| GoskeyError::Unreachable(format!("{base} carries no path")))?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

/// A form of RFC 7578.
fn multipart(boundary: &str, order: &str, meta: &str, archive: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(archive.len() + 1024);
    let mut part = |head: &str, content: &[u8]| {
        body.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n");
    };
    part("name=\"orderId\"", order.as_bytes());
    part("name=\"meta\"\r\nContent-Type: application/json", meta.as_bytes());
    part("name=\"chunk\"", b"0");
    part("name=\"chunks\"", b"1");
    part(
        "name=\"file\"; filename=\"piev_epgu.zip\"\r\nContent-Type: application/octet-stream",
        archive,
    );
    body.extend(format!("--{boundary}--\r\n").bytes());
    body
}

async fn read(response: reqwest::Response) -> Result<Bytes, GoskeyError> {
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    let later = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if status.is_success() {
        return Ok(body);
    }
    let text: String = String::from_utf8_lossy(&body).chars().take(300).collect();
    if status.is_client_error() && !later.contains(&status) {
        Err(GoskeyError::Refused(format!("HTTP {status} {text}")))
    } else {
        Err(GoskeyError::Unreachable(format!("HTTP {status} {text}")))
    }
}

fn json<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, GoskeyError> {
    serde_json::from_slice(body).map_err(garbled)
}

fn unreachable(error: reqwest::Error) -> GoskeyError {
    GoskeyError::Unreachable(error.without_url().to_string())
}

fn garbled(error: impl std::fmt::Display) -> GoskeyError {
    GoskeyError::Garbled(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_own_path_and_escapes_what_comes_from_outside() {
        let base = Url::parse("https://gu.example/proxy/").unwrap();
        let url = with_path(&base, &["api", "a/b", "tkn"]).unwrap();
        assert_eq!(url.as_str(), "https://gu.example/proxy/api/a%2Fb/tkn");
    }

    #[test]
    fn a_form_is_written_as_rfc_7578_says() {
        let body = multipart("b", "7", "{}", b"PK");
        let text = String::from_utf8(body).unwrap();
        assert!(
            text.starts_with(
                "--b\r\nContent-Disposition: form-data; name=\"orderId\"\r\n\r\n7\r\n"
            )
        );
        assert!(text.contains(
            "filename=\"piev_epgu.zip\"\r\nContent-Type: application/octet-stream\r\n\r\nPK\r\n"
        ));
        assert!(text.ends_with("\r\n--b--\r\n"));
    }

    #[test]
    fn an_order_is_json_within_a_text() {
        let file = serde_json::json!({ "fileName": "a.sig", "link": "terrabyte://00/1/a.sig/2" });
        let order = serde_json::json!({
            "orderStatusId": 3, "currentStatusHistoryId": 91, "orderResponseFiles": [file],
        });
        for order in [Value::String(order.to_string()), order] {
            let order = read_order(StateAnswer { order }).unwrap();
            assert_eq!((order.order_status_id, order.current_status_history_id), (3, 91));
            assert_eq!(order.order_response_files[0].file_name, "a.sig");
        }
        assert!(read_order(StateAnswer { order: Value::Null }).is_err());
    }
}
