//! Public and private keys, and the algorithms by which they sign.

mod private;
mod public;
mod scheme;

pub use private::{KeyError, KeyKind, PrivateKey};
pub use public::PublicKey;
pub use scheme::SignatureScheme;
