//! Documents on the screens: an open draft and its way to the server, history, events.

pub mod api;
pub mod conflicts;
pub mod courier;
pub mod device;
pub mod editing;
pub mod generic;
pub mod history;
pub mod idle;
pub mod live;
pub mod note;
pub mod outgoing;
pub mod refusal;
pub mod status;
pub mod timeline;
