//! Complete references and values of CAdES-C and CAdES-X Long (RFC 5126 §6.2, §6.3).

use super::ess::{issuer_serial, read_issuer_serial};
use crate::asn1::{Cursor, Error, Result, Tlv, tag, write};
use crate::certificate::{AlgorithmIdentifier, Certificate, Name};
use crate::cms::{Attributes, SignerInfo};
use crate::digest::DigestAlgorithm;
use crate::oid;
use crate::revocation::ocsp::ResponderId;
use crate::revocation::{Crl, Evidence, OcspResponse};

const MAX_ITEMS: usize = 256;

/// OtherHash: SHA-1 alone, or an algorithm and a value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OtherHash {
    /// `None` when the algorithm is not known.
    digest: Option<DigestAlgorithm>,
    value: Vec<u8>,
}

impl OtherHash {
    fn read(element: Tlv<'_>) -> Result<Self> {
        match element.tag {
            tag::OCTET_STRING => {
                Ok(Self { digest: Some(DigestAlgorithm::Sha1), value: element.value.to_vec() })
            }
            _ => {
                let mut pair = Cursor::new(element.raw).sequence()?;
                let algorithm = AlgorithmIdentifier::read(pair.any()?)?;
                let value = pair.octets()?.to_vec();
                pair.finish()?;
                Ok(Self { digest: DigestAlgorithm::from_oid(algorithm.oid), value })
            }
        }
    }

    fn to_der(digest: DigestAlgorithm, bytes: &[u8]) -> Vec<u8> {
        write::sequence(&[&digest.to_der(), &write::octets(&digest.digest(bytes))])
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        self.digest.is_some_and(|digest| digest.digest(bytes) == self.value)
    }
}

/// OtherCertID.
#[derive(Clone, Debug)]
struct CertificateRef {
    hash: OtherHash,
    /// Issuer and serial number.
    named: Option<(Name, Vec<u8>)>,
}

impl CertificateRef {
    fn is_of(&self, certificate: &Certificate) -> bool {
        let same = self.named.as_ref().is_none_or(|(issuer, serial)| {
            certificate.issuer() == issuer && certificate.serial() == serial
        });
        same && self.hash.is_of(certificate.as_der())
    }
}

/// What the long-term attributes of a signer hold.
#[derive(Clone, Debug, Default)]
pub struct LongTerm {
    certificate_refs: Option<Vec<CertificateRef>>,
    crl_refs: Vec<OtherHash>,
    ocsp_refs: Vec<OtherHash>,
    has_revocation_refs: bool,
    pub certificates: Option<Vec<Certificate>>,
    pub evidence: Option<Evidence>,
}

impl LongTerm {
    /// Reads the attributes.
    ///
    /// # Errors
    /// When one of them is malformed or there twice.
    pub fn read(attributes: &Attributes) -> Result<Self> {
        let mut found = Self::default();
        if let Some(value) = attributes.single(oid::ID_AA_ETS_CERTIFICATE_REFS)? {
            found.certificate_refs = Some(each(Cursor::new(value).sequence()?, |reference| {
                let mut pair = reference.inner();
                let hash = OtherHash::read(pair.any()?)?;
                let named =
                    if pair.is_empty() { None } else { Some(read_issuer_serial(pair.any()?)?) };
                Ok(CertificateRef { hash, named })
            })?);
        }
        if let Some(value) = attributes.single(oid::ID_AA_ETS_REVOCATION_REFS)? {
            found.has_revocation_refs = true;
            found.read_revocation_refs(value)?;
        }
        if let Some(value) = attributes.single(oid::ID_AA_ETS_CERT_VALUES)? {
            let certificates =
                each(Cursor::new(value).sequence()?, |c| Certificate::from_der(c.raw))?;
            found.certificates = Some(certificates);
        }
        if let Some(value) = attributes.single(oid::ID_AA_ETS_REVOCATION_VALUES)? {
            found.evidence = Some(revocation_values(value)?);
        }
        Ok(found)
    }

