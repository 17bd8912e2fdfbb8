//! The engine as the page uses it: open, sign, hash, inspect; verified by the verifying half of the
//! crate `signature`.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
#![expect(clippy::disallowed_methods, reason = "keys of a test may be any")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use signature::cms::SignedMessage;
use signature::container::{KeyContainer, Protection};
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::issue::{Authority, CertificateTemplate, NameBuilder};
use signature::key::{KeyKind, PrivateKey};
use signature::oid;
use signature::path::TrustStore;
use signature::revocation::Evidence;
use signature::verify::{Options, Verifier};
use signer::engine::Engine;
use signer::protocol::{Answer, Code, HashName, Request};

const PASSWORD: &str = "пароль 1";
const CONTENT: &[u8] = "<StaticForm>Проверка</StaticForm>".as_bytes();

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

/// A container with a certificate that its own key signed.
fn container(kind: KeyKind, protection: Protection) -> Vec<u8> {
    let mut rng = rand::rng();
    let key = PrivateKey::generate(kind, &mut rng);
    let name = NameBuilder::new().with(oid::ID_AT_COMMON_NAME, "Иванова Анна").build().unwrap();
    let identifier = CertificateTemplate::key_identifier(&key.public_key());
    let template = CertificateTemplate {
        serial: vec![7],
        subject: name.clone(),
        not_before: now() - TimeDelta::days(1),
        not_after: now() + TimeDelta::days(1),
        public_key: key.public_key().to_spki_der(),
        extensions: Vec::new(),
    };
    let own = template.issue(&Authority::new(&key, name, identifier), &mut rng).unwrap();
    KeyContainer::new(key, vec![own]).to_pfx(PASSWORD, protection, &mut rng).unwrap()
}

fn ask(engine: &mut Engine, request: Request, bytes: &[u8]) -> (Answer, Option<Vec<u8>>) {
    let reply = engine.reply(request, bytes.to_vec(), &mut rand::rng());
    (reply.answer, reply.bytes)
}

fn open(engine: &mut Engine, pfx: &[u8], password: &str) -> Answer {
    ask(engine, Request::Open { password: password.to_owned() }, pfx).0
}

fn opened(engine: &mut Engine, pfx: &[u8]) -> String {
    match open(engine, pfx, PASSWORD) {
        Answer::Opened { certificates } => certificates[0].id.clone(),
        other => panic!("{other:?}"),
    }
}

fn sign(certificate: &str) -> Request {
    Request::Sign { certificate: certificate.to_owned(), time: now().timestamp() }
}

fn failed(code: Code) -> (Answer, Option<Vec<u8>>) {
    (Answer::Failed { code }, None)
}

/// Whether the mathematics of a signature is right, apart from trust in its certificate.
fn fits(cms: &[u8], content: &[u8]) -> bool {
    let message = SignedMessage::from_bytes(cms).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), content);
    let options = Options { signature_only: true, ..Options::default() };
    let (trust, evidence) = (TrustStore::default(), Evidence::default());
    let verifier = Verifier { trust: &trust, evidence: &evidence, at: now(), options: &options };
    verifier.verify(&message, Some(&content)).is_valid()
}

#[test]
fn keys_of_every_kind_sign_bytes() {
    for (kind, protection) in [
        (KeyKind::Gost256, Protection::Gost),
        (KeyKind::Gost512, Protection::Gost),
        (KeyKind::P256, Protection::Aes),
    ] {
        let mut engine = Engine::default();
        let id = opened(&mut engine, &container(kind, protection));
        let (answer, cms) = ask(&mut engine, sign(&id), CONTENT);
        assert_eq!(answer, Answer::Signed);
        let cms = cms.unwrap();
        assert!(fits(&cms, CONTENT));
        assert!(!fits(&cms, b"other"));
    }
}

#[test]
fn what_was_hashed_in_pieces_is_signed_without_its_bytes() {
    let mut engine = Engine::default();
    let id = opened(&mut engine, &container(KeyKind::Gost512, Protection::Gost));
    engine.hash_begin();
    CONTENT.chunks(5).for_each(|piece| engine.hash_update(piece));
    let Answer::Hashed(hashes) = engine.hash_end().unwrap().answer else { panic!() };
    assert_eq!(hashes.size, CONTENT.len() as u64);
    assert_eq!(hashes.gost, hex::encode(DigestAlgorithm::Streebog256.digest(CONTENT)));
    assert_eq!(hashes.sha256, hex::encode(DigestAlgorithm::Sha256.digest(CONTENT)));
    let (_, cms) = ask(&mut engine, sign(&id), &[]);
    assert!(fits(&cms.unwrap(), CONTENT));
}

