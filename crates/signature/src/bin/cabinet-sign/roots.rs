//! `cabinet-sign roots`: certificates out of the list of accredited certification authorities
//! that the Ministry of Digital Development publishes as XML.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;
use signature::certificate::Certificate;
use signature::digest::DigestAlgorithm;
use signature::pem;

use crate::args::{Args, Options};
use crate::{Stop, files, note};

pub const OPTIONS: Options = Options { values: &["out"], flags: &[] };

/// The element that holds a certificate as Base64, wherever it stands in the list.
const DATA: &str = "Данные";

/// Writes every certificate of the list into a folder: roots under `roots/`, certificates that
/// others issued under `intermediates/`, named by SHA-256. The signature of the list is not
/// checked here: it is the operator who decides which list to trust.
pub fn run(args: Args) -> Result<bool, Stop> {
    let list = args.file()?;
    let out = Path::new(args.required("out")?);
    let certificates = read(list)?;
    if certificates.is_empty() {
        return Err(files::failed(list, "no certificates in the list"));
    }
    let (mut roots, mut others) = (BTreeSet::new(), BTreeSet::new());
    for certificate in &certificates {
        let own = certificate.is_self_issued();
        let (folder, names) =
            if own { ("roots", &mut roots) } else { ("intermediates", &mut others) };
        let name = hex::encode(certificate.fingerprint(DigestAlgorithm::Sha256));
        let folder = out.join(folder);
        fs::create_dir_all(&folder).map_err(|error| files::failed(&folder, error))?;
        let file = folder.join(format!("{name}.pem"));
        let text = format!(
            "{}\n{}",
            certificate.subject(),
            pem::encode("CERTIFICATE", certificate.as_der())
        );
        fs::write(&file, text).map_err(|error| files::failed(&file, error))?;
        names.insert(name);
    }
    note(&format!("{}: {} roots, {} intermediates", out.display(), roots.len(), others.len()));
    Ok(true)
}

fn read(list: &Path) -> Result<Vec<Certificate>, Stop> {
    let bytes = files::read(list)?;
    let mut reader = Reader::from_reader(bytes.as_slice());
    let (mut certificates, mut text): (Vec<Certificate>, Option<Vec<u8>>) = (Vec::new(), None);
    loop {
        match reader.read_event().map_err(|error| files::failed(list, error))? {
            Event::Start(element) if element.local_name().as_ref() == DATA => {
                text = Some(Vec::new());
            }
            Event::Text(piece) => {
                if let Some(text) = &mut text {
                    text.extend(piece.bytes().filter(|octet| !octet.is_ascii_whitespace()));
                }
            }
            Event::End(element) if element.local_name().as_ref() == DATA => {
                let der = STANDARD.decode(text.take().unwrap_or_default()).ok();
                match der.as_deref().map(Certificate::from_der) {
                    Some(Ok(certificate)) if !certificates.contains(&certificate) => {
                        certificates.push(certificate);
                    }
                    Some(Ok(_)) => {}
                    _ => note("a certificate of the list cannot be read and is passed over"),
                }
            }
            Event::Eof => return Ok(certificates),
            _ => {}
        }
    }
}
