//! Whether a signature may stand under a document: detached CMS SignedData (RFC 5652) by one
//! ECDSA P-256 key whose certificate leads to a configured root and names the person who signs.

use chrono::{DateTime, Utc};
use cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Decode, DecodePem, Encode,
    asn1::{ObjectIdentifier, OctetString},
    oid::db::{rfc5911, rfc5912},
};
use p256::ecdsa::{DerSignature, VerifyingKey, signature::Verifier};
use sha2::{Digest, Sha256};
use thiserror::Error;
use x509_cert::{Certificate, ext::pkix::BasicConstraints};

/// СНИЛС of the owner (order of the FSB № 795).
const SNILS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.3");
/// ИНН of a natural person.
const INN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.3.131.1.1");
/// ИНН of an organisation.
const INN_LE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.100.4");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

/// The longest chain that is followed.
const LONGEST: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    #[error("not a CMS SignedData")]
    Unreadable,
    #[error("the algorithm is not allowed")]
    Algorithm,
    #[error("the signature is over other content")]
    Content,
    #[error("the signature does not fit its certificate")]
    Mismatch,
    #[error("the certificate does not lead to a trusted root")]
    Untrusted,
    #[error("the certificate is not valid at this time")]
    Expired,
    #[error("the certificate belongs to another person")]
    OtherPerson,
    #[error("the certificate belongs to another organisation")]
    OtherOrganisation,
}

impl SignatureError {
    /// Key of the words that the reader sees.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "signature.unreadable",
            Self::Algorithm => "signature.algorithm",
            Self::Content => "signature.content",
            Self::Mismatch => "signature.mismatch",
            Self::Untrusted => "signature.untrusted",
            Self::Expired => "signature.expired",
            Self::OtherPerson => "signature.other_person",
            Self::OtherOrganisation => "signature.other_organisation",
        }
    }
}

/// What the signature must fit.
pub struct Expected<'a> {
    pub roots_pem: &'a str,
    pub at: DateTime<Utc>,
    /// Digits, or with the usual punctuation.
    pub snils: Option<&'a str>,
    pub participant_inn: Option<&'a str>,
}

/// Who signed.
#[derive(Clone, Debug)]
pub struct Signer {
    pub subject: String,
}

/// Checks a detached signature over `content`.
pub fn verify(
    content: &[u8],
    signature: &[u8],
    expected: &Expected<'_>,
) -> Result<Signer, SignatureError> {
    let data = signed_data(signature)?;
    let [info] = data.signer_infos.0.as_slice() else {
        return Err(SignatureError::Unreadable);
    };
    let certificates = certificates(&data);
    let signer = certificates
        .iter()
        .find(|certificate| is_named(certificate, &info.sid))
        .ok_or(SignatureError::Unreadable)?;
    check_attributes(info, content)?;
    check_value(info, signer)?;
    check_chain(signer, &certificates, expected)?;
    check_owner(signer, expected)?;
    Ok(Signer { subject: owner(signer) })
}

/// Checks a certificate by itself: where it leads through `issuers`, that it is valid, and whose
/// it is.
pub fn certificate(
    certificate: &Certificate,
    issuers: &[Certificate],
    expected: &Expected<'_>,
) -> Result<(), SignatureError> {
    check_chain(certificate, issuers, expected)?;
    check_owner(certificate, expected)
}

fn signed_data(signature: &[u8]) -> Result<SignedData, SignatureError> {
    let unreadable = |_| SignatureError::Unreadable;
    let info = ContentInfo::from_der(signature).map_err(unreadable)?;
    if info.content_type != rfc5911::ID_SIGNED_DATA {
        return Err(SignatureError::Unreadable);
    }
    info.content.decode_as().map_err(unreadable)
}

fn certificates(data: &SignedData) -> Vec<Certificate> {
    let kept = data.certificates.iter().flat_map(|set| set.0.iter());
    kept.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    })
    .collect()
}

