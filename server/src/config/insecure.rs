//! Settings that must not run outside of development.

use std::fmt;

use backend::{gateway::mail::MailTls, signature::RevocationPolicy};

use super::Config;

/// One insecure setting: where, what is wrong, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insecurity {
    pub setting: &'static str,
    pub wrong: String,
    pub right: &'static str,
}

impl fmt::Display for Insecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.setting, self.wrong, self.right)
    }
}

pub(super) fn find(config: &Config) -> Vec<Insecurity> {
    let mut found = Vec::new();
    let mut say = |setting, wrong: String, right| found.push(Insecurity { setting, wrong, right });

    match config.public_url.as_deref() {
        None => {
            say("public_url", "is not set".to_owned(), "set the https:// address that browsers use")
        }
        Some(url) if !url.starts_with("https://") => say(
            "public_url",
            format!("{url} is not encrypted, so session cookies could be read on the way"),
            "use https:// (own TLS by tls.cert and tls.key, or a proxy)",
        ),
        Some(_) => {}
    }
    let own_tls = config.tls.cert.is_some() && config.tls.key.is_some();
    if config.tls.cert.is_some() != config.tls.key.is_some() {
        say("tls", "only one of cert and key is set".to_owned(), "set both, or neither");
    }
    if !own_tls && !config.address.ip().is_loopback() && config.trusted_proxies.is_empty() {
        say(
            "address",
            format!("{} listens to the network without TLS", config.address),
            "set tls.cert and tls.key, or trusted_proxies, or listen on 127.0.0.1",
        );
    }
    if config.sandbox.enabled {
        say(
            "sandbox.enabled",
            "anybody can sign in as anybody through the sandbox".to_owned(),
            "turn it off and set esia.url, customs.url and tax.url",
        );
    }
    let gateways = [
        ("esia.url", &config.esia.url, true),
        ("customs.url", &config.customs.url, true),
        ("tax.url", &config.tax.url, true),
        ("authority.url", &config.authority.url, false),
        ("signature.mobile.url", &config.signature.mobile.url, false),
    ];
    for (setting, url, required) in gateways {
        match url.as_deref() {
            Some(url) if !url.starts_with("https://") => say(
                setting,
                format!("{url} is not encrypted"),
                "use the https:// address of the real system",
            ),
            None if required && !config.sandbox.enabled => {
                say(
                    setting,
                    "is not set".to_owned(),
                    "set the https:// address of the real system",
                );
            }
            _ => {}
        }
    }
    let required = [
        ("esia.client_id", config.esia.client_id.is_some()),
        ("esia.key", config.esia.key.is_some()),
        ("esia.certificate", config.esia.certificate.is_some()),
        ("esia.verifying_key", config.esia.verifying_key.is_some()),
        ("authority.roots", config.authority.roots.is_some() || config.authority.folder.is_some()),
    ];
    for (setting, given) in required {
        if !given && !config.sandbox.enabled {
            say(
                setting,
                "is not set, and there is no safe default".to_owned(),
                "set your own (docs/operations.md)",
            );
        }
    }
    if config.authority.software_signature {
        say(
            "authority.software_signature",
            "a key in the browser is no qualified signature".to_owned(),
            "turn it off",
        );
    }
    if config.signature.revocation == Some(RevocationPolicy::Off) {
        say(
            "signature.revocation",
            "revoked certificates would be taken".to_owned(),
            "set it to require or try",
        );
    }
    if config.mail.smtp.is_some() && config.mail.tls == MailTls::None {
        say("mail.tls", "mail would leave unencrypted".to_owned(), "set it to tls or starttls");
    }
    if config.metrics.address.is_some_and(|address| address.ip().is_unspecified()) {
        say(
            "metrics.address",
            "metrics would be readable from every network".to_owned(),
            "listen on 127.0.0.1 or on an address of the inner network",
        );
    }
    let limits = [
        ("limits.address_per_minute", config.limits.address_per_minute),
        ("limits.session_per_minute", config.limits.session_per_minute),
        ("limits.sign_in_per_minute", config.limits.sign_in_per_minute),
    ];
    for (setting, limit) in limits {
        if limit == 0 {
            say(setting, "there is no limit".to_owned(), "set a number");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{ConfigError, Secret};
    use super::*;

    fn sound() -> Config {
        let mut config =
            Config { public_url: Some("https://cabinet.example".into()), ..Config::default() };
        config.esia.url = Some("https://esia.example".into());
        config.esia.client_id = Some("FTS".into());
        config.esia.key = Some(Secret::new("pem"));
        config.esia.certificate = Some("pem".into());
        config.esia.verifying_key = Some("pem".into());
        config.customs.url = Some("https://eais.example".into());
        config.tax.url = Some("https://tax.example".into());
        config.authority.roots = Some("pem".into());
        config
    }

    fn named(config: &Config) -> Vec<&'static str> {
        find(config).into_iter().map(|insecurity| insecurity.setting).collect()
    }

    #[test]
    fn sound_settings_start() {
        assert_eq!(named(&sound()), Vec::<&str>::new());
        sound().check().unwrap();
    }

    #[test]
    fn each_insecure_setting_is_named() {
        type Spoil = fn(&mut Config);
        let cases: [(&str, Spoil); 13] = [
            ("public_url", |c| c.public_url = None),
            ("public_url", |c| c.public_url = Some("http://cabinet.example".into())),
            ("address", |c| c.address = "0.0.0.0:80".parse().unwrap()),
            ("tls", |c| c.tls.cert = Some("chain.pem".into())),
            ("sandbox.enabled", |c| c.sandbox.enabled = true),
            ("esia.url", |c| c.esia.url = Some("http://esia.example".into())),
            ("esia.key", |c| c.esia.key = None),
            ("authority.software_signature", |c| c.authority.software_signature = true),
            ("signature.revocation", |c| c.signature.revocation = Some(RevocationPolicy::Off)),
            ("signature.mobile.url", |c| {
                c.signature.mobile.url = Some("http://gu.example".into());
            }),
            ("mail.tls", |c| {
                c.mail.smtp = Some("mail.example:25".into());
                c.mail.tls = MailTls::None;
            }),
            ("metrics.address", |c| c.metrics.address = Some("0.0.0.0:9000".parse().unwrap())),
            ("limits.session_per_minute", |c| c.limits.session_per_minute = 0),
        ];
        for (setting, spoil) in cases {
            let mut config = sound();
            spoil(&mut config);
            assert_eq!(named(&config), [setting]);
            assert!(config.check().is_err());
        }
    }

    #[test]
    fn all_are_named_at_once_and_development_allows_them() {
        let mut config = Config::default();
        config.sandbox.enabled = true;
        let Err(ConfigError::Insecure(found)) = config.check() else { panic!("started") };
        assert_eq!(found.len(), 2);
        config.dev = true;
        config.check().unwrap();
    }

    #[test]
    fn a_proxy_or_own_tls_makes_an_open_address_sound() {
        let mut config = sound();
        config.address = "0.0.0.0:443".parse().unwrap();
        config.tls.cert = Some("chain.pem".into());
        config.tls.key = Some("key.pem".into());
        assert_eq!(named(&config), Vec::<&str>::new());
        config.tls = Default::default();
        config.trusted_proxies = vec!["10.0.0.2".parse().unwrap()];
        assert_eq!(named(&config), Vec::<&str>::new());
    }
}
