//! `cabinet-sign inspect`: what a file holds, in plain words.

use std::fmt::Write;

use signature::certificate::{Certificate, Identifiers};
use signature::cms::{SignedMessage, SignerId};
use signature::container::{ContainerError, KeyContainer};
use signature::digest::DigestAlgorithm;
use signature::key::PublicKey;
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Crl, OcspResponse};
use signature::timestamp::Timestamp;
use signature::{oid, pem};

use crate::args::{Args, Options};
use crate::{Stop, files, print};

pub const OPTIONS: Options = Options { values: &["password-file"], flags: &[] };

/// How many entries of a revocation list are shown.
const SHOWN_ENTRIES: usize = 20;

pub fn run(args: Args) -> Result<bool, Stop> {
    let path = args.file()?;
    let bytes = files::read(path)?;
    let blocks = pem::blocks_or_der(&bytes).map_err(|error| files::failed(path, error))?;
    let mut text = String::new();
    for block in &blocks {
        let shown = show(&args, block)?;
        text.push_str(&shown.ok_or_else(|| {
            files::failed(
                path,
                "not a certificate, revocation list, signature, response or container",
            )
        })?);
    }
    if blocks.is_empty() {
        return Err(files::failed(path, "nothing that can be read"));
    }
    print(&text)?;
    Ok(true)
}

/// The object in words, if it is of a known kind.
fn show(args: &Args, der: &[u8]) -> Result<Option<String>, Stop> {
    let mut out = String::new();
    if let Ok(certificate) = Certificate::from_der(der) {
        self::certificate(&mut out, &certificate, 0);
    } else if let Ok(list) = Crl::from_der(der) {
        crl(&mut out, &list);
    } else if let Ok(message) = SignedMessage::from_bytes(der) {
        cms(&mut out, &message);
        if let Ok(stamp) = Timestamp::from_der(der) {
            timestamp(&mut out, &stamp);
        }
    } else if let Ok(response) = OcspResponse::from_der(der) {
        ocsp(&mut out, &response);
    } else if !container(&mut out, args, der)? {
        return Ok(None);
    }
    Ok(Some(out))
}

fn line(out: &mut String, indent: usize, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(out, "{:indent$}{name}: {value}", "");
}

fn certificate(out: &mut String, certificate: &Certificate, indent: usize) {
    let extensions = certificate.extensions();
    line(out, indent, "Сертификат", certificate.serial_hex());
    let indent = indent + 2;
    line(out, indent, "Владелец", certificate.subject());
    line(out, indent, "Издатель", certificate.issuer());
    line(out, indent, "Действует с", certificate.not_before());
    line(out, indent, "Действует по", certificate.not_after());
    if let Some(until) = extensions.private_key_until {
        line(out, indent, "Закрытый ключ действует по", until);
    }
    let key = match PublicKey::read(certificate.public_key()) {
        Ok(key) => key.name(),
        Err(reason) => format!("{} ({})", certificate.public_key().algorithm.oid, reason.code()),
    };
    line(out, indent, "Ключ", key);
    line(out, indent, "Алгоритм подписи издателя", certificate.signature_algorithm().oid);
    identifiers(out, &certificate.identifiers(), indent);
    if let Some(constraints) = &extensions.basic_constraints {
        let authority = if constraints.ca { "да" } else { "нет" };
        line(out, indent, "Удостоверяющий центр", authority);
    }
    if let Some(usage) = extensions.key_usage {
        line(out, indent, "Назначение ключа", usage.names().join(", "));
    }
    let joined = |oids: &[signature::asn1::Oid]| {
        oids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    if let Some(purposes) = &extensions.extended_key_usage {
        line(out, indent, "Расширенное назначение", joined(purposes));
    }
    if let Some(policies) = &extensions.policies {
        line(out, indent, "Политики", joined(policies));
    }
    if let Some(tool) = &extensions.subject_sign_tool {
        line(out, indent, "Средство подписи владельца", tool);
    }
    for url in extensions.crl_urls() {
        line(out, indent, "Список отзыва", url);
    }
    for url in &extensions.ocsp_urls {
        line(out, indent, "OCSP", url);
    }
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256] {
        let name = format!("Отпечаток {}", digest.name());
        line(out, indent, &name, hex::encode(certificate.fingerprint(digest)));
    }
}

