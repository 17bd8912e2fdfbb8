//! Broken signatures, each with one thing wrong, and each refused with the one right reason.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use signature::asn1::{Cursor, Oid, tag, write};
use signature::certificate::{Certificate, KeyUsage};
use signature::cms::SignedMessage;
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::issue::{CrlTemplate, Extension, NameBuilder};
use signature::key::SignatureScheme;
use signature::oid;
use signature::path::TrustStore;
use signature::report::{Level, Reason, Report};
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Crl, Evidence, OcspResponse, RevocationMode, RevocationReason};
use signature::sign::{RawSignedData, add_long_term, add_timestamp};
use signature::verify::{Options, Verifier};

use crate::pki::*;

/// Everything that a verification is given.
struct Case {
    signature: Vec<u8>,
    content: Option<Vec<u8>>,
    trust: TrustStore,
    evidence: Evidence,
    options: Options,
    at: DateTime<Utc>,
}

impl Case {
    /// A signature of which all is right.
    fn right(world: &World) -> Self {
        Self {
            signature: world.signed(),
            content: Some(CONTENT.to_vec()),
            trust: world.trust(),
            evidence: world.lists(),
            options: Options::default(),
            at: now(),
        }
    }

    fn of_person(world: &World, person: &Party) -> Self {
        Self { signature: sign(person), ..Self::right(world) }
    }

    fn verify(&self) -> Report {
        let verifier = Verifier {
            trust: &self.trust,
            evidence: &self.evidence,
            at: self.at,
            options: &self.options,
        };
        match SignedMessage::from_bytes(&self.signature) {
            Ok(message) => {
                let mut digests = message.needed_digests();
                digests.push(DigestAlgorithm::Streebog256);
                let content =
                    self.content.as_ref().map(|content| ContentDigests::of(&digests, content));
                verifier.verify(&message, content.as_ref())
            }
            Err(reason) => verifier.unreadable(reason),
        }
    }
}

/// Changes one octet of the only place where `part` occurs.
fn spoil(whole: &mut [u8], part: &[u8], offset: usize) {
    let places: Vec<_> =
        (0..=whole.len() - part.len()).filter(|p| whole[*p..].starts_with(part)).collect();
    assert_eq!(places.len(), 1, "the part must be there once");
    whole[places[0] + offset] ^= 1;
}

fn replace(whole: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut whole = whole.to_vec();
    let place = (0..=whole.len() - from.len()).find(|p| whole[*p..].starts_with(from)).unwrap();
    whole[place..place + to.len()].copy_from_slice(to);
    whole
}

/// A SignerInfo by the rules of the test and not of the library.
struct Attributes(Vec<Vec<u8>>);

impl Attributes {
    fn right(world: &World) -> Self {
        let digest = digest(world);
        let reference =
            signature::cades::EssCertId::signing_certificate_v2(digest, &world.person.certificate);
        Self(vec![
            write::attribute(oid::ID_CONTENT_TYPE, write::oid(oid::ID_DATA)),
            write::attribute(oid::ID_MESSAGE_DIGEST, write::octets(&digest.digest(CONTENT))),
            write::attribute(oid::ID_AA_SIGNING_CERTIFICATE_V2, reference),
        ])
    }

    fn without(mut self, oid: Oid) -> Self {
        self.0.retain(|attribute| Cursor::new(attribute).sequence().unwrap().oid().unwrap() != oid);
        self
    }

    fn with(mut self, oid: Oid, value: Vec<u8>) -> Self {
        self.0.push(write::attribute(oid, value));
        self
    }

    fn sign(self, world: &World) -> Vec<u8> {
        let digest = digest(world);
        let scheme = world.person.key.public_key().preferred_scheme();
        self.sign_with(world, scheme, digest, &scheme.to_der())
    }

    fn sign_with(
        self,
        world: &World,
        scheme: SignatureScheme,
        digest: DigestAlgorithm,
        algorithm: &[u8],
    ) -> Vec<u8> {
        let signed = write::set_of(self.0);
        let value = digest.digest(&signed);
        let signature = world.person.key.sign(scheme, &value, &mut rng()).unwrap();
        let attributes = write::retag(0xa0, &signed);
        message(world, &attributes, algorithm, &digest.to_der(), &signature, &[])
    }
}

/// Only what CMS demands.
pub fn without_reference(world: &World) -> Vec<u8> {
    Attributes::right(world).without(oid::ID_AA_SIGNING_CERTIFICATE_V2).sign(world)
}

