//! Revocation data from the addresses in certificates: OCSP (RFC 6960, appendix A) by the access
//! information, lists by the distribution points (RFC 5280 §4.2.2.1, §4.2.1.13).
//!
//! Only certificates whose path to a given root holds are asked about, so that it is the
//! authorities, and not the sender of a signature, who say where to connect to.

use std::collections::BTreeSet;

use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use signature::certificate::Certificate;
use signature::digest::DigestAlgorithm;
use signature::report::{CertificateReport, Report};
use signature::revocation::ocsp::{self, MAX_OCSP};
use signature::revocation::{Crl, Evidence, MAX_CRL, OcspResponse};

use crate::http::Client;
use crate::note;

/// Addresses asked about one certificate, of each kind.
const MAX_ADDRESSES: usize = 3;
/// Addresses asked in all.
const MAX_QUESTIONS: usize = 64;

/// Adds what the authorities of all paths in a report say, and tells on standard error what was
/// asked and what came.
pub fn add(report: &Report, evidence: &mut Evidence) {
    let client = Client::new();
    let mut asked = BTreeSet::new();
    for (certificate, issuer) in pairs(report) {
        let extensions = certificate.extensions();
        for url in extensions.ocsp_urls.iter().take(MAX_ADDRESSES) {
            let question = (url.clone(), certificate.serial_hex());
            if asked.len() < MAX_QUESTIONS && asked.insert(question) {
                match response(&client, url, &certificate, &issuer) {
                    Ok(response) => {
                        let times = response.responses().iter().map(|one| one.this_update);
                        let time = times.max().map(|time| time.to_rfc3339()).unwrap_or_default();
                        came(url, &format!("OCSP, {time}"), response.as_der());
                        evidence.ocsp.push(response);
                    }
                    Err(error) => note(&format!("{url}: {error}")),
                }
            }
        }
        for url in extensions.crl_urls().take(MAX_ADDRESSES) {
            if asked.len() < MAX_QUESTIONS && asked.insert((url.to_owned(), String::new())) {
                match list(&client, url) {
                    Ok(list) => {
                        let time = list.this_update().to_rfc3339();
                        came(url, &format!("CRL, {}, {time}", list.issuer()), list.as_der());
                        evidence.crls.push(list);
                    }
                    Err(error) => note(&format!("{url}: {error}")),
                }
            }
        }
    }
}

/// With the digest by which `--json` names what was used.
fn came(url: &str, what: &str, der: &[u8]) {
    let digest = hex::encode(DigestAlgorithm::Sha256.digest(der));
    note(&format!("{url}: {what}, {} octets, SHA-256 {digest}", der.len()));
}

/// The certificates of all paths, of signers and of time-stamp services, with their issuers.
fn pairs(report: &Report) -> Vec<(Certificate, Certificate)> {
    let chains = report.signers.iter().flat_map(|signer| {
        let stamps = signer.timestamps.iter().map(|stamp| stamp.chain.as_slice());
        std::iter::once(signer.chain.as_slice()).chain(stamps)
    });
    let mut pairs: Vec<(Certificate, Certificate)> = Vec::new();
    for chain in chains {
        let chain: Vec<_> = chain.iter().filter_map(CertificateReport::read).collect();
        for (certificate, issuer) in chain.iter().zip(chain.iter().skip(1)) {
            if !pairs.iter().any(|(known, _)| known == certificate) {
                pairs.push((certificate.clone(), issuer.clone()));
            }
        }
    }
    pairs
}

fn response(
    client: &Client,
    url: &str,
    certificate: &Certificate,
    issuer: &Certificate,
) -> Result<OcspResponse, String> {
    let mut nonce = [0; 16];
    UnwrapErr(SysRng).fill_bytes(&mut nonce);
    // SHA-1 names the issuer here and protects nothing; every service knows it.
    let request = ocsp::request(DigestAlgorithm::Sha1, certificate, issuer, &nonce);
    let answer = client.post(url, "application/ocsp-request", &request, MAX_OCSP as u64)?;
    let response = OcspResponse::from_der(&answer).map_err(|error| error.to_string())?;
    response.check_nonce(&nonce).map_err(|reason| reason.code().to_owned())?;
    Ok(response)
}

fn list(client: &Client, url: &str) -> Result<Crl, String> {
    Crl::from_der(&client.get(url, MAX_CRL)?).map_err(|error| error.to_string())
}
