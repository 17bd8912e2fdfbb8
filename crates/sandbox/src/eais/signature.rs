//! Signatures under documents: detached CMS SignedData (RFC 5652) with ECDSA P-256 over SHA-256.

use chrono::{DateTime, Utc};
use cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{Decode, Encode, asn1::OctetString, oid::ObjectIdentifier};
use p256::ecdsa::{DerSignature, signature::Verifier};
use sha2::{Digest, Sha256};
use x509_cert::{Certificate, ext::pkix::SubjectKeyIdentifier};

use crate::ca::{self, Authority, CertificateError};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// Why a signature is not accepted; texts are shown to the participant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum SignatureError {
    #[error("документ не подписан")]
    Missing,
    #[error("подпись не читается как CMS SignedData: {0}")]
    Unreadable(String),
    #[error("в подписи нет подписанта")]
    NoSigner,
    #[error("в подписи нет сертификата подписанта")]
    NoCertificate,
    #[error("алгоритм подписи не поддерживается: {0}")]
    Algorithm(ObjectIdentifier),
    #[error("подписаны другие данные: хэш документа не совпадает с messageDigest")]
    OtherContent,
    #[error("подпись математически неверна")]
    Wrong,
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

impl SignatureError {
    /// Code of the remark in the list of errors.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Missing => "SIG-MISSING",
            Self::Unreadable(_) | Self::NoSigner | Self::NoCertificate => "SIG-UNREADABLE",
            Self::Algorithm(_) => "SIG-ALGORITHM",
            Self::OtherContent | Self::Wrong => "SIG-WRONG",
            Self::Certificate(_) => "SIG-CERTIFICATE",
        }
    }
}

/// Whom a verified signature belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signer {
    /// «ИНН ЮЛ» of the certificate.
    pub(super) organisation_inn: Option<String>,
    /// ИНН of the person.
    pub(super) person_inn: Option<String>,
}

/// Verifies every signature in `cms` over `document` and returns the first signer.
pub(super) fn verify(
    authority: &Authority,
    document: &[u8],
    cms: &[u8],
    now: DateTime<Utc>,
) -> Result<Signer, SignatureError> {
    if cms.is_empty() {
        return Err(SignatureError::Missing);
    }
    let unreadable = |error: der::Error| SignatureError::Unreadable(error.to_string());
    let info = ContentInfo::from_der(cms).map_err(unreadable)?;
    if info.content_type != SIGNED_DATA {
        return Err(SignatureError::Unreadable(format!("contentType {}", info.content_type)));
    }
    let data: SignedData = info.content.decode_as().map_err(unreadable)?;
    let mut first = None;
    for signer in data.signer_infos.0.iter() {
        let certificate = certificate_of(&data, signer).ok_or(SignatureError::NoCertificate)?;
        verify_signer(document, signer, data.encap_content_info.econtent_type, certificate)?;
        authority.check(certificate, now)?;
        first.get_or_insert(certificate);
    }
    let subject = first.ok_or(SignatureError::NoSigner)?.tbs_certificate().subject();
    Ok(Signer {
        organisation_inn: ca::attribute(subject, ca::INN_LEGAL),
        person_inn: ca::attribute(subject, ca::INN),
    })
}

fn certificate_of<'a>(data: &'a SignedData, signer: &SignerInfo) -> Option<&'a Certificate> {
    let certificates = data.certificates.as_ref()?.0.iter();
    certificates
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .find(|certificate| {
            let tbs = certificate.tbs_certificate();
            match &signer.sid {
                SignerIdentifier::IssuerAndSerialNumber(id) => {
                    tbs.issuer() == &id.issuer && tbs.serial_number() == &id.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(id) => tbs
                    .get_extension::<SubjectKeyIdentifier>()
                    .is_ok_and(|found| found.is_some_and(|(_, own)| own == *id)),
            }
        })
}

fn verify_signer(
    document: &[u8],
    signer: &SignerInfo,
    content_type: ObjectIdentifier,
    certificate: &Certificate,
) -> Result<(), SignatureError> {
    if signer.digest_alg.oid != SHA_256 {
        return Err(SignatureError::Algorithm(signer.digest_alg.oid));
    }
    if signer.signature_algorithm.oid != ca::ECDSA_WITH_SHA256 {
        return Err(SignatureError::Algorithm(signer.signature_algorithm.oid));
    }
    let unreadable = |error: der::Error| SignatureError::Unreadable(error.to_string());
    let signed = match &signer.signed_attrs {
        // RFC 5652 section 5.4: the signature is over the DER of the SET OF attributes, among which
        // are the type and the digest of the content.
        Some(attributes) => {
            let value = |oid| {
                let attribute = attributes.iter().find(|attribute| attribute.oid == oid);
                attribute.and_then(|attribute| attribute.values.get(0))
            };
            let typed =
                value(CONTENT_TYPE).and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            let digest = value(MESSAGE_DIGEST).and_then(|any| any.decode_as::<OctetString>().ok());
            let same = digest.is_some_and(|own| own.as_bytes() == &Sha256::digest(document)[..]);
            if typed != Some(content_type) || !same {
                return Err(SignatureError::OtherContent);
            }
            attributes.to_der().map_err(unreadable)?
        }
        None => document.to_vec(),
    };
    let key = ca::verifying_key(certificate).ok_or_else(|| {
        SignatureError::Algorithm(
            certificate.tbs_certificate().subject_public_key_info().algorithm.oid,
        )
    })?;
    let signature =
        DerSignature::from_bytes(signer.signature.as_bytes()).map_err(|_| SignatureError::Wrong)?;
    key.verify(&signed, &signature).map_err(|_| SignatureError::Wrong)
}
