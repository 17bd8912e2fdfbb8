use std::sync::Arc;

use super::parse::XML_NS;
use crate::{
    name::Name,
    schema::{Schema, TypeRef},
    tree::{Content, Element, Tree},
};

/// Writes the canonical form; see the [module](super).
pub fn write(tree: &Tree, schema: &Schema) -> Vec<u8> {
    let mut writer = Writer { schema, prefixes: Vec::new(), out: String::new() };
    let root_ns = tree.root.name.ns.clone();
    let prefix = if default_is_unusable(&tree.root, &root_ns) { "own" } else { "" };
    writer.prefixes.push((root_ns, prefix.into()));
    writer.prefixes.push((XML_NS.into(), "xml".into()));
    let mut used = Vec::new();
    collect(&tree.root, &mut used);
    let known = schema.namespaces();
    for namespace in known {
        if used.contains(&namespace.uri) && writer.prefix(&namespace.uri).is_none() {
            writer.prefixes.push((namespace.uri.clone(), namespace.prefix.to_string()));
        }
    }
    let mut number = 0;
    for ns in used {
        if !ns.is_empty() && writer.prefix(&ns).is_none() {
            let prefix = loop {
                number += 1;
                let prefix = format!("ns{number}");
                if !writer.prefixes.iter().any(|(_, known)| *known == prefix) {
                    break prefix;
                }
            };
            writer.prefixes.push((ns, prefix));
        }
    }
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writer.element(&tree.root, Some(schema.root()), 0, true);
    writer.out.into_bytes()
}

/// The default namespace would be read wrongly: an element is in no namespace, or an attribute is
/// in the namespace of the root.
fn default_is_unusable(element: &Element, root_ns: &str) -> bool {
    !root_ns.is_empty()
        && (element.name.ns.is_empty()
            || element.attrs.iter().any(|(name, _)| *name.ns == *root_ns)
            || element.children().iter().any(|child| default_is_unusable(child, root_ns)))
}

/// Namespaces that elements and attributes use, in order.
fn collect(element: &Element, used: &mut Vec<Arc<str>>) {
    let names = std::iter::once(&element.name).chain(element.attrs.iter().map(|(name, _)| name));
    for name in names {
        if !used.contains(&name.ns) {
            used.push(name.ns.clone());
        }
    }
    element.children().iter().for_each(|child| collect(child, used));
}

struct Writer<'a> {
    schema: &'a Schema,
    /// The namespace of the root first; an empty prefix makes it the default one.
    prefixes: Vec<(Arc<str>, String)>,
    out: String,
}

impl Writer<'_> {
    fn prefix(&self, ns: &str) -> Option<&str> {
        self.prefixes.iter().find(|(known, _)| **known == *ns).map(|(_, prefix)| prefix.as_str())
    }

    fn name(&mut self, name: &Name) {
        let at = self.prefixes.iter().position(|(known, _)| *known == name.ns);
        if let Some((_, prefix)) = at.and_then(|at| self.prefixes.get(at))
            && !prefix.is_empty()
            && !name.ns.is_empty()
        {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(&name.local);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' => self.out.push_str("&#9;"),
                '\n' => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn declarations(&mut self) {
        for (ns, prefix) in std::mem::take(&mut self.prefixes) {
            match prefix.as_str() {
                "xml" => {}
                "" if ns.is_empty() => {}
                "" => self.attribute("xmlns", &ns),
                prefix => self.attribute(&format!("xmlns:{prefix}"), &ns),
            }
            self.prefixes.push((ns, prefix));
        }
    }

    fn element(&mut self, element: &Element, ty: Option<TypeRef>, depth: usize, root: bool) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
        self.out.push('<');
        self.name(&element.name);
        if root {
            self.declarations();
        }
        let declared = ty.map_or(&[][..], |ty| self.schema.attributes(ty));
        let mut attrs: Vec<_> = element.attrs.iter().collect();
        let order = |name: &Name| {
            let place = declared.iter().position(|a| name.ns.is_empty() && *a.name == *name.local);
            place.unwrap_or(usize::MAX)
        };
        attrs.sort_by(|a, b| order(&a.0).cmp(&order(&b.0)).then_with(|| a.0.cmp(&b.0)));
        for (name, value) in attrs {
            let start = self.out.len();
            self.name(name);
            let written = self.out.split_off(start);
            self.attribute(&written, value);
        }
        match &element.content {
            Content::Text(text) if !text.is_empty() => {
                self.out.push('>');
                self.text(text);
                self.end(&element.name);
            }
            Content::Children(children) if !children.is_empty() => {
                self.out.push_str(">\n");
                let index = ty.and_then(|ty| self.schema.index(ty));
                let mut ordered: Vec<_> = children
                    .iter()
                    .map(|child| (index.and_then(|index| index.by_name(&child.name)), child))
                    .collect();
                if let Some(index) = index {
                    ordered.sort_by_key(|(known, _)| {
                        known.map(|known| known.slot).or(index.any).unwrap_or(u32::MAX)
                    });
                }
                for (known, child) in ordered {
                    self.element(child, known.map(|known| known.ty), depth + 1, false);
                }
                for _ in 0..depth {
                    self.out.push_str("  ");
                }
                self.end(&element.name);
            }
            _ => self.out.push_str("/>\n"),
        }
    }

    fn end(&mut self, name: &Name) {
        self.out.push_str("</");
        self.name(name);
        self.out.push_str(">\n");
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#13;"),
                c => self.out.push(c),
            }
        }
    }
}
