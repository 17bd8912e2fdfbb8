//! The verdict on one signer.

use chrono::{DateTime, Utc};

use super::Verifier;
use super::stamps::Stamps;
use crate::cades::LongTerm;
use crate::certificate::{Certificate, Identifiers};
use crate::cms::{Core, SignedMessage, SignerInfo, check_signer};
use crate::digest::ContentDigests;
use crate::oid;
use crate::path::{Budget, Failure, PathContext, PolicyInputs, Purpose, ValidPath};
use crate::report::{
    CertificateReport, Check, CheckKind, Level, Outcome, Reason, RevocationReport, SignerReport,
    Verdict,
};
use crate::revocation::{Evidence, RevocationMode, Status};

impl Verifier<'_> {
    pub(super) fn verify_signer(
        &self,
        message: &SignedMessage,
        signer: &SignerInfo,
        content: &ContentDigests,
        budget: &Budget,
    ) -> SignerReport {
        let candidates = self.candidates(message);
        let core = check_signer(signer, message.content_type, content, candidates.iter());
        let mut state = State::new(core, self.at);
        state.check_algorithm(self);
        self.check_countersignatures(signer, &candidates, &mut state);
        if self.options.signature_only {
            for kind in [CheckKind::Chain, CheckKind::Revocation, CheckKind::Timestamp] {
                state.checks.push(Check::skipped(kind));
            }
        } else {
            self.check_trust(message, signer, content, budget, &mut state);
        }
        if let Some(level) = self.options.level {
            let enough = if state.level >= level { Ok(()) } else { Err(Reason::LevelInsufficient) };
            state.checks.push(Check::of(CheckKind::Level, enough).with(level.name()));
        }
        state.finish()
    }

    fn candidates(&self, message: &SignedMessage) -> Vec<Certificate> {
        let trust = self.trust;
        let known = trust.intermediates.iter().chain(&trust.anchors);
        message.certificates.iter().chain(known).cloned().collect()
    }

    /// Everything that hangs on roots, revocation data and time.
    fn check_trust(
        &self,
        message: &SignedMessage,
        signer: &SignerInfo,
        content: &ContentDigests,
        budget: &Budget,
        state: &mut State,
    ) {
        let long_term = match LongTerm::read(&signer.unsigned) {
            Ok(long_term) => long_term,
            Err(_) => {
                let failed = Check::failed(CheckKind::LongTerm, Reason::LongTermMalformed);
                state.checks.push(failed);
                LongTerm::default()
            }
        };
        let embedded = long_term.certificates.iter().flatten();
        let pool: Vec<_> = message.certificates.iter().chain(embedded).cloned().collect();
        let mut evidence = self.evidence.joined(&message.evidence);
        if let Some(values) = &long_term.evidence {
            evidence = evidence.joined(values);
        }
        let mut context = PathContext::new(self.trust, &pool, &evidence, self.at, budget);
        context.revocation = self.revocation_mode();
        // A signature that claims to carry everything must.
        let claims_all = long_term.has_values() && self.options.revocation.is_none();
        if claims_all && self.evidence.is_empty() {
            context.revocation = RevocationMode::Chain;
        }
        let stamps = Stamps::verify(message, signer, content, &context);
        state.take_stamps(&stamps);
        state.check_long_term(&long_term, &pool, &stamps);
        let carries_all = long_term.has_values() || !message.evidence.is_empty();
        state.take_archive(&stamps, carries_all);
        let Some(certificate) = state.certificate.clone() else { return };
        context.at = stamps.signature_time.or(stamps.archive_time).unwrap_or(self.at);
        state.judged_at = context.at;
        context.policies =
            PolicyInputs { required: self.options.policies.clone(), ..PolicyInputs::default() };
        state.check_key_period(&certificate, &stamps);
        match context.find(&certificate, Purpose::Signing) {
            Ok(path) => state.take_path(&path, &evidence, context.revocation),
            Err(failure) => state.take_failure(&failure, &certificate),
        }
    }

    /// Signatures over this signature (RFC 5652 §11.4).
    fn check_countersignatures(
        &self,
        signer: &SignerInfo,
        candidates: &[Certificate],
        state: &mut State,
    ) {
        for value in signer.unsigned.values(oid::ID_COUNTER_SIGNATURE) {
            let result = countersignature(value, &signer.signature, candidates);
            state.checks.push(match result {
                Ok(certificate) => {
                    Check::passed(CheckKind::Countersignature).with(certificate.subject())
                }
                Err(reason) => Check::failed(CheckKind::Countersignature, reason),
            });
        }
    }
}