fn by_digest(world: &World, digest: DigestAlgorithm, algorithm: Option<&[u8]>) -> Vec<u8> {
    let message_digest = write::octets(&digest.digest(CONTENT));
    let scheme = SignatureScheme::Ecdsa(digest);
    Attributes::right(world)
        .without(oid::ID_MESSAGE_DIGEST)
        .with(oid::ID_MESSAGE_DIGEST, message_digest)
        .sign_with(world, scheme, digest, algorithm.unwrap_or(&scheme.to_der()))
}

/// ECDSA with SHA-1.
pub fn by_sha1(world: &World) -> Vec<u8> {
    by_digest(world, DigestAlgorithm::Sha1, None)
}

/// SHA-256 as the digest, and ECDSA with SHA-384 as the signature.
pub fn contradicting(world: &World) -> Vec<u8> {
    let other = SignatureScheme::Ecdsa(DigestAlgorithm::Sha384).to_der();
    by_digest(world, DigestAlgorithm::Sha256, Some(&other))
}

/// The identifier of the key where that of the signature is expected.
pub fn by_key_algorithm(world: &World) -> Vec<u8> {
    let scheme = world.person.key.public_key().preferred_scheme();
    let key = write::algorithm(oid::ID_GOST3410_256, &[]);
    Attributes::right(world).sign_with(world, scheme, digest(world), &key)
}

/// Attributes in descending order.
pub fn unordered(world: &World, signed_as_written: bool) -> Vec<u8> {
    let mut parts = Attributes::right(world).0;
    parts.sort();
    let ordered = write::element(tag::SET, &parts.concat());
    parts.reverse();
    let written = write::element(tag::SET, &parts.concat());
    let digest = digest(world);
    let value = digest.digest(if signed_as_written { &written } else { &ordered });
    let scheme = world.person.key.public_key().preferred_scheme();
    let signature = world.person.key.sign(scheme, &value, &mut rng()).unwrap();
    let attributes = write::retag(0xa0, &written);
    message(world, &attributes, &scheme.to_der(), &digest.to_der(), &signature, &[])
}

fn digest(world: &World) -> DigestAlgorithm {
    world.person.key.public_key().preferred_scheme().digest()
}

/// A detached SignedData of the person from its parts.
fn message(
    world: &World,
    attributes: &[u8],
    scheme: &[u8],
    digest: &[u8],
    signature: &[u8],
    content: &[u8],
) -> Vec<u8> {
    let certificate = &world.person.certificate;
    let id = write::sequence(&[
        certificate.issuer().as_der(),
        &write::element(tag::INTEGER, certificate.serial()),
    ]);
    let info = write::sequence(&[
        &write::number(1),
        &id,
        digest,
        attributes,
        scheme,
        &write::octets(signature),
    ]);
    signed_data(digest, content, &[certificate.as_der()], &[info])
}

fn signed_data(
    digest: &[u8],
    content: &[u8],
    certificates: &[&[u8]],
    signers: &[Vec<u8>],
) -> Vec<u8> {
    let certificates = write::explicit(0, certificates);
    let data = write::sequence(&[
        &write::number(1),
        &write::set_of(vec![digest.to_vec()]),
        &write::sequence(&[&write::oid(oid::ID_DATA), content]),
        &certificates,
        &write::set_of(signers.to_vec()),
    ]);
    write::sequence(&[&write::oid(oid::ID_SIGNED_DATA), &write::explicit(0, &[&data])])
}

