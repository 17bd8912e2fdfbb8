//! Checks a document against its schema: what is missing, what is too much, what a value is not.
//!
//! A tree is in order by construction, so that order is a matter of reading: what was noticed then
//! becomes remarks by [`remarks_of_notes`]. In a group that repeats as a whole, members are checked
//! one by one and not in their combinations.

mod model;

use crate::{
    path::{Path, qualified_step},
    remark::{Code, Remark},
    schema::{BuiltIn, Schema, SimpleType, TypeIndex, TypeRef, ValueError},
    trail::Trail,
    tree::{Content, Element, Tree},
};
use domain::lang::Lang;
use model::Model;

use crate::xml::ReadNotes;

/// Remarks on the whole document, in its order.
pub fn check(tree: &Tree, schema: &Schema) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    checker.element(&tree.root, schema.root(), &Trail::From(&Path::root()));
    checker.remarks
}

/// Remarks on the element at `path` and what is below it.
pub fn check_element(element: &Element, schema: &Schema, path: &Path) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    if let Some(ty) = schema.place(path).and_then(|place| place.ty()) {
        checker.element(element, ty, &Trail::From(path));
    }
    checker.remarks
}

/// Remarks on a value that is to stand in the field at `path`.
pub fn check_value(value: &str, schema: &Schema, path: &Path) -> Vec<Remark> {
    let mut checker = Checker { schema, remarks: Vec::new() };
    let Some(place) = schema.place(path) else { return Vec::new() };
    let field = place.field();
    if let Some(simple) = field.as_ref().and_then(|field| field.simple) {
        let trail = Trail::From(path);
        checker.value(simple, value, &trail);
        if let Some(fixed) = field.and_then(|field| field.fixed).filter(|fixed| *fixed != value) {
            checker.fixed(value, fixed, &trail);
        }
    }
    checker.remarks
}

/// Remarks on what reading has put right: a file with such faults is no valid document, although
/// the tree made of it may be one. Elements that the schema does not know are in the tree and are
/// found by [`check`].
pub fn remarks_of_notes(notes: &ReadNotes, schema: &Schema) -> Vec<Remark> {
    let label = |path: &Path, remark: Remark| match schema.field(path) {
        Some(field) => remark.label(field.label(Lang::Ru), field.label(Lang::En)),
        None => remark,
    };
    let order =
        notes.reordered.iter().map(|path| label(path, Remark::error(Code::ORDER, path.clone())));
    let text = notes.stray_text.iter().map(|stray| {
        let remark = Remark::error(Code::TEXT, stray.path.clone()).found(&stray.text);
        remark.arg("line", stray.line).arg("column", stray.column)
    });
    order.chain(text).collect()
}

struct Checker<'a> {
    schema: &'a Schema,
    remarks: Vec<Remark>,
}

