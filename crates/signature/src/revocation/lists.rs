//! What revocation lists say about a certificate (RFC 5280 §6.3.3).

use std::cmp::{Ordering, Reverse};

use super::crl::{Crl, Entry, IssuingDistributionPoint};
use super::{Finding, RevocationReason, Source, Status};
use crate::certificate::{Certificate, DistributionPoint, GeneralName};
use crate::path::{PathContext, Purpose};
use crate::report::Reason;

/// keyCompromise … aACompromise: bits 1–8 of ReasonFlags.
const ALL_REASONS: u16 = 0x1fe;

/// Judges `chain[index]` by the lists at hand.
pub(super) fn judge(context: &PathContext<'_>, chain: &[Certificate], index: usize) -> Finding {
    let certificate = &chain[index];
    let implicit = DistributionPoint { name: None, reasons: None, crl_issuer: Vec::new() };
    let points = &certificate.extensions().crl_distribution_points;
    let mut state = State { context, chain, index, covered: 0, last: None, why: None };
    // The newest first: what it lists an older one that is still valid may not know of.
    let lists = context.evidence.crls.iter().filter(|list| list.delta_base().is_none());
    let mut lists: Vec<&Crl> = lists.collect();
    lists.sort_by_key(|list| Reverse(list.this_update()));
    for point in points.iter().chain([&implicit]) {
        for list in lists.iter().copied() {
            if state.covered == ALL_REASONS {
                break;
            }
            match state.consult(point, list) {
                Ok(Some((entry, source))) => {
                    let status = super::status_of(&entry, context);
                    if matches!(status, Status::Revoked { .. }) {
                        return Finding::new(certificate, status, None, Some(source));
                    }
                    state.last = Some(source);
                }
                Ok(None) => {}
                Err(reason) => state.remember(reason),
            }
        }
    }
    if state.covered == ALL_REASONS {
        Finding::new(certificate, Status::Good, None, state.last)
    } else {
        Finding::new(certificate, Status::Unknown, state.why, None)
    }
}

struct State<'c, 'a> {
    context: &'c PathContext<'a>,
    chain: &'c [Certificate],
    index: usize,
    /// Reasons for which the certificate is known not to be revoked.
    covered: u16,
    last: Option<Source>,
    why: Option<Reason>,
}

impl State<'_, '_> {
    /// Of several lists that do not help, one that is about the right issuer tells most.
    fn remember(&mut self, reason: Reason) {
        if self.why.is_none() || self.why == Some(Reason::CrlScope) {
            self.why = Some(reason);
        }
    }

    /// Asks one list on behalf of one distribution point. `None` when the list has nothing to say
    /// or says that the certificate is not on it.
    fn consult(
        &mut self,
        point: &DistributionPoint,
        list: &Crl,
    ) -> Result<Option<(Entry, Source)>, Reason> {
        let certificate = &self.chain[self.index];
        if !is_by_issuer(certificate, point, list) {
            return Ok(None);
        }
        let scope = list.scope();
        if scope.is_some_and(|scope| !covers(certificate, point, list, scope)) {
            return Err(Reason::CrlScope);
        }
        let reasons = point.reasons.unwrap_or(ALL_REASONS)
            & scope.and_then(|scope| scope.reasons).unwrap_or(ALL_REASONS)
            & ALL_REASONS;
        if reasons & !self.covered == 0 {
            return Ok(None);
        }
        self.is_usable(list)?;
        let signer = self.signer(list)?;
        let delta = self.delta(list, &signer);
        let mut entry = list.find(certificate.issuer(), certificate.serial());
        let mut source = Source::list(list);
        if let Some((delta, newer)) = delta.and_then(|delta| {
            let newer = delta.find(certificate.issuer(), certificate.serial())?;
            Some((delta, newer))
        }) {
            let removed = newer.reason == RevocationReason::RemoveFromCrl;
            entry = (!removed).then_some(newer);
            source = Source::list(delta);
        }
        self.covered |= reasons;
        self.last = Some(source.clone());
        Ok(entry.map(|entry| (entry, source)))
    }

