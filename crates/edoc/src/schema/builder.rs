//! Writing a schema by hand.
//!
//! ```
//! use edoc::schema::builder::{SchemaBuilder, one, optional, text};
//!
//! let mut b = SchemaBuilder::new("1000000E", "Note", "urn:example:Note:1.0", "Записка");
//! let line = b.simple("Line", text(1, 40));
//! let note = b.sequence("Note", [one("Line", line, "Строка", "Line")]);
//! let schema = b.finish(note).unwrap();
//! assert_eq!(schema.kind().edition, "1.0");
//! # let _ = optional("Line", line, "", "");
//! ```

use super::{
    AttributeDecl, BuiltIn, ComplexType, ContentModel, ElementDecl, EnumValue, Facets, Namespace,
    Occurs, Particle, Schema, SchemaError, SchemaParts, SimpleType, Term, TypeRef,
};
use crate::{name::edition, tree::KindId};

/// Collects types; every type lives in the namespace that was current when it was added.
pub struct SchemaBuilder {
    parts: SchemaParts,
    current: u16,
}

/// A child of a hand-written type.
pub struct Entry(Particle);

/// An element that stands exactly once. `ty` comes from the builder.
pub fn one(local: &str, ty: TypeRef, label: &str, label_en: &str) -> Entry {
    many(local, ty, label, label_en, 1, Some(1))
}

/// An element that may be absent.
pub fn optional(local: &str, ty: TypeRef, label: &str, label_en: &str) -> Entry {
    many(local, ty, label, label_en, 0, Some(1))
}

/// An element with other bounds; `max` of `None` means no limit.
pub fn many(
    local: &str,
    ty: TypeRef,
    label: &str,
    label_en: &str,
    min: u32,
    max: Option<u32>,
) -> Entry {
    Entry(Particle {
        occurs: Occurs { min, max },
        term: Term::Element(ElementDecl {
            ns: u16::MAX,
            local: local.into(),
            label: label.into(),
            label_en: label_en.into(),
            ty,
            default: None,
        }),
    })
}

/// One of several elements; `required` when one of them must be there.
pub fn choice<const N: usize>(required: bool, entries: [Entry; N]) -> Entry {
    Entry(Particle {
        occurs: Occurs { min: required.into(), max: Some(1) },
        term: Term::Choice(entries.into_iter().map(|entry| entry.0).collect()),
    })
}

/// A group of elements in order.
pub fn group<const N: usize>(entries: [Entry; N]) -> Entry {
    Entry(Particle {
        occurs: Occurs::ONE,
        term: Term::Sequence(entries.into_iter().map(|entry| entry.0).collect()),
    })
}

/// A string of `min` to `max` characters.
pub fn text(min: u32, max: u32) -> (BuiltIn, Facets) {
    let facets = Facets { min_length: Some(min), max_length: Some(max), ..Facets::default() };
    (BuiltIn::String, facets)
}

/// A token of `min` to `max` characters; white space around it does not count.
pub fn token(min: u32, max: u32) -> (BuiltIn, Facets) {
    (BuiltIn::Token, text(min, max).1)
}

/// A token that matches a pattern.
pub fn pattern(pattern: &str) -> (BuiltIn, Facets) {
    let facets = Facets { patterns: vec![vec![pattern.into()]], ..Facets::default() };
    (BuiltIn::Token, facets)
}

/// A token of exactly this many characters.
pub fn exactly(length: u32) -> (BuiltIn, Facets) {
    (BuiltIn::Token, Facets { length: Some(length), ..Facets::default() })
}

/// A decimal with at most `total` digits, `fraction` of them after the point; `min` is the least
/// value.
pub fn decimal(total: u32, fraction: u32, min: Option<&str>) -> (BuiltIn, Facets) {
    let facets = Facets {
        total_digits: Some(total),
        fraction_digits: Some(fraction),
        min_inclusive: min.map(Into::into),
        ..Facets::default()
    };
    (BuiltIn::Decimal, facets)
}

/// A whole number of at most `total` digits, not below `min`.
pub fn integer(total: u32, min: &str) -> (BuiltIn, Facets) {
    let facets =
        Facets { total_digits: Some(total), min_inclusive: Some(min.into()), ..Facets::default() };
    (BuiltIn::Integer, facets)
}

