//! Tables of this area.

pub mod notice;
