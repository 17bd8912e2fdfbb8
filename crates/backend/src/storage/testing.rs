//! What the storage suite runs on: SQLite always, PostgreSQL when one is named by
//! `CABINET_TEST_POSTGRES` (`cargo xtask test` starts one).

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::view::session::{Category, PersonName, Rights, Role};
use rand::{SeedableRng, rngs::StdRng};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, EntityTrait};
use signature::{
    issue::{Authority, CertificateTemplate, NameBuilder},
    key::{KeyKind, PrivateKey},
    oid, pem,
};
use uuid::Uuid;

use super::{connect, migrate};
use crate::{
    bus::Bus,
    ctx::{Actor, Backend, Client, Clock, Ctx, Entropy, Session, Settings},
    document::Cache,
    gateway::{
        Gateways,
        customs::{Customs, CustomsSettings},
        esia::{Esia, EsiaSettings},
        revocation::Revocation,
        tax::TaxRegister,
    },
    signature::Policy,
};

/// A database of its own for one test; it ends with this value.
pub struct TestDb {
    pub name: &'static str,
    pub db: DatabaseConnection,
    _folder: tempfile::TempDir,
}

/// Every database that the suite must hold on, migrated and empty.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    if let Ok(url) = std::env::var("CABINET_TEST_POSTGRES") {
        all.push(postgres(&url).await);
    }
    all
}

async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("cabinet.db").display());
    let db = connect(&url).await.expect("SQLite opens");
    migrate(&db).await.expect("SQLite migrates");
    TestDb { name: "SQLite", db, _folder: folder }
}

async fn postgres(url: &str) -> TestDb {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("cabinet_{}_{number}", std::process::id());
    let admin = connect(url).await.expect("PostgreSQL answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
    admin.close().await.expect("closed");
    let (base, _) = url.rsplit_once('/').expect("a URL with a database");
    let db = connect(&format!("{base}/{name}")).await.expect("PostgreSQL opens");
    migrate(&db).await.expect("PostgreSQL migrates");
    TestDb { name: "PostgreSQL", db, _folder: tempfile::tempdir().expect("a temporary folder") }
}

/// A clock that stands until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(start: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.timestamp_micros())))
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().expect("a short time"), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).expect("a date")
    }
}