    /// Dates and extensions.
    fn is_usable(&self, list: &Crl) -> Result<(), Reason> {
        if list.has_unknown_critical() {
            return Err(Reason::CrlUnknownCriticalExtension);
        }
        if list.this_update() > self.context.now + super::CLOCK_SKEW {
            return Err(Reason::CrlNotYetValid);
        }
        if list.next_update().is_none_or(|next| next < self.context.at) {
            return Err(Reason::CrlExpired);
        }
        Ok(())
    }

    /// The certificate whose key signed the list, which must be valid itself and hang on the same
    /// anchor as the certificate that is judged (RFC 5280 §6.3.3 f).
    fn signer(&self, list: &Crl) -> Result<Certificate, Reason> {
        let issuer = &self.chain[self.index + 1];
        let mut worst = Reason::CrlIssuerNotAllowed;
        if issuer.subject() == list.issuer() {
            match list.verify(issuer) {
                Ok(()) => {
                    Purpose::CrlSigning.check(issuer)?;
                    return Ok(issuer.clone());
                }
                Err(reason) => worst = reason,
            }
        }
        let context = self.context;
        let trust = context.trust;
        let known = trust.intermediates.iter().chain(context.pool).chain(&trust.anchors);
        let certificate = &self.chain[self.index];
        for candidate in known {
            if candidate.subject() != list.issuer() || candidate == issuer {
                continue;
            }
            if list.verify(candidate).is_err() {
                continue;
            }
            // A signer of indirect lists whose own certificate is covered by its list: the chain
            // of that certificate is the one being judged.
            if candidate == certificate {
                Purpose::CrlSigning.check(candidate)?;
                return Ok(candidate.clone());
            }
            let Some(nested) = context.for_signer_of_evidence(certificate) else { continue };
            match nested.find(candidate, Purpose::CrlSigning) {
                Ok(path) if path.chain.last() == self.chain.last() => {
                    return Ok(candidate.clone());
                }
                Ok(_) | Err(_) => worst = Reason::CrlIssuerNotAllowed,
            }
        }
        Err(worst)
    }

    /// The newest delta list that continues `base` (RFC 5280 §6.3.3 c).
    fn delta(&self, base: &Crl, signer: &Certificate) -> Option<&Crl> {
        let number = base.number()?;
        let fits = |delta: &&Crl| {
            let from = delta.delta_base().is_some_and(|from| compare(from, number).is_le());
            let newer = delta.number().is_some_and(|own| compare(own, number).is_gt());
            from && newer
                && delta.issuer() == base.issuer()
                && delta.scope() == base.scope()
                && delta.authority_key() == base.authority_key()
                && self.is_usable(delta).is_ok()
                && delta.verify(signer).is_ok()
        };
        let deltas = self.context.evidence.crls.iter().filter(fits);
        deltas.max_by(|one, other| match (one.number(), other.number()) {
            (Some(one), Some(other)) => compare(one, other),
            _ => Ordering::Equal,
        })
    }
}

/// Compares positive numbers without leading zeros.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// §6.3.3 (b)(1): whether whoever the point names, or else the issuer, issued the list.
fn is_by_issuer(certificate: &Certificate, point: &DistributionPoint, list: &Crl) -> bool {
    if point.crl_issuer.is_empty() {
        return list.issuer() == certificate.issuer();
    }
    let named =
        point.crl_issuer.iter().filter_map(GeneralName::directory).any(|n| n == list.issuer());
    let own = list.issuer() == certificate.issuer();
    named && (own || list.scope().is_some_and(|scope| scope.indirect))
}

/// §6.3.3 (b)(2): whether the list is about such certificates at this distribution point.
fn covers(
    certificate: &Certificate,
    point: &DistributionPoint,
    list: &Crl,
    scope: &IssuingDistributionPoint,
) -> bool {
    let is_ca = certificate.is_ca();
    if scope.only_attributes || (scope.only_users && is_ca) || (scope.only_authorities && !is_ca) {
        return false;
    }
    let Some(name) = &scope.name else { return true };
    let offered = name.full(list.issuer());
    let wanted = match &point.name {
        Some(name) => name.full(
            point
                .crl_issuer
                .iter()
                .find_map(GeneralName::directory)
                .unwrap_or(certificate.issuer()),
        ),
        None if point.crl_issuer.is_empty() => {
            vec![GeneralName::Directory(certificate.issuer().clone())]
        }
        None => point.crl_issuer.clone(),
    };
    offered.iter().any(|name| wanted.contains(name))
}
