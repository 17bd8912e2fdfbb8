//! Signing in the browser. A [`Signer`] is one way of making a signature; whatever makes it, what
//! is signed is the exact bytes of a frozen document, and the result is a detached CMS.
//!
//! The software signer keeps a key on this device that no script can read out. A plug-in, a key
//! container, a telephone or an uploaded signature fit the same interface.

pub mod api;
pub mod base64;
pub mod card;
pub mod certificate;
pub mod cms;
pub mod content;
pub mod csr;
pub mod der;
pub mod dialog;
#[cfg(test)]
mod fixture;
#[cfg(feature = "hydrate")]
mod software;
#[cfg(feature = "hydrate")]
mod webcrypto;

use std::{future::Future, pin::Pin, rc::Rc};

use chrono::{DateTime, Utc};
use domain::lang::Lang;
use uuid::Uuid;

use certificate::Certificate;

/// Work in the browser: one thread, so nothing need be `Send`.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Whether a way of signing can be used here and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    Ready,
    /// Something has to be done first; the text says what.
    NeedsSetup(String),
    /// This browser or device cannot do it; the text says why.
    Impossible(String),
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
        }
    }

    pub fn is_valid(&self, at: DateTime<Utc>) -> bool {
        self.valid_from <= at && at <= self.valid_to
    }
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// A short name that a device with a screen of its own may show.
    pub title: String,
    pub bytes: Vec<u8>,
}

/// What signing gives: a detached CMS `SignedData`, DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub cms: Vec<u8>,
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the person declined")]
    Declined,
    #[error("there is no such key on this device")]
    NoKey,
    #[error("the certificate is not valid now")]
    Expired,
    #[error("the kept certificate cannot be read: {0}")]
    Certificate(#[from] der::DerError),
    /// The browser, the plug-in or the device refused; its own words.
    #[error("signing failed: {0}")]
    Failed(String),
}

impl SignError {
    /// The cause and what to do.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Declined => lang.pick(
                "Подписание отменено. Форма осталась черновиком.",
                "Signing was cancelled. The form is still a draft.",
            ),
            Self::NoKey => lang.pick(
                "На этом устройстве нет ключа подписи. Создайте подпись в профиле.",
                "There is no signing key on this device. Create a signature in the profile.",
            ),
            Self::Expired => lang.pick(
                "Срок сертификата истёк или ещё не наступил. Создайте новую подпись в профиле.",
                "The certificate is not valid now. Create a new signature in the profile.",
            ),
            Self::Certificate(_) => lang.pick(
                "Сертификат на этом устройстве повреждён. Создайте подпись в профиле заново.",
                "The certificate on this device is damaged. Create the signature anew.",
            ),
            Self::Failed(cause) => {
                return format!(
                    "{} {cause}",
                    lang.pick("Подписать не удалось:", "Signing failed:")
                );
            }
        }
        .to_owned()
    }
}

/// One way of signing.
pub trait Signer {
    /// How the person knows it.
    fn name(&self, lang: Lang) -> String;

    fn status(&self) -> Pending<'_, Availability>;

    /// Certificates that may be chosen, those valid now first.
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

/// The ways of signing that this page offers.
#[cfg(feature = "hydrate")]
pub fn signers(holder: Holder, lang: Lang) -> Vec<Rc<dyn Signer>> {
    vec![Rc::new(software::SoftwareSigner { holder, lang })]
}

/// While a page is rendered on the server nothing is signed.
#[cfg(not(feature = "hydrate"))]
pub fn signers(_holder: Holder, _lang: Lang) -> Vec<Rc<dyn Signer>> {
    Vec::new()
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
