//! From definitions to schemas: references followed, extensions flattened, one schema a kind.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    parse::{
        RawAttribute, RawComplex, RawDecl, RawFile, RawParticle, RawSimple, RawTerm, Spot, XS,
        parse,
    },
    source::{AlbumError, FileSource, MAX_FILE, MAX_FILES, MAX_TOTAL},
};
use crate::{
    name::{Name, edition},
    schema::{
        AttributeDecl, BuiltIn, ComplexType, ContentModel, ElementDecl, Facets, Namespace, Occurs,
        Particle, Schema, SchemaParts, SimpleType, Term, TypeRef,
    },
    tree::KindId,
};

/// Complex types of one kind of document; the largest official one has some hundred.
const MAX_TYPES: usize = 20_000;
/// Steps of extension.
const MAX_BASES: usize = 40;

/// A loaded album.
#[derive(Debug)]
pub struct Album {
    /// How many XSD files it has.
    pub files: usize,
    /// One schema a kind, in the order of codes.
    pub schemas: Vec<Schema>,
}

impl Album {
    /// Loads all kinds of documents: root elements with a fixed attribute `DocumentModeID`.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line; then nothing is loaded.
    pub fn load(source: &impl FileSource) -> Result<Self, AlbumError> {
        let mut files = source.files()?;
        files.retain(|(name, _)| name.to_lowercase().ends_with(".xsd"));
        if files.is_empty() {
            return Err(AlbumError::Empty);
        }
        if files.len() > MAX_FILES {
            return Err(AlbumError::TooManyFiles);
        }
        let mut total = 0;
        for (name, bytes) in &files {
            total += bytes.len() as u64;
            if bytes.len() as u64 > MAX_FILE || total > MAX_TOTAL {
                return Err(AlbumError::TooLarge(name.clone()));
            }
        }
        files.sort();
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        let mut raw = Vec::with_capacity(files.len());
        for (number, (name, bytes)) in files.iter().enumerate() {
            raw.push(parse(number as u32, name, bytes)?);
        }
        drop(files);
        let table = Table::new(&raw, &names)?;
        let mut schemas = Vec::new();
        for file in &raw {
            for root in &file.elements {
                if let Some(mode) = table.fixed_mode(root)? {
                    schemas.push(Builder::schema(&table, file, root, mode)?);
                }
            }
        }
        if schemas.is_empty() {
            return Err(AlbumError::NoKinds);
        }
        schemas.sort_by(|a, b| a.kind().cmp(b.kind()));
        Ok(Self { files: names.len(), schemas })
    }
}

/// All definitions by name.
struct Table<'a> {
    names: &'a [String],
    files: &'a [RawFile],
    elements: HashMap<&'a Name, &'a RawDecl>,
    complex: HashMap<&'a Name, &'a RawComplex>,
    simple: HashMap<&'a Name, &'a RawSimple>,
}

type Built<T> = Result<T, AlbumError>;

impl<'a> Table<'a> {
    fn new(files: &'a [RawFile], names: &'a [String]) -> Built<Self> {
        let mut table = Self {
            names,
            files,
            elements: HashMap::new(),
            complex: HashMap::new(),
            simple: HashMap::new(),
        };
        for file in files {
            for element in &file.elements {
                if let Some(other) = table.elements.insert(&element.name, element) {
                    table.twice(&element.name, other.spot, element.spot)?;
                }
            }
            for complex in &file.complex {
                if let Some(other) = table.complex.insert(&complex.name, complex) {
                    table.twice(&complex.name, other.spot, complex.spot)?;
                }
            }
            for simple in &file.simple {
                if let Some(other) = table.simple.insert(&simple.name, simple) {
                    table.twice(&simple.name, other.spot, simple.spot)?;
                }
            }
        }
        let mut provided: BTreeSet<&str> = table.complex.keys().map(|name| &*name.ns).collect();
        provided.extend(table.simple.keys().map(|name| &*name.ns));
        provided.extend(table.elements.keys().map(|name| &*name.ns));
        for (ns, spot) in files.iter().flat_map(|file| &file.imports) {
            if !provided.contains(&**ns) && !ns.is_empty() {
                table.fail(
                    *spot,
                    format!("the imported namespace «{ns}» is in no file of the album"),
                )?;
            }
        }
        Ok(table)
    }

    fn fail<T>(&self, spot: Spot, reason: impl Into<String>) -> Built<T> {
        let file = self.names.get(spot.file as usize).cloned().unwrap_or_default();
        Err(AlbumError::Schema { file, line: spot.line as usize, reason: reason.into() })
    }

