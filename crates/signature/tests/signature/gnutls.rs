//! Both directions with GnuTLS (`certtool`), an implementation of GOST that shares nothing with
//! OpenSSL's engine: certificates, signatures, key containers.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::{KeyContainer, Protection, encrypt_pkcs8};
use signature::digest::ContentDigests;
use signature::issue::{Authority, CertificateTemplate};
use signature::key::PrivateKey;
use signature::path::TrustStore;
use signature::pem;
use signature::report::{Reason, Report};
use signature::revocation::Evidence;
use signature::sign::Signer;
use signature::verify::{Options, Verifier};

use crate::pki::{self, CONTENT, Kind, Party, rng};

struct GnuTls {
    folder: tempfile::TempDir,
}

impl GnuTls {
    fn new() -> Self {
        let tls = Self { folder: tempfile::tempdir().unwrap() };
        tls.write("document", CONTENT);
        tls
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn run(&self, line: &str) -> (bool, String) {
        let output = Command::new("certtool")
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .expect("GnuTLS is not installed: apt-get install gnutls-bin");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    fn must(&self, line: &str) -> String {
        let (success, text) = self.run(line);
        assert!(success, "certtool {line}: {text}");
        text
    }

    fn certificate(&self, name: &str) -> Certificate {
        Certificate::from_der(&pem::blocks_or_der(&self.read(name)).unwrap()[0]).unwrap()
    }
}

/// How GnuTLS makes a key, and the digest that goes with it.
const KINDS: [(&str, &str); 2] = [
    ("gost12-256 --curve CryptoPro-A", "streebog-256"),
    ("gost12-512 --curve TC26-512-A", "streebog-512"),
];

/// An authority and a person of GnuTLS.
fn authority(key: &str, digest: &str) -> GnuTls {
    let tls = GnuTls::new();
    tls.write("root.cfg", b"cn = Root\nserial = 1\nexpiration_days = 30\nca\ncert_signing_key\n");
    tls.write("person.cfg", b"cn = Person\nserial = 2\nexpiration_days = 10\nsigning_key\n");
    for name in ["root", "person"] {
        tls.must(&format!("--generate-privkey --key-type {key} --no-text --outfile {name}.key"));
    }
    tls.must(&format!(
        "--generate-self-signed --load-privkey root.key --template root.cfg --hash {digest} \
         --outfile root.pem"
    ));
    tls.must(&format!(
        "--generate-certificate --load-privkey person.key --load-ca-privkey root.key \
         --load-ca-certificate root.pem --template person.cfg --hash {digest} \
         --outfile person.pem"
    ));
    tls
}

fn verify(tls: &GnuTls, content: &[u8]) -> Report {
    let trust = TrustStore {
        anchors: vec![tls.certificate("root.pem")],
        intermediates: vec![tls.certificate("person.pem")],
    };
    let (options, evidence) = (Options::default(), Evidence::default());
    let at = SystemTime::now().into();
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let message = SignedMessage::from_bytes(&tls.read("signed")).unwrap();
    let digests = ContentDigests::of(&message.needed_digests(), content);
    verifier.verify(&message, message.attached.is_none().then_some(&digests))
}

#[test]
fn gnutls_signs_and_we_verify() {
    for (key, digest) in KINDS {
        let tls = authority(key, digest);
        for options in ["--p7-detached-sign", "--p7-detached-sign --p7-time", "--p7-sign --p7-time"]
        {
            tls.must(&format!(
                "{options} --load-privkey person.key --load-certificate person.pem \
                 --infile document --outder --outfile signed"
            ));
            let report = verify(&tls, CONTENT);
            assert!(report.is_valid(), "{key} {options}: {:?}", report.reason);
            let reason = verify(&tls, b"other").reason;
            let expected = match options {
                "--p7-detached-sign" => Some(Reason::SignatureMismatch),
                "--p7-detached-sign --p7-time" => Some(Reason::MessageDigestMismatch),
                _ => None,
            };
            assert_eq!(reason, expected, "{key} {options}");
        }
    }
}

/// One container: `certtool` asks for 600 000 rounds of Streebog three times.
#[test]
fn a_container_of_gnutls() {
    let (key, digest) = KINDS[0];
    let tls = authority(key, digest);
    tls.must(
        "--to-p12 --load-privkey person.key --load-certificate person.pem --p12-name Person \
         --password secret --pkcs-cipher gost28147-tc26z --outder --outfile key.pfx",
    );
    let opened = KeyContainer::from_pfx(&tls.read("key.pfx"), "secret").unwrap();
    let (_, certificate, _) = opened.identity().unwrap();
    assert_eq!(certificate, &tls.certificate("person.pem"));
    assert_eq!(opened.keys[0].name.as_deref(), Some("Person"));
}

/// A root and a person under it, valid today: `certtool` judges by the clock.
fn today(kind: Kind) -> [Party; 2] {
    let now = chrono::DateTime::<chrono::Utc>::from(SystemTime::now());
    let issue = |subject: &str, key: &PrivateKey, by: &Authority<'_>, extensions| {
        let mut template = pki::template(pki::name(subject), key, extensions);
        template.not_before = now - chrono::TimeDelta::days(1);
        template.not_after = now + chrono::TimeDelta::days(10);
        Party { key: key.clone(), certificate: template.issue(by, &mut rng()).unwrap() }
    };
    let [root, person] = [1, 3].map(|seed| pki::key(kind, seed));
    let identifier = CertificateTemplate::key_identifier(&root.public_key());
    let own = Authority::new(&root, pki::name("Корневой УЦ"), identifier);
    let root = issue("Корневой УЦ", &root, &own, pki::authority_extensions(None));
    let person = issue("Ветрова", &person, &root.authority(), pki::signing_extensions());
    [root, person]
}

#[test]
fn gnutls_takes_what_we_make() {
    for kind in [Kind::Gost256, Kind::Gost512, Kind::P256] {
        let tls = GnuTls::new();
        let [root, person] = today(kind);
        for (name, party) in [("root.pem", &root), ("person.pem", &person)] {
            let text = pem::encode("CERTIFICATE", party.certificate.as_der());
            tls.write(name, text.as_bytes());
        }
        let found = tls.must("--verify --load-ca-certificate root.pem --infile person.pem");
        assert!(found.contains("The certificate is trusted"), "{kind:?}: {found}");

        let signer = Signer::new(&person.key, &person.certificate).unwrap();
        let digests = ContentDigests::of(&[signer.digest()], CONTENT);
        tls.write("signed", &signer.sign_detached(&digests, &mut rng()).unwrap());
        tls.write("other", b"other");
        let accepted = |content: &str| {
            tls.run(&format!(
                "--p7-verify --load-ca-certificate root.pem --inder --infile signed \
                 --load-data {content}"
            ))
        };
        let (verified, found) = accepted("document");
        assert!(verified, "{kind:?}: {found}");
        assert!(!accepted("other").0, "{kind:?}");

        let container = KeyContainer::new(person.key.clone(), vec![person.certificate.clone()]);
        let pfx = container.to_pfx("secret", Protection::Aes, &mut rng()).unwrap();
        tls.write("key.pfx", &pfx);
        let info = "--p12-info --inder --infile key.pfx --password";
        let found = tls.must(&format!("{info} secret"));
        assert!(found.contains("BEGIN CERTIFICATE"), "{found}");
        assert!(!tls.run(&format!("{info} wrong")).0);
        // The key in PKCS #8 signs.
        let key = encrypt_pkcs8(&person.key, "secret", Protection::Aes, &mut rng()).unwrap();
        tls.write("key.pem", pem::encode("ENCRYPTED PRIVATE KEY", &key).as_bytes());
        tls.must(
            "--p7-detached-sign --load-privkey key.pem --password secret \
             --load-certificate person.pem --infile document --outder --outfile signed",
        );
        let report = verify(&tls, CONTENT);
        assert!(report.is_valid(), "{kind:?}: {:?}", report.reason);
    }
}