/// Signature value, attributes, structure.
fn signatures(world: &World) -> Vec<(&'static str, Case, Reason)> {
    let right = || Case::right(world);
    let signed = |attributes: Attributes| Case { signature: attributes.sign(world), ..right() };
    let attributes = || Attributes::right(world);
    let info = SignedMessage::from_bytes(&world.signed()).unwrap().signers.remove(0);
    let scheme = world.person.key.public_key().preferred_scheme();
    let mut cases = Vec::new();
    let mut add = |name, case, reason| cases.push((name, case, reason));

    let mut content = CONTENT.to_vec();
    content[3] ^= 1;
    add(
        "one bit of the document",
        Case { content: Some(content), ..right() },
        Reason::MessageDigestMismatch,
    );
    let longer = [CONTENT, b"\n"].concat();
    add("a line more", Case { content: Some(longer), ..right() }, Reason::MessageDigestMismatch);
    add("no document", Case { content: None, ..right() }, Reason::ContentMissing);
    let mut case = right();
    spoil(&mut case.signature, &info.signature, 5);
    add("one bit of the signature", case, Reason::SignatureMismatch);
    let mut case = right();
    let expected = digest(world).digest(CONTENT);
    spoil(&mut case.signature, &write::octets(&expected), 10);
    add("one bit of the signed digest", case, Reason::MessageDigestMismatch);
    let mut case = right();
    spoil(&mut case.signature, &write::time(day(18)), 7);
    add("the claimed time", case, Reason::SignatureMismatch);

    let other = write::oid(oid::ID_SIGNED_DATA);
    add(
        "another content type",
        signed(attributes().without(oid::ID_CONTENT_TYPE).with(oid::ID_CONTENT_TYPE, other)),
        Reason::ContentTypeMismatch,
    );
    add(
        "no content type",
        signed(attributes().without(oid::ID_CONTENT_TYPE)),
        Reason::ContentTypeMissing,
    );
    add(
        "no digest",
        signed(attributes().without(oid::ID_MESSAGE_DIGEST)),
        Reason::MessageDigestMissing,
    );
    add(
        "two digests",
        signed(attributes().with(oid::ID_MESSAGE_DIGEST, write::octets(&[0; 32]))),
        Reason::AttributesMalformed,
    );
    add(
        "a time that is none",
        signed(attributes().with(oid::ID_SIGNING_TIME, write::utf8("yesterday"))),
        Reason::AttributesMalformed,
    );
    let wrong = signature::cades::EssCertId::signing_certificate_v2(
        digest(world),
        &world.middle.certificate,
    );
    let v2 = oid::ID_AA_SIGNING_CERTIFICATE_V2;
    add(
        "a reference to another certificate",
        signed(attributes().without(v2).with(v2, wrong)),
        Reason::SigningCertificateMismatch,
    );
    let mut case = signed(attributes().without(v2));
    case.options.level = Some(Level::CadesBes);
    add("no reference where CAdES is demanded", case, Reason::LevelInsufficient);

    let attributes_of = |signature: &[u8]| {
        let mut info = Cursor::new(signature).sequence().unwrap();
        info.any().unwrap();
        let mut data = info.any().unwrap().inner().sequence().unwrap();
        data.any().unwrap();
        data.any().unwrap();
        data.any().unwrap();
        data.any().unwrap();
        let mut signer = data.set().unwrap().sequence().unwrap();
        signer.any().unwrap();
        signer.any().unwrap();
        signer.any().unwrap();
        signer.any().unwrap().raw.to_vec()
    };
    let moved = write::retag(tag::SET, &attributes_of(&world.signed()));
    let stripped =
        message(world, &[], &scheme.to_der(), &digest(world).to_der(), &info.signature, &[]);
    add(
        "attributes offered as the document",
        Case { signature: stripped.clone(), content: Some(moved.clone()), ..right() },
        Reason::AttributesAsContent,
    );
    let attached = write::explicit(0, &[&write::octets(&moved)]);
    let stripped =
        message(world, &[], &scheme.to_der(), &digest(world).to_der(), &info.signature, &attached);
    let only = Options { signature_only: true, ..Options::default() };
    add(
        "attributes inside, the signature alone",
        Case { signature: stripped, content: None, options: only, ..right() },
        Reason::AttributesAsContent,
    );

    let unknown = write::algorithm(oid::ID_MD5, &[]);
    let attribute_bytes = attributes_of(&world.signed());
    let with = |scheme: &[u8], digest: &[u8]| Case {
        signature: message(world, &attribute_bytes, scheme, digest, &info.signature, &[]),
        ..right()
    };
    add("an unknown digest", with(&scheme.to_der(), &unknown), Reason::DigestAlgorithmUnsupported);
    let own = digest(world).to_der();
    let strange = write::algorithm(Oid::new_unwrap("1.3.101.112"), &[]);
    add(
        "an unknown signature algorithm",
        with(&strange, &own),
        Reason::SignatureAlgorithmUnsupported,
    );
    let rsa = write::algorithm(oid::ID_RSA_SHA256, &write::null());
    add("the algorithm of another key", with(&rsa, &own), Reason::SignatureAlgorithmMismatch);
    let mut case = right();
    case.options.algorithms = vec!["rsa-pkcs1 sha-256".to_owned()];
    add("an algorithm that is not allowed", case, Reason::AlgorithmNotAllowed);

    let no_certificate = {
        let other = world.middle.certificate.as_der();
        signed_data(&own, &[], &[other], &[signer_of(&world.signed())])
    };
    add(
        "no certificate",
        Case { signature: no_certificate, ..right() },
        Reason::SignerCertificateMissing,
    );
    let nobody = signed_data(&own, &[], &[world.person.certificate.as_der()], &[]);
    add("no signer", Case { signature: nobody, ..right() }, Reason::NoSigners);
    let mut case = right();
    case.signature.truncate(case.signature.len() - 7);
    add("the end is missing", case, Reason::Malformed);
    let mut case = right();
    case.signature.push(0);
    add("something after the end", case, Reason::Malformed);
    let certificate = world.person.certificate.as_der().to_vec();
    add("a certificate", Case { signature: certificate, ..right() }, Reason::NotSignedData);
    let deep = [0x30, 0x80].repeat(100);
    let opened = [
        &[0x30, 0x80][..],
        &write::oid(oid::ID_SIGNED_DATA),
        &[0xa0, 0x80, 0x30, 0x80],
        &write::number(1),
        &deep,
    ]
    .concat();
    add("elements without end", Case { signature: opened, ..right() }, Reason::TooLarge);

    let signer =
        signature::sign::Signer::new(&world.person.key, &world.person.certificate).unwrap();
    let mut attached = Vec::new();
    signer.sign_attached(&mut &CONTENT[..], &mut attached, &mut rng()).unwrap();
    add(
        "another document inside",
        Case { signature: attached, content: Some(b"another".to_vec()), ..right() },
        Reason::ContentConflict,
    );
    let counter = counter_signed(world);
    add(
        "a wrong countersignature",
        Case { signature: counter, ..right() },
        Reason::CountersignatureMismatch,
    );
    cases
}

