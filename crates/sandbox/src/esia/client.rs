//! Information systems that sign people in, and the signatures under their requests.

use std::{fs, path::Path};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chrono::{DateTime, Utc};
use der::{Encode, EncodePem, pem::LineEnding};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use sha2::{Digest, Sha256};
use spki::SubjectPublicKeyInfoOwned;

use crate::{
    ClientCertificate, ClientRegistration, SandboxError,
    ca::{self, Authority},
};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);

/// A registered client.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) client_id: String,
    pub(super) name: String,
    redirect_uris: Vec<String>,
    verifier: SecretVerifier,
    /// SHA-256 of the certificate's DER, lower-case hexadecimal.
    certificate_hash: String,
    pub(super) certificate_pem: String,
    pub(super) key_pem: Option<String>,
}

/// How `client_secret` is verified, by the kind of the client's key.
#[derive(Clone)]
enum SecretVerifier {
    /// Raw `r‖s`, 64 bytes, ECDSA P-256 over SHA-256.
    EcdsaP256(VerifyingKey),
}

impl SecretVerifier {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::EcdsaP256(key) => Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

impl Client {
    /// Makes a client of its registration; keys made here are kept in `folder`.
    pub(super) fn open(
        folder: &Path,
        authority: &Authority,
        registration: ClientRegistration,
        now: DateTime<Utc>,
    ) -> Result<Self, SandboxError> {
        let ClientRegistration { client_id, name, redirect_uris, certificate } = registration;
        let wrong = |what: &str| SandboxError::Client {
            client_id: client_id.clone(),
            what: what.to_owned(),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if client_id.is_empty() || client_id.len() > 64 || !client_id.chars().all(plain) {
            return Err(wrong("the mnemonic must be 1 to 64 Latin letters, digits, - or _"));
        }
        if redirect_uris.is_empty() {
            return Err(wrong("at least one redirect address is needed"));
        }
        let (certificate, key_pem) = match certificate {
            ClientCertificate::Given(der) => (ca::certificate_from_der(&der)?, None),
            ClientCertificate::Issue => {
                let key_path = folder.join(format!("{client_id}.key.pem"));
                let key = ca::key(&key_path)?;
                let certificate =
                    ca::certificate(&folder.join(format!("{client_id}.pem")), || {
                        let public = SubjectPublicKeyInfoOwned::from_key(key.verifying_key())?;
                        authority.issue_system(public, &name, now)
                    })?;
                (certificate, Some(fs::read_to_string(key_path)?))
            }
        };
        let key = ca::verifying_key(&certificate)
            .ok_or_else(|| wrong("the certificate must hold an ECDSA P-256 key"))?;
        Ok(Self {
            verifier: SecretVerifier::EcdsaP256(key),
            certificate_hash: hex::encode(Sha256::digest(certificate.to_der()?)),
            certificate_pem: certificate.to_pem(LineEnding::LF)?,
            key_pem,
            client_id,
            name,
            redirect_uris,
        })
    }

    /// ESIA may return people to this address.
    pub(super) fn allows_redirect(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|allowed| {
            uri == allowed || allowed.ends_with('/') && uri.starts_with(allowed.as_str())
        })
    }

    /// The hash names this client's certificate (hexadecimal of either case).
    pub(super) fn owns_certificate(&self, hash: &str) -> bool {
        self.certificate_hash.eq_ignore_ascii_case(hash)
    }

    /// `client_secret` is the client's signature over the concatenated `parts`. Both base64
    /// alphabets are met in practice, with and without padding.
    pub(super) fn signed(&self, parts: &[&str], client_secret: &str) -> bool {
        let signature = BASE64_URL.decode(client_secret).or_else(|_| BASE64.decode(client_secret));
        signature.is_ok_and(|signature| self.verifier.verify(parts.concat().as_bytes(), &signature))
    }
}
