//! Proof of when a signature was there: a time-stamp makes CAdES-T of CAdES-BES, so that the
//! signature outlives its certificate.

use signature::{
    cms::SignedMessage,
    report::{Level, Reason},
    sign::{SignError, attach_timestamp},
};
use thiserror::Error;

use super::{Examined, SignatureError, examine};
use crate::{ctx::Ctx, gateway::timestamp::TimestampError};

/// A signature that was accepted, stamped where that could be done.
pub struct Stamped {
    pub signature: Vec<u8>,
    pub examined: Examined,
    /// The service is to be asked again later.
    pub owed: bool,
}

/// Why a signature has no time-stamp.
#[derive(Debug, Error)]
pub enum NotStamped {
    #[error("the cabinet has no time-stamp service")]
    NoService,
    #[error("{0}")]
    Service(#[from] TimestampError),
    /// The token cannot be put into the message.
    #[error("{0}")]
    Message(#[from] SignError),
    /// The signature with the stamp is not valid: most likely the service is not trusted.
    #[error("{0}")]
    NotProven(SignatureError),
}

/// Stamps an accepted signature, unless its maker has done so. A service that does not answer
/// hinders nobody, unless the operator demands time-stamps.
///
/// # Errors
/// [`SignatureError::NoTimestamp`] when one is demanded and there is none.
pub async fn stamped(
    ctx: &Ctx,
    content: &[u8],
    signature: Vec<u8>,
    examined: Examined,
) -> Result<Stamped, SignatureError> {
    if examined.report.level >= Some(Level::CadesT) {
        return Ok(Stamped { signature, examined, owed: false });
    }
    match stamp(ctx, content, &signature).await {
        Ok((signature, examined)) => Ok(Stamped { signature, examined, owed: false }),
        Err(cause) => {
            let has_service = !matches!(cause, NotStamped::NoService);
            if has_service {
                tracing::warn!(%cause, "timestamp.failed");
            }
            if ctx.settings().signature.timestamp_required {
                return Err(SignatureError::NoTimestamp);
            }
            Ok(Stamped { signature, examined, owed: has_service })
        }
    }
}

/// The signature with a time-stamp, and what it proves now.
///
/// # Errors
/// See [`NotStamped`].
pub async fn stamp(
    ctx: &Ctx,
    content: &[u8],
    signature: &[u8],
) -> Result<(Vec<u8>, Examined), NotStamped> {
    let service = ctx.backend.gateways.timestamp.as_ref().ok_or(NotStamped::NoService)?;
    let not_proven = |reason| NotStamped::NotProven(SignatureError::Reason(reason));
    let message = SignedMessage::from_bytes(signature).map_err(not_proven)?;
    let [signer] = message.signers.as_slice() else {
        return Err(NotStamped::NotProven(SignatureError::Several));
    };
    let digest = signer.digest().ok_or(not_proven(Reason::DigestAlgorithmUnsupported))?;
    let mut nonce = [0; 8];
    ctx.backend.entropy.fill(&mut nonce);
    let token = service.stamp(digest, &signer.signature, nonce).await?;
    let stamped = attach_timestamp(signature, 0, token)?;
    let examined = examine(ctx, content, &stamped).await;
    match examined.report.reason {
        Some(reason) => Err(not_proven(reason)),
        None => Ok((stamped, examined)),
    }
}