fn signer_of(signature: &[u8]) -> Vec<u8> {
    let mut info = Cursor::new(signature).sequence().unwrap();
    info.any().unwrap();
    let mut data = info.any().unwrap().inner().sequence().unwrap();
    let mut last = data.any().unwrap();
    while !data.is_empty() {
        last = data.any().unwrap();
    }
    last.value.to_vec()
}

/// A countersignature by the person, over something else.
fn counter_signed(world: &World) -> Vec<u8> {
    let mut raw = RawSignedData::from_bytes(&world.signed()).unwrap();
    let attribute = write::attribute(oid::ID_COUNTER_SIGNATURE, signer_of(&world.signed()));
    raw.add_unsigned(0, &[attribute]).unwrap();
    raw.to_der()
}

/// Certificates and chains.
fn paths(world: &World) -> Vec<(&'static str, Case, Reason)> {
    let kind = world.kind;
    let mut cases = Vec::new();
    let mut add = |name, case, reason| cases.push((name, case, reason));
    // Revocation is off here: the data of the world do not cover the parties made below.
    let case = |person: &Party, middle: &Certificate| {
        let mut case = Case::of_person(world, person);
        case.trust.intermediates = vec![middle.clone()];
        case.options.revocation = Some(RevocationMode::Off);
        case
    };
    let person = |extensions: Vec<Extension>,
                  change: fn(&mut signature::issue::CertificateTemplate)| {
        issue(&world.middle, key(kind, 30), person_name(), extensions, change)
    };
    let middle = |extensions: Vec<Extension>,
                  change: fn(&mut signature::issue::CertificateTemplate)| {
        let middle = issue(&world.root, key(kind, 31), name("Другой УЦ"), extensions, change);
        let person = issue(&middle, key(kind, 32), person_name(), signing_extensions(), |_| {});
        case(&person, &middle.certificate)
    };
    let own = &world.middle.certificate;

    let expired = person(signing_extensions(), |t| t.not_after = day(19));
    add("an expired certificate", case(&expired, own), Reason::CertificateExpired);
    let early = person(signing_extensions(), |t| t.not_before = day(21));
    add("a certificate of tomorrow", case(&early, own), Reason::CertificateNotYetValid);
    add(
        "an expired authority",
        middle(authority_extensions(None), |t| t.not_after = day(19)),
        Reason::IssuerExpired,
    );
    let mut lonely = Case::right(world);
    lonely.trust.intermediates.clear();
    add("an authority that is not at hand", lonely, Reason::IssuerUnknown);
    let mut stranger = Case::right(world);
    let other = World::new(if kind == Kind::P256 { Kind::P384 } else { Kind::P256 });
    stranger.trust.anchors = vec![other.person.certificate.clone()];
    add("another root", stranger, Reason::IssuerUnknown);

    let mut spoiled = world.person.certificate.as_der().to_vec();
    let place = spoiled.len() - 10;
    spoiled[place] ^= 1;
    let forged = Party {
        key: world.person.key.clone(),
        certificate: Certificate::from_der(&spoiled).unwrap(),
    };
    add("a forged certificate", case(&forged, own), Reason::CertificateSignatureMismatch);
    let inner = world.person.key.public_key().preferred_scheme().to_der();
    let outer = {
        let mut other = inner.clone();
        let last = other.len() - 1;
        other[last] ^= 1;
        other
    };
    let der = world.person.certificate.as_der();
    let place = (0..der.len()).rfind(|p| der[*p..].starts_with(&inner)).unwrap();
    let mut two = der.to_vec();
    two[place..place + outer.len()].copy_from_slice(&outer);
    let two_faced =
        Party { key: world.person.key.clone(), certificate: Certificate::from_der(&two).unwrap() };
    add("two algorithms", case(&two_faced, own), Reason::CertificateAlgorithmMismatch);

    let no_authority = vec![Extension::key_usage(KeyUsage::KEY_CERT_SIGN)];
    add("issued by no authority", middle(no_authority, |_| {}), Reason::NotAnAuthority);
    let no_signing =
        vec![Extension::basic_constraints(true, None), Extension::key_usage(KeyUsage::CRL_SIGN)];
    add("an authority that may not issue", middle(no_signing, |_| {}), Reason::IssuerKeyUsage);
    let below = issue(
        &world.middle,
        key(kind, 33),
        name("УЦ третьего ряда"),
        authority_extensions(None),
        |_| {},
    );
    let deep = issue(&below, key(kind, 34), person_name(), signing_extensions(), |_| {});
    let mut too_deep = case(&deep, own);
    too_deep.trust.intermediates.push(below.certificate);
    add("one authority too many", too_deep, Reason::PathLengthExceeded);

    let mut above = world.root.clone();
    let mut chain = Vec::new();
    for number in 0..16 {
        let next = name(&format!("УЦ {number}"));
        above = issue(&above, key(kind, 40 + number), next, authority_extensions(None), |_| {});
        chain.push(above.certificate.clone());
    }
    let far = issue(&above, key(kind, 60), person_name(), signing_extensions(), |_| {});
    let mut too_long = case(&far, own);
    too_long.trust.intermediates = chain;
    add("a chain without end", too_long, Reason::PathTooLong);

    let usage = |bits| vec![Extension::key_usage(bits)];
    let cannot = person(usage(1 << 2), |_| {});
    add("a key for encryption", case(&cannot, own), Reason::KeyUsageForbidsSigning);
    let server = Oid::new_unwrap("1.3.6.1.5.5.7.3.1");
    let purpose = vec![Extension::extended_key_usage(&[server], false)];
    add("a certificate of a server", case(&person(purpose, |_| {}), own), Reason::ExtendedKeyUsage);
    let period = write::sequence(&[&write::element(0x81, b"20261117120000Z")]);
    let old_key = vec![Extension::new(Oid::new_unwrap("2.5.29.16"), false, period)];
    add("a key past its time", case(&person(old_key, |_| {}), own), Reason::PrivateKeyPeriod);
    let strange = Extension::new(Oid::new_unwrap("1.2.643.99.1"), true, write::null());
    add(
        "an unknown critical extension",
        case(&person(vec![strange], |_| {}), own),
        Reason::UnknownCriticalExtension,
    );
    let base = NameBuilder::new().with(oid::ID_AT_COUNTRY, "BY").build().unwrap();
    let subtree = write::sequence(&[&write::explicit(4, &[base.as_der()])]);
    let constraints = write::sequence(&[&write::explicit(0, &[&subtree])]);
    let mut narrow = authority_extensions(None);
    narrow.push(Extension::new(oid::ID_CE_NAME_CONSTRAINTS, true, constraints));
    let bounded = issue(&world.root, key(kind, 35), name("УЦ одной страны"), narrow, |_| {});
    let outside = issue(&bounded, key(kind, 36), person_name(), signing_extensions(), |_| {});
    add("a name outside", case(&outside, &bounded.certificate), Reason::NameNotPermitted);
    let mut unqualified = case(&person(usage(1), |_| {}), own);
    unqualified.options.policies = vec![POLICY];
    add("no policy", unqualified, Reason::PolicyNotSatisfied);
    let mut other_policy = Case::right(world);
    other_policy.options.policies = vec![Oid::new_unwrap("1.2.643.100.113.6")];
    add("another policy", other_policy, Reason::PolicyRequired);

    let mut unknown = person(signing_extensions(), |_| {});
    let spki = unknown.key.public_key().to_spki_der();
    let broken = issue(&world.middle, key(kind, 30), person_name(), signing_extensions(), |t| {
        let last = t.public_key.len() - 1;
        t.public_key[last] ^= 1;
    });
    unknown.certificate = broken.certificate;
    let mut invalid = case(&world.person, own);
    invalid.signature = with_certificate(world, &unknown.certificate);
    assert_ne!(unknown.certificate.public_key().der, spki);
    add("a point off the curve", invalid, Reason::KeyInvalid);
    let ed25519 = issue(&world.middle, key(kind, 30), person_name(), signing_extensions(), |t| {
        let algorithm = write::algorithm(Oid::new_unwrap("1.3.101.112"), &[]);
        t.public_key = write::sequence(&[&algorithm, &write::bits(&[7; 32])]);
    });
    let mut unsupported = case(&world.person, own);
    unsupported.signature = with_certificate(world, &ed25519.certificate);
    add("a key of an unknown kind", unsupported, Reason::KeyUnsupported);
    cases
}

