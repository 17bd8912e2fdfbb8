//! A request for a certificate (PKCS #10, RFC 2986) for a key that never leaves the device.

use super::cms::ECDSA_WITH_SHA_256;
use super::der::{self, tag};

/// OID 2.5.4.3, common name.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// OID 2.5.4.4, surname.
const SURNAME: &[u8] = &[0x55, 0x04, 0x04];
/// OID 2.5.4.42, given name (first name and patronymic, as the Russian profile has it).
const GIVEN_NAME: &[u8] = &[0x55, 0x04, 0x2a];

/// Whom the certificate is asked for. What the authority writes into it is its own decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub common_name: String,
    pub surname: String,
    pub given_name: String,
}

/// The part of a request that its signature covers: `CertificationRequestInfo`, DER.
/// `public_key` is a `SubjectPublicKeyInfo`, DER.
pub fn request_info(subject: &Subject, public_key: &[u8]) -> Vec<u8> {
    let part = |kind: &[u8], text: &str| {
        let pair = der::sequence(&[
            &der::tlv(tag::OID, kind),
            &der::tlv(tag::UTF8_STRING, text.as_bytes()),
        ]);
        der::tlv(tag::SET, &pair)
    };
    let name = der::sequence(&[
        &part(COMMON_NAME, &subject.common_name),
        &part(SURNAME, &subject.surname),
        &part(GIVEN_NAME, &subject.given_name),
    ]);
    der::sequence(&[&der::unsigned(&[0]), &name, public_key, &der::tlv(tag::context(0), &[])])
}

/// The whole request: `CertificationRequest`, DER. `signature` is the DER form of the ECDSA
/// pair over [`request_info`].
pub fn request(info: &[u8], signature: &[u8]) -> Vec<u8> {
    der::sequence(&[
        info,
        &der::sequence(&[&der::tlv(tag::OID, ECDSA_WITH_SHA_256)]),
        &der::bit_string(signature),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::fixture;

    #[test]
    fn openssl_accepts_the_request() {
        let request = fixture::certificate_request("Иванова Анна Петровна");
        let text = fixture::openssl_request_text(&request);
        assert!(text.contains("Иванова Анна Петровна"), "{text}");
        assert!(text.contains("id-ecPublicKey"), "{text}");
    }
}
