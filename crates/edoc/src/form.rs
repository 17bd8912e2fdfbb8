//! A generic form for any kind of document.
//!
//! The model is a tree of nodes that a screen renders: groups, repeats, choices and fields with
//! their widgets. Types may refer to themselves, so the tree is made level by level: [`form`]
//! gives the nodes of one element, and [`FormNode::children`] of a group is filled down to a
//! depth; below it a screen asks again with the path of the group.

use serde::{Deserialize, Serialize};

use crate::{
    path::Path,
    schema::{
        AttributeDecl, BuiltIn, Child, ContentModel, EnumValue, Particle, Schema, SimpleType, Term,
        TypeRef,
        pattern::{Class, Node},
    },
};
use domain::lang::Lang;

/// What a node is entered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Widget {
    Text {
        multiline: bool,
    },
    Select {
        options: Vec<EnumValue>,
    },
    Date,
    DateTime,
    Month,
    Time,
    Number {
        whole: bool,
        fraction_digits: Option<u32>,
    },
    Bool,
    /// A fixed value; shown, not entered.
    Fixed {
        value: String,
    },
    /// A group of fields.
    Group,
    /// One of its children is to be chosen.
    Choice,
    /// Any foreign XML.
    Any,
}

/// A node of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormNode {
    /// Step from the node around to this one; empty for a choice, which is no element.
    pub step: String,
    pub label: String,
    pub widget: Widget,
    pub required: bool,
    /// May stand several times; `max` of `None` means without limit.
    pub repeats: bool,
    pub min: u32,
    pub max: Option<u32>,
    pub max_length: Option<u32>,
    pub hint: Option<Hint>,
    /// A group that stands for a type which is being shown already, or lies too deep; its
    /// children are to be asked for.
    pub more: bool,
    pub children: Vec<FormNode>,
}

/// How a value is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    pub ru: String,
    pub en: String,
}

/// Levels of groups that are unfolded at once.
const DEPTH: usize = 6;
/// Nodes that are unfolded at once.
const NODES: usize = 3000;

/// The form of the element at `path`; the whole document for the root. `None` when there is no
/// such element in the schema.
pub fn form(schema: &Schema, path: &Path, lang: Lang) -> Option<FormNode> {
    let place = schema.place(path)?;
    let ty = place.ty()?;
    let field = place.field()?;
    let mut builder = FormBuilder { schema, lang, around: Vec::new(), nodes: 0 };
    let mut node = builder.of_type(ty);
    node.step = path.last().map_or_else(String::new, |step| step.text.to_owned());
    node.label = field.label(lang).to_owned();
    node.required = field.required;
    Some(node)
}

struct FormBuilder<'a> {
    schema: &'a Schema,
    lang: Lang,
    around: Vec<TypeRef>,
    nodes: usize,
}

impl FormBuilder<'_> {
    fn blank(widget: Widget) -> FormNode {
        FormNode {
            step: String::new(),
            label: String::new(),
            widget,
            required: true,
            repeats: false,
            min: 1,
            max: Some(1),
            max_length: None,
            hint: None,
            more: false,
            children: Vec::new(),
        }
    }

    fn of_type(&mut self, ty: TypeRef) -> FormNode {
        self.nodes += 1;
        let schema = self.schema;
        let attributes = schema.attributes(ty);
        let simple = schema.simple(ty);
        if let (Some(simple), true) = (simple, attributes.is_empty()) {
            return Self::of_simple(simple);
        }
        let mut group = Self::blank(Widget::Group);
        if self.around.contains(&ty) || self.around.len() >= DEPTH || self.nodes > NODES {
            group.more = true;
            return group;
        }
        self.around.push(ty);
        group.children.extend(attributes.iter().map(|attribute| self.attribute(attribute)));
        match schema.complex(ty).map(|complex| &complex.content) {
            Some(ContentModel::Elements(particle)) => {
                self.particle(particle, ty, true, false, &mut group.children);
            }
            _ => group.children.extend(simple.map(Self::of_simple)),
        }
        self.around.pop();
        group
    }

    fn of_simple(simple: &SimpleType) -> FormNode {
        let facets = &simple.facets;
        let widget = match simple.base {
            _ if !facets.enumeration.is_empty() => {
                Widget::Select { options: facets.enumeration.clone() }
            }
            BuiltIn::Boolean => Widget::Bool,
            BuiltIn::Date => Widget::Date,
            BuiltIn::DateTime => Widget::DateTime,
            BuiltIn::GYearMonth => Widget::Month,
            BuiltIn::Time => Widget::Time,
            base if base.is_number() => Widget::Number {
                whole: !matches!(base, BuiltIn::Decimal | BuiltIn::Double),
                fraction_digits: facets.fraction_digits,
            },
            _ => Widget::Text { multiline: simple.longest().is_none_or(|max| max > 120) },
        };
        let mut node = Self::blank(widget);
        node.max_length = simple.longest();
        node.hint = hint(simple);
        node
    }

    fn attribute(&mut self, attribute: &AttributeDecl) -> FormNode {
        let simple = self.schema.simple_at(attribute.simple);
        let mut node = match (&attribute.fixed, simple) {
            (Some(fixed), _) => Self::blank(Widget::Fixed { value: fixed.to_string() }),
            (None, Some(simple)) => Self::of_simple(simple),
            (None, None) => Self::blank(Widget::Text { multiline: false }),
        };
        node.step = format!("@{}", attribute.name);
        node.label = attribute.label.to_string();
        node.required = attribute.required;
        node.min = attribute.required.into();
        node
    }

    fn child(&mut self, child: &Child, min: u32, required: bool) -> FormNode {
        let mut node = self.of_type(child.ty);
        node.step = child.step.to_string();
        node.label = match self.lang {
            Lang::En if !child.label_en.is_empty() => child.label_en.to_string(),
            _ if child.label.is_empty() => child.name.local.to_string(),
            _ => child.label.to_string(),
        };
        node.required = required && min > 0;
        node.repeats = child.repeats;
        node.min = min;
        node.max = match child.repeats && !child.occurs.repeats() {
            true => None,
            false => child.occurs.max,
        };
        node
    }

    fn particle(
        &mut self,
        particle: &Particle,
        ty: TypeRef,
        required: bool,
        repeated: bool,
        into: &mut Vec<FormNode>,
    ) {
        let schema = self.schema;
        let required = required && particle.occurs.min > 0;
        let repeated = repeated || particle.occurs.repeats();
        match &particle.term {
            Term::Any(()) => into.push(Self::blank(Widget::Any)),
            Term::Element(decl) => {
                let Some(namespace) = schema.namespaces().get(usize::from(decl.ns)) else { return };
                let name = crate::name::Name::new(namespace.uri.clone(), &*decl.local);
                let known = schema.index(ty).and_then(|index| index.by_name(&name));
                let Some(child) = known else { return };
                into.push(self.child(child, particle.occurs.min, required));
            }
            Term::Sequence(inner) => {
                inner.iter().for_each(|p| self.particle(p, ty, required, repeated, into));
            }
            // Members of a repeated choice may all stand; one alternative is no choice.
            Term::Choice(inner) if repeated || inner.len() == 1 => {
                inner.iter().for_each(|p| self.particle(p, ty, false, repeated, into));
            }
            Term::Choice(inner) => {
                let mut choice = Self::blank(Widget::Choice);
                choice.required = required;
                choice.min = particle.occurs.min;
                for particle in inner {
                    let mut branch = Vec::new();
                    self.particle(particle, ty, true, false, &mut branch);
                    match branch.len() {
                        1 => choice.children.append(&mut branch),
                        _ => {
                            // Several fields that go together: a group without a step.
                            let mut group = Self::blank(Widget::Group);
                            let labels: Vec<_> = branch.iter().map(|n| n.label.as_str()).collect();
                            group.label = labels.join(", ");
                            group.children = branch;
                            choice.children.push(group);
                        }
                    }
                }
                into.push(choice);
            }
        }
    }
}

