use std::{collections::HashMap, sync::Arc};

use super::{
    Encoding, Limits, XmlError, XmlErrorKind,
    encoding::decode,
    parse::{RawElement, line_column, parse},
};
use crate::{
    name::{Name, edition},
    patch::id::ItemId,
    path::{Path, qualified_step},
    registry::Registry,
    schema::{Schema, TypeRef},
    trail::Trail,
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
    /// Texts beside child elements, which the tree cannot hold.
    pub stray_text: Vec<StrayText>,
}

/// A text that stood beside child elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayText {
    /// The element that the text stood in.
    pub path: Path,
    /// Where the element begins, counted from one; the column in characters.
    pub line: usize,
    pub column: usize,
    pub text: String,
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
        mapped: Vec::new(),
        items: 0,
        notes: ReadNotes {
            encoding,
            converted_from,
            unknown: Vec::new(),
            reordered: Vec::new(),
            stray_text: Vec::new(),
        },
    };
    let root = reader.element(raw, Some(schema.root()), &Trail::From(&Path::root()));
    let notes = reader.notes;
    Ok((Tree { kind: schema.kind().clone(), root }, notes))
}

struct Reader<'a> {
    schema: &'a Schema,
    text: &'a str,
    stems: HashMap<&'a str, Arc<str>>,
    /// Namespaces of the document → those of the schema.
    mapped: Vec<(Arc<str>, Arc<str>)>,
    items: u64,
    notes: ReadNotes,
}

impl Reader<'_> {
    /// The namespace of the schema that has the same stem; the edition may differ.
    fn namespace(&mut self, ns: &Arc<str>) -> Arc<str> {
        if let Some((_, known)) = self.mapped.iter().find(|(from, _)| Arc::ptr_eq(from, ns)) {
            return known.clone();
        }
        let exact = self.schema.namespaces().iter().find(|known| known.uri == *ns);
        let found = exact
            .map(|known| known.uri.clone())
            .or_else(|| self.stems.get(edition(ns).0).cloned())
            .unwrap_or_else(|| ns.clone());
        // One entry a declaration; a document that declares again and again gets no slower.
        if self.mapped.len() < 64 {
            self.mapped.push((ns.clone(), found.clone()));
        }
        found
    }

    fn element(&mut self, raw: RawElement, ty: Option<TypeRef>, trail: &Trail<'_>) -> Element {
        let name = Name { ns: self.namespace(&raw.name.ns), local: raw.name.local };
        let attrs = self.attributes(raw.attrs, ty, trail);
        let schema = self.schema;
        let index = ty.and_then(|ty| schema.index(ty));
        let blank = raw.text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        if raw.children.is_empty() {
            let content = match index {
                Some(_) if blank => Content::Children(Vec::new()),
                _ => Content::Text(raw.text),
            };
            return Element { name, item: None, attrs, content };
        }
        if !blank {
            let (line, column) = line_column(self.text, raw.at);
            let text = raw.text.trim().to_owned();
            self.notes.stray_text.push(StrayText { path: trail.path(), line, column, text });
        }
        let mut seen = vec![false; index.map_or(0, |index| index.children.len())];
        let mut children: Vec<Element> = Vec::with_capacity(raw.children.len());
        let mut slots = Vec::with_capacity(raw.children.len());
        let (mut highest, mut in_order) = (0, true);
        for child in raw.children {
            let child_name =
                Name { ns: self.namespace(&child.name.ns), local: child.name.local.clone() };
            let place = index.and_then(|index| index.place_of(&child_name));
            let known = index.zip(place).and_then(|(index, place)| index.children.get(place));
            let before = place.and_then(|place| seen.get_mut(place));
            let again = before.is_some_and(|before| std::mem::replace(before, true));
            // Repeated elements have ids anyway; of others only a second one needs an id.
            let has_id = known.is_none_or(|known| known.repeats) || again;
            let item = has_id.then(|| {
                self.items += 1;
                ItemId::file(self.items)
            });
            let qualified;
            let step = match known {
                Some(known) => &*known.step,
                None => {
                    qualified = qualified_step(&child_name);
                    &qualified
                }
            };
            let below = trail.step(step, item);
            if known.is_none() && index.is_some_and(|index| index.any.is_none()) {
                self.notes.unknown.push(below.path());
            }
            if let Some(index) = index {
                let slot = known.map(|known| known.slot).or(index.any).unwrap_or(u32::MAX);
                if slot < highest {
                    in_order = false;
                    self.notes.reordered.push(below.path());
                }
                highest = highest.max(slot);
                slots.push(slot);
            }
            let mut child = self.element(child, known.map(|known| known.ty), &below);
            child.item = item;
            children.push(child);
        }
        if !in_order {
            let mut ordered: Vec<_> = slots.into_iter().zip(children).collect();
            ordered.sort_by_key(|(slot, _)| *slot);
            children = ordered.into_iter().map(|(_, child)| child).collect();
        }
        Element { name, item: None, attrs, content: Content::Children(children) }
    }

    fn attributes(
        &mut self,
        raw: Vec<(Name, String)>,
        ty: Option<TypeRef>,
        trail: &Trail<'_>,
    ) -> Vec<(Name, String)> {
        if raw.is_empty() {
            return raw;
        }
        let declared = ty.map_or(&[][..], |ty| self.schema.attributes(ty));
        let order = |name: &Name| match name.ns.is_empty() {
            true => declared.iter().position(|a| *a.name == *name.local).unwrap_or(usize::MAX),
            false => usize::MAX,
        };
        let mut attrs = raw;
        for (name, _) in &attrs {
            let schema_instance = &*name.ns == "http://www.w3.org/2001/XMLSchema-instance";
            if ty.is_some() && order(name) == usize::MAX && !schema_instance {
                self.notes.unknown.push(trail.to(&attribute_step(name), None));
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
