//! Certificates and revocation data in a report, with what is needed to check again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Report, SignerReport};
use crate::certificate::Certificate;
use crate::digest::DigestAlgorithm;
use crate::key::PublicKey;
use crate::revocation::{Crl, Document, Evidence, Finding, OcspResponse, Source, Status};

/// Revocation data of more octets are named by their digest and not embedded.
const MAX_EMBEDDED: usize = 1 << 20;

/// A certificate in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateReport {
    pub subject: String,
    pub issuer: String,
    /// Upper-case hexadecimal digits.
    pub serial: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// Such as `rsa-2048`; absent when the key is of an unknown kind.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
    /// SHA-256 of the certificate, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The certificate in DER, as Base64.
    pub der: String,
}

impl CertificateReport {
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial_hex(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            key: PublicKey::read(certificate.public_key()).ok().map(|key| key.name()),
            sha256: hex::encode(certificate.fingerprint(DigestAlgorithm::Sha256)),
            der: STANDARD.encode(certificate.as_der()),
        }
    }

    /// The certificate itself; `None` when the report was damaged.
    pub fn read(&self) -> Option<Certificate> {
        Certificate::from_der(&STANDARD.decode(&self.der).ok()?).ok()
    }
}

/// The kind of a piece of revocation data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    Crl,
    Ocsp,
}

/// What is known of the revocation of one certificate, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationReport {
    /// Serial number of the certificate, in upper-case hexadecimal digits.
    pub serial: String,
    pub subject: String,
    #[serde(flatten)]
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceReport>,
}

/// A revocation list or an OCSP response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    pub kind: EvidenceKind,
    pub this_update: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next_update: Option<DateTime<Utc>>,
    /// SHA-256 of the document, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The document in DER, as Base64, up to one megabyte.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub der: Option<String>,
}

impl RevocationReport {
    pub(crate) fn of(finding: &Finding) -> Self {
        Self {
            serial: finding.certificate.serial_hex(),
            subject: finding.certificate.subject().to_string(),
            status: finding.status,
            source: finding.source.as_ref().map(SourceReport::of),
        }
    }
}

impl SourceReport {
    fn of(source: &Source) -> Self {
        let (kind, der) = match &source.document {
            Document::Crl(list) => (EvidenceKind::Crl, list.as_der()),
            Document::Ocsp(response) => (EvidenceKind::Ocsp, response.as_der()),
        };
        Self {
            kind,
            this_update: source.this_update,
            next_update: source.next_update,
            sha256: hex::encode(DigestAlgorithm::Sha256.digest(der)),
            der: (der.len() <= MAX_EMBEDDED).then(|| STANDARD.encode(der)),
        }
    }
}

impl Report {
    /// Certificates and revocation data that led to the verdict, to check again without the
    /// network. None of it is trusted by being here: roots come from the configuration.
    pub fn evidence(&self) -> (Vec<Certificate>, Evidence) {
        let mut certificates = Vec::new();
        let mut evidence = Evidence::default();
        let chains = |signer: &SignerReport| -> Vec<CertificateReport> {
            let stamps = signer.timestamps.iter().flat_map(|stamp| &stamp.chain);
            signer.certificate.iter().chain(&signer.chain).chain(stamps).cloned().collect()
        };
        for certificate in self.signers.iter().flat_map(chains) {
            if let Some(certificate) = certificate.read()
                && !certificates.contains(&certificate)
            {
                certificates.push(certificate);
            }
        }
        for source in self.sources() {
            source.read_into(&mut evidence);
        }
        (certificates, evidence)
    }

    /// SHA-256 of the revocation data that are named here and are neither here nor in `evidence`.
    pub(crate) fn missing(&self, evidence: &Evidence) -> Vec<String> {
        let lists = evidence.crls.iter().map(Crl::as_der);
        let responses = evidence.ocsp.iter().map(OcspResponse::as_der);
        let known: Vec<String> = lists
            .chain(responses)
            .map(|der| hex::encode(DigestAlgorithm::Sha256.digest(der)))
            .collect();
        let mut missing: Vec<String> = self
            .sources()
            .filter(|source| source.der.is_none() && !known.contains(&source.sha256))
            .map(|source| source.sha256.clone())
            .collect();
        missing.sort();
        missing.dedup();
        missing
    }

    /// Everything that told of revocation, of signers and of time-stamp services.
    fn sources(&self) -> impl Iterator<Item = &SourceReport> {
        self.signers.iter().flat_map(|signer| {
            let stamps = signer.timestamps.iter().flat_map(|stamp| &stamp.revocation);
            signer.revocation.iter().chain(stamps).filter_map(|finding| finding.source.as_ref())
        })
    }
}

impl SourceReport {
    fn read_into(&self, evidence: &mut Evidence) {
        let Some(der) = self.der.as_ref().and_then(|der| STANDARD.decode(der).ok()) else { return };
        match self.kind {
            EvidenceKind::Crl => {
                if let Ok(list) = Crl::from_der(&der)
                    && !evidence.crls.contains(&list)
                {
                    evidence.crls.push(list);
                }
            }
            EvidenceKind::Ocsp => {
                if let Ok(response) = OcspResponse::from_der(&der)
                    && !evidence.ocsp.contains(&response)
                {
                    evidence.ocsp.push(response);
                }
            }
        }
    }
}
