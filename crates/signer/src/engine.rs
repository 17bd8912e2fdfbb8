//! The engine, whatever platform runs it: time and randomness are passed in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use rand_core::CryptoRng;
use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::{ContainerError, KeyContainer};
use signature::digest::{ContentDigests, ContentHasher, DigestAlgorithm};
use signature::key::{PrivateKey, PublicKey};
use signature::sign::Signer;
use zeroize::{Zeroize, Zeroizing};

use crate::protocol::{Answer, Certified, Code, HashName, Hashes, Request};

/// A longer file is no detached signature.
const MAX_SIGNATURE: usize = 64 << 20;

/// An answer, and what travels beside it.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    pub answer: Answer,
    pub bytes: Option<Vec<u8>>,
}

impl Reply {
    fn plain(answer: Answer) -> Self {
        Self { answer, bytes: None }
    }
}

impl From<Code> for Reply {
    fn from(code: Code) -> Self {
        Self::plain(Answer::Failed { code })
    }
}

/// The open container and the last content hashed.
#[derive(Default)]
pub struct Engine {
    container: Option<KeyContainer>,
    hasher: Option<ContentHasher>,
    hashed: Option<ContentDigests>,
}

impl Engine {
    /// Does a task. `bytes` are wiped when it is done.
    pub fn reply(&mut self, request: Request, bytes: Vec<u8>, rng: &mut dyn CryptoRng) -> Reply {
        let bytes = Zeroizing::new(bytes);
        let done = match request {
            Request::Open { mut password } => {
                let opened = self.open(&bytes, &password);
                password.zeroize();
                opened
            }
            Request::Sign { certificate, time } => self.sign(&certificate, time, &bytes, rng),
            Request::Hash => {
                self.hash_begin();
                self.hash_update(&bytes);
                self.hash_end()
            }
            Request::Digest { certificate } => digest(&certificate, &bytes),
            Request::Inspect => inspect(&bytes),
            Request::Close => {
                *self = Self::default();
                Ok(Reply::plain(Answer::Closed))
            }
        };
        done.unwrap_or_else(Reply::from)
    }

    /// Begins to hash a content that comes in pieces.
    pub fn hash_begin(&mut self) {
        // The signer's own digests are taken when it signs bytes; these two are shown.
        let shown = [DigestAlgorithm::Sha256, DigestAlgorithm::Streebog256];
        let algorithms = match &self.container {
            Some(container) => {
                let needed = container.keys.iter().map(|entry| needed(&entry.key));
                shown.into_iter().chain(needed).collect()
            }
            None => shown.to_vec(),
        };
        self.hashed = None;
        self.hasher = Some(ContentHasher::new(&algorithms));
    }

    /// Takes a piece; what is held does not grow.
    pub fn hash_update(&mut self, piece: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(piece);
        }
    }

    /// Gives the hashes and keeps them for [`Request::Sign`].
    ///
    /// # Errors
    /// [`Code::NothingToDo`] when nothing was begun.
    pub fn hash_end(&mut self) -> Result<Reply, Code> {
        let digests = self.hasher.take().ok_or(Code::NothingToDo)?.finish();
        let hash = |algorithm| digests.get(algorithm).map(hex::encode).unwrap_or_default();
        let hashes = Hashes {
            size: digests.size(),
            sha256: hash(DigestAlgorithm::Sha256),
            gost: hash(DigestAlgorithm::Streebog256),
        };
        self.hashed = Some(digests);
        Ok(Reply::plain(Answer::Hashed(hashes)))
    }

    fn open(&mut self, pfx: &[u8], password: &str) -> Result<Reply, Code> {
        // A container that does not open leaves the one before it open.
        let container = KeyContainer::from_pfx(pfx, password).map_err(container_code)?;
        let certificates: Vec<_> = pairs(&container).map(|(_, own)| certified(own)).collect();
        if certificates.is_empty() {
            return Err(Code::NoKey);
        }
        self.container = Some(container);
        Ok(Reply::plain(Answer::Opened { certificates }))
    }

    fn sign(
        &self,
        id: &str,
        time: i64,
        bytes: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Reply, Code> {
        let container = self.container.as_ref().ok_or(Code::NothingToDo)?;
        let (key, own) =
            pairs(container).find(|(_, own)| name(own) == id).ok_or(Code::NothingToDo)?;
        let authorities: Vec<Certificate> =
            container.certificates.iter().filter(|other| other.is_ca()).cloned().collect();
        let mut signer = Signer::new(key, own).map_err(|_| Code::NoKey)?;
        signer.chain = &authorities;
        signer.time = DateTime::from_timestamp(time, 0);
        let content = match (&self.hashed, bytes.is_empty()) {
            (Some(hashed), true) => hashed.clone(),
            (None, true) => return Err(Code::NothingToDo),
            (_, false) => ContentDigests::of(&[signer.digest()], bytes),
        };
        let cms = signer.sign_detached(&content, rng).map_err(|_| Code::Unsupported)?;
        Ok(Reply { answer: Answer::Signed, bytes: Some(cms) })
    }
}

