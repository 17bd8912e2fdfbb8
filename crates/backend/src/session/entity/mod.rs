//! Tables of this area.

pub mod membership;
pub mod participant;
pub mod person;
pub mod session;
pub mod sign_in;
