//! Own TLS, version 1.3 only.

use std::{path::PathBuf, sync::Arc};

use axum_server::tls_rustls::RustlsConfig;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use thiserror::Error;

use crate::config::Tls;

/// Why TLS cannot be offered.
#[derive(Debug, Error)]
pub enum TlsError {
    #[error("tls: set both cert and key, or neither")]
    Half,
    #[error("{}: {cause}", .path.display())]
    Pem { path: PathBuf, cause: String },
    #[error("tls.cert and tls.key: {0}")]
    Pair(#[from] rustls::Error),
}

/// Reads the certificate and its key; `None` when TLS is left to somebody else.
///
/// # Errors
/// A file cannot be read, or the key is not the certificate's.
pub fn read(tls: &Tls) -> Result<Option<RustlsConfig>, TlsError> {
    let (cert, key) = match (&tls.cert, &tls.key) {
        (Some(cert), Some(key)) => (cert, key),
        (None, None) => return Ok(None),
        _ => return Err(TlsError::Half),
    };
    let failed = |path: &PathBuf| {
        let path = path.clone();
        move |error: rustls::pki_types::pem::Error| TlsError::Pem { path, cause: error.to_string() }
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(|chain| chain.collect::<Result<Vec<_>, _>>())
        .map_err(failed(cert))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(failed(key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(RustlsConfig::from_config(Arc::new(config))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_is_refused() {
        let tls = Tls { cert: Some("chain.pem".into()), key: None };
        assert!(matches!(read(&tls), Err(TlsError::Half)));
        assert!(read(&Tls::default()).unwrap().is_none());
    }

    #[test]
    fn a_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chain.pem");
        let tls = Tls { cert: Some(path.clone()), key: Some(path) };
        let error = read(&tls).unwrap_err().to_string();
        assert!(error.contains("chain.pem"), "{error}");
    }
}
