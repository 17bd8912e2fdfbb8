//! Certificates of people and the revocation list, also seen by OpenSSL's eyes.

use std::process::Command;

use base64::{Engine, prelude::*};
use der::{Decode, EncodePem, pem::LineEnding};
use reqwest::StatusCode;
use serde_json::{Value, json};
use signature::{
    container::KeyContainer,
    digest::DigestAlgorithm,
    revocation::{
        OcspResponse,
        ocsp::{CertStatus, request},
    },
};
use x509_cert::crl::CertificateList;

use crate::{
    common::start,
    signing::{self, Signer},
};

#[tokio::test]
async fn a_certificate_names_the_person_and_the_organisation() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let (_, csr) = signing::request();
    let ask = json!({ "csr": csr, "snils": "90000000182", "organisation_inn": "7799100017" });
    let response = world.post_json("/ca/certificates", ask).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let issued: Value = response.json().await.unwrap();
    let subject = issued["subject"].as_str().unwrap();
    assert!(subject.contains("ИНН ЮЛ=7799100017") && subject.contains("СНИЛС=90000000182"));

    // A second opinion on the chain.
    let path = |name: &str| data.path().join(name);
    std::fs::write(path("leaf.pem"), issued["certificate_pem"].as_str().unwrap()).unwrap();
    std::fs::write(path("chain.pem"), issued["chain_pem"].as_str().unwrap()).unwrap();
    std::fs::write(path("root.pem"), world.get("/ca/root.pem").await.text().await.unwrap())
        .unwrap();
    let verified = Command::new("openssl")
        .arg("verify")
        .args(["-x509_strict", "-attime", &world.clock.now().timestamp().to_string()])
        .arg("-CAfile")
        .arg(path("root.pem"))
        .arg("-untrusted")
        .arg(path("chain.pem"))
        .arg(path("leaf.pem"))
        .output()
        .expect("openssl is needed: apt-get install openssl");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[tokio::test]
async fn a_signature_made_here_is_right_for_openssl_as_well() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let signer = Signer::new(&world, 1_000_000_004, Some("779990000460")).await;
    let path = |name: &str| data.path().join(name);
    std::fs::write(path("document"), b"document").unwrap();
    std::fs::write(path("signature"), signer.sign(b"document")).unwrap();
    std::fs::write(path("chain.pem"), world.get("/ca/chain.pem").await.text().await.unwrap())
        .unwrap();
    let verified = Command::new("openssl")
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"])
        .args(["-attime", &world.clock.now().timestamp().to_string()])
        .arg("-in")
        .arg(path("signature"))
        .arg("-content")
        .arg(path("document"))
        .arg("-CAfile")
        .arg(path("chain.pem"))
        .output()
        .expect("openssl is needed: apt-get install openssl");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[tokio::test]
async fn a_revoked_certificate_is_in_the_list_over_restarts() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let signer = Signer::new(&world, 1_000_000_001, None).await;
    let list = |bytes: &[u8]| CertificateList::from_der(bytes).unwrap().tbs_cert_list;
    let empty = world.get("/ca/crl").await.bytes().await.unwrap();
    assert!(list(&empty).revoked_certificates.is_none());

    let colons: Vec<_> = signer.serial.as_bytes().chunks(2).map(String::from_utf8_lossy).collect();
    let revoke = json!({ "serial": colons.join(":").to_lowercase() });
    let response = world.post_json("/sandbox/ca/revoke", revoke).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let unknown = world.post_json("/sandbox/ca/revoke", json!({ "serial": "00" })).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    world.sandbox.stop().await;

    let world = start(data.path()).await;
    let bytes = world.get("/ca/crl").await.bytes().await.unwrap();
    let revoked = list(&bytes).revoked_certificates.unwrap();
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].serial_number, *signer.certificate.tbs_certificate().serial_number());
    let path = data.path().join("crl.der");
    std::fs::write(&path, &bytes).unwrap();
    let chain = data.path().join("chain.pem");
    std::fs::write(&chain, world.get("/ca/chain.pem").await.text().await.unwrap()).unwrap();
    let checked = Command::new("openssl")
        .args(["crl", "-inform", "DER", "-noout", "-in"])
        .arg(&path)
        .arg("-CAfile")
        .arg(&chain)
        .output()
        .expect("openssl is needed: apt-get install openssl");
    assert!(String::from_utf8_lossy(&checked.stderr).contains("verify OK"), "{checked:?}");
}

#[tokio::test]
async fn wrong_requests_are_refused_by_field() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let (_, csr) = signing::request();
    let mut spoiled = BASE64_STANDARD.decode(&csr).unwrap();
    *spoiled.last_mut().unwrap() ^= 1;
    let spoiled = BASE64_STANDARD.encode(spoiled);
    for (ask, field) in [
        (json!({ "csr": "?", "person": 1_000_000_001 }), "csr"),
        (json!({ "csr": spoiled, "person": 1_000_000_001 }), "csr"),
        (json!({ "csr": csr, "person": 5 }), "person"),
        (json!({ "csr": csr }), "person"),
        (json!({ "csr": csr, "person": 1_000_000_007 }), "person"),
        (
            json!({ "csr": csr, "person": 1_000_000_006, "organisation_inn": "7799100017" }),
            "organisation_inn",
        ),
    ] {
        let response = world.post_json("/ca/certificates", ask).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["field"], field);
        assert!(!body["error"]["right"].as_str().unwrap().is_empty());
    }

    let own = json!({ "csr": csr, "person": 1_000_000_005, "organisation_inn": "779990000534" });
    assert_eq!(world.post_json("/ca/certificates", own).await.status(), StatusCode::CREATED);
    let pem = world.get("/ca/root.pem").await.text().await.unwrap();
    assert_eq!(pem, world.sandbox.root_certificate_pem());
    let issuing = Signer::new(&world, 1_000_000_001, None).await.certificate;
    assert!(issuing.to_pem(LineEnding::LF).unwrap().starts_with("-----BEGIN CERTIFICATE"));
}

