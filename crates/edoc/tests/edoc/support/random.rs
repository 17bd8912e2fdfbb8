//! Random documents of any schema, and random schemas.

use edoc::{
    name::Name,
    patch::ItemId,
    schema::{
        BuiltIn, Child, ContentModel, Occurs, Particle, Schema, SimpleType, Term, TypeRef,
        builder::{self, SchemaBuilder},
        pattern::Node,
    },
    tree::{Content, Element, Tree},
};

/// A small repeatable source of numbers (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn text(&mut self, length: usize) -> String {
        const SIGNS: [char; 16] =
            ['а', 'Я', 'ё', 'z', 'Q', '0', '9', '&', '<', '>', '"', '\'', '№', '-', '.', '…'];
        (0..length).map(|_| SIGNS[self.below(SIGNS.len())]).collect()
    }
}

/// How a random document is made.
#[derive(Clone, Copy)]
pub struct Wish {
    /// Every value and count is right.
    pub valid: bool,
    /// Adds elements and attributes that the schema does not know.
    pub unknown: bool,
}

/// A random document in the form that the reader gives.
pub fn tree(schema: &Schema, dice: &mut Dice, wish: Wish) -> Tree {
    let mut tree = schema.empty_tree();
    let mut maker = Maker { schema, dice, wish, left: 400 };
    tree.root = maker.element(tree.root.name.clone(), schema.root(), 0);
    let mut next = 0;
    number(&mut tree.root, schema, Some(schema.root()), &mut next);
    tree
}

/// Item ids in the order of reading.
fn number(element: &mut Element, schema: &Schema, ty: Option<TypeRef>, next: &mut u64) {
    let index = ty.and_then(|ty| schema.index(ty));
    let mut seen: Vec<Name> = Vec::new();
    if let Content::Children(children) = &mut element.content {
        for child in children {
            let known = index.and_then(|index| index.by_name(&child.name));
            child.item = None;
            if known.is_none_or(|known| known.repeats) || seen.contains(&child.name) {
                *next += 1;
                child.item = Some(ItemId::file(*next));
            }
            seen.push(child.name.clone());
            number(child, schema, known.map(|known| known.ty), next);
        }
    }
}

struct Maker<'a> {
    schema: &'a Schema,
    dice: &'a mut Dice,
    wish: Wish,
    /// Elements that may still be made beyond the required ones.
    left: usize,
}

