//! What an operator sets: a TOML file, and `CABINET_*` variables of the environment over it.

mod environment;
mod insecure;
mod secret;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use backend::{
    gateway::{
        esia::{CertificateHash, SignatureOrder},
        mail::MailTls,
    },
    signature::RevocationPolicy,
};
use domain::view::signature::SignatureWay;
use sandbox::ClientKey;
use serde::Deserialize;
use thiserror::Error;

pub use environment::{KEYS, Key};
pub use insecure::Insecurity;
pub use secret::{DatabaseUrl, Secret};

/// Why there is no configuration to start with.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("cannot read the configuration file {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{origin}: {message}")]
    Malformed { origin: String, message: String },
    #[error("{name} is not a setting of the cabinet{hint}")]
    UnknownVariable { name: String, hint: String },
    #[error(
        "refusing to start with insecure settings outside of development (--dev):\n{}",
        .0.iter().map(|i| format!("  - {i}")).collect::<Vec<_>>().join("\n")
    )]
    Insecure(Vec<Insecurity>),
}

/// All settings. Every one has a value that suits development on one machine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Development on one machine: insecure settings are allowed.
    pub dev: bool,
    /// Where the cabinet listens.
    pub address: SocketAddr,
    /// Where browsers reach it; by default the address it listens on.
    pub public_url: Option<String>,
    /// Folder of the database and the sandbox's state.
    pub data: PathBuf,
    /// Folder of the built client and of the files served at the root.
    pub site: Option<PathBuf>,
    /// SQLite in the data folder when absent.
    pub database_url: Option<DatabaseUrl>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests that take longer are cut off at shutdown, in seconds.
    pub shutdown_seconds: u64,
    pub log: Log,
    pub tls: Tls,
    pub metrics: Metrics,
    pub limits: Limits,
    pub session: Session,
    pub drafts: Drafts,
    pub sandbox: Sandbox,
    pub esia: Esia,
    pub customs: Customs,
    pub tax: Tax,
    pub authority: Authority,
    pub signature: Signature,
    pub mail: Mail,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dev: false,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            data: PathBuf::from("data"),
            site: None,
            database_url: None,
            trusted_proxies: Vec::new(),
            shutdown_seconds: 30,
            log: Log::default(),
            tls: Tls::default(),
            metrics: Metrics::default(),
            limits: Limits::default(),
            session: Session::default(),
            drafts: Drafts::default(),
            sandbox: Sandbox::default(),
            esia: Esia::default(),
            customs: Customs::default(),
            tax: Tax::default(),
            authority: Authority::default(),
            signature: Signature::default(),
            mail: Mail::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One line a record, for people.
    #[default]
    Text,
    /// One JSON object a record, for collectors.
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: LogFormat,
    /// A filter of `tracing`: `info,backend=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// TLS 1.3 by the cabinet itself; both files or neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// Chain of certificates, PEM, the host's own first.
    pub cert: Option<PathBuf>,
    /// Private key, PEM.
    pub key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Where `/metrics` listens; nowhere when absent.
    pub address: Option<SocketAddr>,
}

/// How much one address or session may ask for, and how large a request may be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a minute from one address, on average; 0 means no limit.
    pub address_per_minute: u32,
    /// Requests a minute of one session, on average; 0 means no limit.
    pub session_per_minute: u32,
    /// Sign-ins begun and signatures checked a minute from one address; 0 means no limit.
    pub sign_in_per_minute: u32,
    /// Bytes of an ordinary request's body.
    pub body_bytes: usize,
    /// Bytes of an uploaded document.
    pub upload_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_per_minute: 3000,
            session_per_minute: 1200,
            sign_in_per_minute: 60,
            body_bytes: 4 << 20,
            upload_bytes: 32 << 20,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// Idle seconds after which the screen locks.
    pub idle_lock_seconds: u64,
    /// Idle seconds after which a session ends.
    pub idle_end_seconds: u64,
    /// Seconds that a session lives at most.
    pub absolute_end_seconds: u64,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            idle_lock_seconds: 10 * 60,
            idle_end_seconds: 8 * 60 * 60,
            absolute_end_seconds: 24 * 60 * 60,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drafts {
    /// Days after which an untouched draft is deleted; its owner is told a week ahead.
    pub keep_days: u32,
    /// Seconds between two checkpoints while one works.
    pub checkpoint_seconds: u64,
    /// Working days to correct a form under control.
    pub correction_days: u32,
}

