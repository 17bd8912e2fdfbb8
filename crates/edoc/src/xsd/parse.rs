//! One XSD file as definitions whose references are not followed yet.

use std::{collections::HashMap, sync::Arc};

use super::source::AlbumError;
use crate::{
    name::Name,
    schema::{EnumValue, Facets, Occurs, WhiteSpace},
    xml::{Limits, RawElement, parse_bytes},
};

pub(super) const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// Where something stands: a file by its number, and a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub file: u32,
    pub line: u32,
}

#[derive(Debug, PartialEq)]
pub(super) struct RawDecl {
    pub name: Name,
    pub ty: Name,
    pub doc: Box<str>,
    pub default: Option<Box<str>>,
    pub spot: Spot,
}

#[derive(Debug, PartialEq)]
pub(super) struct RawParticle {
    pub occurs: Occurs,
    pub term: RawTerm,
}

#[derive(Debug, PartialEq)]
pub(super) enum RawTerm {
    Element(RawDecl),
    Ref(Name, Spot),
    Sequence(Vec<RawParticle>),
    Choice(Vec<RawParticle>),
    Any,
}

#[derive(Debug, PartialEq)]
pub(super) struct RawAttribute {
    pub name: Box<str>,
    pub ty: Name,
    pub doc: Box<str>,
    pub required: bool,
    pub fixed: Option<Box<str>>,
    pub default: Option<Box<str>>,
    pub spot: Spot,
}

#[derive(Debug, PartialEq)]
pub(super) struct RawComplex {
    pub name: Name,
    pub doc: Box<str>,
    pub base: Option<Name>,
    /// The content is text; `facets` then narrow that of the base.
    pub text: bool,
    pub facets: Facets,
    pub particle: Option<RawParticle>,
    pub attributes: Vec<RawAttribute>,
    pub spot: Spot,
}

#[derive(Debug, PartialEq)]
pub(super) struct RawSimple {
    pub name: Name,
    pub base: Name,
    pub facets: Facets,
    pub spot: Spot,
}

/// What a file defines.
#[derive(Debug, Default)]
pub(super) struct RawFile {
    pub doc: Box<str>,
    pub prefixes: Vec<(Box<str>, Arc<str>)>,
    pub imports: Vec<(Box<str>, Spot)>,
    pub elements: Vec<RawDecl>,
    pub complex: Vec<RawComplex>,
    pub simple: Vec<RawSimple>,
}

pub(super) fn parse(file: u32, file_name: &str, bytes: &[u8]) -> Result<RawFile, AlbumError> {
    let limits = Limits { elements: 200_000, depth: 40, attributes: 400, ..Limits::default() };
    let (root, text) = parse_bytes(bytes, &limits)
        .map_err(|error| AlbumError::Xml { file: file_name.to_owned(), error })?;
    let newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at);
    let mut parser = Parser {
        file,
        file_name,
        newlines: newlines.collect(),
        target: "".into(),
        qualified: false,
        scopes: Vec::new(),
        names: HashMap::new(),
    };
    parser.file(&root)
}

struct Parser<'a> {
    file: u32,
    file_name: &'a str,
    newlines: Vec<usize>,
    target: Arc<str>,
    qualified: bool,
    scopes: Vec<(Box<str>, Arc<str>)>,
    names: HashMap<Box<str>, Arc<str>>,
}

type Parsed<T> = Result<T, AlbumError>;

fn attr<'a>(element: &'a RawElement, name: &str) -> Option<&'a str> {
    element
        .attrs
        .iter()
        .find(|(known, _)| known.ns.is_empty() && *known.local == *name)
        .map(|(_, value)| value.trim())
}

/// Local name of an element of XML Schema; others are none.
fn kind(element: &RawElement) -> &str {
    if *element.name.ns == *XS { &element.name.local } else { "" }
}

/// Documentation, its white space collapsed.
fn doc(element: &RawElement) -> Box<str> {
    let annotations = element.children.iter().filter(|child| kind(child) == "annotation");
    let docs = annotations.flat_map(|a| a.children.iter().filter(|d| kind(d) == "documentation"));
    let words: Vec<&str> = docs.flat_map(|doc| doc.text.split_whitespace()).collect();
    let text = words.join(" ");
    match text.char_indices().nth(2000) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}

