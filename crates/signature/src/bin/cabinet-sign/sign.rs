//! `cabinet-sign sign`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use signature::certificate::Certificate;
use signature::cms::{SignedMessage, SignerInfo};
use signature::container::{KeyContainer, decrypt_pkcs8};
use signature::key::{PrivateKey, SignatureScheme};
use signature::pem;
use signature::report::{Level, Reason};
use signature::sign::{RawSignedData, Signer, add_archive, add_long_term, add_timestamp};
use signature::verify::{Options as Demands, Verifier};

use crate::args::{Args, Options};
use crate::http::{Client, Service};
use crate::{Stop, cryptopro, files, note, time};

pub const OPTIONS: Options = Options {
    values: &[
        "key",
        "password-file",
        "certificate",
        "content",
        "out",
        "tsa",
        "level",
        "add-to",
        "trust",
        "intermediates",
        "crl",
        "ocsp",
        "at",
        "revocation",
    ],
    flags: &["detached", "pss"],
};

pub fn run(args: Args) -> Result<bool, Stop> {
    let level = match (args.one("level")?, args.one("tsa")?) {
        (None, None) => Level::CadesBes,
        (None, Some(_)) => Level::CadesT,
        (Some(name), service) => match Level::from_name(name) {
            Some(Level::CadesBes) => Level::CadesBes,
            Some(level @ (Level::CadesT | Level::CadesXLongType1 | Level::CadesA)) => {
                if service.is_none() {
                    return Err(Stop::new("this level needs --tsa"));
                }
                level
            }
            _ => return Err(Stop::new(format!("--level {name} cannot be made"))),
        },
    };
    let content = content(&args)?;
    let out = match args.one("out")? {
        Some(path) => PathBuf::from(path),
        None => {
            let mut name = content.clone().into_os_string();
            name.push(".p7s");
            name.into()
        }
    };
    let (key, certificate, chain) = identity(&args)?;
    let mut signer = Signer::new(&key, &certificate).map_err(Stop::new)?;
    signer.chain = &chain;
    signer.time = Some(time::at(&args)?);
    if args.flag("pss") {
        let digest = signer.digest();
        let salt = digest.digest(&[]).len();
        signer = signer.with_scheme(SignatureScheme::RsaPss { digest, salt });
    }
    write(&args, &signer, &content, &out, level)?;
    note(&format!("{}: {}", out.display(), level.name()));
    Ok(true)
}

fn content(args: &Args) -> Result<PathBuf, Stop> {
    match args.one("content")? {
        Some(path) => args.no_files().map(|()| PathBuf::from(path)),
        None => args.file().cloned(),
    }
}

/// Makes the signature and puts it in its place.
fn write(
    args: &Args,
    signer: &Signer<'_>,
    content: &Path,
    out: &Path,
    level: Level,
) -> Result<(), Stop> {
    let mut rng = UnwrapErr(SysRng);
    let create = || File::create(out).map_err(|error| files::failed(out, error));
    let message = match args.one("add-to")? {
        Some(existing) => {
            let digests = files::digests(content, &[signer.digest()])?;
            let existing = unarmored(Path::new(existing))?;
            signer.add_to(&existing, &digests, &mut rng).map_err(Stop::new)?
        }
        None if args.flag("detached") => {
            let digests = files::digests(content, &[signer.digest()])?;
            signer.sign_detached(&digests, &mut rng).map_err(Stop::new)?
        }
        None => {
            let mut input = files::open(content)?;
            let mut file = BufWriter::new(create()?);
            signer.sign_attached(&mut input, &mut file, &mut rng).map_err(Stop::new)?;
            file.flush().map_err(|error| files::failed(out, error))?;
            if level == Level::CadesBes {
                return Ok(());
            }
            files::read(out)?
        }
    };
    let message = augment(args, message, signer, content, level)?;
    create()?.write_all(&message).map_err(|error| files::failed(out, error))
}

