//! Use cases of the cabinet over its database, gateways to the outside world, and background work.
//!
//! Every use case takes [`ctx::Ctx`] first and authorises in its first line: server functions that
//! run during server rendering pass no HTTP layer, so a layer can never be the guard.

pub mod bus;
pub mod catalogue;
pub mod ctx;
pub mod document;
pub mod error;
pub mod gateway;
pub mod job;
pub mod journal;
pub mod notice;
pub mod profile;
pub mod session;
pub mod signature;
pub mod statform;
pub mod storage;
pub mod tariff;
