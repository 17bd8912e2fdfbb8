//! A signed document reaches customs once: through `kill -9` at any moment, lost receipts, and
//! clients that repeat themselves.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use domain::{state::DocumentState, view::document::Action};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Browser, CHIEF, Cabinet, filing::Filer};
use uuid::Uuid;

/// How often the cabinet is killed.
const KILLS: usize = 60;

/// What the person does when the cabinet is killed.
const STEPS: [&str; 5] = ["copying", "typing", "freezing", "submitting", "opening"];

/// SplitMix64: the same seed gives the same kills.
struct Random(u64);

impl Random {
    /// A number below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// A program of ours under way; it ends with this value.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended of itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(arguments: &[&str], settings: &[(&str, String)], log: &Path) -> Self {
        let log = File::options().create(true).append(true).open(log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_cabinet"))
            .args(arguments)
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (format!("CABINET_{name}"), value)))
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Waits until it says that it is ready, and where.
    fn ready(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.strip_prefix("ready ").unwrap_or_else(|| panic!("it ended: {line:?}"));
        url.trim().to_owned()
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The outside world as a process of its own, and what starts a cabinet beside it.
struct Scene {
    folder: tempfile::TempDir,
    _world: Program,
    world: Browser,
    cabinet: String,
    settings: Vec<(&'static str, String)>,
}

impl Scene {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        support::write_site(&site);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cabinet = format!("http://127.0.0.1:{port}");
        let data = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let mut program = Program::start(
            &["sandbox", "--port", "0", "--cabinet", &cabinet, "--data", &data("world")],
            &[("SANDBOX_FAST", "true".to_owned())],
            &folder.path().join("world.log"),
        );
        let url = program.ready();
        let world = Browser::new(&url);
        let client = json!({ "client_id": "CABINET", "redirect_uris": [format!("{cabinet}/")] });
        let esia = world.call("/sandbox/esia/clients", &client).await;
        let esia: Value = serde_json::from_str(&esia.body).unwrap();
        let esia = |field: &str| esia[field].as_str().unwrap().to_owned();
        let roots = world.open("/ca/root.pem").await.body;
        let settings = vec![
            ("DEV", "true".to_owned()),
            ("ADDRESS", format!("127.0.0.1:{port}")),
            ("DATA", data("data")),
            ("SITE", site.to_str().unwrap().to_owned()),
            ("LOG_FILTER", "warn".to_owned()),
            ("LIMITS_ADDRESS_PER_MINUTE", "0".to_owned()),
            ("LIMITS_SESSION_PER_MINUTE", "0".to_owned()),
            ("ESIA_URL", esia("url")),
            ("ESIA_ISSUER", esia("issuer")),
            ("ESIA_CLIENT_ID", esia("client_id")),
            ("ESIA_KEY", esia("client_key_pem")),
            ("ESIA_CERTIFICATE", esia("client_certificate_pem")),
            ("ESIA_VERIFYING_KEY", esia("public_key_pem")),
            ("CUSTOMS_URL", format!("{url}/eais")),
            ("CUSTOMS_SENDER_ID", "CABINET".to_owned()),
            ("CUSTOMS_RECEIVER_ID", "EAIS".to_owned()),
            ("TAX_URL", url.clone()),
            ("AUTHORITY_URL", url),
            ("AUTHORITY_ROOTS", roots),
            ("AUTHORITY_SOFTWARE_SIGNATURE", "true".to_owned()),
        ];
        Self { folder, _world: program, world, cabinet, settings }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("cabinet.log")
    }

    /// Tells customs how to behave.
    async fn customs(&self, mode: Value) {
        let answer = self.world.call("/sandbox/eais/mode", &mode).await;
        assert!(answer.status.is_success(), "{}", answer.body);
    }

    /// The bytes of a message as customs keeps them.
    fn received(&self, message: &str) -> String {
        let folder = self.folder.path().join("world/sandbox/eais/documents");
        std::fs::read_to_string(folder.join(format!("{message}.xml"))).unwrap()
    }
}

/// Kills the cabinet and starts it again, over and over, in a thread of its own.
struct Killer {
    step: Arc<AtomicUsize>,
    kills: Arc<AtomicUsize>,
    called_off: Arc<AtomicBool>,
    thread: Option<JoinHandle<(Program, [usize; STEPS.len() + 1])>>,
}

impl Killer {
    fn start(cabinet: Program, scene: &Scene, seed: u64) -> Self {
        let step = Arc::new(AtomicUsize::new(0));
        let kills = Arc::new(AtomicUsize::new(0));
        let called_off = Arc::new(AtomicBool::new(false));
        let (settings, log) = (scene.settings.clone(), scene.log());
        let thread = std::thread::spawn({
            let (step, kills, called_off) = (step.clone(), kills.clone(), called_off.clone());
            let mut random = Random(seed);
            let mut cabinet = cabinet;
            let mut starting = false;
            let mut when = [0; STEPS.len() + 1];
            move || {
                while kills.load(Ordering::SeqCst) < KILLS && !called_off.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(random.below(250)));
                    cabinet.kill();
                    let column = if starting { STEPS.len() } else { step.load(Ordering::SeqCst) };
                    when[column] += 1;
                    kills.fetch_add(1, Ordering::SeqCst);
                    cabinet = Program::start(&["serve"], &settings, &log);
                    // Some lives end before they have begun.
                    starting = random.below(8) == 0;
                    if !starting {
                        cabinet.ready();
                    }
                }
                if starting {
                    cabinet.ready();
                }
                (cabinet, when)
            }
        });
        Self { step, kills, called_off, thread: Some(thread) }
    }

    fn at(&self, step: &str) {
        let index = STEPS.iter().position(|known| *known == step).unwrap();
        self.step.store(index, Ordering::SeqCst);
    }

    fn is_done(&self) -> bool {
        self.kills.load(Ordering::SeqCst) >= KILLS
    }

    /// The cabinet that lives on, and how many kills met each step, and the start.
    fn end(mut self) -> (Program, [usize; STEPS.len() + 1]) {
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Killer {
    fn drop(&mut self) {
        self.called_off.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Asks until it holds. The limit only ends a test that would hang.
async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what}: never");
}

fn seed() -> u64 {
    let given = std::env::var("CABINET_TEST_SEED").ok();
    given.map_or_else(|| Uuid::new_v4().as_u64_pair().0, |seed| seed.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_signed_form_is_delivered_once_whenever_the_cabinet_is_killed() {
    let seed = seed();
    eprintln!("CABINET_TEST_SEED={seed}");
    let mut random = Random(!seed);
    let scene = Scene::set().await;
    let mut cabinet = Program::start(&["serve"], &scene.settings, &scene.log());
    assert_eq!(cabinet.ready(), scene.cabinet);
    let mut filer = Filer::new(Browser::new(&scene.cabinet), CHIEF, "РОМАШКА").await;
    let original = filer.upload().await;
    // Slow enough for a kill to meet a document on its way.
    scene.customs(json!({ "delay_ms": 20, "duplicate": true })).await;

    let mut signed = BTreeMap::new();
    let killer = Killer::start(cabinet, &scene, seed);
    while !killer.is_done() {
        if random.below(6) == 0 {
            scene.customs(json!({ "lose_receipts": 1 })).await;
        }
        let number = format!("Д-{}", signed.len() + 1);
        killer.at("copying");
        let document = filer.copy(original).await;
        killer.at("typing");
        filer.write(document, &number).await;
        killer.at("freezing");
        let frozen = filer.freeze(document).await;
        let signature = filer.sign(&frozen);
        killer.at("submitting");
        let head = filer.submit(&signature).await;
        assert_ne!(head.state, DocumentState::Draft);
        killer.at("opening");
        assert_ne!(filer.open(document).await.head.state, DocumentState::Draft);
        signed.insert(frozen.sha256, (document, number));
    }
    let (_cabinet, when) = killer.end();
    scene.customs(json!({ "delay_ms": 0 })).await;

    let all = u64::try_from(signed.len()).unwrap();
    eventually("every form is registered", || async {
        filer.count(DocumentState::Registered).await >= all
    })
    .await;

    let messages = scene.world.open("/sandbox/eais/messages").await.body;
    let messages: Vec<Value> = serde_json::from_str(&messages).unwrap();
    assert_eq!(messages.len(), signed.len(), "as many messages as signed forms");
    let mut deliveries = 0;
    for message in &messages {
        let sha256 = message["sha256"].as_str().unwrap();
        let (document, number) = signed.remove(sha256).expect("each signed form once");
        let content = scene.received(message["message_id"].as_str().unwrap());
        let written = format!(":PrDocumentNumber>{number}</");
        assert!(content.contains(&written), "what was acknowledged is in {content}");
        deliveries += message["deliveries"].as_u64().unwrap();
        let events = filer.events(document).await;
        for action in [Action::Signed, Action::Delivered, Action::Registered] {
            let count = events.iter().filter(|event| event.action == action).count();
            assert_eq!(count, 1, "{action:?} of {document}: {events:?}");
        }
    }
    let forms = scene.world.open("/sandbox/eais/forms").await.body;
    let forms: Vec<Value> = serde_json::from_str(&forms).unwrap();
    assert_eq!(forms.len(), messages.len(), "each is registered once");
    let when: Vec<_> = STEPS.into_iter().chain(["starting"]).zip(when).collect();
    eprintln!("{KILLS} kills, while {when:?}; {} forms, {deliveries} deliveries", messages.len());
}

/// Messages at the sandbox's customs, by their kind.
async fn messages(cabinet: &Cabinet, mode_id: &str) -> usize {
    let world = Browser::new(&cabinet.running().sandbox_url().unwrap());
    let messages = world.open("/sandbox/eais/messages").await.body;
    let messages: Vec<Value> = serde_json::from_str(&messages).unwrap();
    messages.iter().filter(|message| message["document_mode_id"] == mode_id).count()
}

async fn order(cabinet: &Cabinet, next: &str) {
    let world = Browser::new(&cabinet.running().sandbox_url().unwrap());
    let ordered = world.call("/sandbox/eais/mode", &json!({ "next": next })).await;
    assert!(ordered.status.is_success(), "{}", ordered.body);
}

async fn reaches(filer: &Filer, document: Uuid, state: DocumentState) {
    eventually(&state.to_string(), || async { filer.open(document).await.head.state == state })
        .await;
}

#[tokio::test]
async fn an_explanation_that_is_signed_again_is_sent_once() {
    let cabinet = Cabinet::start().await;
    let filer = Filer::new(cabinet.browser(), CHIEF, "РОМАШКА").await;
    let document = filer.upload().await;
    order(&cabinet, "explain").await;
    filer.submit(&filer.sign(&filer.freeze(document).await)).await;
    reaches(&filer, document, DocumentState::ExplanationsRequired).await;
    order(&cabinet, "silence").await;

    // The answer to the first was lost: the page begins anew, and then repeats the first as well.
    let first = filer.sign(&filer.explain(document, "Так и есть.").await);
    filer.submit(&first).await;
    let second = filer.sign(&filer.explain(document, "Так и есть.").await);
    for signed in [&first, &second, &first] {
        let head = filer.submit(signed).await;
        assert!(head.demand.unwrap().answered.is_some());
    }
    let other = filer.sign(&filer.explain(document, "И ещё одно.").await);
    filer.submit(&other).await;
    eventually("both are delivered", || async { messages(&cabinet, "Explanation").await >= 2 })
        .await;
    let answered = filer.events(document).await;
    let answered = answered.iter().filter(|event| event.action == Action::ExplanationsSent);
    assert_eq!(answered.count(), 2, "each text once");
    cabinet.stop().await;
}

#[tokio::test]
async fn a_form_that_was_taken_back_is_not_sent_by_an_old_signature() {
    let cabinet = Cabinet::start().await;
    let filer = Filer::new(cabinet.browser(), CHIEF, "РОМАШКА").await;
    let document = filer.upload().await;
    order(&cabinet, "errors").await;
    let old = filer.sign(&filer.freeze(document).await);
    filer.submit(&old).await;
    reaches(&filer, document, DocumentState::Refused).await;
    filer.reopen(document).await;
    assert_eq!(filer.submit(&old).await.state, DocumentState::Draft, "a late repetition");
    assert_eq!(messages(&cabinet, "1006124E").await, 1);

    filer.submit(&filer.sign(&filer.freeze(document).await)).await;
    reaches(&filer, document, DocumentState::Registered).await;
    assert_eq!(messages(&cabinet, "1006124E").await, 2);
    let refused = filer.browser.request(Method::POST, "/api/document/freeze");
    let refused = refused.json(&json!({ "document": document }));
    assert_eq!(filer.browser.send(refused).await.status, reqwest::StatusCode::CONFLICT);
    cabinet.stop().await;
}
