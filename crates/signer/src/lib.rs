//! The signing engine of the browser: opens key containers, signs, and hashes files, in a thread of
//! its own, so that the page never freezes and keys never lie in the page's memory.
//!
//! It is a WebAssembly module beside the client's, loaded when somebody is about to sign. What
//! passes between page and worker is in [`protocol`]; the page uses this crate without the feature
//! `engine` and gets the messages only.
//!
//! | what | where |
//! | --- | --- |
//! | messages | [`protocol`] |
//! | the engine itself, for any platform | `engine` |
//! | its face for JavaScript | `worker` |
//! | the loop of the worker | `worker.js`, appended to the glue by `cargo xtask` |

#[cfg(feature = "engine")]
pub mod engine;
pub mod protocol;
#[cfg(all(feature = "engine", target_arch = "wasm32"))]
mod worker;
