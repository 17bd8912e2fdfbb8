//! A certificate authority: a root, an issuing authority under it, certificates of people, and a
//! revocation list. Keys are ECDSA P-256; names follow the subject of a Russian qualified
//! certificate (order of the FSB of 27.12.2011 № 795).
//!
//! | path | what |
//! | --- | --- |
//! | `POST /ca/certificates` | JSON `{csr, person | snils, organisation_inn?}` → a certificate for one year |
//! | `GET /ca/root.pem` | the root |
//! | `GET /ca/chain.pem` | the issuing authority and the root |
//! | `GET /ca/crl` | revocation list of the issuing authority, DER |

mod build;
mod http;
mod request;
mod subject;

use std::{collections::BTreeMap, io, path::Path, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use der::{Decode, DecodePem, Encode, EncodePem, oid::ObjectIdentifier, pem::LineEnding};
use p256::{
    ecdsa::{DerSignature, SigningKey, VerifyingKey, signature::Verifier},
    elliptic_curve::Generate,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey},
};
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use spki::{DecodePublicKey, SubjectPublicKeyInfoOwned};
use x509_cert::{Certificate, name::Name};

use self::{
    build::{Purpose, Template},
    subject::Subject,
};
pub(crate) use self::{
    http::router,
    subject::{INN, INN_LEGAL, attribute, subject_text},
};
use crate::{
    SandboxError, population,
    store::{self, Journal},
};

/// `ecdsa-with-SHA256`, RFC 5758 section 3.2.
pub(crate) const ECDSA_WITH_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Both authorities and what they issued.
pub(crate) struct Authority {
    root: Certificate,
    issuing: Certificate,
    issuing_key: SigningKey,
    records: Mutex<Records>,
    /// Address of the revocation list written into certificates.
    crl_url: String,
}

struct Records {
    journal: Journal<Entry>,
    /// By serial number, upper-case hexadecimal.
    issued: BTreeMap<String, Issued>,
}

/// What the authority remembers of a certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Issued {
    /// Upper-case hexadecimal.
    pub(crate) serial: String,
    pub(crate) subject: String,
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Issued(Issued),
    Revoked { serial: String, at: DateTime<Utc> },
}

impl Records {
    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Issued(issued) => {
                self.issued.insert(issued.serial.clone(), issued);
            }
            Entry::Revoked { serial, at } => {
                if let Some(issued) = self.issued.get_mut(&serial) {
                    issued.revoked_at.get_or_insert(at);
                }
            }
        }
    }
}

/// Why a certificate is not acceptable as a signer's.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum CertificateError {
    #[error("сертификат выдан не удостоверяющим центром песочницы")]
    UnknownIssuer,
    #[error("подпись удостоверяющего центра под сертификатом неверна")]
    BadSignature,
    #[error("срок действия сертификата не наступил или истёк")]
    NotValidNow,
    #[error("сертификат отозван")]
    Revoked,
}

impl Authority {
    /// Opens the authority kept in `folder`, or makes a new one.
    pub(crate) fn open(
        folder: &Path,
        now: DateTime<Utc>,
        crl_url: String,
    ) -> Result<Self, SandboxError> {
        let root_key = key(&folder.join("root.key.pem"))?;
        let root_name = subject::authority_name("Головной удостоверяющий центр песочницы")?;
        let root = certificate(&folder.join("root.pem"), || {
            build::build(
                &root_key,
                Template {
                    subject: root_name.clone(),
                    issuer: root_name.clone(),
                    public_key: SubjectPublicKeyInfoOwned::from_key(root_key.verifying_key())?,
                    not_before: now,
                    not_after: now + TimeDelta::days(20 * 365),
                    purpose: Purpose::Authority { path_length: 1 },
                    crl_url: None,
                },
            )
        })?;

        let issuing_key = key(&folder.join("issuing.key.pem"))?;
        let issuing = certificate(&folder.join("issuing.pem"), || {
            build::build(
                &root_key,
                Template {
                    subject: subject::authority_name("Удостоверяющий центр песочницы")?,
                    issuer: root_name,
                    public_key: SubjectPublicKeyInfoOwned::from_key(issuing_key.verifying_key())?,
                    not_before: now,
                    not_after: now + TimeDelta::days(15 * 365),
                    purpose: Purpose::Authority { path_length: 0 },
                    crl_url: None,
                },
            )
        })?;

        let (journal, entries) = Journal::open(&folder.join("certificates.jsonl"))?;
        let mut records = Records { journal, issued: BTreeMap::new() };
        entries.into_iter().for_each(|entry| records.apply(entry));
        Ok(Self { root, issuing, issuing_key, records: Mutex::new(records), crl_url })
    }

    pub(crate) fn root_pem(&self) -> Result<String, SandboxError> {
        Ok(self.root.to_pem(LineEnding::LF)?)
    }

    /// The issuing authority's certificate followed by the root's.
    pub(crate) fn chain_pem(&self) -> Result<String, SandboxError> {
        Ok(self.issuing.to_pem(LineEnding::LF)? + &self.root_pem()?)
    }

    /// Issues a certificate of a person, alone or as an organisation's representative.
    pub(crate) fn issue_personal(
        &self,
        public_key: SubjectPublicKeyInfoOwned,
        person: &population::Person,
        organisation: Option<&population::Organisation>,
        now: DateTime<Utc>,
    ) -> Result<Certificate, SandboxError> {
        let subject = Subject::of(person, organisation).name()?;
        self.issue(public_key, subject, now)
    }