fn is_named(certificate: &Certificate, sid: &SignerIdentifier) -> bool {
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(name) => {
            certificate.tbs_certificate().issuer() == &name.issuer
                && certificate.tbs_certificate().serial_number() == &name.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// Signed attributes are required: content type `data`, and the digest of this very content.
fn check_attributes(info: &SignerInfo, content: &[u8]) -> Result<(), SignatureError> {
    if info.digest_alg.oid != rfc5912::ID_SHA_256 {
        return Err(SignatureError::Algorithm);
    }
    let attributes = info.signed_attrs.as_ref().ok_or(SignatureError::Unreadable)?;
    let single = |oid: ObjectIdentifier| {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (Some(attribute), None) if attribute.values.len() == 1 => attribute.values.get(0),
            _ => None,
        }
        .ok_or(SignatureError::Unreadable)
    };
    let kind: ObjectIdentifier =
        single(rfc5911::ID_CONTENT_TYPE)?.decode_as().map_err(|_| SignatureError::Unreadable)?;
    let digest: OctetString =
        single(rfc5911::ID_MESSAGE_DIGEST)?.decode_as().map_err(|_| SignatureError::Unreadable)?;
    if kind != rfc5911::ID_DATA || digest.as_bytes() != Sha256::digest(content).as_slice() {
        return Err(SignatureError::Content);
    }
    Ok(())
}

/// The value is over the attributes as a SET OF (RFC 5652, 5.4).
fn check_value(info: &SignerInfo, signer: &Certificate) -> Result<(), SignatureError> {
    if info.signature_algorithm.oid != rfc5912::ECDSA_WITH_SHA_256 {
        return Err(SignatureError::Algorithm);
    }
    let attributes = info.signed_attrs.as_ref().ok_or(SignatureError::Unreadable)?;
    let signed = attributes.to_der().map_err(|_| SignatureError::Unreadable)?;
    verify_ecdsa(signer, &signed, info.signature.as_bytes()).map_err(|_| SignatureError::Mismatch)
}

fn verify_ecdsa(by: &Certificate, signed: &[u8], value: &[u8]) -> Result<(), SignatureError> {
    let spki = by
        .tbs_certificate()
        .subject_public_key_info()
        .to_der()
        .map_err(|_| SignatureError::Unreadable)?;
    let key = <VerifyingKey as p256::pkcs8::DecodePublicKey>::from_public_key_der(&spki)
        .map_err(|_| SignatureError::Algorithm)?;
    let value = DerSignature::from_bytes(value).map_err(|_| SignatureError::Mismatch)?;
    key.verify(signed, &value).map_err(|_| SignatureError::Mismatch)
}

/// Follows issuers up to a root; every certificate must be valid at the time, and every issuer an
/// authority.
fn check_chain(
    signer: &Certificate,
    others: &[Certificate],
    expected: &Expected<'_>,
) -> Result<(), SignatureError> {
    let roots = read_pem(expected.roots_pem)?;
    let mut current = signer.clone();
    for _ in 0..LONGEST {
        check_time(&current, expected.at)?;
        let issuer_name = current.tbs_certificate().issuer();
        if let Some(root) =
            roots.iter().find(|root| root.tbs_certificate().subject() == issuer_name)
        {
            check_time(root, expected.at)?;
            return check_issued(&current, root);
        }
        let issuer = others
            .iter()
            .find(|other| other.tbs_certificate().subject() == issuer_name)
            .ok_or(SignatureError::Untrusted)?;
        check_issued(&current, issuer)?;
        current = issuer.clone();
    }
    Err(SignatureError::Untrusted)
}

fn check_issued(subject: &Certificate, issuer: &Certificate) -> Result<(), SignatureError> {
    let is_authority = issuer
        .tbs_certificate()
        .extensions()
        .into_iter()
        .flatten()
        .filter(|extension| extension.extn_id == BASIC_CONSTRAINTS)
        .filter_map(|extension| BasicConstraints::from_der(extension.extn_value.as_bytes()).ok())
        .any(|constraints| constraints.ca);
    if !is_authority || subject.signature_algorithm().oid != rfc5912::ECDSA_WITH_SHA_256 {
        return Err(SignatureError::Untrusted);
    }
    let signed = subject.tbs_certificate().to_der().map_err(|_| SignatureError::Unreadable)?;
    let value = subject.signature().as_bytes().ok_or(SignatureError::Untrusted)?;
    verify_ecdsa(issuer, &signed, value).map_err(|_| SignatureError::Untrusted)
}

fn check_time(certificate: &Certificate, at: DateTime<Utc>) -> Result<(), SignatureError> {
    let validity = certificate.tbs_certificate().validity();
    let at = u64::try_from(at.timestamp()).unwrap_or_default();
    let from = validity.not_before.to_unix_duration().as_secs();
    let to = validity.not_after.to_unix_duration().as_secs();
    if (from..=to).contains(&at) { Ok(()) } else { Err(SignatureError::Expired) }
}

fn check_owner(signer: &Certificate, expected: &Expected<'_>) -> Result<(), SignatureError> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let value = |oid| attribute(signer, oid).map(|text| digits(&text));
    if let Some(snils) = expected.snils
        && value(SNILS) != Some(digits(snils))
    {
        return Err(SignatureError::OtherPerson);
    }
    if let Some(inn) = expected.participant_inn {
        // Old certificates keep an organisation's ten digits in the person's attribute, with zeros.
        let person = value(INN);
        let stripped = person.as_deref().and_then(|inn| inn.strip_prefix("00"));
        let fits = value(INN_LE).as_deref() == Some(inn)
            || person.as_deref() == Some(inn)
            || (inn.len() == 10 && stripped == Some(inn));
        if !fits {
            return Err(SignatureError::OtherOrganisation);
        }
    }
    Ok(())
}

/// An attribute of the subject, when it is there as UTF-8 or ASCII.
pub fn attribute(certificate: &Certificate, oid: ObjectIdentifier) -> Option<String> {
    certificate
        .tbs_certificate()
        .subject()
        .iter()
        .find(|attribute| attribute.oid == oid)
        .and_then(|attribute| std::str::from_utf8(attribute.value.value()).ok().map(str::to_owned))
}

/// Whom a certificate was issued to, as people say it: the person, and the common name and the
/// organisation when they are others.
pub fn owner(certificate: &Certificate) -> String {
    let named = |oid| attribute(certificate, oid);
    let person = [SURNAME, GIVEN_NAME].into_iter().filter_map(named).collect::<Vec<_>>().join(" ");
    let mut names = Vec::new();
    for name in [Some(person), named(COMMON_NAME), named(ORGANISATION)].into_iter().flatten() {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return certificate.tbs_certificate().subject().to_string();
    }
    names.join(", ")
}

/// The certificates of a PEM file, in its order.
pub fn read_pem(pem: &str) -> Result<Vec<Certificate>, SignatureError> {
    const END: &str = "-----END CERTIFICATE-----";
    pem.split_inclusive(END)
        .filter(|part| part.contains(END))
        .map(|part| Certificate::from_pem(part.trim().as_bytes()))
        .collect::<Result<_, _>>()
        .map_err(|_| SignatureError::Untrusted)
}
