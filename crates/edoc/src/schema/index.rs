//! Lookup tables over a schema: children by step and by name, their order, what repeats.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use super::{
    AttributeDecl, ContentModel, FieldInfo, Occurs, Particle, Schema, SchemaError, SchemaParts,
    Term, TypeRef,
};
use crate::{
    name::Name,
    path::{Step, qualified_step},
};

const MAX_GROUPS: usize = 40;

/// A child that a type may have.
#[derive(Debug, Clone)]
pub struct Child {
    pub name: Name,
    /// Its step in paths.
    pub step: Arc<str>,
    pub label: Box<str>,
    pub label_en: Box<str>,
    pub ty: TypeRef,
    pub occurs: Occurs,
    /// May stand more than once, by its own occurrence or that of a group around it.
    pub repeats: bool,
    /// Must be there whenever the parent is.
    pub required: bool,
    /// Order among the children; members of a repeated group share it.
    pub slot: u32,
    pub default: Option<Box<str>>,
}

/// Children of a complex type, in the order of the schema.
#[derive(Debug, Clone, Default)]
pub struct TypeIndex {
    pub children: Vec<Child>,
    /// Order of elements that the schema admits without naming them (`xs:any`).
    pub any: Option<u32>,
    pub(super) has_children: bool,
    /// The content model in terms of `children`.
    pub(crate) model: Option<ModelPart>,
    /// Places in `children`, in the order of local names and namespaces.
    by_name: Vec<u32>,
    /// Places in `children`, in the order of steps.
    by_step: Vec<u32>,
}

/// A particle whose elements are places in [`TypeIndex::children`].
#[derive(Debug, Clone)]
pub(crate) struct ModelPart {
    pub occurs: Occurs,
    pub term: ModelTerm,
}

#[derive(Debug, Clone)]
pub(crate) enum ModelTerm {
    Element(u32),
    Sequence(Vec<ModelPart>),
    Choice(Vec<ModelPart>),
    Any,
}

impl TypeIndex {
    pub fn by_step(&self, step: &str) -> Option<&Child> {
        let of = |place: &u32| self.children.get(*place as usize);
        let at = self.by_step.binary_search_by(|place| of(place).map_or("", |c| &c.step).cmp(step));
        of(self.by_step.get(at.ok()?)?)
    }

    pub fn by_name(&self, name: &Name) -> Option<&Child> {
        self.children.get(self.place_of(name)?)
    }

    pub(crate) fn place_of(&self, name: &Name) -> Option<usize> {
        let compare = |place: &u32| match self.children.get(*place as usize) {
            Some(child) => by_local(&child.name, name),
            None => std::cmp::Ordering::Less,
        };
        let at = self.by_name.binary_search_by(compare).ok()?;
        self.by_name.get(at).map(|place| *place as usize)
    }

    /// The only child with this local name, whatever its namespace.
    pub fn by_local(&self, local: &str) -> Option<&Child> {
        let mut found = self.children.iter().filter(|child| &*child.name.local == local);
        found.next().filter(|_| found.next().is_none())
    }

    /// Where a child stands among its siblings; unknown ones come last.
    pub fn slot(&self, name: &Name) -> u32 {
        self.by_name(name).map(|child| child.slot).or(self.any).unwrap_or(u32::MAX)
    }
}

/// Local names differ sooner than namespaces do.
fn by_local(a: &Name, b: &Name) -> std::cmp::Ordering {
    a.local.cmp(&b.local).then_with(|| a.ns.cmp(&b.ns))
}

pub(super) fn build(parts: &SchemaParts) -> Result<Vec<TypeIndex>, SchemaError> {
    let reference =
        |in_type: &str, index: u32| SchemaError::Reference { in_type: in_type.to_owned(), index };
    let has_type = |ty: TypeRef| match ty {
        TypeRef::Complex(id) => (id as usize) < parts.complex.len(),
        TypeRef::Simple(id) => (id as usize) < parts.simple.len(),
    };
    for simple in &parts.simple {
        simple
            .check_patterns()
            .map_err(|source| SchemaError::Pattern { in_type: simple.name.to_string(), source })?;
    }
    if !has_type(parts.root) || parts.namespaces.is_empty() {
        return Err(SchemaError::Root(parts.kind.root.clone()));
    }
    parts
        .complex
        .iter()
        .map(|complex| {
            for attribute in &complex.attributes {
                if !has_type(TypeRef::Simple(attribute.simple)) {
                    return Err(reference(&complex.name, attribute.simple));
                }
            }
            let (index, known) = (TypeIndex::default(), HashMap::new());
            let mut builder = Builder { parts, in_type: &complex.name, index, known };
            match &complex.content {
                ContentModel::Text(id) => match has_type(TypeRef::Simple(*id)) {
                    true => {}
                    false => return Err(reference(&complex.name, *id)),
                },
                ContentModel::Elements(particle) => {
                    builder.index.has_children = true;
                    let around = Around { required: true, slot: None, depth: 0 };
                    let model = builder.walk(particle, &around)?;
                    builder.index.model = Some(model);
                }
            }
            Ok(builder.finish())
        })
        .collect()
}

