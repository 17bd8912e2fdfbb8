//! What `cabinet-sign` gets from services: revocation data on demand, and time-stamps over TLS;
//! against servers of the test itself.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use signature::issue::{Extension, OcspRequest, RevokedEntry};
use signature::pem;
use signature::report::{EvidenceKind, Reason, Report};
use signature::revocation::RevocationReason;
use signature::revocation::ocsp::CertStatus;
use signature::sign::TimestampAuthority;

use crate::pki::*;

/// What a server answers to a path and a body; nothing: 404.
pub type Answers = Box<dyn Fn(&str, &[u8]) -> Option<Vec<u8>> + Send>;

/// A server for the length of the test: its address, and the paths that were asked.
pub fn serve(
    answers: Answers,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let (asked, log) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let path = match &tls {
                Some(tls) => {
                    let connection = rustls::ServerConnection::new(tls.clone()).unwrap();
                    converse(&mut rustls::StreamOwned::new(connection, stream), &answers)
                }
                None => converse(&mut stream, &answers),
            };
            if let Some(path) = path {
                let _ = asked.send(path);
            }
        }
    });
    (url, log)
}

/// One request; its path.
fn converse(stream: &mut (impl Read + Write), answers: &Answers) -> Option<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let (path, body) = loop {
        let size = stream.read(&mut buffer).ok().filter(|size| *size > 0)?;
        request.extend_from_slice(&buffer[..size]);
        let Some(end) = request.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        if request.len() >= end + 4 + length {
            let path = head.split(' ').nth(1).unwrap().to_owned();
            break (path, request[end + 4..].to_vec());
        }
    };
    let (status, content) = match answers(&path, &body) {
        Some(content) => ("200 OK", content),
        None => ("404 Not Found", Vec::new()),
    };
    let length = content.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&content)).ok()?;
    stream.flush().ok()?;
    Some(path)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cabinet-sign"))
        .args(arguments)
        .current_dir(folder)
        .env("SSL_CERT_FILE", folder.join("tls.pem"))
        .env_remove("SSL_CERT_DIR")
        .envs(["NO_PROXY", "no_proxy"].map(|name| (name, "127.0.0.1")))
        .output()
        .unwrap()
}

/// The services of a world, and what they say of its person; the world's certificates name them.
fn services(revoked: bool) -> (World, String, Receiver<String>) {
    let world = Arc::new(Mutex::new(World::new(Kind::Gost256)));
    let known = world.clone();
    let (url, log) = serve(
        Box::new(move |path, body| {
            let world = known.lock().unwrap();
            let reason = RevocationReason::KeyCompromise;
            let serial = world.person.certificate.serial().to_vec();
            match path {
                "/root.crl" => Some(list(&world.root, &[]).as_der().to_vec()),
                "/middle.crl" => {
                    let entry = RevokedEntry { serial, at: day(10), reason };
                    let entries = if revoked { vec![entry] } else { Vec::new() };
                    Some(list(&world.middle, &entries).as_der().to_vec())
                }
                "/ocsp" => {
                    let request = OcspRequest::from_der(body).unwrap();
                    let (responder, middle) = (&world.responder, &world.middle);
                    let about = &world.person.certificate;
                    assert_eq!(request.ids[0].0.serial(), about.serial());
                    let status = match revoked {
                        true => CertStatus::Revoked { at: day(10), reason },
                        false => CertStatus::Good,
                    };
                    let answer = answer(responder, about, middle, status, |template| {
                        template.nonce.clone_from(&request.nonce);
                    });
                    Some(answer.as_der().to_vec())
                }
                "/large" => Some(vec![0; 1 << 21]),
                _ => None,
            }
        }),
        None,
    );
    let mut made = world.lock().unwrap();
    let mut middle = authority_extensions(Some(0));
    middle.push(Extension::crl_distribution_point(&format!("{url}/root.crl")));
    made.middle = issue(&made.root, key(Kind::Gost256, 2), name("Выдающий УЦ"), middle, |_| {});
    let mut person = signing_extensions();
    person.push(Extension::crl_distribution_point(&format!("{url}/middle.crl")));
    person.push(Extension::ocsp_url(&format!("{url}/ocsp")));
    made.person = issue(&made.middle, key(Kind::Gost256, 3), person_name(), person, |_| {});
    let world = made.clone();
    drop(made);
    (world, url, log)
}

fn folder(world: &World) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("document.xml", CONTENT);
    write("document.xml.p7s", &world.signed());
    write("root.cer", world.root.certificate.as_der());
    write("middle.cer", world.middle.certificate.as_der());
    write("tls.pem", b"");
    folder
}

const VERIFY: [&str; 12] = [
    "verify",
    "--signature",
    "document.xml.p7s",
    "--content",
    "document.xml",
    "--trust",
    "root.cer",
    "--intermediates",
    "middle.cer",
    "--at",
    "2026-11-20T12:00:00Z",
    "--json",
];

