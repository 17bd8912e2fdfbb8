//! Own TLS: version 1.3, and no other.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::tls::Version;
use support::Cabinet;

#[tokio::test]
async fn tls_is_spoken_in_version_1_3_only() {
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&chain, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    let cabinet = Cabinet::start_with(|config| {
        config.tls.cert = Some(chain);
        config.tls.key = Some(key);
    })
    .await;
    assert!(cabinet.url.starts_with("https://"), "{}", cabinet.url);

    let root = reqwest::Certificate::from_pem(cert.pem().as_bytes()).unwrap();
    let client = |newest: Version| {
        reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([root.clone()])
            .tls_version_max(newest)
            .build()
            .unwrap()
    };
    let live = format!("{}/health/live", cabinet.url);
    let answer = client(Version::TLS_1_3).get(&live).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "alive\n");
    assert!(client(Version::TLS_1_2).get(&live).send().await.is_err());
    cabinet.stop().await;
}
