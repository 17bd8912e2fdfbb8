//! Tables of signatures.

pub mod mobile_request;
pub mod secret;
pub mod used_challenge;
