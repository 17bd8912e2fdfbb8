//! How the cabinet proves to ESIA that a request is its own.

use der::{DecodePem, Encode};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::DecodePrivateKey,
};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use super::SetupError;

/// Signs requests to ESIA with the key of the information system.
///
/// ESIA in production wants GOST R 34.10-2012; [`EcdsaSigner`] is what the sandbox takes.
pub trait ClientSigner: Send + Sync {
    /// The raw signature, 64 bytes, not wrapped in CMS.
    ///
    /// # Errors
    /// The key cannot sign.
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, String>;

    /// `client_certificate_hash`, hexadecimal in upper case.
    fn certificate_hash(&self) -> &str;
}

/// ECDSA over P-256 with SHA-256; the signature is `r‖s`.
pub struct EcdsaSigner {
    key: SigningKey,
    certificate_hash: String,
}

impl EcdsaSigner {
    /// # Errors
    /// The key is no P-256 key in PKCS#8 PEM, or the certificate is no X.509 PEM.
    pub fn new(key_pem: &str, certificate_pem: &str) -> Result<Self, SetupError> {
        let key = SigningKey::from_pkcs8_pem(key_pem)
            .map_err(|error| SetupError::Key(error.to_string()))?;
        let der = Certificate::from_pem(certificate_pem)
            .and_then(|certificate| certificate.to_der())
            .map_err(|error| SetupError::Certificate(error.to_string()))?;
        let certificate_hash = hex::encode_upper(Sha256::digest(&der));
        Ok(Self { key, certificate_hash })
    }
}

impl ClientSigner for EcdsaSigner {
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let signature: Signature = self.key.try_sign(text).map_err(|error| error.to_string())?;
        Ok(signature.to_bytes().to_vec())
    }

    fn certificate_hash(&self) -> &str {
        &self.certificate_hash
    }
}
