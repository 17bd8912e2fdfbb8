//! The verdict on a signature as a document: every check with its result, the code of the reason,
//! cause and remedy in words, times, chain and revocation evidence. It is kept with the signed
//! document and holds what is needed to check again later.

mod check;
mod evidence;
mod reason;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use check::{Bilingual, Check, CheckKind, Outcome};
pub use evidence::{CertificateReport, EvidenceKind, RevocationReport, SourceReport};
pub use reason::Reason;

use crate::certificate::Identifiers;
use crate::revocation::RevocationMode;

/// The version of this format.
pub const REPORT_FORMAT: u32 = 1;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Valid,
    Invalid,
}

/// How much a signature proves, ascending (RFC 5126).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// CMS without a signed reference to the certificate: not CAdES.
    Cms,
    CadesBes,
    /// With a time-stamp on the signature.
    CadesT,
    /// With references to all certificates and revocation data.
    CadesC,
    /// With the certificates and revocation data themselves.
    CadesXLong,
    /// With a time-stamp on the references as well.
    CadesXLongType1,
    /// With everything, and an archive time-stamp over it (ETSI EN 319 122-1 §5.5.3).
    CadesA,
}

impl Level {
    pub const ALL: [Self; 7] = [
        Self::Cms,
        Self::CadesBes,
        Self::CadesT,
        Self::CadesC,
        Self::CadesXLong,
        Self::CadesXLongType1,
        Self::CadesA,
    ];

    /// The name in reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cms => "cms",
            Self::CadesBes => "cades-bes",
            Self::CadesT => "cades-t",
            Self::CadesC => "cades-c",
            Self::CadesXLong => "cades-x-long",
            Self::CadesXLongType1 => "cades-x-long-type1",
            Self::CadesA => "cades-a",
        }
    }

    /// Finds a level by [`Level::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// The signed content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentReport {
    /// Whether it lies inside the signature.
    pub attached: bool,
    /// Octets.
    pub size: u64,
    pub digests: Vec<DigestReport>,
}

/// A digest of the content, in lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestReport {
    pub algorithm: String,
    pub value: String,
}

/// A time-stamp that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimestampReport {
    /// `signature`, `references` or `archive`.
    pub over: TimestampTarget,
    /// When the service says that it saw the data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time: Option<DateTime<Utc>>,
    pub verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// The certificate of the service and the chain to its root.
    pub chain: Vec<CertificateReport>,
    pub revocation: Vec<RevocationReport>,
}

/// What a time-stamp is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimestampTarget {
    Signature,
    References,
    /// Everything that was in the message.
    Archive,
}

/// One signer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignerReport {
    pub verdict: Verdict,
    pub level: Level,
    /// The first reason why the signature is not valid.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// The certificate by which the signature was checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub certificate: Option<CertificateReport>,
    #[serde(default)]
    pub identifiers: Identifiers,
    /// Such as `gost-r-34.10-2012 streebog-256`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub algorithm: Option<String>,
    /// When the signer claims to have signed. Nobody vouches for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub claimed_time: Option<DateTime<Utc>>,
    /// The time for which certificates were judged: that of the time-stamp, or of verification.
    pub judged_at: DateTime<Utc>,
    pub checks: Vec<Check>,
    /// The signer's certificate first, the root last.
    pub chain: Vec<CertificateReport>,
    pub revocation: Vec<RevocationReport>,
    pub timestamps: Vec<TimestampReport>,
}

impl SignerReport {
    /// The earliest time at which a valid time-stamp saw the signature.
    pub fn timestamp(&self) -> Option<DateTime<Utc>> {
        let over_signature = |stamp: &&TimestampReport| {
            stamp.over == TimestampTarget::Signature && stamp.verdict == Verdict::Valid
        };
        self.timestamps.iter().filter(over_signature).filter_map(|stamp| stamp.time).min()
    }
}

/// The verdict on a file of signatures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`REPORT_FORMAT`].
    pub format: u32,
    pub verdict: Verdict,
    /// The first reason why it is not valid.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<Bilingual>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<Bilingual>,
    pub verified_at: DateTime<Utc>,
    /// Only the signature was checked, not the certificate.
    pub signature_only: bool,
    pub revocation_mode: RevocationMode,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<ContentReport>,
    /// The lowest level of the signers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<Level>,
    pub signers: Vec<SignerReport>,
}

impl Report {
    pub fn is_valid(&self) -> bool {
        self.verdict == Verdict::Valid
    }

    /// Puts the verdict together: valid when there are signers and all are.
    pub(crate) fn conclude(mut self, reason: Option<Reason>) -> Self {
        let broken = self.signers.iter().find(|signer| signer.verdict == Verdict::Invalid);
        let none = self.signers.is_empty().then_some(Reason::NoSigners);
        self.reason = reason.or(none).or(broken.and_then(|signer| signer.reason));
        self.level = self.signers.iter().map(|signer| signer.level).min();
        self.verdict = if self.reason.is_none() && broken.is_none() {
            Verdict::Valid
        } else {
            Verdict::Invalid
        };
        self.cause = self.reason.map(Bilingual::cause);
        self.remedy = self.reason.map(Bilingual::remedy);
        self
    }
}
