//! Test material made by others: every case of `cases.json` judged as its authors expect.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use signature::asn1::Tlv;
use signature::certificate::{Certificate, PublicKeyInfo};
use signature::cms::SignedMessage;
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::key::{PublicKey, SignatureScheme};
use signature::path::{Budget, PathContext, Purpose, TrustStore};
use signature::pem;
use signature::report::Level;
use signature::revocation::{Crl, Evidence, OcspResponse, RevocationMode};
use signature::verify::{Options, Verifier};

/// Cases that are not claimed, with the reason.
const OUT_OF_SCOPE: &[(&str, &str)] = &[
    (
        "pkits-ValidDSASignaturesTest4EE",
        "DSA is not implemented: no authority of this field uses it",
    ),
    ("pkits-ValidDSAParameterInheritanceTest5EE", "DSA, and keys with inherited parameters"),
];

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    files: Vec<String>,
    expected: String,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    trust: Vec<String>,
    #[serde(default)]
    intermediates: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    issuer: Option<String>,
    time: Option<DateTime<Utc>>,
    #[serde(default)]
    noverify: bool,
}

struct Material {
    root: PathBuf,
    certificates: BTreeMap<String, Vec<Certificate>>,
    crls: BTreeMap<String, Vec<Crl>>,
}

impl Material {
    fn bytes(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Certificates that cannot be read are as good as absent.
    fn certificates(&mut self, files: &[String]) -> Vec<Certificate> {
        let mut found = Vec::new();
        for file in files {
            if !self.certificates.contains_key(file) {
                let parts = pem::blocks_or_der(&self.bytes(file)).unwrap();
                let read = parts.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
                self.certificates.insert(file.clone(), read);
            }
            found.extend(self.certificates[file].iter().cloned());
        }
        found
    }

    /// Lists that cannot be read are as good as absent.
    fn crls(&mut self, files: &[String]) -> Vec<Crl> {
        let mut found = Vec::new();
        for file in files {
            if !self.crls.contains_key(file) {
                let parts = pem::blocks_or_der(&self.bytes(file)).unwrap();
                let read = parts.iter().filter_map(|der| Crl::from_der(der).ok()).collect();
                self.crls.insert(file.clone(), read);
            }
            found.extend(self.crls[file].iter().cloned());
        }
        found
    }
}

/// What this crate says about a case, in the words of `expected`.
fn judge(material: &mut Material, case: &Case) -> Result<(), String> {
    match case.kind.as_str() {
        "path-validate" => path(material, case),
        "crl-verify" => {
            let crls = material.crls(&case.files);
            let issuers = material.certificates(&case.trust);
            crls[0].verify(&issuers[0]).map_err(|reason| reason.code().to_owned())
        }
        "ocsp-respverify" => ocsp(material, case),
        "wycheproof" => wycheproof(material, case),
        "cms-verify" => cms(material, case),
        kind => Err(format!("an unknown kind of case: {kind}")),
    }
}

fn path(material: &mut Material, case: &Case) -> Result<(), String> {
    let Ok(target) =
        Certificate::from_der(&pem::blocks_or_der(&material.bytes(&case.files[0])).unwrap()[0])
    else {
        return Err("malformed".to_owned());
    };
    let trust = TrustStore {
        anchors: material.certificates(&case.trust),
        intermediates: material.certificates(&case.intermediates),
    };
    let evidence = Evidence { crls: material.crls(&case.crls), ..Evidence::default() };
    let budget = Budget::default();
    let mut context = PathContext::new(&trust, &[], &evidence, case.time.unwrap(), &budget);
    context.revocation = evidence.natural_mode();
    context.find(&target, Purpose::Any).map(drop).map_err(|failure| failure.to_string())
}

fn ocsp(material: &mut Material, case: &Case) -> Result<(), String> {
    let response =
        OcspResponse::from_der(&material.bytes(&case.files[0])).map_err(|e| e.to_string())?;
    let trust = TrustStore { anchors: material.certificates(&case.trust), intermediates: vec![] };
    let issuer = material.certificates(&[case.issuer.clone().unwrap()])[0].clone();
    let evidence = Evidence::default();
    let budget = Budget::default();
    let mut context = PathContext::new(&trust, &[], &evidence, case.time.unwrap(), &budget);
    context.revocation = RevocationMode::IfKnown;
    response.verify(&issuer, &context).map(drop).map_err(|reason| reason.code().to_owned())
}

fn cms(material: &mut Material, case: &Case) -> Result<(), String> {
    let file = material.bytes(&case.files[0]);
    let message = SignedMessage::from_bytes(&pem::blocks_or_der(&file).unwrap()[0])
        .map_err(|reason| reason.code().to_owned())?;
    let content = case
        .content
        .as_ref()
        .map(|file| ContentDigests::of(&message.needed_digests(), &material.bytes(file)));
    let certificates = material.certificates(&case.trust);
    let trust = TrustStore { anchors: certificates, intermediates: vec![] };
    let evidence = Evidence { crls: material.crls(&case.crls), ..Evidence::default() };
    let options = Options { signature_only: case.noverify, ..Options::default() };
    let at = case.time.unwrap_or_default();
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let report = verifier.verify(&message, content.as_ref());
    if case.expected == "valid-cms-not-cades" && report.level != Some(Level::Cms) {
        return Err(format!("level {:?}", report.level));
    }
    if report.is_valid() { Ok(()) } else { Err(format!("{:?}", report.reason)) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    algorithm: String,
    test_groups: Vec<VectorGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VectorGroup {
    #[serde(rename = "type")]
    kind: String,
    public_key_der: String,
    sha: String,
    s_len: Option<usize>,
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    tc_id: u32,
    msg: String,
    sig: String,
    result: String,
}

/// Every vector as stated; «acceptable» ones may go either way and are refused here.
fn wycheproof(material: &Material, case: &Case) -> Result<(), String> {
    let vectors: Vectors = serde_json::from_slice(&material.bytes(&case.files[0])).unwrap();
    let mut wrong = Vec::new();
    for group in &vectors.test_groups {
        let spki = hex::decode(&group.public_key_der).unwrap();
        let info = PublicKeyInfo::read(Tlv::single(&spki).unwrap()).unwrap();
        let key = PublicKey::read(&info).unwrap();
        let digest = DigestAlgorithm::from_name(&group.sha.to_lowercase()).unwrap();
        let scheme = match (vectors.algorithm.as_str(), group.s_len) {
            ("RSASSA-PSS", Some(salt)) => SignatureScheme::RsaPss { digest, salt },
            ("ECDSA", _) => SignatureScheme::Ecdsa(digest),
            _ => SignatureScheme::RsaPkcs1(digest),
        };
        for vector in &group.tests {
            let message = digest.digest(&hex::decode(&vector.msg).unwrap());
            let signature = hex::decode(&vector.sig).unwrap();
            let verified = if group.kind == "EcdsaP1363Verify" {
                key.verify_fixed(&message, &signature)
            } else {
                key.verify(scheme, &message, &signature)
            };
            if verified.is_ok() != (vector.result == "valid") {
                wrong.push(vector.tc_id);
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("vectors {wrong:?}")) }
}

#[test]
fn cases_are_judged_as_their_authors_expect() {
    let Some(root) = crate::shared::signatures() else { return };
    let list = std::fs::read(root.join("cases.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&list).unwrap();
    let mut material = Material { root, certificates: BTreeMap::new(), crls: BTreeMap::new() };
    let mut wrong = Vec::new();
    for case in &cases {
        let judged = judge(&mut material, case);
        let right = match case.expected.as_str() {
            "invalid" => judged.is_err(),
            _ => judged.is_ok(),
        };
        if let Some((_, why)) = OUT_OF_SCOPE.iter().find(|(id, _)| *id == case.id) {
            eprintln!("out of scope: {}: {why}", case.id);
            assert!(!right, "{} is judged right: take it off the list", case.id);
        } else if !right {
            wrong.push(format!("{} expected {}: {judged:?}", case.id, case.expected));
        }
    }
    eprintln!("{} cases, {} out of scope", cases.len(), OUT_OF_SCOPE.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(OUT_OF_SCOPE.iter().all(|(id, _)| cases.iter().any(|case| case.id == *id)));
}
