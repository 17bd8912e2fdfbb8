//! «Получить тестовую подпись»: a new key with its certificate as a PFX, for anybody of the
//! sandbox.

use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use signature::{
    certificate::Certificate,
    container::{KeyContainer, Protection},
    digest::ContentDigests,
    key::{KeyKind, PrivateKey},
    sign::Signer,
};

use super::{Authority, FamilyName, YEAR, family, pem_of, subject_text};
use crate::{
    SandboxError,
    population::{self, Organisation, Person},
    refusal::Refusal,
    store,
};

/// The password of every container made here. They open nothing but the sandbox.
pub(crate) const PASSWORD: &str = "12345678";

/// The key that is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum KeyChoice {
    #[default]
    #[serde(rename = "gost256")]
    Gost256,
    #[serde(rename = "gost512")]
    Gost512,
    #[serde(rename = "ecdsa")]
    Ecdsa,
}

impl KeyChoice {
    pub(crate) const ALL: [(&'static str, &'static str); 3] = [
        ("gost256", "ГОСТ Р 34.10-2012, 256"),
        ("gost512", "ГОСТ Р 34.10-2012, 512"),
        ("ecdsa", "ECDSA P-256"),
    ];

    const fn kind(self) -> KeyKind {
        match self {
            Self::Gost256 => KeyKind::Gost256,
            Self::Gost512 => KeyKind::Gost512,
            Self::Ecdsa => KeyKind::P256,
        }
    }

    const fn family(self) -> FamilyName {
        match self {
            Self::Gost256 | Self::Gost512 => FamilyName::Gost,
            Self::Ecdsa => FamilyName::Ecdsa,
        }
    }

    /// Containers by RFC 9548 for GOST; ones that every program opens otherwise.
    const fn protection(self) -> Protection {
        match self {
            Self::Gost256 | Self::Gost512 => Protection::Gost,
            Self::Ecdsa => Protection::Aes,
        }
    }
}

/// Whose test signature is wanted, and which.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestSignatureRequest {
    /// ESIA identifier of the person; or `snils`.
    pub(crate) person: Option<u64>,
    pub(crate) snils: Option<String>,
    /// ИНН of the organisation for which the person will sign.
    #[serde(default)]
    pub(crate) organisation_inn: Option<String>,
    #[serde(default)]
    pub(crate) key: KeyChoice,
    /// How long it is valid; a year when absent.
    pub(crate) days: Option<u16>,
    /// It ran out yesterday.
    #[serde(default)]
    pub(crate) expired: bool,
}

/// A test signature.
#[derive(Debug, Serialize)]
pub(crate) struct TestSignature {
    pub(crate) serial: String,
    pub(crate) subject: String,
    /// The container, Base64.
    pub(crate) pfx: String,
    pub(crate) password: &'static str,
    /// The key as PKCS #8, Base64: for programs that take no containers.
    pub(crate) private_key: String,
    pub(crate) certificate_pem: String,
    /// The issuing authority's certificate and the root's.
    pub(crate) chain_pem: String,
}

impl Authority {
    /// Makes a key and its certificate.
    pub(crate) fn test_signature(
        &self,
        ask: &TestSignatureRequest,
        now: DateTime<Utc>,
    ) -> Result<TestSignature, Refusal> {
        let person = person(ask.person, ask.snils.as_deref())?;
        let organisation = organisation(person, ask.organisation_inn.as_deref())?;
        let days = ask.days.map_or(YEAR, |days| TimeDelta::days(i64::from(days)));
        let validity = if ask.expired {
            (now - TimeDelta::days(1) - days, now - TimeDelta::days(1))
        } else {
            (now, now + days)
        };
        let mut random = family::random();
        let key = PrivateKey::generate(ask.key.kind(), &mut random);
        let public_key = key.public_key().to_spki_der();
        let private_key = key.to_pkcs8_der().map_err(SandboxError::from)?;
        let family = ask.key.family();
        let own = self.issue_personal(family, public_key, person, organisation, validity)?;
        let family = self.family(family);
        let chain = vec![own.clone(), family.issuing().clone(), family.root().clone()];
        let pfx = KeyContainer::new(key, chain)
            .to_pfx(PASSWORD, ask.key.protection(), &mut random)
            .map_err(SandboxError::from)?;
        Ok(TestSignature {
            serial: own.serial_hex(),
            subject: subject_text(own.subject()),
            pfx: BASE64_STANDARD.encode(pfx),
            password: PASSWORD,
            private_key: BASE64_STANDARD.encode(&*private_key),
            certificate_pem: pem_of(&own),
            chain_pem: family.chain_pem(),
        })
    }
}

