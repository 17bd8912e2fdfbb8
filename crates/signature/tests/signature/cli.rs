//! The program `cabinet-sign` as others call it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use signature::container::{KeyContainer, Protection};
use signature::pem;
use signature::sign::TimestampAuthority;

use crate::network::serve;
use crate::pki::*;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cabinet-sign"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn status(folder: &Path, arguments: &[&str]) -> i32 {
    run(folder, arguments).status.code().unwrap()
}

/// A folder with everything that `verify` takes.
fn folder(world: &World) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let pem = |certificate: &signature::certificate::Certificate| {
        pem::encode("CERTIFICATE", certificate.as_der())
    };
    write("document.xml", CONTENT);
    write("document.xml.p7s", &world.signed());
    write("document.pem", pem::encode("CMS", &world.signed()).as_bytes());
    write("trust/root.cer", world.root.certificate.as_der());
    // Two certificates in one file.
    let two = format!("{}{}", pem(&world.person.certificate), pem(&world.middle.certificate));
    write("between/all.pem", two.as_bytes());
    for (number, list) in world.lists().crls.iter().enumerate() {
        write(&format!("crl/{number}.crl"), list.as_der());
    }
    let good = world.answer(signature::revocation::ocsp::CertStatus::Good);
    write("good.ors", good.as_der());
    folder
}

const VERIFY: [&str; 11] = [
    "verify",
    "--signature",
    "document.xml.p7s",
    "--content",
    "document.xml",
    "--trust",
    "trust",
    "--intermediates",
    "between",
    "--at",
    "2026-11-20T12:00:00Z",
];

#[test]
fn exit_status_and_report() {
    let world = World::new(Kind::Gost256);
    let folder = folder(&world);
    let path = folder.path();
    let with = |more: &[&'static str]| [&VERIFY[..], more].concat();
    assert_eq!(status(path, &VERIFY), 0);
    assert_eq!(status(path, &with(&["--crl", "crl"])), 0);
    assert_eq!(status(path, &with(&["--ocsp", "good.ors"])), 0);
    assert_eq!(status(path, &with(&["--level", "cades-t"])), 1);
    let json = run(path, &with(&["--crl", "crl", "--json"])).stdout;
    let report: signature::report::Report = serde_json::from_slice(&json).unwrap();
    assert!(report.is_valid());
    let words = String::from_utf8(run(path, &VERIFY).stdout).unwrap();
    assert!(words.starts_with("ПОДПИСЬ ДЕЙСТВИТЕЛЬНА\n"), "{words}");

    fs::write(path.join("document.xml"), b"changed").unwrap();
    assert_eq!(status(path, &VERIFY), 1);
    fs::write(path.join("document.xml"), CONTENT).unwrap();
    fs::write(path.join("crl/1.crl"), b"not a list").unwrap();
    assert_eq!(status(path, &with(&["--crl", "crl"])), 1);
    fs::remove_file(path.join("crl/1.crl")).unwrap();
    assert_eq!(status(path, &with(&["--crl", "crl"])), 1);

    let only = ["verify", "--signature", "document.pem", "--content", "document.xml"];
    assert_eq!(status(path, &[&only[..], &["--signature-only"]].concat()), 0);
    assert_eq!(status(path, &only), 2);
    assert_eq!(status(path, &["verify", "--signature", "absent", "--trust", "trust"]), 2);
    let not_one = ["verify", "--signature", "document.xml", "--trust", "trust"];
    assert_eq!(status(path, &not_one), 2);
    assert_eq!(status(path, &["verify", "--signatur", "x"]), 2);
    assert_eq!(status(path, &["nonsense"]), 2);
}

#[test]
fn a_kept_report_is_judged_again() {
    let world = World::new(Kind::Gost256);
    let folder = folder(&world);
    let path = folder.path();
    let json = run(path, &[&VERIFY[..], &["--crl", "crl", "--json"]].concat()).stdout;
    fs::write(path.join("report.json"), json).unwrap();
    let recheck = |content: &'static str, trust: &'static str, more: &[&'static str]| {
        let line = ["recheck", "--report", "report.json", "--signature", "document.pem"];
        run(path, &[&line[..], &["--content", content, "--trust", trust], more].concat())
    };
    // No list and no certificate in between is given: the report holds them.
    let confirmed = recheck("document.xml", "trust", &["--at", "2099-01-01T00:00:00Z"]);
    let words = String::from_utf8(confirmed.stdout).unwrap();
    assert_eq!(confirmed.status.code(), Some(0), "{words}");
    assert!(words.starts_with("ПРЕЖНИЙ ВЫВОД ПОДТВЕРЖДЁН\n"), "{words}");
    assert!(words.contains("[issuer-expired]"), "{words}");
    let other = recheck("good.ors", "trust", &["--lang", "en"]);
    let words = String::from_utf8(other.stdout).unwrap();
    assert_eq!(other.status.code(), Some(1), "{words}");
    assert!(words.contains("verdict: kept valid; found message-digest-mismatch"), "{words}");
    let json = recheck("document.xml", "trust", &["--json"]).stdout;
    let found: signature::verify::Recheck = serde_json::from_slice(&json).unwrap();
    assert!(found.is_confirmed());
    assert_eq!(recheck("document.xml", "crl", &[]).status.code(), Some(2), "no roots");
    fs::write(path.join("report.json"), b"{}").unwrap();
    assert_eq!(recheck("document.xml", "trust", &[]).status.code(), Some(2));
}

#[test]
fn signing_with_a_container() {
    let world = World::new(Kind::Gost256);
    let folder = folder(&world);
    let path = folder.path();
    let chain = vec![world.person.certificate.clone()];
    let container = KeyContainer::new(world.person.key.clone(), chain);
    let pfx = container.to_pfx("секрет", Protection::Gost, &mut rng()).unwrap();
    fs::write(path.join("key.pfx"), pfx).unwrap();
    fs::write(path.join("password"), "секрет\n").unwrap();
    let key = ["sign", "--key", "key.pfx", "--password-file", "password"];
    let detached = ["--detached", "--out", "new.p7s", "document.xml"];
    assert_eq!(status(path, &[&key[..], &detached].concat()), 0);
    let verify = |signature: &'static str, content: bool| {
        let mut arguments = VERIFY.to_vec();
        arguments[2] = signature;
        if !content {
            arguments.drain(3..5);
        }
        status(path, &arguments)
    };
    assert_eq!(verify("new.p7s", true), 0);
    assert_eq!(verify("new.p7s", false), 1);
    assert_eq!(status(path, &[&key[..], &["document.xml", "--out", "attached.p7s"]].concat()), 0);
    assert_eq!(verify("attached.p7s", false), 0);
    fs::write(path.join("password"), "другой").unwrap();
    assert_eq!(status(path, &[&key[..], &detached].concat()), 2);

    let inspected = run(path, &["inspect", "new.p7s"]);
    let text = String::from_utf8(inspected.stdout).unwrap();
    assert!(text.contains("СНИЛС: 112-233-445 95"), "{text}");
    let hashed = run(path, &["hash", "--algorithm", "sha-256", "document.xml"]).stdout;
    let digest = signature::digest::DigestAlgorithm::Sha256.digest(CONTENT);
    assert_eq!(hashed, format!("sha-256 {} document.xml\n", hex::encode(digest)).into_bytes());
}

