//! Both directions with OpenSSL and its GOST engine: signatures, chains, revocation lists, OCSP,
//! time-stamps, key containers.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use signature::certificate::Certificate;
use signature::cms::SignedMessage;
use signature::container::{KeyContainer, Protection};
use signature::digest::{ContentDigests, DigestAlgorithm};
use signature::oid;
use signature::path::TrustStore;
use signature::pem;
use signature::report::{Level, Reason, Report};
use signature::revocation::ocsp::CertStatus;
use signature::revocation::{Crl, Evidence, OcspResponse};
use signature::sign::{RawSignedData, Signer, TimestampAuthority, add_timestamp};
use signature::verify::{Options, Verifier};

use crate::pki::{self, CONTENT, Kind, World, day, rng};

/// OpenSSL in a folder of its own, with the engine loaded by configuration alone: naming the
/// configuration a second time would load it twice, and every command would fail.
struct OpenSsl {
    folder: tempfile::TempDir,
}

impl OpenSsl {
    fn new() -> Self {
        let library = library().expect(
            "OpenSSL's gost engine is not installed: apt-get install openssl \
             libengine-gost-openssl (CABINET_GOST_ENGINE may name gost.so)",
        );
        let ssl = Self { folder: tempfile::tempdir().unwrap() };
        let configuration = format!(
            "openssl_conf = main\n[main]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
             engine_id = gost\ndynamic_path = {}\ndefault_algorithms = ALL\n\
             [req]\ndistinguished_name = dn\n[dn]\n\
             [tsa]\nserial = tsa.serial\ndefault_policy = 1.2.3\ndigests = sha256, sha384, \
             md_gost12_256, md_gost12_512\naccuracy = secs:1\ness_cert_id_alg = sha256\n",
            library.display()
        );
        ssl.write("openssl.cnf", configuration.as_bytes());
        ssl.write("document", CONTENT);
        ssl
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

    /// Runs a line in the folder; whether it succeeded, and what it said.
    fn run(&self, line: &str) -> (bool, String) {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(&self.folder)
            .env("OPENSSL_CONF", self.path("openssl.cnf"))
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    fn must(&self, line: &str) -> String {
        let (success, text) = self.run(line);
        assert!(success, "openssl {line}: {text}");
        text
    }

    fn certificates(&self, name: &str) -> Vec<Certificate> {
        let blocks = pem::blocks_or_der(&self.read(name)).unwrap();
        blocks.iter().map(|der| Certificate::from_der(der).unwrap()).collect()
    }
}

fn library() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CABINET_GOST_ENGINE") {
        return Some(path.into());
    }
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
    let files = folders.map(|folder| PathBuf::from(folder).join("engines-3/gost.so"));
    files.into_iter().find(|file| file.is_file())
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// How OpenSSL makes a key, and the digest that goes with it.
const KINDS: [(&str, &str); 5] = [
    ("gost2012_256 -pkeyopt paramset:A", "md_gost12_256"),
    ("gost2012_512 -pkeyopt paramset:A", "md_gost12_512"),
    ("rsa:2048", "sha256"),
    ("ec -pkeyopt ec_paramgen_curve:P-256", "sha256"),
    ("ec -pkeyopt ec_paramgen_curve:P-384", "sha384"),
];

/// An authority, a person and a time-stamp service of OpenSSL.
fn authority(key: &str, digest: &str) -> OpenSsl {
    let ssl = OpenSsl::new();
    ssl.must(&format!(
        "req -x509 -newkey {key} -nodes -keyout root.key -out root.pem -subj /CN=Root -days 30 \
         -{digest} -addext basicConstraints=critical,CA:TRUE \
         -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature \
         -addext subjectKeyIdentifier=hash"
    ));
    let extensions = [
        (
            "person",
            "keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\n",
        ),
        ("tsa", "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"),
    ];
    for (name, extension) in extensions {
        ssl.write("extensions", extension.as_bytes());
        ssl.must(&format!(
            "req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name} \
             -{digest}"
        ));
        ssl.must(&format!(
            "x509 -req -in {name}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 \
             -{digest} -extfile extensions -out {name}.pem"
        ));
    }
    ssl.write(
        "ca.cnf",
        format!(
            "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=crlnumber\n\
             default_md={digest}\ndefault_crl_days=5\n"
        )
        .as_bytes(),
    );
    ssl.write("index.txt", b"");
    ssl.write("index.txt.attr", b"unique_subject = no\n");
    ssl.write("crlnumber", b"01\n");
    ssl.write("tsa.serial", b"01\n");
    ssl
}

fn verify(ssl: &OpenSsl, signature: &[u8], attached: bool, evidence: &Evidence) -> Report {
    let trust = TrustStore { anchors: ssl.certificates("root.pem"), intermediates: vec![] };
    let options = Options::default();
    let verifier = Verifier { trust: &trust, evidence, at: now(), options: &options };
    let message = SignedMessage::from_bytes(signature).unwrap();
    let content = ContentDigests::of(&message.needed_digests(), CONTENT);
    verifier.verify(&message, (!attached).then_some(&content))
}

#[test]
fn openssl_signs_and_we_verify() {
    for (key, digest) in KINDS {
        let ssl = authority(key, digest);
        let sign = format!(
            "cms -sign -cades -binary -in document -signer person.pem -inkey person.key \
             -md {digest} -outform DER"
        );
        for (options, attached) in [
            ("", false),
            ("-keyid", false),
            ("-nodetach -stream", true),
            ("-nodetach -nosmimecap", true),
        ] {
            ssl.must(&format!("{sign} {options} -out signed"));
            let report = verify(&ssl, &ssl.read("signed"), attached, &Evidence::default());
            assert!(report.is_valid(), "{key} {options}: {:?}", report.reason);
            assert_eq!(report.level, Some(Level::CadesBes));
        }
        if key.starts_with("rsa") {
            ssl.must(&format!("{sign} -keyopt rsa_padding_mode:pss -out signed"));
            let report = verify(&ssl, &ssl.read("signed"), false, &Evidence::default());
            assert!(report.is_valid(), "pss: {:?}", report.reason);
        }
        ssl.must(
            "cms -sign -binary -noattr -in document -signer person.pem -inkey person.key \
             -outform DER -out signed",
        );
        let report = verify(&ssl, &ssl.read("signed"), false, &Evidence::default());
        assert!(report.is_valid(), "{key} without attributes: {:?}", report.reason);
        assert_eq!(report.level, Some(Level::Cms));
    }
}

#[test]
fn openssl_revokes_and_we_refuse() {
    for (key, digest) in KINDS {
        let ssl = authority(key, digest);
        ssl.must(&format!(
            "cms -sign -cades -binary -in document -signer person.pem -inkey person.key \
             -md {digest} -outform DER -out signed"
        ));
        let signed = ssl.read("signed");
        let list = || {
            ssl.must("ca -config ca.cnf -gencrl -keyfile root.key -cert root.pem -out list.pem");
            let der = pem::blocks_or_der(&ssl.read("list.pem")).unwrap().remove(0);
            Evidence { crls: vec![Crl::from_der(&der).unwrap()], ..Evidence::default() }
        };
        let answer = || {
            ssl.must(&format!(
                "ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key \
                 -rmd {digest} -issuer root.pem -cert person.pem -ndays 3 -no_nonce \
                 -noverify -respout answer"
            ));
            let response = OcspResponse::from_der(&ssl.read("answer")).unwrap();
            Evidence { ocsp: vec![response], ..Evidence::default() }
        };
        let person = ssl.certificates("person.pem").remove(0);
        let until = person.not_after().format("%y%m%d%H%M%SZ");
        let line = format!("V\t{until}\t\t{}\tunknown\t/CN=person\n", person.serial_hex());
        ssl.write("index.txt", line.as_bytes());
        for evidence in [list(), answer()] {
            let report = verify(&ssl, &signed, false, &evidence);
            assert!(report.is_valid(), "{key}: {:?}", report.reason);
        }
        ssl.must(
            "ca -config ca.cnf -keyfile root.key -cert root.pem -revoke person.pem \
             -crl_reason keyCompromise",
        );
        for evidence in [list(), answer()] {
            let report = verify(&ssl, &signed, false, &evidence);
            assert_eq!(report.reason, Some(Reason::CertificateRevoked), "{key}");
        }
    }
}

/// OpenSSL's time-stamp service.
struct Stamps<'a>(&'a OpenSsl, &'a str);

impl TimestampAuthority for Stamps<'_> {
    fn stamp(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let Self(ssl, digest) = self;
        ssl.write("query", request);
        ssl.must(&format!(
            "ts -reply -section tsa -queryfile query -signer tsa.pem -inkey tsa.key -{digest} \
             -out reply"
        ));
        Ok(ssl.read("reply"))
    }

