//! Signing in the browser. A [`Signer`] is one way of making a signature; whatever makes it, what
//! is signed is the exact bytes of a frozen document, and the result is a detached CMS.
//!
//! The software signer keeps a key on this device that no script can read out. A plug-in, a key
//! container, a telephone and an uploaded signature fit the same interface.

pub mod api;
mod asks;
pub mod base64;
pub mod card;
pub mod certificate;
mod certificate_choice;
pub mod challenge;
pub mod check;
pub mod chooser;
pub mod cms;
#[cfg(feature = "hydrate")]
mod container;
pub mod content;
pub mod csr;
pub mod der;
pub mod dialog;
#[cfg(feature = "hydrate")]
mod elsewhere;
#[cfg(feature = "hydrate")]
mod engine;
mod error;
mod file_hash;
mod fitness;
#[cfg(test)]
mod fixture;
mod frozen;
mod given;
#[cfg(feature = "hydrate")]
mod mobile;
pub mod package;
mod phone;
#[cfg(feature = "hydrate")]
mod plugin;
mod plugin_errors;
#[cfg(feature = "hydrate")]
mod software;
#[cfg(feature = "hydrate")]
mod vault;
pub mod way;
mod ways;
#[cfg(feature = "hydrate")]
mod webcrypto;

use std::{future::Future, pin::Pin, rc::Rc};

use chrono::{DateTime, Utc};
use domain::{
    lang::Lang,
    view::signature::{FrozenBytes, SignatureWay},
};
use uuid::Uuid;

use certificate::Certificate;
pub use error::{SignError, Trouble};
pub use given::{Ask, Given, Hashes, Kept};

/// Work in the browser: one thread, so nothing need be `Send`.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Whether a way of signing can be used here and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    Ready,
    /// The person gives something first, in the page.
    Asks(Ask),
    /// Something has to be done first, elsewhere.
    NeedsSetup(Trouble),
    /// This browser or device cannot do it.
    Impossible(Trouble),
}

/// A certificate with which one may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateInfo {
    /// Names the certificate to [`Signer::sign`].
    pub id: String,
    pub subject: String,
    pub issuer: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    pub algorithm: String,
    /// СНИЛС of the owner, digits.
    pub snils: Option<String>,
    /// ИНН of the organisation and of the person.
    pub inns: Vec<String>,
    /// The key is meant for signing documents.
    pub signs: bool,
}

impl CertificateInfo {
    pub fn of(id: String, certificate: &Certificate) -> Self {
        Self {
            id,
            subject: certificate.subject_text.clone(),
            issuer: certificate.issuer_text.clone(),
            valid_from: certificate.valid_from,
            valid_to: certificate.valid_to,
            algorithm: certificate.algorithm.clone(),
            snils: certificate.snils.clone(),
            inns: certificate.inns.clone(),
            signs: certificate.signs,
        }
    }
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// A short name that a device with a screen of its own may show.
    pub title: String,
    pub bytes: Vec<u8>,
    /// The signature is to outlive its certificate: a document's, not a challenge's.
    pub lasting: bool,
}

/// What signing gives: a detached CMS `SignedData`, DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub cms: Vec<u8>,
}

/// One way of signing.
pub trait Signer {
    fn way(&self) -> SignatureWay;

    fn status(&self) -> Pending<'_, Availability>;

    /// Takes what [`Availability::Asks`] asked for. What is refused changes nothing.
    fn give(&self, given: Given) -> Pending<'_, Result<(), SignError>> {
        drop(given);
        Box::pin(async { Ok(()) })
    }

    /// Certificates that may be chosen.
    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>>;

    /// Signs with the certificate of this id.
    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>>;
}

/// For whom one signs: keys are kept per person and cabinet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub person: Uuid,
    pub participant: Uuid,
}

/// What the reader's telephone may be asked to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub bytes: FrozenBytes,
    /// The reader acts for himself alone; nobody else signs on the telephone.
    pub individual: bool,
}