impl Default for Drafts {
    fn default() -> Self {
        Self { keep_days: 180, checkpoint_seconds: 10 * 60, correction_days: 10 }
    }
}

/// The outside world on one machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sandbox {
    pub enabled: bool,
    pub address: SocketAddr,
    pub smtp_address: SocketAddr,
    /// Answers come at once, for tests.
    pub fast: bool,
    /// With what the cabinet signs its requests to the sandbox's ESIA: `ecdsa` or `gost`.
    pub esia_key: ClientKey,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            enabled: false,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)),
            smtp_address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            fast: false,
            esia_key: ClientKey::default(),
        }
    }
}

/// ЕСИА. Every part is filled in by the sandbox when that is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Esia {
    pub url: Option<String>,
    /// Mnemonic of this information system.
    pub client_id: Option<String>,
    /// Key that signs requests: GOST R 34.10-2012-256 or ECDSA P-256, PKCS#8 PEM.
    pub key: Option<Secret>,
    /// Order of the bytes of a GOST signature: `direct` or `reversed`.
    pub signature_order: SignatureOrder,
    /// Digest that names the certificate: `sha256` or `streebog256`.
    pub certificate_hash: CertificateHash,
    /// Certificate of that key, PEM.
    pub certificate: Option<String>,
    /// `iss` of ESIA's tokens.
    pub issuer: Option<String>,
    /// Key or certificate that verifies ESIA's tokens, PEM.
    pub verifying_key: Option<String>,
}

/// Exchange with customs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Customs {
    pub url: Option<String>,
    pub sender_id: Option<String>,
    pub receiver_id: Option<String>,
}

/// The tax service's register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tax {
    pub url: Option<String>,
}

/// Whose certificates are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Authority {
    /// Where keys made in the browser are certified; nowhere when absent.
    pub url: Option<String>,
    /// Roots that signing certificates must lead to, PEM.
    pub roots: Option<String>,
    /// Folder of certificates as `cabinet-sign roots` writes it: `roots` and `intermediates`.
    pub folder: Option<PathBuf>,
    /// Keys made in the browser may be used for signing.
    pub software_signature: bool,
}

/// What is demanded of signatures.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {
    /// Whether certificates must be known not to be revoked: `require`, `try` or `off`. When
    /// absent, `require`, and in development `try`.
    pub revocation: Option<RevocationPolicy>,
    /// Names of the algorithms that are taken; all that are supported when empty.
    pub algorithms: Vec<String>,
    /// Authorities whose certificates are qualified: common names, or SHA-256 of their
    /// certificates; all that lead to a root when empty.
    pub qualified_issuers: Vec<String>,
    /// Ways of signing that are offered: `plugin`, `container`, `browser`, `mobile`, `file`.
    pub ways: Vec<SignatureWay>,
    /// Which of them count as qualified.
    pub qualified_ways: Vec<SignatureWay>,
    /// Time-stamps on signatures of documents (CAdES-T).
    pub timestamp: Timestamp,
    /// «Госключ»; without an address and a key it is not offered.
    pub mobile: Mobile,
}

/// Services that stamp with the time (RFC 3161).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timestamp {
    /// Where the server asks; nowhere when absent.
    pub url: Option<String>,
    /// Where plug-ins on people's computers ask; they ask for none when absent.
    pub plugin_url: Option<String>,
    /// A document is taken only with a time-stamp on its signature.
    pub required: bool,
}

/// Signing on the telephone: the way to «Госключ» through «Госуслуги» (API ЕПГУ).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mobile {
    /// «Госуслуги»; nowhere when absent.
    pub url: Option<String>,
    /// The organisation's API key. Requests are signed with the key of `esia`.
    pub api_key: Option<Secret>,
    /// ОКАТО of the region.
    pub region: String,
    /// Codes of the service and of its goal.
    pub service: String,
    pub target: String,
    /// Mnemonic of the information system; that of `esia` when absent.
    pub mnemonic: Option<String>,
    /// Seconds until a request that nobody confirmed expires.
    pub wait_seconds: u64,
}

