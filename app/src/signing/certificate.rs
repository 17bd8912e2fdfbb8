//! What the cabinet reads out of a signing certificate (RFC 5280) to show it and to refer to it
//! in a signature. It judges nothing: the path to a trusted root is checked on the server.

use chrono::{DateTime, NaiveDate, Utc};

use super::der::{DerError, Reader, Value, tag};

/// OID 2.5.4.3, common name.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// OID 2.5.4.4, surname.
const SURNAME: &[u8] = &[0x55, 0x04, 0x04];
/// OID 2.5.4.42, given name (first name and patronymic).
const GIVEN_NAME: &[u8] = &[0x55, 0x04, 0x2a];
/// OID 2.5.4.10, organisation.
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
/// OID 1.2.840.10045.2.1, public key on an elliptic curve.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// OID 1.3.132.0.34, the curve P-384.
const P_384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// OID 1.2.840.113549.1.1.1, RSA.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// OID 1.2.643.7.1.1.1.1, GOST R 34.10-2012 with a key of 256 bits.
const GOST_256: &[u8] = &[0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01];
/// OID 1.2.643.7.1.1.1.2, GOST R 34.10-2012 with a key of 512 bits.
const GOST_512: &[u8] = &[0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x02];

/// OID 1.2.643.100.3, СНИЛС (order of the FSB № 795, as all of these).
const SNILS: &[u8] = &[0x2a, 0x85, 0x03, 0x64, 0x03];
/// OID 1.2.643.100.4, ИНН of an organisation.
const INN_LE: &[u8] = &[0x2a, 0x85, 0x03, 0x64, 0x04];
/// OID 1.2.643.3.131.1.1, ИНН.
const INN: &[u8] = &[0x2a, 0x85, 0x03, 0x03, 0x81, 0x03, 0x01, 0x01];
/// OID 2.5.29.15, key usage.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// digitalSignature and nonRepudiation of KeyUsage (RFC 5280, 4.2.1.3).
const MAY_SIGN: u8 = 0b1100_0000;

/// A certificate as far as a signer needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate itself, DER.
    pub der: Vec<u8>,
    /// `Name` of the issuer, DER, as it stands in the certificate.
    pub issuer: Vec<u8>,
    /// `INTEGER` with the serial number, DER.
    pub serial: Vec<u8>,
    /// «Иванова Анна Петровна, ООО «Пример»», as the certificate says.
    pub subject_text: String,
    pub issuer_text: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    /// «ECDSA P-256», «ГОСТ Р 34.10-2012 256», or the object identifier in hexadecimal.
    pub algorithm: String,
    /// `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
    /// Digits.
    pub snils: Option<String>,
    /// ИНН of the organisation and of the person.
    pub inns: Vec<String>,
    /// The key is meant for signing documents.
    pub signs: bool,
}

impl Certificate {
    /// Reads a certificate in DER form.
    ///
    /// # Errors
    /// When the bytes are not a `Certificate` of RFC 5280, 4.1.
    pub fn from_der(bytes: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(bytes);
        let mut certificate = reader.sequence()?;
        let mut body = certificate.sequence()?;
        if body.peek() == Some(tag::context(0)) {
            body.any()?;
        }
        let serial = body.expect(tag::INTEGER)?;
        body.sequence()?;
        let issuer = body.expect(tag::SEQUENCE)?;
        let mut validity = body.sequence()?;
        let valid_from = time(validity.any()?)?;
        let valid_to = time(validity.any()?)?;
        let subject = body.expect(tag::SEQUENCE)?;
        let public_key = body.expect(tag::SEQUENCE)?;
        let signs = signs(&mut body)?;
        let (snils, inns) = owner(subject)?;
        Ok(Self {
            der: bytes.to_vec(),
            issuer: issuer.whole.to_vec(),
            serial: serial.whole.to_vec(),
            subject_text: name_text(subject)?,
            issuer_text: name_text(issuer)?,
            valid_from,
            valid_to,
            algorithm: algorithm(public_key)?,
            public_key: public_key.whole.to_vec(),
            snils,
            inns,
            signs,
        })
    }

    /// Reads every certificate of a PEM text, in order.
    ///
    /// # Errors
    /// When a block is not base64 of a certificate; an empty text gives an empty list.
    pub fn chain_from_pem(pem: &str) -> Result<Vec<Self>, DerError> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        let mut chain = Vec::new();
        let mut rest = pem;
        while let Some(start) = rest.find(BEGIN) {
            let offset = pem.len() - rest.len() + start;
            let body = &rest[start + BEGIN.len()..];
            let end =
                body.find(END).ok_or(DerError { offset, what: "the PEM block does not end" })?;
            let der = super::base64::decode(&body[..end])
                .ok_or(DerError { offset, what: "the PEM block is not base64" })?;
            chain.push(Self::from_der(&der)?);
            rest = &body[end + END.len()..];
        }
        Ok(chain)
    }
}

