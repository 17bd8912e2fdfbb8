//! `cabinet-sign recheck`: a report that was kept, judged again.

use std::path::Path;

use domain::lang::Lang;
use signature::cms::SignedMessage;
use signature::report::Report;
use signature::verify::{Options as Demands, Recheck, Verifier};

use crate::args::{Args, Options};
use crate::{Stop, files, print, sign, time, words};

pub const OPTIONS: Options = Options {
    values: &[
        "report",
        "signature",
        "content",
        "trust",
        "intermediates",
        "crl",
        "ocsp",
        "at",
        "algorithm",
        "lang",
    ],
    flags: &["json", "refuse-weak"],
};

/// Whether the kept verdict stands.
pub fn run(args: Args) -> Result<bool, Stop> {
    args.no_files()?;
    let path = Path::new(args.required("report")?);
    let kept: Report =
        serde_json::from_slice(&files::read(path)?).map_err(|error| files::failed(path, error))?;
    let (trust, evidence) = (files::trust(&args)?, files::evidence(&args)?);
    if trust.anchors.is_empty() && !kept.signature_only {
        return Err(Stop::new("--trust gives no certificate that can be read"));
    }
    let signature = sign::unarmored(Path::new(args.required("signature")?))?;
    let message = SignedMessage::from_bytes(&signature).map_err(sign::in_words)?;
    let content = match args.one("content")? {
        Some(path) => Some(files::digests(Path::new(path), &message.needed_digests())?),
        None => None,
    };
    let options = Demands {
        algorithms: args.all("algorithm").to_vec(),
        refuse_weak: args.flag("refuse-weak"),
        ..Demands::default()
    };
    let at = time::at(&args)?;
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &options };
    let recheck = verifier.recheck(&kept, &message, content.as_ref());
    print(&shown(&args, &recheck)?)?;
    Ok(recheck.is_confirmed())
}

fn shown(args: &Args, recheck: &Recheck) -> Result<String, Stop> {
    if args.flag("json") {
        let json = serde_json::to_string_pretty(recheck).map_err(Stop::new)?;
        return Ok(format!("{json}\n"));
    }
    Ok(words::recheck(recheck, lang(args)?))
}

/// The language of the answer: Russian unless another is asked for.
pub fn lang(args: &Args) -> Result<Lang, Stop> {
    match args.one("lang")? {
        None | Some("ru") => Ok(Lang::Ru),
        Some("en") => Ok(Lang::En),
        Some(other) => Err(Stop::new(format!("--lang {other} is not known"))),
    }
}