/// How a value of the type is written, when there is more to say than its widget says.
pub fn hint(simple: &SimpleType) -> Option<Hint> {
    let nodes = simple.pattern_nodes();
    if !nodes.is_empty() {
        let mut branches = Vec::new();
        for node in nodes {
            match node {
                Node::Branches(inner) => branches.extend(inner.iter()),
                node => branches.push(node),
            }
        }
        return Some(branch_hint(&branches));
    }
    if let Some(length) = simple.facets.length {
        return Some(Hint {
            ru: format!("{length} {}", plural(length, ["знак", "знака", "знаков"])),
            en: format!("{length} character{}", if length == 1 { "" } else { "s" }),
        });
    }
    None
}

fn plural(n: u32, forms: [&'static str; 3]) -> &'static str {
    match (n % 10, n % 100) {
        (1, h) if h != 11 => forms[0],
        (2..=4, h) if !(12..=14).contains(&h) => forms[1],
        _ => forms[2],
    }
}

/// Parts of a hint: counted characters of a class, or literal text.
fn branch_hint(branches: &[&Node]) -> Hint {
    let counts: Option<Vec<(u32, Option<u32>)>> = branches.iter().map(|b| digits_only(b)).collect();
    if let Some(counts) = counts {
        let texts: Vec<String> = counts
            .iter()
            .map(|(min, max)| match max {
                Some(max) if max == min => min.to_string(),
                Some(max) => format!("{min}–{max}"),
                None => format!("{min}+"),
            })
            .collect();
        let last = counts.last().map_or(0, |(min, max)| max.unwrap_or(*min));
        return Hint {
            ru: format!("{} {}", listed(&texts, "или"), plural(last, ["цифра", "цифры", "цифр"])),
            en: format!("{} digit{}", listed(&texts, "or"), if last == 1 { "" } else { "s" }),
        };
    }
    let examples: Vec<String> = branches.iter().take(3).map(|branch| example(branch)).collect();
    Hint {
        ru: format!("например {}", listed(&examples, "или")),
        en: format!("e.g. {}", listed(&examples, "or")),
    }
}

fn listed(texts: &[String], or: &str) -> String {
    match texts {
        [rest @ .., last] if !rest.is_empty() => format!("{} {or} {last}", rest.join(", ")),
        _ => texts.join(", "),
    }
}

fn is_digit(class: &Class) -> bool {
    class.plain().is_some_and(|ranges| ranges.iter().all(|r| r.0.is_ascii_digit() && r.1 == '9'))
}

/// How many digits, when the node is digits and nothing else.
fn digits_only(node: &Node) -> Option<(u32, Option<u32>)> {
    match node {
        Node::Class(class) if is_digit(class) => Some((1, Some(1))),
        Node::Repeat { node, min, max } => match &**node {
            Node::Class(class) if is_digit(class) => Some((*min, *max)),
            _ => None,
        },
        _ => None,
    }
}

/// A text that matches the pattern.
pub fn example(node: &Node) -> String {
    match node {
        Node::Empty => String::new(),
        Node::Class(class) => class.sample().map(String::from).unwrap_or_default(),
        Node::Sequence(nodes) => nodes.iter().map(example).collect(),
        Node::Branches(nodes) => nodes.first().map(example).unwrap_or_default(),
        Node::Repeat { node, min, max } => {
            let least = if max.is_none_or(|max| max > 0) { (*min).max(1) } else { 0 };
            example(node).repeat(least.min(60).max(*min) as usize)
        }
    }
}