impl Parser<'_> {
    fn spot(&self, element: &RawElement) -> Spot {
        let line = self.newlines.partition_point(|at| *at < element.at) + 1;
        Spot { file: self.file, line: line as u32 }
    }

    fn fail<T>(&self, element: &RawElement, reason: impl Into<String>) -> Parsed<T> {
        let (file, line) = (self.file_name.to_owned(), self.spot(element).line as usize);
        Err(AlbumError::Schema { file, line, reason: reason.into() })
    }

    fn unsupported<T>(&self, element: &RawElement) -> Parsed<T> {
        self.fail(element, format!("«{}» is not supported here", element.name.local))
    }

    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        self.names.insert(text.into(), shared.clone());
        shared
    }

    fn required<'e>(&self, element: &'e RawElement, name: &str) -> Parsed<&'e str> {
        match attr(element, name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => self.fail(element, format!("«{}» without «{name}»", element.name.local)),
        }
    }

    /// The value of an attribute that names something: `prefix:local`.
    fn qname(&mut self, element: &RawElement, name: &str) -> Parsed<Name> {
        let value = self.required(element, name)?;
        let (prefix, local) = value.split_once(':').unwrap_or(("", value));
        let own = element.declared.iter().rev();
        let ns = own.chain(self.scopes.iter().rev()).find(|(known, _)| **known == *prefix);
        let ns = match ns {
            Some((_, ns)) => ns.clone(),
            None if prefix.is_empty() => "".into(),
            None => return self.fail(element, format!("the prefix of «{value}» is not declared")),
        };
        let local = self.shared(local);
        Ok(Name { ns, local })
    }

    fn declared_name(&mut self, element: &RawElement) -> Parsed<Name> {
        let local = self.required(element, "name")?;
        if !crate::name::is_ncname(local) {
            return self.fail(element, format!("«{local}» is not a name"));
        }
        let local = self.shared(local);
        Ok(Name { ns: self.target.clone(), local })
    }

    fn file(&mut self, root: &RawElement) -> Parsed<RawFile> {
        if kind(root) != "schema" {
            return self.fail(root, "the root of an XSD file is «schema» of XML Schema");
        }
        self.scopes = root.declared.clone();
        self.target = attr(root, "targetNamespace").unwrap_or("").into();
        self.qualified = attr(root, "elementFormDefault") == Some("qualified");
        let mut file = RawFile { prefixes: root.declared.clone(), ..RawFile::default() };
        for child in &root.children {
            match kind(child) {
                "annotation" => {
                    if file.doc.is_empty() && file.elements.is_empty() {
                        let around =
                            RawElement { children: vec![child.clone()], ..root_like(root) };
                        file.doc = doc(&around);
                    }
                }
                "import" => {
                    let ns = attr(child, "namespace").unwrap_or("");
                    file.imports.push((ns.into(), self.spot(child)));
                }
                "element" => {
                    let decl = self.element(child, true)?;
                    file.elements.push(decl);
                }
                "complexType" => file.complex.push(self.complex(child)?),
                "simpleType" => file.simple.push(self.simple(child)?),
                _ => return self.unsupported(child),
            }
        }
        Ok(file)
    }

    fn element(&mut self, element: &RawElement, global: bool) -> Parsed<RawDecl> {
        let mut name = self.declared_name(element)?;
        let qualified = match attr(element, "form") {
            Some(form) => form == "qualified",
            None => self.qualified,
        };
        if !global && !qualified {
            name.ns = "".into();
        }
        if let Some(child) = element.children.iter().find(|child| kind(child) != "annotation") {
            return self.unsupported(child);
        }
        for unsupported in ["substitutionGroup", "nillable", "abstract", "fixed"] {
            if attr(element, unsupported).is_some_and(|value| value != "false") {
                return self.fail(element, format!("«{unsupported}» is not supported"));
            }
        }
        Ok(RawDecl {
            name,
            ty: self.qname(element, "type")?,
            doc: doc(element),
            default: attr(element, "default").map(Into::into),
            spot: self.spot(element),
        })
    }

    fn occurs(&self, element: &RawElement) -> Parsed<Occurs> {
        let number = |name: &str| match attr(element, name) {
            None => Ok(1),
            Some(text) => match text.parse::<u32>() {
                Ok(number) => Ok(number),
                Err(_) => self.fail(element, format!("«{name}» is a number, not «{text}»")),
            },
        };
        let max = match attr(element, "maxOccurs") {
            Some("unbounded") => None,
            _ => Some(number("maxOccurs")?),
        };
        let min = number("minOccurs")?;
        match max {
            Some(max) if max < min => self.fail(element, "maxOccurs is less than minOccurs"),
            _ => Ok(Occurs { min, max }),
        }
    }

    fn particle(&mut self, element: &RawElement) -> Parsed<RawParticle> {
        let occurs = self.occurs(element)?;
        let term = match kind(element) {
            "element" if attr(element, "ref").is_some() => {
                RawTerm::Ref(self.qname(element, "ref")?, self.spot(element))
            }
            "element" => RawTerm::Element(self.element(element, false)?),
            "any" => RawTerm::Any,
            group @ ("sequence" | "choice") => {
                let inner = element.children.iter().filter(|child| kind(child) != "annotation");
                let inner = inner.map(|child| self.particle(child)).collect::<Parsed<Vec<_>>>()?;
                if group == "sequence" { RawTerm::Sequence(inner) } else { RawTerm::Choice(inner) }
            }
            _ => return self.unsupported(element),
        };
        Ok(RawParticle { occurs, term })
    }

    fn complex(&mut self, element: &RawElement) -> Parsed<RawComplex> {
        if attr(element, "mixed").is_some_and(|mixed| mixed != "false" && mixed != "0") {
            return self.fail(element, "mixed content is not supported");
        }
        let mut complex = RawComplex {
            name: self.declared_name(element)?,
            doc: doc(element),
            base: None,
            text: false,
            facets: Facets::default(),
            particle: None,
            attributes: Vec::new(),
            spot: self.spot(element),
        };
        for child in &element.children {
            match kind(child) {
                "annotation" => {}
                "complexContent" | "simpleContent" => {
                    complex.text = kind(child) == "simpleContent";
                    for derivation in child.children.iter().filter(|c| kind(c) != "annotation") {
                        self.derivation(derivation, &mut complex)?;
                    }
                    if complex.base.is_none() {
                        return self.fail(child, "the type that this one derives from is missing");
                    }
                }
                _ => self.content(child, &mut complex)?,
            }
        }
        Ok(complex)
    }

    fn derivation(&mut self, element: &RawElement, complex: &mut RawComplex) -> Parsed<()> {
        match (kind(element), complex.text) {
            ("extension", _) => {}
            ("restriction", true) => complex.facets = self.facets(element, true)?,
            _ => return self.unsupported(element),
        }
        complex.base = Some(self.qname(element, "base")?);
        for child in &element.children {
            match kind(child) {
                "attribute" => self.content(child, complex)?,
                "sequence" | "choice" if !complex.text => self.content(child, complex)?,
                "annotation" => {}
                _ if complex.text && kind(element) == "restriction" => {}
                _ => return self.unsupported(child),
            }
        }
        Ok(())
    }

    fn content(&mut self, element: &RawElement, complex: &mut RawComplex) -> Parsed<()> {
        match kind(element) {
            "sequence" | "choice" if complex.particle.is_none() => {
                complex.particle = Some(self.particle(element)?);
                Ok(())
            }
            "attribute" if attr(element, "ref").is_none() => {
                let usage = attr(element, "use").unwrap_or("optional");
                if usage == "prohibited" {
                    return self.fail(element, "a prohibited attribute is not supported");
                }
                let attribute = RawAttribute {
                    name: self.declared_name(element)?.local.as_ref().into(),
                    ty: self.qname(element, "type")?,
                    doc: doc(element),
                    required: usage == "required",
                    fixed: attr(element, "fixed").map(Into::into),
                    default: attr(element, "default").map(Into::into),
                    spot: self.spot(element),
                };
                complex.attributes.push(attribute);
                Ok(())
            }
            _ => self.unsupported(element),
        }
    }

    fn simple(&mut self, element: &RawElement) -> Parsed<RawSimple> {
        let name = self.declared_name(element)?;
        let mut inner = element.children.iter().filter(|child| kind(child) != "annotation");
        match (inner.next(), inner.next()) {
            (Some(restriction), None) if kind(restriction) == "restriction" => Ok(RawSimple {
                name,
                base: self.qname(restriction, "base")?,
                facets: self.facets(restriction, false)?,
                spot: self.spot(element),
            }),
            (Some(other), _) => self.unsupported(other),
            (None, _) => self.fail(element, "a simple type without a restriction"),
        }
    }

    fn facets(&self, restriction: &RawElement, with_attributes: bool) -> Parsed<Facets> {
        let mut facets = Facets::default();
        let mut patterns = Vec::new();
        for facet in &restriction.children {
            let kind = kind(facet);
            if kind == "annotation" || (with_attributes && kind == "attribute") {
                continue;
            }
            let Some((_, value)) = facet.attrs.iter().find(|(name, _)| &*name.local == "value")
            else {
                return self.unsupported(facet);
            };
            let number = || match value.trim().parse::<u32>() {
                Ok(number) => Ok(Some(number)),
                Err(_) => self.fail(facet, format!("«{kind}» is a number, not «{value}»")),
            };
            let bound = Some(value.trim().into());
            match kind {
                "length" => facets.length = number()?,
                "minLength" => facets.min_length = number()?,
                "maxLength" => facets.max_length = number()?,
                "totalDigits" => facets.total_digits = number()?,
                "fractionDigits" => facets.fraction_digits = number()?,
                "minInclusive" => facets.min_inclusive = bound,
                "maxInclusive" => facets.max_inclusive = bound,
                "minExclusive" => facets.min_exclusive = bound,
                "maxExclusive" => facets.max_exclusive = bound,
                "pattern" => {
                    if let Err(error) = crate::schema::pattern::Pattern::new(value) {
                        return self.fail(facet, error.to_string());
                    }
                    patterns.push(value.as_str().into());
                }
                "enumeration" => facets
                    .enumeration
                    .push(EnumValue { value: value.as_str().into(), label: doc(facet) }),
                "whiteSpace" => {
                    facets.white_space = match value.trim() {
                        "preserve" => Some(WhiteSpace::Preserve),
                        "replace" => Some(WhiteSpace::Replace),
                        "collapse" => Some(WhiteSpace::Collapse),
                        _ => return self.fail(facet, "preserve, replace or collapse is expected"),
                    };
                }
                _ => return self.unsupported(facet),
            }
        }
        if !patterns.is_empty() {
            facets.patterns.push(patterns);
        }
        Ok(facets)
    }
}

fn root_like(root: &RawElement) -> RawElement {
    RawElement {
        name: root.name.clone(),
        attrs: Vec::new(),
        text: String::new(),
        children: Vec::new(),
        at: root.at,
        declared: Vec::new(),
    }
}
