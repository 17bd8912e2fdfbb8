//! CAdES-A: an archive time-stamp over everything (ETSI EN 319 122-1 §5.5.3).

use super::augment::stamp;
use super::{RawSignedData, SignError, TimestampAuthority};
use crate::asn1::{tag, write};
use crate::cades::{HashIndex, LongTerm};
use crate::cms::SignedMessage;
use crate::digest::{ContentDigests, DigestAlgorithm};
use crate::oid;
use crate::report::{EvidenceKind, Level, Reason, Report, Verdict};
use crate::revocation::{Crl, Evidence, OcspResponse, RevocationMode};
use crate::verify::{Options, Verifier};

/// Adds an archive time-stamp (archive-time-stamp-v3) to a time-stamped signature, after what it
/// is verified by now, beside the signers, as far as it is not in the message yet. A signature
/// that has one gets another, which prolongs it. `content` holds the digests of a document that
/// lies apart from the signature, by all of [`SignedMessage::needed_digests`] and by `digest`.
///
/// # Errors
/// [`SignError::Message`] when the signature is not valid now, has no time-stamp, or revocation
/// data are missing; [`SignError::Digest`], [`SignError::NoSigner`], [`SignError::Timestamp`].
pub fn add_archive(
    message: &[u8],
    index: usize,
    digest: DigestAlgorithm,
    content: Option<&ContentDigests>,
    verifier: &Verifier<'_>,
    service: &mut dyn TimestampAuthority,
) -> Result<Vec<u8>, SignError> {
    let mut raw = RawSignedData::from_bytes(message).map_err(SignError::Message)?;
    raw.add_digest(digest.to_der());
    let read = SignedMessage::from_bytes(message).map_err(SignError::Message)?;
    let signer = read.signers.get(index).ok_or(SignError::NoSigner(index))?;
    let revocation = Some(RevocationMode::Chain);
    let options = Options { revocation, signature_only: false, ..verifier.options.clone() };
    let report = Verifier { options: &options, ..*verifier }.verify(&read, content);
    match report.signers.get(index) {
        None => return Err(SignError::Message(report.reason.unwrap_or(Reason::NoSigners))),
        Some(own) if own.verdict == Verdict::Invalid => {
            return Err(SignError::Message(own.reason.unwrap_or(Reason::Malformed)));
        }
        Some(own) if own.level < Level::CadesT => {
            return Err(SignError::Message(Reason::LongTermIncomplete));
        }
        Some(_) => {}
    }
    let held = LongTerm::read(&signer.unsigned)
        .map_err(|_| SignError::Message(Reason::LongTermMalformed))?;
    let material = missing(report, index, &read, &held, verifier.evidence);
    let [certificates, revocation] = material.map_err(SignError::Message)?;
    raw.add_material(certificates, revocation);

    let read = SignedMessage::from_bytes(&raw.to_der()).map_err(SignError::Message)?;
    let signer = raw.signer(index).map_err(SignError::Message)?;
    let hashes = HashIndex::of(digest, &read, &signer);
    let hashes = hashes.map_err(|_| SignError::Message(Reason::Malformed))?;
    let known = read.attached.as_ref().or(content);
    let imprint = known.and_then(|content| hashes.imprint(&read, &signer, content));
    let token = stamp(service, digest, &imprint.ok_or(SignError::Digest(digest))?)?;
    let mut token = RawSignedData::from_bytes(&token).map_err(SignError::Message)?;
    token.add_unsigned(0, &[hashes.to_attribute()]).map_err(SignError::Message)?;
    let attribute = write::attribute(oid::ID_AA_ETS_ARCHIVE_TIMESTAMP_V3, token.to_der());
    raw.add_unsigned(index, &[attribute]).map_err(SignError::Message)?;
    Ok(raw.to_der())
}

/// Certificates and RevocationInfoChoices, in DER, by which one signer was found valid and which
/// are not in the message.
fn missing(
    mut report: Report,
    index: usize,
    message: &SignedMessage,
    held: &LongTerm,
    given: &Evidence,
) -> Result<[Vec<Vec<u8>>; 2], Reason> {
    report.signers = report.signers.drain(..).skip(index).take(1).collect();
    let (certificates, mut evidence) = report.evidence();
    let values = held.evidence.clone().unwrap_or_default();
    let known = given.joined(&message.evidence).joined(&values);
    add_large(&report, &known, &mut evidence)?;
    let embedded: Vec<_> = held.certificates.iter().flatten().collect();
    let certificates = certificates.iter().filter(|one| !embedded.contains(one));
    let lists = evidence
        .crls
        .iter()
        .filter(|list| !values.crls.contains(list) && !message.evidence.crls.contains(list));
    let known = |response: &OcspResponse| {
        let basic = response.basic_der();
        let held = values.ocsp.iter().chain(&message.evidence.ocsp);
        held.into_iter().any(|known| known.basic_der() == basic)
    };
    let responses = evidence.ocsp.iter().filter(|response| !known(response));
    let other = |response: &OcspResponse| {
        let info = write::sequence(&[&write::oid(oid::ID_RI_OCSP_RESPONSE), response.as_der()]);
        write::retag(tag::context_constructed(1), &info)
    };
    let revocation = lists.map(|list| list.as_der().to_vec()).chain(responses.map(other));
    Ok([certificates.map(|one| one.as_der().to_vec()).collect(), revocation.collect()])
}

/// Data that a report names by their digest alone, for their size.
fn add_large(report: &Report, given: &Evidence, evidence: &mut Evidence) -> Result<(), Reason> {
    let named = report.signers.iter().flat_map(|signer| {
        let stamps = signer.timestamps.iter().flat_map(|stamp| &stamp.revocation);
        signer.revocation.iter().chain(stamps).filter_map(|finding| finding.source.as_ref())
    });
    for source in named.filter(|source| source.der.is_none()) {
        let is_it = |der: &[u8]| hex::encode(DigestAlgorithm::Sha256.digest(der)) == source.sha256;
        let list = |list: &&Crl| source.kind == EvidenceKind::Crl && is_it(list.as_der());
        match given.crls.iter().find(list) {
            Some(list) => evidence.crls.push(list.clone()),
            None => return Err(Reason::LongTermIncomplete),
        }
    }
    Ok(())
}
