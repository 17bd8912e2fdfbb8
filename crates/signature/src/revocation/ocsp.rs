//! The Online Certificate Status Protocol (RFC 6960): requests, responses, their verification.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Finding, RevocationReason, Source, Status};
use crate::asn1::{Cursor, Error, Result, Tlv, tag, write};
use crate::certificate::{AlgorithmIdentifier, Certificate, Name, read_extension};
use crate::digest::DigestAlgorithm;
use crate::key::{PublicKey, SignatureScheme};
use crate::oid;
use crate::path::{PathContext, Purpose, verify_signature};
use crate::report::Reason;

/// A response of more octets is not read.
pub const MAX_OCSP: usize = 1 << 20;
const MAX_SINGLE_RESPONSES: usize = 256;
const MAX_CERTIFICATES: usize = 16;
/// How old a response without nextUpdate may be.
const MAX_AGE: TimeDelta = TimeDelta::days(10);

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    ByName(Name),
    /// SHA-1 of the key.
    ByKey(Vec<u8>),
}

/// CertID: which certificate is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    algorithm: AlgorithmIdentifier,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    serial: Vec<u8>,
}

impl CertId {
    /// # Errors
    /// When the element is not a CertID.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        let mut id = Cursor::new(element.raw).sequence()?;
        let read = Self {
            algorithm: AlgorithmIdentifier::read(id.any()?)?,
            issuer_name_hash: id.octets()?.to_vec(),
            issuer_key_hash: id.octets()?.to_vec(),
            serial: id.integer()?.to_vec(),
        };
        id.finish()?;
        Ok(read)
    }

    /// The identifier of a certificate, in DER.
    pub fn to_der(
        digest: DigestAlgorithm,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Vec<u8> {
        write::sequence(&[
            &write::algorithm(digest.oid(), &write::null()),
            &write::octets(&digest.digest(issuer.subject().as_der())),
            &write::octets(&digest.digest(&issuer.public_key().key)),
            &write::element(tag::INTEGER, certificate.serial()),
        ])
    }

    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Whether a certificate of this issuer is meant.
    pub fn is_of(&self, issuer: &Certificate) -> bool {
        let Some(digest) = DigestAlgorithm::from_oid(self.algorithm.oid) else { return false };
        self.issuer_name_hash == digest.digest(issuer.subject().as_der())
            && self.issuer_key_hash == digest.digest(&issuer.public_key().key)
    }
}

/// What a response says about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertStatus {
    Good,
    Revoked { at: DateTime<Utc>, reason: RevocationReason },
    Unknown,
}

/// The answer about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleResponse {
    pub id: CertId,
    pub status: CertStatus,
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
}

/// An OCSP response as received. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspResponse {
    der: Arc<[u8]>,
    /// `None` when the service did not answer successfully.
    basic: Option<Arc<BasicResponse>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct BasicResponse {
    der: Vec<u8>,
    tbs: Vec<u8>,
    responder: ResponderId,
    produced_at: DateTime<Utc>,
    responses: Vec<SingleResponse>,
    nonce: Option<Vec<u8>>,
    unknown_critical: bool,
    algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
}