/// Verifies one countersignature. Its signed attributes have no content type.
fn countersignature(
    value: &[u8],
    signature: &[u8],
    candidates: &[Certificate],
) -> Result<Certificate, Reason> {
    const MISMATCH: Reason = Reason::CountersignatureMismatch;
    let element = crate::asn1::Tlv::single(value).map_err(|_| MISMATCH)?;
    let signer = SignerInfo::read(element).map_err(|_| MISMATCH)?;
    let digest = signer.digest().ok_or(MISMATCH)?;
    let content = ContentDigests::of(&[digest], signature);
    let core = check_signer(&signer, oid::ID_DATA, &content, candidates.iter());
    let tolerated = |check: &Check| {
        check.outcome != Outcome::Failed || check.reason == Some(Reason::ContentTypeMissing)
    };
    // Without a content type the digest was not compared yet.
    let digest_fits = match &signer.signed {
        None => true,
        Some(signed) => signed
            .attributes
            .single(oid::ID_MESSAGE_DIGEST)
            .ok()
            .flatten()
            .and_then(|value| crate::asn1::Cursor::new(value).octets().ok())
            .is_some_and(|found| content.get(digest) == Some(found)),
    };
    match core.certificate {
        Some(certificate) if digest_fits && core.checks.iter().all(tolerated) => Ok(certificate),
        _ => Err(MISMATCH),
    }
}

/// What is known of a signer while it is checked.
pub(super) struct State {
    checks: Vec<Check>,
    certificate: Option<Certificate>,
    level: Level,
    algorithm: Option<crate::key::SignatureScheme>,
    claimed_time: Option<DateTime<Utc>>,
    judged_at: DateTime<Utc>,
    chain: Vec<CertificateReport>,
    revocation: Vec<RevocationReport>,
    timestamps: Vec<crate::report::TimestampReport>,
}

impl State {
    fn new(core: Core, at: DateTime<Utc>) -> Self {
        Self {
            checks: core.checks,
            certificate: core.certificate,
            level: if core.names_certificate { Level::CadesBes } else { Level::Cms },
            algorithm: core.scheme,
            claimed_time: core.claimed_time,
            judged_at: at,
            chain: Vec::new(),
            revocation: Vec::new(),
            timestamps: Vec::new(),
        }
    }

    fn check_algorithm(&mut self, verifier: &Verifier<'_>) {
        if let Some(scheme) = self.algorithm {
            let allowed = verifier.options.allows(scheme);
            self.checks.push(Check::of(CheckKind::Algorithm, allowed).with(scheme.name()));
        }
        if verifier.options.refuse_weak {
            for check in &mut self.checks {
                if matches!(check.reason, Some(Reason::WeakDigest | Reason::WeakKey)) {
                    check.outcome = Outcome::Failed;
                }
            }
        }
    }

    fn take_stamps(&mut self, stamps: &Stamps) {
        self.checks.extend(stamps.checks.iter().cloned());
        self.timestamps.clone_from(&stamps.reports);
        if self.level == Level::CadesBes && stamps.signature_time.is_some() {
            self.level = Level::CadesT;
        }
    }