/// A message of the person that names and carries another certificate.
fn with_certificate(world: &World, certificate: &Certificate) -> Vec<u8> {
    let scheme = world.person.key.public_key().preferred_scheme();
    let reference = signature::cades::EssCertId::signing_certificate_v2(digest(world), certificate);
    let v2 = oid::ID_AA_SIGNING_CERTIFICATE_V2;
    let signed = write::set_of(Attributes::right(world).without(v2).with(v2, reference).0);
    let value = world.person.key.sign(scheme, &digest(world).digest(&signed), &mut rng()).unwrap();
    let id = write::sequence(&[
        certificate.issuer().as_der(),
        &write::element(tag::INTEGER, certificate.serial()),
    ]);
    let info = write::sequence(&[
        &write::number(1),
        &id,
        &digest(world).to_der(),
        &write::retag(0xa0, &signed),
        &scheme.to_der(),
        &write::octets(&value),
    ]);
    signed_data(&digest(world).to_der(), &[], &[certificate.as_der()], &[info])
}

/// Revocation lists and OCSP.
fn revocation(world: &World) -> Vec<(&'static str, Case, Reason)> {
    let mut cases = Vec::new();
    let mut add = |name, case, reason| cases.push((name, case, reason));
    let root_list = list(&world.root, &[]);
    let with = |second: Crl| Case {
        evidence: Evidence { crls: vec![root_list.clone(), second], ..Evidence::default() },
        ..Case::right(world)
    };
    let entry = |reason| revoked(&world.person.certificate, reason);
    let changed = |change: fn(&mut CrlTemplate)| {
        let mut template = list_template(&[]);
        change(&mut template);
        with(template.issue(&world.middle.authority(), &mut rng()).unwrap())
    };
    add(
        "a revoked certificate",
        with(list(&world.middle, &[entry(RevocationReason::KeyCompromise)])),
        Reason::CertificateRevoked,
    );
    add(
        "a suspended certificate",
        with(list(&world.middle, &[entry(RevocationReason::CertificateHold)])),
        Reason::CertificateSuspended,
    );
    let fallen = revoked(&world.middle.certificate, RevocationReason::CaCompromise);
    let lists = vec![list(&world.root, &[fallen]), list(&world.middle, &[])];
    add(
        "a revoked authority",
        Case { evidence: Evidence { crls: lists, ..Evidence::default() }, ..Case::right(world) },
        Reason::IssuerRevoked,
    );
    let delta = |base| {
        let template = CrlTemplate {
            number: 6,
            delta_base: Some(base),
            ..list_template(&[entry(RevocationReason::Unspecified)])
        };
        template.issue(&world.middle.authority(), &mut rng()).unwrap()
    };
    let mut newer = with(list(&world.middle, &[]));
    newer.evidence.crls.push(delta(5));
    add("revoked in a delta list", newer, Reason::CertificateRevoked);
    add("a delta list alone", with(delta(5)), Reason::RevocationUnknown);
    let mut missing = Case::right(world);
    missing.evidence.crls.truncate(1);
    add("no list", missing, Reason::RevocationUnknown);
    let mut unreadable = Case::right(world);
    unreadable.evidence.crls.truncate(1);
    unreadable.evidence.unreadable_crls = 1;
    add("a list that cannot be read", unreadable, Reason::CrlMalformed);
    add("an old list", changed(|t| t.next_update = day(19)), Reason::CrlExpired);
    add("a list of tomorrow", changed(|t| t.this_update = day(21)), Reason::CrlNotYetValid);
    let mut spoiled = list(&world.middle, &[]).as_der().to_vec();
    let place = spoiled.len() - 10;
    spoiled[place] ^= 1;
    add("a forged list", with(Crl::from_der(&spoiled).unwrap()), Reason::CrlSignatureMismatch);
    add(
        "an unknown critical extension of a list",
        changed(|t| {
            let strange = Oid::new_unwrap("1.2.643.99.2");
            t.extensions.push(Extension::new(strange, true, write::null()));
        }),
        Reason::CrlUnknownCriticalExtension,
    );
    add(
        "a list of authorities only",
        changed(|t| {
            let scope = write::sequence(&[&write::element(0x82, &[0xff])]);
            let oid = oid::ID_CE_ISSUING_DISTRIBUTION_POINT;
            t.extensions.push(Extension::new(oid, true, scope));
        }),
        Reason::CrlScope,
    );
    let extensions = vec![
        Extension::basic_constraints(true, None),
        Extension::key_usage(KeyUsage::KEY_CERT_SIGN),
    ];
    let silent =
        issue(&world.root, key(world.kind, 37), name("УЦ без списков"), extensions, |_| {});
    let person = issue(&silent, key(world.kind, 38), person_name(), signing_extensions(), |_| {});
    let mut not_allowed = Case::of_person(world, &person);
    not_allowed.trust.intermediates = vec![silent.certificate.clone()];
    not_allowed.evidence.crls = vec![root_list.clone(), list(&silent, &[])];
    add("a list by who may not", not_allowed, Reason::CrlIssuerNotAllowed);

    let asked = |response: OcspResponse| Case {
        evidence: Evidence { ocsp: vec![response], ..Evidence::default() },
        ..Case::right(world)
    };
    let status = CertStatus::Revoked { at: day(10), reason: RevocationReason::Superseded };
    add("revoked by OCSP", asked(world.answer(status)), Reason::CertificateRevoked);
    add("unknown to OCSP", asked(world.answer(CertStatus::Unknown)), Reason::OcspStatusUnknown);
    let about = &world.person.certificate;
    let good = CertStatus::Good;
    let old = answer(&world.responder, about, &world.middle, good.clone(), |t| {
        t.next_update = Some(day(19));
    });
    add("an old response", asked(old), Reason::OcspExpired);
    let early = answer(&world.responder, about, &world.middle, good.clone(), |t| {
        t.this_update = day(21);
    });
    add("a response of tomorrow", asked(early), Reason::OcspNotYetValid);
    let other =
        answer(&world.responder, &world.stamps.certificate, &world.middle, good.clone(), |_| {});
    add("about another certificate", asked(other), Reason::OcspOtherCertificate);
    let unauthorized = answer(&world.stamps, about, &world.middle, good.clone(), |_| {});
    add("by somebody else", asked(unauthorized), Reason::OcspResponderUnauthorized);
    let response = world.answer(good);
    let spoiled = {
        let der = response.as_der();
        let produced = write::generalized_time(day(19));
        replace(der, &produced, &write::generalized_time(day(18)))
    };
    let spoiled = OcspResponse::from_der(&spoiled).unwrap();
    add("a changed response", asked(spoiled), Reason::OcspSignatureMismatch);
    let refused = write::sequence(&[&write::enumerated(6)]);
    add("OCSP refuses", asked(OcspResponse::from_der(&refused).unwrap()), Reason::OcspUnsuccessful);
    let mut unreadable = Case::right(world);
    unreadable.evidence = Evidence { unreadable_ocsp: 1, ..Evidence::default() };
    add("a response that cannot be read", unreadable, Reason::OcspMalformed);
    cases
}

