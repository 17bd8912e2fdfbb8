//! Why a signature is not taken: one key of words for every cause that asks for another remedy.

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
};
use sea_orm::DbErr;
use signature::report::Reason;
use thiserror::Error;

use crate::error::Refusal;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// What the engine found.
    #[error("{}", .0.cause(Lang::En))]
    Reason(Reason),
    /// One person signs at a time.
    #[error("the file holds signatures of several people")]
    Several,
    #[error("the certificate belongs to another person")]
    OtherPerson,
    #[error("the certificate belongs to another organisation")]
    OtherOrganisation,
    /// The authority is trusted, but the operator does not count it as qualified.
    #[error("the authority is not qualified")]
    NotQualified,
    #[error("the certificate names no person by СНИЛС")]
    NoSnils,
    /// The operator demands one, and the service gave none.
    #[error("there is no time-stamp")]
    NoTimestamp,
    #[error("the challenge is too old")]
    ChallengeExpired,
    /// It was not made here.
    #[error("the challenge is unknown")]
    ChallengeUnknown,
    #[error("the challenge was used already")]
    ChallengeUsed,
}

impl From<Reason> for SignatureError {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl SignatureError {
    /// Key of the words that the reader sees.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Reason(reason) => key(*reason),
            Self::Several => "signature.several",
            Self::OtherPerson => "signature.other_person",
            Self::OtherOrganisation => "signature.other_organisation",
            Self::NotQualified => "signature.not_qualified",
            Self::NoSnils => "signature.no_snils",
            Self::NoTimestamp => "signature.no_timestamp",
            Self::ChallengeExpired => "signature.challenge_expired",
            Self::ChallengeUnknown => "signature.challenge_unknown",
            Self::ChallengeUsed => "signature.challenge_used",
        }
    }

    /// The error that crosses the wire. Support finds the engine's own code in the argument
    /// `reason`.
    pub fn wire(&self) -> WireError {
        let code = match self {
            Self::ChallengeExpired | Self::ChallengeUnknown | Self::ChallengeUsed => {
                ErrorCode::Expired
            }
            Self::NoTimestamp => ErrorCode::Unavailable,
            _ => ErrorCode::Invalid,
        };
        let error = WireError::new(code, self.key());
        match self {
            Self::Reason(reason) => error.arg("reason", reason.code()),
            _ => error,
        }
    }
}

fn key(reason: Reason) -> &'static str {
    use Reason as R;
    match reason {
        R::NotSignedData
        | R::Malformed
        | R::TooLarge
        | R::NoSigners
        | R::ContentMissing
        | R::LongTermMalformed => "signature.unreadable",
        R::ContentConflict
        | R::AttributesAsContent
        | R::ContentTypeMismatch
        | R::MessageDigestMismatch => "signature.content",
        R::AttributesMalformed
        | R::ContentTypeMissing
        | R::MessageDigestMissing
        | R::SigningCertificateMissing
        | R::SigningCertificateMismatch
        | R::DigestAlgorithmMismatch
        | R::SignatureAlgorithmMismatch
        | R::LevelInsufficient => "signature.attributes",
        R::DigestAlgorithmUnsupported
        | R::SignatureAlgorithmUnsupported
        | R::AlgorithmNotAllowed
        | R::KeyUnsupported => "signature.algorithm",
        R::WeakDigest | R::WeakKey => "signature.weak",
        R::SignatureMismatch | R::CountersignatureMismatch | R::KeyInvalid => "signature.mismatch",
        R::SignerCertificateMissing => "signature.no_certificate",
        R::CertificateExpired => "signature.expired",
        R::CertificateNotYetValid => "signature.not_yet_valid",
        R::IssuerExpired => "signature.issuer_expired",
        R::IssuerUnknown
        | R::PathTooLong
        | R::CertificateSignatureMismatch
        | R::CertificateAlgorithmMismatch
        | R::NotAnAuthority
        | R::PathLengthExceeded
        | R::IssuerKeyUsage
        | R::NameNotPermitted
        | R::UnknownCriticalExtension
        | R::PolicyNotSatisfied => "signature.untrusted",
        R::PolicyRequired => "signature.not_qualified",
        R::KeyUsageForbidsSigning | R::ExtendedKeyUsage => "signature.purpose",
        R::PrivateKeyPeriod => "signature.key_period",
        R::CertificateRevoked => "signature.revoked",
        R::CertificateSuspended => "signature.suspended",
        R::IssuerRevoked => "signature.issuer_revoked",
        R::RevocationUnknown
        | R::CrlMalformed
        | R::CrlSignatureMismatch
        | R::CrlIssuerNotAllowed
        | R::CrlExpired
        | R::CrlNotYetValid
        | R::CrlUnknownCriticalExtension
        | R::CrlScope
        | R::OcspMalformed
        | R::OcspUnsuccessful
        | R::OcspSignatureMismatch
        | R::OcspResponderUnauthorized
        | R::OcspExpired
        | R::OcspNotYetValid
        | R::OcspOtherCertificate
        | R::OcspStatusUnknown
        | R::OcspNonceMismatch => "signature.revocation_unknown",
        R::TimestampMalformed
        | R::TimestampRefused
        | R::TimestampImprintMismatch
        | R::TimestampSignatureMismatch
        | R::TimestampAuthority
        | R::TimestampPurpose
        | R::TimestampOrder
        | R::TimestampNonce
        | R::LongTermReference
        | R::LongTermIncomplete
        | R::ArchiveIndexMalformed
        | R::ArchiveCertificate
        | R::ArchiveRevocation
        | R::ArchiveAttribute => "signature.timestamp",
    }
}

/// Why a use case of signatures was refused.
#[derive(Debug, Error)]
pub enum SignatureRefusal {
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Refusal for SignatureRefusal {
    fn wire(&self, _: Lang) -> Option<WireError> {
        match self {
            Self::Signature(error) => Some(error.wire()),
            Self::Db(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_and_a_remedy() {
        let own = [
            SignatureError::Several,
            SignatureError::OtherPerson,
            SignatureError::OtherOrganisation,
            SignatureError::NotQualified,
            SignatureError::NoSnils,
            SignatureError::NoTimestamp,
            SignatureError::ChallengeExpired,
            SignatureError::ChallengeUnknown,
            SignatureError::ChallengeUsed,
        ];
        let reasons = Reason::ALL.iter().map(|reason| SignatureError::Reason(*reason));
        for error in own.into_iter().chain(reasons) {
            let wire = error.wire();
            let general = WireError::of(wire.code);
            for lang in Lang::ALL {
                assert_ne!(wire.cause_text(lang), general.cause_text(lang), "{}", wire.message);
                assert!(!wire.remedy_text(lang).is_empty(), "{}", wire.message);
            }
        }
    }
}
