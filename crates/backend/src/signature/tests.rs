//! Verifying, «Проверить ЭП» and sign-in by signature, with certificates made for the test.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    lang::Lang,
    state::DocumentState,
    view::{
        document::{Frozen, Signed},
        session::Rights,
        signature::{CertificateState, Challenge, Checked, LineOutcome},
    },
};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter,
};
use signature::{
    cms::SignedMessage,
    key::KeyKind,
    oid,
    report::{Level, Reason, Report},
    verify::Options,
};
use uuid::Uuid;

use super::{
    fixture::{HEAD, Identity, PERSON, Pki, Services},
    *,
};
use crate::{
    ctx::{Actor, Backend, Client, Operator},
    document::{self, entity::submission},
    error::Refusal,
    gateway::timestamp::TimestampService,
    job::Worker,
    session::{self, SessionError},
    storage::testing::{TestClock, TestDb, backend, databases, somebody},
};

const KINDS: [KeyKind; 3] = [KeyKind::Gost256, KeyKind::Gost512, KeyKind::P256];
const CHIEF: Rights = Rights { chief: true, admin: true, edit: true, sign: true };

fn noon() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn policy(pki: &Pki, revocation: RevocationPolicy) -> Policy {
    Policy { trust: pki.trust(), revocation, ..Policy::default() }
}

/// A backend with a policy.
fn with(db: DatabaseConnection, policy: Policy, clock: Arc<TestClock>) -> Arc<Backend> {
    let mut own = Arc::into_inner(backend(db, clock)).unwrap();
    own.settings.signature = policy;
    Arc::new(own)
}

fn anonymous(backend: &Arc<Backend>) -> Ctx {
    Ctx {
        backend: backend.clone(),
        actor: Actor::Anonymous,
        request_id: "test".to_owned(),
        client: Client::default(),
    }
}

async fn answer(ctx: &Ctx, pki: &Pki, who: &Identity) -> (Challenge, String) {
    let challenge = signature_challenge(ctx).await.unwrap();
    let content = STANDARD.decode(&challenge.content).unwrap();
    let signature = STANDARD.encode(pki.sign(who, &content));
    (challenge, signature)
}

async fn check(ctx: &Ctx, pki: &Pki, who: &Identity) -> Checked {
    let (challenge, signature) = answer(ctx, pki, who).await;
    signature_check(ctx, &challenge.token, &signature).await.unwrap()
}

fn outcome(checked: &Checked, code: &str) -> Option<LineOutcome> {
    checked.lines.iter().find(|line| line.code == code).map(|line| line.outcome)
}

#[tokio::test]
async fn every_kind_of_key_is_checked_and_nothing_is_kept() {
    for test in databases().await {
        for kind in KINDS {
            let pki = Pki::new(kind, noon(), None);
            let backend =
                with(test.db.clone(), policy(&pki, RevocationPolicy::Try), TestClock::at(noon()));
            let checked = check(&anonymous(&backend), &pki, &pki.issue(kind, &HEAD)).await;
            assert!(checked.valid && checked.fit, "{}: {:?}", test.name, checked.lines);
            assert_eq!(checked.owner.inn_le.as_deref(), Some("7707083893"));
            assert_eq!(checked.owner.snils.as_deref(), Some("112-233-445 95"));
            assert_eq!(checked.certificates.len(), 3);
            assert_eq!(outcome(&checked, "revocation"), Some(LineOutcome::Warning));
            assert!(checked.report.contains("УЦ Пример"), "{}", checked.report);
            assert!(!checked.report.contains("112-233"), "support needs no СНИЛС");
        }
    }
}

