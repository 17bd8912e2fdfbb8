//! Electronic signatures: the one place where the cabinet decides whether it takes one.
//!
//! The engine is the crate `signature`; here are the operator's policy ([`policy`]), the fetching
//! of revocation data ([`crate::gateway::revocation`]), whose a certificate must be ([`owner`]),
//! «Проверить ЭП» ([`check`]), the challenges that prove the possession of a key ([`challenge`]),
//! signing on the telephone ([`mobile`]), and the proof of when a signature was
//! there ([`stamped`]).

pub mod challenge;
mod check;
pub mod entity;
mod error;
#[cfg(test)]
pub mod fixture;
mod lines;
pub mod mobile;
pub mod owner;
pub mod policy;
mod stamp;
#[cfg(test)]
mod tests;
mod timestamp;
mod verify;

pub use self::{
    challenge::signature_challenge,
    check::signature_check,
    error::{SignatureError, SignatureRefusal},
    mobile::{mobile_begin, mobile_cancel, mobile_look},
    owner::Expected,
    policy::{Policy, PolicyError, RevocationPolicy},
    stamp::{stamp_certificate, stamp_lines},
    timestamp::{NotStamped, Stamped, stamp, stamped},
    verify::{Examined, certificate, examine, read_pem, verify},
};

/// For hosts, which read roots from files.
pub use signature::{certificate::Certificate, path::TrustStore};

use domain::view::signature::{SignatureWays, SigningTerms};

use crate::ctx::Ctx;

/// Which ways of signing the operator offers, and which count as qualified.
pub fn signature_ways(ctx: &Ctx) -> SignatureWays {
    ctx.settings().signature.ways.clone()
}

/// What signing goes by, also for who is not signed in.
pub fn signing_terms(ctx: &Ctx) -> SigningTerms {
    let policy = &ctx.settings().signature;
    let reader = ctx.person().ok();
    let snils = reader.and_then(|reader| reader.snils.as_deref());
    SigningTerms {
        ways: policy.ways.clone(),
        algorithms: policy.algorithms.clone(),
        plugin_timestamp_url: policy.plugin_timestamp_url.clone(),
        snils: snils.map(owner::digits),
        inn: reader.and_then(|reader| reader.role.as_ref()?.inn.clone()),
    }
}
