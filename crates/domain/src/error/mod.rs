//! The one error that crosses the wire: what is wrong, with which field, and what to do.

mod messages;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;
use crate::lang::Lang;

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nobody is signed in, or the session ended.
    NotSignedIn,
    /// The session is locked after idleness.
    Locked,
    /// Signed in, but no cabinet is chosen.
    NoCabinet,
    Forbidden,
    NotFound,
    /// Some of the input is wrong; see the fields.
    Invalid,
    /// Someone else changed it, or it is already in another state.
    Conflict,
    TooManyRequests,
    TooLarge,
    /// An outside system does not answer; its name is the argument `system`.
    Unavailable,
    /// A term or a link has run out.
    Expired,
    Internal,
}

impl ErrorCode {
    pub const ALL: [Self; 12] = [
        Self::NotSignedIn,
        Self::Locked,
        Self::NoCabinet,
        Self::Forbidden,
        Self::NotFound,
        Self::Invalid,
        Self::Conflict,
        Self::TooManyRequests,
        Self::TooLarge,
        Self::Unavailable,
        Self::Expired,
        Self::Internal,
    ];

    /// The name on the wire; also the key of its general message.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::Locked => "locked",
            Self::NoCabinet => "no_cabinet",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::TooManyRequests => "too_many_requests",
            Self::TooLarge => "too_large",
            Self::Unavailable => "unavailable",
            Self::Expired => "expired",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One wrong field. The texts are in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldError {
    /// Path of the field, e.g. `contacts.email`.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl FieldError {
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: what.into(), right: None, remedy: None }
    }

    /// A field that should hold an identifier and does not.
    pub fn id(path: impl Into<String>, error: &IdError, lang: Lang) -> Self {
        Self::new(path, error.what(lang)).right(error.right(lang))
    }

    #[must_use]
    pub fn right(mut self, right: impl Into<String>) -> Self {
        self.right = Some(right.into());
        self
    }

    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// A refusal as it is sent: machine-readable, and told to a person by [`WireError::text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    pub code: ErrorCode,
    /// Key of the message, e.g. `document.changed`.
    pub message: String,
    /// Values for `{name}` in the messages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Key of the remedy, when it is another than the message's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Names the request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl WireError {
    /// An error with a message of its own. A key that has no text falls back to the text of `code`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            args: BTreeMap::new(),
            fields: Vec::new(),
            remedy: None,
            request_id: None,
        }
    }

    /// An error with the general message of its code.
    pub fn of(code: ErrorCode) -> Self {
        Self::new(code, code.as_str())
    }

    #[must_use]
    pub fn arg(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.args.insert(name.into(), value.to_string());
        self
    }

    #[must_use]
    pub fn field(mut self, field: FieldError) -> Self {
        self.fields.push(field);
        self
    }

    /// Takes the remedy of another key.
    #[must_use]
    pub fn remedy(mut self, key: impl Into<String>) -> Self {
        self.remedy = Some(key.into());
        self
    }

    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// What is wrong.
    pub fn cause_text(&self, lang: Lang) -> String {
        let message = messages::find(&self.message).or_else(|| messages::find(self.code.as_str()));
        message.map(|found| self.fill(found.cause(lang))).unwrap_or_default()
    }

    /// What to do; empty when there is nothing to advise.
    pub fn remedy_text(&self, lang: Lang) -> String {
        let key = self.remedy.as_deref().unwrap_or(&self.message);
        let message = messages::find(key).or_else(|| messages::find(self.code.as_str()));
        message.map(|found| self.fill(found.remedy(lang))).unwrap_or_default()
    }

    /// The cause and the remedy in one paragraph.
    pub fn text(&self, lang: Lang) -> String {
        [self.cause_text(lang), self.remedy_text(lang)]
            .into_iter()
            .filter(|sentence| !sentence.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Puts the arguments in place of `{name}`.
    fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            match after.split_once('}') {
                Some((name, after)) => {
                    text.push_str(self.args.get(name).map_or("…", String::as_str));
                    rest = after;
                }
                None => {
                    text.push('{');
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        text
    }
}

/// For logs: the code and the key, not the translated text.
impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        for (name, value) in &self.args {
            write!(f, ", {name}={value}")?;
        }
        for field in &self.fields {
            write!(f, "; {}: {}", field.path, field.what)?;
        }
        Ok(())
    }
}

impl std::error::Error for WireError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_general_message_and_its_name_on_the_wire() {
        for code in ErrorCode::ALL {
            assert!(messages::find(code.as_str()).is_some(), "{code}");
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert!(!WireError::of(code).remedy_text(Lang::Ru).is_empty(), "{code}");
        }
    }

    #[test]
    fn cause_and_remedy_are_told_in_both_languages() {
        let error = WireError::of(ErrorCode::Unavailable).arg("system", "ЕСИА");
        assert!(error.text(Lang::Ru).starts_with("Система «ЕСИА» не отвечает."));
        assert!(error.text(Lang::En).starts_with("The system “ЕСИА” does not answer."));
        assert_eq!(error.to_string(), "unavailable: unavailable, system=ЕСИА");
    }

    #[test]
    fn unknown_keys_fall_back_to_the_code() {
        let error = WireError::new(ErrorCode::Conflict, "no.such.key");
        assert_eq!(error.text(Lang::En), WireError::of(ErrorCode::Conflict).text(Lang::En));
    }

    #[test]
    fn a_remedy_of_another_key_replaces_the_own_one() {
        let error = WireError::of(ErrorCode::Forbidden).remedy("not_signed_in");
        assert_eq!(
            error.remedy_text(Lang::Ru),
            WireError::of(ErrorCode::NotSignedIn).remedy_text(Lang::Ru)
        );
    }

    #[test]
    fn missing_arguments_and_stray_braces_are_survived() {
        let error = WireError::of(ErrorCode::Invalid).arg("a", 1);
        assert_eq!(error.fill("{a} {b} {c"), "1 … {c");
    }

    #[test]
    fn it_reads_back_from_json() {
        let wrong = "7707083894".parse::<crate::ids::Inn>().unwrap_err();
        let error = WireError::of(ErrorCode::Invalid)
            .field(FieldError::id("consignor.inn", &wrong, Lang::Ru))
            .request_id("r-1");
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<WireError>(&json).unwrap(), error);
        let short = r#"{"code":"not_found","message":"not_found"}"#;
        assert_eq!(
            serde_json::from_str::<WireError>(short).unwrap(),
            WireError::of(ErrorCode::NotFound)
        );
    }
}
