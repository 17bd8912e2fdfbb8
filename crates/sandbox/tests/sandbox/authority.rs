//! Certificates of people and the revocation list, also seen by OpenSSL's eyes.

use std::process::Command;

use base64::{Engine, prelude::*};
use der::{Decode, EncodePem, pem::LineEnding};
use reqwest::StatusCode;
use serde_json::{Value, json};
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
