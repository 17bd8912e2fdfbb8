//! What the operator demands of signatures.

use domain::view::signature::SignatureWays;
use serde::Deserialize;
use signature::{
    certificate::Certificate, digest::DigestAlgorithm, key::SignatureScheme, oid, path::TrustStore,
    pem, revocation::RevocationMode, verify::Options,
};
use thiserror::Error;

/// Whether certificates must be known not to be revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationPolicy {
    /// Every certificate below the root must be; what cannot be found out is refused.
    #[default]
    Require,
    /// What is known counts; what cannot be found out is let pass with a warning.
    Try,
    /// Nobody asks.
    Off,
}

impl RevocationPolicy {
    pub(crate) fn mode(self) -> RevocationMode {
        match self {
            Self::Require => RevocationMode::Chain,
            Self::Try => RevocationMode::IfKnown,
            Self::Off => RevocationMode::Off,
        }
    }
}

/// The operator's policy.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub trust: TrustStore,
    /// Names of the algorithms that are taken (`gost-r-34.10-2012 streebog-256`); none: all that
    /// are supported and not weak.
    pub algorithms: Vec<String>,
    /// Authorities whose certificates are qualified: common names, or SHA-256 of their
    /// certificates in hexadecimal digits; none: all that lead to a root.
    pub qualified_issuers: Vec<String>,
    pub revocation: RevocationPolicy,
    /// A document is taken only with a time-stamp on its signature.
    pub timestamp_required: bool,
    /// Where plug-ins ask for time-stamps.
    pub plugin_timestamp_url: Option<String>,
    pub ways: SignatureWays,
}

/// Certificates that cannot be read.
#[derive(Debug, Error)]
pub enum PolicyError {
    #[error("{0}: neither PEM nor DER")]
    Pem(String),
    #[error("{0}: not a certificate: {1}")]
    Certificate(String, signature::asn1::Error),
}

impl Policy {
    /// Reads the certificates of a file, PEM (several) or DER (one); `name` is for messages.
    ///
    /// # Errors
    /// The file holds something else.
    pub fn read(name: &str, file: &[u8]) -> Result<Vec<Certificate>, PolicyError> {
        let blocks = pem::blocks_or_der(file).map_err(|_| PolicyError::Pem(name.to_owned()))?;
        blocks
            .iter()
            .map(|der| {
                Certificate::from_der(der)
                    .map_err(|error| PolicyError::Certificate(name.to_owned(), error))
            })
            .collect()
    }

    /// Algorithms that no engine knows: most likely misspelt.
    pub fn unknown_algorithms(&self) -> Vec<&str> {
        let known = known_algorithms();
        self.algorithms.iter().filter(|name| !known.contains(name)).map(String::as_str).collect()
    }

    pub(crate) fn options(&self, revocation: RevocationMode) -> Options {
        Options {
            revocation: Some(revocation),
            algorithms: self.algorithms.clone(),
            refuse_weak: true,
            ..Options::default()
        }
    }

    /// Whether an authority of the chain (the signer's certificate first) is qualified.
    pub fn is_qualified(&self, chain: &[Certificate]) -> bool {
        self.qualified_issuers.is_empty()
            || chain.iter().skip(1).any(|authority| self.names(authority))
    }

    fn names(&self, authority: &Certificate) -> bool {
        let fingerprint = hex::encode(authority.fingerprint(DigestAlgorithm::Sha256));
        let common_name = authority.subject().get(oid::ID_AT_COMMON_NAME);
        self.qualified_issuers.iter().any(|issuer| {
            common_name == Some(issuer.as_str())
                || issuer.replace(':', "").eq_ignore_ascii_case(&fingerprint)
        })
    }
}

/// Names of the algorithms that may be configured.
pub fn known_algorithms() -> Vec<String> {
    use DigestAlgorithm as D;
    let gost = [D::Streebog256, D::Streebog512].map(SignatureScheme::Gost3410);
    let others = [D::Sha256, D::Sha384, D::Sha512];
    let ecdsa = others.map(SignatureScheme::Ecdsa);
    let rsa = others.map(SignatureScheme::RsaPkcs1);
    let pss = others.map(|digest| SignatureScheme::RsaPss { digest, salt: 0 });
    [&gost[..], &ecdsa, &rsa, &pss].concat().into_iter().map(SignatureScheme::name).collect()
}
