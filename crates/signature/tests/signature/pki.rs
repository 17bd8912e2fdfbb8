//! A small public key infrastructure made in memory: a root, an authority under it, a person who
//! signs, a time-stamp service, an OCSP responder.

use chrono::{DateTime, TimeDelta, Utc};
use gost3410::Curve;
use rand::{SeedableRng, rngs::StdRng};
use signature::asn1::Oid;
use signature::certificate::{Certificate, KeyUsage, Name};
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::issue::{
    Authority, CertificateTemplate, CrlTemplate, Extension, NameBuilder, OcspTemplate,
    RevokedEntry, TimestampQuery, TimestampTemplate,
};
use signature::key::PrivateKey;
use signature::oid;
use signature::path::TrustStore;
use signature::revocation::ocsp::{CertId, CertStatus};
use signature::revocation::{Crl, Evidence, OcspResponse, RevocationReason};
use signature::sign::{Signer, TimestampAuthority};

pub const CONTENT: &[u8] = "<StaticForm>Статистическая форма</StaticForm>".as_bytes();
pub const POLICY: Oid = Oid::new_unwrap("1.2.643.100.113.1");
const TSA_POLICY: Oid = Oid::new_unwrap("1.2.643.2.2.38.4");

/// Noon of a day in November 2026.
pub fn day(day: u32) -> DateTime<Utc> {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    date.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// The time at which most is verified.
pub fn now() -> DateTime<Utc> {
    day(20)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gost256,
    Gost512,
    P256,
    P384,
}

/// A key that is the same in every run.
pub fn key(kind: Kind, seed: u8) -> PrivateKey {
    let octets: [u8; 64] = std::array::from_fn(|n| (n as u8).wrapping_mul(31) ^ seed | 1);
    let gost = |curve: Curve, length| {
        PrivateKey::Gost3410(gost3410::SigningKey::from_bytes(curve, &octets[..length]).unwrap())
    };
    match kind {
        Kind::Gost256 => gost(Curve::CryptoProA, 32),
        Kind::Gost512 => gost(Curve::Tc26_512A, 64),
        Kind::P256 => PrivateKey::P256(p256::ecdsa::SigningKey::from_slice(&octets[..32]).unwrap()),
        Kind::P384 => PrivateKey::P384(p384::ecdsa::SigningKey::from_slice(&octets[..48]).unwrap()),
    }
}

pub fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

/// A key and its certificate.
#[derive(Clone)]
pub struct Party {
    pub key: PrivateKey,
    pub certificate: Certificate,
}

impl Party {
    pub fn authority(&self) -> Authority<'_> {
        Authority::of(&self.key, &self.certificate)
    }
}

pub fn name(common: &str) -> Name {
    NameBuilder::new()
        .with(oid::ID_AT_COUNTRY, "RU")
        .with(oid::ID_AT_COMMON_NAME, common)
        .build()
        .unwrap()
}

/// A template valid through 2026; change it before issuing.
pub fn template(
    subject: Name,
    key: &PrivateKey,
    extensions: Vec<Extension>,
) -> CertificateTemplate {
    let text = subject.to_string();
    CertificateTemplate {
        serial: DigestAlgorithm::Sha256.digest(text.as_bytes())[..8].to_vec(),
        subject,
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2026-12-31T23:59:59Z".parse().unwrap(),
        public_key: key.public_key().to_spki_der(),
        extensions,
    }
}

pub fn authority_extensions(path_length: Option<u64>) -> Vec<Extension> {
    vec![
        Extension::basic_constraints(true, path_length),
        Extension::key_usage(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN),
        Extension::policies(&[oid::ANY_POLICY]),
    ]
}

pub fn signing_extensions() -> Vec<Extension> {
    vec![
        Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION),
        Extension::extended_key_usage(
            &[oid::ID_KP_CLIENT_AUTH, oid::ID_KP_EMAIL_PROTECTION],
            false,
        ),
        Extension::policies(&[POLICY]),
    ]
}

/// Everybody.
#[derive(Clone)]
pub struct World {
    pub kind: Kind,
    pub root: Party,
    pub middle: Party,
    pub person: Party,
    pub stamps: Party,
    pub responder: Party,
}