/// The ways of signing that this page offers. Without a holder, before anybody has signed in,
/// every key of this device may be chosen; only frozen documents are signed on the telephone. A plug-in
/// asks `timestamp_url` for time-stamps.
#[cfg(feature = "hydrate")]
pub fn signers(
    holder: Option<Holder>,
    phone: Option<Phone>,
    timestamp_url: Option<String>,
    lang: Lang,
) -> Vec<Rc<dyn Signer>> {
    let mut signers: Vec<Rc<dyn Signer>> = vec![
        Rc::new(plugin::PluginSigner { timestamp_url, lang }),
        Rc::new(software::SoftwareSigner { holder, lang }),
        Rc::new(container::ContainerSigner::new(lang)),
        Rc::new(elsewhere::ElsewhereSigner::new()),
    ];
    if let Some(phone) = phone {
        signers.push(Rc::new(mobile::MobileSigner::new(phone, lang)));
    }
    signers
}

/// While a page is rendered on the server nothing is signed.
#[cfg(not(feature = "hydrate"))]
pub fn signers(
    _holder: Option<Holder>,
    _phone: Option<Phone>,
    _timestamp_url: Option<String>,
    _lang: Lang,
) -> Vec<Rc<dyn Signer>> {
    Vec::new()
}

/// The hashes of a content, computed beside the page.
///
/// # Errors
/// When the engine cannot be loaded.
#[cfg(feature = "hydrate")]
pub async fn hashes(bytes: &[u8]) -> Result<Hashes, SignError> {
    engine::Engine::start()?.hash(bytes).await
}

/// While a page is rendered on the server nothing is hashed.
#[cfg(not(feature = "hydrate"))]
pub async fn hashes(_bytes: &[u8]) -> Result<Hashes, SignError> {
    Err(SignError::NoKey)
}

/// The hashes of many contents, in their order, by one engine.
///
/// # Errors
/// When the engine cannot be loaded.
#[cfg(feature = "hydrate")]
pub async fn hashes_of_all(contents: &[Vec<u8>]) -> Result<Vec<Hashes>, SignError> {
    let mut found = Vec::with_capacity(contents.len());
    if contents.is_empty() {
        return Ok(found);
    }
    let engine = engine::Engine::start()?;
    for content in contents {
        found.push(engine.hash(content).await?);
    }
    Ok(found)
}

/// While a page is rendered on the server nothing is hashed.
#[cfg(not(feature = "hydrate"))]
pub async fn hashes_of_all(_contents: &[Vec<u8>]) -> Result<Vec<Hashes>, SignError> {
    Err(SignError::NoKey)
}

/// Hashes a file as a stream, whatever its size; `progress` hears how much is done, 0 to 1.
///
/// # Errors
/// When the engine cannot be loaded or the file cannot be read.
#[cfg(feature = "hydrate")]
pub async fn hashes_of_file(
    file: &web_sys::File,
    progress: impl Fn(f64) + 'static,
) -> Result<Hashes, SignError> {
    engine::Engine::start()?.hash_file(file, Box::new(progress)).await
}

/// While a page is rendered on the server nothing is hashed.
#[cfg(not(feature = "hydrate"))]
pub async fn hashes_of_file(
    _file: &web_sys::File,
    _progress: impl Fn(f64) + 'static,
) -> Result<Hashes, SignError> {
    Err(SignError::NoKey)
}

/// Makes a key on this device and the request for its certificate, DER. The key counts as a
/// signature only once [`keep_certificate`] was given the chain.
///
/// # Errors
/// When the browser makes no keys.
#[cfg(feature = "hydrate")]
pub async fn make_key(holder: Holder, subject: &csr::Subject) -> Result<Vec<u8>, SignError> {
    software::make_key(holder, subject).await
}

/// While a page is rendered on the server no keys are made.
#[cfg(not(feature = "hydrate"))]
pub async fn make_key(_holder: Holder, _subject: &csr::Subject) -> Result<Vec<u8>, SignError> {
    Err(SignError::NoKey)
}

/// Keeps the certificate chain (PEM, the signer's first) beside the key made before.
///
/// # Errors
/// When the chain is not for this key, or the device keeps nothing.
#[cfg(feature = "hydrate")]
pub async fn keep_certificate(holder: Holder, chain: &str) -> Result<(), SignError> {
    software::keep_certificate(holder, chain).await
}

/// While a page is rendered on the server nothing is kept.
#[cfg(not(feature = "hydrate"))]
pub async fn keep_certificate(_holder: Holder, _chain: &str) -> Result<(), SignError> {
    Err(SignError::NoKey)
}
