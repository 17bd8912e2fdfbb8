//! Certificate authorities: for GOST R 34.10-2012 and for ECDSA P-256 a root, an issuing authority
//! under it, certificates of people, revocation lists, OCSP and time-stamps. Names and extensions
//! follow Russian qualified certificates (order of the FSB of 27.12.2011 № 795).
//!
//! | path | what |
//! | --- | --- |
//! | `POST /ca/certificates` | JSON `{csr, person | snils, organisation_inn?}` → a certificate for one year, by the ECDSA authority |
//! | `GET /ca/root.pem` | both roots |
//! | `GET /ca/chain.pem` | both issuing authorities and the roots |
//! | `GET /ca/{gost,ecdsa}/root.pem`, `chain.pem` | those of one family |
//! | `GET /ca/{gost,ecdsa}/crl`, `root.crl` | revocation lists of the issuing authority and of the root, DER |
//! | `POST /ca/{gost,ecdsa}/ocsp` | OCSP (RFC 6960) |
//! | `POST /ca/{gost,ecdsa}/tsp` | time-stamps (RFC 3161) |
//! | `GET /ca/crl` | the list of the ECDSA authority, at its old address |

mod family;
mod http;
mod personal;
mod request;
mod subject;

use std::{collections::BTreeMap, io, path::Path, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use signature::{
    certificate::{Certificate, Name},
    path::TrustStore,
    revocation::Evidence,
};

use self::{
    family::{Family, Holder, Revoked},
    subject::Subject,
};
pub(crate) use self::{
    family::{FamilyName, certificate, key, pem_of},
    http::router,
    personal::{KeyChoice, PASSWORD, TestSignature, TestSignatureRequest},
    subject::subject_text,
};
use crate::{SandboxError, population, store::Journal};

/// Both families and what they issued.
pub(crate) struct Authority {
    gost: Family,
    ecdsa: Family,
    records: Mutex<Records>,
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
    #[serde(default)]
    pub(crate) family: FamilyName,
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

impl Authority {
    /// Opens the authorities kept in `folder`, or makes new ones. `url` is where the sandbox
    /// answers.
    pub(crate) fn open(folder: &Path, now: DateTime<Utc>, url: &str) -> Result<Self, SandboxError> {
        let ecdsa = Family::open(folder, FamilyName::Ecdsa, url, now)?;
        let gost = Family::open(&folder.join("gost"), FamilyName::Gost, url, now)?;
        let (journal, entries) = Journal::open(&folder.join("certificates.jsonl"))?;
        let mut records = Records { journal, issued: BTreeMap::new() };
        entries.into_iter().for_each(|entry| records.apply(entry));
        Ok(Self { gost, ecdsa, records: Mutex::new(records) })
    }

    fn family(&self, name: FamilyName) -> &Family {
        match name {
            FamilyName::Gost => &self.gost,
            FamilyName::Ecdsa => &self.ecdsa,
        }
    }

    /// PEM of both roots.
    pub(crate) fn root_pem(&self) -> String {
        FamilyName::ALL.map(|name| self.family(name).root_pem()).concat()
    }

    /// The roots, and the issuing authorities under them.
    pub(crate) fn trust(&self) -> TrustStore {
        let families = FamilyName::ALL.map(|name| self.family(name));
        TrustStore {
            anchors: families.map(|family| family.root().clone()).to_vec(),
            intermediates: families.map(|family| family.issuing().clone()).to_vec(),
        }
    }

    /// All revocation lists as they are now.
    pub(crate) fn evidence(&self, now: DateTime<Utc>) -> Result<Evidence, SandboxError> {
        let mut evidence = Evidence::default();
        for name in FamilyName::ALL {
            let family = self.family(name);
            evidence.crls.push(family.root_list(now)?);
            evidence.crls.push(family.list(&self.revoked(name), now)?);
        }
        Ok(evidence)
    }

    /// Issues a certificate of a person, alone or as an organisation's representative, by the
    /// family that fits the key. `from` and `days` are its validity.
    fn issue_personal(
        &self,
        family: FamilyName,
        public_key: Vec<u8>,
        person: &population::Person,
        organisation: Option<&population::Organisation>,
        validity: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Certificate, SandboxError> {
        let subject = Subject::of(person, organisation).name()?;
        self.issue(family, public_key, subject, validity)
    }

    /// Issues a certificate of an information system for one year.
    pub(crate) fn issue_system(
        &self,
        family: FamilyName,
        public_key: Vec<u8>,
        common_name: &str,
        now: DateTime<Utc>,
    ) -> Result<Certificate, SandboxError> {
        let subject = subject::authority_name(common_name)?;
        self.issue(family, public_key, subject, (now, now + YEAR))
    }

    fn issue(
        &self,
        name: FamilyName,
        public_key: Vec<u8>,
        subject: Name,
        (not_before, not_after): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Certificate, SandboxError> {
        let holder = Holder { subject, public_key, not_before, not_after };
        let certificate = self.family(name).issue(holder)?;
        self.record(Entry::Issued(Issued {
            serial: certificate.serial_hex(),
            subject: subject_text(certificate.subject()),
            family: name,
            issued_at: not_before,
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

    fn revoked(&self, name: FamilyName) -> Vec<Revoked> {
        self.issued()
            .into_iter()
            .filter(|issued| issued.family == name)
            .filter_map(|issued| Some((hex::decode(issued.serial).ok()?, issued.revoked_at?)))
            .collect()
    }
}

const YEAR: TimeDelta = TimeDelta::days(365);
