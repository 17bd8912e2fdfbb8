//! What every use case gets first: the database, the clock, randomness, and who asks.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    date::moscow_date,
    lang::Lang,
    view::session::{PersonName, Role},
};
use edoc::patch::ReplicaId;
use sea_orm::DatabaseConnection;
use uuid::Uuid;

use crate::{bus::Bus, error::Denied, gateway::Gateways};

/// The source of time; tests set their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The source of randomness; tests set their own.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that opens the generator")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), bytes);
    }
}

/// What an operator configures and use cases need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers reach the cabinet, without a slash at the end.
    pub public_url: String,
    /// Idleness after which the screen locks (article of the order: ten minutes).
    pub idle_lock: Duration,
    /// Idleness after which a session ends.
    pub idle_end: Duration,
    /// The longest a session lives.
    pub absolute_end: Duration,
    /// Days after which an untouched draft is deleted; announced a week ahead.
    pub draft_keep_days: u32,
    /// The longest a working author goes without a checkpoint.
    pub checkpoint_every: Duration,
    /// Working days that customs gives to correct a form under control.
    pub correction_days: u32,
    /// Keys made in the browser may be certified and used.
    pub software_signature: bool,
    /// What is demanded of signatures.
    pub signature: crate::signature::Policy,
    /// How long a request to sign on the telephone waits.
    pub mobile_wait: Duration,
}

/// Everything that one process shares between requests.
pub struct Backend {
    pub db: DatabaseConnection,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub registry: Arc<edoc::registry::Registry>,
    pub settings: Settings,
    pub gateways: Gateways,
    pub bus: Bus,
    pub drafts: crate::document::Cache,
}

impl Backend {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A version 7 identifier: sorts by time.
    pub fn uuid(&self) -> Uuid {
        uuid_v7(self.now(), self.entropy.as_ref())
    }
}

fn uuid_v7(now: DateTime<Utc>, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// What a command of the operator works with. Whoever may open the database may do what it does;
/// the world outside is not needed for it, nor are its settings.
pub struct Operator {
    pub db: DatabaseConnection,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl Operator {
    /// With the system's clock and generator.
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db, clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn uuid(&self) -> Uuid {
        uuid_v7(self.now(), self.entropy.as_ref())
    }
}

/// From where a request came.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: String,
    pub user_agent: String,
}

/// A person signed in.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub person: Uuid,
    pub name: PersonName,
    pub snils: Option<String>,
    /// In which the person reads.
    pub lang: Lang,
    /// The cabinet entered.
    pub role: Option<Role>,
    pub locked: bool,
}

#[derive(Clone, Debug)]
pub enum Actor {
    Anonymous,
    Person(Arc<Session>),
    /// Background work of the cabinet itself.
    System,
}

/// One request: shared things, and who asks.
#[derive(Clone)]
pub struct Ctx {
    pub backend: Arc<Backend>,
    pub actor: Actor,
    pub request_id: String,
    pub client: Client,
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("actor", &self.actor)
            .field("request_id", &self.request_id)
            .finish()
    }
}

impl Ctx {
    /// The cabinet's own work, named for the log.
    pub fn system(backend: Arc<Backend>, request_id: impl Into<String>) -> Self {
        Self {
            backend,
            actor: Actor::System,
            request_id: request_id.into(),
            client: Client::default(),
        }
    }

    pub fn db(&self) -> &DatabaseConnection {
        &self.backend.db
    }

    pub fn settings(&self) -> &Settings {
        &self.backend.settings
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.backend.now()
    }

    /// Today by Moscow time, in which the law counts days.
    pub fn today(&self) -> NaiveDate {
        moscow_date(self.now())
    }

    pub fn uuid(&self) -> Uuid {
        self.backend.uuid()
    }

    /// The language of the reader; Russian where there is none.
    pub fn lang(&self) -> Lang {
        self.session().map_or_else(|_| Lang::default(), |session| session.lang)
    }

    /// A replica of its own for changes that the cabinet itself makes in a draft.
    pub fn replica(&self) -> ReplicaId {
        let mut random = [0; 8];
        self.backend.entropy.fill(&mut random);
        ReplicaId::session(u64::from_le_bytes(random))
    }

    /// 256 random bits.
    pub fn token(&self) -> [u8; 32] {
        let mut token = [0; 32];
        self.backend.entropy.fill(&mut token);
        token
    }

    /// The session, whether locked or not: for the few things that a locked screen still needs.
    pub fn session(&self) -> Result<&Arc<Session>, Denied> {
        match &self.actor {
            Actor::Person(session) => Ok(session),
            Actor::Anonymous | Actor::System => Err(Denied::NotSignedIn),
        }
    }

    /// A person signed in whose screen is not locked.
    pub fn person(&self) -> Result<&Arc<Session>, Denied> {
        let session = self.session()?;
        if session.locked { Err(Denied::Locked) } else { Ok(session) }
    }

    /// The cabinet that the person works in.
    pub fn role(&self) -> Result<&Role, Denied> {
        self.person()?.role.as_ref().ok_or(Denied::NoCabinet)
    }

    /// The cabinet, when the person may change documents in it.
    pub fn editor(&self) -> Result<&Role, Denied> {
        let role = self.role()?;
        if role.rights.edit || role.rights.chief { Ok(role) } else { Err(Denied::Forbidden) }
    }

    /// The cabinet, when the person may sign and send in it.
    pub fn signer(&self) -> Result<&Role, Denied> {
        let role = self.role()?;
        if role.rights.sign || role.rights.chief { Ok(role) } else { Err(Denied::Forbidden) }
    }

    /// How the journal names the actor.
    pub fn actor_name(&self) -> String {
        match &self.actor {
            Actor::Person(session) => session.name.short(),
            Actor::Anonymous => "—".to_owned(),
            Actor::System => "Кабинет".to_owned(),
        }
    }
}