impl Checker<'_> {
    fn element(&mut self, element: &Element, ty: TypeRef, trail: &Trail<'_>) {
        self.attributes(element, ty, trail);
        match (self.schema.index(ty), &element.content) {
            (Some(index), Content::Children(children)) => self.children(children, index, trail),
            (Some(index), Content::Text(text)) => {
                if !text.trim().is_empty() {
                    self.remarks.push(Remark::error(Code::TEXT, trail.path()).found(text));
                }
                self.children(&[], index, trail);
            }
            (None, Content::Text(text)) => {
                if let Some(simple) = self.schema.simple(ty) {
                    self.value(simple, text, trail);
                }
            }
            (None, Content::Children(children)) => {
                for child in children {
                    let at = trail.to(&qualified_step(&child.name), child.item);
                    self.remarks.push(Remark::error(Code::UNKNOWN, at));
                }
            }
        }
    }

    fn attributes(&mut self, element: &Element, ty: TypeRef, trail: &Trail<'_>) {
        let schema = self.schema;
        let declared = schema.attributes(ty);
        for attribute in declared {
            let step = format!("@{}", attribute.name);
            let at = trail.step(&step, None);
            let given = element
                .attrs
                .iter()
                .find(|(name, _)| name.ns.is_empty() && *name.local == *attribute.name);
            match (given, schema.simple_at(attribute.simple)) {
                (None, _) if attribute.required => {
                    let mut remark = Remark::error(Code::REQUIRED, at.path());
                    if let Some(fixed) = &attribute.fixed {
                        remark = remark.expected(&**fixed);
                    }
                    self.remarks.push(remark.label(&attribute.label, ""));
                }
                (Some((_, value)), Some(simple)) => {
                    self.value(simple, value, &at);
                    match &attribute.fixed {
                        Some(fixed) if **fixed != **value => self.fixed(value, fixed, &at),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        for (name, value) in &element.attrs {
            let known = name.ns.is_empty() && declared.iter().any(|a| *a.name == *name.local);
            let instance = &*name.ns == "http://www.w3.org/2001/XMLSchema-instance";
            if !known && !instance {
                let at = trail.to(&crate::xml::attribute_step(name), None);
                self.remarks.push(Remark::error(Code::UNKNOWN, at).found(value));
            }
        }
    }

    fn fixed(&mut self, value: &str, fixed: &str, trail: &Trail<'_>) {
        let remark = Remark::error(Code::FIXED, trail.path()).found(value).expected(fixed);
        self.remarks.push(remark);
    }

    fn children(&mut self, children: &[Element], index: &TypeIndex, trail: &Trail<'_>) {
        let places: Vec<Option<usize>> =
            children.iter().map(|child| index.place_of(&child.name)).collect();
        if let Some(particle) = &index.model {
            let mut counts = vec![0usize; index.children.len()];
            let mut others = 0;
            for place in &places {
                match place.and_then(|place| counts.get_mut(place)) {
                    Some(count) => *count += 1,
                    None => others += 1,
                }
            }
            let model = Model { index, counts, others, trail };
            model.check(particle, false, &mut self.remarks);
        }
        for (child, place) in children.iter().zip(places) {
            match place.and_then(|place| index.children.get(place)) {
                Some(known) => {
                    self.element(child, known.ty, &trail.step(&known.step, child.item));
                }
                None if index.any.is_some() => {}
                None => {
                    let at = trail.to(&qualified_step(&child.name), child.item);
                    let found = child.text().unwrap_or_default();
                    self.remarks.push(Remark::error(Code::UNKNOWN, at).found(found));
                }
            }
        }
    }

    fn value(&mut self, simple: &SimpleType, value: &str, trail: &Trail<'_>) {
        let Err(wrong) = simple.check(value) else { return };
        let path = trail.path();
        let field = self.schema.field(&path);
        let label = |lang| field.as_ref().map_or("", |field| field.label(lang));
        let remark = |code| {
            Remark::error(code, path.clone()).label(label(Lang::Ru), label(Lang::En)).found(value)
        };
        if value.trim().is_empty() {
            // An empty field is not filled, whatever else it is not.
            self.remarks.push(remark(Code::EMPTY));
            return;
        }
        self.remarks.extend(wrong.into_iter().map(|wrong| match wrong {
            ValueError::Type(base) => {
                let name = type_name(base);
                remark(Code::TYPE).arg("type", name).expected(example(name))
            }
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
                let remark = remark(Code::PATTERN).expected(pattern);
                match crate::form::hint(simple) {
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
        }));
    }
}

/// The word by which remarks tell built-in types apart.
fn type_name(base: BuiltIn) -> &'static str {
    use BuiltIn as B;
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

/// A value of a built-in type, by the word of [`type_name`].
fn example(name: &str) -> &'static str {
    match name {
        "boolean" => "true",
        "decimal" => "1234.50",
        "integer" => "12",
        "date" => "2026-10-05",
        "dateTime" => "2026-10-05T10:00:00",
        "time" => "10:00:00",
        "year" => "2026",
        "yearMonth" => "2026-10",
        "calendar" => "--10-05",
        "duration" => "P10D",
        "binary" => "0KbQtdC90LA=",
        _ => "abc",
    }
}
