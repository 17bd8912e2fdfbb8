//! One check and its result.

use domain::lang::Lang;
use serde::{Deserialize, Serialize};

use super::Reason;

/// Text in the two languages of the cabinet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub ru: String,
    pub en: String,
}

impl Bilingual {
    pub fn cause(reason: Reason) -> Self {
        Self { ru: reason.cause(Lang::Ru).to_owned(), en: reason.cause(Lang::En).to_owned() }
    }

    pub fn remedy(reason: Reason) -> Self {
        Self { ru: reason.remedy(Lang::Ru).to_owned(), en: reason.remedy(Lang::En).to_owned() }
    }
}

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The signer's certificate is at hand.
    Certificate,
    /// Algorithms and key are known and strong enough.
    Algorithm,
    /// The content is the one that was signed.
    Content,
    /// The signed attributes are sound.
    Attributes,
    /// The signed reference to the certificate.
    SigningCertificate,
    /// The signature fits key and attributes.
    Signature,
    /// The chain to a trusted root.
    Chain,
    /// The certificate may sign documents.
    Purpose,
    Revocation,
    Timestamp,
    /// Embedded certificates and revocation data.
    LongTerm,
    Countersignature,
    /// The level is high enough.
    Level,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Passed,
    /// Not as it should be, and no ground to refuse.
    Warning,
    Failed,
    /// Nobody asked for it.
    Skipped,
}

/// One check of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: CheckKind,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<Bilingual>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<Bilingual>,
    /// What exactly: a certificate, an algorithm.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

impl Check {
    pub(crate) fn passed(kind: CheckKind) -> Self {
        Self {
            kind,
            outcome: Outcome::Passed,
            reason: None,
            cause: None,
            remedy: None,
            detail: None,
        }
    }

    pub(crate) fn skipped(kind: CheckKind) -> Self {
        Self { outcome: Outcome::Skipped, ..Self::passed(kind) }
    }

    pub(crate) fn failed(kind: CheckKind, reason: Reason) -> Self {
        Self {
            outcome: Outcome::Failed,
            reason: Some(reason),
            cause: Some(Bilingual::cause(reason)),
            remedy: Some(Bilingual::remedy(reason)),
            ..Self::passed(kind)
        }
    }

    pub(crate) fn warning(kind: CheckKind, reason: Reason) -> Self {
        Self { outcome: Outcome::Warning, ..Self::failed(kind, reason) }
    }

    pub(crate) fn of(kind: CheckKind, result: Result<(), Reason>) -> Self {
        result.map_or_else(|reason| Self::failed(kind, reason), |()| Self::passed(kind))
    }

    pub(crate) fn with(mut self, detail: impl std::fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}
