//! The operator's policy of signatures out of the settings: roots from PEM and from a folder.

use std::path::Path;

use backend::signature::{Policy, RevocationPolicy, TrustStore};
use domain::view::signature::{SignatureWay, SignatureWays};

use crate::{config::Config, running::StartError};

/// Reads all certificates and checks the names of algorithms.
///
/// # Errors
/// A certificate cannot be read, or an algorithm does not exist.
pub fn policy(config: &Config) -> Result<Policy, StartError> {
    let mut trust = TrustStore::default();
    if let Some(roots) = &config.authority.roots {
        let read = Policy::read("PEM", roots.as_bytes());
        trust.anchors.extend(read.map_err(|error| refused("authority.roots", &error))?);
    }
    if let Some(folder) = &config.authority.folder {
        for (name, certificates) in
            [("roots", &mut trust.anchors), ("intermediates", &mut trust.intermediates)]
        {
            take_folder(&folder.join(name), certificates)?;
        }
    }
    let settings = &config.signature;
    let default = if config.dev { RevocationPolicy::Try } else { RevocationPolicy::Require };
    // Nobody is offered to make a key that would not be certified, or to look at a telephone that
    // nobody asks.
    let offered = |way: &SignatureWay| match way {
        SignatureWay::Browser => config.authority.software_signature,
        SignatureWay::Mobile => settings.mobile.url.is_some(),
        SignatureWay::Plugin | SignatureWay::Container | SignatureWay::File => true,
    };
    let policy = Policy {
        trust,
        algorithms: settings.algorithms.clone(),
        qualified_issuers: settings.qualified_issuers.clone(),
        revocation: settings.revocation.unwrap_or(default),
        timestamp_required: settings.timestamp.required,
        plugin_timestamp_url: settings.timestamp.plugin_url.clone(),
        ways: SignatureWays {
            offered: settings.ways.iter().copied().filter(offered).collect(),
            qualified: settings.qualified_ways.clone(),
        },
    };
    let unknown = policy.unknown_algorithms();
    if unknown.is_empty() {
        return Ok(policy);
    }
    let known = backend::signature::policy::known_algorithms().join(", ");
    let cause = format!("unknown: {}; known are: {known}", unknown.join(", "));
    Err(StartError::Gateway { setting: "signature.algorithms", cause })
}

/// Every file of a folder; a folder that is not there holds none.
fn take_folder(
    folder: &Path,
    into: &mut Vec<backend::signature::Certificate>,
) -> Result<(), StartError> {
    const SETTING: &str = "authority.folder";
    let unreadable = |error: std::io::Error| StartError::Gateway {
        setting: SETTING,
        cause: format!("{}: {error}", folder.display()),
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(unreadable)?,
    };
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    files.sort();
    for path in files.into_iter().filter(|path| path.is_file()) {
        let file = std::fs::read(&path).map_err(unreadable)?;
        let name = path.display().to_string();
        into.extend(Policy::read(&name, &file).map_err(|error| refused(SETTING, &error))?);
    }
    Ok(())
}

fn refused(setting: &'static str, error: &dyn std::error::Error) -> StartError {
    StartError::Gateway { setting, cause: error.to_string() }
}
