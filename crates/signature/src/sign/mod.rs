//! Making of signatures: CAdES-BES, and their augmentation to T, X Long Type 1 and A.

mod archive;
mod augment;
mod raw;
mod signer;

use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use rsa::rand_core::CryptoRng;
use thiserror::Error;

pub use archive::add_archive;
pub use augment::{TimestampAuthority, add_long_term, add_timestamp, attach_timestamp};
pub use raw::RawSignedData;

use crate::asn1::write;
use crate::certificate::Certificate;
use crate::digest::{ContentDigests, ContentHasher, DigestAlgorithm};
use crate::key::{KeyError, PrivateKey, PublicKey, SignatureScheme};
use crate::oid;
use crate::report::Reason;

/// Why a signature cannot be made.
#[derive(Debug, Error)]
pub enum SignError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the key is not that of the certificate")]
    OtherKey,
    #[error("the digest of the content by {} is not given", .0.name())]
    Digest(DigestAlgorithm),
    #[error("there is no signer {0}")]
    NoSigner(usize),
    /// The message to be changed, or the evidence, is not in order.
    #[error("{}", .0.cause(domain::lang::Lang::En))]
    Message(Reason),
    #[error("the time-stamp service: {0}")]
    Timestamp(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Who signs, and how.
#[derive(Debug)]
pub struct Signer<'a> {
    pub key: &'a PrivateKey,
    pub certificate: &'a Certificate,
    /// Certificates of authorities to put into the signature beside the signer's own.
    pub chain: &'a [Certificate],
    /// The time to claim.
    pub time: Option<DateTime<Utc>>,
    scheme: SignatureScheme,
}

impl<'a> Signer<'a> {
    /// A signer with the scheme that is usual for the key.
    ///
    /// # Errors
    /// [`SignError::OtherKey`] when key and certificate do not belong together.
    pub fn new(key: &'a PrivateKey, certificate: &'a Certificate) -> Result<Self, SignError> {
        let certified =
            PublicKey::read(certificate.public_key()).map_err(|_| SignError::OtherKey)?;
        if !key.public_key().is_same(&certified) {
            return Err(SignError::OtherKey);
        }
        let scheme = certified.preferred_scheme();
        Ok(Self { key, certificate, chain: &[], time: None, scheme })
    }

    /// Chooses another scheme of the same key, such as RSASSA-PSS.
    #[must_use]
    pub fn with_scheme(mut self, scheme: SignatureScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// The digest algorithm of the content.
    pub fn digest(&self) -> DigestAlgorithm {
        self.scheme.digest()
    }

    /// A detached CAdES-BES signature in DER.
    ///
    /// # Errors
    /// [`SignError::Digest`] when `content` lacks the digest by [`Signer::digest`],
    /// [`SignError::Key`].
    pub fn sign_detached(
        &self,
        content: &ContentDigests,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        let info = self.signer_info(content, rng)?;
        Ok(self.raw(write::sequence(&[&write::oid(oid::ID_DATA)]), info).to_der())
    }

    /// Adds this signature beside those in a message in memory.
    ///
    /// # Errors
    /// As [`Signer::sign_detached`], and [`SignError::Message`] when the message cannot be read.
    pub fn add_to(
        &self,
        message: &[u8],
        content: &ContentDigests,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        let mut raw = RawSignedData::from_bytes(message).map_err(SignError::Message)?;
        let own = self.raw(Vec::new(), self.signer_info(content, rng)?);
        raw.merge(own);
        Ok(raw.to_der())
    }

    /// An attached CAdES-BES signature in BER, written while the content is read: memory does not
    /// grow with it.
    ///
    /// # Errors
    /// [`SignError::Io`], [`SignError::Key`].
    pub fn sign_attached(
        &self,
        content: &mut dyn Read,
        out: &mut dyn Write,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), SignError> {
        const END: [u8; 2] = [0, 0];
        let digests = write::set_of(vec![self.digest().to_der()]);
        // Indefinite lengths: how long the signature is shows only after the content.
        out.write_all(&[0x30, 0x80])?;
        out.write_all(&write::oid(oid::ID_SIGNED_DATA))?;
        out.write_all(&[0xa0, 0x80, 0x30, 0x80])?;
        out.write_all(&write::number(1))?;
        out.write_all(&digests)?;
        out.write_all(&[0x30, 0x80])?;
        out.write_all(&write::oid(oid::ID_DATA))?;
        out.write_all(&[0xa0, 0x80, 0x24, 0x80])?;
        let mut hasher = ContentHasher::new(&[self.digest()]);
        let mut buffer = vec![0; 1 << 16];
        loop {
            let size = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(size) => size,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            hasher.update(&buffer[..size]);
            out.write_all(&write::header(crate::asn1::tag::OCTET_STRING, size))?;
            out.write_all(&buffer[..size])?;
        }
        out.write_all(&[END; 3].concat())?;
        let info = self.signer_info(&hasher.finish(), rng)?;
        let raw = self.raw(Vec::new(), info);
        out.write_all(&raw.certificates_der())?;
        out.write_all(&raw.signers_der())?;
        out.write_all(&[END; 3].concat())?;
        Ok(())
    }

    fn raw(&self, content: Vec<u8>, info: Vec<u8>) -> RawSignedData {
        let certificates = [self.certificate].into_iter().chain(self.chain);
        RawSignedData::new(
            vec![self.digest().to_der()],
            content,
            certificates.map(|certificate| certificate.as_der().to_vec()).collect(),
            vec![info],
        )
    }
}
