//! Electronic signatures: the one place where the cabinet decides whether it takes one.
//!
//! The engine is the crate `signature`; here are the operator's policy ([`policy`]), the fetching
//! of revocation data ([`crate::gateway::revocation`]), whose a certificate must be ([`owner`]),
//! «Проверить ЭП» ([`check`]), the challenges that prove the possession of a key ([`challenge`]),
//! and signing on the telephone ([`mobile`]).

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
mod verify;

pub use self::{
    challenge::signature_challenge,
    check::signature_check,
    error::{SignatureError, SignatureRefusal},
    mobile::{mobile_begin, mobile_cancel, mobile_look},
    owner::Expected,
    policy::{Policy, PolicyError, RevocationPolicy},
    stamp::{stamp_certificate, stamp_lines},
    verify::{Examined, certificate, examine, read_pem, verify},
};

/// For hosts, which read roots from files.
pub use signature::{certificate::Certificate, path::TrustStore};

use domain::view::signature::SignatureWays;

use crate::ctx::Ctx;

/// Which ways of signing the operator offers, and which count as qualified.
pub fn signature_ways(ctx: &Ctx) -> SignatureWays {
    ctx.settings().signature.ways.clone()
}
