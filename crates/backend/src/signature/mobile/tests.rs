//! Requests over real databases, with a telephone that does what the test says.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    error::ErrorCode,
    lang::Lang,
    state::DocumentState,
    view::{
        document::{Batch, Frozen, Signed},
        notice::NoticeKind,
        session::{Category, Rights},
        signature::{FrozenBytes, MobileRequest, MobileState},
    },
};
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
};
use sea_orm::{DatabaseConnection, EntityTrait, PaginatorTrait};
use signature::key::KeyKind;
use tokio::{io::AsyncWriteExt, net::TcpListener};
use uuid::Uuid;

use super::{
    super::{
        Policy, RevocationPolicy,
        fixture::{self, HEAD, PERSON, Pki},
    },
    step::{finish, keep_order, lease, pause},
    *,
};
use crate::{
    ctx::{Actor, Backend},
    document,
    error::Refusal,
    gateway::goskey::{Goskey, GoskeySettings},
    statform,
    storage::testing::{TestClock, TestDb, backend, client, databases, somebody},
};

const CHIEF: Rights = Rights { chief: true, admin: true, edit: true, sign: true };
const ASKED: i64 = 6;
const SIGNED: i64 = 3;
const DECLINED: i64 = 4;
const REJECTED: i64 = 5;
const EXPIRED: i64 = 15;

fn noon() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// What «Госуслуги» do, and what they were asked.
#[derive(Default)]
struct Desk {
    down: bool,
    status: i64,
    signature: Vec<u8>,
    /// The next answer to a request with a token says that it has run out.
    forget_token: bool,
    tokens: usize,
    orders: usize,
    /// Orders of the packages that came.
    pushed: Vec<String>,
    cancelled: Vec<String>,
    last: Vec<u8>,
}

/// «Госуслуги» on a port of their own until the test ends.
#[derive(Clone)]
struct Gosuslugi {
    url: String,
    desk: Arc<Mutex<Desk>>,
}

