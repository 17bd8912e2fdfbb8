//! `cabinet-sign verify`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use domain::lang::Lang;
use signature::asn1::Oid;
use signature::cms::SignedMessage;
use signature::pem::Unarmored;
use signature::report::{Level, Reason, Report};
use signature::revocation::RevocationMode;
use signature::verify::{Options as Demands, Verifier};

use crate::args::{Args, Options};
use crate::recheck::lang;
use crate::{Stop, fetch, files, print, time, words};

pub const OPTIONS: Options = Options {
    values: &[
        "signature",
        "content",
        "trust",
        "intermediates",
        "crl",
        "ocsp",
        "at",
        "revocation",
        "level",
        "policy",
        "algorithm",
        "lang",
        "extract",
    ],
    flags: &["fetch", "signature-only", "json", "refuse-weak"],
};

pub fn run(args: Args) -> Result<bool, Stop> {
    args.no_files()?;
    let demands = demands(&args)?;
    let trust = files::trust(&args)?;
    if trust.anchors.is_empty() && !demands.signature_only {
        return Err(Stop::new("--trust gives no certificate that can be read"));
    }
    let mut evidence = files::evidence(&args)?;
    let at = time::at(&args)?;
    let report = match read_message(&args)? {
        Ok(message) => {
            let content = match args.one("content")? {
                Some(path) => Some(files::digests(Path::new(path), &message.needed_digests())?),
                None => None,
            };
            if args.flag("fetch") && !demands.signature_only {
                let paths = Demands { revocation: Some(RevocationMode::Off), ..demands.clone() };
                let options = &paths;
                let first = Verifier { trust: &trust, evidence: &evidence, at, options };
                let report = first.verify(&message, content.as_ref());
                fetch::add(&report, &mut evidence);
            }
            let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &demands };
            verifier.verify(&message, content.as_ref())
        }
        Err(reason) => {
            let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &demands };
            verifier.unreadable(reason)
        }
    };
    show(&args, &report)?;
    let unreadable = [Reason::NotSignedData, Reason::Malformed, Reason::TooLarge];
    if report.signers.is_empty() && report.reason.is_some_and(|r| unreadable.contains(&r)) {
        let reason = report.reason.map_or("", |reason| reason.cause(Lang::En));
        return Err(Stop::new(reason));
    }
    Ok(report.is_valid())
}

fn demands(args: &Args) -> Result<Demands, Stop> {
    let level = match args.one("level")? {
        Some(name) => Some(
            Level::from_name(name)
                .ok_or_else(|| Stop::new(format!("--level {name} is not known")))?,
        ),
        None => None,
    };
    let policies = args.all("policy").iter().map(|text| {
        text.parse::<Oid>().map_err(|error| Stop::new(format!("--policy {text}: {error}")))
    });
    Ok(Demands {
        signature_only: args.flag("signature-only"),
        revocation: files::revocation_mode(args)?,
        level,
        policies: policies.collect::<Result<_, _>>()?,
        algorithms: args.all("algorithm").to_vec(),
        refuse_weak: args.flag("refuse-weak"),
    })
}

/// Reads the signature; its content, if it lies inside, goes to `--extract`.
fn read_message(args: &Args) -> Result<Result<SignedMessage, Reason>, Stop> {
    let path = Path::new(args.required("signature")?);
    let input = Unarmored::new(files::open(path)?).map_err(|error| files::failed(path, error))?;
    let Some(target) = args.one("extract")? else {
        return Ok(SignedMessage::read(std::io::BufReader::new(input), &mut |_| {}));
    };
    let target = Path::new(target);
    let file = File::create(target).map_err(|error| files::failed(target, error))?;
    let mut out = BufWriter::new(file);
    let mut written = Ok(());
    let message = SignedMessage::read(std::io::BufReader::new(input), &mut |piece| {
        if written.is_ok() {
            written = out.write_all(piece);
        }
    });
    written.and_then(|()| out.flush()).map_err(|error| files::failed(target, error))?;
    Ok(message)
}

fn show(args: &Args, report: &Report) -> Result<(), Stop> {
    if args.flag("json") {
        let json = serde_json::to_string_pretty(report).map_err(Stop::new)?;
        return print(&format!("{json}\n"));
    }
    print(&words::report(report, lang(args)?))
}
