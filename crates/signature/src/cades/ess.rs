//! References to certificates: signing-certificate (RFC 2634 §5.4) and signing-certificate-v2
//! (RFC 5035 §3).

use crate::asn1::{Cursor, Result, Tlv, tag, write};
use crate::certificate::{AlgorithmIdentifier, Certificate, GeneralName, Name};
use crate::cms::Attributes;
use crate::digest::DigestAlgorithm;
use crate::oid;
use crate::report::Reason;

/// ESSCertID or ESSCertIDv2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EssCertId {
    digest: DigestAlgorithm,
    hash: Vec<u8>,
    issuer_serial: Option<(Name, Vec<u8>)>,
}

impl EssCertId {
    /// The first reference of each of the two attributes: those to the signer's certificate.
    ///
    /// # Errors
    /// [`Reason::AttributesMalformed`] when an attribute is there twice or cannot be read,
    /// [`Reason::DigestAlgorithmUnsupported`].
    pub fn signed(attributes: &Attributes) -> std::result::Result<Vec<Self>, Reason> {
        const MALFORMED: Reason = Reason::AttributesMalformed;
        let mut references = Vec::new();
        for (oid, second_version) in
            [(oid::ID_AA_SIGNING_CERTIFICATE, false), (oid::ID_AA_SIGNING_CERTIFICATE_V2, true)]
        {
            if let Some(value) = attributes.single(oid).map_err(|_| MALFORMED)? {
                let first = first(value, second_version).map_err(|_| MALFORMED)?;
                references.push(first.ok_or(Reason::DigestAlgorithmUnsupported)?);
            }
        }
        Ok(references)
    }

    /// Whether the reference is to this certificate.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let named = self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
            certificate.issuer() == issuer && certificate.serial() == serial
        });
        named && certificate.fingerprint(self.digest) == self.hash
    }

    /// SigningCertificateV2 with one reference, with issuer and serial number.
    pub fn signing_certificate_v2(digest: DigestAlgorithm, certificate: &Certificate) -> Vec<u8> {
        let algorithm = match digest {
            // The default is not written.
            DigestAlgorithm::Sha256 => Vec::new(),
            other => other.to_der(),
        };
        let reference = write::sequence(&[
            &algorithm,
            &write::octets(&certificate.fingerprint(digest)),
            &issuer_serial(certificate),
        ]);
        write::sequence(&[&write::sequence(&[&reference])])
    }
}

/// IssuerSerial.
pub(super) fn issuer_serial(certificate: &Certificate) -> Vec<u8> {
    let name = write::explicit(4, &[certificate.issuer().as_der()]);
    let serial = write::element(tag::INTEGER, certificate.serial());
    write::sequence(&[&write::sequence(&[&name]), &serial])
}

/// Reads IssuerSerial.
pub(super) fn read_issuer_serial(element: Tlv<'_>) -> Result<(Name, Vec<u8>)> {
    let mut pair = Cursor::new(element.raw).sequence()?;
    let names = GeneralName::read_all(pair.sequence()?)?;
    let serial = pair.integer()?.to_vec();
    pair.finish()?;
    let issuer = names.iter().find_map(GeneralName::directory).cloned();
    Ok((issuer.ok_or(crate::asn1::Error::Value("an issuer without a name"))?, serial))
}

/// The first reference; `None` when its digest algorithm is not known.
fn first(value: &[u8], second_version: bool) -> Result<Option<EssCertId>> {
    let mut references = Cursor::new(value).sequence()?.sequence()?;
    let mut reference = references.sequence()?;
    let digest = match reference.peek() {
        Some(tag::SEQUENCE) if second_version => {
            DigestAlgorithm::from_oid(AlgorithmIdentifier::read(reference.any()?)?.oid)
        }
        _ if second_version => Some(DigestAlgorithm::Sha256),
        _ => Some(DigestAlgorithm::Sha1),
    };
    let hash = reference.octets()?.to_vec();
    let issuer_serial =
        if reference.is_empty() { None } else { Some(read_issuer_serial(reference.any()?)?) };
    reference.finish()?;
    Ok(digest.map(|digest| EssCertId { digest, hash, issuer_serial }))
}
