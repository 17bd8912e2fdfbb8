//! «Госуслуги» for organisations and the telephone with «Госключ».

use std::io::{Cursor, Write};

use base64::{Engine, prelude::*};
use rand::{SeedableRng, rngs::StdRng};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use signature::{
    certificate::Certificate,
    cms::SignedMessage,
    digest::ContentDigests,
    key::PrivateKey,
    path::TrustStore,
    pem,
    revocation::{Evidence, RevocationMode},
    sign::Signer,
    verify::{Options, Verifier},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::common::{CLIENT_ID, World, start};

const SNILS: &str = "900-000-005 86";
const EXPIRES: &str = "2026-11-11T09:00:00Z";
const DOCUMENT: &[u8] = "<Форма/>".as_bytes();

/// An organisation with its key and token.
struct Organisation<'a> {
    world: &'a World,
    key: PrivateKey,
    certificate: Certificate,
    api_key: String,
    token: String,
}

fn der(text: &str) -> Vec<u8> {
    pem::blocks(text.as_bytes()).unwrap().remove(0).der
}

impl<'a> Organisation<'a> {
    async fn new(world: &'a World) -> Self {
        let settings = world.sandbox.esia_settings(CLIENT_ID).await.unwrap().unwrap();
        let mut own = Self {
            world,
            key: PrivateKey::from_pkcs8_der(&der(&settings.client_key_pem.unwrap())).unwrap(),
            certificate: Certificate::from_der(&der(&settings.client_certificate_pem)).unwrap(),
            api_key: settings.api_key,
            token: String::new(),
        };
        let signature = own.sign(own.api_key.as_bytes());
        let answer = own.ask_token(&own.api_key, &signature).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = answer.json().await.unwrap();
        own.token = answer["accessTkn"].as_str().unwrap().to_owned();
        own
    }

    /// Detached CAdES-BES.
    fn sign(&self, content: &[u8]) -> Vec<u8> {
        let signer = Signer::new(&self.key, &self.certificate).unwrap();
        let digests = ContentDigests::of(&[signer.digest()], content);
        signer.sign_detached(&digests, &mut StdRng::seed_from_u64(3)).unwrap()
    }

    async fn ask_token(&self, api_key: &str, signature: &[u8]) -> Response {
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        let path =
            format!("/esia-rs/api/public/v1/orgs/ext-app/{api_key}/tkn?signature={signature}");
        self.world.get(&path).await
    }

    async fn post(&self, path: &str) -> Response {
        let url = format!("{}/api/gusmev/{path}", self.world.url);
        self.world.http.post(url).bearer_auth(&self.token).send().await.unwrap()
    }

    async fn order(&self) -> String {
        let meta = json!({ "region": "45000000000", "serviceCode": "1", "targetCode": "-1" });
        let url = format!("{}/api/gusmev/order", self.world.url);
        let request = self.world.http.post(url).bearer_auth(&self.token).json(&meta);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["orderId"].to_string()
    }