/// Time-stamps and long-term evidence.
fn stamps(world: &World) -> Vec<(&'static str, Case, Reason)> {
    let mut cases = Vec::new();
    let mut add = |name, case, reason| cases.push((name, case, reason));
    let signature = world.signed();
    let stamped = |party: &Party, time| {
        let mut service = Service { party, time };
        add_timestamp(&signature, 0, digest(world), &mut service).unwrap()
    };
    let case = |signature| Case { signature, ..Case::right(world) };
    add("a stamp of tomorrow", case(stamped(&world.stamps, day(21))), Reason::TimestampOrder);
    add(
        "a stamp by somebody else",
        case(stamped(&world.responder, day(18))),
        Reason::TimestampPurpose,
    );
    let other = World::new(if world.kind == Kind::P256 { Kind::Gost256 } else { Kind::P256 });
    let untrusted = issue(
        &other.person,
        key(world.kind, 39),
        name("Чужая служба"),
        vec![Extension::extended_key_usage(&[oid::ID_KP_TIME_STAMPING], true)],
        |_| {},
    );
    add("a stamp of strangers", case(stamped(&untrusted, day(18))), Reason::TimestampAuthority);
    let good = stamped(&world.stamps, day(18));
    let moved = write::generalized_time(day(18));
    let forged = replace(&good, &moved, &write::generalized_time(day(17)));
    add("a forged stamp", case(forged), Reason::TimestampSignatureMismatch);
    let foreign = RawSignedData::from_bytes(&good).unwrap().signer(0).unwrap();
    let token = foreign.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP).next().unwrap().to_vec();
    let with_attribute = |attribute: Vec<u8>| {
        let again = Attributes::right(world).with(oid::ID_SIGNING_TIME, write::time(day(17)));
        let mut raw = RawSignedData::from_bytes(&again.sign(world)).unwrap();
        raw.add_unsigned(0, &[attribute]).unwrap();
        case(raw.to_der())
    };
    let attribute = |value| write::attribute(oid::ID_AA_SIGNATURE_TIME_STAMP, value);
    add(
        "the stamp of another signature",
        with_attribute(attribute(token)),
        Reason::TimestampImprintMismatch,
    );
    add(
        "a stamp that is none",
        with_attribute(attribute(write::null())),
        Reason::TimestampMalformed,
    );
    let trust = world.trust();
    let lists = world.lists();
    let options = Options::default();
    let verifier = Verifier { trust: &trust, evidence: &lists, at: now(), options: &options };
    let mut service = Service { party: &world.stamps, time: day(19) };
    let long = add_long_term(&good, 0, digest(world), &verifier, &mut service).unwrap();
    let values = write::attribute(oid::ID_AA_ETS_CERT_VALUES, write::null());
    let mut broken = RawSignedData::from_bytes(&long).unwrap();
    broken.add_unsigned(0, &[values]).unwrap();
    add("values that are none", case(broken.to_der()), Reason::LongTermMalformed);
    let hash = digest(world).digest(world.root.certificate.as_der());
    let mut strange = long.clone();
    spoil(&mut strange, &write::octets(&hash), 9);
    let mut strange = case(strange);
    strange.at = now();
    // The references are under the second time-stamp too, which fails first.
    add("another reference", strange, Reason::TimestampImprintMismatch);
    let refs = signature::cades::references(
        digest(world),
        std::slice::from_ref(&other.root.certificate),
        &Evidence::default(),
    );
    let values = signature::cades::values(&[], &lists);
    let mut unfit = RawSignedData::from_bytes(&good).unwrap();
    unfit.add_unsigned(0, &[refs.to_vec(), values.to_vec()].concat()).unwrap();
    add("references to what is not there", case(unfit.to_der()), Reason::LongTermReference);
    let mut behind = case(long);
    behind.options.level = Some(Level::CadesXLongType1);
    assert!(behind.verify().is_valid(), "{:?}", behind.verify().reason);
    cases
}

