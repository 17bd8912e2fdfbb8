//! `CABINET_*` variables.

use super::ConfigError;

/// A setting that a variable can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Path in the file: `esia.url`.
    pub path: &'static str,
    pub kind: Kind,
}

/// How the text of a variable is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Flag,
    /// Separated by commas.
    List,
}

impl Key {
    /// The variable: `esia.url` is `CABINET_ESIA_URL`.
    pub fn variable(&self) -> String {
        format!("CABINET_{}", self.path.replace('.', "_").to_uppercase())
    }
}

const fn text(path: &'static str) -> Key {
    Key { path, kind: Kind::Text }
}

const fn number(path: &'static str) -> Key {
    Key { path, kind: Kind::Number }
}

const fn flag(path: &'static str) -> Key {
    Key { path, kind: Kind::Flag }
}

const fn list(path: &'static str) -> Key {
    Key { path, kind: Kind::List }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    flag("dev"),
    text("address"),
    text("public_url"),
    text("data"),
    text("site"),
    text("database_url"),
    list("trusted_proxies"),
    number("shutdown_seconds"),
    text("log.format"),
    text("log.filter"),
    text("tls.cert"),
    text("tls.key"),
    text("metrics.address"),
    number("limits.address_per_minute"),
    number("limits.session_per_minute"),
    number("limits.sign_in_per_minute"),
    number("limits.body_bytes"),
    number("limits.upload_bytes"),
    number("session.idle_lock_seconds"),
    number("session.idle_end_seconds"),
    number("session.absolute_end_seconds"),
    number("drafts.keep_days"),
    number("drafts.checkpoint_seconds"),
    number("drafts.correction_days"),
    flag("sandbox.enabled"),
    text("sandbox.address"),
    text("sandbox.smtp_address"),
    flag("sandbox.fast"),
    text("sandbox.esia_key"),
    text("esia.url"),
    text("esia.client_id"),
    text("esia.key"),
    text("esia.signature_order"),
    text("esia.certificate"),
    text("esia.certificate_hash"),
    text("esia.issuer"),
    text("esia.verifying_key"),
    text("customs.url"),
    text("customs.sender_id"),
    text("customs.receiver_id"),
    text("tax.url"),
    text("authority.url"),
    text("authority.roots"),
    text("authority.folder"),
    flag("authority.software_signature"),
    text("signature.revocation"),
    list("signature.algorithms"),
    list("signature.qualified_issuers"),
    list("signature.ways"),
    list("signature.qualified_ways"),
    text("signature.timestamp.url"),
    text("signature.timestamp.plugin_url"),
    flag("signature.timestamp.required"),
    text("signature.mobile.url"),
    text("signature.mobile.api_key"),
    text("signature.mobile.region"),
    text("signature.mobile.service"),
    text("signature.mobile.target"),
    text("signature.mobile.mnemonic"),
    number("signature.mobile.wait_seconds"),
    text("mail.smtp"),
    text("mail.user"),
    text("mail.password"),
    text("mail.tls"),
    text("mail.from"),
];

/// Variables of the project's tools that are no settings of the server.
const FOREIGN: &[&str] = &["CABINET_CACHE", "CABINET_CONFIG", "CABINET_TEST_", "CABINET_E2E_"];

/// Puts every `CABINET_*` variable into the table.
pub(super) fn overlay(
    table: &mut toml::Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    for (name, value) in variables {
        if !name.starts_with("CABINET_") || FOREIGN.iter().any(|f| name.starts_with(f)) {
            continue;
        }
        let key = KEYS.iter().find(|key| key.variable() == name).ok_or_else(|| {
            ConfigError::UnknownVariable { hint: hint(&name), name: name.clone() }
        })?;
        put(table, key.path, parse(&name, key.kind, &value)?);
    }
    Ok(())
}

fn parse(name: &str, kind: Kind, value: &str) -> Result<toml::Value, ConfigError> {
    let wrong = |right: &str| ConfigError::Malformed {
        origin: name.to_owned(),
        message: format!("expected {right}, found {value:?}"),
    };
    match kind {
        Kind::Text => Ok(value.into()),
        Kind::Number => value
            .parse::<u32>()
            .map(|number| i64::from(number).into())
            .map_err(|_| wrong("a whole number")),
        Kind::Flag => match value {
            "true" | "1" => Ok(true.into()),
            "false" | "0" | "" => Ok(false.into()),
            _ => Err(wrong("true or false")),
        },
        Kind::List => Ok(value
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(toml::Value::from)
            .collect::<Vec<_>>()
            .into()),
    }
}

fn put(table: &mut toml::Table, path: &str, value: toml::Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), value);
        }
        Some((section, rest)) => {
            let section =
                table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(section) = section {
                put(section, rest, value);
            }
        }
    }
}

/// The setting whose name shares the most with a mistaken one.
fn hint(name: &str) -> String {
    let shared = |variable: &str| {
        let forward = variable.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        let backward =
            variable.bytes().rev().zip(name.bytes().rev()).take_while(|(a, b)| a == b).count();
        forward + backward
    };
    KEYS.iter()
        .map(Key::variable)
        .max_by_key(|variable| shared(variable))
        .map(|variable| format!("; did you mean {variable}?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    #[test]
    fn every_variable_reaches_its_setting() {
        for key in KEYS {
            let value = match (key.kind, key.path) {
                (Kind::Number, _) => "7",
                (Kind::Flag, _) => "true",
                (Kind::List, "trusted_proxies") => "10.0.0.1, ::1",
                (Kind::List, "signature.ways" | "signature.qualified_ways") => "plugin, container",
                (Kind::List, _) => "some, other",
                (Kind::Text, "log.format") => "json",
                (Kind::Text, "sandbox.esia_key") => "gost",
                (Kind::Text, "esia.signature_order") => "reversed",
                (Kind::Text, "esia.certificate_hash") => "streebog256",
                (Kind::Text, "signature.revocation") => "try",
                (Kind::Text, "mail.tls") => "starttls",
                (Kind::Text, path) if path.ends_with("address") => "127.0.0.1:9",
                (Kind::Text, _) => "some",
            };
            let config = Config::load(None, [(key.variable(), value.to_owned())]).unwrap();
            assert_ne!(config, Config::default(), "{} changes nothing", key.variable());
        }
    }

    #[test]
    fn a_mistaken_variable_is_refused_with_a_hint() {
        let error = Config::load(None, [("CABINET_DATABSE_URL".into(), "x".into())]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CABINET_DATABSE_URL is not a setting of the cabinet; did you mean CABINET_DATABASE_URL?"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused() {
        let error = Config::load(None, [("CABINET_DEV".into(), "yes".into())]).unwrap_err();
        assert_eq!(error.to_string(), "CABINET_DEV: expected true or false, found \"yes\"");
    }

    #[test]
    fn the_tools_own_variables_are_left_alone() {
        assert_eq!(
            Config::load(None, [("CABINET_TEST_POSTGRES".into(), "x".into())]).unwrap(),
            Config::default()
        );
    }
}