impl OcspResponse {
    /// Reads an OCSPResponse in DER.
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_OCSP {
            return Err(Error::TooLarge);
        }
        let mut outer = Cursor::new(der);
        let mut response = outer.sequence()?;
        outer.finish()?;
        let status = response.small(tag::ENUMERATED)?;
        let bytes = response.optional(0xa0)?;
        response.finish()?;
        let basic = match (status, bytes) {
            (0, Some(bytes)) => {
                let mut inner = bytes.inner();
                let mut bytes = inner.sequence()?;
                inner.finish()?;
                if bytes.oid()? != oid::ID_PKIX_OCSP_BASIC {
                    return Err(Error::Value("an unknown kind of OCSP responses"));
                }
                let basic = basic(bytes.octets()?)?;
                bytes.finish()?;
                Some(Arc::new(basic))
            }
            (0, None) => return Err(Error::Value("a successful response without content")),
            (1..=6, _) => None,
            _ => return Err(Error::Value("an unknown status of OCSP responses")),
        };
        Ok(Self { der: der.into(), basic })
    }

    /// Reads a BasicOCSPResponse, the form in which CAdES embeds responses (RFC 5126 §6.3.4).
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_basic_der(der: &[u8]) -> Result<Self> {
        let basic = basic(der)?;
        let bytes = write::sequence(&[&write::oid(oid::ID_PKIX_OCSP_BASIC), &write::octets(der)]);
        let der = write::sequence(&[&write::enumerated(0), &write::explicit(0, &[&bytes])]);
        Ok(Self { der: der.into(), basic: Some(Arc::new(basic)) })
    }

    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The BasicOCSPResponse inside, if the service answered.
    pub fn basic_der(&self) -> Option<&[u8]> {
        self.basic.as_ref().map(|basic| basic.der.as_slice())
    }

    pub fn produced_at(&self) -> Option<DateTime<Utc>> {
        self.basic.as_ref().map(|basic| basic.produced_at)
    }

    pub fn responder(&self) -> Option<&ResponderId> {
        self.basic.as_ref().map(|basic| &basic.responder)
    }

    pub fn responses(&self) -> &[SingleResponse] {
        self.basic.as_ref().map_or(&[], |basic| &basic.responses)
    }

    /// Certificates that came with the response.
    pub fn certificates(&self) -> &[Certificate] {
        self.basic.as_ref().map_or(&[], |basic| &basic.certificates)
    }

    /// Checks that the response carries the nonce of the request, when it carries one at all
    /// (RFC 9654 §2.1: services that answer in advance leave it out).
    ///
    /// # Errors
    /// [`Reason::OcspNonceMismatch`].
    pub fn check_nonce(&self, nonce: &[u8]) -> std::result::Result<(), Reason> {
        let own = self.basic.as_ref().and_then(|basic| basic.nonce.as_deref());
        if own.is_none_or(|own| own == nonce) { Ok(()) } else { Err(Reason::OcspNonceMismatch) }
    }

    /// Verifies the response as one of (or on behalf of) `issuer`: signature, authorisation of
    /// the responder, and that every answer is about a certificate of this issuer.
    ///
    /// # Errors
    /// What is wrong, first of all with the signature.
    pub fn verify(
        &self,
        issuer: &Certificate,
        context: &PathContext<'_>,
    ) -> std::result::Result<&[SingleResponse], Reason> {
        let basic = self.basic.as_ref().ok_or(Reason::OcspUnsuccessful)?;
        basic.verify(issuer, context)?;
        if basic.responses.iter().all(|single| single.id.is_of(issuer)) {
            Ok(&basic.responses)
        } else {
            Err(Reason::OcspOtherCertificate)
        }
    }
}

impl BasicResponse {
    fn is_responder(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::ByName(name) => certificate.subject() == name,
            ResponderId::ByKey(hash) => {
                DigestAlgorithm::Sha1.digest(&certificate.public_key().key) == *hash
            }
        }
    }

    /// RFC 6960 §4.2.2.2: the issuer itself, or someone it gave a certificate for this purpose.
    fn verify(
        &self,
        issuer: &Certificate,
        context: &PathContext<'_>,
    ) -> std::result::Result<(), Reason> {
        if self.unknown_critical {
            return Err(Reason::OcspMalformed);
        }
        let mut worst = Reason::OcspResponderUnauthorized;
        for candidate in self.certificates.iter().chain([issuer]).chain(context.pool) {
            if !self.is_responder(candidate) {
                continue;
            }
            if let Err(reason) = self.verify_signature(candidate) {
                worst = reason;
                continue;
            }
            let is_issuer = candidate.public_key() == issuer.public_key()
                && candidate.subject() == issuer.subject();
            if is_issuer {
                return Ok(());
            }
            match self.check_delegated(candidate, issuer, context) {
                Ok(()) => return Ok(()),
                Err(reason) => worst = reason,
            }
        }
        Err(worst)
    }

    fn verify_signature(&self, signer: &Certificate) -> std::result::Result<(), Reason> {
        let key = PublicKey::read(signer.public_key())?;
        let scheme = SignatureScheme::of_algorithm(&self.algorithm, &key)?;
        let digest = scheme.digest().digest(&self.tbs);
        key.verify(scheme, &digest, &self.signature).map_err(|_| Reason::OcspSignatureMismatch)
    }

    fn check_delegated(
        &self,
        signer: &Certificate,
        issuer: &Certificate,
        context: &PathContext<'_>,
    ) -> std::result::Result<(), Reason> {
        const REFUSED: Reason = Reason::OcspResponderUnauthorized;
        let valid = (signer.not_before()..=signer.not_after()).contains(&self.produced_at);
        if signer.issuer() != issuer.subject() || !valid {
            return Err(REFUSED);
        }
        verify_signature(signer, issuer).map_err(|_| REFUSED)?;
        if !signer.extensions().unknown_critical.is_empty() {
            return Err(REFUSED);
        }
        Purpose::OcspSigning.check(signer)?;
        if signer.extensions().ocsp_no_check {
            return Ok(());
        }
        // Without id-pkix-ocsp-nocheck the signer may be on a revocation list.
        let Some(nested) = context.for_signer_of_evidence(signer) else { return Err(REFUSED) };
        let chain = [signer.clone(), issuer.clone()];
        match super::lists::judge(&nested, &chain, 0).status {
            Status::Revoked { .. } => Err(REFUSED),
            _ => Ok(()),
        }
    }
}