#[tokio::test]
async fn each_cause_is_told_apart() {
    let test = databases().await.remove(0);
    let pki = Pki::new(KeyKind::Gost256, noon(), None);
    let stranger = Pki::new(KeyKind::P256, noon(), None);
    let backend = with(test.db, policy(&pki, RevocationPolicy::Off), TestClock::at(noon()));
    let ctx = anonymous(&backend);
    let years = TimeDelta::days(400);
    let expired =
        pki.issue_for(KeyKind::Gost256, &HEAD, noon() - years, noon() - TimeDelta::days(1));
    let early = pki.issue_for(KeyKind::Gost256, &HEAD, noon() + TimeDelta::days(1), noon() + years);
    let nameless = pki.issue(KeyKind::Gost256, &HEAD[..2]);
    for (who, by, code) in [
        (&expired, &pki, "dates"),
        (&early, &pki, "dates"),
        (&stranger.issue(KeyKind::P256, &HEAD), &stranger, "chain"),
        (&nameless, &pki, "owner"),
    ] {
        let checked = check(&ctx, by, who).await;
        assert!(!checked.fit, "{code}");
        let failed = checked.lines.iter().find(|line| line.outcome == LineOutcome::Failed).unwrap();
        assert_eq!(failed.code, code, "{:?}", checked.lines);
        assert!(failed.remedy.is_some());
    }

    let challenge = signature_challenge(&ctx).await.unwrap();
    for garbage in ["", "!", "AAAA", &"A".repeat(10_000)] {
        let checked = signature_check(&ctx, &challenge.token, garbage).await.unwrap();
        assert!(!checked.valid && !checked.fit);
        assert_eq!(outcome(&checked, "signature"), Some(LineOutcome::Failed));
    }
}

#[tokio::test]
async fn the_operators_policy_is_kept() {
    let test = databases().await.remove(0);
    let pki = Pki::new(KeyKind::P256, noon(), None);
    let who = pki.issue(KeyKind::P256, &HEAD);
    let off = || policy(&pki, RevocationPolicy::Off);
    let gost = Policy { algorithms: vec!["gost-r-34.10-2012 streebog-256".to_owned()], ..off() };
    let other = Policy { qualified_issuers: vec!["УЦ Другой".to_owned()], ..off() };
    let named = Policy { qualified_issuers: vec!["УЦ Пример".to_owned()], ..off() };
    let unknown = policy(&pki, RevocationPolicy::Require);
    for (policy, refused) in [
        (gost, Some(SignatureError::Reason(Reason::AlgorithmNotAllowed))),
        (other, Some(SignatureError::NotQualified)),
        (named, None),
        (unknown, Some(SignatureError::Reason(Reason::RevocationUnknown))),
    ] {
        let backend = with(test.db.clone(), policy, TestClock::at(noon()));
        let ctx = anonymous(&backend);
        let signature = pki.sign(&who, b"text");
        let verified = verify(&ctx, b"text", &signature, &Expected::default()).await;
        assert_eq!(verified.err(), refused);
    }
    let misspelt = Policy { algorithms: vec!["gost".to_owned()], ..off() };
    assert_eq!(misspelt.unknown_algorithms(), ["gost"]);
}

#[tokio::test]
async fn authorities_are_asked_once_and_believed() {
    let test = databases().await.remove(0);
    let services = Services::start().await;
    let pki = Arc::new(Pki::new(KeyKind::Gost256, noon(), Some(services.url.clone())));
    *services.pki.lock().unwrap() = Some(pki.clone());
    let clock = TestClock::at(noon());
    let policy = policy(&pki, RevocationPolicy::Require);
    let backend = with(test.db, policy, clock.clone());
    let ctx = anonymous(&backend);
    let who = pki.issue(KeyKind::Gost256, &HEAD);
    let checked = check(&ctx, &pki, &who).await;
    assert!(checked.fit, "{:?}", checked.lines);
    assert_eq!(outcome(&checked, "revocation"), Some(LineOutcome::Ok));
    assert!(checked.certificates.iter().all(|one| one.state == CertificateState::Valid));
    let asked = services.requests.load(Ordering::Relaxed);
    assert_eq!(asked, 3, "two lists and a response");
    check(&ctx, &pki, &who).await;
    assert_eq!(services.requests.load(Ordering::Relaxed), asked, "kept until renewed");

    services.revoked.lock().unwrap().push(who.certificate.serial().to_vec());
    clock.advance(TimeDelta::hours(2));
    let checked = check(&ctx, &pki, &who).await;
    assert_eq!(outcome(&checked, "revocation"), Some(LineOutcome::Failed), "{:?}", checked.lines);
    assert_eq!(checked.certificates[0].state, CertificateState::Revoked);
    let signature = pki.sign(&who, b"text");
    let refused = verify(&ctx, b"text", &signature, &Expected::default()).await.unwrap_err();
    assert_eq!(refused.key(), "signature.revoked");
    let issuers = [pki.issuing.certificate.clone()];
    let attached = certificate(&ctx, &who.certificate, &issuers, &Expected::default()).await;
    assert_eq!(attached.unwrap_err().key(), "signature.revoked");
}

