//! A detached CMS signature (RFC 5652) over a document: `SignedData` with one signer, whose
//! signed attributes are content-type, message-digest, signing-time and signing-certificate-v2
//! (RFC 5035) — the shape of CAdES-BES (ETSI EN 319 122-1).
//!
//! Signing takes two steps, because the key may live anywhere: [`SignedAttributes`] gives the
//! bytes to sign, [`signed_data`] wraps them with the signature.

use chrono::{DateTime, Utc};

use super::certificate::Certificate;
use super::der::{self, tag};

/// OID 1.2.840.113549.1.7.1, data.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// OID 1.2.840.113549.1.7.2, signedData.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// OID 1.2.840.113549.1.9.3, content-type.
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
/// OID 1.2.840.113549.1.9.4, message-digest.
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// OID 1.2.840.113549.1.9.5, signing-time.
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
/// OID 1.2.840.113549.1.9.16.2.47, signing-certificate-v2.
const SIGNING_CERTIFICATE_V2: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
/// OID 2.16.840.1.101.3.4.2.1, SHA-256.
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// OID 1.2.840.10045.4.3.2, ECDSA with SHA-256.
pub(super) const ECDSA_WITH_SHA_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// The attributes that the signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    attributes: Vec<Vec<u8>>,
}

impl SignedAttributes {
    /// Attributes of a signature made at `at` over a content with the SHA-256 digest `content`,
    /// by the holder of a certificate whose DER form has the SHA-256 digest `certificate`.
    pub fn new(content: &[u8; 32], certificate: &[u8; 32], at: DateTime<Utc>) -> Self {
        let certificate_id = der::sequence(&[&der::tlv(tag::OCTET_STRING, certificate)]);
        let certificate_ids = der::sequence(&[&der::sequence(&[&certificate_id])]);
        Self {
            attributes: vec![
                attribute(CONTENT_TYPE, &der::tlv(tag::OID, DATA)),
                attribute(MESSAGE_DIGEST, &der::tlv(tag::OCTET_STRING, content)),
                attribute(SIGNING_TIME, &time(at)),
                attribute(SIGNING_CERTIFICATE_V2, &certificate_ids),
            ],
        }
    }

    /// The bytes to be signed: the attributes as `SET OF` (RFC 5652, 5.4).
    pub fn to_be_signed(&self) -> Vec<u8> {
        der::set_of(tag::SET, self.attributes.clone())
    }
}

/// Wraps a signature as `ContentInfo` with a detached `SignedData`, DER. `signature` is the
/// ECDSA pair as DER (see [`ecdsa_signature`]); the first certificate of `chain` is the
/// signer's; the rest travel along so that the recipient can build the path.
///
/// # Panics
/// Never; an empty chain gives `None`.
pub fn signed_data(
    attributes: &SignedAttributes,
    signature: &[u8],
    chain: &[Certificate],
) -> Option<Vec<u8>> {
    let signer = chain.first()?;
    let version = der::unsigned(&[1]);
    let digest_algorithm = der::sequence(&[&der::tlv(tag::OID, SHA_256)]);
    let signer_info = der::sequence(&[
        &version,
        &der::sequence(&[&signer.issuer, &signer.serial]),
        &digest_algorithm,
        &der::set_of(tag::context(0), attributes.attributes.clone()),
        &der::sequence(&[&der::tlv(tag::OID, ECDSA_WITH_SHA_256)]),
        &der::tlv(tag::OCTET_STRING, signature),
    ]);
    let certificates = chain.iter().map(|certificate| certificate.der.clone()).collect();
    let signed_data = der::sequence(&[
        &version,
        &der::set_of(tag::SET, vec![digest_algorithm.clone()]),
        &der::sequence(&[&der::tlv(tag::OID, DATA)]),
        &der::set_of(tag::context(0), certificates),
        &der::set_of(tag::SET, vec![signer_info]),
    ]);
    Some(der::sequence(&[
        &der::tlv(tag::OID, SIGNED_DATA),
        &der::tlv(tag::context(0), &signed_data),
    ]))
}

/// `ECDSA-Sig-Value` (RFC 3279, 2.2.3) of the pair as WebCrypto gives it: r and s, 32 bytes
/// big-endian each. `None` when the length is another one.
pub fn ecdsa_signature(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = (raw.len() == 64).then(|| raw.split_at(32))?;
    Some(der::sequence(&[&der::unsigned(r), &der::unsigned(s)]))
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::tlv(tag::OID, kind), &der::tlv(tag::SET, value)])
}

/// `UTCTime` until 2049, `GeneralizedTime` from 2050 on (RFC 5652, 11.3).
fn time(at: DateTime<Utc>) -> Vec<u8> {
    use chrono::{Datelike, Timelike};
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    match at.year() {
        year @ 1950..2050 => der::tlv(tag::UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes()),
        year => der::tlv(tag::GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const CONTENT: &[u8] = "<StaticForm>Проверка</StaticForm>".as_bytes();

    fn now() -> DateTime<Utc> {
        fixture::moment()
    }

    #[test]
    fn openssl_accepts_the_signature() {
        let person = fixture::person("Иванова Анна Петровна");
        let cms = fixture::sign(&person, CONTENT, now());
        assert_eq!(fixture::openssl_verify(&cms, CONTENT), Ok(()));
    }

    #[test]
    fn openssl_refuses_another_content_and_a_changed_signature() {
        let person = fixture::person("Иванова Анна Петровна");
        let mut cms = fixture::sign(&person, CONTENT, now());
        assert!(fixture::openssl_verify(&cms, b"<StaticForm/>").is_err());
        let last = cms.len() - 1;
        cms[last] ^= 1;
        assert!(fixture::openssl_verify(&cms, CONTENT).is_err());
    }

    #[test]
    fn a_signature_needs_a_certificate_and_a_whole_pair() {
        let attributes = SignedAttributes::new(&[1; 32], &[2; 32], now());
        assert_eq!(signed_data(&attributes, &[], &[]), None);
        assert_eq!(ecdsa_signature(&[1; 63]), None);
        assert_eq!(ecdsa_signature(&[0x80; 64]).map(|der| der.len()), Some(72));
    }

    #[test]
    fn years_from_2050_on_are_written_in_full() {
        let at = DateTime::parse_from_rfc3339("2050-01-02T03:04:05Z").unwrap().to_utc();
        assert_eq!(&time(at)[2..], b"20500102030405Z");
        assert_eq!(&time(now())[2..], b"261122010203Z");
    }
}