impl Default for Mobile {
    fn default() -> Self {
        Self {
            url: None,
            api_key: None,
            region: "45000000000".to_owned(),
            service: "10000000374".to_owned(),
            target: "-10000000374".to_owned(),
            mnemonic: None,
            wait_seconds: 24 * 60 * 60,
        }
    }
}

impl Default for Signature {
    fn default() -> Self {
        let qualified = [SignatureWay::Plugin, SignatureWay::Mobile, SignatureWay::File];
        Self {
            revocation: None,
            algorithms: Vec::new(),
            qualified_issuers: Vec::new(),
            ways: SignatureWay::ALL.to_vec(),
            qualified_ways: qualified.to_vec(),
            timestamp: Timestamp::default(),
            mobile: Mobile::default(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// Host and port of the SMTP server; no mail is sent when absent.
    pub smtp: Option<String>,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub tls: MailTls,
    pub from: String,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp: None,
            user: None,
            password: None,
            tls: MailTls::Tls,
            from: "Кабинет ВЭД <cabinet@localhost>".to_owned(),
        }
    }
}

impl Config {
    /// Reads the file, if any, and the variables over it.
    ///
    /// # Errors
    /// The file cannot be read; a setting is unknown or of the wrong type. Insecure settings are
    /// left to [`Config::check`], which runs after the command line had its word.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut origin = "the environment".to_owned();
        let mut table = toml::Table::new();
        if let Some(path) = file {
            origin = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
            // Read by itself first: a mistake in the file is then reported with its line.
            toml::from_str::<Self>(&text).map_err(|error| malformed(&origin, &error))?;
            table = text.parse().map_err(|error| malformed(&origin, &error))?;
        }
        environment::overlay(&mut table, variables)?;
        table.try_into().map_err(|error| malformed(&origin, &error))
    }

    /// Refuses what must not run outside of development.
    ///
    /// # Errors
    /// [`ConfigError::Insecure`] names every insecure setting at once.
    pub fn check(&self) -> Result<(), ConfigError> {
        let found = insecure::find(self);
        if self.dev || found.is_empty() { Ok(()) } else { Err(ConfigError::Insecure(found)) }
    }

    /// TLS is terminated here or before us.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The database to open.
    pub fn database(&self) -> DatabaseUrl {
        self.database_url.clone().unwrap_or_else(|| {
            DatabaseUrl::new(format!(
                "sqlite://{}?mode=rwc",
                self.data.join("cabinet.db").display()
            ))
        })
    }

    /// The site's folder: the one configured, the one beside the program, or the build's.
    pub fn site(&self) -> PathBuf {
        let beside = || {
            let folder = std::env::current_exe().ok()?.parent()?.join("site");
            folder.is_dir().then_some(folder)
        };
        self.site.clone().or_else(beside).unwrap_or_else(|| PathBuf::from("target/site"))
    }

    /// How long requests and jobs under way may take at shutdown.
    pub fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

fn malformed(origin: &str, error: &toml::de::Error) -> ConfigError {
    ConfigError::Malformed { origin: origin.to_owned(), message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cabinet.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(Some(&path), variables)
    }

    #[test]
    fn variables_come_over_the_file() {
        let config = load(
            "address = \"127.0.0.1:1\"\ndata = \"here\"\n[sandbox]\nenabled = true\n",
            &[("CABINET_ADDRESS", "127.0.0.1:2"), ("CABINET_ESIA_CLIENT_ID", "007"), ("PATH", "/")],
        )
        .unwrap();
        assert_eq!(config.address.port(), 2);
        assert_eq!(config.data, PathBuf::from("here"));
        assert!(config.sandbox.enabled);
        assert_eq!(config.esia.client_id.as_deref(), Some("007"));
    }

    #[test]
    fn a_mistake_in_the_file_is_reported_with_its_line() {
        let error = load("dev = true\nadress = \"127.0.0.1:1\"\n", &[]).unwrap_err().to_string();
        assert!(error.contains("cabinet.toml"), "{error}");
        assert!(error.contains("line 2"), "{error}");
        assert!(error.contains("adress"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = load(
            "[mail]\npassword = \"swordfish\"\n",
            &[("CABINET_DATABASE_URL", "postgres://u:opensesame@h/d")],
        )
        .unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("swordfish") && !shown.contains("opensesame"), "{shown}");
        assert!(shown.contains("postgres://u:…@h/d"), "{shown}");
    }
}
