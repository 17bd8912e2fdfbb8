//! A time-stamp service: reading of requests, and tokens.

use chrono::{DateTime, Utc};
use rsa::rand_core::CryptoRng;

use super::Authority;
use crate::asn1::{Oid, Result, Tlv, tag, write};
use crate::cades::EssCertId;
use crate::certificate::{AlgorithmIdentifier, Certificate};
use crate::digest::DigestAlgorithm;
use crate::key::KeyError;
use crate::oid;

/// A request (RFC 3161 §2.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampQuery {
    pub imprint_algorithm: AlgorithmIdentifier,
    /// MessageImprint as received.
    imprint: Vec<u8>,
    digest_length: usize,
    /// The nonce as received.
    nonce: Option<Vec<u8>>,
    /// Whether the certificate of the service is wanted in the token.
    pub certificate_wanted: bool,
}

impl TimestampQuery {
    /// # Errors
    /// When the bytes are not a TimeStampReq.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let mut request = Tlv::single(der)?.inner();
        request.small(tag::INTEGER)?;
        let imprint = request.expect(tag::SEQUENCE)?;
        let mut parts = imprint.inner();
        let imprint_algorithm = AlgorithmIdentifier::read(parts.any()?)?;
        let digest_length = parts.octets()?.len();
        request.optional(tag::OID)?;
        let nonce = request.optional(tag::INTEGER)?.map(|nonce| nonce.raw.to_vec());
        let certificate_wanted = request.default_false(tag::BOOLEAN)?;
        Ok(Self {
            imprint_algorithm,
            imprint: imprint.raw.to_vec(),
            digest_length,
            nonce,
            certificate_wanted,
        })
    }

    /// Whether the imprint has the length that its algorithm gives.
    pub fn is_sound(&self) -> bool {
        DigestAlgorithm::from_oid(self.imprint_algorithm.oid)
            .is_some_and(|digest| digest.digest(&[]).len() == self.digest_length)
    }
}

/// What a token is to say.
#[derive(Clone, Debug)]
pub struct TimestampTemplate {
    pub policy: Oid,
    pub serial: u64,
    pub time: DateTime<Utc>,
    /// Certificates of authorities that go into the token beside the service's own, so that the
    /// path to a root is found.
    pub issuers: Vec<Certificate>,
}

impl TimestampTemplate {
    /// TimeStampResp in DER with a token by the service of `certificate`.
    ///
    /// # Errors
    /// [`KeyError::Scheme`].
    pub fn respond(
        &self,
        query: &TimestampQuery,
        authority: &Authority<'_>,
        certificate: &Certificate,
        rng: &mut dyn CryptoRng,
    ) -> std::result::Result<Vec<u8>, KeyError> {
        let info = write::sequence(&[
            &write::number(1),
            &write::oid(self.policy),
            &query.imprint,
            &write::number(self.serial),
            &write::generalized_time(self.time),
            query.nonce.as_deref().unwrap_or_default(),
        ]);
        let token = self.token(&info, query, authority, certificate, rng)?;
        Ok(write::sequence(&[&write::sequence(&[&write::number(0)]), &token]))
    }

    fn token(
        &self,
        info: &[u8],
        query: &TimestampQuery,
        authority: &Authority<'_>,
        certificate: &Certificate,
        rng: &mut dyn CryptoRng,
    ) -> std::result::Result<Vec<u8>, KeyError> {
        let digest = authority.scheme.digest();
        let signed = write::set_of(vec![
            write::attribute(oid::ID_CONTENT_TYPE, write::oid(oid::ID_CT_TST_INFO)),
            write::attribute(oid::ID_MESSAGE_DIGEST, write::octets(&digest.digest(info))),
            write::attribute(
                oid::ID_AA_SIGNING_CERTIFICATE_V2,
                EssCertId::signing_certificate_v2(digest, certificate),
            ),
        ]);
        let (algorithm, signature) = authority.signature(&signed, rng)?;
        let id = write::sequence(&[
            certificate.issuer().as_der(),
            &write::element(tag::INTEGER, certificate.serial()),
        ]);
        let signer = write::sequence(&[
            &write::number(1),
            &id,
            &digest.to_der(),
            &write::retag(tag::context_constructed(0), &signed),
            &algorithm,
            &write::octets(&signature),
        ]);
        let content = write::sequence(&[
            &write::oid(oid::ID_CT_TST_INFO),
            &write::explicit(0, &[&write::octets(info)]),
        ]);
        let certificates = if query.certificate_wanted {
            let all = std::iter::once(certificate).chain(&self.issuers);
            let all = write::set_of(all.map(|one| one.as_der().to_vec()).collect());
            write::retag(tag::context_constructed(0), &all)
        } else {
            Vec::new()
        };
        let data = write::sequence(&[
            &write::number(3),
            &write::set_of(vec![digest.to_der()]),
            &content,
            &certificates,
            &write::set_of(vec![signer]),
        ]);
        Ok(write::sequence(&[&write::oid(oid::ID_SIGNED_DATA), &write::explicit(0, &[&data])]))
    }
}

/// TimeStampResp that refuses: badAlg (0), badRequest (2) or another bit of PKIFailureInfo.
pub fn refuse(failure: u16) -> Vec<u8> {
    let info = write::named_bits(1 << failure.min(15));
    write::sequence(&[&write::sequence(&[&write::number(2), &info])])
}
