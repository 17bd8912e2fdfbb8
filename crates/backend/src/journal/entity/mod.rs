//! Tables of this area.

pub mod journal;