/// The person and the organisation, in that order. A certificate of an organisation names its head
/// by surname and given name, and has the organisation as common name (order of the FSB № 795);
/// without a surname the common name stands for the person. An empty text when there is no name.
fn name_text(name: Value<'_>) -> Result<String, DerError> {
    let mut common_name = None;
    let mut surname = None;
    let mut given_name = None;
    let mut organisation = None;
    for (kind, text) in attributes(name)? {
        match kind {
            COMMON_NAME => common_name = Some(text),
            SURNAME => surname = Some(text),
            GIVEN_NAME => given_name = Some(text),
            ORGANISATION => organisation = Some(text),
            _ => {}
        }
    }
    let person = surname.map(|surname| match given_name {
        Some(given_name) => format!("{surname} {given_name}"),
        None => surname,
    });
    let mut parts: Vec<String> = Vec::new();
    for part in [person.or(common_name), organisation].into_iter().flatten() {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    Ok(parts.join(", "))
}

/// The attributes of a name, with the object identifiers of their kinds.
fn attributes(name: Value<'_>) -> Result<Vec<(&[u8], String)>, DerError> {
    let mut found = Vec::new();
    let mut rdns = Reader::new(name.content);
    while !rdns.is_empty() {
        let mut set = Reader::new(rdns.expect(tag::SET)?.content);
        while !set.is_empty() {
            let mut pair = set.sequence()?;
            let kind = pair.expect(tag::OID)?.content;
            found.push((kind, text(pair.any()?)));
        }
    }
    Ok(found)
}

/// СНИЛС of an owner, and ИНН of the organisation and of the person.
fn owner(name: Value<'_>) -> Result<(Option<String>, Vec<String>), DerError> {
    let (mut snils, mut inns) = (None, Vec::new());
    for (kind, text) in attributes(name)? {
        match kind {
            SNILS => snils = Some(text),
            INN_LE | INN => inns.push(short_inn(text)),
            _ => {}
        }
    }
    Ok((snils, inns))
}

/// An organisation's ИНН was filled up to twelve digits with leading zeros before ИНН ЮЛ was there.
fn short_inn(inn: String) -> String {
    match inn.strip_prefix("00") {
        Some(short) if short.len() == 10 => short.to_owned(),
        _ => inn,
    }
}

/// What stands after the public key, as far as it says whether the key may sign documents.
fn signs(body: &mut Reader<'_>) -> Result<bool, DerError> {
    while let Some(kind) = body.peek() {
        let field = body.any()?;
        if kind != tag::context(3) {
            continue;
        }
        let mut extensions = Reader::new(field.content).sequence()?;
        while !extensions.is_empty() {
            let mut extension = extensions.sequence()?;
            if extension.expect(tag::OID)?.content != KEY_USAGE {
                continue;
            }
            let mut value = extension.any()?;
            if value.tag == tag::BOOLEAN {
                value = extension.any()?;
            }
            let bits = Reader::new(value.content).expect(tag::BIT_STRING)?.content;
            return Ok(bits.get(1).is_some_and(|bits| bits & MAY_SIGN != 0));
        }
    }
    Ok(true)
}

fn text(value: Value<'_>) -> String {
    match value.tag {
        tag::BMP_STRING => {
            let units: Vec<u16> = value
                .content
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(value.content).into_owned(),
    }
}

fn time(value: Value<'_>) -> Result<DateTime<Utc>, DerError> {
    let error = DerError { offset: 0, what: "the time is not written as RFC 5280, 4.1.2.5 says" };
    let digits = std::str::from_utf8(value.content).map_err(|_| error.clone())?;
    let digits = digits.strip_suffix('Z').ok_or_else(|| error.clone())?;
    let full = match value.tag {
        tag::UTC_TIME if digits.len() == 12 => {
            let century = if digits.as_bytes()[0] >= b'5' { "19" } else { "20" };
            format!("{century}{digits}")
        }
        tag::GENERALIZED_TIME if digits.len() == 14 => digits.to_owned(),
        _ => return Err(error),
    };
    let part =
        |from: usize, to: usize| full.get(from..to).and_then(|part| part.parse::<u32>().ok());
    part(0, 4)
        .and_then(|year| i32::try_from(year).ok())
        .and_then(|year| NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?))
        .and_then(|date| date.and_hms_opt(part(8, 10)?, part(10, 12)?, part(12, 14)?))
        .map(|time| time.and_utc())
        .ok_or(error)
}

fn algorithm(public_key: Value<'_>) -> Result<String, DerError> {
    let mut info = Reader::new(public_key.content);
    let mut algorithm = info.sequence()?;
    let kind = algorithm.expect(tag::OID)?.content;
    Ok(match kind {
        EC_PUBLIC_KEY if algorithm.expect(tag::OID)?.content == P_384 => "ECDSA P-384".to_owned(),
        EC_PUBLIC_KEY => "ECDSA P-256".to_owned(),
        RSA => "RSA".to_owned(),
        GOST_256 => "ГОСТ Р 34.10-2012 256".to_owned(),
        GOST_512 => "ГОСТ Р 34.10-2012 512".to_owned(),
        other => other.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_certificate_is_read() {
        let certificate = Certificate::from_der(&fixture::authority().certificate).unwrap();
        assert_eq!(certificate.subject_text, "Проверочный центр");
        assert_eq!(certificate.issuer_text, "Проверочный центр");
        assert_eq!(certificate.algorithm, "ECDSA P-256");
        assert!(certificate.valid_from < certificate.valid_to);
    }

    #[test]
    fn the_head_is_named_before_the_organisation() {
        use super::super::der;
        let part = |kind: &[u8], text: &str| {
            let text = der::tlv(tag::UTF8_STRING, text.as_bytes());
            der::tlv(tag::SET, &der::sequence(&[&der::tlv(tag::OID, kind), &text]))
        };
        let text = |parts: &[Vec<u8>]| {
            let content = parts.concat();
            name_text(Value { tag: tag::SEQUENCE, content: &content, whole: &[] }).unwrap()
        };
        let (company, surname) = ("ООО «Пример»", part(SURNAME, "Иванова"));
        let of_company = [part(COMMON_NAME, company), part(ORGANISATION, company)];
        assert_eq!(text(&of_company), company);
        let head = [surname, part(GIVEN_NAME, "Анна Петровна")];
        assert_eq!(text(&[&of_company[..], &head].concat()), "Иванова Анна Петровна, ООО «Пример»");
    }

    #[test]
    fn owners_are_named_by_their_numbers() {
        use super::super::der;
        let part = |kind: &[u8], text: &str| {
            let text = der::tlv(tag::UTF8_STRING, text.as_bytes());
            der::tlv(tag::SET, &der::sequence(&[&der::tlv(tag::OID, kind), &text]))
        };
        let content = [part(SNILS, "11223344595"), part(INN, "007707083893")].concat();
        let name = Value { tag: tag::SEQUENCE, content: &content, whole: &[] };
        let (snils, inns) = owner(name).unwrap();
        assert_eq!(snils.as_deref(), Some("11223344595"));
        assert_eq!(inns, ["7707083893"]);
        assert_eq!(short_inn("500100732259".into()), "500100732259");
    }

    #[test]
    fn key_usage_tells_whether_a_key_signs() {
        use super::super::der;
        let after_key = |bits: u8| {
            let usage = der::tlv(tag::OCTET_STRING, &der::tlv(tag::BIT_STRING, &[0, bits]));
            let critical = der::tlv(tag::BOOLEAN, &[0xff]);
            let extension = der::sequence(&[&der::tlv(tag::OID, KEY_USAGE), &critical, &usage]);
            der::tlv(tag::context(3), &der::sequence(&[&extension]))
        };
        let signs = |bytes: &[u8]| signs(&mut Reader::new(bytes)).unwrap();
        assert!(signs(&after_key(0b1000_0000)) && signs(&after_key(0b0100_0000)));
        assert!(!signs(&after_key(0b0010_0000)), "encrypts keys only");
        assert!(signs(&[]), "nothing is said");
    }

    #[test]
    fn a_chain_in_pem_keeps_its_order() {
        let der = fixture::authority().certificate;
        let pem = fixture::pem(&der);
        let chain = Certificate::chain_from_pem(&format!("заголовок\n{pem}{pem}")).unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!(chain[1].der, der);
        assert_eq!(Certificate::chain_from_pem("").unwrap(), []);
        assert!(Certificate::chain_from_pem("-----BEGIN CERTIFICATE-----\nAAAA").is_err());
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let at = |tag, text: &str| time(Value { tag, content: text.as_bytes(), whole: &[] });
        let expected = DateTime::parse_from_rfc3339("2026-11-22T01:02:03Z").unwrap();
        assert_eq!(at(tag::UTC_TIME, "261122010203Z").unwrap(), expected);
        assert_eq!(at(tag::GENERALIZED_TIME, "20261122010203Z").unwrap(), expected);
        assert!(at(tag::UTC_TIME, "991232010203Z").is_err());
        assert!(at(tag::UTC_TIME, "2611220102Z").is_err());
    }

    #[test]
    fn no_prefix_of_a_certificate_panics() {
        let der = fixture::authority().certificate;
        for end in 0..der.len() {
            assert!(Certificate::from_der(&der[..end]).is_err(), "cut at {end}");
        }
    }
}
