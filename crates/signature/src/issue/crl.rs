//! Revocation lists.

use chrono::{DateTime, Utc};
use rsa::rand_core::CryptoRng;

use super::{Authority, Extension};
use crate::asn1::{tag, write};
use crate::key::KeyError;
use crate::oid;
use crate::revocation::{Crl, RevocationReason};

/// A revoked certificate.
#[derive(Clone, Debug)]
pub struct RevokedEntry {
    /// Two's complement octets, as [`crate::certificate::Certificate::serial`] gives them.
    pub serial: Vec<u8>,
    pub at: DateTime<Utc>,
    pub reason: RevocationReason,
}

/// What a revocation list is to say.
#[derive(Clone, Debug)]
pub struct CrlTemplate {
    pub number: u64,
    /// The number of the complete list that this one continues.
    pub delta_base: Option<u64>,
    pub this_update: DateTime<Utc>,
    pub next_update: DateTime<Utc>,
    pub entries: Vec<RevokedEntry>,
    pub extensions: Vec<Extension>,
}

impl CrlTemplate {
    /// Signs the list.
    ///
    /// # Errors
    /// [`KeyError::Scheme`], [`KeyError::Malformed`] when the template makes no list that could be
    /// read.
    pub fn issue(
        &self,
        authority: &Authority<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Crl, KeyError> {
        let mut extensions = vec![
            Extension::authority_key_identifier(&authority.key_identifier),
            Extension::new(oid::ID_CE_CRL_NUMBER, false, write::number(self.number)),
        ];
        if let Some(base) = self.delta_base {
            let value = write::number(base);
            extensions.push(Extension::new(oid::ID_CE_DELTA_CRL_INDICATOR, true, value));
        }
        extensions.extend(self.extensions.iter().cloned());
        let entries = match self.entries.as_slice() {
            // RFC 5280 §5.1.2.6: without entries the list itself is absent.
            [] => Vec::new(),
            entries => write::sequence_of(entries.iter().map(entry)),
        };
        let list = write::sequence_of(extensions.iter().map(Extension::to_der));
        let tbs = write::sequence(&[
            &write::number(1),
            &authority.scheme.to_der(),
            authority.name.as_der(),
            &write::time(self.this_update),
            &write::time(self.next_update),
            &entries,
            &write::explicit(0, &[&list]),
        ]);
        Crl::from_der(&authority.signed(&tbs, rng)?).map_err(|_| KeyError::Malformed)
    }
}

fn entry(entry: &RevokedEntry) -> Vec<u8> {
    let extensions = if entry.reason == RevocationReason::Unspecified {
        Vec::new()
    } else {
        let value = write::enumerated(entry.reason.code());
        let reason = Extension::new(oid::ID_CE_CRL_REASON, false, value);
        write::sequence(&[&reason.to_der()])
    };
    write::sequence(&[
        &write::element(tag::INTEGER, &entry.serial),
        &write::time(entry.at),
        &extensions,
    ])
}
