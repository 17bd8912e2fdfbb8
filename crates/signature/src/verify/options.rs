//! What a verification demands.

use super::Verifier;
use crate::asn1::Oid;
use crate::key::SignatureScheme;
use crate::report::{Level, Reason};
use crate::revocation::RevocationMode;

/// What a verification demands beyond RFC 5280 and RFC 5652.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Check the signature alone: neither chain nor revocation nor time-stamps.
    pub signature_only: bool,
    /// Of what revocation must be known; what is natural for the data at hand if not set
    /// ([`crate::revocation::Evidence::natural_mode`]).
    pub revocation: Option<RevocationMode>,
    /// The lowest level that is enough.
    pub level: Option<Level>,
    /// Policies of which the certificate must have one, such as the classes of qualified
    /// signature tools 1.2.643.100.113.*; none: any will do.
    pub policies: Vec<Oid>,
    /// Names of the only algorithms that are allowed, as [`SignatureScheme::name`] gives them;
    /// none: all that are supported.
    pub algorithms: Vec<String>,
    /// Refuse SHA-1 and short keys, which are else only remarked on.
    pub refuse_weak: bool,
}

impl Options {
    pub(super) fn allows(&self, scheme: SignatureScheme) -> Result<(), Reason> {
        if self.algorithms.is_empty() || self.algorithms.contains(&scheme.name()) {
            Ok(())
        } else {
            Err(Reason::AlgorithmNotAllowed)
        }
    }
}

impl Verifier<'_> {
    pub(super) fn revocation_mode(&self) -> RevocationMode {
        if self.options.signature_only {
            RevocationMode::Off
        } else {
            self.options.revocation.unwrap_or_else(|| self.evidence.natural_mode())
        }
    }
}
