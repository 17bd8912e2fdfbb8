//! A report that was kept, judged again: for its own time and for today.

use serde::{Deserialize, Serialize};

use super::{Options, Verifier};
use crate::cms::SignedMessage;
use crate::digest::ContentDigests;
use crate::path::TrustStore;
use crate::report::{Report, SignerReport, Verdict};

/// What came of judging again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recheck {
    /// In what [`Recheck::then`] differs from the report that was kept.
    pub differences: Vec<Difference>,
    /// SHA-256 of revocation data that the kept report names without holding them, in lower-case
    /// hexadecimal digits: they are needed for the same verdict, and were not given.
    pub missing: Vec<String>,
    /// The verdict for the time of the kept report, by the data in it.
    pub then: Report,
    /// The verdict for the time of the verifier.
    pub now: Report,
}

impl Recheck {
    /// Whether the kept verdict stands.
    pub fn is_confirmed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// One difference between two reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub what: Compared,
    /// Which signer it is about, from 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signer: Option<usize>,
    pub kept: String,
    pub found: String,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// Size and digests of the content.
    Content,
    /// The number of signers.
    Signers,
    /// SHA-256 of the signer's certificate.
    Certificate,
    Level,
    /// The verdict with its reason.
    Verdict,
}

impl Verifier<'_> {
    /// Judges the signature of a kept report again, with the demands on revocation that were made
    /// then and the other demands of today. Certificates and revocation data come from the kept
    /// report and from the verifier; roots from the verifier alone, since nothing is trusted by
    /// lying in a report. Of a signature that was refused a report holds no revocation data.
    pub fn recheck(
        &self,
        kept: &Report,
        message: &SignedMessage,
        content: Option<&ContentDigests>,
    ) -> Recheck {
        let (certificates, held) = kept.evidence();
        let mut trust = self.trust.clone();
        add_missing(&mut trust, certificates);
        let evidence = held.joined(self.evidence);
        let options = Options {
            signature_only: kept.signature_only,
            revocation: Some(kept.revocation_mode),
            ..self.options.clone()
        };
        let judge = |at| {
            Verifier { trust: &trust, evidence: &evidence, at, options: &options }
                .verify(message, content)
        };
        let (then, now) = (judge(kept.verified_at), judge(self.at));
        let missing = kept.missing(&evidence);
        Recheck { differences: differences(kept, &then), missing, then, now }
    }
}

fn add_missing(trust: &mut TrustStore, certificates: Vec<crate::certificate::Certificate>) {
    for certificate in certificates {
        if !trust.intermediates.contains(&certificate) {
            trust.intermediates.push(certificate);
        }
    }
}

fn differences(kept: &Report, found: &Report) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut compare = |what, signer, kept: String, found: String| {
        if kept != found {
            out.push(Difference { what, signer, kept, found });
        }
    };
    compare(Compared::Content, None, content(kept), content(found));
    let count = |report: &Report| report.signers.len().to_string();
    compare(Compared::Signers, None, count(kept), count(found));
    for (number, (kept, found)) in kept.signers.iter().zip(&found.signers).enumerate() {
        let signer = Some(number);
        compare(Compared::Certificate, signer, certificate(kept), certificate(found));
        compare(Compared::Level, signer, kept.level.name().into(), found.level.name().into());
        let of = |report: &SignerReport| verdict(report.verdict, report.reason);
        compare(Compared::Verdict, signer, of(kept), of(found));
    }
    let of = |report: &Report| verdict(report.verdict, report.reason);
    compare(Compared::Verdict, None, of(kept), of(found));
    out
}

fn content(report: &Report) -> String {
    let Some(content) = &report.content else { return String::new() };
    let mut digests: Vec<_> =
        content.digests.iter().map(|one| format!("{} {}", one.algorithm, one.value)).collect();
    digests.sort();
    digests.dedup();
    format!("{}: {}", content.size, digests.join(", "))
}

fn certificate(report: &SignerReport) -> String {
    report.certificate.as_ref().map(|certificate| certificate.sha256.clone()).unwrap_or_default()
}

fn verdict(verdict: Verdict, reason: Option<crate::report::Reason>) -> String {
    match (verdict, reason) {
        (Verdict::Valid, _) => "valid".to_owned(),
        (Verdict::Invalid, Some(reason)) => reason.code().to_owned(),
        (Verdict::Invalid, None) => "invalid".to_owned(),
    }
}
