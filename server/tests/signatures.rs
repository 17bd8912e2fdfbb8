//! Electronic signatures from end to end: test signatures of the sandbox's authority, «Проверить
//! ЭП», sign-in, filing, and what is given out to others.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use std::{path::Path, process::Command};

use domain::{
    state::DocumentState,
    view::signature::{Challenge, Checked, LineOutcome, SignatureStamp, SignedIn},
};
use rand::{SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use sandbox::ClientKey;
use serde_json::{Value, json};
use server::config::Config;
use signature::{container::KeyContainer, digest::ContentDigests, sign::Signer};
use support::{Browser, CHIEF, Cabinet, EMPLOYEE, filing::Filer};

const INN: &str = "7799100017";

/// A test signature of somebody of the sandbox.
struct TestSignature {
    container: KeyContainer,
    serial: String,
}

impl TestSignature {
    async fn get(cabinet: &Cabinet, ask: &Value) -> Self {
        let made = control(cabinet, "ca/signature", ask).await;
        let pfx = app::signing::base64::decode(made["pfx"].as_str().unwrap()).unwrap();
        let container = KeyContainer::from_pfx(&pfx, made["password"].as_str().unwrap()).unwrap();
        Self { container, serial: made["serial"].as_str().unwrap().to_owned() }
    }

    /// Detached CAdES-BES over the bytes, Base64.
    fn sign(&self, content: &[u8]) -> String {
        let (key, own, chain) = self.container.identity().unwrap();
        let mut signer = Signer::new(key, own).unwrap();
        signer.chain = &chain;
        let digests = ContentDigests::of(&[signer.digest()], content);
        let signed = signer.sign_detached(&digests, &mut StdRng::seed_from_u64(1)).unwrap();
        app::signing::base64::encode(&signed)
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Asks the sandbox's control; an empty answer is null.
async fn control(cabinet: &Cabinet, path: &str, body: &Value) -> Value {
    let url = format!("{}/sandbox/{path}", cabinet.running().sandbox_url().unwrap());
    let response = http().post(url).json(body).send().await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.status());
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
}

async fn answer(browser: &Browser, signature: &TestSignature) -> Value {
    let challenge = browser.call("/api/signature/challenge", &json!({})).await;
    let challenge: Challenge = serde_json::from_str(&challenge.body).unwrap();
    let content = app::signing::base64::decode(&challenge.content).unwrap();
    assert!(String::from_utf8(content.clone()).unwrap().contains("http://127.0.0.1"));
    json!({ "token": challenge.token, "signature": signature.sign(&content) })
}

async fn check(browser: &Browser, signature: &TestSignature) -> Checked {
    let body = answer(browser, signature).await;
    let checked = browser.call("/api/signature/check", &body).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.body);
    serde_json::from_str(&checked.body).unwrap()
}

/// Revocation must be known, as outside of development.
fn strict(config: &mut Config) {
    config.signature.revocation = Some(backend::signature::RevocationPolicy::Require);
}

#[tokio::test]
async fn every_kind_of_test_signature_is_fit_until_it_is_revoked() {
    let cabinet = Cabinet::start_with(strict).await;
    let browser = cabinet.browser();
    control(&cabinet, "ca/mode", &json!({ "down": true })).await;
    let ask = json!({ "person": CHIEF });
    let checked = check(&browser, &TestSignature::get(&cabinet, &ask).await).await;
    let line = checked.lines.iter().find(|line| line.code == "revocation").unwrap();
    assert_eq!(line.outcome, LineOutcome::Failed, "nobody says that it is not revoked");
    control(&cabinet, "ca/mode", &json!({ "down": false })).await;
    for key in ["gost256", "gost512", "ecdsa"] {
        let ask = json!({ "person": CHIEF, "organisation_inn": INN, "key": key });
        let signature = TestSignature::get(&cabinet, &ask).await;
        let checked = check(&browser, &signature).await;
        assert!(checked.valid && checked.fit, "{key}: {:?}", checked.lines);
        assert_eq!(checked.owner.inn_le.as_deref(), Some(INN));
        let line = checked.lines.iter().find(|line| line.code == "revocation").unwrap();
        assert_eq!(line.outcome, LineOutcome::Ok, "{key}: {line:?}");
    }
    let ask = json!({ "person": CHIEF });
    let signature = TestSignature::get(&cabinet, &ask).await;
    assert!(check(&browser, &signature).await.fit);
    control(&cabinet, "ca/revoke", &json!({ "serial": signature.serial })).await;
    // An answer of the authority is good for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let checked = check(&browser, &signature).await;
    assert!(!checked.valid && !checked.fit, "{:?}", checked.lines);

    let ask = json!({ "person": CHIEF, "expired": true });
    let checked = check(&browser, &TestSignature::get(&cabinet, &ask).await).await;
    let failed = checked.lines.iter().find(|line| line.outcome == LineOutcome::Failed).unwrap();
    assert_eq!(failed.code, "dates");
    cabinet.stop().await;
}

#[tokio::test]
async fn the_head_signs_in_as_a_person_and_then_for_the_company() {
    let cabinet = Cabinet::start_with(strict).await;
    let sign_in = async |browser: &Browser, signature: &TestSignature| {
        let body = answer(browser, signature).await;
        browser.call("/api/session/sign_in_by_signature", &body).await
    };
    let message = |body: &str| {
        let error: Value = serde_json::from_str(body).unwrap();
        error["message"].as_str().unwrap_or_default().to_owned()
    };
    let company = json!({ "person": CHIEF, "organisation_inn": INN });
    let company = TestSignature::get(&cabinet, &company).await;
    let browser = cabinet.browser();
    let early = sign_in(&browser, &company).await;
    assert_eq!(early.status, StatusCode::FORBIDDEN);
    assert_eq!(message(&early.body), "session.signature_person_first");

    let person = TestSignature::get(&cabinet, &json!({ "person": CHIEF })).await;
    let entered = sign_in(&browser, &person).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    let next: SignedIn = serde_json::from_str(&entered.body).unwrap();
    assert_eq!(next.return_to, "/");
    assert!(browser.cookie("session").is_some(), "the cookie came with the answer");
    assert!(!entered.body.contains(&browser.cookie("session").unwrap()));

    let entered = sign_in(&browser, &company).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    let who = browser.call("/api/session/who", &json!({})).await;
    let who: Value = serde_json::from_str(&who.body).unwrap();
    assert!(who["role"]["name"].as_str().unwrap().contains("РОМАШКА"), "{who}");
    assert_eq!(who["role"]["rights"]["chief"], true);
    assert_eq!(who["signature"], true, "the certificate is attached at once");

    // ESIA finds the same person and the same company.
    let other = cabinet.signed_in(CHIEF).await;
    let roles = other.call("/api/session/roles", &json!({})).await;
    let roles: Vec<Value> = serde_json::from_str(&roles.body).unwrap();
    let named = |part: &str| {
        let name = |role: &&Value| role["name"].as_str().unwrap().contains(part);
        roles.iter().filter(name).count()
    };
    assert_eq!(named("РОМАШКА"), 1, "{roles:?}");
    let again = other.call("/api/session/who", &json!({})).await;
    let again: Value = serde_json::from_str(&again.body).unwrap();
    assert_eq!(again["person"], who["person"]);

    // An employee's signature for the company opens what ESIA gave him, and no more.
    let employee = json!({ "person": EMPLOYEE, "organisation_inn": INN });
    let employee = TestSignature::get(&cabinet, &employee).await;
    let stranger = sign_in(&browser, &employee).await;
    assert_eq!(message(&stranger.body), "session.signature_other_person");
    let own = json!({ "person": EMPLOYEE });
    let own = TestSignature::get(&cabinet, &own).await;
    let browser = cabinet.browser();
    assert_eq!(sign_in(&browser, &own).await.status, StatusCode::OK);
    let refused = sign_in(&browser, &employee).await;
    assert_eq!(message(&refused.body), "session.signature_not_head", "{}", refused.body);
    cabinet.stop().await;
}

#[tokio::test]
async fn a_form_signed_with_gost_is_registered_and_given_out() {
    let cabinet = Cabinet::start_with(strict).await;
    let filer = Filer::new(cabinet.browser(), CHIEF, "РОМАШКА").await;
    let ask = json!({ "person": CHIEF, "organisation_inn": INN });
    let signature = TestSignature::get(&cabinet, &ask).await;
    let document = filer.upload().await;
    let frozen = filer.freeze(document).await;
    let content = app::signing::base64::decode(&frozen.content).unwrap();
    let mut signed = filer.sign(&frozen);
    signed.signature = signature.sign(&content);
    filer.submit(&signed).await;
    for _ in 0..600 {
        if filer.count(DocumentState::Registered).await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(filer.count(DocumentState::Registered).await, 1, "customs takes GOST");

    let stamp = filer.browser.call("/api/document/stamp", &json!({ "document": document })).await;
    let stamp: Option<SignatureStamp> = serde_json::from_str(&stamp.body).unwrap();
    let stamp = stamp.expect("a stamp");
    assert_eq!(stamp.certificate.unwrap().serial, signature.serial);
    let print = filer.browser.open(&format!("/statforms/{document}/print")).await;
    assert!(print.body.contains(&signature.serial), "the stamp is on the page");
    cabinet.stop().await;
}

/// The files of a ZIP by the ends of their names.
fn unzip(folder: &Path, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let path = folder.join("package.zip");
    std::fs::write(&path, bytes).unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A configuration of OpenSSL that loads the GOST engine; it is loaded by this alone.
fn gost_engine(folder: &Path) -> std::path::PathBuf {
    let named = std::env::var_os("CABINET_GOST_ENGINE").map(std::path::PathBuf::from);
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
    let files = folders.map(|folder| Path::new(folder).join("engines-3/gost.so"));
    let library = named
        .or_else(|| files.into_iter().find(|file| file.is_file()))
        .expect("OpenSSL's engine is needed: apt-get install libengine-gost-openssl");
    let path = folder.join("openssl.cnf");
    let text = format!(
        "openssl_conf = main\n[main]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
         engine_id = gost\ndynamic_path = {}\ndefault_algorithms = ALL\n",
        library.display()
    );
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn the_package_is_enough_for_openssl() {
    let cabinet = Cabinet::start().await;
    for key in ["ecdsa", "gost256", "gost512"] {
        let filer = Filer::new(cabinet.browser(), CHIEF, "РОМАШКА").await;
        let document = filer.upload().await;
        let address = format!("/files/statforms/{document}.zip");
        let early = filer.browser.open(&address).await.status;
        assert_eq!(early, StatusCode::NOT_FOUND, "not signed yet");
        let frozen = filer.freeze(document).await;
        let mut signed = filer.sign(&frozen);
        if key != "ecdsa" {
            let ask = json!({ "person": CHIEF, "organisation_inn": INN, "key": key });
            let signature = TestSignature::get(&cabinet, &ask).await;
            signed.signature =
                signature.sign(&app::signing::base64::decode(&frozen.content).unwrap());
        }
        filer.submit(&signed).await;

        let request = filer.browser.request(reqwest::Method::GET, &address);
        let package = request.send().await.unwrap();
        assert_eq!(package.headers()["content-type"], "application/zip");
        let folder = tempfile::tempdir().unwrap();
        let files = unzip(folder.path(), &package.bytes().await.unwrap());
        let find =
            |end: &str| files.iter().find(|(name, _)| name.ends_with(end)).unwrap().1.clone();
        let report: signature::report::Report =
            serde_json::from_slice(&find(".report.json")).unwrap();
        assert!(report.is_valid(), "{key}");
        let algorithm = report.signers[0].algorithm.clone().unwrap();
        assert_eq!(algorithm.starts_with("gost"), key != "ecdsa", "{algorithm}");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("document.xml"), find(".xml")).unwrap();
        std::fs::write(path("document.p7s"), find(".p7s")).unwrap();
        let url = format!("{}/ca/root.pem", cabinet.running().sandbox_url().unwrap());
        let roots = http().get(url).send().await.unwrap().bytes().await.unwrap();
        std::fs::write(path("roots.pem"), roots).unwrap();
        let engine = gost_engine(folder.path());
        let verify = |content: &str| {
            Command::new("openssl")
                .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"])
                .args(["-in", "document.p7s", "-CAfile", "roots.pem", "-out", "out"])
                .args(["-content", content])
                .env("OPENSSL_CONF", &engine)
                .current_dir(&folder)
                .output()
                .expect("openssl is needed: apt-get install openssl")
        };
        let verified = verify("document.xml");
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success(), "{key}: {said}");
        std::fs::write(path("other.xml"), [find(".xml"), b" ".to_vec()].concat()).unwrap();
        assert!(!verify("other.xml").status.success(), "{key}");
    }
    cabinet.stop().await;
}

#[tokio::test]
async fn esia_takes_requests_signed_with_gost() {
    let cabinet = Cabinet::start_with(|config| config.sandbox.esia_key = ClientKey::Gost).await;
    cabinet.signed_in(CHIEF).await;
    cabinet.stop().await;
}
