//! Reading the bytes that will be signed, so that what is shown is what is signed. The browser's own
//! XML parser does it: the document engine wrote the bytes, and a second reader proves them.

use edoc::tree::Element;

/// The root element of a document; `None` when the bytes are not well-formed XML in UTF-8.
/// Elements have no item ids.
#[cfg(feature = "hydrate")]
pub fn parse(bytes: &[u8]) -> Option<Element> {
    use web_sys::{DomParser, SupportedType};

    let text = std::str::from_utf8(bytes).ok()?;
    let document =
        DomParser::new().ok()?.parse_from_string(text, SupportedType::ApplicationXml).ok()?;
    let root = document.document_element()?;
    // A parser that fails says so in an element of this name.
    let failed = root.get_elements_by_tag_name("parsererror").length() > 0;
    (!failed && root.local_name() != "parsererror").then(|| element(&root))
}

#[cfg(feature = "hydrate")]
fn element(node: &web_sys::Element) -> Element {
    use edoc::{name::Name, tree::Content};

    let namespace = node.namespace_uri().unwrap_or_default();
    let name = Name::new(namespace.as_str(), node.local_name().as_str());
    let mut children = Vec::new();
    let mut next = node.first_element_child();
    while let Some(child) = next {
        children.push(element(&child));
        next = child.next_element_sibling();
    }
    let content = match children.is_empty() {
        true => Content::Text(node.text_content().unwrap_or_default()),
        false => Content::Children(children),
    };
    Element::new(name, content)
}

/// Nothing is signed on the server, and nothing shown for it.
#[cfg(not(feature = "hydrate"))]
pub fn parse(_bytes: &[u8]) -> Option<Element> {
    None
}