    fn twice(&self, name: &Name, first: Spot, second: Spot) -> Built<()> {
        let file = self.names.get(first.file as usize).map_or("", String::as_str);
        self.fail(second, format!("{name} is defined before in {file}, line {}", first.line))
    }

    /// A complex type with those it extends, itself first.
    fn bases(&self, complex: &'a RawComplex) -> Built<Vec<&'a RawComplex>> {
        let mut chain = vec![complex];
        let mut at = complex;
        while let Some(base) = at.base.as_ref().and_then(|base| self.complex.get(base)) {
            if chain.len() > MAX_BASES {
                return self.fail(complex.spot, format!("{} extends itself", complex.name));
            }
            chain.push(base);
            at = base;
        }
        Ok(chain)
    }

    /// The fixed code of a root element, when it has one.
    fn fixed_mode(&self, root: &RawDecl) -> Built<Option<&'a str>> {
        let Some(complex) = self.complex.get(&root.ty) else { return Ok(None) };
        let chain = self.bases(complex)?;
        let mode = chain.iter().flat_map(|complex| &complex.attributes);
        let mut mode = mode.filter(|attribute| &*attribute.name == "DocumentModeID");
        Ok(mode.find_map(|attribute| attribute.fixed.as_deref()))
    }
}

/// Builds the schema of one kind.
struct Builder<'t, 'a> {
    table: &'t Table<'a>,
    prefixes: &'a [(Box<str>, Arc<str>)],
    parts: SchemaParts,
    complex: HashMap<&'a Name, u32>,
    simple: HashMap<Name, u32>,
    /// Types whose content is still to be built.
    todo: Vec<(u32, &'a RawComplex)>,
}

impl<'t, 'a> Builder<'t, 'a> {
    fn schema(
        table: &'t Table<'a>,
        file: &'a RawFile,
        root: &'a RawDecl,
        mode: &str,
    ) -> Built<Schema> {
        let namespace = root.name.ns.to_string();
        let kind = KindId {
            mode_id: mode.to_owned(),
            root: root.name.local.to_string(),
            edition: edition(&namespace).1.to_owned(),
            namespace,
        };
        let mut builder = Self {
            table,
            prefixes: &file.prefixes,
            parts: SchemaParts {
                kind,
                title: String::new(),
                namespaces: vec![Namespace { prefix: "".into(), uri: root.name.ns.clone() }],
                complex: Vec::new(),
                simple: Vec::new(),
                root: TypeRef::Complex(0),
            },
            complex: HashMap::new(),
            simple: HashMap::new(),
            todo: Vec::new(),
        };
        builder.parts.root = builder.ty(&root.ty, root.spot)?;
        while let Some((id, complex)) = builder.todo.pop() {
            let (attributes, content) = builder.content(complex)?;
            let type_name = complex.name.local.as_ref().into();
            builder.parts.complex[id as usize] =
                ComplexType { name: type_name, attributes, content };
        }
        builder.order_namespaces();
        let doc_of_type = table.complex.get(&root.ty).map_or("", |complex| &complex.doc);
        let title = [&root.doc, doc_of_type, &file.doc].into_iter().find(|doc| !doc.is_empty());
        let title = title.unwrap_or(&root.name.local).trim_end_matches('.');
        builder.parts.title = title.to_owned();
        let spot = root.spot;
        Schema::new(builder.parts).or_else(|error| table.fail(spot, error.to_string()))
    }

    /// The type of a name, built when it is met first.
    fn ty(&mut self, name: &'a Name, spot: Spot) -> Built<TypeRef> {
        let Some(complex) = self.table.complex.get(name) else {
            return self.simple(name, spot).map(TypeRef::Simple);
        };
        if let Some(&id) = self.complex.get(name) {
            return Ok(TypeRef::Complex(id));
        }
        let id = self.parts.complex.len();
        if id >= MAX_TYPES {
            return self.table.fail(spot, "the document has too many types");
        }
        self.complex.insert(name, id as u32);
        // Its place is taken now; the content follows, because types may refer to themselves.
        let content = ContentModel::Elements(sequence(Vec::new()));
        self.parts.complex.push(ComplexType { name: "".into(), attributes: Vec::new(), content });
        self.todo.push((id as u32, complex));
        Ok(TypeRef::Complex(id as u32))
    }

    fn simple(&mut self, name: &Name, spot: Spot) -> Built<u32> {
        if let Some(&id) = self.simple.get(name) {
            return Ok(id);
        }
        let (base, facets) = self.simple_parts(name, spot, 0)?;
        self.push_simple(name.clone(), base, facets)
    }

    fn push_simple(&mut self, name: Name, base: BuiltIn, facets: Facets) -> Built<u32> {
        let id = self.parts.simple.len() as u32;
        self.parts.simple.push(SimpleType::new(&*name.local, base, facets));
        self.simple.insert(name, id);
        Ok(id)
    }

