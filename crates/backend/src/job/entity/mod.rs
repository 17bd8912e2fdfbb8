//! Tables of this area.

pub mod job;
