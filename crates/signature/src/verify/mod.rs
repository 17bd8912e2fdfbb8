//! The verdict on a signature: everything that the other modules check, put together.

mod archive;
mod options;
mod recheck;
mod signer;
mod stamps;

use chrono::{DateTime, Utc};

pub use options::Options;
pub use recheck::{Compared, Difference, Recheck};

use crate::cms::SignedMessage;
use crate::digest::ContentDigests;
use crate::path::{Budget, TrustStore};
use crate::report::{ContentReport, DigestReport, REPORT_FORMAT, Reason, Report};
use crate::revocation::Evidence;

/// Verifies signatures against configured roots and revocation data.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    pub trust: &'a TrustStore,
    /// Revocation data from outside the signature.
    pub evidence: &'a Evidence,
    /// The time of verification.
    pub at: DateTime<Utc>,
    pub options: &'a Options,
}

impl Verifier<'_> {
    /// Verifies every signer of a message. `content` holds the digests (all of
    /// [`SignedMessage::needed_digests`]) of a document that was given apart from the signature.
    pub fn verify(&self, message: &SignedMessage, content: Option<&ContentDigests>) -> Report {
        let known = match (message.attached.as_ref(), content) {
            (None, None) => return self.report(None).conclude(Some(Reason::ContentMissing)),
            (Some(inside), Some(given)) if !is_same(inside, given) => {
                let report = self.report(Some(content_report(inside, true)));
                return report.conclude(Some(Reason::ContentConflict));
            }
            (Some(inside), _) => inside,
            (None, Some(given)) => given,
        };
        let mut report = self.report(Some(content_report(known, message.attached.is_some())));
        let budget = Budget::default();
        for signer in &message.signers {
            report.signers.push(self.verify_signer(message, signer, known, &budget));
        }
        report.conclude(None)
    }

    /// The report on something that cannot be read as a signature.
    pub fn unreadable(&self, reason: Reason) -> Report {
        self.report(None).conclude(Some(reason))
    }

    fn report(&self, content: Option<ContentReport>) -> Report {
        Report {
            format: REPORT_FORMAT,
            verdict: crate::report::Verdict::Invalid,
            reason: None,
            cause: None,
            remedy: None,
            verified_at: self.at,
            signature_only: self.options.signature_only,
            revocation_mode: self.revocation_mode(),
            content,
            level: None,
            signers: Vec::new(),
        }
    }
}

/// Whether two contents agree in size and in every digest that is known of both.
fn is_same(one: &ContentDigests, other: &ContentDigests) -> bool {
    let differs =
        |(algorithm, digest): (_, &[u8])| other.get(algorithm).is_some_and(|d| d != digest);
    one.size() == other.size() && !one.iter().any(differs)
}

fn content_report(content: &ContentDigests, attached: bool) -> ContentReport {
    let digests = content.iter().map(|(algorithm, digest)| DigestReport {
        algorithm: algorithm.name().to_owned(),
        value: hex::encode(digest),
    });
    ContentReport { attached, size: content.size(), digests: digests.collect() }
}