/// The certificate of a key made elsewhere, signed by itself.
fn certificate(key: &PrivateKey) -> Vec<u8> {
    let name = NameBuilder::new().with(oid::ID_AT_COMMON_NAME, "Иванова Анна").build().unwrap();
    let template = CertificateTemplate {
        serial: vec![8],
        subject: name.clone(),
        not_before: now() - TimeDelta::days(1),
        not_after: now() + TimeDelta::days(1),
        public_key: key.public_key().to_spki_der(),
        extensions: Vec::new(),
    };
    let identifier = CertificateTemplate::key_identifier(&key.public_key());
    let authority = Authority::new(key, name, identifier);
    template.issue(&authority, &mut rand::rng()).unwrap().as_der().to_vec()
}

/// A certificate over an RSA key; OpenSSL made it.
const RSA: &str = include_str!("rsa.pem");

#[test]
fn a_content_is_hashed_as_the_key_of_a_certificate_wants() {
    let generated = |kind| certificate(&PrivateKey::generate(kind, &mut rand::rng()));
    let rsa = signature::pem::blocks(RSA.as_bytes()).unwrap().remove(0).der;
    for (certificate, name, algorithm) in [
        (generated(KeyKind::Gost256), HashName::Gost256, DigestAlgorithm::Streebog256),
        (generated(KeyKind::Gost512), HashName::Gost512, DigestAlgorithm::Streebog512),
        (generated(KeyKind::P256), HashName::Sha256, DigestAlgorithm::Sha256),
        (rsa, HashName::Sha256, DigestAlgorithm::Sha256),
    ] {
        let request = Request::Digest { certificate: STANDARD.encode(certificate) };
        let hash = hex::encode(algorithm.digest(CONTENT));
        let expected = Answer::Digested { algorithm: name, hash };
        assert_eq!(ask(&mut Engine::default(), request, CONTENT), (expected, None));
    }
    let rubbish = Request::Digest { certificate: "AAAA".to_owned() };
    assert_eq!(ask(&mut Engine::default(), rubbish, CONTENT), failed(Code::Unsupported));
}

#[test]
fn a_wrong_password_leaves_the_open_container_open() {
    let mut engine = Engine::default();
    let pfx = container(KeyKind::P256, Protection::Aes);
    let id = opened(&mut engine, &pfx);
    assert_eq!(open(&mut engine, &pfx, "1"), Answer::Failed { code: Code::WrongPassword });
    assert_eq!(ask(&mut engine, sign(&id), CONTENT).0, Answer::Signed);
}

#[test]
fn nothing_is_signed_after_closing_or_by_an_unknown_certificate() {
    let mut engine = Engine::default();
    let id = opened(&mut engine, &container(KeyKind::P256, Protection::Aes));
    assert_eq!(ask(&mut engine, sign("00"), CONTENT), failed(Code::NothingToDo));
    assert_eq!(ask(&mut engine, sign(&id), &[]), failed(Code::NothingToDo));
    assert_eq!(ask(&mut engine, Request::Close, &[]), (Answer::Closed, None));
    assert_eq!(ask(&mut engine, sign(&id), CONTENT), failed(Code::NothingToDo));
}

#[test]
fn other_files_are_told_apart() {
    let mut engine = Engine::default();
    assert_eq!(open(&mut engine, b"rubbish", ""), Answer::Failed { code: Code::NotAContainer });
    let inspected = ask(&mut engine, Request::Inspect, b"rubbish");
    assert_eq!(inspected, failed(Code::NotASignature));
}

#[test]
fn a_signature_is_read_in_der_and_base64_and_names_its_signer() {
    let mut engine = Engine::default();
    let id = opened(&mut engine, &container(KeyKind::Gost256, Protection::Gost));
    let der = ask(&mut engine, sign(&id), CONTENT).1.unwrap();
    for form in [der.clone(), STANDARD.encode(&der).into_bytes()] {
        let (answer, normal) = ask(&mut engine, Request::Inspect, &form);
        let Answer::Inspected { signers } = answer else { panic!("{answer:?}") };
        assert_eq!(signers.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
        assert_eq!(normal.as_deref(), Some(der.as_slice()));
    }
}
