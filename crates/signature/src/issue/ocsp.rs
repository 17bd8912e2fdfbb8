//! OCSP: reading of requests, and responses.

use chrono::{DateTime, Utc};
use rsa::rand_core::CryptoRng;

use super::{Authority, Extension};
use crate::asn1::{Result, Tlv, write};
use crate::certificate::{Certificate, read_extension};
use crate::key::KeyError;
use crate::oid;
use crate::revocation::OcspResponse;
use crate::revocation::ocsp::{CertId, CertStatus};

const MAX_QUESTIONS: usize = 64;

/// A request to the service (RFC 6960 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspRequest {
    /// The certificates asked about: the CertID read, and as received.
    pub ids: Vec<(CertId, Vec<u8>)>,
    /// Content of the nonce extension.
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// # Errors
    /// When the bytes are not an OCSPRequest.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let mut tbs = Tlv::single(der)?.inner().sequence()?;
        tbs.optional(0xa0)?;
        tbs.optional(0xa1)?;
        let mut list = tbs.sequence()?;
        let mut ids = Vec::new();
        while !list.is_empty() {
            if ids.len() == MAX_QUESTIONS {
                return Err(crate::asn1::Error::TooLarge);
            }
            let id = list.sequence()?.any()?;
            ids.push((CertId::read(id)?, id.raw.to_vec()));
        }
        let mut nonce = None;
        if let Some(outer) = tbs.optional(0xa2)? {
            let mut extensions = outer.inner().sequence()?;
            while !extensions.is_empty() {
                let (oid, _, value) = read_extension(&mut extensions)?;
                if oid == oid::ID_PKIX_OCSP_NONCE {
                    nonce = Some(value.to_vec());
                }
            }
        }
        Ok(Self { ids, nonce })
    }
}

/// What a response is to say.
#[derive(Clone, Debug)]
pub struct OcspTemplate {
    pub produced_at: DateTime<Utc>,
    pub this_update: DateTime<Utc>,
    pub next_update: Option<DateTime<Utc>>,
    /// CertIDs in DER, and their states.
    pub answers: Vec<(Vec<u8>, CertStatus)>,
    /// Content of the nonce extension of the request.
    pub nonce: Option<Vec<u8>>,
}

impl OcspTemplate {
    /// Signs the response in the name of `authority`; `certificates` go with it, so that the
    /// reader can check a delegated signer.
    ///
    /// # Errors
    /// [`KeyError::Scheme`], [`KeyError::Malformed`].
    pub fn issue(
        &self,
        authority: &Authority<'_>,
        certificates: &[Certificate],
        rng: &mut dyn CryptoRng,
    ) -> std::result::Result<OcspResponse, KeyError> {
        let answers = self.answers.iter().map(|(id, status)| self.single(id, status));
        let nonce = self.nonce.as_ref().map(|nonce| {
            let extension = Extension::new(oid::ID_PKIX_OCSP_NONCE, false, nonce.clone());
            write::explicit(1, &[&write::sequence(&[&extension.to_der()])])
        });
        let tbs = write::sequence(&[
            &write::explicit(1, &[authority.name.as_der()]),
            &write::generalized_time(self.produced_at),
            &write::sequence_of(answers),
            &nonce.unwrap_or_default(),
        ]);
        let (algorithm, signature) = authority.signature(&tbs, rng)?;
        let certificates = write::sequence_of(certificates.iter().map(Certificate::as_der));
        let basic = write::sequence(&[
            &tbs,
            &algorithm,
            &write::bits(&signature),
            &write::explicit(0, &[&certificates]),
        ]);
        OcspResponse::from_basic_der(&basic).map_err(|_| KeyError::Malformed)
    }

    fn single(&self, id: &[u8], status: &CertStatus) -> Vec<u8> {
        let status = match status {
            CertStatus::Good => write::element(0x80, &[]),
            CertStatus::Unknown => write::element(0x82, &[]),
            CertStatus::Revoked { at, reason } => {
                let reason = write::explicit(0, &[&write::enumerated(reason.code())]);
                write::explicit(1, &[&write::generalized_time(*at), &reason])
            }
        };
        let next =
            self.next_update.map(|next| write::explicit(0, &[&write::generalized_time(next)]));
        write::sequence(&[
            id,
            &status,
            &write::generalized_time(self.this_update),
            &next.unwrap_or_default(),
        ])
    }
}