impl Gosuslugi {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Mutex::new(Desk { status: ASKED, ..Desk::default() }));
        let own = Self { url, desk };
        let answering = own.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (path, body) = fixture::read(&mut stream).await;
                let (status, answer) = answering.answer(&path, body);
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    answer.len()
                );
                let _ = stream.write_all(&[head.as_bytes(), &answer].concat()).await;
            }
        });
        own
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    fn answer(&self, path: &str, body: Vec<u8>) -> (&'static str, Vec<u8>) {
        const OK: &str = "200 OK";
        let desk = &mut *self.desk();
        if desk.down {
            return ("503 Service Unavailable", Vec::new());
        }
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if parts[0] == "esia-rs" {
            assert!(path.ends_with("/orgs/ext-app/key-1/tkn") && query.starts_with("signature="));
            desk.tokens += 1;
            return (OK, br#"{"accessTkn":"token"}"#.to_vec());
        }
        if std::mem::take(&mut desk.forget_token) {
            return ("401 Unauthorized", Vec::new());
        }
        match parts[..] {
            ["api", "gusmev", "order"] => {
                desk.orders += 1;
                (OK, format!(r#"{{"orderId":{}}}"#, desk.orders).into_bytes())
            }
            ["api", "gusmev", "push", "chunked"] => {
                let text = String::from_utf8_lossy(&body);
                let order = text.split("\r\n").nth(3).unwrap().to_owned();
                desk.pushed.push(order);
                desk.last = body;
                (OK, b"{}".to_vec())
            }
            ["api", "gusmev", "order", order, "cancel"] => {
                desk.cancelled.push(order.to_owned());
                (OK, Vec::new())
            }
            ["api", "gusmev", "order", _] => {
                let order = serde_json::json!({
                    "orderStatusId": desk.status, "currentStatusHistoryId": 7,
                    "orderResponseFiles": [{ "fileName": "a.sig", "link": "terrabyte://00/7/a.sig/2" }],
                });
                let answer = serde_json::json!({ "code": "OK", "order": order.to_string() });
                (OK, answer.to_string().into_bytes())
            }
            ["api", "gusmev", "files", "download", "7", "2"] => (OK, desk.signature.clone()),
            _ => ("404 Not Found", Vec::new()),
        }
    }
}

/// A cabinet beside a telephone, and an individual with a form about to be signed.
struct World {
    name: &'static str,
    gosuslugi: Gosuslugi,
    pki: Pki,
    clock: Arc<TestClock>,
    backend: Arc<Backend>,
    person: Ctx,
    document: Uuid,
}

const FORM: &str = include_str!("../../../../edoc/tests/edoc/fixtures/statform.xml");

fn goskey(url: &str) -> Goskey {
    let (key_pem, certificate_pem) = client();
    Goskey::new(GoskeySettings {
        esia_url: url.to_owned(),
        url: url.to_owned(),
        api_key: "key-1".to_owned(),
        key_pem,
        certificate_pem,
        region: "45000000000".to_owned(),
        service: "10000000374".to_owned(),
        target: "-10000000374".to_owned(),
        mnemonic: "CABINET".to_owned(),
    })
    .unwrap()
}

fn process(db: DatabaseConnection, clock: Arc<TestClock>, pki: &Pki, url: &str) -> Arc<Backend> {
    let mut own = Arc::into_inner(backend(db, clock)).unwrap();
    own.gateways.goskey = Some(goskey(url));
    own.settings.signature =
        Policy { trust: pki.trust(), revocation: RevocationPolicy::Off, ..Policy::default() };
    Arc::new(own)
}

/// The same actor in a cabinet of another category.
fn as_category(ctx: &Ctx, category: Category) -> Ctx {
    let mut session = (**ctx.person().unwrap()).clone();
    session.role.as_mut().unwrap().category = category;
    Ctx { actor: Actor::Person(Arc::new(session)), ..ctx.clone() }
}

impl World {
    async fn new(test: &TestDb) -> Self {
        let gosuslugi = Gosuslugi::start().await;
        let pki = Pki::new(KeyKind::Gost256, noon(), None);
        let clock = TestClock::at(noon());
        let backend = process(test.db.clone(), clock.clone(), &pki, &gosuslugi.url);
        let person = as_category(&somebody(&backend, 1, CHIEF).await, Category::SelfEmployed);
        crate::tariff::install_builtin(&test.db).await.unwrap();
        let form: String = FORM
            .lines()
            .filter(|line| !["INNSign", "MCD_ID"].iter().any(|element| line.contains(element)))
            .collect();
        let uploaded = statform::upload(&person, "form.xml", form.as_bytes()).await.unwrap();
        let document = uploaded.head.id;
        Self { name: test.name, gosuslugi, pki, clock, backend, person, document }
    }

    async fn freeze(&self) -> Frozen {
        document::freeze(&self.person, self.document).await.unwrap()
    }

    async fn begin(&self, frozen: &Frozen) -> MobileRequest {
        mobile_begin(&self.person, &bytes(frozen)).await.unwrap()
    }

    async fn look(&self, frozen: &Frozen) -> MobileRequest {
        mobile_look(&self.person, &bytes(frozen)).await.unwrap().unwrap()
    }

    /// Lets the time pass that a worker may rest, and runs it once.
    async fn step(&self) -> usize {
        self.step_of(&self.backend, Uuid::from_u128(7)).await
    }

    async fn step_of(&self, backend: &Arc<Backend>, owner: Uuid) -> usize {
        self.clock.advance(TimeDelta::seconds(40));
        step(&Ctx::system(backend.clone(), "test"), owner, || ()).await.unwrap()
    }

    /// The person confirms: the telephone gives a signature over what was frozen.
    fn sign(&self, frozen: &Frozen) {
        let who = self.pki.issue(KeyKind::Gost256, &HEAD);
        let content = STANDARD.decode(&frozen.content).unwrap();
        self.gosuslugi.desk().signature = self.pki.sign(&who, &content);
        self.gosuslugi.desk().status = SIGNED;
    }
}

fn bytes(frozen: &Frozen) -> FrozenBytes {
    FrozenBytes {
        document: frozen.document,
        version: frozen.version,
        sha256: frozen.sha256.clone(),
    }
}

fn key(error: &MobileError) -> (ErrorCode, String) {
    let wire = error.wire(Lang::Ru).unwrap();
    (wire.code, wire.message)
}

#[tokio::test]
async fn what_was_frozen_is_signed_on_the_telephone_and_sent() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let begun = world.begin(&frozen).await;
        assert_eq!((begun.state, begun.seconds_left), (MobileState::Created, 86_400));
        assert_eq!(depth(&test.db).await.unwrap(), 1);
        assert_eq!(world.step().await, 1);
        assert_eq!(world.look(&frozen).await.state, MobileState::Sent);
        {
            let desk = world.gosuslugi.desk();
            assert_eq!(
                (desk.tokens, desk.orders, desk.pushed.as_slice()),
                (1, 1, &["1".to_owned()][..])
            );
            let content = STANDARD.decode(&frozen.content).unwrap();
            assert_eq!(packed(&desk.last, "document.xml"), content, "the very bytes");
            let request = String::from_utf8(packed(&desk.last, "req.xml")).unwrap();
            for text in ["<tns:SNILS>112-233-445 95<", "<tns:signExp>2026-11-21T09:00:00Z<"] {
                assert!(request.contains(text), "{request}");
            }
        }
        assert_eq!(world.step().await, 1, "{}: asked, and nothing yet", world.name);
        assert_eq!(world.look(&frozen).await.state, MobileState::Sent);

        // Who looks again meanwhile sees what the telephone shows.
        assert_eq!(world.freeze().await, frozen);
        world.sign(&frozen);
        assert_eq!(world.step().await, 1);
        let signed = world.look(&frozen).await;
        assert_eq!((signed.state, signed.delayed), (MobileState::Signed, false));
        let bell = crate::notice::list(&world.person, 1).await.unwrap().rows;
        let kinds: Vec<_> = bell.into_iter().map(|notice| notice.kind).collect();
        assert!(matches!(kinds[..], [NoticeKind::SignedOnTelephone { .. }]), "{kinds:?}");
        assert_eq!(world.step().await, 0, "nothing is left to do");
        assert_eq!(world.freeze().await, frozen, "the signature is not lost");

        let sent = Signed {
            document: frozen.document,
            version: frozen.version,
            sha256: frozen.sha256.clone(),
            signature: signed.signature.unwrap(),
        };
        let head = document::submit(&world.person, sent).await.unwrap();
        assert_eq!(head.state, DocumentState::Queued, "{}", world.name);
        let late = mobile_begin(&world.person, &bytes(&frozen)).await.unwrap_err();
        assert_eq!(key(&late).0, ErrorCode::Conflict, "signed already");
    }
}

