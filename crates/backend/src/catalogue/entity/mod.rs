//! Tables of this area.

pub mod favourite;
pub mod maintenance;
pub mod recent_service;
