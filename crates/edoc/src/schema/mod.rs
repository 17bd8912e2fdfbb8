//! What a kind of document may hold: elements, types, occurrence, labels.
//!
//! A schema comes from a hand-written description ([`builder`]) or from the official album
//! ([`crate::xsd`]), is compact, serialisable, and the same in native code and in WebAssembly.

pub mod builder;
mod index;
mod lexical;
pub mod pattern;
pub mod value;

use serde::{Deserialize, Serialize};

pub use index::{Child, Place, TypeIndex};
pub(crate) use index::{ModelPart, ModelTerm};
pub use lexical::compare_decimals;
pub use value::{BuiltIn, EnumValue, Facets, SimpleType, ValueError, WhiteSpace};

use crate::{
    path::Path,
    tree::{Content as TreeContent, Element, KindId, Tree},
};
use domain::lang::Lang;

/// A namespace with the prefix that documents use for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    pub prefix: Box<str>,
    pub uri: std::sync::Arc<str>,
}

/// How often something may stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, Option<u32>)", into = "(u32, Option<u32>)")]
pub struct Occurs {
    pub min: u32,
    /// `None` when there is no limit.
    pub max: Option<u32>,
}

impl From<(u32, Option<u32>)> for Occurs {
    fn from((min, max): (u32, Option<u32>)) -> Self {
        Self { min, max }
    }
}

impl From<Occurs> for (u32, Option<u32>) {
    fn from(occurs: Occurs) -> Self {
        (occurs.min, occurs.max)
    }
}

impl Occurs {
    pub const ONE: Self = Self { min: 1, max: Some(1) };

    pub fn repeats(self) -> bool {
        self.max.is_none_or(|max| max > 1)
    }

    fn is_one(&self) -> bool {
        *self == Self::ONE
    }

    fn one() -> Self {
        Self::ONE
    }
}

/// The type of an element: an index into the schema's complex or simple types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    Complex(u32),
    Simple(u32),
}

/// A declared element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElementDecl {
    /// Index into [`Schema::namespaces`].
    pub ns: u16,
    pub local: Box<str>,
    /// Documentation of the album, or a label of the hand-written description; Russian.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub label: Box<str>,
    /// English label; only hand-written descriptions have it.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub label_en: Box<str>,
    #[serde(rename = "type")]
    pub ty: TypeRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Box<str>>,
}

/// A part of a content model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particle {
    #[serde(default = "Occurs::one", skip_serializing_if = "Occurs::is_one")]
    pub occurs: Occurs,
    #[serde(flatten)]
    pub term: Term,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    Element(ElementDecl),
    Sequence(Vec<Particle>),
    Choice(Vec<Particle>),
    /// Any element (`xs:any`).
    Any(()),
}

/// A declared attribute. The album declares all of them in no namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDecl {
    pub name: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub label: Box<str>,
    /// Index into [`Schema::simple`].
    pub simple: u32,
    #[serde(default)]
    pub required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Box<str>>,
}

/// A type with attributes or children; extensions are flattened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplexType {
    pub name: Box<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeDecl>,
    pub content: ContentModel,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentModel {
    /// Text of this simple type, with attributes.
    Text(u32),
    Elements(Particle),
}

/// The description of one kind of document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "SchemaParts", into = "SchemaParts")]
pub struct Schema {
    parts: SchemaParts,
    index: Vec<TypeIndex>,
}

/// A schema as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SchemaParts {
    pub kind: KindId,
    pub title: String,
    /// The namespace of the kind first.
    pub namespaces: Vec<Namespace>,
    pub complex: Vec<ComplexType>,
    pub simple: Vec<SimpleType>,
    pub root: TypeRef,
}

/// Why stored parts are not a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error("type «{in_type}» refers to a type or namespace number {index}, which is not there")]
    Reference { in_type: String, index: u32 },
    #[error("the root of «{0}» is not a type with children or attributes")]
    Root(String),
    #[error("type «{in_type}»: {source}")]
    Pattern { in_type: String, source: pattern::PatternError },
    #[error("type «{0}» nests sequences and choices too deeply")]
    Depth(String),
}