    fn read_revocation_refs(&mut self, value: &[u8]) -> Result<()> {
        let references = each(Cursor::new(value).sequence()?, |reference| {
            let mut fields = reference.inner();
            let mut crls = Vec::new();
            let mut responses = Vec::new();
            if let Some(outer) = fields.optional(0xa0)? {
                let list = outer.inner().sequence()?.sequence()?;
                crls = each(list, |item| OtherHash::read(item.inner().any()?))?;
            }
            if let Some(outer) = fields.optional(0xa1)? {
                let list = outer.inner().sequence()?.sequence()?;
                responses = each(list, |item| {
                    let mut fields = item.inner();
                    fields.any()?;
                    fields
                        .optional(tag::OCTET_STRING)?
                        .or(fields.optional(tag::SEQUENCE)?)
                        .map_or(Err(Error::Value("a reference without a digest")), OtherHash::read)
                })?;
            }
            Ok((crls, responses))
        })?;
        for (crls, responses) in references {
            self.crl_refs.extend(crls);
            self.ocsp_refs.extend(responses);
        }
        Ok(())
    }

    /// Both kinds of references are there: CAdES-C.
    pub fn has_references(&self) -> bool {
        self.certificate_refs.is_some() && self.has_revocation_refs
    }

    /// Both kinds of values are there: CAdES-X Long.
    pub fn has_values(&self) -> bool {
        self.certificates.is_some() && self.evidence.is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.certificate_refs.is_none()
            && !self.has_revocation_refs
            && self.certificates.is_none()
            && self.evidence.is_none()
    }

    /// Whether everything that is referred to is among the values (and `more` certificates, such
    /// as those of the message).
    pub fn references_fit(&self, more: &[Certificate]) -> bool {
        let certificates = self.certificates.as_deref().unwrap_or(&[]);
        let known = || certificates.iter().chain(more);
        let fits = |reference: &CertificateRef| known().any(|known| reference.is_of(known));
        let Some(evidence) = &self.evidence else { return true };
        let responses = || evidence.ocsp.iter();
        self.certificate_refs.iter().flatten().all(fits)
            && self.crl_refs.iter().all(|r| evidence.crls.iter().any(|l| r.is_of(l.as_der())))
            && self.ocsp_refs.iter().all(|r| {
                responses()
                    .any(|o| r.is_of(o.as_der()) || o.basic_der().is_some_and(|b| r.is_of(b)))
            })
    }
}

fn each<T>(mut cursor: Cursor<'_>, read: impl Fn(Tlv<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut out = Vec::new();
    while !cursor.is_empty() {
        if out.len() == MAX_ITEMS {
            return Err(Error::TooLarge);
        }
        out.push(read(cursor.any()?)?);
    }
    Ok(out)
}

/// RevocationValues: lists, and BasicOCSPResponses.
fn revocation_values(value: &[u8]) -> Result<Evidence> {
    let mut sequence = Cursor::new(value).sequence()?;
    let mut evidence = Evidence::default();
    if let Some(lists) = sequence.optional(0xa0)? {
        evidence.crls = each(lists.inner().sequence()?, |list| Crl::from_der(list.raw))?;
    }
    if let Some(responses) = sequence.optional(0xa1)? {
        let responses = responses.inner().sequence()?;
        evidence.ocsp = each(responses, |basic| OcspResponse::from_basic_der(basic.raw))?;
    }
    sequence.optional(0xa2)?;
    sequence.finish()?;
    Ok(evidence)
}

