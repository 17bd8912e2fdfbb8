//! Building and validation of certification paths to configured roots (RFC 5280 §6, RFC 4158).

mod chain;
mod constraints;
mod policy;
mod purpose;
mod search;

use std::fmt;

pub(crate) use chain::verify_signature;
pub use policy::PolicyInputs;
pub use purpose::Purpose;
pub use search::{Budget, PathContext, ValidPath};

use crate::certificate::Certificate;
use crate::report::Reason;

/// Roots, and certificates of authorities in between.
#[derive(Clone, Debug, Default)]
pub struct TrustStore {
    /// Certificates that are trusted as they are.
    pub anchors: Vec<Certificate>,
    /// Certificates that help to find a path; they are not trusted.
    pub intermediates: Vec<Certificate>,
}

/// Why a path is not valid, and at which certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub reason: Reason,
    pub certificate: Option<Certificate>,
}

impl Failure {
    pub(crate) fn plain(reason: Reason) -> Self {
        Self { reason, certificate: None }
    }

    pub(crate) fn at(reason: Reason, certificate: &Certificate) -> Self {
        Self { reason, certificate: Some(certificate.clone()) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.code())?;
        match &self.certificate {
            Some(certificate) => write!(f, ": {}", certificate.subject()),
            None => Ok(()),
        }
    }
}