    fn simple_parts(&self, name: &Name, spot: Spot, depth: usize) -> Built<(BuiltIn, Facets)> {
        if depth > MAX_BASES {
            return self.table.fail(spot, format!("{name} restricts itself"));
        }
        if *name.ns == *XS {
            return match BuiltIn::by_name(&name.local) {
                Some(base) => Ok((base, Facets::default())),
                None => self
                    .table
                    .fail(spot, format!("the built-in type «{}» is not supported", name.local)),
            };
        }
        match self.table.simple.get(name) {
            Some(raw) => {
                let (base, facets) = self.simple_parts(&raw.base, raw.spot, depth + 1)?;
                Ok((base, narrow(facets, &raw.facets)))
            }
            None => self.table.fail(spot, format!("the type {name} is not defined in the album")),
        }
    }

    fn content(&mut self, complex: &'a RawComplex) -> Built<(Vec<AttributeDecl>, ContentModel)> {
        let chain = self.table.bases(complex)?;
        let mut attributes: Vec<AttributeDecl> = Vec::new();
        for raw in chain.iter().rev().flat_map(|complex| &complex.attributes) {
            let attribute = self.attribute(raw)?;
            match attributes.iter_mut().find(|known| known.name == attribute.name) {
                Some(known) => *known = attribute,
                None => attributes.push(attribute),
            }
        }
        let last = chain.last().copied().unwrap_or(complex);
        if chain.iter().any(|complex| complex.text) {
            let Some(base) = &last.base else {
                return self
                    .table
                    .fail(complex.spot, "text content without a simple type below it");
            };
            let (built_in, mut facets) = self.simple_parts(base, last.spot, 0)?;
            let own = chain.iter().any(|complex| complex.facets != Facets::default());
            if !own {
                return Ok((attributes, ContentModel::Text(self.simple(base, last.spot)?)));
            }
            for complex in chain.iter().rev() {
                facets = narrow(facets, &complex.facets);
            }
            // The text of a complex type has no name of its own.
            let id = self.parts.simple.len() as u32;
            self.parts.simple.push(SimpleType::new(&*complex.name.local, built_in, facets));
            return Ok((attributes, ContentModel::Text(id)));
        }
        if let Some(base) = &last.base {
            return self
                .table
                .fail(last.spot, format!("the extended type {base} is not defined in the album"));
        }
        let mut children = Vec::new();
        for raw in chain.iter().rev().filter_map(|complex| complex.particle.as_ref()) {
            let particle = self.particle(raw)?;
            append(&mut children, particle);
        }
        Ok((attributes, ContentModel::Elements(sequence(children))))
    }

    fn attribute(&mut self, raw: &RawAttribute) -> Built<AttributeDecl> {
        Ok(AttributeDecl {
            name: raw.name.clone(),
            label: raw.doc.clone(),
            simple: self.simple(&raw.ty, raw.spot)?,
            required: raw.required,
            fixed: raw.fixed.clone(),
            default: raw.default.clone(),
        })
    }

    fn particle(&mut self, raw: &'a RawParticle) -> Built<Particle> {
        let term = match &raw.term {
            RawTerm::Any => Term::Any(()),
            RawTerm::Element(decl) => Term::Element(self.element(decl, &decl.doc)?),
            RawTerm::Ref(name, spot) => match self.table.elements.get(name) {
                Some(decl) => Term::Element(self.element(decl, &decl.doc)?),
                None => {
                    return self
                        .table
                        .fail(*spot, format!("the element {name} is not defined in the album"));
                }
            },
            RawTerm::Sequence(inner) => {
                let mut children = Vec::new();
                for particle in inner {
                    let particle = self.particle(particle)?;
                    append(&mut children, particle);
                }
                Term::Sequence(children)
            }
            RawTerm::Choice(inner) => {
                Term::Choice(inner.iter().map(|p| self.particle(p)).collect::<Built<_>>()?)
            }
        };
        Ok(Particle { occurs: raw.occurs, term })
    }

    fn element(&mut self, decl: &'a RawDecl, doc: &str) -> Built<ElementDecl> {
        let of_type = || self.table.complex.get(&decl.ty).map_or("", |complex| &complex.doc);
        let label = if doc.is_empty() { of_type() } else { doc };
        Ok(ElementDecl {
            ns: self.namespace(&decl.name.ns, decl.spot),
            local: decl.name.local.as_ref().into(),
            label: label.trim_end_matches('.').into(),
            label_en: "".into(),
            ty: self.ty(&decl.ty, decl.spot)?,
            default: decl.default.clone(),
        })
    }