    fn nonce(&mut self) -> [u8; 8] {
        [9, 8, 7, 6, 5, 4, 3, 2]
    }
}

#[test]
fn openssl_stamps_and_we_believe() {
    for (key, digest) in KINDS {
        let ssl = authority(key, digest);
        ssl.must(&format!(
            "cms -sign -cades -binary -in document -signer person.pem -inkey person.key \
             -md {digest} -outform DER -out signed"
        ));
        let message = SignedMessage::from_bytes(&ssl.read("signed")).unwrap();
        let digest_algorithm = message.needed_digests()[0];
        let mut service = Stamps(&ssl, digest);
        let stamped =
            add_timestamp(&ssl.read("signed"), 0, digest_algorithm, &mut service).unwrap();
        let report = verify(&ssl, &stamped, false, &Evidence::default());
        assert!(report.is_valid(), "{key}: {:?}", report.reason);
        assert_eq!(report.level, Some(Level::CadesT));
        // OpenSSL reads the message that was rewritten.
        ssl.write("stamped", &stamped);
        ssl.must(
            "cms -verify -cades -binary -inform DER -in stamped -content document \
             -CAfile root.pem -purpose any -out out",
        );
    }
}

#[test]
fn containers_of_openssl() {
    for (key, digest) in KINDS {
        let ssl = authority(key, digest);
        let gost = digest.starts_with("md_gost");
        let variants: &[&str] = if gost {
            &[
                "-keypbe gost89 -certpbe gost89 -macalg md_gost12_256",
                "-keypbe gost89 -certpbe gost89 -macalg md_gost12_512",
                "-keypbe gost89 -certpbe gost89 -macalg md_gost94",
                // The engine's Magma changes keys sooner than RFC 9337 says, after a kilobyte.
                "-keypbe magma-ctr-acpkm -certpbe kuznyechik-ctr-acpkm -macalg md_gost12_256",
                "-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
                "-keypbe NONE -certpbe NONE -macalg md_gost12_512",
            ]
        } else {
            &[
                "",
                "-macalg sha512",
                "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
                "-keypbe AES-128-CBC -certpbe NONE -nomac",
                "-descert -legacy",
            ]
        };
        for variant in variants {
            let (made, text) = ssl.run(&format!(
                "pkcs12 -export -inkey person.key -in person.pem -certfile root.pem -name Person \
                 -passout pass:secret {variant} -out key.pfx"
            ));
            assert!(made, "{key} {variant}: {text}");
            let opened = KeyContainer::from_pfx(&ssl.read("key.pfx"), "secret");
            let opened = opened.unwrap_or_else(|error| panic!("{key} {variant}: {error}"));
            let (_, certificate, others) = opened.identity().unwrap();
            assert_eq!(certificate, &ssl.certificates("person.pem")[0]);
            assert_eq!(others, ssl.certificates("root.pem"));
            assert_eq!(opened.keys[0].name.as_deref(), Some("Person"));
            if !variant.contains("nomac") {
                assert!(KeyContainer::from_pfx(&ssl.read("key.pfx"), "wrong").is_err());
            }
        }
    }
}