impl Maker<'_> {
    fn element(&mut self, name: Name, ty: TypeRef, depth: usize) -> Element {
        let schema = self.schema;
        let mut element = Element::new(name, Content::Text(String::new()));
        for attribute in schema.attributes(ty) {
            if attribute.required || self.dice.chance(50) {
                let simple = &schema.parts().simple[attribute.simple as usize];
                let value = match &attribute.fixed {
                    Some(fixed) => fixed.to_string(),
                    None => self.value(simple),
                };
                element.attrs.push((Name::plain(&*attribute.name), value));
            }
        }
        if self.wish.unknown && self.dice.chance(5) {
            element.attrs.push((Name::new("urn:unknown:a", "extra"), self.dice.text(3)));
        }
        if let Some(simple) = schema.simple(ty) {
            element.content = Content::Text(self.value(simple));
            return element;
        }
        let mut children = Vec::new();
        if let Some(ContentModel::Elements(particle)) = schema.complex(ty).map(|c| &c.content) {
            self.particle(particle, ty, depth, &mut children);
        }
        if let Some(index) = schema.index(ty) {
            children.sort_by_key(|child: &Element| index.slot(&child.name));
        }
        if self.wish.unknown && self.dice.chance(20) {
            let inner = Element::new(Name::new("", "b"), Content::Text(self.dice.text(4)));
            let content = Content::Children(vec![inner]);
            children.push(Element::new(Name::new("urn:unknown:1.0", "Extra"), content));
            let content = Content::Text(String::new());
            children.push(Element::new(Name::new("urn:unknown:1.0", "Extra"), content));
        }
        element.content = Content::Children(children);
        element
    }

    fn count(&mut self, occurs: Occurs, depth: usize) -> u32 {
        let room = depth < 8 && self.left > 0;
        let more = match occurs.max {
            _ if !room => 0,
            Some(max) => (max - occurs.min).min(2),
            None => 2,
        };
        let count =
            occurs.min + if more > 0 { self.dice.below(more as usize + 1) as u32 } else { 0 };
        match self.wish.valid || self.dice.chance(90) {
            true => count,
            false => 0,
        }
    }

    fn particle(
        &mut self,
        particle: &Particle,
        ty: TypeRef,
        depth: usize,
        into: &mut Vec<Element>,
    ) {
        let schema = self.schema;
        for _ in 0..self.count(particle.occurs, depth) {
            self.left = self.left.saturating_sub(1);
            match &particle.term {
                Term::Element(decl) => {
                    let ns = schema.namespaces()[usize::from(decl.ns)].uri.clone();
                    let name = Name::new(ns, &*decl.local);
                    let child: &Child = schema.index(ty).unwrap().by_name(&name).unwrap();
                    into.push(self.element(name, child.ty, depth + 1));
                }
                Term::Sequence(inner) => {
                    inner.iter().for_each(|p| self.particle(p, ty, depth, into))
                }
                Term::Choice(inner) => {
                    let branch = &inner[self.dice.below(inner.len())];
                    self.particle(branch, ty, depth, into);
                }
                Term::Any(()) => {
                    let name = Name::new("urn:any:1.0", "Anything");
                    into.push(Element::new(name, Content::Text(self.dice.text(3))));
                }
            }
        }
    }

    fn value(&mut self, simple: &SimpleType) -> String {
        if !self.wish.valid && self.dice.chance(20) {
            let length = self.dice.below(6);
            return self.dice.text(length);
        }
        for _ in 0..40 {
            let value = self.candidate(simple);
            if simple.check(&value).is_ok() {
                return value;
            }
        }
        panic!("no value of {simple:?} was found");
    }

    fn candidate(&mut self, simple: &SimpleType) -> String {
        let facets = &simple.facets;
        if !facets.enumeration.is_empty() {
            let at = self.dice.below(facets.enumeration.len());
            return facets.enumeration[at].value.to_string();
        }
        if let [node, ..] = simple.pattern_nodes()[..] {
            return self.matching(node);
        }
        let dice = &mut *self.dice;
        let (year, month, day) = (1990 + dice.below(60), 1 + dice.below(12), 1 + dice.below(28));
        let clock = format!("{:02}:{:02}:{:02}", dice.below(24), dice.below(60), dice.below(60));
        match simple.base {
            BuiltIn::Boolean => ["true", "false"][dice.below(2)].into(),
            BuiltIn::Date => format!("{year}-{month:02}-{day:02}"),
            BuiltIn::DateTime => format!("{year}-{month:02}-{day:02}T{clock}"),
            BuiltIn::Time => clock,
            BuiltIn::GYear => year.to_string(),
            BuiltIn::GYearMonth => format!("{year}-{month:02}"),
            BuiltIn::GMonth => format!("--{month:02}"),
            BuiltIn::GDay => format!("---{day:02}"),
            BuiltIn::GMonthDay => format!("--{month:02}-{day:02}"),
            BuiltIn::Duration => format!("P{day}D"),
            BuiltIn::Base64Binary => "QUJD".repeat(dice.below(4)),
            BuiltIn::HexBinary => "0aFF".into(),
            base if base.is_number() => {
                let total = facets.total_digits.unwrap_or(6);
                let fraction = match base {
                    BuiltIn::Decimal | BuiltIn::Double => {
                        facets.fraction_digits.unwrap_or(2).min(total)
                    }
                    _ => 0,
                };
                let digits = |dice: &mut Dice, n: u32| -> String {
                    (0..n).map(|_| char::from(b'0' + dice.below(10) as u8)).collect()
                };
                let whole = dice.below((total - fraction).min(6) as usize + 1) as u32;
                let whole = format!("0{}", digits(dice, whole));
                let whole = whole.trim_start_matches('0');
                let whole = if whole.is_empty() { "0" } else { whole };
                match fraction {
                    0 => whole.to_owned(),
                    _ => format!("{whole}.{}", digits(dice, fraction.min(4))),
                }
            }
            _ => {
                let min = facets.length.or(facets.min_length).unwrap_or(0) as usize;
                let max = simple.longest().map_or(min + 8, |max| max as usize).min(min + 8);
                let length = min + dice.below(max - min + 1);
                dice.text(length)
            }
        }
    }

    fn matching(&mut self, node: &Node) -> String {
        match node {
            Node::Empty => String::new(),
            Node::Class(class) => match class.plain() {
                Some(ranges) => {
                    let (from, to) = ranges[self.dice.below(ranges.len())];
                    let span = to as u32 - from as u32 + 1;
                    let code = from as u32 + self.dice.below(span as usize) as u32;
                    char::from_u32(code).unwrap_or(from).to_string()
                }
                None => class.sample().unwrap().to_string(),
            },
            Node::Sequence(nodes) => nodes.iter().map(|node| self.matching(node)).collect(),
            Node::Branches(nodes) => {
                let at = self.dice.below(nodes.len());
                self.matching(&nodes[at])
            }
            Node::Repeat { node, min, max } => {
                let most = max.unwrap_or(min + 3).min(min + 3);
                let count = min + self.dice.below((most - min + 1) as usize) as u32;
                (0..count).map(|_| self.matching(node)).collect()
            }
        }
    }
}