#[tokio::test]
async fn test_signatures_are_given_out_for_everybody_and_every_kind_of_key() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let page = world.get("/sandbox/").await.text().await.unwrap();
    assert!(page.contains("Тестовая подпись") && page.contains("<code>12345678</code>"));

    for (key, name) in [("gost256", "gost"), ("gost512", "gost"), ("ecdsa", "p256")] {
        let ask = json!({
            "person": 1_000_000_001, "organisation_inn": "7799100017", "key": key, "days": 30
        });
        let response = world.post_json("/sandbox/ca/signature", ask).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let made: Value = response.json().await.unwrap();
        let pfx = BASE64_STANDARD.decode(made["pfx"].as_str().unwrap()).unwrap();
        let password = made["password"].as_str().unwrap();
        let container = KeyContainer::from_pfx(&pfx, password).unwrap();
        let (private, own, chain) = container.identity().unwrap();
        assert!(format!("{private:?}").to_lowercase().contains(name), "{private:?}");
        assert_eq!(own.serial_hex(), made["serial"].as_str().unwrap());
        assert_eq!(chain.len(), 2);
        assert_eq!(own.not_after() - own.not_before(), chrono::TimeDelta::days(30));
        let owner = own.identifiers();
        assert_eq!(owner.organisation_inn.unwrap().as_str(), "7799100017");
        assert!(own.extensions().policies.as_ref().is_some_and(|policies| policies.len() == 2));
        assert!(own.extensions().subject_sign_tool.is_some());
    }

    let form = [("person", "1000000004"), ("organisation_inn", ""), ("key", "gost256")];
    let url = format!("{}/sandbox/signature.pfx", world.sandbox.url());
    let file = world.http.post(url).form(&form).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/x-pkcs12");
    let pfx = file.bytes().await.unwrap();
    assert!(KeyContainer::from_pfx(&pfx, "12345678").unwrap().identity().is_ok());

    for (ask, field) in [
        (json!({ "person": 5 }), "person"),
        (json!({ "person": 1_000_000_007 }), "person"),
        (json!({ "person": 1_000_000_006, "organisation_inn": "7799100017" }), "organisation_inn"),
        (json!({ "person": 1_000_000_001, "key": "rsa" }), "body"),
    ] {
        let response = world.post_json("/sandbox/ca/signature", ask).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["field"], field);
    }
}

#[tokio::test]
async fn time_stamps_are_right_for_openssl_as_well() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    std::fs::write(data.path().join("document"), b"document").unwrap();
    let at = world.clock.now().timestamp().to_string();
    let openssl = |line: &str| {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(data.path())
            .output()
            .expect("openssl is needed: apt-get install openssl");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    openssl("ts -query -data document -sha256 -cert -out query.tsq");
    let query = std::fs::read(data.path().join("query.tsq")).unwrap();
    let url = format!("{}/ca/ecdsa/tsp", world.sandbox.url());
    let answer = world.http.post(&url).body(query).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/timestamp-reply");
    std::fs::write(data.path().join("reply.tsr"), answer.bytes().await.unwrap()).unwrap();
    for (file, path) in [("root.pem", "/ca/ecdsa/root.pem"), ("chain.pem", "/ca/ecdsa/chain.pem")] {
        let text = world.get(path).await.text().await.unwrap();
        std::fs::write(data.path().join(file), text).unwrap();
    }
    openssl(&format!(
        "ts -verify -in reply.tsr -data document -CAfile root.pem -untrusted chain.pem -attime {at}"
    ));

    // A request that is none is refused in the protocol's own words (RFC 3161 §2.4.2).
    let refused = world.http.post(&url).body("rubbish").send().await.unwrap();
    let refused = refused.bytes().await.unwrap();
    assert!(signature::timestamp::read_response(&refused).is_err());
    let nobody = world.get("/ca/rsa/crl").await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_state_of_a_certificate_is_told_by_ocsp() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let now = world.clock.now();
    let ask = json!({ "person": 1_000_000_001 });
    let made: Value = world.post_json("/sandbox/ca/signature", ask).await.json().await.unwrap();
    let read = |field: &str| {
        let blocks = signature::pem::blocks(made[field].as_str().unwrap().as_bytes()).unwrap();
        signature::certificate::Certificate::from_der(&blocks[0].der).unwrap()
    };
    let (own, issuer) = (read("certificate_pem"), read("chain_pem"));
    let url = own.extensions().ocsp_urls[0].clone();
    let state = async || {
        let ask = request(DigestAlgorithm::Sha1, &own, &issuer, b"nonce of ours");
        let answer = world.http.post(&url).body(ask).send().await.unwrap();
        let response = OcspResponse::from_der(&answer.bytes().await.unwrap()).unwrap();
        response.check_nonce(b"nonce of ours").unwrap();
        response.responses()[0].status.clone()
    };
    assert_eq!(state().await, CertStatus::Good);
    let revoke = json!({ "serial": made["serial"] });
    world.post_json("/sandbox/ca/revoke", revoke).await;
    assert!(matches!(state().await, CertStatus::Revoked { at, .. } if at <= now));
}
