//! Vectors and keys made by others, from `../shared/data`.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use gost3410::{Curve, Signature, SigningKey, VerifyingKey, oid};
use pkcs8::{
    DecodePrivateKey,
    der::{Decode, DecodePem, Encode},
};
use serde_json::Value;
use signature::{Keypair, Verifier};
use spki::DecodePublicKey;
use streebog::{Digest, Streebog256, Streebog512};
use x509_cert::{Certificate, crl::CertificateList};

use crate::support::shared_data;

fn vectors() -> Option<Value> {
    let text = fs::read_to_string(shared_data()?.join("samples/gost_test_vectors.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn streebog_is_the_one_of_the_vectors() {
    let Some(vectors) = vectors() else { return };
    let rows = vectors["streebog"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let message = row["msg_ascii"].as_str().unwrap();
        assert_eq!(hex::encode(Streebog256::digest(message)), row["h256"]);
        assert_eq!(hex::encode(Streebog512::digest(message)), row["h512"]);
    }
}

/// A number of the vectors, to the width that curves print.
fn padded(text: &str, like: &str) -> String {
    format!("{text:0>width$}", width = like.len())
}

#[test]
fn curves_have_the_numbers_of_the_vectors() {
    let Some(vectors) = vectors() else { return };
    let rows = vectors["curves"].as_object().unwrap();
    let mut seen = 0;
    for (name, row) in rows {
        let named = |curve: &&Curve| {
            let dotted = curve.oid().to_string();
            name.split([' ', ')', ';']).any(|word| word == dotted)
        };
        let curves: Vec<_> = Curve::ALL.iter().filter(named).collect();
        assert!(!curves.is_empty(), "{name}");
        for curve in curves {
            let numbers = curve.parameters();
            for (field, ours) in [("b", numbers.b), ("q", numbers.q), ("x", numbers.x)] {
                assert_eq!(padded(row[field].as_str().unwrap(), ours), ours, "{name}");
            }
            assert_eq!(padded(row["y"].as_str().unwrap(), numbers.y), numbers.y, "{name}");
            // The prime and a of 512-A are written as formulas.
            if curve.size().bytes() == 32 {
                assert_eq!(row["p"], numbers.p);
                assert_eq!(row["a"], numbers.a);
            }
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

fn certificate(path: &Path) -> Certificate {
    let bytes = fs::read(path).unwrap();
    Certificate::from_der(&bytes).or_else(|_| Certificate::from_pem(&bytes)).unwrap()
}

fn public_key(certificate: &Certificate) -> VerifyingKey {
    let spki = certificate.tbs_certificate().subject_public_key_info().to_der().unwrap();
    VerifyingKey::from_public_key_der(&spki).unwrap()
}

/// RFC 9215, appendix: self-signed certificates and the lists that they sign.
#[test]
fn rfc9215_certificates_and_lists_verify() {
    let Some(folder) = shared_data() else { return };
    for (name, curve) in [("appendixA", "A-256"), ("appendixB", "B-256"), ("appendixC", "C-512")]
        .map(|(list, certificate)| (list, format!("appendix{certificate}.cer")))
    {
        let folder = folder.join("signatures/rfc9215");
        let certificate = certificate(&folder.join(curve));
        let key = public_key(&certificate);
        let signature = Signature::from_slice(certificate.signature().raw_bytes()).unwrap();
        let signed = certificate.tbs_certificate().to_der().unwrap();
        key.verify(&signed, &signature).unwrap();

        let list = fs::read(folder.join(name).with_extension("crl")).unwrap();
        let list: CertificateList = CertificateList::from_der(&list).unwrap();
        let signature = Signature::from_slice(list.signature.raw_bytes()).unwrap();
        key.verify(&list.tbs_cert_list.to_der().unwrap(), &signature).unwrap();
        assert_eq!(list.signature_algorithm.oid, signature.algorithm_oid());
    }
}

/// Private keys of the TC26 examples and of xmlsec belong to their certificates.
#[test]
fn private_keys_of_others_match_their_certificates() {
    let Some(folder) = shared_data() else { return };
    let folder = folder.join("signatures");
    let pairs = [
        ("tc26-cms/sender256_key.pem", "tc26-cms/sender256_cert.pem"),
        ("tc26-cms/sender512_key.pem", "tc26-cms/sender512_cert.pem"),
        ("tc26-cms/recipient256_key.pem", "tc26-cms/recipient256_cert.pem"),
        ("tc26-cms/recipient512_key.pem", "tc26-cms/recipient512_cert.pem"),
        ("xmlsec/gost-2012-256-key.pem", "xmlsec/gost-2012-256-cert.pem"),
        ("xmlsec/gost-2012-512-key.pem", "xmlsec/gost-2012-512-cert.pem"),
    ];
    for (key, cert) in pairs {
        let pem = fs::read_to_string(folder.join(key)).unwrap();
        let start = pem.find("-----BEGIN").unwrap();
        let signing = SigningKey::from_pkcs8_pem(&pem[start..]).unwrap();
        assert_eq!(signing.verifying_key(), public_key(&certificate(&folder.join(cert))), "{key}");
    }
}

/// GnuTLS keeps its keys in three of the forms: an INTEGER, masked, an OCTET STRING.
#[test]
fn gnutls_keys_are_read() {
    let Some(folder) = shared_data() else { return };
    for (name, curve) in [
        ("key-gost12-256.p8", Curve::CryptoProXchA),
        ("key-gost12-256-2.p8", Curve::CryptoProA),
        ("key-gost12-512.p8", Curve::Tc26_512B),
    ] {
        // Lines of any length, which the strict reader of PEM refuses.
        let pem = fs::read_to_string(folder.join("signatures/gnutls").join(name)).unwrap();
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(body).unwrap();
        assert_eq!(SigningKey::from_pkcs8_der(&der).unwrap().curve(), curve);
    }
}

#[test]
fn identifiers_are_those_of_the_certificates() {
    let Some(folder) = shared_data() else { return };
    let certificate = certificate(&folder.join("signatures/tc26-cms/sender256_cert.pem"));
    let algorithm = &certificate.tbs_certificate().subject_public_key_info().algorithm;
    assert_eq!(algorithm.oid, oid::GOST3410_2012_256);
    assert_eq!(certificate.signature_algorithm().oid, oid::SIGN_WITH_DIGEST_256);
}