impl World {
    pub fn new(kind: Kind) -> Self {
        let root_key = key(kind, 1);
        let subject = name("Корневой УЦ");
        let own = Authority::new(
            &root_key,
            subject.clone(),
            CertificateTemplate::key_identifier(&root_key.public_key()),
        );
        let certificate = template(subject, &root_key, authority_extensions(None))
            .issue(&own, &mut rng())
            .unwrap();
        let root = Party { key: root_key, certificate };
        let middle =
            issue(&root, key(kind, 2), name("Выдающий УЦ"), authority_extensions(Some(0)), |_| {});
        let person = issue(&middle, key(kind, 3), person_name(), signing_extensions(), |_| {});
        let stamps = issue(
            &middle,
            key(kind, 4),
            name("Служба штампов времени"),
            vec![
                Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE),
                Extension::extended_key_usage(&[oid::ID_KP_TIME_STAMPING], true),
            ],
            |_| {},
        );
        let responder = issue(
            &middle,
            key(kind, 5),
            name("Служба OCSP"),
            vec![
                Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE),
                Extension::extended_key_usage(&[oid::ID_KP_OCSP_SIGNING], false),
                Extension::ocsp_no_check(),
            ],
            |_| {},
        );
        Self { kind, root, middle, person, stamps, responder }
    }

    pub fn trust(&self) -> TrustStore {
        TrustStore {
            anchors: vec![self.root.certificate.clone()],
            intermediates: vec![self.middle.certificate.clone()],
        }
    }

    /// Lists of both authorities with nobody on them.
    pub fn lists(&self) -> Evidence {
        Evidence {
            crls: vec![list(&self.root, &[]), list(&self.middle, &[])],
            ..Evidence::default()
        }
    }

    /// A detached CAdES-BES over [`CONTENT`].
    pub fn signed(&self) -> Vec<u8> {
        sign(&self.person)
    }

    /// An OCSP answer about the person.
    pub fn answer(&self, status: CertStatus) -> OcspResponse {
        answer(&self.responder, &self.person.certificate, &self.middle, status, |_| {})
    }
}

/// A head of an organisation, with fictitious numbers.
pub fn person_name() -> Name {
    NameBuilder::new()
        .with(oid::ID_AT_COUNTRY, "RU")
        .with(oid::ID_AT_COMMON_NAME, "Ветрова Анна Сергеевна")
        .with(oid::ID_AT_ORGANIZATION, "ООО «Ромашка»")
        .with(oid::ID_INN, "500100732259")
        .with(oid::ID_INN_LE, "7707083893")
        .with(oid::ID_SNILS, "11223344595")
        .with(oid::ID_OGRN, "1027700132195")
        .build()
        .unwrap()
}

pub fn issue(
    issuer: &Party,
    key: PrivateKey,
    subject: Name,
    extensions: Vec<Extension>,
    change: impl FnOnce(&mut CertificateTemplate),
) -> Party {
    let mut template = template(subject, &key, extensions);
    change(&mut template);
    let certificate = template.issue(&issuer.authority(), &mut rng()).unwrap();
    Party { key, certificate }
}

pub fn revoked(certificate: &Certificate, reason: RevocationReason) -> RevokedEntry {
    RevokedEntry { serial: certificate.serial().to_vec(), at: day(10), reason }
}

pub fn list_template(entries: &[RevokedEntry]) -> CrlTemplate {
    CrlTemplate {
        number: 5,
        delta_base: None,
        this_update: day(15),
        next_update: day(25),
        entries: entries.to_vec(),
        extensions: Vec::new(),
    }
}

pub fn list(issuer: &Party, entries: &[RevokedEntry]) -> Crl {
    list_template(entries).issue(&issuer.authority(), &mut rng()).unwrap()
}

pub fn answer(
    responder: &Party,
    about: &Certificate,
    issuer: &Party,
    status: CertStatus,
    change: impl FnOnce(&mut OcspTemplate),
) -> OcspResponse {
    let id = CertId::to_der(DigestAlgorithm::Sha1, about, &issuer.certificate);
    let mut template = OcspTemplate {
        produced_at: day(19),
        this_update: day(19),
        next_update: Some(day(22)),
        answers: vec![(id, status)],
        nonce: None,
    };
    change(&mut template);
    let certificates = [responder.certificate.clone()];
    template.issue(&responder.authority(), &certificates, &mut rng()).unwrap()
}

pub fn sign(party: &Party) -> Vec<u8> {
    let mut signer = Signer::new(&party.key, &party.certificate).unwrap();
    signer.time = Some(day(18));
    let content = ContentDigests::of(&[signer.digest()], CONTENT);
    signer.sign_detached(&content, &mut rng()).unwrap()
}

/// A time-stamp service in memory.
pub struct Service<'a> {
    pub party: &'a Party,
    pub time: DateTime<Utc>,
}

impl TimestampAuthority for Service<'_> {
    fn stamp(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let query = TimestampQuery::from_der(request).map_err(|error| error.to_string())?;
        let template = TimestampTemplate {
            policy: TSA_POLICY,
            serial: 77,
            time: self.time,
            issuers: Vec::new(),
        };
        self.time += TimeDelta::minutes(1);
        template
            .respond(&query, &self.party.authority(), &self.party.certificate, &mut rng())
            .map_err(|error| error.to_string())
    }

    fn nonce(&mut self) -> [u8; 8] {
        [0x80, 1, 2, 3, 4, 5, 6, 7]
    }
}