#[tokio::test]
async fn nobody_is_asked_about_certificates_of_strangers() {
    let test = databases().await.remove(0);
    let services = Services::start().await;
    let stranger = Pki::new(KeyKind::P256, noon(), Some(services.url.clone()));
    let pki = Pki::new(KeyKind::P256, noon(), None);
    let policy = policy(&pki, RevocationPolicy::Require);
    let backend = with(test.db, policy, TestClock::at(noon()));
    let checked =
        check(&anonymous(&backend), &stranger, &stranger.issue(KeyKind::P256, &HEAD)).await;
    assert!(!checked.valid);
    assert_eq!(services.requests.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_report_is_enough_to_check_again() {
    let test = databases().await.remove(0);
    let services = Services::start().await;
    let pki = Arc::new(Pki::new(KeyKind::Gost256, noon(), Some(services.url.clone())));
    *services.pki.lock().unwrap() = Some(pki.clone());
    let policy = policy(&pki, RevocationPolicy::Require);
    let backend = with(test.db, policy, TestClock::at(noon()));
    let ctx = anonymous(&backend);
    let who = pki.issue(KeyKind::Gost256, &HEAD);
    let signature = pki.sign(&who, b"text");
    let examined = verify(&ctx, b"text", &signature, &Expected::default()).await.unwrap();
    let kept = serde_json::to_string(&examined.report).unwrap();
    let read: Report = serde_json::from_str(&kept).unwrap();
    let (_, evidence) = read.evidence();
    let message = SignedMessage::from_bytes(&signature).unwrap();
    let digests = signature::digest::ContentDigests::of(&message.needed_digests(), b"text");
    let options = Options {
        revocation: Some(signature::revocation::RevocationMode::Chain),
        ..Options::default()
    };
    let trust = pki.trust();
    let verifier = signature::verify::Verifier {
        trust: &trust,
        evidence: &evidence,
        at: noon(),
        options: &options,
    };
    assert!(verifier.verify(&message, Some(&digests)).is_valid());
}

#[tokio::test]
async fn a_challenge_is_of_this_cabinet_and_for_five_minutes() {
    for test in databases().await {
        let pki = Pki::new(KeyKind::P256, noon(), None);
        let clock = TestClock::at(noon());
        let off = || policy(&pki, RevocationPolicy::Off);
        let backend = with(test.db.clone(), off(), clock.clone());
        let ctx = anonymous(&backend);
        let who = pki.issue(KeyKind::P256, &HEAD);
        let (challenge, signature) = answer(&ctx, &pki, &who).await;
        let key = |result: Result<Checked, SignatureRefusal>| match result {
            Err(SignatureRefusal::Signature(error)) => error.key(),
            other => panic!("{}: {other:?}", test.name),
        };

        // Another process of the same cabinet takes it; what was changed, nobody.
        let other = with(test.db.clone(), off(), clock.clone());
        assert!(signature_check(&anonymous(&other), &challenge.token, &signature).await.is_ok());
        for forged in ["", "x", &challenge.token[1..], &format!("A{}", &challenge.token[1..])] {
            if forged != challenge.token {
                let refused = signature_check(&ctx, forged, &signature).await;
                assert_eq!(key(refused), "signature.challenge_unknown");
            }
        }
        let another = signature_challenge(&ctx).await.unwrap();
        let checked = signature_check(&ctx, &another.token, &signature).await.unwrap();
        assert!(!checked.valid, "signed was another text");

        clock.advance(TimeDelta::minutes(5));
        let late = signature_check(&ctx, &challenge.token, &signature).await;
        assert_eq!(key(late), "signature.challenge_expired");
    }
}

#[tokio::test]
async fn a_person_signs_in_once_with_a_challenge() {
    for test in databases().await {
        let pki = Pki::new(KeyKind::Gost256, noon(), None);
        let backend =
            with(test.db.clone(), policy(&pki, RevocationPolicy::Off), TestClock::at(noon()));
        let ctx = anonymous(&backend);
        let who = pki.issue(KeyKind::Gost256, &PERSON);
        let (challenge, signature) = answer(&ctx, &pki, &who).await;
        let sign_in = || session::sign_in_by_signature(&ctx, &challenge.token, &signature);
        let signed = sign_in().await.unwrap();
        let session = session::resolve(&backend, &signed.token, session::Activity::Reader)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(session.name.full(), "Тестова Анна Петровна", "{}", test.name);
        assert_eq!(session.snils.as_deref(), Some("112-233-445 95"));
        let reader = Ctx { actor: Actor::Person(Arc::new(session)), ..ctx.clone() };
        let attached = crate::profile::certificate_list(&reader).await.unwrap();
        assert_eq!(attached.len(), 1, "the certificate is attached at once");
        assert!(matches!(
            sign_in().await,
            Err(SessionError::Signature(SignatureError::ChallengeUsed))
        ));

        // The same person again: no second account.
        let (challenge, signature) = answer(&ctx, &pki, &who).await;
        let again =
            session::sign_in_by_signature(&ctx, &challenge.token, &signature).await.unwrap();
        let again = session::resolve(&backend, &again.token, session::Activity::Reader)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(again.person, reader.person().unwrap().person);
    }
}

#[tokio::test]
async fn an_organisation_is_entered_by_who_works_there() {
    for test in databases().await {
        let pki = Pki::new(KeyKind::Gost256, noon(), None);
        let backend =
            with(test.db.clone(), policy(&pki, RevocationPolicy::Off), TestClock::at(noon()));
        let ctx = anonymous(&backend);
        let head = pki.issue(KeyKind::Gost256, &HEAD);
        let (challenge, signature) = answer(&ctx, &pki, &head).await;
        let stranger = session::sign_in_by_signature(&ctx, &challenge.token, &signature).await;
        assert!(matches!(stranger, Err(SessionError::SignaturePersonFirst)), "{}", test.name);

        let known = somebody(&backend, 7, CHIEF).await;
        let (challenge, signature) = answer(&ctx, &pki, &head).await;
        let signed =
            session::sign_in_by_signature(&ctx, &challenge.token, &signature).await.unwrap();
        let session = session::resolve(&backend, &signed.token, session::Activity::Reader)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(session.person, known.person().unwrap().person);
        let role = session.role.clone().unwrap();
        assert_eq!(role.participant, known.role().unwrap().participant);

        // Somebody else's session does not take it.
        let mut other = (**known.person().unwrap()).clone();
        other.snils = Some("112-233-446 96".to_owned());
        let other = Ctx { actor: Actor::Person(Arc::new(other)), ..ctx.clone() };
        let (challenge, signature) = answer(&ctx, &pki, &head).await;
        let refused = session::sign_in_by_signature(&other, &challenge.token, &signature).await;
        assert!(matches!(refused, Err(SessionError::SignatureOtherPerson)));
    }
}

#[tokio::test]
async fn the_register_decides_who_heads_a_new_organisation() {
    let test = databases().await.remove(0);
    let pki = Pki::new(KeyKind::Gost256, noon(), None);
    let backend = with(test.db, policy(&pki, RevocationPolicy::Off), TestClock::at(noon()));
    let known = somebody(&backend, 7, CHIEF).await;
    let subject: Vec<_> = HEAD
        .iter()
        .map(|(oid, text)| (*oid, if *text == "7707083893" { "7702070139" } else { *text }))
        .collect();
    let elsewhere = pki.issue(KeyKind::Gost256, &subject);
    let (challenge, signature) = answer(&known, &pki, &elsewhere).await;
    let refused = session::sign_in_by_signature(&known, &challenge.token, &signature).await;
    assert!(matches!(refused, Err(SessionError::SignatureRegisterDown)), "{refused:?}");
}

const FORM: &str = include_str!("../../../edoc/tests/edoc/fixtures/statform.xml");

#[tokio::test]
async fn a_form_is_filed_with_the_report_beside_its_signature() {
    for test in databases().await {
        let services = Services::start().await;
        let pki = Arc::new(Pki::new(KeyKind::Gost256, noon(), Some(services.url.clone())));
        *services.pki.lock().unwrap() = Some(pki.clone());
        let policy = policy(&pki, RevocationPolicy::Require);
        let backend = with(test.db.clone(), policy, TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        crate::tariff::install_builtin(&test.db).await.unwrap();
        let frozen = frozen(&ctx).await;
        let id = frozen.document;
        let signed = |who: &Identity| signed(&pki, who, &frozen);

        let stranger =
            HEAD.map(|(oid, text)| (oid, if text == "7707083893" { "7702070139" } else { text }));
        let refused = document::submit(&ctx, signed(&pki.issue(KeyKind::Gost256, &stranger))).await;
        let refused = refused.unwrap_err().wire(Lang::Ru).unwrap();
        assert_eq!(refused.message, "signature.other_organisation", "{}", test.name);
        let revoked = pki.issue(KeyKind::Gost256, &HEAD);
        services.revoked.lock().unwrap().push(revoked.certificate.serial().to_vec());
        let refused = document::submit(&ctx, signed(&revoked)).await.unwrap_err();
        let refused = refused.wire(Lang::Ru).unwrap();
        assert_eq!(refused.message, "signature.revoked");
        assert_eq!(refused.args["reason"], "certificate-revoked");
        assert_eq!(document::stamp(&ctx, id).await.unwrap(), None);

        let who = pki.issue(KeyKind::Gost256, &HEAD);
        let signed = signed(&who);
        document::submit(&ctx, signed.clone()).await.unwrap();
        document::submit(&ctx, signed).await.unwrap();
        let stamp = document::stamp(&ctx, id).await.unwrap().unwrap();
        assert_eq!(stamp.owner, "Тестова Анна Петровна, ООО «Пример»");
        assert_eq!(stamp.certificate.as_ref().unwrap().serial, who.certificate.serial_hex());
        let lines = stamp_lines(&stamp, Lang::Ru).join("\n");
        assert!(lines.contains("Действителен: с 21.10.2026 по 21.10.2027"), "{lines}");

        let kept = submission::Entity::find()
            .filter(submission::Column::DocumentId.eq(id))
            .one(&test.db)
            .await
            .unwrap()
            .unwrap();
        let report: Report = serde_json::from_str(&kept.report.unwrap()).unwrap();
        assert!(report.is_valid());
        assert!(!report.evidence().1.is_empty(), "evidence to check again with");
        kept_verdicts_are_judged_again(&test.db, &ctx).await;
        let (name, package) = document::package(&ctx, id).await.unwrap();
        assert!(name.ends_with(".zip"));
        let archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
        let names: Vec<_> = archive.file_names().collect();
        assert_eq!(names.len(), 3, "{names:?}");
    }
}

/// A form that was uploaded and frozen.
async fn frozen(ctx: &Ctx) -> Frozen {
    let form: String = FORM
        .lines()
        .filter(|line| !["INNSign", "MCD_ID"].iter().any(|element| line.contains(element)))
        .collect();
    let uploaded = crate::statform::upload(ctx, "form.xml", form.as_bytes()).await.unwrap();
    document::freeze(ctx, uploaded.head.id).await.unwrap()
}

fn signed(pki: &Pki, who: &Identity, frozen: &Frozen) -> Signed {
    let content = STANDARD.decode(&frozen.content).unwrap();
    Signed {
        document: frozen.document,
        version: frozen.version,
        sha256: frozen.sha256.clone(),
        signature: STANDARD.encode(pki.sign(who, &content)),
    }
}

/// A cabinet that asks a time-stamp service, and whether it must have its stamps.
fn stamping(test: &TestDb, pki: &Pki, url: &str, required: bool) -> (Arc<TestClock>, Arc<Backend>) {
    let clock = TestClock::at(noon());
    let mut own = Arc::into_inner(backend(test.db.clone(), clock.clone())).unwrap();
    own.settings.signature =
        Policy { timestamp_required: required, ..policy(pki, RevocationPolicy::Off) };
    own.gateways.timestamp = Some(TimestampService::new(format!("{url}/tsp")).unwrap());
    (clock, Arc::new(own))
}

async fn level(db: &DatabaseConnection, id: Uuid) -> Option<Level> {
    let kept = submission::Entity::find().filter(submission::Column::DocumentId.eq(id));
    let kept = kept.one(db).await.unwrap().unwrap();
    let report: Report = serde_json::from_str(&kept.report.unwrap()).unwrap();
    assert!(report.is_valid());
    // The report is about the signature beside it.
    let message = SignedMessage::from_bytes(&kept.signature.unwrap()).unwrap();
    let stamps = message.signers[0].unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP).count();
    assert_eq!(stamps == 1, report.level == Some(Level::CadesT));
    report.level
}

#[tokio::test]
async fn a_documents_signature_is_stamped_at_once_or_later() {
    for test in databases().await {
        let services = Services::start().await;
        let pki = Arc::new(Pki::new(KeyKind::Gost256, noon(), None));
        let stranger = Arc::new(Pki::new(KeyKind::Gost256, noon(), None));
        let (clock, backend) = stamping(&test, &pki, &services.url, false);
        let ctx = somebody(&backend, 1, CHIEF).await;
        crate::tariff::install_builtin(&test.db).await.unwrap();
        let who = pki.issue(KeyKind::Gost256, &HEAD);
        let send = async || {
            let frozen = frozen(&ctx).await;
            document::submit(&ctx, signed(&pki, &who, &frozen)).await.unwrap();
            frozen.document
        };

        *services.stamps.lock().unwrap() = Some(pki.clone());
        let id = send().await;
        assert_eq!(level(&test.db, id).await, Some(Level::CadesT), "{}", test.name);
        let stamp = document::stamp(&ctx, id).await.unwrap().unwrap();
        assert_eq!(stamp.timestamped_at, Some(noon()));
        let lines = stamp_lines(&stamp, Lang::Ru).join("\n");
        assert!(lines.contains("Штамп времени: 20.11.2026 12:00 МСК"), "{lines}");

        // Whoever is not trusted proves nothing, and hinders nobody; nor does silence.
        *services.stamps.lock().unwrap() = Some(stranger);
        let distrusted = send().await;
        *services.stamps.lock().unwrap() = None;
        let silent = send().await;
        for id in [distrusted, silent] {
            assert_eq!(level(&test.db, id).await, Some(Level::CadesBes), "{}", test.name);
            assert_eq!(document::stamp(&ctx, id).await.unwrap().unwrap().timestamped_at, None);
        }

        *services.stamps.lock().unwrap() = Some(pki.clone());
        let worker = Worker::start(backend.clone()).await.unwrap();
        clock.advance(TimeDelta::minutes(1));
        for id in [distrusted, silent] {
            // The limit only ends a test that would hang.
            for _ in 0..1200 {
                if level(&test.db, id).await == Some(Level::CadesT) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(level(&test.db, id).await, Some(Level::CadesT), "{}", test.name);
        }
        worker.stop().await;
    }
}

#[tokio::test]
async fn where_time_stamps_are_demanded_nothing_goes_without() {
    for test in databases().await {
        let services = Services::start().await;
        let pki = Arc::new(Pki::new(KeyKind::Gost256, noon(), None));
        let (_, backend) = stamping(&test, &pki, &services.url, true);
        let ctx = somebody(&backend, 1, CHIEF).await;
        crate::tariff::install_builtin(&test.db).await.unwrap();
        let who = pki.issue(KeyKind::Gost256, &HEAD);
        let frozen = frozen(&ctx).await;
        let refused = document::submit(&ctx, signed(&pki, &who, &frozen)).await.unwrap_err();
        let refused = refused.wire(Lang::Ru).unwrap();
        assert_eq!(refused.message, "signature.no_timestamp", "{}", test.name);
        let head = document::open(&ctx, frozen.document).await.unwrap().head;
        assert_eq!((head.state, head.version), (DocumentState::Draft, frozen.version));

        *services.stamps.lock().unwrap() = Some(pki.clone());
        document::submit(&ctx, signed(&pki, &who, &frozen)).await.unwrap();
        assert_eq!(level(&test.db, frozen.document).await, Some(Level::CadesT));
    }
}

/// One signed document lies in the database.
async fn kept_verdicts_are_judged_again(db: &DatabaseConnection, ctx: &Ctx) {
    let later = noon() + TimeDelta::days(500);
    let operator = Operator { clock: TestClock::at(later), ..Operator::new(db.clone()) };
    let recheck = async |policy: &Policy| {
        let mut found = Vec::new();
        let each = |rechecked: &document::Rechecked| found.push(rechecked.clone());
        document::signatures_recheck(&operator, policy, each).await.unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    };
    let own = &ctx.settings().signature;
    let confirmed = recheck(own).await;
    assert!(confirmed.is_confirmed(), "{:?}", confirmed.differences());
    assert_eq!(confirmed.reason_today(), Some(Reason::CertificateExpired));

    let strangers = Pki::new(KeyKind::Gost256, noon(), None);
    let distrusting = recheck(&policy(&strangers, RevocationPolicy::Require)).await;
    assert!(!distrusting.is_confirmed());
    let differences = distrusting.differences().join("; ");
    // Its root has the same name and another key.
    let expected = "kept valid, found certificate-signature-mismatch";
    assert!(differences.contains(expected), "{differences}");

    let row = submission::Entity::find().one(db).await.unwrap().unwrap();
    let change = async |change: submission::ActiveModel| {
        submission::Entity::update(change).exec(db).await.unwrap();
    };
    let id = Unchanged(row.id);
    let changed = [&row.content[..], b" "].concat();
    change(submission::ActiveModel { id: id.clone(), content: Set(changed), ..Default::default() })
        .await;
    let differences = recheck(own).await.differences().join("; ");
    assert!(differences.contains("found message-digest-mismatch"), "{differences}");
    let damaged = Some(vec![0]);
    let content = Set(row.content.clone());
    let spoil = submission::ActiveModel {
        id: id.clone(),
        content,
        signature: Set(damaged),
        ..Default::default()
    };
    change(spoil).await;
    assert_eq!(recheck(own).await.differences(), ["signature: not-signed-data"]);
    let restored =
        submission::ActiveModel { id, signature: Set(row.signature.clone()), ..Default::default() };
    change(restored).await;
    assert!(recheck(own).await.is_confirmed());
}
