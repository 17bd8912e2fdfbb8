//! Checks a document against its schema: what is missing, what is too much, what a value is not.
//!
//! Order is not checked, because a tree is in order by construction. In a group that repeats as a
//! whole, members are checked one by one and not in their combinations.

use std::collections::HashMap;

use crate::{
    name::Name,
    path::Path,
    remark::{Code, Remark},
    schema::{ContentModel, Particle, Schema, SimpleType, Term, TypeIndex, TypeRef, ValueError},
    tree::{Content, Element, Tree},
};

/// Remarks on the whole document, in its order.
pub fn check(tree: &Tree, schema: &Schema) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    checker.element(&tree.root, schema.root(), &Path::root());
    checker.remarks
}

/// Remarks on the element at `path` and what is below it.
pub fn check_element(element: &Element, schema: &Schema, path: &Path) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    if let Some(ty) = schema.place(path).and_then(|place| place.ty()) {
        checker.element(element, ty, path);
    }
    checker.remarks
}

/// Remarks on a value that is to stand in the field at `path`.
pub fn check_value(value: &str, schema: &Schema, path: &Path) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    let Some(place) = schema.place(path) else { return Vec::new() };
    let field = place.field();
    if let Some(simple) = field.as_ref().and_then(|field| field.simple) {
        checker.value(simple, value, path);
        if let Some(fixed) = field.and_then(|field| field.fixed).filter(|fixed| *fixed != value) {
            checker.fixed(value, fixed, path);
        }
    }
    checker.remarks
}

struct Checker<'a> {
    schema: &'a Schema,
    remarks: Vec<Remark>,
}