impl Authority {
    /// Signs as a person with the GOST key of his telephone, kept in `folder`: CAdES-BES,
    /// detached, DER.
    pub(crate) fn sign_as(
        &self,
        person: &Person,
        folder: &Path,
        content: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, SandboxError> {
        let key = family::key(&folder.join(format!("{}.key.pem", person.oid)), KeyKind::Gost256)?;
        let own = self.phone_certificate(person, folder, &key, now)?;
        let mut signer = Signer::new(&key, &own)?;
        let chain = [self.gost.issuing().clone()];
        signer.chain = &chain;
        signer.time = Some(now);
        let digests = ContentDigests::of(&[signer.digest()], content);
        Ok(signer.sign_detached(&digests, &mut family::random())?)
    }

    /// The certificate of a telephone's key, renewed when it ran out.
    fn phone_certificate(
        &self,
        person: &Person,
        folder: &Path,
        key: &PrivateKey,
        now: DateTime<Utc>,
    ) -> Result<Certificate, SandboxError> {
        let path = folder.join(format!("{}.pem", person.oid));
        let make = || {
            let public_key = key.public_key().to_spki_der();
            self.issue_personal(FamilyName::Gost, public_key, person, None, (now, now + YEAR))
        };
        let known = family::certificate(&path, make)?;
        if now <= known.not_after() {
            return Ok(known);
        }
        let renewed = make()?;
        store::write_atomically(&path, pem_of(&renewed).as_bytes())?;
        Ok(renewed)
    }
}

/// A person who can be given a certificate.
pub(super) fn person(oid: Option<u64>, snils: Option<&str>) -> Result<&'static Person, Refusal> {
    let found = population::PERSONS.iter().find(|person| match (oid, snils) {
        (Some(oid), _) => person.oid == oid,
        (None, Some(snils)) => person.snils.is_some_and(|own| digits(own) == digits(snils)),
        (None, None) => false,
    });
    let person = found.ok_or_else(|| {
        Refusal::invalid(
            "person",
            "no such person in the sandbox",
            "the oid or the СНИЛС of a person listed at /sandbox/",
        )
    })?;
    if !person.trusted {
        return Err(Refusal::invalid(
            "person",
            "the account is not confirmed, so the authority cannot identify the person",
            "a person with a confirmed account",
        ));
    }
    Ok(person)
}

/// The organisation for which a person may sign; nothing when he signs for himself.
pub(super) fn organisation(
    person: &Person,
    inn: Option<&str>,
) -> Result<Option<&'static Organisation>, Refusal> {
    match inn.filter(|inn| !inn.is_empty()) {
        None => Ok(None),
        // A person without an organisation signs for himself.
        Some(inn) if person.inn == Some(inn) && person.roles.is_empty() => Ok(None),
        Some(inn) => population::ORGANISATIONS
            .iter()
            .find(|found| found.inn == inn && person.role_in(found.oid).is_some())
            .map(Some)
            .ok_or_else(|| {
                Refusal::invalid(
                    "organisation_inn",
                    format!("the person has no role in an organisation with ИНН {inn}"),
                    "ИНН of an organisation in which the person works",
                )
            }),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
