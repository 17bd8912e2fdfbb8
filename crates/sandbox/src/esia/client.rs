//! Information systems that sign people in, and the signatures under their requests.

use std::{fs, path::Path};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chrono::{DateTime, Utc};
use signature::{
    certificate::Certificate,
    cms::SignedMessage,
    digest::{ContentDigests, DigestAlgorithm},
    key::{KeyKind, PublicKey, SignatureScheme},
    report::CertificateReport,
    revocation::{Evidence, RevocationMode},
    verify::{Options, Verifier},
};

use crate::{
    ClientCertificate, ClientKey, ClientRegistration, SandboxError,
    ca::{self, Authority, FamilyName},
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
    /// SHA-256 and Streebog-256 of the certificate's DER, hexadecimal: sources differ on which
    /// the real ESIA wants.
    certificate_hashes: [String; 2],
    pub(super) certificate_pem: String,
    pub(super) key_pem: Option<String>,
}

/// How `client_secret` is verified, by the kind of the client's key.
#[derive(Clone)]
enum SecretVerifier {
    /// Raw `r‖s`, 64 bytes, ECDSA P-256 over SHA-256.
    EcdsaP256(PublicKey),
    /// Raw, 64 bytes, GOST R 34.10-2012-256 over Streebog-256: as standards write it (`s‖r`), or
    /// byte for byte backwards, as CryptoPro CSP gives it out. Both are met with the real ESIA.
    Gost256(PublicKey),
}

impl SecretVerifier {
    fn of(key: PublicKey) -> Option<Self> {
        match &key {
            PublicKey::P256(_) => Some(Self::EcdsaP256(key)),
            PublicKey::Gost3410(_)
                if key.preferred_scheme() == SignatureScheme::Gost3410(GOST_DIGEST) =>
            {
                Some(Self::Gost256(key))
            }
            _ => None,
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::EcdsaP256(key) => {
                let digest = DigestAlgorithm::Sha256.digest(message);
                key.verify_fixed(&digest, signature).is_ok()
            }
            Self::Gost256(key) => {
                let digest = GOST_DIGEST.digest(message);
                let scheme = SignatureScheme::Gost3410(GOST_DIGEST);
                let backwards: Vec<u8> = signature.iter().rev().copied().collect();
                [signature, &backwards]
                    .into_iter()
                    .any(|signature| key.verify(scheme, &digest, signature).is_ok())
            }
        }
    }
}

const GOST_DIGEST: DigestAlgorithm = DigestAlgorithm::Streebog256;

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
            ClientCertificate::Given(der) => (Certificate::from_der(&der)?, None),
            ClientCertificate::Issue(kind) => {
                let (kind, family, suffix) = match kind {
                    ClientKey::Ecdsa => (KeyKind::P256, FamilyName::Ecdsa, ""),
                    ClientKey::Gost => (KeyKind::Gost256, FamilyName::Gost, ".gost"),
                };
                let key_path = folder.join(format!("{client_id}{suffix}.key.pem"));
                let key = ca::key(&key_path, kind)?;
                let path = folder.join(format!("{client_id}{suffix}.pem"));
                let certificate = ca::certificate(&path, || {
                    let public_key = key.public_key().to_spki_der();
                    authority.issue_system(family, public_key, &name, now)
                })?;
                (certificate, Some(fs::read_to_string(key_path)?))
            }
        };
        let key = PublicKey::read(certificate.public_key()).ok().and_then(SecretVerifier::of);
        let verifier = key.ok_or_else(|| {
            wrong("the certificate must hold an ECDSA P-256 or a GOST R 34.10-2012-256 key")
        })?;
        let hash = |digest: DigestAlgorithm| hex::encode(certificate.fingerprint(digest));
        Ok(Self {
            verifier,
            certificate_hashes: [hash(DigestAlgorithm::Sha256), hash(GOST_DIGEST)],
            certificate_pem: ca::pem_of(&certificate),
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
        self.certificate_hashes.iter().any(|own| own.eq_ignore_ascii_case(hash))
    }

    /// The API key of the client at «Госуслуги»: a part of its certificate's hash, so that nothing
    /// more need be kept.
    pub(super) fn api_key(&self) -> String {
        self.certificate_hashes[0].chars().take(32).collect()
    }

    /// A detached CMS over `content` is by the client's own certificate.
    pub(super) fn signed_cms(
        &self,
        authority: &Authority,
        content: &[u8],
        cms: &[u8],
        now: DateTime<Utc>,
    ) -> bool {
        let Ok(message) = SignedMessage::from_bytes(cms) else { return false };
        let digests = ContentDigests::of(&message.needed_digests(), content);
        let (trust, evidence) = (authority.trust(), Evidence::default());
        let options = Options { revocation: Some(RevocationMode::Off), ..Options::default() };
        let verifier = Verifier { trust: &trust, evidence: &evidence, at: now, options: &options };
        let report = verifier.verify(&message, Some(&digests));
        let signer = report.signers.first().and_then(|signer| signer.certificate.as_ref());
        let hash = signer
            .and_then(CertificateReport::read)
            .map(|own| hex::encode(own.fingerprint(DigestAlgorithm::Sha256)));
        report.is_valid() && hash.is_some_and(|hash| self.owns_certificate(&hash))
    }

    /// `client_secret` is the client's signature over the concatenated `parts`. Both base64
    /// alphabets are met in practice, with and without padding.
    pub(super) fn signed(&self, parts: &[&str], client_secret: &str) -> bool {
        let signature = BASE64_URL.decode(client_secret).or_else(|_| BASE64.decode(client_secret));
        signature.is_ok_and(|signature| self.verifier.verify(parts.concat().as_bytes(), &signature))
    }
}