#[test]
fn time_stamps_and_long_term_over_http() {
    let world = World::new(Kind::Gost256);
    let folder = folder(&world);
    let path = folder.path();
    let key = pem::encode("PRIVATE KEY", &world.person.key.to_pkcs8_der().unwrap());
    fs::write(path.join("key.pem"), key).unwrap();
    let certificate = pem::encode("CERTIFICATE", world.person.certificate.as_der());
    fs::write(path.join("own.pem"), certificate).unwrap();
    let party = world.stamps.clone();
    let at = std::sync::Mutex::new(day(18));
    let stamp = Box::new(move |_: &str, body: &[u8]| {
        let mut time = at.lock().unwrap();
        let mut service = Service { party: &party, time: *time };
        let answer = service.stamp(body).ok();
        *time = service.time;
        answer
    });
    let (url, _log) = serve(stamp, None);
    let sign = [
        "sign",
        "--key",
        "key.pem",
        "--certificate",
        "own.pem",
        "--detached",
        "--tsa",
        &url,
        "--level",
        "cades-a",
        "--trust",
        "trust",
        "--intermediates",
        "between",
        "--crl",
        "crl",
        "--at",
        "2026-11-20T12:00:00Z",
        "--out",
        "long.p7s",
        "document.xml",
    ];
    let signed = run(path, &sign);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let mut arguments = VERIFY.to_vec();
    arguments[2] = "long.p7s";
    arguments.drain(7..9);
    arguments.extend(["--level", "cades-a"]);
    let verified = run(path, &arguments);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn roots_out_of_a_list() {
    let world = World::new(Kind::Gost256);
    let folder = tempfile::tempdir().unwrap();
    let base64 = |certificate: &signature::certificate::Certificate| {
        let pem = pem::encode("X", certificate.as_der());
        pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()
    };
    let list = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><АккредитованныеУдостоверяющиеЦентры>\
         <УдостоверяющийЦентр><Данные>{}</Данные></УдостоверяющийЦентр>\
         <УдостоверяющийЦентр><Данные>\n{}\n</Данные></УдостоверяющийЦентр>\
         </АккредитованныеУдостоверяющиеЦентры>",
        base64(&world.root.certificate),
        base64(&world.middle.certificate)
    );
    fs::write(folder.path().join("list.xml"), list).unwrap();
    assert_eq!(status(folder.path(), &["roots", "--out", "ca", "list.xml"]), 0);
    let count = |name: &str| fs::read_dir(folder.path().join("ca").join(name)).unwrap().count();
    assert_eq!((count("roots"), count("intermediates")), (1, 1));
}
