//! Somebody who files statistical forms over HTTP and repeats what was not answered, as the page
//! in a browser does.

use std::time::Duration;

use app::signing::{base64, certificate::Certificate, cms, csr};
use backend::ctx::{Clock, SystemClock};
use domain::{
    state::DocumentState,
    view::{
        Page,
        document::{Batch, BatchReply, Event, Frozen, Head, Opened, Signed},
        session::Role,
        statform::{Row, Uploaded},
    },
};
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
    path::Path,
};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::EncodePublicKey,
};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Browser, Method};

const FORM: &str = include_str!("../../../crates/edoc/tests/edoc/fixtures/statform.xml");

/// A key with its certificate, of one person for one company.
pub struct Signatory {
    key: SigningKey,
    chain: Vec<Certificate>,
}

impl Signatory {
    /// Detached CMS over the bytes, base64.
    fn sign(&self, content: &[u8]) -> String {
        let digest = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
        let certificate = digest(&self.chain[0].der);
        let attributes =
            cms::SignedAttributes::new(&digest(content), &certificate, SystemClock.now());
        let signature: Signature = self.key.sign(&attributes.to_be_signed());
        let signature = cms::ecdsa_signature(&signature.to_bytes()).unwrap();
        base64::encode(&cms::signed_data(&attributes, &signature, &self.chain).unwrap())
    }
}

/// A person in the cabinet of a company.
pub struct Filer {
    pub browser: Browser,
    role: Role,
    signatory: Signatory,
    /// Of the next page that is opened.
    replica: u64,
}

impl Filer {
    /// Signs in as the head of a company, and gets a certificate.
    pub async fn new(browser: Browser, person: u64, company: &str) -> Self {
        browser.sign_in(person, "/profile").await;
        let roles: Vec<Role> = call(&browser, "/api/session/roles", &json!({})).await;
        let role = roles.into_iter().find(|role| role.name.contains(company)).unwrap();
        let entered = [("participant", role.participant.to_string())];
        answered(|| post(&browser, "/api/session/enter", &entered)).await;

        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let public_key = key.verifying_key().to_public_key_der().unwrap();
        let subject = csr::Subject {
            common_name: "Заявитель".to_owned(),
            surname: String::new(),
            given_name: String::new(),
        };
        let info = csr::request_info(&subject, public_key.as_bytes());
        let signature: Signature = key.sign(&info);
        let signature = cms::ecdsa_signature(&signature.to_bytes()).unwrap();
        let request = base64::encode(&csr::request(&info, &signature));
        let chain: String =
            call(&browser, "/api/profile/certificate_request", &json!({ "request": request }))
                .await;
        let chain = Certificate::chain_from_pem(&chain).unwrap();
        Self { browser, role, signatory: Signatory { key, chain }, replica: 1 }
    }

    /// A sound form of the company as a draft.
    pub async fn upload(&self) -> Uuid {
        let own = |value: &Option<String>| value.clone().unwrap_or_default();
        let form: String = FORM
            .lines()
            .filter(|line| !["INNSign", "MCD_ID"].iter().any(|element| line.contains(element)))
            .map(|line| line.to_owned() + "\n")
            .collect::<String>()
            .replace("7707083893", &own(&self.role.inn))
            .replace("773601001", &own(&self.role.kpp))
            .replace("6f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10", &Uuid::new_v4().to_string());
        let request = || {
            self.browser
                .request(Method::POST, "/api/statform/upload")
                .header("x-file-name", "form.xml")
                .body(form.clone())
        };
        let uploaded: Uploaded = read(&answered(request).await);
        assert_eq!(uploaded.errors, 0, "the form in the fixture is sound");
        uploaded.head.id
    }

    /// A draft with the content of another form.
    pub async fn copy(&self, of: Uuid) -> Uuid {
        let fields = [("document", of.to_string())];
        let answer = answered(|| post(&self.browser, "/api/statform/copy", &fields)).await;
        let id = answer.location.strip_prefix("/statforms/").map(str::parse);
        id.unwrap_or_else(|| panic!("{}", answer.body)).unwrap()
    }

