//! Tables of this area.

pub mod change;
pub mod checkpoint;
pub mod cursor;
pub mod document;
pub mod inbox;
pub mod outbox;
pub mod snapshot;
pub mod submission;
