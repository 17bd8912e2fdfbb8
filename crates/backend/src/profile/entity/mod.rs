//! Tables of this area.

pub mod certificate;
