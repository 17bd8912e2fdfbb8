//! XML in and out.
//!
//! **Reading** ([`read`]) accepts UTF-8, UTF-16 and windows-1251, refuses DTDs and entities other
//! than the five of XML, bounds everything, and keeps what the schema does not know. A document of
//! an edition that is not loaded is read by the newest edition of the same kind; [`ReadNotes`]
//! says so.
//!
//! **Writing** ([`write()`]) is canonical: the same tree always gives the same bytes.
//! * UTF-8 without a byte order mark; the declaration `<?xml version="1.0" encoding="UTF-8"?>`;
//!   every line ends with one LF, also the last.
//! * The namespace of the root is the default one. The others that the document uses are declared
//!   on the root in the order of the schema with the prefixes of the schema, then those that the
//!   schema does not know as `ns1`, `ns2`… in the order of their first use. Only when an element
//!   is in no namespace, or an attribute in that of the root, the root's gets the prefix `own`.
//! * Attributes follow the declarations: those of the schema in its order, then the others.
//! * Elements stand in the order of the schema, one to a line, indented by two spaces a level.
//!   Text stands between its tags on one line, untouched. An element without content is `<a/>`.
//! * `& < >` and CR are escaped in text; `& < "`, TAB, LF and CR in attributes.

mod encoding;
pub(crate) mod parse;
mod read;
mod text;
mod write;

pub use encoding::Encoding;
pub(crate) use parse::RawElement;
pub(crate) use read::attribute_step;
pub use read::{ReadNotes, StrayText, read, read_bounded};
pub use write::write;

/// How much a document may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    pub elements: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, elements: 500_000, depth: 48, attributes: 100, text: 32 << 20 }
    }
}

/// Why bytes cannot be read as a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct XmlError {
    /// Counted from one.
    pub line: usize,
    /// Counted from one, in characters.
    pub column: usize,
    pub kind: XmlErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlErrorKind {
    #[error("not well-formed XML: {0}")]
    Syntax(&'static str),
    #[error("the end tag </{found}> stands where </{expected}> is expected")]
    EndTag { expected: String, found: String },
    #[error("the prefix «{0}» is not declared")]
    Prefix(String),
    #[error("the entity «&{0}» is not one of &lt; &gt; &amp; &apos; &quot; or a character number")]
    Entity(String),
    #[error("a document type declaration (DTD) is not allowed in documents of the album")]
    Dtd,
    #[error("the bytes are not {0}; the encoding must be the one that the file declares")]
    Encoding(String),
    #[error("the encoding «{0}» is not supported: UTF-8, UTF-16 or windows-1251 is expected")]
    UnknownEncoding(String),
    #[error("more than {1} {0}")]
    Limit(&'static str, usize),
    #[error(
        "«{root}» of namespace «{namespace}» is not a document of the loaded album; import its \
         edition, or check the namespace of the root element"
    )]
    UnknownKind { root: String, namespace: String },
}

/// Characters that XML 1.0 can hold.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..='\u{10FFFF}')
}

/// Parses bytes without a schema; gives the decoded text too, for lines and columns.
pub(crate) fn parse_bytes(bytes: &[u8], limits: &Limits) -> Result<(RawElement, String), XmlError> {
    let (text, _) = encoding::decode(bytes)?;
    let root = parse::parse(&text, limits, true)?;
    Ok((root, text))
}