/// The digest of the scheme that is usual for a key.
fn needed(key: &PrivateKey) -> DigestAlgorithm {
    key.public_key().preferred_scheme().digest()
}

/// Every key with its certificate.
fn pairs(container: &KeyContainer) -> impl Iterator<Item = (&PrivateKey, &Certificate)> {
    container.keys.iter().filter_map(|entry| {
        let public = entry.key.public_key();
        let own = container.certificates.iter().find(|certificate| {
            PublicKey::read(certificate.public_key()).is_ok_and(|key| key.is_same(&public))
        })?;
        Some((&entry.key, own))
    })
}

fn name(certificate: &Certificate) -> String {
    hex::encode(certificate.fingerprint(DigestAlgorithm::Sha256))
}

fn certified(certificate: &Certificate) -> Certified {
    Certified { id: name(certificate), der: STANDARD.encode(certificate.as_der()) }
}

fn container_code(error: ContainerError) -> Code {
    match error {
        ContainerError::WrongPassword => Code::WrongPassword,
        ContainerError::NotAContainer => Code::NotAContainer,
        ContainerError::Malformed => Code::DamagedContainer,
        ContainerError::TooMuchWork => Code::TooMuchWork,
        ContainerError::NoKey => Code::NoKey,
        ContainerError::Unsupported(_) | ContainerError::Key(_) => Code::Unsupported,
    }
}

/// Hashes a content for a key of which only the certificate is here.
fn digest(certificate: &str, bytes: &[u8]) -> Result<Reply, Code> {
    let der = STANDARD.decode(certificate).map_err(|_| Code::Protocol)?;
    let certificate = Certificate::from_der(&der).map_err(|_| Code::Unsupported)?;
    let key = PublicKey::read(certificate.public_key()).map_err(|_| Code::Unsupported)?;
    let wanted = key.preferred_scheme().digest();
    let algorithm = match wanted {
        DigestAlgorithm::Sha256 => HashName::Sha256,
        DigestAlgorithm::Sha384 => HashName::Sha384,
        DigestAlgorithm::Sha512 => HashName::Sha512,
        DigestAlgorithm::Streebog256 => HashName::Gost256,
        DigestAlgorithm::Streebog512 => HashName::Gost512,
        DigestAlgorithm::Sha1 | DigestAlgorithm::Sha224 => return Err(Code::Unsupported),
    };
    let hash = hex::encode(wanted.digest(bytes));
    Ok(Reply::plain(Answer::Digested { algorithm, hash }))
}

/// Reads a signature: who signed, and the signature in DER.
fn inspect(file: &[u8]) -> Result<Reply, Code> {
    if file.len() > MAX_SIGNATURE {
        return Err(Code::NotASignature);
    }
    let mut blocks = signature::pem::blocks_or_der(file).map_err(|_| Code::NotASignature)?;
    let der = (blocks.len() == 1).then(|| blocks.remove(0)).ok_or(Code::NotASignature)?;
    let message = SignedMessage::from_bytes(&der).map_err(|_| Code::NotASignature)?;
    let signers = message
        .signers
        .iter()
        .filter_map(|signer| {
            message.certificates.iter().find(|certificate| signer.id.is_of(certificate))
        })
        .map(certified)
        .collect();
    Ok(Reply { answer: Answer::Inspected { signers }, bytes: Some(der) })
}