fn report(output: &Output) -> Report {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

#[test]
fn revocation_data_are_fetched_when_asked_for() {
    let (world, url, log) = services(false);
    let folder = folder(&world);
    let silent = run(folder.path(), &VERIFY);
    assert_eq!(silent.status.code(), Some(0));
    assert!(log.try_iter().next().is_none(), "nothing is asked without --fetch");

    let fetched = run(folder.path(), &[&VERIFY[..], &["--fetch"]].concat());
    assert_eq!(fetched.status.code(), Some(0), "{}", String::from_utf8_lossy(&fetched.stderr));
    let mut asked: Vec<_> = log.try_iter().collect();
    asked.sort();
    assert_eq!(asked, ["/middle.crl", "/ocsp", "/root.crl"]);
    let told = String::from_utf8(fetched.stderr.clone()).unwrap();
    let signer = &report(&fetched).signers[0];
    assert_eq!(signer.revocation.len(), 2);
    for finding in &signer.revocation {
        let source = finding.source.as_ref().unwrap();
        let place = if source.kind == EvidenceKind::Ocsp { "/ocsp" } else { ".crl" };
        let line = told.lines().find(|line| line.contains(&source.sha256)).unwrap();
        assert!(line.starts_with(&url) && line.contains(place), "{line}");
    }
    let words = run(folder.path(), &[&VERIFY[..11], &["--fetch"]].concat()).stdout;
    let words = String::from_utf8(words).unwrap();
    assert!(words.contains("Сведения об отзыве"), "{words}");
}

#[test]
fn a_revoked_certificate_is_found_out() {
    let (world, _, _log) = services(true);
    let folder = folder(&world);
    assert_eq!(run(folder.path(), &VERIFY).status.code(), Some(0));
    let fetched = run(folder.path(), &[&VERIFY[..], &["--fetch"]].concat());
    assert_eq!(fetched.status.code(), Some(1));
    assert_eq!(report(&fetched).reason, Some(Reason::CertificateRevoked));
}

#[test]
fn services_that_fail_leave_the_state_unknown() {
    let (world, url, _log) = services(false);
    for (address, why) in [
        ("file:///etc/hostname".to_owned(), "only http:// and https://"),
        (format!("{url}/absent"), "404"),
        (format!("{url}/large"), "large"),
        ("http://127.0.0.1:1/".to_owned(), "refused"),
    ] {
        let mut extensions = signing_extensions();
        extensions.push(Extension::ocsp_url(&address));
        let person = key(Kind::Gost256, 3);
        let mut world = world.clone();
        world.person = issue(&world.middle, person, person_name(), extensions, |_| {});
        let folder = folder(&world);
        let fetched = run(folder.path(), &[&VERIFY[..], &["--fetch"]].concat());
        assert_eq!(fetched.status.code(), Some(1), "{address}");
        assert_eq!(report(&fetched).reason, Some(Reason::RevocationUnknown), "{address}");
        let told = String::from_utf8(fetched.stderr).unwrap();
        assert!(told.contains(&address) && told.contains(why), "{told}");
    }
}

/// A certificate of the loopback address, made by OpenSSL.
fn tls(folder: &Path) -> Arc<rustls::ServerConfig> {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-keyout", "tls.key", "-out", "tls.pem", "-subj", "/CN=127.0.0.1", "-days", "2"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(folder)
        .output()
        .expect("OpenSSL is not installed: apt-get install openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = CertificateDer::from_pem_file(folder.join("tls.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("tls.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(configuration)
}

#[test]
fn time_stamps_come_over_tls_from_trusted_services_only() {
    let world = World::new(Kind::Gost256);
    let folder = folder(&world);
    let path = folder.path();
    let configuration = tls(path);
    let party = world.stamps.clone();
    let stamp = Box::new(move |_: &str, body: &[u8]| {
        Service { party: &party, time: day(18) }.stamp(body).ok()
    });
    let (url, _log) = serve(stamp, Some(configuration));
    let key = pem::encode("PRIVATE KEY", &world.person.key.to_pkcs8_der().unwrap());
    fs::write(path.join("key.pem"), key).unwrap();
    let own = pem::encode("CERTIFICATE", world.person.certificate.as_der());
    fs::write(path.join("own.pem"), own).unwrap();
    let sign =
        ["sign", "--key", "key.pem", "--certificate", "own.pem", "--detached", "--tsa", &url];
    let rest = ["--at", "2026-11-18T11:00:00Z", "--out", "document.xml.p7s", "document.xml"];
    let sign = [&sign[..], &rest].concat();
    let signed = run(path, &sign);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    assert_eq!(run(path, &[&VERIFY[..], &["--level", "cades-t"]].concat()).status.code(), Some(0));

    // The same service, vouched for by somebody else.
    tls(path);
    let refused = run(path, &sign);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).to_lowercase();
    assert!(told.contains("certificate"), "{told}");
}
