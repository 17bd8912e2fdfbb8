//! Signatures under documents: detached CMS SignedData (RFC 5652) by GOST R 34.10-2012 or ECDSA.

use chrono::{DateTime, Utc};
use domain::lang::Lang;
use signature::{
    cms::SignedMessage,
    digest::ContentDigests,
    report::Reason,
    revocation::RevocationMode,
    verify::{Options, Verifier},
};

use crate::ca::Authority;

/// Why a signature is not accepted; texts are shown to the participant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum SignatureError {
    #[error("документ не подписан")]
    Missing,
    #[error("{}", .0.cause(Lang::Ru))]
    Refused(Reason),
    /// The lists of the authority could not be made.
    #[error("удостоверяющий центр песочницы не работает: {0}")]
    Authority(String),
}

impl SignatureError {
    /// Code of the remark in the list of errors.
    pub(super) fn code(&self) -> &'static str {
        use Reason as R;
        match self {
            Self::Missing => "SIG-MISSING",
            Self::Authority(_) => "SIG-CERTIFICATE",
            Self::Refused(reason) => match reason {
                R::NotSignedData
                | R::Malformed
                | R::TooLarge
                | R::NoSigners
                | R::AttributesMalformed
                | R::SignerCertificateMissing => "SIG-UNREADABLE",
                R::DigestAlgorithmUnsupported
                | R::DigestAlgorithmMismatch
                | R::SignatureAlgorithmUnsupported
                | R::SignatureAlgorithmMismatch
                | R::KeyUnsupported
                | R::WeakDigest
                | R::WeakKey => "SIG-ALGORITHM",
                R::ContentConflict
                | R::ContentTypeMissing
                | R::ContentTypeMismatch
                | R::MessageDigestMissing
                | R::MessageDigestMismatch
                | R::AttributesAsContent
                | R::SigningCertificateMismatch
                | R::SignatureMismatch => "SIG-WRONG",
                _ => "SIG-CERTIFICATE",
            },
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
    let message = SignedMessage::from_bytes(cms).map_err(SignatureError::Refused)?;
    let digests = ContentDigests::of(&message.needed_digests(), document);
    let trust = authority.trust();
    let evidence =
        authority.evidence(now).map_err(|error| SignatureError::Authority(error.to_string()))?;
    let options = Options {
        revocation: Some(RevocationMode::EndEntity),
        refuse_weak: true,
        ..Options::default()
    };
    let verifier = Verifier { trust: &trust, evidence: &evidence, at: now, options: &options };
    let report = verifier.verify(&message, Some(&digests));
    if let Some(reason) = report.reason {
        return Err(SignatureError::Refused(reason));
    }
    let first = report.signers.into_iter().next();
    let signer = first.ok_or(SignatureError::Refused(Reason::NoSigners))?;
    let inn = |inn: domain::ids::Inn| inn.as_str().to_owned();
    Ok(Signer {
        organisation_inn: signer.identifiers.organisation_inn.map(inn),
        person_inn: signer.identifiers.inn.map(inn),
    })
}
