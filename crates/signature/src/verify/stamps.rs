//! The time-stamps of a signer.

use chrono::{DateTime, Utc};

use super::archive::Archives;
use crate::asn1::Oid;
use crate::cades::esc_imprint;
use crate::cms::{SignedMessage, SignerInfo};
use crate::digest::ContentDigests;
use crate::oid;
use crate::path::{Failure, PathContext, ValidPath};
use crate::report::{
    CertificateReport, Check, CheckKind, Reason, RevocationReport, TimestampReport,
    TimestampTarget, Verdict,
};
use crate::revocation::RevocationMode;
use crate::timestamp::Timestamp;

/// What the time-stamps say.
pub(super) struct Stamps {
    pub checks: Vec<Check>,
    pub reports: Vec<TimestampReport>,
    /// The earliest time at which the signature is known to have been there.
    pub signature_time: Option<DateTime<Utc>>,
    /// The earliest time at which the references were there.
    pub references_time: Option<DateTime<Utc>>,
    /// The earliest time at which everything that a valid archive time-stamp protects was there.
    pub archive_time: Option<DateTime<Utc>>,
}

impl Stamps {
    /// Verifies the time-stamps: the outer ones at the time of the context, the inner ones at the
    /// time which the outer ones prove.
    pub(super) fn verify(
        message: &SignedMessage,
        signer: &SignerInfo,
        content: &ContentDigests,
        context: &PathContext<'_>,
    ) -> Self {
        let mut stamps = Self {
            checks: Vec::new(),
            reports: Vec::new(),
            signature_time: None,
            references_time: None,
            archive_time: None,
        };
        let mut context = context.clone();
        // Data about the signer's certificate say nothing about that of the service.
        if context.revocation == RevocationMode::EndEntity {
            context.revocation = RevocationMode::IfKnown;
        }
        let archives = Archives::verify(message, signer, content, &context);
        stamps.archive_time = archives.earliest();
        for archive in &archives.0 {
            stamps.checks.push(check(&archive.verified));
            let over = TimestampTarget::Archive;
            stamps.reports.push(report(over, archive.time, &archive.verified));
        }
        let target = TimestampTarget::References;
        let imprint = esc_imprint(signer);
        stamps.references_time = stamps.take(
            signer,
            oid::ID_AA_ETS_ESC_TIME_STAMP,
            target,
            imprint.as_deref(),
            &context,
            &archives,
        );
        let mut inner = context;
        inner.at = stamps.references_time.unwrap_or(inner.at);
        stamps.signature_time = stamps.take(
            signer,
            oid::ID_AA_SIGNATURE_TIME_STAMP,
            TimestampTarget::Signature,
            Some(&signer.signature),
            &inner,
            &archives,
        );
        if let (Some(inner), Some(outer)) = (stamps.signature_time, stamps.references_time)
            && outer < inner
        {
            stamps.checks.push(Check::failed(CheckKind::Timestamp, Reason::TimestampOrder));
        }
        stamps
    }

    /// Verifies all stamps of one attribute; the earliest time of the valid ones.
    fn take(
        &mut self,
        signer: &SignerInfo,
        attribute: Oid,
        over: TimestampTarget,
        data: Option<&[u8]>,
        context: &PathContext<'_>,
        archives: &Archives,
    ) -> Option<DateTime<Utc>> {
        let mut earliest: Option<DateTime<Utc>> = None;
        for token in signer.unsigned.values(attribute) {
            let stamp = Timestamp::from_der(token).map_err(Failure::plain);
            let time = stamp.as_ref().ok().map(|stamp| stamp.info.time);
            let proven = archives.proven(attribute, token);
            let mut context = context.clone();
            context.at = proven.map_or(context.at, |proven| proven.min(context.at));
            let verified = stamp.and_then(|stamp| match data {
                Some(_) if proven.is_some_and(|proven| proven < stamp.info.time) => {
                    Err(Failure::plain(Reason::TimestampOrder))
                }
                Some(data) => stamp.verify(data, &context),
                None => Err(Failure::plain(Reason::TimestampImprintMismatch)),
            });
            if verified.is_ok() {
                earliest = earliest.into_iter().chain(time).min();
            }
            self.checks.push(check(&verified));
            self.reports.push(report(over, time, &verified));
        }
        earliest
    }
}

fn check(verified: &Result<ValidPath, Failure>) -> Check {
    match verified {
        Ok(_) => Check::passed(CheckKind::Timestamp),
        Err(failure) => {
            let failed = Check::failed(CheckKind::Timestamp, failure.reason);
            match &failure.certificate {
                Some(certificate) => failed.with(certificate.subject()),
                None => failed,
            }
        }
    }
}

fn report(
    over: TimestampTarget,
    time: Option<DateTime<Utc>>,
    verified: &Result<ValidPath, Failure>,
) -> TimestampReport {
    let (chain, revocation) = match verified {
        Ok(path) => (path.chain.as_slice(), path.revocation.as_slice()),
        Err(_) => (&[][..], &[][..]),
    };
    TimestampReport {
        over,
        time,
        verdict: if verified.is_ok() { Verdict::Valid } else { Verdict::Invalid },
        reason: verified.as_ref().err().map(|failure| failure.reason),
        chain: chain.iter().map(CertificateReport::of).collect(),
        revocation: revocation.iter().map(RevocationReport::of).collect(),
    }
}
