//! Augmentation of a signature: a time-stamp (CAdES-T), then references, values and a time-stamp
//! on the references (CAdES-X Long Type 1).

use super::{RawSignedData, SignError};
use crate::asn1::write;
use crate::cades;
use crate::certificate::Certificate;
use crate::cms::{SignedMessage, check_signer};
use crate::digest::{ContentDigests, DigestAlgorithm};
use crate::oid;
use crate::path::{Budget, PathContext, Purpose, ValidPath};
use crate::report::Reason;
use crate::revocation::{Document, Evidence, RevocationMode};
use crate::timestamp::{Timestamp, TimestampRequest};
use crate::verify::Verifier;

/// A time-stamp service, however it is reached.
pub trait TimestampAuthority {
    /// Sends a TimeStampReq and gives back the TimeStampResp, both in DER.
    ///
    /// # Errors
    /// What went wrong on the way, in words.
    fn stamp(&mut self, request: &[u8]) -> Result<Vec<u8>, String>;

    /// Octets that no other request had.
    fn nonce(&mut self) -> [u8; 8];
}

pub(super) fn stamp(
    service: &mut dyn TimestampAuthority,
    digest: DigestAlgorithm,
    data: &[u8],
) -> Result<Vec<u8>, SignError> {
    let request = TimestampRequest::new(digest, data, service.nonce());
    let response = service.stamp(&request.to_der()).map_err(SignError::Timestamp)?;
    request.accept(&response).map_err(SignError::Message)
}

/// Adds a time-stamp on the signature of one signer.
///
/// # Errors
/// [`SignError::Message`], [`SignError::Timestamp`], [`SignError::NoSigner`].
pub fn add_timestamp(
    message: &[u8],
    index: usize,
    digest: DigestAlgorithm,
    service: &mut dyn TimestampAuthority,
) -> Result<Vec<u8>, SignError> {
    let mut raw = RawSignedData::from_bytes(message).map_err(SignError::Message)?;
    let signer = raw.signer(index).map_err(|_| SignError::NoSigner(index))?;
    let token = stamp(service, digest, &signer.signature)?;
    put_timestamp(&mut raw, index, token)
}

/// Adds a time-stamp token that was fetched otherwise; it must be over the signature of the signer.
///
/// # Errors
/// [`SignError::Message`], [`SignError::NoSigner`].
pub fn attach_timestamp(
    message: &[u8],
    index: usize,
    token: Vec<u8>,
) -> Result<Vec<u8>, SignError> {
    let mut raw = RawSignedData::from_bytes(message).map_err(SignError::Message)?;
    raw.signer(index).map_err(|_| SignError::NoSigner(index))?;
    put_timestamp(&mut raw, index, token)
}

fn put_timestamp(
    raw: &mut RawSignedData,
    index: usize,
    token: Vec<u8>,
) -> Result<Vec<u8>, SignError> {
    let attribute = write::attribute(oid::ID_AA_SIGNATURE_TIME_STAMP, token);
    raw.add_unsigned(index, &[attribute]).map_err(SignError::Message)?;
    Ok(raw.to_der())
}

/// Adds references to, and values of, everything by which a time-stamped signature is verified
/// (from `verifier`'s roots and revocation data), and a time-stamp on the references.
///
/// # Errors
/// [`SignError::Message`] when the signature has no time-stamp, a path is not valid, or revocation
/// data for it are missing; [`SignError::Timestamp`].
pub fn add_long_term(
    message: &[u8],
    index: usize,
    digest: DigestAlgorithm,
    verifier: &Verifier<'_>,
    service: &mut dyn TimestampAuthority,
) -> Result<Vec<u8>, SignError> {
    let mut raw = RawSignedData::from_bytes(message).map_err(SignError::Message)?;
    let material = material(message, index, verifier).map_err(SignError::Message)?;
    let mut attributes = Vec::new();
    attributes.extend(cades::references(digest, &material.below_signer, &material.evidence));
    attributes.extend(cades::values(&material.certificates, &material.evidence));
    raw.add_unsigned(index, &attributes).map_err(SignError::Message)?;
    let signer = raw.signer(index).map_err(SignError::Message)?;
    let imprint =
        cades::esc_imprint(&signer).ok_or(SignError::Message(Reason::LongTermIncomplete))?;
    let token = stamp(service, digest, &imprint)?;
    let attribute = write::attribute(oid::ID_AA_ETS_ESC_TIME_STAMP, token);
    raw.add_unsigned(index, &[attribute]).map_err(SignError::Message)?;
    Ok(raw.to_der())
}

/// What a long-term signature must carry.
#[derive(Default)]
struct Material {
    certificates: Vec<Certificate>,
    /// All but the signer's own certificate, which is referred to in the signed attributes.
    below_signer: Vec<Certificate>,
    evidence: Evidence,
}

impl Material {
    fn take(&mut self, path: &ValidPath) {
        for certificate in &path.chain {
            if !self.certificates.contains(certificate) {
                self.certificates.push(certificate.clone());
            }
        }
        for document in path.revocation.iter().filter_map(|f| f.source.as_ref()) {
            match &document.document {
                Document::Crl(list) if !self.evidence.crls.contains(list) => {
                    self.evidence.crls.push(list.clone());
                }
                Document::Ocsp(response) if !self.evidence.ocsp.contains(response) => {
                    self.evidence.ocsp.push(response.clone());
                }
                Document::Crl(_) | Document::Ocsp(_) => {}
            }
        }
    }
}

/// Paths of the signer and of the time-stamp service, with all that proves them.
fn material(message: &[u8], index: usize, verifier: &Verifier<'_>) -> Result<Material, Reason> {
    let message = SignedMessage::from_bytes(message)?;
    let signer = message.signers.get(index).ok_or(Reason::NoSigners)?;
    let trust = verifier.trust;
    let known = message.certificates.iter().chain(&trust.intermediates).chain(&trust.anchors);
    let nothing = ContentDigests::of(&[], &[]);
    let core = check_signer(signer, message.content_type, &nothing, known);
    let certificate = core.certificate.ok_or(Reason::SignerCertificateMissing)?;

    let evidence = verifier.evidence.joined(&message.evidence);
    let budget = Budget::default();
    let mut context =
        PathContext::new(trust, &message.certificates, &evidence, verifier.at, &budget);
    context.revocation = RevocationMode::Chain;
    let mut material = Material::default();
    let mut earliest = None;
    for token in signer.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP) {
        let stamp = Timestamp::from_der(token)?;
        let path = stamp.verify(&signer.signature, &context).map_err(|failure| failure.reason)?;
        material.take(&path);
        earliest = earliest.into_iter().chain([stamp.info.time]).min();
    }
    context.at = earliest.ok_or(Reason::LongTermIncomplete)?;
    let path = context.find(&certificate, Purpose::Signing).map_err(|failure| failure.reason)?;
    material.take(&path);
    let others = material.certificates.iter().filter(|known| **known != certificate);
    material.below_signer = others.cloned().collect();
    Ok(material)
}
