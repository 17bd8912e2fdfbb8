//! One family of authorities: a root, an issuing authority under it, and its services.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, rand_core::UnwrapErr, rngs::SysRng};
use serde::{Deserialize, Serialize};
use signature::{
    asn1::{Oid, write},
    certificate::{Certificate, KeyUsage, Name},
    issue::{
        Authority, CertificateTemplate, CrlTemplate, Extension, OcspRequest, OcspTemplate,
        RevokedEntry, TimestampQuery, TimestampTemplate, refuse_timestamp,
    },
    key::{KeyKind, PrivateKey},
    oid, pem,
    revocation::{Crl, RevocationReason, ocsp::CertStatus},
};

use super::subject;
use crate::{SandboxError, store};

/// Classes КС1 and КС2 of signature tools, which certificates name as policies (order of the FSB
/// № 795).
const POLICIES: [Oid; 2] =
    [Oid::new_unwrap("1.2.643.100.113.1"), Oid::new_unwrap("1.2.643.100.113.2")];
/// The policy of the time-stamps: of nobody, for tests.
const TIMESTAMP_POLICY: Oid = Oid::new_unwrap("1.2.643.100.0");
/// badAlg and badRequest of PKIFailureInfo (RFC 3161 §2.4.2).
const BAD_ALGORITHM: u16 = 0;
const BAD_REQUEST: u16 = 2;

/// Which algorithms a family signs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FamilyName {
    /// GOST R 34.10-2012, 256 bits.
    Gost,
    /// ECDSA P-256. Also what was issued before there were families.
    #[default]
    Ecdsa,
}

impl FamilyName {
    pub(crate) const ALL: [Self; 2] = [Self::Gost, Self::Ecdsa];

    /// The part of the address.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Gost => "gost",
            Self::Ecdsa => "ecdsa",
        }
    }

    const fn kind(self) -> KeyKind {
        match self {
            Self::Gost => KeyKind::Gost256,
            Self::Ecdsa => KeyKind::P256,
        }
    }

    /// Names of root, issuing authority and time-stamp service. Those of ECDSA are as they were.
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Gost => [
                "Головной удостоверяющий центр песочницы (ГОСТ)",
                "Удостоверяющий центр песочницы (ГОСТ)",
                "Служба штампов времени песочницы (ГОСТ)",
            ],
            Self::Ecdsa => [
                "Головной удостоверяющий центр песочницы",
                "Удостоверяющий центр песочницы",
                "Служба штампов времени песочницы",
            ],
        }
    }
}

/// A revoked certificate: serial number and when.
pub(super) type Revoked = (Vec<u8>, DateTime<Utc>);

struct Identity {
    key: PrivateKey,
    certificate: Certificate,
}

impl Identity {
    fn authority(&self) -> Authority<'_> {
        Authority::of(&self.key, &self.certificate)
    }
}

/// A family with its keys.
pub(crate) struct Family {
    root: Identity,
    issuing: Identity,
    stamping: Identity,
    /// `http://127.0.0.1:PORT/ca/gost`
    url: String,
}

/// What a certificate of a holder is to say.
pub(super) struct Holder {
    pub(super) subject: Name,
    /// SubjectPublicKeyInfo, DER.
    pub(super) public_key: Vec<u8>,
    pub(super) not_before: DateTime<Utc>,
    pub(super) not_after: DateTime<Utc>,
}

