//! Reading of small XML into a tree, with bounds and without DTD or entities.

use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesStart, Event},
    name::ResolveResult,
};

/// Deepest nesting that is read.
const DEPTH: usize = 64;

/// An element with resolved namespace.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Namespace URI; empty when there is none.
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Attributes by name as written, `xmlns` excepted.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    /// All character data directly inside, concatenated.
    pub(crate) text: String,
}

impl Node {
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// First child of this name, whatever its namespace.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Text of the first child of this name, trimmed; `None` when absent or empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }
}

/// Reads one document in UTF-8.
///
/// # Errors
/// A sentence saying what is wrong and at which byte.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    loop {
        let at = reader.buffer_position();
        let (namespace, event) =
            reader.read_resolved_event().map_err(|error| format!("{error} at byte {at}"))?;
        let done = match event {
            Event::Start(start) => {
                if open.len() >= DEPTH {
                    return Err(format!("nesting deeper than {DEPTH} at byte {at}"));
                }
                open.push(
                    element(namespace, &start).map_err(|what| format!("{what} at byte {at}"))?,
                );
                None
            }
            Event::Empty(start) => {
                Some(element(namespace, &start).map_err(|what| format!("{what} at byte {at}"))?)
            }
            Event::End(_) => open.pop(),
            Event::Text(text) => {
                append(&mut open, &text.xml10_content(), at)?;
                None
            }
            Event::CData(text) => {
                append(&mut open, &text.xml10_content(), at)?;
                None
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string(),
                    Ok(None) => match &*reference.xml10_content() {
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "amp" => "&".to_owned(),
                        "quot" => "\"".to_owned(),
                        "apos" => "'".to_owned(),
                        other => return Err(format!("unknown entity &{other}; at byte {at}")),
                    },
                    Err(error) => return Err(format!("{error} at byte {at}")),
                };
                append(&mut open, &character, at)?;
                None
            }
            Event::DocType(_) => return Err(format!("DTD is not allowed, at byte {at}")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => None,
            Event::Eof => break,
        };
        if let Some(node) = done {
            match open.last_mut() {
                Some(parent) => parent.children.push(node),
                None if root.is_none() => root = Some(node),
                None => return Err(format!("a second root element at byte {at}")),
            }
        }
    }
    if let Some(node) = open.last() {
        return Err(format!("element {} is not closed", node.name));
    }
    root.ok_or_else(|| "no root element".to_owned())
}

fn element(namespace: ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Node, String> {
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.0.to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => return Err(format!("unknown prefix {prefix:?}")),
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.0;
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        attributes.push((name.to_owned(), value.into_owned()));
    }
    let name = start.local_name().into_inner().to_owned();
    Ok(Node { namespace, name, attributes, ..Node::default() })
}

fn append(open: &mut [Node], text: &str, at: u64) -> Result<(), String> {
    match open.last_mut() {
        Some(node) => {
            node.text.push_str(text);
            Ok(())
        }
        None if text.trim().is_empty() => Ok(()),
        None => Err(format!("text outside of the root element at byte {at}")),
    }
}

/// Escapes text for element content and double-quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn reads_namespaces_attributes_and_text() {
        let node = parse(
            b"<?xml version=\"1.0\"?><a:x xmlns:a=\"urn:a\" k=\"1&amp;2\"><y xmlns=\"urn:b\"> t&lt;\
              <![CDATA[<z>]]>&#x41;</y></a:x>",
        )
        .unwrap();
        assert!(node.is("urn:a", "x"));
        assert_eq!(node.attribute("k"), Some("1&2"));
        assert!(node.child("y").unwrap().is("urn:b", "y"));
        assert_eq!(node.value("y"), Some("t<<z>A"));
    }

    #[test]
    fn refuses_what_is_not_one_plain_document() {
        for (bytes, what) in [
            (&b"<!DOCTYPE x [<!ENTITY e 'v'>]><x>&e;</x>"[..], "DTD"),
            (b"<x>&e;</x>", "unknown entity"),
            (b"<x/><y/>", "second root"),
            (b"<x>", "not closed"),
            (b"", "no root"),
            (b"text", "outside"),
            (b"<p:x/>", "unknown prefix"),
            (b"<x>\xff</x>", "not UTF-8"),
        ] {
            let error = parse(bytes).unwrap_err();
            assert!(error.contains(what), "{error}");
        }
        assert!(parse("<x>".repeat(100).as_bytes()).unwrap_err().contains("deeper"));
    }

    proptest! {
        #[test]
        fn no_input_panics(text in "[<>/a-b:=\"'&;!\\[\\]? xmlnsCDATA-]{0,80}") {
            let _ = parse(text.as_bytes());
        }

        #[test]
        fn escaped_text_reads_back(text in "[ -~А-я]{0,40}") {
            let xml = format!("<x k=\"{0}\">{0}</x>", escape(&text));
            let node = parse(xml.as_bytes()).unwrap();
            prop_assert_eq!(node.attribute("k"), Some(&*text));
            prop_assert_eq!(node.text, text);
        }
    }
}