/// The other direction: a world of our own in files.
fn ours(kind: Kind) -> (OpenSsl, World) {
    let ssl = OpenSsl::new();
    let world = World::new(kind);
    for (name, party) in [
        ("root", &world.root),
        ("middle", &world.middle),
        ("person", &world.person),
        ("responder", &world.responder),
    ] {
        let text = pem::encode("CERTIFICATE", party.certificate.as_der());
        ssl.write(&format!("{name}.pem"), text.as_bytes());
    }
    (ssl, world)
}

#[test]
fn we_sign_and_openssl_verifies() {
    let at = pki::now().timestamp();
    for kind in [Kind::Gost256, Kind::Gost512, Kind::P256, Kind::P384] {
        let (ssl, world) = ours(kind);
        let chain = [world.middle.certificate.clone()];
        let mut signer = Signer::new(&world.person.key, &world.person.certificate).unwrap();
        signer.chain = &chain;
        let digests = ContentDigests::of(&[signer.digest()], CONTENT);
        ssl.write("signed", &signer.sign_detached(&digests, &mut rng()).unwrap());
        let verify = |content: &str| {
            format!(
                "cms -verify -cades -binary -inform DER -in signed {content} -CAfile root.pem \
                 -attime {at} -out out"
            )
        };
        ssl.must(&verify("-content document"));
        ssl.write("other", b"other");
        assert!(!ssl.run(&verify("-content other")).0);
        let mut attached = Vec::new();
        signer.sign_attached(&mut &CONTENT[..], &mut attached, &mut rng()).unwrap();
        ssl.write("signed", &attached);
        ssl.must(&verify(""));
        assert_eq!(ssl.read("out"), CONTENT);
    }
}