/// A random schema: nested sequences, choices, lists, attributes, two namespaces.
pub fn schema(dice: &mut Dice) -> Schema {
    let mut b = SchemaBuilder::new("1999999E", "Root", "urn:test:Root:1.0", "Случайная схема");
    let simple = [
        b.simple("Text", builder::text(0, 12)),
        b.simple("Code", builder::pattern("[A-Z]{2}|\\d{1,4}")),
        b.simple("Amount", builder::decimal(9, 2, Some("0"))),
        b.simple("Date", builder::plain(BuiltIn::Date)),
        b.simple("Flag", builder::plain(BuiltIn::Boolean)),
        b.simple("Kind", builder::one_of(BuiltIn::Token, &[("A", ""), ("Б", "")])),
    ];
    let mut types: Vec<TypeRef> = simple.to_vec();
    for round in 0..4 + dice.below(4) {
        if round == 2 {
            b.namespace("t", "urn:test:Types:1.0");
        }
        let entry = |n: usize, dice: &mut Dice, types: &[TypeRef]| {
            let ty = types[dice.below(types.len())];
            let max = [Some(1), Some(1), Some(4), None][dice.below(4)];
            builder::many(&format!("E{n}"), ty, "", "", dice.below(2) as u32, max)
        };
        let a = entry(0, dice, &types);
        let b1 = entry(1, dice, &types);
        let b2 = builder::group([entry(2, dice, &types), entry(3, dice, &types)]);
        let c = entry(4, dice, &types);
        let required = dice.chance(50);
        let ty = b.sequence(&format!("T{round}"), [a, builder::choice(required, [b1, b2]), c]);
        if dice.chance(30) {
            b.fixed_attribute(ty, "version", simple[1], "AB", "");
        }
        types.push(ty);
    }
    b.own_namespace();
    let inner = types[types.len() - 1];
    let other = types[types.len() - 2];
    let root = b.sequence(
        "Root",
        [
            builder::one("E0", inner, "", ""),
            builder::many("Line", other, "", "", 0, None),
            builder::optional("Note", simple[0], "", ""),
        ],
    );
    b.fixed_attribute(root, "DocumentModeID", simple[0], "1999999E", "");
    b.finish(root).unwrap()
}