/// A file of the package in a form that was posted.
fn packed(form: &[u8], name: &str) -> Vec<u8> {
    use std::io::Read;
    let from = form.windows(4).position(|window| window == b"PK\x03\x04").unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&form[from..])).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    assert!(archive.by_name(&format!("{name}.sig")).is_ok());
    bytes
}

#[tokio::test]
async fn only_individuals_sign_so_and_only_their_own() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let asked = bytes(&frozen);
        for category in [Category::Company, Category::SoleTrader] {
            let ctx = as_category(&world.person, category);
            let refused = [
                mobile_begin(&ctx, &asked).await.map(drop),
                mobile_look(&ctx, &asked).await.map(drop),
                mobile_cancel(&ctx, Uuid::nil()).await.map(drop),
            ];
            for refused in refused {
                let expected = (ErrorCode::Forbidden, "signature.mobile_individuals".to_owned());
                assert_eq!(key(&refused.unwrap_err()), expected, "{category:?}");
            }
        }
        let begun = world.begin(&frozen).await;

        let stranger = somebody(&world.backend, 2, CHIEF).await;
        let stranger = as_category(&stranger, Category::Person);
        let refused = mobile_begin(&stranger, &asked).await.unwrap_err();
        assert_eq!(key(&refused).0, ErrorCode::NotFound);
        assert_eq!(mobile_look(&stranger, &asked).await.unwrap(), None);
        let refused = mobile_cancel(&stranger, begun.id).await.unwrap_err();
        assert_eq!(key(&refused).0, ErrorCode::NotFound);
        assert_eq!(world.look(&frozen).await.state, MobileState::Created, "{}", world.name);

        let forged = FrozenBytes { sha256: "0".repeat(64), ..asked.clone() };
        let refused = mobile_begin(&world.person, &forged).await.unwrap_err();
        assert_eq!(key(&refused).0, ErrorCode::Conflict, "nothing was frozen so");

        let reader = somebody(&world.backend, 3, Rights::default()).await;
        let reader = as_category(&reader, Category::Person);
        assert!(matches!(mobile_begin(&reader, &asked).await, Err(MobileError::Denied(_))));
        let mut nameless = (**world.person.person().unwrap()).clone();
        nameless.snils = None;
        let nameless = Ctx { actor: Actor::Person(Arc::new(nameless)), ..world.person.clone() };
        assert!(matches!(mobile_begin(&nameless, &asked).await, Err(MobileError::NoSnils)));
    }
}

