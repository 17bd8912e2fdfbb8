//! How a sandbox is started.

use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

/// Everything a sandbox needs to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where HTTP listens; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Where SMTP listens; port 0 takes a free one.
    pub smtp_addr: SocketAddr,
    /// Folder of keys and of everything that outlives a restart. Created when absent.
    pub data: PathBuf,
    /// How long the systems think before they answer.
    pub speed: Speed,
    /// Information systems that may ask ESIA to sign people in.
    pub clients: Vec<ClientRegistration>,
    /// What time it is outside.
    pub clock: Clock,
}

impl Options {
    /// A sandbox on free loopback ports that keeps its state in `data`, at the speed of a human
    /// inspector and with the machine's clock. Change the fields as needed.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            addr: free,
            smtp_addr: free,
            data: data.into(),
            speed: Speed::default(),
            clients: Vec::new(),
            clock: Clock::system(),
        }
    }
}

/// Delays between a question and its asynchronous answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    /// From accepting a document to customs' decision about it.
    pub review: Duration,
    /// From accepting an explanation to "cleared".
    pub clearing: Duration,
}

impl Speed {
    /// No delays, for tests.
    pub const FAST: Self = Self { review: Duration::ZERO, clearing: Duration::ZERO };
}

impl Default for Speed {
    /// Slow enough for a person to see each state go by.
    fn default() -> Self {
        Self { review: Duration::from_secs(2), clearing: Duration::from_secs(5) }
    }
}

/// An information system registered in ESIA.
#[derive(Clone, Debug)]
pub struct ClientRegistration {
    /// Mnemonic, `client_id`.
    pub client_id: String,
    /// Name shown to the person who signs in.
    pub name: String,
    /// Addresses ESIA may return to. One that ends with `/` allows everything below it; others
    /// allow only themselves.
    pub redirect_uris: Vec<String>,
    /// Certificate whose key signs the client's requests.
    pub certificate: ClientCertificate,
}

/// Where a client's certificate comes from.
#[derive(Clone, Debug)]
pub enum ClientCertificate {
    /// The sandbox makes a key and a certificate, keeps them in its data folder, and hands them
    /// out in [`crate::EsiaSettings`].
    Issue(ClientKey),
    /// DER of an X.509 certificate with a P-256 or GOST R 34.10-2012-256 key that the client holds
    /// itself.
    Given(Vec<u8>),
}

/// With what a client signs its requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKey {
    /// GOST R 34.10-2012, 256 bits, as the real ESIA wants it.
    Gost,
    /// ECDSA P-256.
    #[default]
    Ecdsa,
}

/// Source of the current time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "the sandbox's own outermost clock")]
    pub fn system() -> Self {
        Self::new(Utc::now)
    }

    /// Current time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
