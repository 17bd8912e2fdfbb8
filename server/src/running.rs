//! A cabinet from its start to its stop.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use backend::{
    bus::Bus,
    ctx::{Backend, Settings, SystemClock, SystemEntropy},
    document::Cache,
    gateway::{
        Gateways,
        customs::{Customs, CustomsSettings},
        esia::{Esia, EsiaSettings},
        goskey::{Goskey, GoskeySettings},
        mail::{Mail, SmtpSettings},
        revocation::Revocation,
        tax::{Authority, TaxRegister},
        timestamp::TimestampService,
    },
    job::Worker,
    storage,
};
use sandbox::Sandbox;
use thiserror::Error;
use tokio::task::JoinHandle;

use crate::{
    config::Config,
    formats,
    http::{self, Host, Site},
    sandboxing, tls, trust,
};

/// Why a cabinet cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("cannot use the data folder {}: {source}", .path.display())]
    Data { path: std::path::PathBuf, source: std::io::Error },
    #[error("the database {url}: {source}")]
    Database { url: String, source: Box<dyn std::error::Error + Send + Sync> },
    #[error(transparent)]
    Formats(#[from] formats::FormatsError),
    #[error("{setting} is not set; set it, or start with --sandbox")]
    Missing { setting: &'static str },
    #[error("{setting}: {cause}")]
    Gateway { setting: &'static str, cause: String },
    #[error(transparent)]
    Site(#[from] http::SiteError),
    #[error(transparent)]
    Sandbox(#[from] sandbox::SandboxError),
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    #[error("metrics: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    #[error("background work: {0}")]
    Worker(Box<dyn std::error::Error + Send + Sync>),
}

/// A cabinet that serves.
pub struct Running {
    host: Host,
    url: String,
    metrics: Option<SocketAddr>,
    sandbox: Option<Sandbox>,
    worker: Worker,
    handle: axum_server::Handle<SocketAddr>,
    shutdown: Duration,
    tasks: Vec<JoinHandle<std::io::Result<()>>>,
}

impl Running {
    /// Opens the database, brings it up to date, starts the sandbox if asked to, the gateways, the
    /// workers, and listens.
    ///
    /// # Errors
    /// A part cannot start; what was started before it is stopped.
    pub async fn start(mut config: Config) -> Result<Self, StartError> {
        // Another part of the process may have chosen the same provider before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let site = Site::read(&config.site())?;
        let tls = tls::read(&config.tls)?;
        let (listener, address) = listen(config.address)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{address}");
        let public_url = config.public_url.clone().unwrap_or_else(|| url.clone());

        let sandbox = if config.sandbox.enabled {
            let sandbox = Sandbox::start(sandboxing::options(&config, &public_url)).await?;
            sandboxing::connect(&mut config, &sandbox).await?;
            Some(sandbox)
        } else {
            None
        };
        let backend = Arc::new(backend(&config, &public_url).await?);
        let host = Host::new(backend.clone(), site, &config);
        let worker =
            Worker::start(backend).await.map_err(|error| StartError::Worker(error.into()))?;
        host.set_pulse(Some(worker.pulse()));

        let handle = axum_server::Handle::new();
        let mut tasks = Vec::new();
        let service =
            http::router(host.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let failed = |source| StartError::Listen { address, source };
        tasks.push(match tls {
            Some(tls) => {
                let server = axum_server::from_tcp_rustls(listener, tls).map_err(failed)?;
                tokio::spawn(server.handle(handle.clone()).serve(service))
            }
            None => {
                let server = axum_server::from_tcp(listener).map_err(failed)?;
                tokio::spawn(server.handle(handle.clone()).serve(service))
            }
        });
        let mut metrics = None;
        if let Some(address) = config.metrics.address {
            http::metrics::install()?;
            let (listener, address) = listen(address)?;
            let failed = |source| StartError::Listen { address, source };
            let service = http::metrics::router(host.clone()).into_make_service();
            let server = axum_server::from_tcp(listener).map_err(failed)?;
            tasks.push(tokio::spawn(server.handle(handle.clone()).serve(service)));
            metrics = Some(address);
        }
        tracing::info!(url, public_url, "serving");
        let shutdown = config.shutdown();
        Ok(Self { host, url, metrics, sandbox, worker, handle, shutdown, tasks })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its numbers are.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    pub fn sandbox_url(&self) -> Option<String> {
        self.sandbox.as_ref().map(Sandbox::url)
    }

    /// Method and path pattern of every route that answers as somebody in particular.
    pub fn routes(&self) -> Vec<(::http::Method, String)> {
        http::listed(&self.host)
    }

    pub fn backend(&self) -> &Arc<Backend> {
        self.host.backend()
    }

    /// Takes nothing new, finishes requests and jobs under way, and stops.
    pub async fn stop(self) {
        self.host.close();
        self.handle.graceful_shutdown(Some(self.shutdown));
        for task in self.tasks {
            match task.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "serve.failed"),
                Err(error) => tracing::error!(%error, "serve.panicked"),
            }
        }
        self.host.set_pulse(None);
        if tokio::time::timeout(self.shutdown, self.worker.stop()).await.is_err() {
            tracing::warn!("jobs under way were left to their leases");
        }
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
        if let Err(error) = self.host.backend().db.clone().close().await {
            tracing::error!(%error, "database.close_failed");
        }
    }
}

/// Everything that requests share: the database up to date, the formats, the gateways.
async fn backend(config: &Config, public_url: &str) -> Result<Backend, StartError> {
    std::fs::create_dir_all(&config.data)
        .map_err(|source| StartError::Data { path: config.data.clone(), source })?;
    let url = config.database();
    fn failed<E: std::error::Error + Send + Sync + 'static>(url: &str) -> impl Fn(E) -> StartError {
        move |error| StartError::Database { url: url.to_owned(), source: error.into() }
    }
    let shown = url.redacted();
    let db = storage::connect(url.reveal()).await.map_err(failed(&shown))?;
    storage::migrate(&db).await.map_err(failed(&shown))?;
    backend::tariff::install_builtin(&db).await.map_err(failed(&shown))?;

    let entropy = SystemEntropy;
    let mut origin = [0; 16];
    backend::ctx::Entropy::fill(&entropy, &mut origin);
    Ok(Backend {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(entropy),
        registry: Arc::new(formats::registry(&config.data)?),
        settings: settings(config, public_url)?,
        gateways: gateways(config, public_url)?,
        bus: Bus::new(uuid::Builder::from_random_bytes(origin).into_uuid()),
        drafts: Cache::default(),
    })
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn settings(config: &Config, public_url: &str) -> Result<Settings, StartError> {
    Ok(Settings {
        public_url: public_url.trim_end_matches('/').to_owned(),
        idle_lock: Duration::from_secs(config.session.idle_lock_seconds),
        idle_end: Duration::from_secs(config.session.idle_end_seconds),
        absolute_end: Duration::from_secs(config.session.absolute_end_seconds),
        draft_keep_days: config.drafts.keep_days,
        checkpoint_every: Duration::from_secs(config.drafts.checkpoint_seconds),
        correction_days: config.drafts.correction_days,
        software_signature: config.authority.software_signature,
        signature: trust::policy(config)?,
        mobile_wait: Duration::from_secs(config.signature.mobile.wait_seconds),
    })
}

fn gateways(config: &Config, public_url: &str) -> Result<Gateways, StartError> {
    fn given(setting: &'static str, value: Option<&String>) -> Result<String, StartError> {
        value
            .map(|value| value.trim_end_matches('/').to_owned())
            .ok_or(StartError::Missing { setting })
    }
    fn refused<E: std::error::Error>(setting: &'static str) -> impl Fn(E) -> StartError {
        move |error| StartError::Gateway { setting, cause: app::context::chain(&error) }
    }
    let esia = &config.esia;
    let goskey = goskey(config)?;
    let esia = EsiaSettings {
        url: given("esia.url", esia.url.as_ref())?,
        issuer: esia.issuer.clone().unwrap_or_else(|| "http://esia.gosuslugi.ru/".to_owned()),
        client_id: given("esia.client_id", esia.client_id.as_ref())?,
        key_pem: esia
            .key
            .as_ref()
            .map(|key| key.reveal().to_owned())
            .ok_or(StartError::Missing { setting: "esia.key" })?,
        order: esia.signature_order,
        hash: esia.certificate_hash,
        certificate_pem: given("esia.certificate", esia.certificate.as_ref())?,
        token_keys_pem: given("esia.verifying_key", esia.verifying_key.as_ref())?,
    };
    let customs = CustomsSettings {
        url: given("customs.url", config.customs.url.as_ref())?,
        sender_id: given("customs.sender_id", config.customs.sender_id.as_ref())?,
        receiver_id: given("customs.receiver_id", config.customs.receiver_id.as_ref())?,
    };
    let tax = TaxRegister::new(given("tax.url", config.tax.url.as_ref())?);
    let authority = config.authority.url.clone().map(Authority::new).transpose();
    let timestamp = config.signature.timestamp.url.clone().map(TimestampService::new).transpose();
    Ok(Gateways {
        esia: Esia::new(esia, format!("{public_url}/sign-in/esia/return"))
            .map_err(refused("esia"))?,
        customs: Customs::new(customs).map_err(refused("customs"))?,
        tax: tax.map_err(refused("tax"))?,
        goskey: goskey.map(Goskey::new).transpose().map_err(refused("signature.mobile"))?,
        mail: mail(config)?,
        revocation: Revocation::new().map_err(refused("signature"))?,
        timestamp: timestamp.map_err(refused("signature.timestamp"))?,
        authority: authority.map_err(refused("authority"))?,
    })
}

/// The way to the telephone, when one is set: its requests are signed as those to ESIA.
fn goskey(config: &Config) -> Result<Option<GoskeySettings>, StartError> {
    let (mobile, esia) = (&config.signature.mobile, &config.esia);
    let Some(url) = &mobile.url else { return Ok(None) };
    let given = |setting: &'static str, value: Option<&str>| {
        value.map(str::to_owned).ok_or(StartError::Missing { setting })
    };
    let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
    let mnemonic = mobile.mnemonic.as_ref().or(esia.client_id.as_ref());
    Ok(Some(GoskeySettings {
        esia_url: trimmed(&given("esia.url", esia.url.as_deref())?),
        url: trimmed(url),
        api_key: given(
            "signature.mobile.api_key",
            mobile.api_key.as_ref().map(crate::config::Secret::reveal),
        )?,
        key_pem: given("esia.key", esia.key.as_ref().map(crate::config::Secret::reveal))?,
        certificate_pem: given("esia.certificate", esia.certificate.as_deref())?,
        region: mobile.region.clone(),
        service: mobile.service.clone(),
        target: mobile.target.clone(),
        mnemonic: given("signature.mobile.mnemonic", mnemonic.map(String::as_str))?,
    }))
}

fn mail(config: &Config) -> Result<Option<Mail>, StartError> {
    let mail = &config.mail;
    let Some(server) = &mail.smtp else { return Ok(None) };
    let refused = |cause: String| StartError::Gateway { setting: "mail.smtp", cause };
    let (host, port) = server
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host, port.parse().ok()?)))
        .ok_or_else(|| refused(format!("expected host:port, found {server:?}")))?;
    let settings = SmtpSettings {
        host: host.to_owned(),
        port,
        tls: mail.tls,
        user: mail.user.clone(),
        password: mail.password.as_ref().map(|password| password.reveal().to_owned()),
        from: mail.from.clone(),
    };
    Mail::new(&settings).map(Some).map_err(|error| refused(app::context::chain(&error)))
}