#[tokio::test]
async fn without_a_way_to_the_telephone_nothing_is_asked() {
    let test = databases().await.remove(0);
    let backend = backend(test.db.clone(), TestClock::at(noon()));
    let person = as_category(&somebody(&backend, 1, CHIEF).await, Category::Person);
    let asked = FrozenBytes { document: Uuid::nil(), version: 1, sha256: String::new() };
    assert!(matches!(mobile_begin(&person, &asked).await, Err(MobileError::NotOffered)));
    assert_eq!(step(&Ctx::system(backend, "test"), Uuid::nil(), || ()).await.unwrap(), 0);
}

#[tokio::test]
async fn two_presses_make_one_request_and_a_change_takes_it_back() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let (asked, person) = (bytes(&frozen), &world.person);
        let (left, right) =
            tokio::join!(mobile_begin(person, &asked), mobile_begin(person, &asked));
        assert_eq!(left.unwrap().id, right.unwrap().id, "{}", world.name);
        assert_eq!(Entity::find().count(&test.db).await.unwrap(), 1);
        world.step().await;

        write(&world).await;
        let fresh = world.freeze().await;
        assert_ne!(fresh.sha256, frozen.sha256, "the draft is another");
        let second = world.begin(&fresh).await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Cancelled);
        assert_eq!(second.state, MobileState::Created);
        world.step().await;
        assert_eq!(world.gosuslugi.desk().cancelled, ["1"], "the telephone forgets the first");
        assert_eq!(world.look(&fresh).await.state, MobileState::Sent);
    }
}

/// Somebody goes on typing.
async fn write(world: &World) {
    let opened = document::open(&world.person, world.document).await.unwrap();
    let mut draft: Draft = serde_json::from_str(&opened.draft).unwrap();
    let path = "TransportName".parse().unwrap();
    let patch = Patch::Set { path, value: Some("ПОЕЗД".to_owned()) };
    let change = draft.edit(&ReplicaId::session(9), patch).unwrap();
    let changes = vec![serde_json::to_string(&change).unwrap()];
    let since = opened.head.version;
    let batch = Batch { document: world.document, since, changes, pause: false };
    document::patch(&world.person, batch).await.unwrap();
}

#[tokio::test]
async fn every_end_is_told_apart_and_leaves_room_for_another_try() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let mut before = Uuid::nil();
        for (status, state, cause) in [
            (DECLINED, MobileState::Refused, None),
            (REJECTED, MobileState::Refused, Some("signature.mobile_rejected")),
            (EXPIRED, MobileState::Expired, None),
        ] {
            world.gosuslugi.desk().status = ASKED;
            let begun = world.begin(&frozen).await;
            assert_ne!(begun.id, before, "a request of its own");
            before = begun.id;
            world.step().await;
            world.gosuslugi.desk().status = status;
            world.step().await;
            let ended = world.look(&frozen).await;
            assert_eq!((ended.state, ended.cause.as_deref()), (state, cause), "{}", world.name);
        }
        assert_ne!(world.freeze().await.sha256, frozen.sha256, "nothing waits: frozen anew");
    }
}

#[tokio::test]
async fn a_signature_of_another_or_over_something_else_is_none() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let content = STANDARD.decode(&frozen.content).unwrap();
        let stranger =
            HEAD.map(|(oid, text)| (oid, if text == "11223344595" { "11223344696" } else { text }));
        let stranger = world.pki.issue(KeyKind::Gost256, &stranger);
        let nobody = world.pki.issue(KeyKind::Gost256, &PERSON[..3]);
        let own = world.pki.issue(KeyKind::Gost256, &HEAD);
        for (signature, cause) in [
            (world.pki.sign(&stranger, &content), "signature.other_person"),
            (world.pki.sign(&nobody, &content), "signature.other_person"),
            (world.pki.sign(&own, b"something else"), "signature.content"),
            (b"no signature".to_vec(), "signature.unreadable"),
        ] {
            world.gosuslugi.desk().status = ASKED;
            world.begin(&frozen).await;
            world.step().await;
            world.gosuslugi.desk().signature = signature;
            world.gosuslugi.desk().status = SIGNED;
            world.step().await;
            let ended = world.look(&frozen).await;
            assert_eq!(ended.state, MobileState::Refused, "{}", world.name);
            assert_eq!((ended.cause.as_deref(), ended.signature), (Some(cause), None));
        }
    }
}