/// Judges `chain[index]` by the responses at hand.
pub(super) fn judge(context: &PathContext<'_>, chain: &[Certificate], index: usize) -> Finding {
    let (certificate, issuer) = (&chain[index], &chain[index + 1]);
    let mut why = None;
    let mut best: Option<(Finding, DateTime<Utc>)> = None;
    for response in &context.evidence.ocsp {
        match consult(context, certificate, issuer, response) {
            Ok((finding, this_update)) => {
                if best.as_ref().is_none_or(|(_, known)| *known < this_update) {
                    best = Some((finding, this_update));
                }
            }
            // Of several responses that do not help, one about the right certificate tells most.
            Err(reason) => {
                if why.is_none() || why == Some(Reason::OcspOtherCertificate) {
                    why = Some(reason);
                }
            }
        }
    }
    match best {
        Some((finding, _)) => finding,
        None => Finding::new(certificate, Status::Unknown, why, None),
    }
}

fn consult(
    context: &PathContext<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
    response: &OcspResponse,
) -> std::result::Result<(Finding, DateTime<Utc>), Reason> {
    let basic = response.basic.as_ref().ok_or(Reason::OcspUnsuccessful)?;
    let about = |single: &&SingleResponse| {
        single.id.serial == certificate.serial() && single.id.is_of(issuer)
    };
    let single = basic.responses.iter().find(about).ok_or(Reason::OcspOtherCertificate)?;
    basic.verify(issuer, context)?;
    if single.this_update > context.now + super::CLOCK_SKEW {
        return Err(Reason::OcspNotYetValid);
    }
    let until = single.next_update.unwrap_or(single.this_update + MAX_AGE);
    if until < context.at {
        return Err(Reason::OcspExpired);
    }
    let source = Source::response(response, single);
    let status = match single.status {
        CertStatus::Unknown => return Err(Reason::OcspStatusUnknown),
        CertStatus::Revoked { at, reason } if at <= context.at => Status::Revoked { at, reason },
        CertStatus::Good | CertStatus::Revoked { .. } => Status::Good,
    };
    Ok((Finding::new(certificate, status, None, Some(source)), single.this_update))
}