impl Family {
    /// Opens the family kept in `folder`, or makes a new one. `url` is where the sandbox answers;
    /// when that changed, the authority's certificate is renewed, so that its root's list is found.
    pub(super) fn open(
        folder: &Path,
        name: FamilyName,
        url: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, SandboxError> {
        let url = format!("{url}/ca/{}", name.path());
        let [root_name, issuing_name, stamping_name] = name.names();
        let [root_name, issuing_name, stamping_name] = [
            subject::authority_name(root_name)?,
            subject::authority_name(issuing_name)?,
            subject::authority_name(stamping_name)?,
        ];
        let authority_usage = Extension::key_usage(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN);

        let key = key(&folder.join("root.key.pem"), name.kind())?;
        let certificate = certificate(&folder.join("root.pem"), || {
            let identifier = CertificateTemplate::key_identifier(&key.public_key());
            let own = Authority::new(&key, root_name.clone(), identifier);
            let template = CertificateTemplate {
                serial: serial(),
                subject: root_name,
                not_before: now,
                not_after: now + TimeDelta::days(20 * 365),
                public_key: key.public_key().to_spki_der(),
                extensions: vec![
                    Extension::basic_constraints(true, Some(1)),
                    authority_usage.clone(),
                ],
            };
            Ok(template.issue(&own, &mut random())?)
        })?;
        let root = Identity { key, certificate };

        let list = format!("{url}/root.crl");
        let path = folder.join("issuing.pem");
        let key = self::key(&folder.join("issuing.key.pem"), name.kind())?;
        let make = || {
            let template = CertificateTemplate {
                serial: serial(),
                subject: issuing_name.clone(),
                not_before: now,
                not_after: now + TimeDelta::days(15 * 365),
                public_key: key.public_key().to_spki_der(),
                extensions: vec![
                    Extension::basic_constraints(true, Some(0)),
                    authority_usage.clone(),
                    Extension::policies(&POLICIES),
                    Extension::crl_distribution_point(&list),
                ],
            };
            Ok(template.issue(&root.authority(), &mut random())?)
        };
        let mut certificate = self::certificate(&path, make)?;
        if !certificate.extensions().crl_urls().any(|found| found == list) {
            certificate = make()?;
            store::write_atomically(&path, pem_of(&certificate).as_bytes())?;
        }
        let issuing = Identity { key, certificate };

        let key = self::key(&folder.join("stamping.key.pem"), name.kind())?;
        let certificate = self::certificate(&folder.join("stamping.pem"), || {
            let template = CertificateTemplate {
                serial: serial(),
                subject: stamping_name,
                not_before: now,
                not_after: now + TimeDelta::days(15 * 365),
                public_key: key.public_key().to_spki_der(),
                extensions: vec![
                    Extension::basic_constraints(false, None),
                    Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE),
                    Extension::extended_key_usage(&[oid::ID_KP_TIME_STAMPING], true),
                    Extension::crl_distribution_point(&format!("{url}/crl")),
                ],
            };
            Ok(template.issue(&issuing.authority(), &mut random())?)
        })?;
        Ok(Self { root, issuing, stamping: Identity { key, certificate }, url })
    }

    pub(crate) fn root(&self) -> &Certificate {
        &self.root.certificate
    }

    pub(crate) fn issuing(&self) -> &Certificate {
        &self.issuing.certificate
    }

    pub(super) fn root_pem(&self) -> String {
        pem_of(self.root())
    }

    /// The issuing authority's certificate followed by the root's.
    pub(super) fn chain_pem(&self) -> String {
        pem_of(self.issuing()) + &self.root_pem()
    }

