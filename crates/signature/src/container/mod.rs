//! Key containers: PKCS #12 (RFC 7292; GOST by RFC 9548), encrypted PKCS #8 (RFC 5958), and the
//! folders and PFX files of CryptoPro CSP.

mod cipher;
mod cryptopro;
mod gost28147;
mod kdf;
mod mac;
mod pbe;
mod pkcs12;
mod pkcs8;
mod write;

use thiserror::Error;

pub use cryptopro::CryptoProFiles;
pub use pkcs8::{decrypt_pkcs8, encrypt_pkcs8};
pub use pkcs12::{KeyContainer, KeyEntry};

use crate::asn1::Oid;
use crate::key::KeyError;

/// How a container is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Kuznyechik in CTR-ACPKM and HMAC-Streebog-512 (RFC 9548).
    Gost,
    /// AES-256-CBC and HMAC-SHA-256 (RFC 8018).
    Aes,
}

/// Why a container cannot be opened or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ContainerError {
    #[error("this is not a key container")]
    NotAContainer,
    #[error("the key container is damaged")]
    Malformed,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the algorithm {0} is not supported")]
    Unsupported(Oid),
    /// A hostile container may demand hours of computing.
    #[error("the container demands too many rounds of key derivation")]
    TooMuchWork,
    #[error("there is no private key in the container")]
    NoKey,
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<crate::asn1::Error> for ContainerError {
    fn from(_: crate::asn1::Error) -> Self {
        Self::Malformed
    }
}
