//! The archive time-stamps of a signer (ETSI EN 319 122-1 §5.5.3).

use chrono::{DateTime, Utc};

use crate::asn1::Oid;
use crate::cades::HashIndex;
use crate::cms::{SignedMessage, SignerInfo};
use crate::digest::ContentDigests;
use crate::oid;
use crate::path::{Failure, PathContext, ValidPath};
use crate::report::Reason;
use crate::timestamp::Timestamp;

/// An archive time-stamp, and what came out.
pub(crate) struct Archive {
    pub time: Option<DateTime<Utc>>,
    pub verified: Result<ValidPath, Failure>,
    /// Of a valid one.
    index: Option<HashIndex>,
}

/// The archive time-stamps of a signer, the latest first.
pub(crate) struct Archives(pub Vec<Archive>);

impl Archives {
    /// Verifies all of them: the latest at the time of the context, earlier ones at the time for
    /// which a later one proves that they were there.
    pub(crate) fn verify(
        message: &SignedMessage,
        signer: &SignerInfo,
        content: &ContentDigests,
        context: &PathContext<'_>,
    ) -> Self {
        const OID: Oid = oid::ID_AA_ETS_ARCHIVE_TIMESTAMP_V3;
        let tokens = signer.unsigned.values(OID);
        let mut stamps: Vec<_> = tokens.map(|token| (Timestamp::from_der(token), token)).collect();
        // Those that cannot be read come last.
        let time = |stamp: &Result<Timestamp, Reason>| stamp.as_ref().ok().map(|s| s.info.time);
        stamps.sort_by_key(|(stamp, _)| std::cmp::Reverse(time(stamp)));
        let mut archives = Self(Vec::new());
        for (stamp, token) in stamps {
            let mut context = context.clone();
            context.at = archives.proven(OID, token).unwrap_or(context.at);
            let time = time(&stamp);
            let outcome = stamp
                .map_err(Failure::plain)
                .and_then(|stamp| one(&stamp, message, signer, content, &context));
            let (verified, index) = match outcome {
                Ok((path, index)) => (Ok(path), Some(index)),
                Err(failure) => (Err(failure), None),
            };
            archives.0.push(Archive { time, verified, index });
        }
        archives
    }

    /// The earliest time for which a value of an unsigned attribute is proven to have been there.
    pub(crate) fn proven(&self, attribute: Oid, value: &[u8]) -> Option<DateTime<Utc>> {
        let protects = |archive: &&Archive| {
            archive.index.as_ref().is_some_and(|index| index.protects(attribute, value))
        };
        self.0.iter().filter(protects).filter_map(|archive| archive.time).min()
    }

    /// The earliest time of a valid one: the signature was there then.
    pub(crate) fn earliest(&self) -> Option<DateTime<Utc>> {
        let valid = self.0.iter().filter(|archive| archive.index.is_some());
        valid.filter_map(|archive| archive.time).min()
    }
}

/// Verifies one: its index fits the message, its imprint the index, its path holds.
fn one(
    stamp: &Timestamp,
    message: &SignedMessage,
    signer: &SignerInfo,
    content: &ContentDigests,
    context: &PathContext<'_>,
) -> Result<(ValidPath, HashIndex), Failure> {
    let unsigned = stamp.unsigned().ok_or(Failure::plain(Reason::ArchiveIndexMalformed))?;
    let index = HashIndex::of_token(unsigned, stamp.info.imprint_algorithm.oid);
    let index = index.map_err(Failure::plain)?;
    index.fits(message, signer).map_err(Failure::plain)?;
    let data = index.imprint(message, signer, content);
    let data = data.ok_or(Failure::plain(Reason::DigestAlgorithmMismatch))?;
    Ok((stamp.verify(&data, context)?, index))
}
