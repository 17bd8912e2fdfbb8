//! Paths to fields of a document.
//!
//! The text form is `GoodsInfo[x3]/OriginCountry/CountryCode`: steps from the root's children
//! downwards (the root itself is not named), an item id in brackets where an element repeats, and
//! `@DocumentModeID` as the last step for an attribute. A step is the local name where that is
//! unambiguous in the type of its parent, and `{namespace}local` otherwise; elements that the
//! schema does not know are always written with their namespace.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    name::{Name, is_ncname},
    patch::id::{ItemId, serde_as_text},
};

/// Steps of the deepest path that is accepted.
pub const MAX_DEPTH: usize = 64;
const MAX_LENGTH: usize = 100_000;

/// A path, held as its text. Cheap to clone; compares and hashes as text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Arc<str>);

/// One step of a [`Path`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    pub attribute: bool,
    pub ns: Option<&'a str>,
    pub local: &'a str,
    pub item: Option<ItemId>,
    /// The step without its item id: `Documents`, `{urn:x}Extra`, `@DocumentModeID`.
    pub text: &'a str,
}

/// Why a text is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("the path is longer than {MAX_LENGTH} bytes or deeper than {MAX_DEPTH} steps")]
    TooLong,
    #[error(
        "step «{0}» of the path cannot be read: a name, `{{namespace}}name`, `name[item]`, or \
         `@attribute` as the last step is expected"
    )]
    Step(String),
}

impl Path {
    /// The path of the root element.
    pub fn root() -> Self {
        Self("".into())
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A path from text that is known to be well formed.
    pub(crate) fn trusted(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// Appends a step: a schema step text such as `Consignor` or `@DocumentModeID`.
    #[must_use]
    pub fn join(&self, step: &str) -> Self {
        match self.0.is_empty() {
            true => Self(step.into()),
            false => Self(format!("{}/{step}", self.0).into()),
        }
    }

    /// The same path with the last step naming one item of the repeated element.
    #[must_use]
    pub fn item(&self, item: ItemId) -> Self {
        Self(format!("{}[{item}]", self.0).into())
    }

    /// A step downwards, into an item when one is given.
    #[must_use]
    pub fn child(&self, step: &str, item: Option<ItemId>) -> Self {
        crate::trail::Trail::From(self).to(step, item)
    }

    /// The path above, or `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let cut = Cuts::new(&self.0).last().unwrap_or(0);
        Some(Self(self.0[..cut].into()))
    }

    /// The last step, or `None` for the root.
    pub fn last(&self) -> Option<Step<'_>> {
        self.steps().last()
    }

    /// The path of the repeated element as a whole and the item, when the last step names one:
    /// `GoodsInfo[x3]` → (`GoodsInfo`, `x3`).
    pub fn split_item(&self) -> Option<(Self, ItemId)> {
        let item = self.last()?.item?;
        let open = self.0.rfind('[')?;
        Some((Self(self.0[..open].into()), item))
    }

    /// Steps from the root downwards.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        split(&self.0).filter_map(|text| Step::parse(text).ok())
    }

    /// Paths above this one, the nearest first, without the root.
    pub fn ancestors(&self) -> Vec<Self> {
        let mut cuts: Vec<_> = Cuts::new(&self.0).collect();
        cuts.reverse();
        cuts.into_iter().map(|cut| Self(self.0[..cut].into())).collect()
    }

    /// True when this path is `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        match self.0.strip_prefix(&*other.0) {
            Some(rest) => other.is_root() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }

    /// True when some step names an item.
    pub fn items(&self) -> impl Iterator<Item = ItemId> {
        self.steps().filter_map(|step| step.item)
    }
}

impl std::borrow::Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'a> Step<'a> {
    fn parse(text: &'a str) -> Result<Self, PathError> {
        let bad = || PathError::Step(text.chars().take(60).collect());
        let (attribute, rest) = match text.strip_prefix('@') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (ns, rest) = match rest.strip_prefix('{') {
            Some(rest) => {
                let (ns, rest) = rest.split_once('}').ok_or_else(bad)?;
                if ns.contains(['{', '[', ']']) {
                    return Err(bad());
                }
                (Some(ns), rest)
            }
            None => (None, rest),
        };
        let (local, item) = match rest.strip_suffix(']') {
            Some(rest) => {
                let (local, item) = rest.split_once('[').ok_or_else(bad)?;
                (local, Some(item.parse().map_err(|_| bad())?))
            }
            None => (rest, None),
        };
        if !is_ncname(local) || (attribute && item.is_some()) {
            return Err(bad());
        }
        let text = &text[..text.len() - (rest.len() - local.len())];
        Ok(Self { attribute, ns, local, item, text })
    }
}

/// Text of a step for an element or attribute that has to be told apart by its namespace.
pub(crate) fn qualified_step(name: &Name) -> String {
    format!("{{{}}}{}", name.ns, name.local)
}

/// Places of the slashes that part steps; those inside a namespace do not count.
struct Cuts<'a> {
    bytes: &'a [u8],
    at: usize,
    braces: bool,
}

impl<'a> Cuts<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, braces: false }
    }
}

impl Iterator for Cuts<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => self.braces = true,
                b'}' => self.braces = false,
                b'/' if !self.braces => return Some(self.at - 1),
                _ => {}
            }
        }
        None
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let end = (!text.is_empty()).then_some(text.len());
    let mut from = 0;
    Cuts::new(text).chain(end).map(move |cut| {
        let step = &text[from..cut];
        from = cut + 1;
        step
    })
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_LENGTH {
            return Err(PathError::TooLong);
        }
        let mut depth = 0;
        let mut attribute = None;
        for step in split(text) {
            depth += 1;
            if depth > MAX_DEPTH {
                return Err(PathError::TooLong);
            }
            if let Some(attribute) = attribute {
                return Err(PathError::Step(attribute));
            }
            if Step::parse(step)?.attribute {
                attribute = Some(step.to_owned());
            }
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "«{}»", self.0)
    }
}

use serde::{Deserializer, Serializer, de::Error as _};
serde_as_text!(Path);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    #[test]
    fn steps_and_parents() {
        let p = path("GoodsInfo[k3]/{http://a/b}X[x1]/@Code");
        let steps: Vec<_> = p.steps().collect();
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0].item, "k3".parse().ok());
        assert_eq!((steps[1].ns, steps[1].local), (Some("http://a/b"), "X"));
        assert_eq!(steps[1].text, "{http://a/b}X");
        assert!(steps[2].attribute);
        assert_eq!(p.parent(), Some(path("GoodsInfo[k3]/{http://a/b}X[x1]")));
        let (list, item) = path("A/GoodsInfo[k3]").split_item().unwrap();
        assert_eq!((list, item.to_string().as_str()), (path("A/GoodsInfo"), "k3"));
        assert_eq!(Path::root().steps().count(), 0);
        assert!(p.is_within(&path("GoodsInfo[k3]")) && !path("AB").is_within(&path("A")));
    }

    #[test]
    fn bad_texts_are_refused() {
        for bad in ["/", "A/", "A//B", "A[", "A[1]", "{u", "@a/b", "A b", "@a[x1]", "A[x1]b"] {
            assert!(bad.parse::<Path>().is_err(), "{bad}");
        }
        assert_eq!("A/".repeat(70).parse::<Path>(), Err(PathError::TooLong));
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            if let Ok(path) = text.parse::<Path>() {
                prop_assert_eq!(path.to_string(), text);
                let _ = (path.parent(), path.ancestors(), path.split_item());
            }
        }
    }
}
