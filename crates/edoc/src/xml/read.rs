use std::{collections::HashMap, sync::Arc};

use super::{
    Encoding, Limits, XmlError, XmlErrorKind,
    encoding::decode,
    parse::{RawElement, line_column, parse},
};
use crate::{
    name::{Name, edition},
    patch::id::ItemId,
    path::Path,
    registry::Registry,
    schema::{Schema, TypeRef},
    tree::{Content, Element, Tree},
};

/// What was noticed while reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadNotes {
    pub encoding: Encoding,
    /// The edition that the document is in, when it was read by another one.
    pub converted_from: Option<String>,
    /// Elements and attributes that the schema does not know; they are kept in the tree.
    pub unknown: Vec<Path>,
    /// Elements that stood out of the order of the schema; the tree has them in order.
    pub reordered: Vec<Path>,
    /// Texts beside child elements, which the tree cannot hold: line, column, text.
    pub stray_text: Vec<(usize, usize, String)>,
}

/// Reads a document with the usual bounds.
///
/// # Errors
/// What is wrong, with line and column.
pub fn read(bytes: &[u8], registry: &Registry) -> Result<(Tree, ReadNotes), XmlError> {
    read_bounded(bytes, registry, &Limits::default())
}

/// Reads a document with chosen bounds.
///
/// # Errors
/// What is wrong, with line and column.
pub fn read_bounded(
    bytes: &[u8],
    registry: &Registry,
    limits: &Limits,
) -> Result<(Tree, ReadNotes), XmlError> {
    if bytes.len() > limits.bytes {
        let kind = XmlErrorKind::Limit("bytes", limits.bytes);
        return Err(XmlError { line: 1, column: 1, kind });
    }
    let (text, encoding) = decode(bytes)?;
    let raw = parse(&text, limits, false)?;
    let schema = registry.for_root(&raw.name).ok_or_else(|| {
        let (line, column) = line_column(&text, raw.at);
        let cut = |s: &str| s.chars().take(200).collect();
        let kind =
            XmlErrorKind::UnknownKind { root: cut(&raw.name.local), namespace: cut(&raw.name.ns) };
        XmlError { line, column, kind }
    })?;
    let converted_from =
        (*raw.name.ns != *schema.kind().namespace).then(|| edition(&raw.name.ns).1.to_owned());
    let mut reader = Reader {
        schema: &schema,
        text: &text,
        stems: schema
            .namespaces()
            .iter()
            .map(|namespace| (edition(&namespace.uri).0, namespace.uri.clone()))
            .collect(),
        mapped: HashMap::new(),
        items: 0,
        notes: ReadNotes {
            encoding,
            converted_from,
            unknown: Vec::new(),
            reordered: Vec::new(),
            stray_text: Vec::new(),
        },
    };
    let root = reader.element(raw, Some(schema.root()), &Path::root());
    let notes = reader.notes;
    Ok((Tree { kind: schema.kind().clone(), root }, notes))
}

struct Reader<'a> {
    schema: &'a Schema,
    text: &'a str,
    stems: HashMap<&'a str, Arc<str>>,
    /// Namespaces of the document → those of the schema.
    mapped: HashMap<Arc<str>, Arc<str>>,
    items: u64,
    notes: ReadNotes,
}

impl Reader<'_> {
    /// The namespace of the schema that has the same stem; the edition may differ.
    fn namespace(&mut self, ns: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.mapped.get(ns) {
            return known.clone();
        }
        let exact = self.schema.namespaces().iter().find(|known| known.uri == *ns);
        let found = exact
            .map(|known| known.uri.clone())
            .or_else(|| self.stems.get(edition(ns).0).cloned())
            .unwrap_or_else(|| ns.clone());
        self.mapped.insert(ns.clone(), found.clone());
        found
    }

    fn element(&mut self, raw: RawElement, ty: Option<TypeRef>, path: &Path) -> Element {
        let name = Name { ns: self.namespace(&raw.name.ns), local: raw.name.local };
        let attrs = self.attributes(raw.attrs, ty, path);
        let index = ty.and_then(|ty| self.schema.index(ty));
        let blank = raw.text.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        if raw.children.is_empty() {
            let content = match index {
                Some(_) if blank => Content::Children(Vec::new()),
                _ => Content::Text(raw.text),
            };
            return Element { name, item: None, attrs, content };
        }
        if !blank {
            let (line, column) = line_column(self.text, raw.at);
            self.notes.stray_text.push((line, column, raw.text.trim().to_owned()));
        }
        let mut seen: Vec<(Name, u32)> = Vec::new();
        let mut children = Vec::with_capacity(raw.children.len());
        for child in raw.children {
            let child_name =
                Name { ns: self.namespace(&child.name.ns), local: child.name.local.clone() };
            let known = index.and_then(|index| index.by_name(&child_name));
            let before = match seen.iter_mut().find(|(name, _)| *name == child_name) {
                Some((_, count)) => {
                    *count += 1;
                    true
                }
                None => {
                    seen.push((child_name.clone(), 1));
                    false
                }
            };
            let wants_id = known.is_none_or(|known| known.repeats) || before;
            let item = wants_id.then(|| {
                self.items += 1;
                ItemId::file(self.items)
            });
            let below = match known {
                Some(known) => path.child(&known.step, item),
                None => {
                    let below = path.child(&crate::path::qualified_step(&child_name), item);
                    let inside_any = index.is_some_and(|index| index.any.is_some());
                    if ty.is_some() && !inside_any {
                        self.notes.unknown.push(below.clone());
                    }
                    below
                }
            };
            let mut child = self.element(child, known.map(|known| known.ty), &below);
            child.item = item;
            children.push(child);
        }
        if let Some(index) = index {
            let slots: Vec<_> = children.iter().map(|child| index.slot(&child.name)).collect();
            let mut highest = 0;
            for (child, slot) in children.iter().zip(slots) {
                if slot < highest {
                    let step = index.by_name(&child.name).map_or("", |known| &known.step);
                    self.notes.reordered.push(path.child(step, child.item));
                }
                highest = highest.max(slot);
            }
            children.sort_by_key(|child| index.slot(&child.name));
        }
        Element { name, item: None, attrs, content: Content::Children(children) }
    }

    fn attributes(
        &mut self,
        raw: Vec<(Name, String)>,
        ty: Option<TypeRef>,
        path: &Path,
    ) -> Vec<(Name, String)> {
        let declared = ty.map_or(&[][..], |ty| self.schema.attributes(ty));
        let order = |name: &Name| match name.ns.is_empty() {
            true => declared.iter().position(|a| *a.name == *name.local).unwrap_or(usize::MAX),
            false => usize::MAX,
        };
        let mut attrs = raw;
        for (name, _) in &attrs {
            let schema_instance = &*name.ns == "http://www.w3.org/2001/XMLSchema-instance";
            if ty.is_some() && order(name) == usize::MAX && !schema_instance {
                self.notes.unknown.push(path.join(&attribute_step(name)));
            }
        }
        attrs.sort_by(|a, b| order(&a.0).cmp(&order(&b.0)).then_with(|| a.0.cmp(&b.0)));
        attrs
    }
}

/// The step of an attribute in paths.
pub(crate) fn attribute_step(name: &Name) -> String {
    match name.ns.is_empty() {
        true => format!("@{}", name.local),
        false => format!("@{{{}}}{}", name.ns, name.local),
    }
}