/// What a form or a check needs to know of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldInfo<'a> {
    label: &'a str,
    label_en: &'a str,
    pub occurs: Occurs,
    /// Must be there whenever its parent is.
    pub required: bool,
    /// `None` for an element that only holds others.
    pub simple: Option<&'a SimpleType>,
    pub fixed: Option<&'a str>,
    pub default: Option<&'a str>,
}

impl<'a> FieldInfo<'a> {
    /// The label in a language; Russian where there is no other.
    pub fn label(&self, lang: Lang) -> &'a str {
        match lang {
            Lang::En if !self.label_en.is_empty() => self.label_en,
            _ => self.label,
        }
    }

    pub fn enumeration(&self) -> &'a [EnumValue] {
        self.simple.map_or(&[], |simple| &simple.facets.enumeration)
    }

    /// The longest text in characters, when limited.
    pub fn max_length(&self) -> Option<u32> {
        self.simple.and_then(SimpleType::longest)
    }
}

impl Schema {
    /// # Errors
    /// Parts that do not hang together.
    pub fn new(parts: SchemaParts) -> Result<Self, SchemaError> {
        let index = index::build(&parts)?;
        Ok(Self { parts, index })
    }

    pub fn kind(&self) -> &KindId {
        &self.parts.kind
    }

    pub fn title(&self) -> &str {
        &self.parts.title
    }

    pub fn namespaces(&self) -> &[Namespace] {
        &self.parts.namespaces
    }

    pub fn parts(&self) -> &SchemaParts {
        &self.parts
    }

    pub fn complex(&self, ty: TypeRef) -> Option<&ComplexType> {
        match ty {
            TypeRef::Complex(id) => self.parts.complex.get(id as usize),
            TypeRef::Simple(_) => None,
        }
    }

    /// The type of an element's text; `None` when it has children instead.
    pub fn simple(&self, ty: TypeRef) -> Option<&SimpleType> {
        let id = match ty {
            TypeRef::Simple(id) => id,
            TypeRef::Complex(id) => match self.parts.complex.get(id as usize)?.content {
                ContentModel::Text(id) => id,
                ContentModel::Elements(_) => return None,
            },
        };
        self.parts.simple.get(id as usize)
    }

    pub(crate) fn simple_at(&self, id: u32) -> Option<&SimpleType> {
        self.parts.simple.get(id as usize)
    }

    pub fn root(&self) -> TypeRef {
        self.parts.root
    }

    /// Children of a type; `None` when it holds text.
    pub fn index(&self, ty: TypeRef) -> Option<&TypeIndex> {
        match ty {
            TypeRef::Complex(id) => self.index.get(id as usize).filter(|index| index.has_children),
            TypeRef::Simple(_) => None,
        }
    }

    pub fn attributes(&self, ty: TypeRef) -> &[AttributeDecl] {
        self.complex(ty).map_or(&[], |complex| &complex.attributes)
    }

    /// Finds what a path leads to. Item ids are not looked at, except that elements which the
    /// schema does not know must have one.
    pub fn place(&self, path: &Path) -> Option<Place<'_>> {
        let mut place = Place::root(self);
        for step in path.steps() {
            place = place.step(&step)?;
        }
        Some(place)
    }

    /// What is known of the field at a path; `None` when the schema does not know it.
    pub fn field(&self, path: &Path) -> Option<FieldInfo<'_>> {
        self.place(path)?.field()
    }

    /// The least document: the root with its fixed attributes and nothing else.
    pub fn empty_tree(&self) -> Tree {
        let kind = self.kind().clone();
        let name = crate::name::Name::new(kind.namespace.as_str(), kind.root.as_str());
        let content = match self.index(self.root()) {
            Some(_) => TreeContent::Children(Vec::new()),
            None => TreeContent::Text(String::new()),
        };
        let mut root = Element::new(name, content);
        for attribute in self.attributes(self.root()) {
            if let Some(value) = attribute.fixed.as_ref().or(attribute.default.as_ref()) {
                let name = crate::name::Name::plain(&*attribute.name);
                root.attrs.push((name, value.to_string()));
            }
        }
        Tree { kind, root }
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl TryFrom<SchemaParts> for Schema {
    type Error = SchemaError;

    fn try_from(parts: SchemaParts) -> Result<Self, SchemaError> {
        Self::new(parts)
    }
}

impl From<Schema> for SchemaParts {
    fn from(schema: Schema) -> Self {
        schema.parts
    }
}
