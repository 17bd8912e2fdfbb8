//! Validation of one chain (RFC 5280 §6.1), without revocation.

use chrono::{DateTime, Utc};

use super::Failure;
use super::constraints::Constraints;
use super::policy::{Policies, PolicyInputs};
use crate::certificate::{Certificate, KeyUsage};
use crate::key::{PublicKey, SignatureScheme};
use crate::report::Reason;

/// Checks a chain: the end-entity certificate first, the trust anchor last.
///
/// The anchor is trusted by configuration; what it says about itself (its dates, basic
/// constraints, key usage, name constraints) is honoured where it says something.
pub(super) fn check(
    chain: &[Certificate],
    at: DateTime<Utc>,
    policies: &PolicyInputs,
) -> Result<(), Failure> {
    let [below @ .., anchor] = chain else {
        return Err(Failure::plain(Reason::IssuerUnknown));
    };
    let fail = |certificate: &Certificate| {
        let certificate = certificate.clone();
        move |reason| Failure::at(reason, &certificate)
    };
    if below.is_empty() {
        return alone(anchor, at).map_err(fail(anchor));
    }
    check_dates(anchor, at).map_err(|_| Failure::at(Reason::IssuerExpired, anchor))?;
    let mut depth_left = below.len();
    let mut constraints = Constraints::new();
    anchor_as_issuer(anchor, &mut depth_left).map_err(fail(anchor))?;
    constraints.add(anchor);

    let mut state = Policies::new(policies, below.len());
    let mut issuer = anchor;
    for (left, certificate) in below.iter().enumerate().rev() {
        let last = left == 0;
        verify_signature(certificate, issuer).map_err(fail(certificate))?;
        check_dates(certificate, at).map_err(|reason| {
            Failure::at(if last { reason } else { Reason::IssuerExpired }, certificate)
        })?;
        if certificate.issuer() != issuer.subject() {
            return Err(Failure::at(Reason::IssuerUnknown, certificate));
        }
        if last || !certificate.is_self_issued() {
            constraints.check(certificate).map_err(fail(certificate))?;
        }
        state.process(certificate, last).map_err(fail(certificate))?;
        if !certificate.extensions().unknown_critical.is_empty() {
            return Err(Failure::at(Reason::UnknownCriticalExtension, certificate));
        }
        if last {
            return state.finish(certificate).map_err(fail(certificate));
        }
        state.prepare(certificate).map_err(fail(certificate))?;
        constraints.add(certificate);
        as_issuer(certificate, &mut depth_left).map_err(fail(certificate))?;
        issuer = certificate;
    }
    Ok(())
}

/// A certificate that is itself trusted: its own signature, if it has one, and its dates.
fn alone(certificate: &Certificate, at: DateTime<Utc>) -> Result<(), Reason> {
    if certificate.is_self_issued() {
        verify_signature(certificate, certificate)?;
    }
    if !certificate.extensions().unknown_critical.is_empty() {
        return Err(Reason::UnknownCriticalExtension);
    }
    check_dates(certificate, at)
}

fn check_dates(certificate: &Certificate, at: DateTime<Utc>) -> Result<(), Reason> {
    if at < certificate.not_before() {
        Err(Reason::CertificateNotYetValid)
    } else if at > certificate.not_after() {
        Err(Reason::CertificateExpired)
    } else {
        Ok(())
    }
}

/// Verifies the signature of an issuer under a certificate.
///
/// # Errors
/// [`Reason::CertificateSignatureMismatch`], and what is wrong with key or algorithm.
pub(crate) fn verify_signature(
    certificate: &Certificate,
    issuer: &Certificate,
) -> Result<(), Reason> {
    if certificate.inner_algorithm() != certificate.signature_algorithm() {
        return Err(Reason::CertificateAlgorithmMismatch);
    }
    let key = PublicKey::read(issuer.public_key())?;
    let scheme = SignatureScheme::of_algorithm(certificate.signature_algorithm(), &key)?;
    let digest = scheme.digest().digest(certificate.tbs_der());
    key.verify(scheme, &digest, certificate.signature())
        .map_err(|_| Reason::CertificateSignatureMismatch)
}

/// §6.1.4 (k)–(n): whether a certificate may issue the next one.
fn as_issuer(certificate: &Certificate, depth_left: &mut usize) -> Result<(), Reason> {
    if !certificate.is_ca() {
        return Err(Reason::NotAnAuthority);
    }
    if !certificate.is_self_issued() {
        *depth_left = depth_left.checked_sub(1).ok_or(Reason::PathLengthExceeded)?;
    }
    limit_depth(certificate, depth_left);
    may_issue(certificate)
}

/// An old root has no basic constraints: it is an authority because it is trusted.
fn anchor_as_issuer(anchor: &Certificate, depth_left: &mut usize) -> Result<(), Reason> {
    if anchor.extensions().basic_constraints.is_some() && !anchor.is_ca() {
        return Err(Reason::NotAnAuthority);
    }
    limit_depth(anchor, depth_left);
    may_issue(anchor)
}

fn limit_depth(certificate: &Certificate, depth_left: &mut usize) {
    let constraints = certificate.extensions().basic_constraints.as_ref();
    if let Some(limit) = constraints.and_then(|constraints| constraints.path_length) {
        *depth_left = (*depth_left).min(usize::try_from(limit).unwrap_or(usize::MAX));
    }
}

fn may_issue(certificate: &Certificate) -> Result<(), Reason> {
    let usage = certificate.extensions().key_usage;
    if usage.is_some_and(|usage| !usage.allows(KeyUsage::KEY_CERT_SIGN)) {
        return Err(Reason::IssuerKeyUsage);
    }
    Ok(())
}
