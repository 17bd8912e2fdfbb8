//! The sandbox over real HTTP and SMTP.

#![expect(clippy::unwrap_used, reason = "a helper of tests that fails is a failed test")]

mod authority;
mod common;
mod control;
mod customs;
mod epgu;
mod esia;
mod services;
mod signing;
mod statform;
