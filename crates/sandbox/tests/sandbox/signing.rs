//! A participant's signer: a key, its certificate of the sandbox's authority, CMS signatures, and
//! envelopes around signed documents.

use base64::{Engine, prelude::*};
use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo,
        SignerInfos,
    },
};
use der::{
    Any, Decode, DecodePem, Encode,
    asn1::{BitString, ObjectIdentifier, OctetString, SetOfVec},
};
use p256::{
    ecdsa::{DerSignature, SigningKey, signature::Signer as _},
    elliptic_curve::Generate,
};
use rand::rngs::SysRng;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use uuid::Uuid;
use x509_cert::{
    Certificate,
    attr::{Attribute, Attributes},
    name::Name,
    request::{CertReq, CertReqInfo, Version},
};

use crate::common::World;

const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// A key and its certificate.
pub struct Signer {
    key: SigningKey,
    pub certificate: Certificate,
    pub serial: String,
}

/// A PKCS#10 request with a new key, as base64 of DER.
pub fn request() -> (SigningKey, String) {
    let key = SigningKey::try_generate_from_rng(&mut SysRng).unwrap();
    let info = CertReqInfo {
        version: Version::V1,
        subject: Name::default(),
        public_key: SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).unwrap(),
        attributes: Attributes::default(),
    };
    let signature: DerSignature = key.sign(&info.to_der().unwrap());
    let request = CertReq {
        info,
        algorithm: algorithm(ECDSA_WITH_SHA256),
        signature: BitString::from_bytes(signature.as_bytes()).unwrap(),
    };
    let csr = BASE64_STANDARD.encode(request.to_der().unwrap());
    (key, csr)
}

impl Signer {
    /// Asks the sandbox's authority for a certificate.
    pub async fn new(world: &World, person: u64, organisation_inn: Option<&str>) -> Self {
        let (key, csr) = request();
        let ask = json!({ "csr": csr, "person": person, "organisation_inn": organisation_inn });
        let response = world.post_json("/ca/certificates", ask).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let issued: Value = response.json().await.unwrap();
        let pem = issued["certificate_pem"].as_str().unwrap();
        Self {
            key,
            certificate: Certificate::from_pem(pem).unwrap(),
            serial: issued["serial"].as_str().unwrap().to_owned(),
        }
    }

    /// DER of a detached signature over `document`.
    pub fn sign(&self, document: &[u8]) -> Vec<u8> {
        let attribute =
            |oid, value: Any| Attribute { oid, values: SetOfVec::try_from([value]).unwrap() };
        let digest = OctetString::new(Sha256::digest(document).to_vec()).unwrap();
        let attributes: Attributes = SetOfVec::try_from(vec![
            attribute(CONTENT_TYPE, Any::encode_from(&DATA).unwrap()),
            attribute(MESSAGE_DIGEST, Any::encode_from(&digest).unwrap()),
        ])
        .unwrap();
        let signature: DerSignature = self.key.sign(&attributes.to_der().unwrap());
        let tbs = self.certificate.tbs_certificate();
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer().clone(),
                serial_number: tbs.serial_number().clone(),
            }),
            digest_alg: algorithm(SHA_256),
            signed_attrs: Some(attributes),
            signature_algorithm: algorithm(ECDSA_WITH_SHA256),
            signature: OctetString::new(signature.as_bytes().to_vec()).unwrap(),
            unsigned_attrs: None,
        };
        let certificate = CertificateChoices::Certificate(self.certificate.clone());
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from([algorithm(SHA_256)]).unwrap(),
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(CertificateSet::try_from(vec![certificate]).unwrap()),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer]).unwrap(),
        };
        let content = Any::from_der(&data.to_der().unwrap()).unwrap();
        ContentInfo { content_type: SIGNED_DATA, content }.to_der().unwrap()
    }
}

/// A message to customs.
pub struct Message {
    pub id: Uuid,
    pub relates_to: Option<String>,
    pub inn: &'static str,
    pub mode_id: &'static str,
    pub document: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Message {
    pub fn envelope(&self) -> String {
        let relates = self.relates_to.as_ref();
        let relates = relates.map(|id| format!("<m:RelatesTo>{id}</m:RelatesTo>"));
        let signature = if self.signature.is_empty() {
            String::new()
        } else {
            format!(
                "<m:Signature encoding=\"base64\">{}</m:Signature>",
                BASE64_STANDARD.encode(&self.signature)
            )
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope \
             xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:m=\"urn:cabinet:eais:exchange:1\"><soap:Header><m:Message>\
             <m:MessageID>{}</m:MessageID>{}<m:SenderID>CABINET</m:SenderID>\
             <m:ReceiverID>EAIS</m:ReceiverID><m:ParticipantINN>{}</m:ParticipantINN>\
             <m:DocumentModeID>{}</m:DocumentModeID>\
             <m:Prepared>2026-11-10T12:00:00+03:00</m:Prepared></m:Message></soap:Header>\
             <soap:Body><m:Document encoding=\"base64\">{}</m:Document>{signature}</soap:Body>\
             </soap:Envelope>",
            self.id,
            relates.unwrap_or_default(),
            self.inn,
            self.mode_id,
            BASE64_STANDARD.encode(&self.document),
        )
    }

    pub async fn send(&self, world: &World) -> Response {
        let url = format!("{}/eais/exchange/in", world.url);
        world.http.post(url).body(self.envelope()).send().await.unwrap()
    }
}
