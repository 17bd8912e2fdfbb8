//! What a printed document says of its signature («штамп электронной подписи»).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use signature::certificate::Certificate;

use super::owner;

/// The lines of the stamp (ГОСТ Р 7.0.97-2016, 5.23): number of the certificate, owner, validity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Upper-case hexadecimal digits.
    pub serial: String,
    pub owner: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    pub algorithm: String,
}

impl Stamp {
    pub fn of(certificate: &Certificate, algorithm: &str) -> Self {
        Self {
            serial: certificate.serial_hex(),
            owner: owner::display(certificate),
            valid_from: certificate.not_before(),
            valid_to: certificate.not_after(),
            algorithm: algorithm.to_owned(),
        }
    }
}
