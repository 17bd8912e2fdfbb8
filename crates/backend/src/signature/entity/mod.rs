//! Tables of signatures.

pub mod secret;
pub mod used_challenge;