/// Counts instead of chance: repeatable, and never the same twice.
#[derive(Default)]
pub struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mixed = (next ^ (next >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Everything around one database, with a clock that stands and a world that cannot be reached.
pub fn backend(db: DatabaseConnection, clock: Arc<dyn Clock>) -> Arc<Backend> {
    const NOWHERE: &str = "http://127.0.0.1:9";
    // The provider may have been installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let entropy = Arc::new(TestEntropy::default());
    let (key_pem, certificate_pem) = client();
    let esia = EsiaSettings {
        url: NOWHERE.to_owned(),
        issuer: "http://esia.test/".to_owned(),
        client_id: "CABINET".to_owned(),
        key_pem,
        order: Default::default(),
        hash: Default::default(),
        certificate_pem,
        token_keys_pem: include_str!("../../fixtures/token_key.pem").to_owned(),
    };
    let customs = CustomsSettings {
        url: NOWHERE.to_owned(),
        sender_id: "CABINET".to_owned(),
        receiver_id: "EAIS".to_owned(),
    };
    Arc::new(Backend {
        db,
        clock,
        entropy,
        registry: Arc::new(edoc::registry::Registry::builtin().expect("built-in kinds")),
        settings: Settings {
            public_url: "http://127.0.0.1:8080".to_owned(),
            idle_lock: Duration::from_secs(600),
            idle_end: Duration::from_secs(8 * 3600),
            absolute_end: Duration::from_secs(24 * 3600),
            draft_keep_days: 180,
            checkpoint_every: Duration::from_secs(600),
            correction_days: 10,
            software_signature: true,
            signature: Policy::default(),
            mobile_wait: Duration::from_secs(24 * 3600),
        },
        gateways: Gateways {
            esia: Esia::new(esia, format!("{NOWHERE}/sign-in/esia/return")).expect("ESIA"),
            customs: Customs::new(customs).expect("customs"),
            tax: TaxRegister::new(NOWHERE.to_owned()).expect("tax register"),
            goskey: None,
            mail: None,
            revocation: Revocation::new().expect("an HTTP client"),
            timestamp: None,
            authority: None,
        },
        bus: Bus::new(Uuid::from_u128(1)),
        drafts: Cache::default(),
    })
}

/// Key and certificate of the system in ESIA, PEM: made of nothing secret, they open nothing.
pub fn client() -> (String, String) {
    let mut rng = StdRng::seed_from_u64(7);
    let key = PrivateKey::generate(KeyKind::P256, &mut rng);
    let name = NameBuilder::new().with(oid::ID_AT_COMMON_NAME, "Cabinet tests").build();
    let name = name.expect("a name");
    let identifier = CertificateTemplate::key_identifier(&key.public_key());
    let template = CertificateTemplate {
        serial: vec![1],
        subject: name.clone(),
        not_before: DateTime::UNIX_EPOCH,
        not_after: DateTime::UNIX_EPOCH + TimeDelta::days(40_000),
        public_key: key.public_key().to_spki_der(),
        extensions: Vec::new(),
    };
    let certificate = template.issue(&Authority::new(&key, name, identifier), &mut rng);
    let certificate = certificate.expect("a certificate");
    let key = key.to_pkcs8_der().expect("PKCS#8");
    (pem::encode("PRIVATE KEY", &key), pem::encode("CERTIFICATE", certificate.as_der()))
}

/// A person with one cabinet, and requests of his.
pub async fn somebody(backend: &Arc<Backend>, number: u128, rights: Rights) -> Ctx {
    use crate::session::entity::{membership, participant, person};
    let now = backend.now();
    let (person_id, participant_id) =
        (Uuid::from_u128(number), Uuid::from_u128(number + (1 << 64)));
    let name =
        PersonName {
            surname: "Тестова".to_owned(), name: "Анна".to_owned(), patronymic: None
        };
    person::Entity::insert(person::ActiveModel {
        id: Set(person_id),
        esia_oid: Set(number.to_string()),
        surname: Set(name.surname.clone()),
        name: Set(name.name.clone()),
        patronymic: Set(None),
        snils: Set(Some("112-233-445 95".to_owned())),
        inn: Set(None),
        birth_date: Set(None),
        email: Set(None),
        phone: Set(None),
        trusted: Set(true),
        lang: Set("ru".to_owned()),
        theme: Set("auto".to_owned()),
        mail_decisions: Set(true),
        mail_demands: Set(true),
        mail_deadlines: Set(true),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&backend.db)
    .await
    .expect("a person");
    participant::Entity::insert(participant::ActiveModel {
        id: Set(participant_id),
        category: Set("company".to_owned()),
        inn: Set(Some("7707083893".to_owned())),
        kpp: Set(Some("773601001".to_owned())),
        ogrn: Set(Some("1027700132195".to_owned())),
        full_name: Set("Общество с ограниченной ответственностью «Пример»".to_owned()),
        short_name: Set("ООО «Пример»".to_owned()),
        address: Set(None),
        email: Set(None),
        phone: Set(None),
        esia_oid: Set(None),
        owner_person: Set(None),
        verified_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&backend.db)
    .await
    .expect("a participant");
    membership::Entity::insert(membership::ActiveModel {
        person_id: Set(person_id),
        participant_id: Set(participant_id),
        chief: Set(rights.chief),
        admin: Set(rights.admin),
        edit: Set(rights.edit),
        sign: Set(rights.sign),
        post: Set(None),
        active: Set(true),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&backend.db)
    .await
    .expect("a membership");
    Ctx {
        backend: backend.clone(),
        actor: Actor::Person(Arc::new(Session {
            id: Uuid::from_u128(number + (2 << 64)),
            person: person_id,
            name,
            snils: Some("112-233-445 95".to_owned()),
            lang: domain::lang::Lang::Ru,
            role: Some(Role {
                participant: participant_id,
                category: Category::Company,
                name: "ООО «Пример»".to_owned(),
                inn: Some("7707083893".to_owned()),
                kpp: Some("773601001".to_owned()),
                post: None,
                rights,
            }),
            locked: false,
        })),
        request_id: format!("test-{number}"),
        client: Client::default(),
    }
}

/// Forms of the actor's cabinet as they are after some years: most registered, each month its
/// share, some partners and goods often. They have no drafts: for lists only.
pub async fn many_forms(ctx: &Ctx, count: u32) {
    use crate::document::entity::document;
    const GOODS: [&str; 7] = [
        "насос центробежный",
        "ноутбук портативный",
        "молоко сухое",
        "подшипник шариковый",
        "ткань хлопчатобумажная",
        "шина пневматическая",
        "мука пшеничная",
    ];
    const STATES: [&str; 8] = [
        "registered",
        "cleared",
        "registered",
        "draft",
        "registered",
        "under_control",
        "registered",
        "refused",
    ];
    let (person, participant) = match (ctx.person(), ctx.role()) {
        (Ok(session), Ok(role)) => (session.person, role.participant),
        _ => return,
    };
    let rows: Vec<_> = (0..count)
        .map(|n| {
            // A number that looks like chance, and is the same every time.
            let mixed = n.wrapping_mul(2_654_435_761) >> 8;
            let pick = |list: &[&'static str], salt: u32| {
                let index = usize::try_from(mixed / salt).unwrap_or_default() % list.len();
                list[index]
            };
            let at = ctx.now() - TimeDelta::minutes(i64::from(mixed % 1_000_000));
            let partner = format!("ТОО «Партнёр {}»", mixed % 211);
            let state = pick(&STATES, 3);
            let period = format!("{}-{:02}", 2023 + mixed % 4, 1 + mixed / 7 % 12);
            document::ActiveModel {
                id: Set(ctx.uuid()),
                participant_id: Set(participant),
                author_id: Set(person),
                kind: Set(crate::statform::KIND.to_owned()),
                edition: Set("5.23.0".to_owned()),
                title: Set(format!("Вывоз, {period}, {partner}")),
                state: Set(state.to_owned()),
                version: Set(40),
                snapshot_version: Set(40),
                number: Set((state != "draft").then(|| format!("10100999/010126/С{n:06}"))),
                period: Set(Some(period)),
                direction: Set(Some(pick(&["ЭК", "ИМ"], 5).to_owned())),
                search_text: Set(domain::text::search_key(&format!(
                    "{partner} {} {} {}",
                    pick(&GOODS, 11),
                    pick(&GOODS, 13),
                    pick(&GOODS, 17)
                ))
                .join(" ")),
                partner: Set(Some(partner)),
                amount: Set(Some(i64::from(mixed) * 100)),
                currency: Set(Some("RUB".to_owned())),
                due: Set(Some(at.date_naive())),
                filed_at: Set((state != "draft").then_some(at)),
                late: Set(mixed % 9 == 0),
                demand_text: Set(None),
                demand_since: Set(None),
                demand_until: Set(None),
                demand_answered_at: Set(None),
                replaces: Set(None),
                replaced_by: Set(None),
                checkpoint_at: Set(Some(at)),
                checkpoint_version: Set(40),
                created_at: Set(at),
                updated_at: Set(at),
                expires_on: Set(None),
                expiry_announced: Set(false),
                deleted_at: Set(None),
            }
        })
        .collect();
    let txn = super::begin(ctx.db()).await.expect("a transaction");
    for chunk in rows.chunks(500) {
        let insert = document::Entity::insert_many(chunk.to_vec());
        insert.exec_without_returning(&txn).await.expect("forms");
    }
    txn.commit().await.expect("kept");
}
