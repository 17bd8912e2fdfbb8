//! How the cabinet's settings become those of the sandbox, and the sandbox's those of the cabinet.

use backend::gateway::mail::MailTls;
use sandbox::{ClientCertificate, ClientRegistration, Options, Sandbox, SandboxError, Speed};

use crate::config::{Config, Secret};

/// Mnemonic of the cabinet in the sandbox's ESIA.
const CLIENT_ID: &str = "CABINET_VED";

/// Name of the cabinet in the sandbox's customs.
const SENDER_ID: &str = "CABINET";

/// What starts the sandbox for a cabinet that browsers reach at `public_url`.
pub fn options(config: &Config, public_url: &str) -> Options {
    Options {
        addr: config.sandbox.address,
        smtp_addr: config.sandbox.smtp_address,
        speed: if config.sandbox.fast { Speed::FAST } else { Speed::default() },
        clients: vec![ClientRegistration {
            client_id: CLIENT_ID.to_owned(),
            name: "Личный кабинет участника ВЭД".to_owned(),
            redirect_uris: vec![format!("{public_url}/")],
            certificate: ClientCertificate::Issue(config.sandbox.esia_key),
        }],
        ..Options::new(config.data.join("sandbox"))
    }
}

/// Points every gateway that the operator left open to the sandbox.
///
/// # Errors
/// The sandbox cannot read its keys.
pub async fn connect(config: &mut Config, sandbox: &Sandbox) -> Result<(), SandboxError> {
    let url = sandbox.url();
    if let Some(esia) = sandbox.esia_settings(CLIENT_ID).await?
        && config.esia.url.is_none()
    {
        let mobile = &mut config.signature.mobile;
        if mobile.url.is_none() {
            mobile.url = Some(url.clone());
            mobile.api_key = Some(Secret::new(esia.api_key));
        }
        config.esia = crate::config::Esia {
            url: Some(esia.url),
            client_id: Some(esia.client_id),
            key: esia.client_key_pem.map(Secret::new),
            certificate: Some(esia.client_certificate_pem),
            issuer: Some(esia.issuer),
            verifying_key: Some(esia.public_key_pem),
            ..crate::config::Esia::default()
        };
    }
    let customs = &mut config.customs;
    if customs.url.is_none() {
        customs.url = Some(format!("{url}/eais"));
        customs.sender_id.get_or_insert_with(|| SENDER_ID.to_owned());
        customs.receiver_id.get_or_insert_with(|| sandbox.customs_id().to_owned());
    }
    config.tax.url.get_or_insert_with(|| url.clone());
    let authority = &mut config.authority;
    if authority.url.is_none() && authority.roots.is_none() {
        let stamps = &mut config.signature.timestamp;
        stamps.url.get_or_insert_with(|| sandbox.timestamp_url());
        stamps.plugin_url.get_or_insert_with(|| sandbox.timestamp_url());
        authority.url = Some(url);
        authority.roots = Some(sandbox.root_certificate_pem());
        authority.software_signature = true;
    }
    if config.mail.smtp.is_none() {
        config.mail.smtp = Some(sandbox.smtp_addr().to_string());
        config.mail.tls = MailTls::None;
    }
    Ok(())
}