fn identifiers(out: &mut String, found: &Identifiers, indent: usize) {
    let mut show = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            line(out, indent, name, value);
        }
    };
    show("ИНН", found.inn.as_ref().map(ToString::to_string));
    show("ИНН ЮЛ", found.organisation_inn.as_ref().map(ToString::to_string));
    show("СНИЛС", found.snils.as_ref().map(ToString::to_string));
    show("ОГРН", found.ogrn.as_ref().map(ToString::to_string));
    show("ОГРНИП", found.ogrnip.as_ref().map(ToString::to_string));
    for broken in &found.unreadable {
        let value = format!("{} {}: {}", broken.attribute, broken.value, broken.why);
        line(out, indent, "Неверный идентификатор", value);
    }
}

fn crl(out: &mut String, list: &Crl) {
    line(out, 0, "Список отзыва", list.issuer());
    line(out, 2, "Выпущен", list.this_update());
    if let Some(next) = list.next_update() {
        line(out, 2, "Следующий", next);
    }
    if let Some(number) = list.number() {
        line(out, 2, "Номер", hex::encode_upper(number));
    }
    if let Some(base) = list.delta_base() {
        line(out, 2, "Дополняет список номер", hex::encode_upper(base));
    }
    line(out, 2, "Отозвано", list.len());
    for (serial, at) in list.entries().take(SHOWN_ENTRIES) {
        line(out, 4, &hex::encode_upper(serial), at);
    }
}

fn cms(out: &mut String, message: &SignedMessage) {
    line(out, 0, "Подпись CMS", format!("подписей: {}", message.signers.len()));
    match &message.attached {
        Some(content) => line(out, 2, "Документ внутри, байтов", content.size()),
        None => line(out, 2, "Документ", "отдельно (отсоединённая подпись)"),
    }
    for signer in &message.signers {
        let name = match &signer.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                format!("{} / {issuer}", hex::encode_upper(serial))
            }
            SignerId::KeyIdentifier(key) => format!("ключ {}", hex::encode_upper(key)),
        };
        line(out, 2, "Подписал", name);
        line(out, 4, "Хэш", signer.digest_algorithm.oid);
        line(out, 4, "Алгоритм", signer.signature_algorithm.oid);
        let signed = signer.signed.iter().flat_map(|signed| signed.attributes.iter());
        for attribute in signed {
            line(out, 4, "Подписанный атрибут", attribute.oid);
        }
        for attribute in signer.unsigned.iter() {
            line(out, 4, "Атрибут", attribute.oid);
        }
        for token in signer.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP) {
            if let Ok(stamp) = Timestamp::from_der(token) {
                timestamp(out, &stamp);
            }
        }
    }
    for certificate in &message.certificates {
        self::certificate(out, certificate, 2);
    }
}

fn timestamp(out: &mut String, stamp: &Timestamp) {
    line(out, 4, "Штамп времени", stamp.info.time);
    line(out, 6, "Номер", hex::encode_upper(&stamp.info.serial));
    line(out, 6, "Политика", stamp.info.policy);
}

fn ocsp(out: &mut String, response: &OcspResponse) {
    match response.produced_at() {
        Some(time) => line(out, 0, "Ответ OCSP", time),
        None => line(out, 0, "Ответ OCSP", "отказ"),
    }
    for single in response.responses() {
        let status = match &single.status {
            CertStatus::Good => "действует".to_owned(),
            CertStatus::Unknown => "неизвестен".to_owned(),
            CertStatus::Revoked { at, .. } => format!("отозван {at}"),
        };
        line(out, 2, &hex::encode_upper(single.id.serial()), status);
    }
}

/// A key container, opened when a password is given.
fn container(out: &mut String, args: &Args, der: &[u8]) -> Result<bool, Stop> {
    let password = if args.flag("password-file") {
        files::password(args)?
    } else {
        zeroize::Zeroizing::new(String::new())
    };
    match KeyContainer::from_pfx(der, &password) {
        Ok(container) => {
            line(out, 0, "Контейнер PKCS #12", format!("ключей: {}", container.keys.len()));
            for entry in &container.keys {
                let name = entry.name.as_deref().unwrap_or("без имени");
                line(out, 2, "Ключ", format!("{} ({name})", entry.key.public_key().name()));
            }
            for certificate in &container.certificates {
                self::certificate(out, certificate, 2);
            }
            Ok(true)
        }
        Err(ContainerError::WrongPassword) if !args.flag("password-file") => {
            line(out, 0, "Контейнер PKCS #12", "защищён паролем (--password-file)");
            Ok(true)
        }
        Err(ContainerError::NotAContainer) => Ok(false),
        Err(error) => Err(Stop::new(error)),
    }
}
