//! The outside world on one machine: what a cabinet of a foreign-trade participant talks to, over
//! real HTTP and SMTP on loopback ports.
//!
//! | system | where | how close to the real one |
//! | --- | --- | --- |
//! | ESIA («Госуслуги») | `/aas/…`, `/rs/…`, `/idp/…` | real paths, parameters and tokens; clients sign with GOST R 34.10-2012 or ECDSA P-256 |
//! | «Госуслуги» for organisations, «Госключ» | `/api/gusmev/…`, `/esia-rs/…`, `/sandbox/phone` | paths and parameters as open clients show them; the telephone is a page |
//! | customs (EAIS) | `/eais/…` | the real transport is not public: a SOAP envelope of our own around documents of the album |
//! | tax register | `/egr/…`, `/npd/…` | simplified JSON |
//! | certificate authority | `/ca/…` | X.509 with the names and extensions of Russian qualified certificates, GOST R 34.10-2012 and ECDSA P-256; CRL, OCSP, time-stamps |
//! | mail | SMTP, `/mail` | a sink that keeps what was sent |
//! | control | `/sandbox/…` | faults and an inspector's actions, for people (a page) and tests (JSON) |
//!
//! Keys, accepted documents, registration numbers, answers and mail are kept in the data folder
//! and survive `kill -9`. Sign-ins under way, tokens for refreshing, and faults set through the
//! control interface do not.

mod ca;
mod control;
mod eais;
mod epgu;
mod esia;
mod html;
mod mail;
mod options;
mod population;
mod refusal;
mod register;
mod store;
mod xml;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use self::{
    ca::Authority, control::Switches, eais::Eais, epgu::Epgu, esia::Esia, mail::Mailbox,
    refusal::Refusal,
};
pub use self::{
    esia::{ESIA_ISSUER, EsiaSettings},
    options::{ClientCertificate, ClientKey, ClientRegistration, Clock, Options, Speed},
};

/// Largest request body: an envelope with a signed document of 999 goods fits many times.
const BODY_LIMIT: usize = 32 * 1024 * 1024;
/// How long [`Sandbox::stop`] waits for requests that are under way.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Why a sandbox cannot start or use its keys.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A port is taken or not allowed.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system answered.
        source: io::Error,
    },
    /// The data folder cannot be read or written, or holds a damaged file.
    #[error("data folder of the sandbox: {0}")]
    Data(#[from] io::Error),
    /// A key or certificate cannot be made, read or used.
    #[error("key or certificate of the sandbox: {0}")]
    Key(String),
    /// A client's registration cannot be used.
    #[error("client {client_id} of ESIA: {what}")]
    Client {
        /// Mnemonic of the client.
        client_id: String,
        /// What is wrong and what would be right.
        what: String,
    },
}

macro_rules! key_errors {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for SandboxError {
            fn from(error: $error) -> Self {
                Self::Key(error.to_string())
            }
        }
    )+};
}

key_errors!(
    rand::rngs::SysError,
    rsa::Error,
    rsa::pkcs8::Error,
    signature::asn1::Error,
    signature::container::ContainerError,
    signature::key::KeyError,
    signature::sign::SignError,
    spki::Error,
);

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        Self::from(io::Error::other(error))
    }
}

/// What the systems of the sandbox share.
pub(crate) struct World {
    pub(crate) clock: Clock,
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    pub(crate) smtp_addr: SocketAddr,
    pub(crate) switches: Switches,
    pub(crate) authority: Authority,
    pub(crate) esia: Esia,
    pub(crate) eais: Eais,
    pub(crate) epgu: Epgu,
    pub(crate) mail: Mailbox,
    /// Becomes `true` when the sandbox stops, so that long polls end.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A running sandbox. Dropping it stops everything at once.
pub struct Sandbox {
    world: Arc<World>,
    stop: watch::Sender<bool>,
    http: Option<JoinHandle<()>>,
    others: JoinSet<()>,
}

impl Sandbox {
    /// Opens the data folder, binds both ports and starts all systems.
    ///
    /// # Errors
    /// A port is taken, the data folder is unusable, or a client's registration is.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let Options { addr, smtp_addr, data, speed, clients, clock } = options;
        let (listener, addr) = listen(addr).await?;
        let (smtp, smtp_addr) = listen(smtp_addr).await?;
        let url = format!("http://{addr}");
        let now = clock.now();

        let authority = Authority::open(&data.join("ca"), now, &url)?;
        let esia = Esia::open(&data.join("esia"), &authority, clients, now)?;
        let eais = Eais::open(&data.join("eais"), speed)?;
        let epgu = Epgu::open(&data.join("epgu"))?;
        let mail = Mailbox::open(&data.join("mail"))?;
        let (stop, stopping) = watch::channel(false);
        let switches = Switches::default();
        let world = Arc::new(World {
            clock,
            url,
            smtp_addr,
            switches,
            authority,
            esia,
            eais,
            epgu,
            mail,
            stopping,
        });

        let mut others = JoinSet::new();
        others.spawn(eais::work(world.clone()));
        others.spawn(mail::serve(world.clone(), smtp));
        let mut stopped = world.stopping.clone();
        let service = router(world.clone());
        let http = tokio::spawn(async move {
            let wait = async move {
                // The sender lives as long as the sandbox; its end is a stop as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(wait).await {
                tracing::error!(%error, "the sandbox's HTTP server ended");
            }
        });
        tracing::info!(url = world.url, smtp = %world.smtp_addr, "sandbox started");
        Ok(Self { world, stop, http: Some(http), others })
    }

    /// Where every HTTP interface is, without a trailing slash.
    pub fn url(&self) -> String {
        self.world.url.clone()
    }

    /// Where mail is taken.
    pub fn smtp_addr(&self) -> SocketAddr {
        self.world.smtp_addr
    }

    /// Participant identifier of customs in the exchange.
    pub fn customs_id(&self) -> &'static str {
        eais::EAIS_ID
    }

    /// PEM of the root certificates to trust in signatures.
    pub fn root_certificate_pem(&self) -> String {
        self.world.authority.root_pem()
    }

    /// Where time-stamps are given, by GOST.
    pub fn timestamp_url(&self) -> String {
        format!("{}/ca/gost/tsp", self.url())
    }

    /// What the client `client_id` needs to use this ESIA; `None` when it is not registered.
    /// Waits for the first start's generation of ESIA's RSA key.
    ///
    /// # Errors
    /// A key cannot be read from the data folder.
    pub async fn esia_settings(
        &self,
        client_id: &str,
    ) -> Result<Option<EsiaSettings>, SandboxError> {
        self.world.esia.settings(&self.world.url, client_id).await
    }

    /// Finishes the requests under way and stops. What was accepted is already on disk.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(mut http) = self.http.take()
            && tokio::time::timeout(STOP_PATIENCE, &mut http).await.is_err()
        {
            http.abort();
        }
        self.others.shutdown().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(http) = &self.http {
            http.abort();
        }
    }
}

async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let failed = |source| SandboxError::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .merge(ca::router())
        .merge(control::router())
        .merge(eais::router())
        .merge(epgu::router())
        .merge(esia::router())
        .merge(mail::router())
        .merge(register::router())
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(world)
}

/// Locks a mutex; a panic of another holder does not spoil plain data.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