    fn namespace(&mut self, ns: &Arc<str>, spot: Spot) -> u16 {
        let known = &mut self.parts.namespaces;
        if let Some(at) = known.iter().position(|namespace| namespace.uri == *ns) {
            return at as u16;
        }
        let of_file =
            self.table.files.get(spot.file as usize).map_or(&[][..], |file| &file.prefixes);
        let mut candidates = self.prefixes.iter().chain(of_file);
        let prefix = candidates.find(|(prefix, uri)| uri == ns && !prefix.is_empty());
        let wanted = prefix.map_or("d", |(prefix, _)| prefix);
        let mut prefix = wanted.to_owned();
        let mut number = 1;
        while known.iter().any(|namespace| *namespace.prefix == *prefix) || is_reserved(&prefix) {
            number += 1;
            prefix = format!("{wanted}{number}");
        }
        known.push(Namespace { prefix: prefix.into(), uri: ns.clone() });
        (known.len() - 1) as u16
    }

    /// Puts namespaces into the order in which a document meets them.
    fn order_namespaces(&mut self) {
        let mut order: Vec<u16> = vec![0];
        let mut seen = BTreeSet::new();
        let mut todo = vec![self.parts.root];
        while let Some(ty) = todo.pop() {
            let TypeRef::Complex(id) = ty else { continue };
            if !seen.insert(id) {
                continue;
            }
            if let ContentModel::Elements(particle) = &self.parts.complex[id as usize].content {
                let mut children = Vec::new();
                elements(particle, &mut children);
                // Depth first: what is met first is taken from the stack first.
                todo.extend(children.iter().rev().map(|decl| decl.ty));
                for decl in children {
                    if !order.contains(&decl.ns) {
                        order.push(decl.ns);
                    }
                }
            }
        }
        let mut places = vec![0u16; self.parts.namespaces.len()];
        for (new, old) in order.iter().enumerate() {
            places[usize::from(*old)] = new as u16;
        }
        self.parts.namespaces =
            order.iter().map(|old| self.parts.namespaces[usize::from(*old)].clone()).collect();
        for complex in &mut self.parts.complex {
            if let ContentModel::Elements(particle) = &mut complex.content {
                renumber(particle, &places);
            }
        }
    }
}

fn is_reserved(prefix: &str) -> bool {
    let generated = prefix.strip_prefix("ns").is_some_and(|rest| rest.parse::<u32>().is_ok());
    generated || prefix == "own" || prefix.to_lowercase().starts_with("xml")
}

fn elements<'p>(particle: &'p Particle, into: &mut Vec<&'p ElementDecl>) {
    match &particle.term {
        Term::Element(decl) => into.push(decl),
        Term::Sequence(inner) | Term::Choice(inner) => inner.iter().for_each(|p| elements(p, into)),
        Term::Any(()) => {}
    }
}

fn renumber(particle: &mut Particle, places: &[u16]) {
    match &mut particle.term {
        Term::Element(decl) => decl.ns = places[usize::from(decl.ns)],
        Term::Sequence(inner) | Term::Choice(inner) => {
            inner.iter_mut().for_each(|p| renumber(p, places));
        }
        Term::Any(()) => {}
    }
}

fn sequence(children: Vec<Particle>) -> Particle {
    Particle { occurs: Occurs::ONE, term: Term::Sequence(children) }
}

/// Adds a particle to a sequence; a sequence that stands once dissolves in it.
fn append(children: &mut Vec<Particle>, particle: Particle) {
    match particle {
        Particle { occurs: Occurs::ONE, term: Term::Sequence(inner) } => children.extend(inner),
        particle => children.push(particle),
    }
}

/// Facets of a base with those of a restriction.
fn narrow(base: Facets, own: &Facets) -> Facets {
    let mut patterns = base.patterns;
    patterns.extend(own.patterns.iter().cloned());
    Facets {
        length: own.length.or(base.length),
        min_length: own.min_length.or(base.min_length),
        max_length: own.max_length.or(base.max_length),
        patterns,
        enumeration: match own.enumeration.is_empty() {
            true => base.enumeration,
            false => own.enumeration.clone(),
        },
        total_digits: own.total_digits.or(base.total_digits),
        fraction_digits: own.fraction_digits.or(base.fraction_digits),
        min_inclusive: own.min_inclusive.clone().or(base.min_inclusive),
        max_inclusive: own.max_inclusive.clone().or(base.max_inclusive),
        min_exclusive: own.min_exclusive.clone().or(base.min_exclusive),
        max_exclusive: own.max_exclusive.clone().or(base.max_exclusive),
        white_space: own.white_space.or(base.white_space),
    }
}
