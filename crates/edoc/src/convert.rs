//! From one edition of a kind of document to another.

use crate::{
    name::edition,
    path::{Path, qualified_step},
    schema::{Place, Schema, TypeRef},
    tree::{Content, Element, Tree},
};

/// Something that the other edition has no place for, and that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Where it stands in the document before.
    pub path: Path,
    /// Its text, or the texts below it joined by «; ».
    pub value: String,
}

/// A document in the other edition with what did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    pub tree: Tree,
    pub unfit: Vec<Unfit>,
}

/// Why a document cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    #[error("«{from}» cannot be converted to «{to}»: editions of one kind of document are needed")]
    OtherKind { from: String, to: String },
}

/// Puts a document into another edition of its kind. Elements are matched by their local names
/// where their namespaces differ only in edition, or where the local name is unambiguous.
///
/// # Errors
/// Documents of different kinds.
pub fn convert(tree: &Tree, source: &Schema, target: &Schema) -> Result<Converted, ConvertError> {
    let (from, to) = (&tree.kind, target.kind());
    let same = from.root == to.root && edition(&from.namespace).0 == edition(&to.namespace).0;
    if !same {
        let text = |kind: &crate::tree::KindId| format!("{} {}", kind.mode_id, kind.root);
        return Err(ConvertError::OtherKind { from: text(from), to: text(to) });
    }
    let mut converter = Converter { target, unfit: Vec::new() };
    let mut root = target.empty_tree().root;
    let place = source.place(&Path::root());
    let (attrs, content) = converter.inside(&tree.root, target.root(), &Path::root(), place);
    root.content = content;
    for (name, value) in attrs {
        let fixed = target
            .attributes(target.root())
            .iter()
            .any(|a| *a.name == *name.local && a.fixed.is_some());
        match root.attrs.iter_mut().find(|(known, _)| *known == name) {
            Some(known) if !fixed => known.1 = value,
            Some(_) => {}
            None => root.attrs.push((name, value)),
        }
    }
    Ok(Converted { tree: Tree { kind: to.clone(), root }, unfit: converter.unfit })
}

struct Converter<'a> {
    target: &'a Schema,
    unfit: Vec<Unfit>,
}

fn texts(element: &Element) -> String {
    let mut out = Vec::new();
    fn walk<'a>(element: &'a Element, out: &mut Vec<&'a str>) {
        out.extend(element.text().filter(|text| !text.is_empty()));
        out.extend(element.attrs.iter().map(|(_, value)| value.as_str()));
        element.children().iter().for_each(|child| walk(child, out));
    }
    walk(element, &mut out);
    out.join("; ")
}

impl Converter<'_> {
    fn inside(
        &mut self,
        element: &Element,
        ty: TypeRef,
        path: &Path,
        place: Option<Place<'_>>,
    ) -> (Vec<(crate::name::Name, String)>, Content) {
        let declared = self.target.attributes(ty);
        let mut attrs = Vec::new();
        for (name, value) in &element.attrs {
            match name.ns.is_empty() && declared.iter().any(|a| *a.name == *name.local) {
                true => attrs.push((name.clone(), value.clone())),
                false => self.unfit.push(Unfit {
                    path: path.join(&crate::xml::attribute_step(name)),
                    value: value.clone(),
                }),
            }
        }
        let index = self.target.index(ty);
        let content = match (&element.content, index) {
            (Content::Text(text), None) => Content::Text(text.clone()),
            (Content::Text(text), Some(_)) => {
                if !text.trim().is_empty() {
                    self.unfit.push(Unfit { path: path.clone(), value: text.clone() });
                }
                Content::Children(Vec::new())
            }
            (Content::Children(_), None) => {
                let value = texts(element);
                self.unfit.push(Unfit { path: path.clone(), value });
                Content::Text(String::new())
            }
            (Content::Children(children), Some(index)) => {
                let mut fitting = Vec::with_capacity(children.len());
                for child in children {
                    let step = match place {
                        Some(place) => place.step_of(&child.name).into_owned(),
                        None => qualified_step(&child.name),
                    };
                    let at = path.child(&step, child.item);
                    let stem = edition(&child.name.ns).0;
                    let mut same = index.children.iter().filter(|known| {
                        known.name.local == child.name.local && edition(&known.name.ns).0 == stem
                    });
                    let known = same.next().or_else(|| index.by_local(&child.name.local));
                    let Some(known) = known else {
                        if index.any.is_some() {
                            fitting.push(child.clone());
                        } else {
                            self.unfit.push(Unfit { path: at, value: texts(child) });
                        }
                        continue;
                    };
                    let below = place.and_then(|place| place.step(&at.last()?));
                    let (attrs, content) = self.inside(child, known.ty, &at, below);
                    // A second one of what may stand once is kept apart, to be found too many.
                    let is_one_more = |before: &Element| before.name == known.name;
                    let keeps_id = known.repeats || fitting.iter().any(is_one_more);
                    let item = child.item.filter(|_| keeps_id);
                    fitting.push(Element { name: known.name.clone(), item, attrs, content });
                }
                fitting.sort_by_key(|child| index.slot(&child.name));
                number(&mut fitting, index);
                Content::Children(fitting)
            }
        };
        (attrs, content)
    }
}

/// Gives ids to elements that repeat in the target but did not in the source.
fn number(children: &mut [Element], index: &crate::schema::TypeIndex) {
    let taken = children.iter().filter_map(|child| child.item).map(|item| item.number).max();
    let mut next = taken.unwrap_or(0);
    for child in children {
        let repeats = index.by_name(&child.name).is_none_or(|known| known.repeats);
        if repeats && child.item.is_none() {
            next += 1;
            child.item = Some(crate::patch::ItemId::file(next));
        }
    }
}