#[tokio::test]
async fn an_answer_after_cancelling_changes_nothing() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let begun = world.begin(&frozen).await;
        world.step().await;
        world.sign(&frozen);
        let cancelled = mobile_cancel(&world.person, begun.id).await.unwrap();
        assert_eq!(cancelled.state, MobileState::Cancelled);
        let again = mobile_cancel(&world.person, begun.id).await.unwrap();
        assert_eq!(again.state, MobileState::Cancelled);
        assert_eq!(world.step().await, 1, "the telephone is told");
        assert_eq!(world.step().await, 0, "once");
        assert_eq!(world.gosuslugi.desk().cancelled, ["1"]);
        let looked = world.look(&frozen).await;
        assert_eq!((looked.state, looked.signature), (MobileState::Cancelled, None));

        // A signature that came and is not wanted is given up the same way.
        world.gosuslugi.desk().status = ASKED;
        let begun = world.begin(&frozen).await;
        world.step().await;
        world.sign(&frozen);
        world.step().await;
        let cancelled = mobile_cancel(&world.person, begun.id).await.unwrap();
        assert_eq!(cancelled.state, MobileState::Cancelled, "{}", world.name);
        assert_ne!(world.freeze().await.sha256, frozen.sha256);
    }
}

#[tokio::test]
async fn what_was_cancelled_while_it_was_being_sent_is_taken_back() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let begun = world.begin(&frozen).await;
        // A worker holds the request; the person cancels; the worker goes on with what it read.
        let ctx = Ctx::system(world.backend.clone(), "test");
        let row = Entity::find_by_id(begun.id).one(&test.db).await.unwrap();
        let goskey = ctx.backend.gateways.goskey.as_ref().unwrap();
        let (row, owner) = (row.unwrap(), Uuid::from_u128(7));
        assert!(lease(&ctx, &row, owner).await.unwrap());
        mobile_cancel(&world.person, begun.id).await.unwrap();
        finish(&ctx, goskey, &row, owner).await.unwrap();
        assert_eq!(world.look(&frozen).await.state, MobileState::Cancelled, "{}", world.name);
        assert_eq!(world.gosuslugi.desk().pushed, ["1"]);
        world.step().await;
        assert_eq!(world.gosuslugi.desk().cancelled, ["1"]);
    }
}

#[tokio::test]
async fn what_was_sent_otherwise_or_deleted_leaves_the_telephone() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        world.begin(&frozen).await;
        world.step().await;
        let content = STANDARD.decode(&frozen.content).unwrap();
        let own = world.pki.issue(KeyKind::Gost256, &HEAD);
        let sent = Signed {
            document: frozen.document,
            version: frozen.version,
            sha256: frozen.sha256.clone(),
            signature: STANDARD.encode(world.pki.sign(&own, &content)),
        };
        document::submit(&world.person, sent).await.unwrap();
        assert_eq!(world.look(&frozen).await.state, MobileState::Cancelled, "{}", world.name);
        world.step().await;
        assert_eq!(world.gosuslugi.desk().cancelled, ["1"]);

        let copy = statform::copy(&world.person, world.document).await.unwrap();
        let frozen = document::freeze(&world.person, copy.id).await.unwrap();
        world.begin(&frozen).await;
        document::delete(&world.person, copy.id).await.unwrap();
        assert_eq!(world.look(&frozen).await.state, MobileState::Cancelled);
        world.step().await;
        assert_eq!(world.gosuslugi.desk().orders, 1, "it was not sent before");
    }
}