struct Builder<'a> {
    parts: &'a SchemaParts,
    in_type: &'a str,
    index: TypeIndex,
    known: HashMap<Name, u32>,
}

/// What the groups around a particle mean for it.
struct Around {
    required: bool,
    /// The shared slot of a repeated group.
    slot: Option<u32>,
    depth: usize,
}

impl Builder<'_> {
    fn next_slot(&self) -> u32 {
        let any = u32::from(self.index.any.is_some());
        self.index.children.len() as u32 + any
    }

    fn walk(&mut self, particle: &Particle, around: &Around) -> Result<ModelPart, SchemaError> {
        if around.depth > MAX_GROUPS {
            return Err(SchemaError::Depth(self.in_type.to_owned()));
        }
        let occurs = particle.occurs;
        let required = around.required && occurs.min > 0;
        let group_slot = around.slot.or_else(|| occurs.repeats().then(|| self.next_slot()));
        match &particle.term {
            Term::Any(()) => {
                self.index.any = Some(around.slot.unwrap_or_else(|| self.next_slot()));
                Ok(ModelPart { occurs, term: ModelTerm::Any })
            }
            Term::Sequence(inner) | Term::Choice(inner) => {
                let one_of = matches!(particle.term, Term::Choice(_)) && inner.len() > 1;
                let inside = Around {
                    required: required && !one_of,
                    slot: group_slot,
                    depth: around.depth + 1,
                };
                let parts = inner.iter().map(|particle| self.walk(particle, &inside));
                let parts = parts.collect::<Result<Vec<_>, _>>()?;
                let term = match particle.term {
                    Term::Choice(_) => ModelTerm::Choice(parts),
                    _ => ModelTerm::Sequence(parts),
                };
                Ok(ModelPart { occurs, term })
            }
            Term::Element(decl) => {
                let reference =
                    |index| SchemaError::Reference { in_type: self.in_type.to_owned(), index };
                let namespace = self
                    .parts
                    .namespaces
                    .get(usize::from(decl.ns))
                    .ok_or_else(|| reference(decl.ns.into()))?;
                match decl.ty {
                    TypeRef::Complex(id) if id as usize >= self.parts.complex.len() => {
                        return Err(reference(id));
                    }
                    TypeRef::Simple(id) if id as usize >= self.parts.simple.len() => {
                        return Err(reference(id));
                    }
                    _ => {}
                }
                let name = Name::new(namespace.uri.clone(), &*decl.local);
                let repeats = occurs.repeats() || around.slot.is_some();
                if let Some(&known) = self.known.get(&name) {
                    let child = &mut self.index.children[known as usize];
                    child.repeats |= repeats;
                    child.required |= required;
                    return Ok(ModelPart { occurs, term: ModelTerm::Element(known) });
                }
                let slot = around.slot.unwrap_or_else(|| self.next_slot());
                let at = self.index.children.len() as u32;
                self.known.insert(name.clone(), at);
                self.index.children.push(Child {
                    name,
                    step: "".into(),
                    label: decl.label.clone(),
                    label_en: decl.label_en.clone(),
                    ty: decl.ty,
                    occurs,
                    repeats,
                    required,
                    slot,
                    default: decl.default.clone(),
                });
                Ok(ModelPart { occurs, term: ModelTerm::Element(at) })
            }
        }
    }

    fn finish(mut self) -> TypeIndex {
        let mut locals: HashMap<Arc<str>, u32> = HashMap::new();
        for child in &self.index.children {
            *locals.entry(child.name.local.clone()).or_default() += 1;
        }
        for child in &mut self.index.children {
            child.step = match locals.get(&child.name.local) {
                Some(1) => child.name.local.clone(),
                _ => qualified_step(&child.name).into(),
            };
        }
        let children = &self.index.children;
        let mut places: Vec<u32> = (0..children.len() as u32).collect();
        places.sort_by(|a, b| by_local(&children[*a as usize].name, &children[*b as usize].name));
        self.index.by_name = places.clone();
        places.sort_by(|a, b| children[*a as usize].step.cmp(&children[*b as usize].step));
        self.index.by_step = places;
        self.index
    }
}

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    schema: &'a Schema,
    target: Target<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Root,
    Child(&'a Child),
    Attribute(&'a AttributeDecl),
    UnknownAttribute,
    Unknown,
}

impl<'a> Place<'a> {
    pub(super) fn root(schema: &'a Schema) -> Self {
        Self { schema, target: Target::Root }
    }

    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// The type of the element; `None` for attributes and unknown elements.
    pub fn ty(&self) -> Option<TypeRef> {
        match self.target {
            Target::Root => Some(self.schema.root()),
            Target::Child(child) => Some(child.ty),
            _ => None,
        }
    }

    /// One step down.
    pub fn step(&self, step: &Step<'_>) -> Option<Place<'a>> {
        let target = if step.attribute {
            let declared = || {
                let ty = self.ty()?;
                self.schema.attributes(ty).iter().find(|a| &*a.name == step.local)
            };
            match self.target {
                Target::Attribute(_) | Target::UnknownAttribute => return None,
                _ => match step.ns {
                    None => declared().map_or(Target::UnknownAttribute, Target::Attribute),
                    Some(ns) if !ns.is_empty() => Target::UnknownAttribute,
                    Some(_) => return None,
                },
            }
        } else {
            let children = match self.target {
                Target::Attribute(_) | Target::UnknownAttribute => return None,
                Target::Unknown => None,
                _ => Some(self.schema.index(self.ty()?)?),
            };
            match children.and_then(|index| index.by_step(step.text)) {
                Some(child) => Target::Child(child),
                None => {
                    // A known child by another spelling of its step would be a second field.
                    let name = Name::new(step.ns?, step.local);
                    step.item?;
                    if children.is_some_and(|index| index.by_name(&name).is_some()) {
                        return None;
                    }
                    Target::Unknown
                }
            }
        };
        Some(Self { schema: self.schema, target })
    }

    /// The step that leads to a child element of this name.
    pub fn step_of(&self, name: &Name) -> Cow<'a, str> {
        let known = self.ty().and_then(|ty| self.schema.index(ty)).and_then(|i| i.by_name(name));
        match known {
            Some(child) => Cow::Borrowed(&child.step),
            None => Cow::Owned(qualified_step(name)),
        }
    }

    /// The element here may stand more than once.
    pub fn repeats(&self) -> bool {
        matches!(self.target, Target::Child(child) if child.repeats)
    }

    pub fn is_attribute(&self) -> bool {
        matches!(self.target, Target::Attribute(_) | Target::UnknownAttribute)
    }

    /// The schema does not know what is here.
    pub fn is_unknown(&self) -> bool {
        matches!(self.target, Target::Unknown | Target::UnknownAttribute)
    }

    /// The element holds other elements, not text.
    pub fn has_children(&self) -> bool {
        self.ty().is_some_and(|ty| self.schema.index(ty).is_some())
    }

    pub fn child(&self) -> Option<&'a Child> {
        match self.target {
            Target::Child(child) => Some(child),
            _ => None,
        }
    }

    /// The declared attribute here.
    pub fn attribute(&self) -> Option<&'a AttributeDecl> {
        match self.target {
            Target::Attribute(attribute) => Some(attribute),
            _ => None,
        }
    }

    /// What is known of the field here; `None` where the schema knows nothing.
    pub fn field(&self) -> Option<FieldInfo<'a>> {
        match self.target {
            Target::Root => Some(FieldInfo {
                label: self.schema.title(),
                label_en: "",
                occurs: Occurs::ONE,
                required: true,
                simple: self.schema.simple(self.schema.root()),
                fixed: None,
                default: None,
            }),
            Target::Child(child) => Some(FieldInfo {
                label: &child.label,
                label_en: &child.label_en,
                occurs: child.occurs,
                required: child.required,
                simple: self.schema.simple(child.ty),
                fixed: None,
                default: child.default.as_deref(),
            }),
            Target::Attribute(attribute) => Some(FieldInfo {
                label: &attribute.label,
                label_en: "",
                occurs: Occurs { min: attribute.required.into(), max: Some(1) },
                required: attribute.required,
                simple: self.schema.simple_at(attribute.simple),
                fixed: attribute.fixed.as_deref(),
                default: attribute.default.as_deref(),
            }),
            Target::UnknownAttribute | Target::Unknown => None,
        }
    }
}