    pub async fn open(&self, document: Uuid) -> Opened {
        self.call("/api/document/open", &json!({ "document": document })).await
    }

    /// Writes the number of the form's first document, letter by letter.
    pub async fn write(&mut self, document: Uuid, number: &str) {
        let opened = self.open(document).await;
        let mut draft: Draft = serde_json::from_str(&opened.draft).unwrap();
        let replica = ReplicaId::session(self.replica);
        self.replica += 1;
        let documents: Path = "Documents".parse().unwrap();
        let path = documents.item(draft.items(&documents)[0]).join("PrDocumentNumber");
        let mut version = opened.head.version;
        for end in number.char_indices().map(|(at, letter)| at + letter.len_utf8()) {
            let value = Some(number[..end].to_owned());
            let change = draft.edit(&replica, Patch::Set { path: path.clone(), value }).unwrap();
            let changes = vec![serde_json::to_string(&change).unwrap()];
            let batch = Batch { document, since: version, changes, pause: false };
            let reply: BatchReply =
                self.call("/api/document/patch", &json!({ "batch": batch })).await;
            version = reply.version;
        }
    }

    pub async fn freeze(&self, document: Uuid) -> Frozen {
        self.call("/api/document/freeze", &json!({ "document": document })).await
    }

    pub async fn explain(&self, document: Uuid, text: &str) -> Frozen {
        let body = json!({ "document": document, "text": text });
        self.call("/api/statform/explain", &body).await
    }

    /// Signs what was frozen.
    pub fn sign(&self, frozen: &Frozen) -> Signed {
        let content = base64::decode(&frozen.content).unwrap();
        Signed {
            document: frozen.document,
            version: frozen.version,
            sha256: frozen.sha256.clone(),
            signature: self.signatory.sign(&content),
        }
    }

    pub async fn submit(&self, signed: &Signed) -> Head {
        self.call("/api/document/submit", &json!({ "signed": signed })).await
    }

    pub async fn reopen(&self, document: Uuid) {
        let fields = [("document", document.to_string())];
        answered(|| post(&self.browser, "/api/document/reopen", &fields)).await;
    }

    pub async fn events(&self, document: Uuid) -> Vec<Event> {
        self.call("/api/document/events", &json!({ "document": document })).await
    }

    /// How many forms are in a state.
    pub async fn count(&self, state: DocumentState) -> u64 {
        let query = json!({ "query": { "states": [state] } });
        self.call::<Page<Row>>("/api/statform/list", &query).await.total
    }

    async fn call<T: DeserializeOwned>(&self, path: &str, body: &Value) -> T {
        call(&self.browser, path, body).await
    }
}

async fn call<T: DeserializeOwned>(browser: &Browser, path: &str, body: &Value) -> T {
    let request =
        || browser.request(Method::POST, path).header("accept", "application/json").json(body);
    read(&answered(request).await)
}

fn post(browser: &Browser, path: &str, fields: &[(&str, String)]) -> RequestBuilder {
    browser.request(Method::POST, path).header("accept", "text/html").form(fields)
}

fn read<T: DeserializeOwned>(answer: &Answered) -> T {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

struct Answered {
    location: String,
    body: String,
}

/// Sends a request until it is answered whole. An answer that is a failure ends the test.
async fn answered(request: impl Fn() -> RequestBuilder) -> Answered {
    // The limit only ends a test that would hang.
    for _ in 0..6000 {
        match attempt(request()).await {
            Ok((status, answer)) => {
                assert!(
                    status == StatusCode::OK || status.is_redirection(),
                    "{status} {}",
                    answer.body
                );
                return answer;
            }
            Err(error) => {
                assert!(!error.is_builder(), "{error}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    panic!("the cabinet does not answer");
}

async fn attempt(request: RequestBuilder) -> reqwest::Result<(StatusCode, Answered)> {
    let response = request.send().await?;
    let status = response.status();
    let location = response.headers().get("location");
    let location = location.map_or("", |value| value.to_str().unwrap()).to_owned();
    Ok((status, Answered { location, body: response.text().await? }))
}
