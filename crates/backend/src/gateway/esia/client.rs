//! How the cabinet proves to ESIA that a request is its own: `client_secret`, a raw signature by the
//! key of the information system, not wrapped in CMS.
//!
//! The real ESIA wants GOST R 34.10-2012-256. Its clients differ in two things, so both are
//! settings: whether the 64 bytes go as standards write them or backwards, as CryptoPro CSP gives
//! them out, and which digest of the certificate `client_certificate_hash` is.

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use serde::Deserialize;
use signature::{
    certificate::Certificate,
    digest::{ContentDigests, DigestAlgorithm},
    key::{KeyError, PrivateKey, PublicKey, SignatureScheme},
    pem,
    sign::{SignError, Signer},
};

use super::SetupError;

/// The order of the bytes of a GOST signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureOrder {
    /// As standards write it.
    #[default]
    Direct,
    /// Byte for byte backwards.
    Reversed,
}

/// The digest of the certificate that names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateHash {
    #[default]
    Sha256,
    Streebog256,
}

/// Signs requests to ESIA with the key of the information system.
pub(in crate::gateway) struct ClientSigner {
    key: PrivateKey,
    certificate: Certificate,
    order: SignatureOrder,
    certificate_hash: String,
}

impl ClientSigner {
    /// # Errors
    /// The key is neither ECDSA P-256 nor GOST R 34.10-2012-256 in PKCS#8 PEM, or the certificate
    /// is not its own in PEM.
    pub(in crate::gateway) fn new(
        key_pem: &str,
        certificate_pem: &str,
        order: SignatureOrder,
        hash: CertificateHash,
    ) -> Result<Self, SetupError> {
        let wrong_key = |what: String| SetupError::Key(what);
        let wrong = |what: String| SetupError::Certificate(what);
        let block = |text: &str| {
            let blocks = pem::blocks(text.as_bytes()).map_err(|error| error.to_string())?;
            blocks.into_iter().next().map(|block| block.der).ok_or_else(|| "no PEM".to_owned())
        };
        let der = block(key_pem).map_err(wrong_key)?;
        let key = PrivateKey::from_pkcs8_der(&der).map_err(|error| wrong_key(error.to_string()))?;
        let scheme = key.public_key().preferred_scheme();
        if !matches!(key, PrivateKey::P256(_)) && scheme != GOST {
            return Err(wrong_key("neither ECDSA P-256 nor GOST R 34.10-2012-256".to_owned()));
        }
        let der = block(certificate_pem).map_err(wrong)?;
        let certificate = Certificate::from_der(&der).map_err(|error| wrong(error.to_string()))?;
        let own = PublicKey::read(certificate.public_key());
        if !own.is_ok_and(|own| own.is_same(&key.public_key())) {
            return Err(wrong("it is not the certificate of the key".to_owned()));
        }
        let digest = match hash {
            CertificateHash::Sha256 => DigestAlgorithm::Sha256,
            CertificateHash::Streebog256 => DigestAlgorithm::Streebog256,
        };
        Ok(Self {
            key,
            order,
            certificate_hash: hex::encode_upper(certificate.fingerprint(digest)),
            certificate,
        })
    }

    /// The raw signature over `text`, 64 bytes: `r‖s` of ECDSA over SHA-256, or GOST over
    /// Streebog-256.
    ///
    /// # Errors
    /// The key cannot sign.
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = self.key.public_key().preferred_scheme().digest().digest(text);
        let mut signature = self.key.sign_fixed(&digest)?;
        let is_gost = matches!(self.key, PrivateKey::Gost3410(_));
        if is_gost && self.order == SignatureOrder::Reversed {
            signature.reverse();
        }
        Ok(signature)
    }

    /// A detached CAdES-BES over `content`, DER, as «Госуслуги» want it under requests and files.
    ///
    /// # Errors
    /// The key cannot sign.
    pub(in crate::gateway) fn sign_cms(
        &self,
        content: &[u8],
        now: DateTime<Utc>,
        rng: &mut StdRng,
    ) -> Result<Vec<u8>, SignError> {
        let mut signer = Signer::new(&self.key, &self.certificate)?;
        signer.time = Some(now);
        signer.sign_detached(&ContentDigests::of(&[signer.digest()], content), rng)
    }

    /// `client_certificate_hash`, hexadecimal in upper case.
    pub(super) fn certificate_hash(&self) -> &str {
        &self.certificate_hash
    }
}

const GOST: SignatureScheme = SignatureScheme::Gost3410(DigestAlgorithm::Streebog256);

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use signature::key::KeyKind;

    use super::*;
    use crate::signature::fixture::{Identity, PERSON, Pki};

    const TEXT: &[u8] = b"CABINETopenid2026.11.22 12:00:00 +0300";

    fn identity(kind: KeyKind) -> (Identity, String, String) {
        let now: DateTime<Utc> = "2026-11-20T09:00:00Z".parse().unwrap();
        let identity = Pki::new(kind, now, None).issue(kind, &PERSON);
        let key = pem::encode("PRIVATE KEY", &identity.key.to_pkcs8_der().unwrap());
        let certificate = pem::encode("CERTIFICATE", identity.certificate.as_der());
        (identity, key, certificate)
    }

    #[test]
    fn a_gost_signature_is_raw_and_in_the_order_that_is_set() {
        let (identity, key, certificate) = identity(KeyKind::Gost256);
        let sign = |order| {
            let signer = ClientSigner::new(&key, &certificate, order, CertificateHash::Streebog256);
            signer.unwrap().sign(TEXT).unwrap()
        };
        let (direct, mut reversed) = (sign(SignatureOrder::Direct), sign(SignatureOrder::Reversed));
        assert_eq!(direct.len(), 64);
        let digest = DigestAlgorithm::Streebog256.digest(TEXT);
        identity.key.public_key().verify(GOST, &digest, &direct).unwrap();
        reversed.reverse();
        assert_eq!(direct, reversed);
    }

    #[test]
    fn an_ecdsa_signature_is_raw() {
        let (identity, key, certificate) = identity(KeyKind::P256);
        let (order, hash) = Default::default();
        let signer = ClientSigner::new(&key, &certificate, order, hash).unwrap();
        let digest = DigestAlgorithm::Sha256.digest(TEXT);
        identity.key.public_key().verify_fixed(&digest, &signer.sign(TEXT).unwrap()).unwrap();
        assert_eq!(signer.certificate_hash().len(), 64);
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        let (_, key, certificate) = identity(KeyKind::Gost256);
        let (_, long, _) = identity(KeyKind::Gost512);
        let new = |key: &str, certificate: &str| {
            let (order, hash) = Default::default();
            ClientSigner::new(key, certificate, order, hash).err().unwrap()
        };
        assert!(matches!(new("", &certificate), SetupError::Key(_)));
        assert!(matches!(new(&long, &certificate), SetupError::Key(_)));
        assert!(matches!(new(&key, "?"), SetupError::Certificate(_)));
        let (_, _, other) = identity(KeyKind::P256);
        assert!(matches!(new(&key, &other), SetupError::Certificate(_)));
    }
}
