//! The search for a path from a certificate to a root.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use super::{Failure, PolicyInputs, Purpose, TrustStore, chain};
use crate::certificate::Certificate;
use crate::report::Reason;
use crate::revocation::{Evidence, Finding, RevocationMode, Status};

/// The longest chain that is followed, with the root.
const MAX_LENGTH: usize = 16;
/// How many chains may be validated in one verification.
const MAX_CHAINS: u32 = 128;
/// How many certificates the search may put into a chain in one verification.
const MAX_STEPS: u32 = 4096;
/// Paths of signers of revocation data, of the signers of *their* revocation data, and so on.
const MAX_NESTING: u8 = 4;

/// A path that holds.
#[derive(Clone, Debug)]
pub struct ValidPath {
    /// The certificate asked about first, the trust anchor last.
    pub chain: Vec<Certificate>,
    /// What is known of revocation, one entry for each certificate below the anchor.
    pub revocation: Vec<Finding>,
}

/// Everything a path is judged by.
#[derive(Clone)]
pub struct PathContext<'a> {
    pub trust: &'a TrustStore,
    /// More certificates that may lie between, such as those in a signature.
    pub pool: &'a [Certificate],
    pub evidence: &'a Evidence,
    /// The time at which certificates must be valid.
    pub at: DateTime<Utc>,
    /// The time up to which evidence may have been issued: that of verification.
    pub now: DateTime<Utc>,
    pub revocation: RevocationMode,
    pub policies: PolicyInputs,
    /// What the verification may still cost; shared by the paths it has to build.
    pub budget: &'a Budget,
    nesting: u8,
    /// Subjects whose revocation data are being judged: they cannot vouch for themselves.
    asked: Vec<Certificate>,
}

/// Bounds the work of one verification, however certificates are crossed.
#[derive(Debug)]
pub struct Budget {
    chains: Cell<u32>,
    steps: Cell<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { chains: Cell::new(MAX_CHAINS), steps: Cell::new(MAX_STEPS) }
    }
}

fn spend(left: &Cell<u32>) -> bool {
    let before = left.get();
    left.set(before.saturating_sub(1));
    before > 0
}

impl<'a> PathContext<'a> {
    pub fn new(
        trust: &'a TrustStore,
        pool: &'a [Certificate],
        evidence: &'a Evidence,
        at: DateTime<Utc>,
        budget: &'a Budget,
    ) -> Self {
        Self {
            trust,
            pool,
            evidence,
            at,
            now: at,
            revocation: RevocationMode::IfKnown,
            policies: PolicyInputs::default(),
            budget,
            nesting: 0,
            asked: Vec::new(),
        }
    }

    /// The same context with other certificates and revocation data.
    pub(crate) fn with_material<'b>(
        &self,
        pool: &'b [Certificate],
        evidence: &'b Evidence,
    ) -> PathContext<'b>
    where
        'a: 'b,
    {
        PathContext { pool, evidence, ..self.clone() }
    }

    /// The context in which the signer of revocation data about `certificate` is judged, or `None`
    /// when the question has come in a circle.
    pub(crate) fn for_signer_of_evidence(&self, certificate: &Certificate) -> Option<Self> {
        if self.nesting >= MAX_NESTING || self.asked.contains(certificate) {
            return None;
        }
        let mut context = self.clone();
        context.nesting += 1;
        context.asked.push(certificate.clone());
        context.policies = PolicyInputs::default();
        Some(context)
    }

    /// Finds a path from a certificate to an anchor that is valid in every respect.
    ///
    /// # Errors
    /// Why the best of the paths that were found is not valid; [`Reason::IssuerUnknown`] when none
    /// reaches an anchor.
    pub fn find(&self, target: &Certificate, purpose: Purpose) -> Result<ValidPath, Failure> {
        let mut search = Search { context: self, best: Failure::at(Reason::IssuerUnknown, target) };
        let found = search.extend(&mut vec![target.clone()]);
        let path = found.ok_or(search.best)?;
        purpose.check(target).map_err(|reason| Failure::at(reason, target))?;
        Ok(path)
    }

    fn validate(&self, chain: &[Certificate]) -> Result<ValidPath, Failure> {
        chain::check(chain, self.at, &self.policies)?;
        let mut revocation = Vec::new();
        // From the root down: revocation data are signed by someone who must not be revoked.
        for index in (0..chain.len() - 1).rev() {
            let finding = crate::revocation::judge(self, chain, index);
            let certificate = &chain[index];
            if let Some(reason) = finding.failure(index == 0) {
                let known = finding.status != Status::Unknown;
                if known || self.revocation.demands(index == 0) {
                    return Err(Failure::at(reason, certificate));
                }
            }
            revocation.push(finding);
        }
        revocation.reverse();
        Ok(ValidPath { chain: chain.to_vec(), revocation })
    }
}

struct Search<'c, 'a> {
    context: &'c PathContext<'a>,
    best: Failure,
}

impl Search<'_, '_> {
    /// Tries to complete a chain that begins with the target.
    fn extend(&mut self, chain: &mut Vec<Certificate>) -> Option<ValidPath> {
        let last = chain.last()?.clone();
        let trust = self.context.trust;
        if trust.anchors.contains(&last) {
            if !spend(&self.context.budget.chains) {
                return None;
            }
            match self.context.validate(chain) {
                Ok(path) => return Some(path),
                Err(failure) => self.remember(failure),
            }
            return None;
        }
        if chain.len() >= MAX_LENGTH {
            self.remember(Failure::at(Reason::PathTooLong, &last));
            return None;
        }
        for issuer in self.issuers(&last) {
            let seen = chain.iter().any(|known| {
                known.subject() == issuer.subject() && known.public_key() == issuer.public_key()
            });
            if seen || !spend(&self.context.budget.steps) {
                continue;
            }
            chain.push(issuer);
            let found = self.extend(chain);
            chain.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Certificates by whose subject this one was issued, the likeliest first.
    fn issuers(&self, certificate: &Certificate) -> Vec<Certificate> {
        let wanted = certificate.extensions().authority_key.as_ref();
        let anchors = self.context.trust.anchors.iter();
        let others = self.context.trust.intermediates.iter().chain(self.context.pool);
        let mut found: Vec<Certificate> = Vec::new();
        for candidate in anchors.chain(others) {
            if candidate.subject() == certificate.issuer() && !found.contains(candidate) {
                found.push(candidate.clone());
            }
        }
        found.sort_by_key(|candidate| {
            match (wanted.and_then(|w| w.key.as_ref()), &candidate.extensions().subject_key) {
                (Some(wanted), Some(own)) => u8::from(wanted != own) * 2,
                _ => 1,
            }
        });
        found
    }

    /// Keeps the failure that tells most: a path that did not come to a root tells less than a
    /// wrong signature, and that (another key of the same name) less than all else.
    fn remember(&mut self, failure: Failure) {
        let rank = |reason: Reason| match reason {
            Reason::IssuerUnknown => 0,
            Reason::CertificateSignatureMismatch | Reason::SignatureAlgorithmMismatch => 1,
            _ => 2,
        };
        if rank(failure.reason) > rank(self.best.reason) {
            self.best = failure;
        }
    }
}