fn basic(der: &[u8]) -> Result<BasicResponse> {
    let mut outer = Cursor::new(der);
    let mut basic = outer.sequence()?;
    outer.finish()?;
    let tbs = basic.expect(tag::SEQUENCE)?;
    let algorithm = AlgorithmIdentifier::read(basic.any()?)?;
    let signature = basic.bits()?.octets()?.to_vec();
    let mut certificates = Vec::new();
    if let Some(outer) = basic.optional(0xa0)? {
        let mut inner = outer.inner();
        let mut list = inner.sequence()?;
        inner.finish()?;
        while !list.is_empty() {
            if certificates.len() == MAX_CERTIFICATES {
                return Err(Error::TooLarge);
            }
            certificates.push(Certificate::from_der(list.any()?.raw)?);
        }
    }
    basic.finish()?;

    let mut data = tbs.inner();
    if let Some(version) = data.optional(0xa0)?
        && version.inner().small(tag::INTEGER)? != 0
    {
        return Err(Error::Value("an unknown version of OCSP responses"));
    }
    let responder = responder(data.any()?)?;
    let produced_at = data.precise_time()?;
    let mut list = data.sequence()?;
    let mut responses = Vec::new();
    while !list.is_empty() {
        if responses.len() == MAX_SINGLE_RESPONSES {
            return Err(Error::TooLarge);
        }
        responses.push(single(list.sequence()?)?);
    }
    let (mut nonce, mut unknown_critical) = (None, false);
    if let Some(outer) = data.optional(0xa1)? {
        let mut extensions = outer.inner().sequence()?;
        while !extensions.is_empty() {
            let (oid, critical, value) = read_extension(&mut extensions)?;
            if oid == oid::ID_PKIX_OCSP_NONCE {
                nonce = Some(nonce_octets(value));
            } else {
                unknown_critical |= critical;
            }
        }
    }
    data.finish()?;
    Ok(BasicResponse {
        der: der.to_vec(),
        tbs: tbs.raw.to_vec(),
        responder,
        produced_at,
        responses,
        nonce,
        unknown_critical,
        algorithm,
        signature,
        certificates,
    })
}

/// The nonce is an OCTET STRING inside extnValue; old programs wrote the octets bare.
fn nonce_octets(value: &[u8]) -> Vec<u8> {
    match Tlv::single(value) {
        Ok(element) if element.tag == tag::OCTET_STRING => element.value.to_vec(),
        _ => value.to_vec(),
    }
}

fn responder(choice: Tlv<'_>) -> Result<ResponderId> {
    let mut inner = choice.inner();
    let id = match choice.tag {
        0xa1 => ResponderId::ByName(Name::read(inner.any()?)?),
        0xa2 => ResponderId::ByKey(inner.octets()?.to_vec()),
        found => return Err(Error::Tag { expected: 0xa1, found }),
    };
    inner.finish()?;
    Ok(id)
}

fn single(mut response: Cursor<'_>) -> Result<SingleResponse> {
    let id = CertId::read(response.any()?)?;
    let status = response.any()?;
    let status = match status.tag {
        0x80 => CertStatus::Good,
        0xa1 => {
            let mut info = status.inner();
            let at = info.precise_time()?;
            let reason = match info.optional(0xa0)? {
                Some(reason) => {
                    let code = reason.inner().small(tag::ENUMERATED)?;
                    RevocationReason::from_code(code)
                        .ok_or(Error::Value("an unknown reason of revocation"))?
                }
                None => RevocationReason::Unspecified,
            };
            info.finish()?;
            CertStatus::Revoked { at, reason }
        }
        0x82 => CertStatus::Unknown,
        found => return Err(Error::Tag { expected: 0x80, found }),
    };
    let this_update = response.precise_time()?;
    let next_update = match response.optional(0xa0)? {
        Some(outer) => Some(outer.inner().precise_time()?),
        None => None,
    };
    if let Some(outer) = response.optional(0xa1)? {
        let mut extensions = outer.inner().sequence()?;
        while !extensions.is_empty() {
            if read_extension(&mut extensions)?.1 {
                return Err(Error::Value("a critical extension of a single response"));
            }
        }
    }
    response.finish()?;
    Ok(SingleResponse { id, status, this_update, next_update })
}

/// OCSPRequest about one certificate (RFC 6960 §4.1), with a nonce of 1 to 128 octets.
pub fn request(
    digest: DigestAlgorithm,
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: &[u8],
) -> Vec<u8> {
    let id = CertId::to_der(digest, certificate, issuer);
    let list = write::sequence(&[&write::sequence(&[&id])]);
    let extension = write::sequence(&[
        &write::oid(oid::ID_PKIX_OCSP_NONCE),
        &write::octets(&write::octets(nonce)),
    ]);
    let extensions = write::explicit(2, &[&write::sequence(&[&extension])]);
    write::sequence(&[&write::sequence(&[&list, &extensions])])
}
