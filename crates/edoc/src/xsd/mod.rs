//! Loading the official album of formats.

mod build;
mod parse;
mod source;

pub use build::Album;
#[cfg(all(feature = "album", not(target_arch = "wasm32")))]
pub use source::archive::open;
pub use source::{AlbumError, FileSource, Files};