#[tokio::test]
async fn a_killed_process_loses_no_request() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        let begun = world.begin(&frozen).await;
        // It was killed after the order was made and before the package was handed over …
        let ctx = Ctx::system(world.backend.clone(), "test");
        let row = Entity::find_by_id(begun.id).one(&test.db).await.unwrap();
        let (row, first) = (row.unwrap(), Uuid::from_u128(7));
        assert!(lease(&ctx, &row, first).await.unwrap());
        keep_order(&ctx, &row, first, "77").await.unwrap();
        let successor =
            process(test.db.clone(), world.clock.clone(), &world.pki, &world.gosuslugi.url);
        let second = Uuid::from_u128(8);
        assert_eq!(world.step_of(&successor, second).await, 0, "the lease is respected");
        world.clock.advance(LEASE);
        assert_eq!(world.step_of(&successor, second).await, 1);
        assert_eq!(world.gosuslugi.desk().pushed, ["77"], "{}: the same order", world.name);
        assert_eq!(world.gosuslugi.desk().orders, 0);

        // … and another time while it waited; there is one process here, which starts again.
        let row = Entity::find_by_id(begun.id).one(&test.db).await.unwrap();
        assert!(lease(&ctx, &row.unwrap(), first).await.unwrap());
        release(&test.db).await.unwrap();
        world.sign(&frozen);
        assert_eq!(world.step_of(&successor, second).await, 1);
        assert_eq!(world.look(&frozen).await.state, MobileState::Signed);
    }
}

#[tokio::test]
async fn an_outage_is_told_and_outlived() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        world.gosuslugi.desk().down = true;
        world.begin(&frozen).await;
        world.step().await;
        let looked = world.look(&frozen).await;
        assert_eq!((looked.state, looked.delayed), (MobileState::Created, true));
        world.gosuslugi.desk().down = false;
        world.step().await;
        let looked = world.look(&frozen).await;
        assert_eq!((looked.state, looked.delayed), (MobileState::Sent, false), "{}", world.name);

        world.gosuslugi.desk().down = true;
        world.step().await;
        assert!(world.look(&frozen).await.delayed);
        world.gosuslugi.desk().down = false;
        world.gosuslugi.desk().forget_token = true;
        world.sign(&frozen);
        world.step().await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Signed);
        assert_eq!(world.gosuslugi.desk().tokens, 2, "a token that ran out is renewed");
    }
}

#[tokio::test]
async fn a_request_that_nobody_confirms_expires() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        world.begin(&frozen).await;
        world.step().await;
        world.gosuslugi.desk().down = true;
        world.clock.advance(TimeDelta::hours(24));
        assert_ne!(world.freeze().await.sha256, frozen.sha256, "it does not hold up signing");
        world.step().await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Expired, "{}", world.name);
        world.gosuslugi.desk().down = false;
        world.sign(&frozen);
        world.step().await;
        world.step().await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Expired, "too late");
        assert_eq!(world.gosuslugi.desk().cancelled, ["1"]);

        // Never sent: it expires all the same.
        world.gosuslugi.desk().down = true;
        let frozen = world.freeze().await;
        world.begin(&frozen).await;
        world.step().await;
        world.clock.advance(TimeDelta::hours(24));
        world.step().await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Expired);
        assert_eq!(depth(&test.db).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn who_signed_in_time_has_signed_though_nobody_asked_before() {
    for test in databases().await {
        let world = World::new(&test).await;
        let frozen = world.freeze().await;
        world.begin(&frozen).await;
        world.step().await;
        world.sign(&frozen);
        world.clock.advance(TimeDelta::hours(25));
        world.step().await;
        assert_eq!(world.look(&frozen).await.state, MobileState::Signed, "{}", world.name);
    }
}

#[test]
fn the_telephone_is_asked_less_and_less() {
    let pauses = [0, 20, 60, 600, 86_400].map(|age| pause(TimeDelta::seconds(age)).num_seconds());
    assert_eq!(pauses, [1, 1, 3, 30, 30]);
}

#[tokio::test]
async fn two_workers_send_once() {
    let test = databases().await.remove(0);
    let world = World::new(&test).await;
    let alive = AtomicUsize::new(0);
    let frozen = world.freeze().await;
    world.begin(&frozen).await;
    let ctx = Ctx::system(world.backend.clone(), "test");
    let beat = || {
        alive.fetch_add(1, Ordering::Relaxed);
    };
    let [left, right] = [1, 2].map(|owner| step(&ctx, Uuid::from_u128(owner), beat));
    let (left, right) = tokio::join!(left, right);
    assert!(left.unwrap() + right.unwrap() >= 1);
    assert_eq!(world.gosuslugi.desk().pushed, ["1"]);
    assert_eq!(alive.load(Ordering::Relaxed), 2);
}