    /// Issues a certificate for signing, with what order № 795 wants of a qualified one.
    pub(super) fn issue(&self, holder: Holder) -> Result<Certificate, SandboxError> {
        let tool = write::utf8("Песочница кабинета ВЭД");
        let tools = write::sequence(&[&tool, &tool, &tool, &tool]);
        let in_person = write::number(0);
        let template = CertificateTemplate {
            serial: serial(),
            subject: holder.subject,
            not_before: holder.not_before,
            not_after: holder.not_after,
            public_key: holder.public_key,
            extensions: vec![
                Extension::basic_constraints(false, None),
                Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION),
                Extension::policies(&POLICIES),
                Extension::new(oid::ID_SUBJECT_SIGN_TOOL, false, tool.clone()),
                Extension::new(oid::ID_ISSUER_SIGN_TOOL, false, tools),
                Extension::new(oid::ID_IDENTIFICATION_KIND, false, in_person),
                Extension::crl_distribution_point(&format!("{}/crl", self.url)),
                Extension::ocsp_url(&format!("{}/ocsp", self.url)),
            ],
        };
        Ok(template.issue(&self.issuing.authority(), &mut random())?)
    }

    /// The issuing authority's revocation list, valid for one day.
    pub(super) fn list(
        &self,
        revoked: &[Revoked],
        now: DateTime<Utc>,
    ) -> Result<Crl, SandboxError> {
        list(&self.issuing, revoked, now)
    }

    /// The root's revocation list: it never revoked anything.
    pub(super) fn root_list(&self, now: DateTime<Utc>) -> Result<Crl, SandboxError> {
        list(&self.root, &[], now)
    }

    /// Answers an OCSP request; `known` tells whether a certificate was issued here and when it
    /// was revoked. A request that cannot be read is malformedRequest (RFC 6960 §2.3).
    pub(super) fn ocsp(
        &self,
        request: &[u8],
        known: impl Fn(&[u8]) -> Option<Option<DateTime<Utc>>>,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, SandboxError> {
        let Ok(request) = OcspRequest::from_der(request) else {
            return Ok(write::sequence(&[&write::enumerated(1)]));
        };
        let by_root = request.ids.iter().all(|(id, _)| id.is_of(self.root()));
        let answers = request.ids.into_iter().map(|(id, der)| {
            let status = if by_root && id.serial() == self.issuing().serial() {
                CertStatus::Good
            } else if !id.is_of(self.issuing()) {
                CertStatus::Unknown
            } else {
                match known(id.serial()) {
                    None => CertStatus::Unknown,
                    Some(Some(at)) if at <= now => {
                        CertStatus::Revoked { at, reason: RevocationReason::KeyCompromise }
                    }
                    Some(_) => CertStatus::Good,
                }
            };
            (der, status)
        });
        let template = OcspTemplate {
            produced_at: now,
            this_update: now,
            // A revocation that somebody tries out is seen after a second.
            next_update: Some(now + TimeDelta::seconds(1)),
            answers: answers.collect(),
            nonce: request.nonce,
        };
        let signer = if by_root { &self.root } else { &self.issuing };
        let response = template.issue(&signer.authority(), &[], &mut random())?;
        Ok(response.as_der().to_vec())
    }

    /// Answers a time-stamp request (RFC 3161 §2.4).
    pub(super) fn timestamp(
        &self,
        request: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, SandboxError> {
        let Ok(query) = TimestampQuery::from_der(request) else {
            return Ok(refuse_timestamp(BAD_REQUEST));
        };
        if !query.is_sound() {
            return Ok(refuse_timestamp(BAD_ALGORITHM));
        }
        let serial = random().next_u64() >> 1;
        let issuers = vec![self.issuing.certificate.clone()];
        let template = TimestampTemplate { policy: TIMESTAMP_POLICY, serial, time: now, issuers };
        let Identity { certificate, .. } = &self.stamping;
        Ok(template.respond(&query, &self.stamping.authority(), certificate, &mut random())?)
    }
}

fn list(by: &Identity, revoked: &[Revoked], now: DateTime<Utc>) -> Result<Crl, SandboxError> {
    let entries = revoked.iter().map(|(serial, at)| RevokedEntry {
        serial: serial.clone(),
        at: *at,
        reason: RevocationReason::KeyCompromise,
    });
    let template = CrlTemplate {
        number: u64::try_from(now.timestamp()).unwrap_or_default(),
        delta_base: None,
        this_update: now,
        next_update: now + TimeDelta::days(1),
        entries: entries.collect(),
        extensions: Vec::new(),
    };
    Ok(template.issue(&by.authority(), &mut random())?)
}

/// The system's randomness. When it fails there is nothing that could be done without it.
pub(super) fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// A positive number of 16 octets whose first is not zero.
fn serial() -> Vec<u8> {
    let mut serial = vec![0; 16];
    random().fill_bytes(&mut serial);
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    serial
}

/// PEM of a certificate.
pub(crate) fn pem_of(certificate: &Certificate) -> String {
    pem::encode("CERTIFICATE", certificate.as_der())
}

/// The key kept in a PKCS#8 PEM file, made at first use.
pub(crate) fn key(path: &Path, kind: KeyKind) -> Result<PrivateKey, SandboxError> {
    let file = store::read_or_create(path, || {
        let key = PrivateKey::generate(kind, &mut random()).to_pkcs8_der()?;
        Ok::<_, SandboxError>(pem::encode("PRIVATE KEY", &key).into_bytes())
    })?;
    Ok(PrivateKey::from_pkcs8_der(&one(path, &file)?)?)
}

/// The certificate kept in a PEM file, made at first use.
pub(crate) fn certificate(
    path: &Path,
    make: impl FnOnce() -> Result<Certificate, SandboxError>,
) -> Result<Certificate, SandboxError> {
    let file =
        store::read_or_create(path, || Ok::<_, SandboxError>(pem_of(&make()?).into_bytes()))?;
    Ok(Certificate::from_der(&one(path, &file)?)?)
}

fn one(path: &Path, file: &[u8]) -> Result<Vec<u8>, SandboxError> {
    let damaged = || SandboxError::Key(format!("{} is damaged", path.display()));
    let blocks = pem::blocks_or_der(file).map_err(|_| damaged())?;
    blocks.into_iter().next().ok_or_else(damaged)
}