    fn check_long_term(&mut self, long_term: &LongTerm, pool: &[Certificate], stamps: &Stamps) {
        if long_term.is_empty() {
            return;
        }
        let fits = long_term.references_fit(pool);
        let result = if fits { Ok(()) } else { Err(Reason::LongTermReference) };
        self.checks.push(Check::of(CheckKind::LongTerm, result));
        if self.level != Level::CadesT || !fits {
            return;
        }
        if long_term.has_references() {
            self.level = Level::CadesC;
        }
        if long_term.has_values() {
            self.level = Level::CadesXLong;
            if long_term.has_references() && stamps.references_time.is_some() {
                self.level = Level::CadesXLongType1;
            }
        }
    }

    /// An archive time-stamp makes the last level of a signature that carries what it is verified
    /// by, beside the signers or in the attributes of RFC 5126.
    fn take_archive(&mut self, stamps: &Stamps, carries_all: bool) {
        if self.level >= Level::CadesT && carries_all && stamps.archive_time.is_some() {
            self.level = Level::CadesA;
        }
    }

    /// Russian authorities give keys a shorter life than certificates.
    fn check_key_period(&mut self, certificate: &Certificate, stamps: &Stamps) {
        let until = certificate.extensions().private_key_until;
        let signed = stamps.signature_time.or(self.claimed_time);
        if let (Some(until), Some(signed)) = (until, signed)
            && signed > until
        {
            self.checks.push(Check::failed(CheckKind::Purpose, Reason::PrivateKeyPeriod));
        }
    }

    fn take_path(&mut self, path: &ValidPath, evidence: &Evidence, mode: RevocationMode) {
        self.chain = path.chain.iter().map(CertificateReport::of).collect();
        self.revocation = path.revocation.iter().map(RevocationReport::of).collect();
        self.checks.push(Check::passed(CheckKind::Chain));
        self.checks.push(Check::passed(CheckKind::Purpose));
        let unknown = path.revocation.iter().find(|finding| finding.status == Status::Unknown);
        self.checks.push(match unknown {
            _ if mode == RevocationMode::Off => Check::skipped(CheckKind::Revocation),
            // Nobody offered anything: nothing was asked for.
            Some(_) if evidence.is_empty() => Check::skipped(CheckKind::Revocation),
            Some(finding) => {
                let reason = finding.why.unwrap_or(Reason::RevocationUnknown);
                let warning = Check::warning(CheckKind::Revocation, reason);
                warning.with(finding.certificate.subject())
            }
            None => Check::passed(CheckKind::Revocation),
        });
    }

    fn take_failure(&mut self, failure: &Failure, certificate: &Certificate) {
        let kind = match failure.reason {
            Reason::KeyUsageForbidsSigning | Reason::ExtendedKeyUsage => CheckKind::Purpose,
            reason if is_about_revocation(reason) => CheckKind::Revocation,
            _ => CheckKind::Chain,
        };
        let at_fault = failure.certificate.as_ref().unwrap_or(certificate);
        self.checks.push(Check::failed(kind, failure.reason).with(at_fault.subject()));
    }

    fn finish(self) -> SignerReport {
        let failed = self.checks.iter().find(|check| check.outcome == Outcome::Failed);
        let reason = failed.and_then(|check| check.reason);
        SignerReport {
            verdict: if failed.is_none() { Verdict::Valid } else { Verdict::Invalid },
            level: self.level,
            reason,
            identifiers: self
                .certificate
                .as_ref()
                .map_or_else(Identifiers::default, Certificate::identifiers),
            certificate: self.certificate.as_ref().map(CertificateReport::of),
            algorithm: self.algorithm.map(|scheme| scheme.name()),
            claimed_time: self.claimed_time,
            judged_at: self.judged_at,
            checks: self.checks,
            chain: self.chain,
            revocation: self.revocation,
            timestamps: self.timestamps,
        }
    }
}

fn is_about_revocation(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::CertificateRevoked
            | Reason::CertificateSuspended
            | Reason::IssuerRevoked
            | Reason::RevocationUnknown
    ) || reason.code().starts_with("crl-")
        || reason.code().starts_with("ocsp-")
}
