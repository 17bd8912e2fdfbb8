//! What a way of signing asks of the person and gets.

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
    /// To take another file instead of a kept container.
    Another,
    /// To remove a kept container from this device.
    Forget { id: String },
    /// The bytes of a signature in DER, PEM or base64.
    Signature(Vec<u8>),
}
