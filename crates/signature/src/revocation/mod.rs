//! Whether a certificate is revoked: by lists and by OCSP responses, fresh or embedded.

mod crl;
mod lists;
pub mod ocsp;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use self::crl::Entry;
pub use self::crl::{Crl, MAX_CRL};
pub use self::ocsp::OcspResponse;
use crate::certificate::Certificate;
use crate::path::PathContext;
use crate::report::Reason;

/// By how much clocks may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Revocation data at hand.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub crls: Vec<Crl>,
    pub ocsp: Vec<OcspResponse>,
    /// How many lists were offered that cannot be read.
    pub unreadable_crls: usize,
    /// How many responses were offered that cannot be read.
    pub unreadable_ocsp: usize,
}

impl Evidence {
    pub fn is_empty(&self) -> bool {
        self.has_no_crls() && self.ocsp.is_empty() && self.unreadable_ocsp == 0
    }

    fn has_no_crls(&self) -> bool {
        self.crls.is_empty() && self.unreadable_crls == 0
    }

    /// Why nothing is known when none of the readable data help.
    fn damage(&self) -> Reason {
        if self.unreadable_crls > 0 {
            Reason::CrlMalformed
        } else if self.unreadable_ocsp > 0 {
            Reason::OcspMalformed
        } else {
            Reason::RevocationUnknown
        }
    }

    /// Everything of both.
    pub fn joined(&self, other: &Self) -> Self {
        Self {
            crls: self.crls.iter().chain(&other.crls).cloned().collect(),
            ocsp: self.ocsp.iter().chain(&other.ocsp).cloned().collect(),
            unreadable_crls: self.unreadable_crls + other.unreadable_crls,
            unreadable_ocsp: self.unreadable_ocsp + other.unreadable_ocsp,
        }
    }

    /// What to demand of data that an operator gave: lists are given for the whole chain, an
    /// OCSP response for the end-entity certificate; where nothing is given, nothing is demanded.
    pub fn natural_mode(&self) -> RevocationMode {
        if !self.has_no_crls() {
            RevocationMode::Chain
        } else if !self.is_empty() {
            RevocationMode::EndEntity
        } else {
            RevocationMode::IfKnown
        }
    }
}

/// Of which certificates it must be known that they are not revoked. A certificate that is known
/// to be revoked is refused in every mode but [`RevocationMode::Off`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationMode {
    /// Revocation is not looked at.
    Off,
    /// Of none.
    #[default]
    IfKnown,
    /// Of the end-entity certificate.
    EndEntity,
    /// Of every certificate below the root.
    Chain,
}

impl RevocationMode {
    pub(crate) fn demands(self, end_entity: bool) -> bool {
        match self {
            Self::Off | Self::IfKnown => false,
            Self::EndEntity => end_entity,
            Self::Chain => true,
        }
    }
}

/// CRLReason (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationReason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl RevocationReason {
    /// The reason of an enumerated value; 7 is not used.
    pub fn from_code(code: u64) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    /// The enumerated value.
    pub fn code(self) -> u8 {
        let place = self as u8;
        if place < 7 { place } else { place + 1 }
    }
}

/// The state of a certificate at the time asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Status {
    Good,
    Revoked {
        at: DateTime<Utc>,
        reason: RevocationReason,
    },
    Unknown,
    /// Nobody asked: revocation is off, or the certificate says that it is never checked.
    NotChecked,
}

/// Where a finding comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub document: Document,
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
}

/// A revocation list or an OCSP response.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    Crl(Crl),
    Ocsp(OcspResponse),
}

impl Source {
    fn list(list: &Crl) -> Self {
        Self {
            document: Document::Crl(list.clone()),
            this_update: list.this_update(),
            next_update: list.next_update(),
        }
    }

    fn response(response: &OcspResponse, single: &ocsp::SingleResponse) -> Self {
        Self {
            document: Document::Ocsp(response.clone()),
            this_update: single.this_update,
            next_update: single.next_update,
        }
    }
}

/// What is known about one certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub certificate: Certificate,
    pub status: Status,
    /// Why nothing is known.
    pub why: Option<Reason>,
    pub source: Option<Source>,
}

impl Finding {
    fn new(
        certificate: &Certificate,
        status: Status,
        why: Option<Reason>,
        source: Option<Source>,
    ) -> Self {
        Self { certificate: certificate.clone(), status, why, source }
    }

    /// Why the certificate cannot be relied on, if it cannot.
    pub fn failure(&self, end_entity: bool) -> Option<Reason> {
        match self.status {
            Status::Good | Status::NotChecked => None,
            Status::Revoked { .. } if !end_entity => Some(Reason::IssuerRevoked),
            Status::Revoked { reason: RevocationReason::CertificateHold, .. } => {
                Some(Reason::CertificateSuspended)
            }
            Status::Revoked { .. } => Some(Reason::CertificateRevoked),
            Status::Unknown => Some(self.why.unwrap_or(Reason::RevocationUnknown)),
        }
    }
}

/// Whether an entry of a list counts at the time of the context: a certificate that was revoked
/// later was good then, unless its key is said to have been in other hands before.
fn status_of(entry: &Entry, context: &PathContext<'_>) -> Status {
    let since = entry.invalidity.map_or(entry.at, |invalidity| invalidity.min(entry.at));
    if since <= context.at {
        Status::Revoked { at: entry.at, reason: entry.reason }
    } else {
        Status::Good
    }
}

/// Judges `chain[index]`, which `chain[index + 1]` issued.
pub(crate) fn judge(context: &PathContext<'_>, chain: &[Certificate], index: usize) -> Finding {
    let certificate = &chain[index];
    if context.revocation == RevocationMode::Off {
        return Finding::new(certificate, Status::NotChecked, None, None);
    }
    let online = ocsp::judge(context, chain, index);
    if matches!(online.status, Status::Revoked { .. }) {
        return online;
    }
    let listed = lists::judge(context, chain, index);
    match (listed.status, online.status) {
        (Status::Revoked { .. }, _) => listed,
        (_, Status::Good) => online,
        (Status::Good, _) => listed,
        // A response about this certificate tells more than the absence of a list.
        _ => {
            let why = online.why.filter(tells).or(listed.why).or(online.why);
            let why = why.unwrap_or_else(|| context.evidence.damage());
            Finding { why: Some(why), ..listed }
        }
    }
}

fn tells(reason: &Reason) -> bool {
    *reason != Reason::OcspOtherCertificate
}
