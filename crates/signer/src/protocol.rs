//! What the page asks of the worker and what it answers. Bytes travel beside the message, not in
//! it: `{ id, request, bytes?, file? }` there, `{ id, answer, bytes? }` or `{ id, progress }` back.

use serde::{Deserialize, Serialize};

/// A task of the worker. Tasks are done one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Request {
    /// Opens the key container (PFX) that travels beside; it stays open until [`Request::Close`]
    /// or another one.
    Open { password: String },
    /// Signs the bytes beside, or without them the content that [`Request::Hash`] hashed last. The
    /// answer carries a detached CMS.
    Sign {
        /// The id of a certificate out of [`Answer::Opened`].
        certificate: String,
        /// The time to claim, seconds since 1970.
        time: i64,
    },
    /// Hashes the bytes or the file beside.
    Hash,
    /// Hashes the bytes beside as the key of a certificate (DER, base64) wants them hashed: for a
    /// signer elsewhere that is given a hash instead of the content.
    Digest { certificate: String },
    /// Reads the signature beside, in DER, PEM or base64. The answer carries it in DER.
    Inspect,
    /// Wipes the keys.
    Close,
}

/// What a task gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Certificates with keys, those of the container's order.
    Opened {
        certificates: Vec<Certified>,
    },
    /// Certificates of the signers.
    Inspected {
        signers: Vec<Certified>,
    },
    /// The signature is beside.
    Signed,
    Hashed(Hashes),
    Digested {
        algorithm: HashName,
        /// In hexadecimal, as its standard writes it.
        hash: String,
    },
    Closed,
    Failed {
        code: Code,
    },
}

/// A certificate with its name in this protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    /// SHA-256 of the certificate, in hexadecimal.
    pub id: String,
    /// DER in base64.
    pub der: String,
}

/// Hashes of one content, in hexadecimal as their standards write them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    pub size: u64,
    pub sha256: String,
    /// GOST R 34.11-2012, 256 bits (RFC 6986).
    pub gost: String,
}

/// Hash algorithms that signatures are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashName {
    Sha256,
    Sha384,
    Sha512,
    /// GOST R 34.11-2012, 256 bits (RFC 6986).
    Gost256,
    /// GOST R 34.11-2012, 512 bits.
    Gost512,
}

impl HashName {
    /// The name in this protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Gost256 => "gost256",
            Self::Gost512 => "gost512",
        }
    }
}

/// Why a task was not done. One code per cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    WrongPassword,
    NotAContainer,
    DamagedContainer,
    /// An algorithm of the container or of the key that the engine does not know.
    Unsupported,
    /// The container demands more rounds of key derivation than a hostile one may get.
    TooMuchWork,
    /// No key of the container has its certificate there.
    NoKey,
    NotASignature,
    /// The worker was asked for what it does not hold.
    NothingToDo,
    /// The file cannot be read: it was moved or changed since it was chosen.
    File,
    /// The message is not understood: page and worker are of different builds.
    Protocol,
    /// The engine failed; a bug.
    Engine,
}
