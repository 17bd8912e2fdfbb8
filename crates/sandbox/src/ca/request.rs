//! Certificate requests, PKCS#10 (RFC 2986).

use base64::{Engine, prelude::BASE64_STANDARD};
use der::oid::ObjectIdentifier;
use der::{Decode, DecodePem, Encode};
use p256::ecdsa::{DerSignature, VerifyingKey, signature::Verifier};
use spki::DecodePublicKey;
use x509_cert::request::CertReq;

use crate::refusal::Refusal;

/// `ecdsa-with-SHA256`, RFC 5758 section 3.2.
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// The public key (SubjectPublicKeyInfo, DER) of a request given as PEM or as base64 of DER, after its own signature proved
/// that the applicant holds the private key.
pub(super) fn public_key(csr: &str) -> Result<Vec<u8>, Refusal> {
    let wrong = |what: &str| {
        Refusal::invalid(
            "csr",
            what,
            "a PKCS#10 request with an ECDSA P-256 key, signed by it with ecdsa-with-SHA256, as \
             PEM or as base64 of DER",
        )
    };
    let csr = csr.trim();
    let request = if csr.starts_with("-----BEGIN") {
        CertReq::from_pem(csr).map_err(|_| wrong("not a PEM of a PKCS#10 request"))?
    } else {
        let der = BASE64_STANDARD.decode(csr).map_err(|_| wrong("neither PEM nor base64"))?;
        CertReq::from_der(&der).map_err(|_| wrong("not DER of a PKCS#10 request"))?
    };
    if request.algorithm.oid != ECDSA_WITH_SHA256 {
        return Err(wrong("another signature algorithm"));
    }
    let unusable = || wrong("the public key is not a P-256 key");
    let info = request.info.public_key.to_der().map_err(|_| unusable())?;
    let key = VerifyingKey::from_public_key_der(&info).map_err(|_| unusable())?;
    let signed = request.info.to_der().map_err(|_| wrong("not DER of a PKCS#10 request"))?;
    let signature = DerSignature::from_bytes(request.signature.raw_bytes())
        .map_err(|_| wrong("the signature is not an ECDSA-Sig-Value"))?;
    key.verify(&signed, &signature).map_err(|_| wrong("the request's own signature is wrong"))?;
    Ok(info)
}
