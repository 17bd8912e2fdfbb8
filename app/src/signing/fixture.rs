//! A certificate authority and a signer for tests, and OpenSSL as the judge of what we make.

use std::path::Path;
use std::process::{Command, Output};

use chrono::{DateTime, Utc};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

use super::certificate::Certificate;
use super::csr::Subject;
use super::der::{self, tag};
use super::{base64, cms, csr};

/// A key with its certificate, DER.
pub struct Holder {
    pub key: SigningKey,
    pub certificate: Vec<u8>,
}

pub fn moment() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T01:02:03Z").unwrap().to_utc()
}

pub fn authority() -> Holder {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let certificate = certificate("Проверочный центр", &key, "Проверочный центр", &key, true);
    Holder { key, certificate }
}

pub fn person(name: &str) -> Holder {
    let key = SigningKey::from_slice(&[9; 32]).unwrap();
    let certificate = certificate(name, &key, "Проверочный центр", &authority().key, false);
    Holder { key, certificate }
}

pub fn sign(holder: &Holder, content: &[u8], at: DateTime<Utc>) -> Vec<u8> {
    let certificate = Certificate::from_der(&holder.certificate).unwrap();
    let digest = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    let attributes = cms::SignedAttributes::new(&digest(content), &digest(&holder.certificate), at);
    let signature: Signature = holder.key.sign(&attributes.to_be_signed());
    let signature = cms::ecdsa_signature(&signature.to_bytes()).unwrap();
    cms::signed_data(&attributes, &signature, &[certificate]).unwrap()
}

pub fn certificate_request(name: &str) -> Vec<u8> {
    let key = SigningKey::from_slice(&[9; 32]).unwrap();
    let (surname, given_name) = name.split_once(' ').unwrap();
    let subject = Subject {
        common_name: name.to_owned(),
        surname: surname.to_owned(),
        given_name: given_name.to_owned(),
    };
    let info = csr::request_info(&subject, &public_key(&key));
    let signature: Signature = key.sign(&info);
    csr::request(&info, &cms::ecdsa_signature(&signature.to_bytes()).unwrap())
}

pub fn pem(certificate: &[u8]) -> String {
    let body = base64::encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}

/// What OpenSSL says of a detached signature, with the test authority as the trusted root.
pub fn openssl_verify(cms: &[u8], content: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let signature = file("signature.p7s", cms);
    let content = file("content.xml", content);
    let root = file("root.pem", pem_lines(&authority().certificate).as_bytes());
    let mut command = Command::new("openssl");
    command.args(["cms", "-verify", "-binary", "-inform", "DER", "-cades", "-purpose", "any"]);
    command.arg("-in").arg(signature).arg("-content").arg(content).arg("-CAfile").arg(root);
    command.arg("-attime").arg(moment().timestamp().to_string()).args(["-out", "/dev/null"]);
    let output = run(&mut command);
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// OpenSSL's reading of a certificate request, after it verified the signature in it.
pub fn openssl_request_text(request: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("request.der");
    std::fs::write(path, request).unwrap();
    let mut command = Command::new("openssl");
    command.args(["req", "-verify", "-noout", "-text", "-inform", "DER", "-utf8"]);
    command.args(["-nameopt", "utf8"]).arg("-in").arg(path);
    let output = run(&mut command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn run(command: &mut Command) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) => {
            panic!("these tests need OpenSSL ({error}); install it: apt-get install openssl")
        }
    }
}

fn pem_lines(certificate: &[u8]) -> String {
    let body = base64::encode(certificate);
    let lines: Vec<String> =
        body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn public_key(key: &SigningKey) -> Vec<u8> {
    const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let point = key.verifying_key().to_sec1_point(false);
    der::sequence(&[
        &der::sequence(&[&der::tlv(tag::OID, EC_PUBLIC_KEY), &der::tlv(tag::OID, P_256)]),
        &der::bit_string(point.as_bytes()),
    ])
}

fn certificate(
    subject: &str,
    key: &SigningKey,
    issuer: &str,
    issuer_key: &SigningKey,
    authority: bool,
) -> Vec<u8> {
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    let name = |text: &str| {
        let pair = der::sequence(&[
            &der::tlv(tag::OID, COMMON_NAME),
            &der::tlv(tag::UTF8_STRING, text.as_bytes()),
        ]);
        der::sequence(&[&der::tlv(tag::SET, &pair)])
    };
    let algorithm = der::sequence(&[&der::tlv(tag::OID, cms::ECDSA_WITH_SHA_256)]);
    let is_authority: &[u8] = if authority { &[0x01, 0x01, 0xff] } else { &[] };
    let constraints = der::sequence(&[
        &der::tlv(tag::OID, BASIC_CONSTRAINTS),
        &der::tlv(tag::OCTET_STRING, &der::sequence(&[is_authority])),
    ]);
    let body = der::sequence(&[
        &der::tlv(tag::context(0), &der::unsigned(&[2])),
        &der::unsigned(&[if authority { 1 } else { 2 }]),
        &algorithm,
        &name(issuer),
        &der::sequence(&[
            &der::tlv(tag::UTC_TIME, b"260101000000Z"),
            &der::tlv(tag::UTC_TIME, b"360101000000Z"),
        ]),
        &name(subject),
        &public_key(key),
        &der::tlv(tag::context(3), &der::sequence(&[&constraints])),
    ]);
    let signature: Signature = issuer_key.sign(&body);
    let signature = cms::ecdsa_signature(&signature.to_bytes()).unwrap();
    der::sequence(&[&body, &algorithm, &der::bit_string(&signature)])
}
