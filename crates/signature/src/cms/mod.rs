//! Cryptographic Message Syntax: SignedData (RFC 5652 §5).

mod attributes;
mod core;
mod message;
mod signer;

pub(crate) use attributes::begins_as_attributes;
pub use attributes::{Attribute, Attributes};
pub(crate) use core::{Core, check_signer};
pub use message::SignedMessage;
pub use signer::{SignedAttributes, SignerId, SignerInfo};
