//! What an end-entity certificate is used for, and whether it may be.

use crate::asn1::Oid;
use crate::certificate::{Certificate, KeyUsage};
use crate::oid;
use crate::report::Reason;

/// What the key of a certificate did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Any: only the path counts.
    Any,
    /// Signed a document.
    Signing,
    /// Signed a time-stamp (RFC 3161 §2.3).
    TimeStamping,
    /// Signed an OCSP response for the issuer (RFC 6960 §4.2.2.2).
    OcspSigning,
    /// Signed a revocation list.
    CrlSigning,
}

/// Purposes under id-kp that have nothing to do with signing documents: TLS servers, code, VPN,
/// time-stamps, OCSP. Others (mail, client sign-in, document signing, the purposes that Russian
/// information systems give out) do not speak against it.
const NOT_FOR_DOCUMENTS: [Oid; 7] = [
    Oid::new_unwrap("1.3.6.1.5.5.7.3.1"),
    Oid::new_unwrap("1.3.6.1.5.5.7.3.3"),
    Oid::new_unwrap("1.3.6.1.5.5.7.3.5"),
    Oid::new_unwrap("1.3.6.1.5.5.7.3.6"),
    Oid::new_unwrap("1.3.6.1.5.5.7.3.7"),
    oid::ID_KP_TIME_STAMPING,
    oid::ID_KP_OCSP_SIGNING,
];

impl Purpose {
    /// # Errors
    /// [`Reason::KeyUsageForbidsSigning`], [`Reason::ExtendedKeyUsage`],
    /// [`Reason::TimestampPurpose`], [`Reason::OcspResponderUnauthorized`],
    /// [`Reason::CrlIssuerNotAllowed`].
    pub fn check(self, certificate: &Certificate) -> Result<(), Reason> {
        const SIGNS: u16 = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION;
        let extensions = certificate.extensions();
        let may = |bits| extensions.key_usage.is_none_or(|usage| usage.allows(bits));
        let purposes = extensions.extended_key_usage.as_deref();
        let require = |holds: bool, reason| if holds { Ok(()) } else { Err(reason) };
        match self {
            Self::Any => Ok(()),
            Self::Signing => {
                require(may(SIGNS), Reason::KeyUsageForbidsSigning)?;
                let fits = purposes
                    .is_none_or(|p| p.iter().any(|purpose| !NOT_FOR_DOCUMENTS.contains(purpose)));
                require(fits, Reason::ExtendedKeyUsage)
            }
            Self::TimeStamping => {
                let only = purposes == Some(&[oid::ID_KP_TIME_STAMPING]);
                let fits = only && extensions.extended_key_usage_critical && may(SIGNS);
                require(fits, Reason::TimestampPurpose)
            }
            Self::OcspSigning => {
                let named = purposes.is_some_and(|p| p.contains(&oid::ID_KP_OCSP_SIGNING));
                require(named && may(SIGNS), Reason::OcspResponderUnauthorized)
            }
            Self::CrlSigning => require(may(KeyUsage::CRL_SIGN), Reason::CrlIssuerNotAllowed),
        }
    }
}