/// One of a few values, each with its meaning.
pub fn one_of(base: BuiltIn, values: &[(&str, &str)]) -> (BuiltIn, Facets) {
    let enumeration = values
        .iter()
        .map(|(value, label)| EnumValue { value: (*value).into(), label: (*label).into() })
        .collect();
    (base, Facets { enumeration, ..Facets::default() })
}

/// A built-in type without limits.
pub fn plain(base: BuiltIn) -> (BuiltIn, Facets) {
    (base, Facets::default())
}

impl SchemaBuilder {
    pub fn new(mode_id: &str, root: &str, namespace: &str, title: &str) -> Self {
        let kind = KindId {
            mode_id: mode_id.to_owned(),
            root: root.to_owned(),
            namespace: namespace.to_owned(),
            edition: edition(namespace).1.to_owned(),
        };
        let parts = SchemaParts {
            kind,
            title: title.to_owned(),
            namespaces: vec![Namespace { prefix: "".into(), uri: namespace.into() }],
            complex: Vec::new(),
            simple: Vec::new(),
            root: TypeRef::Complex(0),
        };
        Self { parts, current: 0 }
    }

    /// Adds a namespace and makes it current for the types that follow.
    pub fn namespace(&mut self, prefix: &str, uri: &str) {
        self.parts.namespaces.push(Namespace { prefix: prefix.into(), uri: uri.into() });
        self.current = (self.parts.namespaces.len() - 1) as u16;
    }

    /// Makes the namespace of the document current again.
    pub fn own_namespace(&mut self) {
        self.current = 0;
    }

    pub fn simple(&mut self, name: &str, (base, facets): (BuiltIn, Facets)) -> TypeRef {
        self.parts.simple.push(SimpleType::new(name, base, facets));
        TypeRef::Simple((self.parts.simple.len() - 1) as u32)
    }

    /// A type with children in order.
    pub fn sequence<const N: usize>(&mut self, name: &str, entries: [Entry; N]) -> TypeRef {
        self.extend(name, None, entries)
    }

    /// A type that has the children of `base` before its own.
    pub fn extend<const N: usize>(
        &mut self,
        name: &str,
        base: Option<TypeRef>,
        entries: [Entry; N],
    ) -> TypeRef {
        let own: Vec<_> = entries.into_iter().map(|entry| self.placed(entry.0)).collect();
        let base = match base {
            Some(TypeRef::Complex(id)) => self.parts.complex.get(id as usize).cloned(),
            _ => None,
        };
        let mut attributes = Vec::new();
        let mut children = Vec::new();
        if let Some(base) = base {
            attributes = base.attributes;
            if let ContentModel::Elements(Particle { term: Term::Sequence(inner), .. }) =
                base.content
            {
                children = inner;
            }
        }
        children.extend(own);
        let particle = Particle { occurs: Occurs::ONE, term: Term::Sequence(children) };
        let content = ContentModel::Elements(particle);
        self.parts.complex.push(ComplexType { name: name.into(), attributes, content });
        TypeRef::Complex((self.parts.complex.len() - 1) as u32)
    }

    /// Gives a type an attribute that must have this value.
    pub fn fixed_attribute(
        &mut self,
        ty: TypeRef,
        name: &str,
        simple: TypeRef,
        value: &str,
        label: &str,
    ) {
        let (TypeRef::Complex(ty), TypeRef::Simple(simple)) = (ty, simple) else { return };
        if let Some(complex) = self.parts.complex.get_mut(ty as usize) {
            complex.attributes.push(AttributeDecl {
                name: name.into(),
                label: label.into(),
                simple,
                required: true,
                fixed: Some(value.into()),
                default: None,
            });
        }
    }

    /// # Errors
    /// Types that do not hang together.
    pub fn finish(mut self, root: TypeRef) -> Result<Schema, SchemaError> {
        self.parts.root = root;
        Schema::new(self.parts)
    }

    fn placed(&self, mut particle: Particle) -> Particle {
        match &mut particle.term {
            Term::Element(decl) if decl.ns == u16::MAX => decl.ns = self.current,
            Term::Sequence(inner) | Term::Choice(inner) => {
                *inner = std::mem::take(inner).into_iter().map(|p| self.placed(p)).collect();
            }
            _ => {}
        }
        particle
    }
}
