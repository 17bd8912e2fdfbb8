//! What a way of signing asks of the person and gets.

use domain::view::signature::{FrozenBytes, MobileRequest};

pub use signer::protocol::Hashes;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A key container file and its password.
    Container,
    /// The PIN of one of the containers kept on this device.
    Pin(Vec<Kept>),
    /// A signature that was made elsewhere.
    Signature,
    /// To confirm these bytes on the telephone; `last` is what became of the latest request.
    Phone { bytes: FrozenBytes, last: Option<Box<MobileRequest>> },
}

impl Ask {
    /// Whether the person began here before and comes back to it.
    pub fn is_begun(&self) -> bool {
        let Self::Phone { last: Some(last), .. } = self else { return false };
        last.state.waits() || last.signature.is_some()
    }
}

/// A container kept on this device: what may be known of it without the PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: String,
    /// «Иванова Анна Петровна, ООО «Пример», до 01.03.2027»
    pub title: String,
}

/// What the person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Container {
        file: Vec<u8>,
        password: String,
        /// To keep the container on this device under this PIN.
        pin: Option<String>,
    },
    /// The PIN of a kept container.
    Pin { id: String, pin: String },
    /// To take another file instead of a kept container, or to ask the telephone anew.
    Another,
    /// To remove a kept container from this device.
    Forget { id: String },
    /// The bytes of a signature in DER, PEM or base64.
    Signature(Vec<u8>),
    /// A request that was signed on the telephone.
    Phone(Box<MobileRequest>),
}