impl Checker<'_> {
    fn element(&mut self, element: &Element, ty: TypeRef, path: &Path) {
        self.attributes(element, ty, path);
        match (self.schema.index(ty), &element.content) {
            (Some(index), Content::Children(children)) => self.children(children, index, ty, path),
            (Some(index), Content::Text(text)) => {
                if !text.trim().is_empty() {
                    self.remarks.push(Remark::error(Code::TEXT, path.clone()).found(text));
                }
                self.children(&[], index, ty, path);
            }
            (None, Content::Text(text)) => {
                if let Some(simple) = self.schema.simple(ty) {
                    self.value(simple, text, path);
                }
            }
            (None, Content::Children(children)) => {
                for child in children {
                    let step = crate::path::qualified_step(&child.name);
                    let at = path.child(&step, child.item);
                    self.remarks.push(Remark::error(Code::UNKNOWN, at));
                }
            }
        }
    }

    fn attributes(&mut self, element: &Element, ty: TypeRef, path: &Path) {
        let schema = self.schema;
        for declared in schema.attributes(ty) {
            let at = path.join(&format!("@{}", declared.name));
            let given = element
                .attrs
                .iter()
                .find(|(name, _)| name.ns.is_empty() && *name.local == *declared.name);
            match (given, schema.simple_at(declared.simple)) {
                (None, _) if declared.required => {
                    let mut remark = Remark::error(Code::REQUIRED, at);
                    if let Some(fixed) = &declared.fixed {
                        remark = remark.expected(&**fixed);
                    }
                    self.remarks.push(remark.label(&declared.label));
                }
                (Some((_, value)), Some(simple)) => {
                    self.value(simple, value, &at);
                    match &declared.fixed {
                        Some(fixed) if **fixed != **value => self.fixed(value, fixed, &at),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        for (name, value) in &element.attrs {
            let declared = schema.attributes(ty).iter().any(|a| *a.name == *name.local);
            let instance = &*name.ns == "http://www.w3.org/2001/XMLSchema-instance";
            if !(name.ns.is_empty() && declared) && !instance {
                let at = path.join(&crate::xml::attribute_step(name));
                self.remarks.push(Remark::error(Code::UNKNOWN, at).found(value));
            }
        }
    }

    fn fixed(&mut self, value: &str, fixed: &str, path: &Path) {
        let remark = Remark::error(Code::FIXED, path.clone()).found(value).expected(fixed);
        self.remarks.push(remark);
    }

    fn children(&mut self, children: &[Element], index: &TypeIndex, ty: TypeRef, path: &Path) {
        let mut counts: HashMap<&Name, usize> = HashMap::new();
        for child in children {
            *counts.entry(&child.name).or_default() += 1;
        }
        let model = self.schema.complex(ty).map(|complex| &complex.content);
        if let Some(ContentModel::Elements(particle)) = model {
            let model = Model { schema: self.schema, index, counts: &counts, path };
            model.check(particle, false, &mut self.remarks);
        }
        for child in children {
            match index.by_name(&child.name) {
                Some(known) => {
                    let at = path.child(&known.step, child.item);
                    self.element(child, known.ty, &at);
                }
                None if index.any.is_some() => {}
                None => {
                    let step = crate::path::qualified_step(&child.name);
                    let at = path.child(&step, child.item);
                    let found = child.text().unwrap_or_default();
                    self.remarks.push(Remark::error(Code::UNKNOWN, at).found(found));
                }
            }
        }
    }

    fn value(&mut self, simple: &SimpleType, value: &str, path: &Path) {
        let Err(wrong) = simple.check(value) else { return };
        let label = self.schema.field(path).map(|f| f.label(domain::lang::Lang::Ru).to_owned());
        let label = label.unwrap_or_default();
        if value.trim().is_empty() {
            // An empty field is not filled, whatever else it is not.
            self.remarks.push(Remark::error(Code::EMPTY, path.clone()).label(&label));
            return;
        }
        for wrong in wrong {
            let remark = |code| Remark::error(code, path.clone()).found(value).label(&label);
            self.remarks.push(match wrong {
                ValueError::Type(base) => remark(Code::TYPE).arg("type", type_name(base)),
                ValueError::Length { expected, found } => {
                    remark(Code::LENGTH).expected(expected).arg("count", found)
                }
                ValueError::TooShort { min, found } => {
                    remark(Code::SHORT).expected(min).arg("count", found)
                }
                ValueError::TooLong { max, found } => {
                    remark(Code::LONG).expected(max).arg("count", found)
                }
                ValueError::Pattern(pattern) => {
                    let hint = crate::form::hint(simple);
                    let remark = remark(Code::PATTERN).expected(pattern);
                    match hint {
                        Some(hint) => remark.arg("hint", hint.ru).arg("hint_en", hint.en),
                        None => remark,
                    }
                }
                ValueError::Enumeration(values) => {
                    remark(Code::ENUMERATION).expected(values.join(", "))
                }
                ValueError::TotalDigits(max) => remark(Code::DIGITS).expected(max),
                ValueError::FractionDigits(max) => remark(Code::FRACTION).expected(max),
                ValueError::Below { bound, inclusive } => {
                    let sign = if inclusive { "≥" } else { ">" };
                    remark(Code::RANGE).expected(format!("{sign} {bound}"))
                }
                ValueError::Above { bound, inclusive } => {
                    let sign = if inclusive { "≤" } else { "<" };
                    remark(Code::RANGE).expected(format!("{sign} {bound}"))
                }
            });
        }
    }
}

/// The word by which remarks tell built-in types apart.
fn type_name(base: crate::schema::BuiltIn) -> &'static str {
    use crate::schema::BuiltIn as B;
    match base {
        B::Boolean => "boolean",
        B::Decimal | B::Double => "decimal",
        B::Integer | B::Int | B::Long | B::NonNegativeInteger | B::PositiveInteger => "integer",
        B::Date => "date",
        B::DateTime => "dateTime",
        B::Time => "time",
        B::GYear => "year",
        B::GYearMonth => "yearMonth",
        B::GMonth | B::GMonthDay | B::GDay => "calendar",
        B::Duration => "duration",
        B::Base64Binary | B::HexBinary => "binary",
        B::String | B::NormalizedString | B::Token | B::AnyUri => "text",
    }
}

/// A content model against the counts of the children that are there.
struct Model<'a> {
    schema: &'a Schema,
    index: &'a TypeIndex,
    counts: &'a HashMap<&'a Name, usize>,
    path: &'a Path,
}

impl Model<'_> {
    fn name(&self, decl: &crate::schema::ElementDecl) -> Option<Name> {
        let namespace = self.schema.namespaces().get(usize::from(decl.ns))?;
        Some(Name::new(namespace.uri.clone(), &*decl.local))
    }

    fn count(&self, decl: &crate::schema::ElementDecl) -> usize {
        self.name(decl).and_then(|name| self.counts.get(&name).copied()).unwrap_or(0)
    }

    /// Some element of the particle is there.
    fn is_used(&self, particle: &Particle) -> bool {
        match &particle.term {
            Term::Element(decl) => self.count(decl) > 0,
            Term::Sequence(inner) | Term::Choice(inner) => inner.iter().any(|p| self.is_used(p)),
            Term::Any(()) => self.counts.keys().any(|name| self.index.by_name(name).is_none()),
        }
    }

    /// The particle can be absent as a whole.
    fn is_emptiable(particle: &Particle) -> bool {
        particle.occurs.min == 0
            || match &particle.term {
                Term::Element(_) | Term::Any(()) => false,
                Term::Sequence(inner) => inner.iter().all(Self::is_emptiable),
                Term::Choice(inner) => inner.is_empty() || inner.iter().any(Self::is_emptiable),
            }
    }

    /// The first elements that may begin the particle, for «one of» remarks.
    fn heads(&self, particle: &Particle, into: &mut Vec<(String, String)>) {
        match &particle.term {
            Term::Element(decl) => {
                if let Some(child) = self.name(decl).and_then(|name| self.index.by_name(&name)) {
                    into.push((child.step.to_string(), child.label.to_string()));
                }
            }
            Term::Sequence(inner) => {
                if let Some(first) = inner.first() {
                    self.heads(first, into);
                }
            }
            Term::Choice(inner) => inner.iter().for_each(|p| self.heads(p, into)),
            Term::Any(()) => {}
        }
    }

    fn covers(&self, particle: &Particle, used: &[&Name]) -> bool {
        let mut names = Vec::new();
        self.names(particle, &mut names);
        used.iter().all(|name| names.contains(name))
    }

    fn names(&self, particle: &Particle, into: &mut Vec<Name>) {
        match &particle.term {
            Term::Element(decl) => into.extend(self.name(decl)),
            Term::Sequence(inner) | Term::Choice(inner) => {
                inner.iter().for_each(|p| self.names(p, into));
            }
            Term::Any(()) => {}
        }
    }

    fn check(&self, particle: &Particle, repeated: bool, remarks: &mut Vec<Remark>) {
        if particle.occurs.min == 0 && !self.is_used(particle) {
            return;
        }
        let inside = repeated || particle.occurs.repeats();
        match &particle.term {
            Term::Element(decl) => {
                let found = self.count(decl);
                let Some(child) = self.name(decl).and_then(|name| self.index.by_name(&name)) else {
                    return;
                };
                let at = || self.path.join(&child.step);
                let min = particle.occurs.min as usize;
                if found < min {
                    let code = if min == 1 { Code::REQUIRED } else { Code::FEW };
                    let remark = Remark::error(code, at()).label(&child.label);
                    remarks.push(remark.expected(min).arg("count", found));
                }
                if let Some(max) =
                    particle.occurs.max.filter(|max| found > *max as usize && !repeated)
                {
                    let remark = Remark::error(Code::MANY, at()).label(&child.label);
                    remarks.push(remark.expected(max).arg("count", found));
                }
            }
            Term::Any(()) => {}
            Term::Sequence(inner) => inner.iter().for_each(|p| self.check(p, inside, remarks)),
            Term::Choice(inner) => self.choice(inner, particle, inside, remarks),
        }
    }

    fn choice(
        &self,
        inner: &[Particle],
        particle: &Particle,
        repeated: bool,
        remarks: &mut Vec<Remark>,
    ) {
        let branches: Vec<&Particle> = inner.iter().filter(|p| self.is_used(p)).collect();
        if branches.is_empty() {
            if !Self::is_emptiable(particle) {
                let mut heads = Vec::new();
                self.heads(particle, &mut heads);
                let at = heads.first().map_or(self.path.clone(), |(step, _)| self.path.join(step));
                let names: Vec<_> = heads.iter().map(|(_, label)| label.as_str()).collect();
                let steps: Vec<_> = heads.iter().map(|(step, _)| step.as_str()).collect();
                let remark = Remark::error(Code::ONE_OF, at);
                let remark = remark.expected(steps.join(", ")).label(&names.join("; "));
                remarks.push(remark);
            }
            return;
        }
        if repeated {
            branches.iter().for_each(|p| self.check(p, true, remarks));
            return;
        }
        let mut all = Vec::new();
        self.names(particle, &mut all);
        let used: Vec<&Name> = all.iter().filter(|name| self.counts.contains_key(name)).collect();
        // A branch that holds all that is there; the one with the fewest remarks explains it best.
        let best = branches
            .iter()
            .filter(|branch| self.covers(branch, &used))
            .map(|branch| {
                let mut own = Vec::new();
                self.check(branch, repeated, &mut own);
                own
            })
            .min_by_key(Vec::len);
        match best {
            Some(own) => remarks.extend(own),
            None => {
                let mut heads = Vec::new();
                branches.iter().for_each(|branch| self.heads(branch, &mut heads));
                let at = heads.get(1).map_or(self.path.clone(), |(step, _)| self.path.join(step));
                let steps: Vec<_> = heads.iter().map(|(step, _)| step.as_str()).collect();
                let names: Vec<_> = heads.iter().map(|(_, label)| label.as_str()).collect();
                let remark = Remark::error(Code::ONLY_ONE, at);
                remarks.push(remark.found(&steps.join(", ")).label(&names.join("; ")));
            }
        }
    }
}
