//! Requests to a time-stamp service and its answers (RFC 3161 §2.4).

use super::Timestamp;
use crate::asn1::{Cursor, tag, write};
use crate::digest::DigestAlgorithm;
use crate::report::Reason;

/// A request for a time-stamp over data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    digest: DigestAlgorithm,
    imprint: Vec<u8>,
    nonce: [u8; 8],
}

impl TimestampRequest {
    /// Media types of RFC 3161 §3.4.
    pub const MEDIA_TYPE: &'static str = "application/timestamp-query";
    pub const REPLY_MEDIA_TYPE: &'static str = "application/timestamp-reply";

    pub fn new(digest: DigestAlgorithm, data: &[u8], nonce: [u8; 8]) -> Self {
        Self { digest, imprint: digest.digest(data), nonce }
    }

    /// TimeStampReq in DER: with a nonce, and with the wish for the service's certificate.
    pub fn to_der(&self) -> Vec<u8> {
        let imprint = write::sequence(&[&self.digest.to_der(), &write::octets(&self.imprint)]);
        write::sequence(&[
            &write::number(1),
            &imprint,
            &write::unsigned(&self.nonce),
            &write::boolean(true),
        ])
    }

    /// Takes the token out of the answer and checks that it answers this request. The token's
    /// signature is a matter of [`Timestamp::verify`].
    ///
    /// # Errors
    /// [`Reason::TimestampRefused`], [`Reason::TimestampMalformed`],
    /// [`Reason::TimestampImprintMismatch`], [`Reason::TimestampNonce`].
    pub fn accept(&self, response: &[u8]) -> Result<Vec<u8>, Reason> {
        let token = read_response(response)?;
        let info = Timestamp::from_der(&token)?.info;
        if info.imprint_algorithm.oid != self.digest.oid() || info.imprint != self.imprint {
            return Err(Reason::TimestampImprintMismatch);
        }
        let own = write::unsigned(&self.nonce);
        let own = Cursor::new(&own).integer().map_err(|_| Reason::TimestampNonce)?;
        if info.nonce.as_deref() != Some(own) {
            return Err(Reason::TimestampNonce);
        }
        Ok(token)
    }
}

/// The token in a TimeStampResp that grants one.
///
/// # Errors
/// [`Reason::TimestampRefused`], [`Reason::TimestampMalformed`].
pub fn read_response(response: &[u8]) -> Result<Vec<u8>, Reason> {
    let read = || -> crate::asn1::Result<(u64, Option<Vec<u8>>)> {
        let mut outer = Cursor::new(response);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let status = sequence.sequence()?.small(tag::INTEGER)?;
        let token = if sequence.is_empty() { None } else { Some(sequence.any()?.raw.to_vec()) };
        sequence.finish()?;
        Ok((status, token))
    };
    // 0: granted, 1: granted with modifications.
    match read().map_err(|_| Reason::TimestampMalformed)? {
        (0 | 1, Some(token)) => Ok(token),
        (0 | 1, None) => Err(Reason::TimestampMalformed),
        _ => Err(Reason::TimestampRefused),
    }
}
