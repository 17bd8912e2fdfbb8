//! The token: TSTInfo inside SignedData (RFC 3161 §2.4.2).

use chrono::{DateTime, TimeDelta, Utc};

use crate::asn1::{Cursor, Error, Oid, Result, tag};
use crate::certificate::{AlgorithmIdentifier, Certificate, read_extension};
use crate::cms::{Attributes, SignedMessage, check_signer};
use crate::digest::DigestAlgorithm;
use crate::oid;
use crate::path::{Failure, PathContext, Purpose, ValidPath};
use crate::report::{Outcome, Reason};

/// What the service says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    pub policy: Oid,
    pub imprint_algorithm: AlgorithmIdentifier,
    pub imprint: Vec<u8>,
    /// Two's complement octets.
    pub serial: Vec<u8>,
    pub time: DateTime<Utc>,
    pub nonce: Option<Vec<u8>>,
}

impl TstInfo {
    /// # Errors
    /// When the bytes are not a TSTInfo.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let mut outer = Cursor::new(der);
        let mut info = outer.sequence()?;
        outer.finish()?;
        if info.small(tag::INTEGER)? != 1 {
            return Err(Error::Value("an unknown version of time-stamps"));
        }
        let policy = info.oid()?;
        let mut imprint = info.sequence()?;
        let imprint_algorithm = AlgorithmIdentifier::read(imprint.any()?)?;
        let digest = imprint.octets()?.to_vec();
        imprint.finish()?;
        let serial = info.integer()?.to_vec();
        let time = info.precise_time()?;
        info.optional(tag::SEQUENCE)?;
        info.optional(tag::BOOLEAN)?;
        let nonce = match info.peek() {
            Some(tag::INTEGER) => Some(info.integer()?.to_vec()),
            _ => None,
        };
        info.optional(0xa0)?;
        if let Some(extensions) = info.optional(0xa1)? {
            let mut extensions = extensions.inner();
            while !extensions.is_empty() {
                if read_extension(&mut extensions)?.1 {
                    return Err(Error::Value("a critical extension of a time-stamp"));
                }
            }
        }
        info.finish()?;
        Ok(Self { policy, imprint_algorithm, imprint: digest, serial, time, nonce })
    }

    fn is_over(&self, data: &[u8]) -> std::result::Result<(), Reason> {
        let digest = DigestAlgorithm::from_oid(self.imprint_algorithm.oid)
            .ok_or(Reason::DigestAlgorithmUnsupported)?;
        if digest.digest(data) == self.imprint {
            Ok(())
        } else {
            Err(Reason::TimestampImprintMismatch)
        }
    }
}

/// A time-stamp token as received.
#[derive(Clone, Debug)]
pub struct Timestamp {
    pub info: TstInfo,
    message: SignedMessage,
}

impl Timestamp {
    /// Reads a TimeStampToken.
    ///
    /// # Errors
    /// [`Reason::TimestampMalformed`].
    pub fn from_der(der: &[u8]) -> std::result::Result<Self, Reason> {
        const MALFORMED: Reason = Reason::TimestampMalformed;
        let mut content = Vec::new();
        let message = SignedMessage::read(der, &mut |piece| content.extend_from_slice(piece))
            .map_err(|_| MALFORMED)?;
        if message.content_type != oid::ID_CT_TST_INFO || message.signers.len() != 1 {
            return Err(MALFORMED);
        }
        let info = TstInfo::from_der(&content).map_err(|_| MALFORMED)?;
        Ok(Self { info, message })
    }

    /// Unsigned attributes of the token.
    pub(crate) fn unsigned(&self) -> Option<&Attributes> {
        self.message.signers.first().map(|signer| &signer.unsigned)
    }

    /// Certificates that came with the token.
    pub fn certificates(&self) -> &[Certificate] {
        &self.message.certificates
    }

    /// Verifies the token over `data`: imprint, signature, and the path of the service's
    /// certificate at `context.at`.
    ///
    /// # Errors
    /// [`Reason::TimestampImprintMismatch`], [`Reason::TimestampSignatureMismatch`],
    /// [`Reason::TimestampPurpose`], [`Reason::TimestampAuthority`] with the certificate at fault,
    /// [`Reason::TimestampOrder`] for a time in the future.
    pub fn verify(
        &self,
        data: &[u8],
        context: &PathContext<'_>,
    ) -> std::result::Result<ValidPath, Failure> {
        self.info.is_over(data).map_err(Failure::plain)?;
        let signer = self.verify_signature(context)?;
        if self.info.time > context.now + TimeDelta::minutes(5) {
            return Err(Failure::plain(Reason::TimestampOrder));
        }
        Purpose::TimeStamping.check(&signer).map_err(|reason| Failure::at(reason, &signer))?;
        if self.info.time < signer.not_before() || self.info.time > signer.not_after() {
            return Err(Failure::at(Reason::TimestampAuthority, &signer));
        }
        let mut pool = context.pool.to_vec();
        pool.extend(self.message.certificates.iter().cloned());
        let evidence = context.evidence.joined(&self.message.evidence);
        let context = context.with_material(&pool, &evidence);
        context.find(&signer, Purpose::TimeStamping).map_err(|failure| Failure {
            reason: Reason::TimestampAuthority,
            certificate: failure.certificate,
        })
    }

    /// The signature of the token, with the reference to the certificate that RFC 3161 §2.4.2
    /// demands.
    fn verify_signature(
        &self,
        context: &PathContext<'_>,
    ) -> std::result::Result<Certificate, Failure> {
        const MISMATCH: Reason = Reason::TimestampSignatureMismatch;
        let content = self.message.attached.as_ref().ok_or(Failure::plain(MISMATCH))?;
        let signer = self.message.signers.first().ok_or(Failure::plain(MISMATCH))?;
        let trust = context.trust;
        let others = trust.intermediates.iter().chain(&trust.anchors).chain(context.pool);
        let candidates = self.message.certificates.iter().chain(others);
        let core = check_signer(signer, self.message.content_type, content, candidates);
        let sound = core.checks.iter().all(|check| check.outcome != Outcome::Failed);
        match core.certificate {
            Some(certificate) if sound && core.names_certificate => Ok(certificate),
            Some(certificate) => Err(Failure::at(MISMATCH, &certificate)),
            None => Err(Failure::plain(MISMATCH)),
        }
    }
}