#[test]
fn we_issue_and_openssl_accepts() {
    for kind in [Kind::Gost256, Kind::Gost512, Kind::P256, Kind::P384] {
        let (ssl, world) = ours(kind);
        let list = &world.lists().crls[1];
        ssl.write("list.pem", pem::encode("X509 CRL", list.as_der()).as_bytes());
        let root_list = &world.lists().crls[0];
        ssl.write("root-list.pem", pem::encode("X509 CRL", root_list.as_der()).as_bytes());
        let at = pki::now().timestamp();
        ssl.must(&format!(
            "verify -attime {at} -CAfile root.pem -untrusted middle.pem -crl_check_all \
             -CRLfile list.pem -CRLfile root-list.pem -x509_strict person.pem"
        ));
        ssl.write("answer", world.answer(CertStatus::Good).as_der());
        // `-attime` is not for the dates of the answer itself.
        let ever = 50 * 365 * 86_400;
        let (_, text) = ssl.run(&format!(
            "ocsp -respin answer -issuer middle.pem -cert person.pem -CAfile root.pem \
             -verify_other middle.pem -attime {at} -no_nonce -validity_period {ever}"
        ));
        assert!(text.contains("Response verify OK") && text.contains("person.pem: good"), "{text}");

        let mut service = pki::Service { party: &world.stamps, time: day(18) };
        let digest = world.person.key.public_key().preferred_scheme().digest();
        let stamped = add_timestamp(&world.signed(), 0, digest, &mut service).unwrap();
        let signer = RawSignedData::from_bytes(&stamped).unwrap().signer(0).unwrap();
        let token = signer.unsigned.values(oid::ID_AA_SIGNATURE_TIME_STAMP).next().unwrap();
        ssl.write("token", token);
        ssl.write("value", &signer.signature);
        ssl.must(&format!(
            "ts -verify -data value -in token -token_in -CAfile root.pem -untrusted middle.pem \
             -attime {at}"
        ));
    }
}

#[test]
fn openssl_opens_our_containers() {
    for (kind, protection) in [
        (Kind::P256, Protection::Aes),
        (Kind::Gost256, Protection::Aes),
        (Kind::Gost256, Protection::Gost),
        (Kind::Gost512, Protection::Gost),
    ] {
        let (ssl, world) = ours(kind);
        let container =
            KeyContainer::new(world.person.key.clone(), vec![world.person.certificate.clone()]);
        ssl.write("key.pfx", &container.to_pfx("secret", protection, &mut rng()).unwrap());
        let text = ssl.must("pkcs12 -in key.pfx -passin pass:secret -nodes");
        assert!(text.contains("BEGIN PRIVATE KEY") && text.contains("BEGIN CERTIFICATE"), "{text}");
        assert!(!ssl.run("pkcs12 -in key.pfx -passin pass:wrong -nodes").0);
    }
}

/// Digests, byte for byte.
#[test]
fn digests_agree() {
    let ssl = OpenSsl::new();
    for (algorithm, name) in [
        (DigestAlgorithm::Streebog256, "md_gost12_256"),
        (DigestAlgorithm::Streebog512, "md_gost12_512"),
        (DigestAlgorithm::Sha384, "sha384"),
    ] {
        for size in [0usize, 1, 63, 64, 65, 4097] {
            let content = vec![0xa5; size];
            ssl.write("content", &content);
            ssl.must(&format!("dgst -{name} -binary -out digest content"));
            assert_eq!(ssl.read("digest"), algorithm.digest(&content), "{name} of {size}");
        }
    }
}
