//! Notices: what customs decided, what is due, who signed in.

pub mod api;
mod line;
mod page;

pub use line::Line;
pub use page::NoticesPage;