    async fn push(&self, order: &str, archive: &[u8]) -> Response {
        let mut body = Vec::new();
        let meta = r#"{"region":"45000000000","serviceCode":"1","targetCode":"-1"}"#;
        for (head, content) in [
            ("name=\"orderId\"", order.as_bytes()),
            ("name=\"meta\"", meta.as_bytes()),
            ("name=\"chunks\"", b"1"),
            ("name=\"file\"; filename=\"a.zip\"", archive),
        ] {
            body.extend(format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
            body.extend(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let url = format!("{}/api/gusmev/push/chunked", self.world.url);
        let request = self.world.http.post(url).bearer_auth(&self.token);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        request.body(body).send().await.unwrap()
    }

    /// A package for a person, signed as it must be.
    fn package(&self, snils: &str, document: &[u8]) -> Vec<u8> {
        let request = request(snils);
        self.archive(&request, &self.sign(request.as_bytes()), document, &self.sign(document))
    }

    fn archive(&self, request: &str, own: &[u8], document: &[u8], signature: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [
            ("req.xml", request.as_bytes()),
            ("req.xml.sig", own),
            ("document.xml", document),
            ("document.xml.sig", signature),
        ] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// An order that waits for a person.
    async fn waiting(&self) -> String {
        let order = self.order().await;
        let pushed = self.push(&order, &self.package(SNILS, DOCUMENT)).await;
        assert_eq!(pushed.status(), StatusCode::OK);
        order
    }

    /// The order, which is JSON within a text.
    async fn state(&self, order: &str) -> Value {
        let answer: Value = self.post(&format!("order/{order}")).await.json().await.unwrap();
        serde_json::from_str(answer["order"].as_str().unwrap()).unwrap()
    }

    async fn status(&self, order: &str) -> i64 {
        self.state(order).await["orderStatusId"].as_i64().unwrap()
    }
}

fn request(snils: &str) -> String {
    format!(
        "<tns:RequestSigContract xmlns:tns=\"urn://gosuslugi/sig-contract/1.0.2\" Id=\"1\">\
         <tns:SNILS>{snils}</tns:SNILS><tns:signExp>{EXPIRES}</tns:signExp>\
         <tns:descDoc>Статформа &lt;1&gt;</tns:descDoc><tns:Contracts><tns:Contract>\
         <tns:Document docId=\"document.xml\"/></tns:Contract></tns:Contracts>\
         </tns:RequestSigContract>"
    )
}

async fn act(world: &World, order: &str, action: &str, body: Value) -> Response {
    world.post_json(&format!("/sandbox/phone/requests/{order}/{action}"), body).await
}

#[tokio::test]
async fn a_person_signs_the_very_bytes_with_a_gost_key() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let own = Organisation::new(&world).await;
    let order = own.waiting().await;
    assert_eq!(own.status(&order).await, 6);

    let listed = world.get_json("/sandbox/phone/requests").await;
    let sha256 = hex::encode(Sha256::digest(DOCUMENT));
    assert_eq!(listed[0]["person"], 1_000_000_005_u64);
    assert_eq!(
        (&listed[0]["title"], &listed[0]["sha256"]),
        (&json!("Статформа <1>"), &json!(sha256))
    );
    let page = world.get("/sandbox/phone").await.text().await.unwrap();
    for text in ["Рябинина Елена Викторовна", "Статформа &lt;1&gt;", &sha256, "Подписать"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(world.get("/sandbox/").await.text().await.unwrap().contains("href=\"/sandbox/phone\""));

    let form = [("order", order.as_str()), ("action", "sign")];
    let url = format!("{}/sandbox/phone/press", world.url);
    let pressed = world.http.post(url).form(&form).send().await.unwrap();
    assert_eq!(pressed.status(), StatusCode::SEE_OTHER);
    let state = own.state(&order).await;
    assert_eq!(state["orderStatusId"], 3);
    let name = state["orderResponseFiles"][0]["fileName"].as_str().unwrap();
    assert_eq!(name, "document.xml.sig");

    let url = format!("{}/api/gusmev/files/download/{order}/2?mnemonic={name}", world.url);
    let file = world.http.get(url).bearer_auth(&own.token).send().await.unwrap();
    let cms = file.bytes().await.unwrap();
    let message = SignedMessage::from_bytes(&cms).unwrap();
    let digests = ContentDigests::of(&message.needed_digests(), DOCUMENT);
    let roots = world.get("/ca/root.pem").await.text().await.unwrap();
    let roots = pem::blocks(roots.as_bytes()).unwrap();
    let anchors = roots.iter().map(|root| Certificate::from_der(&root.der).unwrap()).collect();
    let trust = TrustStore { anchors, intermediates: Vec::new() };
    let options = Options { revocation: Some(RevocationMode::Off), ..Options::default() };
    let verifier = Verifier {
        trust: &trust,
        evidence: &Evidence::default(),
        at: world.clock.now(),
        options: &options,
    };
    let report = verifier.verify(&message, Some(&digests));
    assert!(report.is_valid(), "{:?}", report.reason);
    let signer = &report.signers[0];
    assert_eq!(signer.algorithm.as_deref(), Some("gost-r-34.10-2012 streebog-256"));
    assert_eq!(signer.identifiers.snils.as_ref().unwrap().to_string(), SNILS);
    let elsewhere = ContentDigests::of(&message.needed_digests(), b"other");
    assert!(!verifier.verify(&message, Some(&elsewhere)).is_valid());
}

#[tokio::test]
async fn every_end_has_its_status_and_is_final() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let own = Organisation::new(&world).await;
    for (action, status) in [("refuse", 4), ("expire", 15), ("fail", 5), ("sign", 3)] {
        let order = own.waiting().await;
        assert_eq!(act(&world, &order, action, json!({})).await.status(), StatusCode::OK);
        assert_eq!(own.status(&order).await, status, "{action}");
        let again = act(&world, &order, "sign", json!({})).await.status();
        assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
        let late = own.post(&format!("order/{order}/cancel")).await.status();
        assert_eq!(late, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
    }
    let order = own.waiting().await;
    assert_eq!(own.post(&format!("order/{order}/cancel")).await.status(), StatusCode::OK);
    assert_eq!(own.status(&order).await, 10);

    let order = own.waiting().await;
    world.clock.advance(24 * 3600);
    assert_eq!(own.world.get_json("/sandbox/phone/requests").await[0]["status"], "expired");
    let late = act(&world, &order, "sign", json!({})).await.status();
    assert_eq!(late, StatusCode::UNPROCESSABLE_ENTITY, "nobody signs after the term");
}

#[tokio::test]
async fn a_wrong_package_is_refused_and_the_same_one_taken_once() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let own = Organisation::new(&world).await;
    let order = own.order().await;
    let xml = request(SNILS);
    let [signed, elsewhere] = [xml.as_bytes(), b"other"].map(|content| own.sign(content));
    let no_request = "<Other/>";
    for (archive, what) in [
        (b"no archive".to_vec(), "no archive"),
        (own.archive(&xml, &elsewhere, DOCUMENT, &own.sign(DOCUMENT)), "another request signed"),
        (own.archive(&xml, &signed, DOCUMENT, &elsewhere), "another document signed"),
        (own.package("900-000-007 88", DOCUMENT), "nobody's number"),
        (
            own.archive(
                no_request,
                &own.sign(no_request.as_bytes()),
                DOCUMENT,
                &own.sign(DOCUMENT),
            ),
            "another root",
        ),
    ] {
        let refused = own.push(&order, &archive).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    }
    assert_eq!(world.get_json("/sandbox/phone/requests").await, json!([]));

    let archive = own.package(SNILS, DOCUMENT);
    for _ in 0..2 {
        assert_eq!(own.push(&order, &archive).await.status(), StatusCode::OK);
    }
    assert_eq!(world.get_json("/sandbox/phone/requests").await.as_array().unwrap().len(), 1);
    let other = own.push(&order, &own.package(SNILS, b"<Other/>")).await;
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn strangers_and_outages_are_answered_as_such() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let own = Organisation::new(&world).await;
    let signature = own.sign(own.api_key.as_bytes());
    let stranger = own.ask_token("00000000000000000000000000000000", &signature).await;
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
    let unsigned = own.ask_token(&own.api_key, &own.sign(b"another key")).await;
    assert_eq!(unsigned.status(), StatusCode::FORBIDDEN);

    let order = own.waiting().await;
    let url = format!("{}/api/gusmev/order/{order}", world.url);
    for token in ["", "rubbish", &own.token[..own.token.len() - 4]] {
        let request = world.http.post(&url).bearer_auth(token);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(own.post("order/1").await.status(), StatusCode::NOT_FOUND);

    world.post_json("/sandbox/epgu/mode", json!({ "down": true })).await;
    assert_eq!(own.post(&format!("order/{order}")).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    world.post_json("/sandbox/epgu/mode", json!({ "down": false })).await;
    assert_eq!(own.status(&order).await, 6);
    world.clock.advance(3601);
    assert_eq!(own.post(&format!("order/{order}")).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn orders_outlive_a_restart_and_another_may_sign_in_a_persons_place() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let order = Organisation::new(&world).await.waiting().await;
    world.sandbox.stop().await;

    let world = start(data.path()).await;
    let own = Organisation::new(&world).await;
    assert_eq!(own.status(&order).await, 6);
    let unknown = act(&world, &order, "sign", json!({ "by": 1 })).await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let signed = act(&world, &order, "sign", json!({ "by": 1_000_000_006_u64 })).await;
    assert_eq!(signed.status(), StatusCode::OK);
    assert_eq!(own.status(&order).await, 3);
    let reset = world.post_json("/sandbox/reset", json!({})).await;
    assert_eq!(reset.status(), StatusCode::NO_CONTENT);
    assert_eq!(own.post(&format!("order/{order}")).await.status(), StatusCode::NOT_FOUND);
}