/// Reasons that none of these gives, and where they are tested.
const ELSEWHERE: &[(Reason, &str)] = &[
    (
        Reason::SigningCertificateMissing,
        "a remark: levels::without_a_reference_it_is_cms_and_not_cades",
    ),
    (Reason::WeakDigest, "a remark: cases, and levels::weak_algorithms_are_remarked_on_or_refused"),
    (Reason::WeakKey, "a remark: cases (RFC 9215 uses curves for tests)"),
    (Reason::DigestAlgorithmMismatch, "levels::a_digest_that_contradicts_the_signature_algorithm"),
    (Reason::OcspNonceMismatch, "exchange::nonces"),
    (Reason::TimestampRefused, "exchange::a_service_that_refuses"),
    (Reason::TimestampNonce, "exchange::nonces"),
    (Reason::LongTermIncomplete, "exchange::long_term_needs_a_stamp"),
    (Reason::ArchiveIndexMalformed, "archive::every_protected_part_is_protected"),
    (Reason::ArchiveCertificate, "archive::every_protected_part_is_protected"),
    (Reason::ArchiveRevocation, "archive::every_protected_part_is_protected"),
    (Reason::ArchiveAttribute, "archive::every_protected_part_is_protected"),
];

#[test]
fn each_broken_signature_is_refused_for_its_reason() {
    let mut reasons = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for kind in [Kind::Gost256, Kind::P256] {
        let world = World::new(kind);
        let right = Case::right(&world).verify();
        assert!(right.is_valid(), "{kind:?}: {:?}", right.reason);
        let groups = [signatures(&world), paths(&world), revocation(&world), stamps(&world)];
        for (name, case, expected) in groups.into_iter().flatten() {
            count += 1;
            reasons.insert(expected);
            let report = case.verify();
            if report.is_valid() || report.reason != Some(expected) {
                wrong.push(format!("{kind:?} {name}: {:?} for {expected:?}", report.reason));
            }
        }
    }
    eprintln!("{count} broken signatures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    reasons.extend(ELSEWHERE.iter().map(|(reason, _)| *reason));
    let missing: Vec<_> = Reason::ALL.iter().filter(|reason| !reasons.contains(reason)).collect();
    assert!(missing.is_empty(), "no broken signature shows {missing:?}");
}
