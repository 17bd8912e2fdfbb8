//! Names of elements and attributes: a namespace and a local part (Namespaces in XML 1.0).

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// An expanded name. An empty `ns` means that the name is in no namespace, as attributes of the
/// album's documents are.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    pub ns: Arc<str>,
    pub local: Arc<str>,
}

impl Name {
    pub fn new(ns: impl Into<Arc<str>>, local: impl Into<Arc<str>>) -> Self {
        Self { ns: ns.into(), local: local.into() }
    }

    /// A name in no namespace.
    pub fn plain(local: impl Into<Arc<str>>) -> Self {
        Self::new("", local)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ns.is_empty() {
            f.write_str(&self.local)
        } else {
            write!(f, "{{{}}}{}", self.ns, self.local)
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Splits a versioned namespace of the album into its stem and its edition:
/// `urn:…:StaticForm:5.23.0` → (`urn:…:StaticForm`, `5.23.0`). A namespace whose last part is not
/// a number has an empty edition.
pub fn edition(namespace: &str) -> (&str, &str) {
    match namespace.rsplit_once(':') {
        Some((stem, version)) if is_edition(version) => (stem, version),
        _ => (namespace, ""),
    }
}

fn is_edition(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    text.split('.')
        .all(|part| !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Orders editions by their numbers: `5.9.0` < `5.23.0` < `5.24`.
pub fn compare_editions(a: &str, b: &str) -> std::cmp::Ordering {
    let numbers = |text: &str| -> Vec<u32> {
        text.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    numbers(a).cmp(&numbers(b)).then_with(|| a.cmp(b))
}

/// True for a name that XML allows without a colon (NCName), bounded to 200 characters.
pub fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    text.len() <= 400
        && chars.next().is_some_and(is_name_start)
        && chars.all(|c| is_name_start(c) || is_name_rest(c))
}

pub(crate) fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

pub(crate) fn is_name_rest(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_split_and_ordered() {
        assert_eq!(edition("urn:customs.ru:A:5.23.0"), ("urn:customs.ru:A", "5.23.0"));
        assert_eq!(edition("urn:EEC:M:v0.4.14"), ("urn:EEC:M", "v0.4.14"));
        assert_eq!(edition("urn:none"), ("urn:none", ""));
        assert!(compare_editions("5.9.0", "5.23.0").is_lt());
        assert!(compare_editions("5.24", "5.23.9").is_gt());
    }

    #[test]
    fn names_follow_xml() {
        assert!(is_ncname("E_mail") && is_ncname("Граф-1.а"));
        assert!(!is_ncname("1a") && !is_ncname("a:b") && !is_ncname("") && !is_ncname("a b"));
    }
}