    /// Issues a certificate of an information system.
    pub(crate) fn issue_system(
        &self,
        public_key: SubjectPublicKeyInfoOwned,
        common_name: &str,
        now: DateTime<Utc>,
    ) -> Result<Certificate, SandboxError> {
        self.issue(public_key, subject::authority_name(common_name)?, now)
    }

    fn issue(
        &self,
        public_key: SubjectPublicKeyInfoOwned,
        subject: Name,
        now: DateTime<Utc>,
    ) -> Result<Certificate, SandboxError> {
        let certificate = build::build(
            &self.issuing_key,
            Template {
                subject,
                issuer: self.issuing.tbs_certificate().subject().clone(),
                public_key,
                not_before: now,
                not_after: now + TimeDelta::days(365),
                purpose: Purpose::Signing,
                crl_url: Some(self.crl_url.clone()),
            },
        )?;
        self.record(Entry::Issued(Issued {
            serial: serial_text(&certificate),
            subject: subject_text(certificate.tbs_certificate().subject()),
            issued_at: now,
            revoked_at: None,
        }))?;
        Ok(certificate)
    }

    /// Revokes a certificate by its serial number in hexadecimal; `false` when it is unknown.
    pub(crate) fn revoke(&self, serial: &str, now: DateTime<Utc>) -> io::Result<bool> {
        let serial = serial.replace(':', "").to_uppercase();
        let known = crate::lock(&self.records).issued.contains_key(&serial);
        if known {
            self.record(Entry::Revoked { serial, at: now })?;
        }
        Ok(known)
    }

    pub(crate) fn issued(&self) -> Vec<Issued> {
        crate::lock(&self.records).issued.values().cloned().collect()
    }

    fn record(&self, entry: Entry) -> io::Result<()> {
        let mut records = crate::lock(&self.records);
        records.journal.append(&entry)?;
        records.apply(entry);
        Ok(())
    }

    /// DER of the issuing authority's revocation list, valid for one day.
    pub(crate) fn crl(&self, now: DateTime<Utc>) -> Result<Vec<u8>, SandboxError> {
        let revoked = self
            .issued()
            .into_iter()
            .filter_map(|issued| issued.revoked_at.map(|at| (issued.serial, at)));
        let list = build::revocation_list(&self.issuing_key, &self.issuing, revoked, now)?;
        Ok(list.to_der()?)
    }

    /// Checks that the issuing authority issued `certificate` and that it may sign now.
    pub(crate) fn check(
        &self,
        certificate: &Certificate,
        now: DateTime<Utc>,
    ) -> Result<(), CertificateError> {
        let tbs = certificate.tbs_certificate();
        if tbs.issuer() != self.issuing.tbs_certificate().subject() {
            return Err(CertificateError::UnknownIssuer);
        }
        let signed = tbs.to_der().map_err(|_| CertificateError::BadSignature)?;
        let signature = DerSignature::from_bytes(certificate.signature().raw_bytes())
            .map_err(|_| CertificateError::BadSignature)?;
        self.issuing_key
            .verifying_key()
            .verify(&signed, &signature)
            .map_err(|_| CertificateError::BadSignature)?;

        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let validity = tbs.validity();
        let valid = validity.not_before.to_unix_duration().as_secs()
            ..=validity.not_after.to_unix_duration().as_secs();
        if !valid.contains(&seconds) {
            return Err(CertificateError::NotValidNow);
        }
        let serial = serial_text(certificate);
        match crate::lock(&self.records).issued.get(&serial) {
            Some(Issued { revoked_at: Some(at), .. }) if *at <= now => {
                Err(CertificateError::Revoked)
            }
            _ => Ok(()),
        }
    }
}

/// The P-256 key of a certificate, when it holds one.
pub(crate) fn verifying_key(certificate: &Certificate) -> Option<VerifyingKey> {
    let info = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    VerifyingKey::from_public_key_der(&info).ok()
}

/// Serial number in upper-case hexadecimal without separators.
pub(crate) fn serial_text(certificate: &Certificate) -> String {
    hex::encode_upper(certificate.tbs_certificate().serial_number().as_bytes())
}

/// The P-256 key kept in a PKCS#8 PEM file, made at first use.
pub(crate) fn key(path: &Path) -> Result<SigningKey, SandboxError> {
    let pem = store::read_or_create(path, || {
        let key = SigningKey::try_generate_from_rng(&mut SysRng)?;
        Ok::<_, SandboxError>(key.to_pkcs8_pem(LineEnding::LF)?.as_bytes().to_vec())
    })?;
    Ok(SigningKey::from_pkcs8_pem(&String::from_utf8_lossy(&pem))?)
}

/// The certificate kept in a PEM file, made at first use.
pub(crate) fn certificate(
    path: &Path,
    make: impl FnOnce() -> Result<Certificate, SandboxError>,
) -> Result<Certificate, SandboxError> {
    let pem = store::read_or_create(path, || {
        Ok::<_, SandboxError>(make()?.to_pem(LineEnding::LF)?.into_bytes())
    })?;
    Ok(Certificate::from_pem(&pem)?)
}

/// PEM of a public key.
pub(crate) fn public_key_pem(key: &impl EncodePublicKey) -> Result<String, SandboxError> {
    Ok(key.to_public_key_pem(LineEnding::LF)?)
}

/// Reads a certificate from DER.
pub(crate) fn certificate_from_der(der: &[u8]) -> Result<Certificate, SandboxError> {
    Ok(Certificate::from_der(der)?)
}