/// The attributes complete-certificate-references and complete-revocation-references for a chain
/// without the signer's own certificate, in DER.
pub fn references(
    digest: DigestAlgorithm,
    certificates: &[Certificate],
    evidence: &Evidence,
) -> [Vec<u8>; 2] {
    let certificate_refs = write::sequence_of(certificates.iter().map(|certificate| {
        let hash = OtherHash::to_der(digest, certificate.as_der());
        write::sequence(&[&hash, &issuer_serial(certificate)])
    }));
    let lists = evidence.crls.iter().map(|list| {
        let hash = OtherHash::to_der(digest, list.as_der());
        write::sequence(&[&hash, &crl_identifier(list)])
    });
    let responses = evidence.ocsp.iter().filter_map(|response| {
        let hash = OtherHash::to_der(digest, response.basic_der()?);
        Some(write::sequence(&[&ocsp_identifier(response)?, &hash]))
    });
    let list_ids = write::sequence(&[&write::sequence_of(lists)]);
    let response_ids = write::sequence(&[&write::sequence_of(responses)]);
    let mut fields = Vec::new();
    if !evidence.crls.is_empty() {
        fields.push(write::explicit(0, &[&list_ids]));
    }
    if !evidence.ocsp.is_empty() {
        fields.push(write::explicit(1, &[&response_ids]));
    }
    let revocation_refs = write::sequence(&[&write::sequence_of(fields)]);
    [
        write::attribute(oid::ID_AA_ETS_CERTIFICATE_REFS, certificate_refs),
        write::attribute(oid::ID_AA_ETS_REVOCATION_REFS, revocation_refs),
    ]
}

/// CrlIdentifier.
fn crl_identifier(list: &Crl) -> Vec<u8> {
    let number = list.number().map(write::unsigned).unwrap_or_default();
    write::sequence(&[list.issuer().as_der(), &write::time(list.this_update()), &number])
}

/// OcspIdentifier.
fn ocsp_identifier(response: &OcspResponse) -> Option<Vec<u8>> {
    let responder = match response.responder()? {
        ResponderId::ByName(name) => write::explicit(1, &[name.as_der()]),
        ResponderId::ByKey(hash) => write::explicit(2, &[&write::octets(hash)]),
    };
    Some(write::sequence(&[&responder, &write::generalized_time(response.produced_at()?)]))
}

/// The attributes certificate-values and revocation-values, in DER.
pub fn values(certificates: &[Certificate], evidence: &Evidence) -> [Vec<u8>; 2] {
    let certificate_values = write::sequence_of(certificates.iter().map(Certificate::as_der));
    let mut fields = Vec::new();
    if !evidence.crls.is_empty() {
        let lists = write::sequence_of(evidence.crls.iter().map(Crl::as_der));
        fields.push(write::explicit(0, &[&lists]));
    }
    if !evidence.ocsp.is_empty() {
        let basic = write::sequence_of(evidence.ocsp.iter().filter_map(OcspResponse::basic_der));
        fields.push(write::explicit(1, &[&basic]));
    }
    [
        write::attribute(oid::ID_AA_ETS_CERT_VALUES, certificate_values),
        write::attribute(oid::ID_AA_ETS_REVOCATION_VALUES, write::sequence_of(fields)),
    ]
}

/// What the CAdES-C-timestamp of X Type 1 is over (RFC 5126 §6.3.5): the signature value, and the
/// time-stamp and reference attributes, each as its type and values without the outer header.
/// `None` when one of the attributes is missing.
pub fn esc_imprint(signer: &SignerInfo) -> Option<Vec<u8>> {
    let mut imprint = signer.signature.clone();
    for oid in [
        oid::ID_AA_SIGNATURE_TIME_STAMP,
        oid::ID_AA_ETS_CERTIFICATE_REFS,
        oid::ID_AA_ETS_REVOCATION_REFS,
    ] {
        let mut found = false;
        for attribute in signer.unsigned.iter().filter(|attribute| attribute.oid == oid) {
            imprint.extend(write::oid(oid));
            imprint.extend(write::element(tag::SET, &attribute.values.concat()));
            found = true;
        }
        if !found {
            return None;
        }
    }
    Some(imprint)
}