/// Brings the signature that was just made (it is the only one, or one of several) to its level.
fn augment(
    args: &Args,
    message: Vec<u8>,
    signer: &Signer<'_>,
    content: &Path,
    level: Level,
) -> Result<Vec<u8>, Stop> {
    let Some(url) = args.one("tsa")?.filter(|_| level >= Level::CadesT) else {
        return Ok(message);
    };
    let mut service = Service { client: Client::new(), url, rng: UnwrapErr(SysRng) };
    let (own, index) = place(&message, |info| {
        info.id.is_of(signer.certificate) && info.unsigned.iter().next().is_none()
    })?;
    // An augmented signer moves within the set.
    let moved = |message: &[u8]| place(message, |info| info.signature == own.signature);
    let digest = signer.digest();
    let stamped = add_timestamp(&message, index, digest, &mut service).map_err(Stop::new)?;
    if level < Level::CadesXLongType1 {
        return Ok(stamped);
    }
    let (trust, evidence) = (files::trust(args)?, files::evidence(args)?);
    let demands = Demands::default();
    let at = time::at(args)?;
    let verifier = Verifier { trust: &trust, evidence: &evidence, at, options: &demands };
    let (_, index) = moved(&stamped)?;
    let long =
        add_long_term(&stamped, index, digest, &verifier, &mut service).map_err(Stop::new)?;
    if level < Level::CadesA {
        return Ok(long);
    }
    let read = SignedMessage::from_bytes(&long).map_err(in_words)?;
    let digests = match read.attached {
        Some(_) => None,
        None => Some(files::digests(content, &read.needed_digests())?),
    };
    let (_, index) = moved(&long)?;
    add_archive(&long, index, digest, digests.as_ref(), &verifier, &mut service).map_err(Stop::new)
}

/// The signer that is meant, and its place.
fn place(
    message: &[u8],
    is_meant: impl Fn(&SignerInfo) -> bool,
) -> Result<(SignerInfo, usize), Stop> {
    let raw = RawSignedData::from_bytes(message).map_err(in_words)?;
    let signers = (0..raw.signers()).filter_map(|index| Some((raw.signer(index).ok()?, index)));
    let mut meant = signers.filter(|(info, _)| is_meant(info));
    meant.next().ok_or_else(|| Stop::new("the new signature is not in the message"))
}

pub fn in_words(reason: Reason) -> Stop {
    Stop::new(reason.cause(domain::lang::Lang::En))
}

/// The first object of a file.
pub fn unarmored(path: &Path) -> Result<Vec<u8>, Stop> {
    let blocks =
        pem::blocks_or_der(&files::read(path)?).map_err(|error| files::failed(path, error))?;
    blocks.into_iter().next().ok_or_else(|| files::failed(path, "nothing that can be read"))
}

/// The key with its certificate and the certificates above it: from a PFX or a container of
/// CryptoPro CSP, or from a PKCS #8 file and `--certificate`.
fn identity(args: &Args) -> Result<(PrivateKey, Certificate, Vec<Certificate>), Stop> {
    let path = Path::new(args.required("key")?);
    let mut certificates = Vec::new();
    for file in args.all("certificate") {
        let file = Path::new(file);
        let blocks =
            pem::blocks_or_der(&files::read(file)?).map_err(|error| files::failed(file, error))?;
        for block in blocks {
            let certificate = Certificate::from_der(&block);
            certificates.push(certificate.map_err(|error| files::failed(file, error))?);
        }
    }
    let container = if let Some(mut container) = cryptopro::open(path, args)? {
        container.certificates.extend(certificates);
        container
    } else if certificates.is_empty() {
        let (bytes, password) = (unarmored(path)?, files::password(args)?);
        KeyContainer::from_pfx(&bytes, &password).map_err(|error| files::failed(path, error))?
    } else {
        let bytes = unarmored(path)?;
        let key = if args.flag("password-file") {
            decrypt_pkcs8(&bytes, &files::password(args)?).map_err(|e| files::failed(path, e))?
        } else {
            PrivateKey::from_pkcs8_der(&bytes).map_err(|error| files::failed(path, error))?
        };
        KeyContainer::new(key, certificates)
    };
    let (key, certificate, others) =
        container.identity().map_err(|error| files::failed(path, error))?;
    Ok((key.clone(), certificate.clone(), others))
}
