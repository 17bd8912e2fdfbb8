//! A content model against the counts of the children that are there.

use crate::{
    remark::{Code, Remark},
    schema::{Child, ModelPart, ModelTerm, TypeIndex},
    trail::Trail,
};

pub(super) struct Model<'a> {
    pub index: &'a TypeIndex,
    /// By place in the index.
    pub counts: Vec<usize>,
    /// Children that the schema does not name.
    pub others: usize,
    pub trail: &'a Trail<'a>,
}

/// The part can be absent as a whole.
fn is_emptiable(part: &ModelPart) -> bool {
    part.occurs.min == 0
        || match &part.term {
            ModelTerm::Element(_) | ModelTerm::Any => false,
            ModelTerm::Sequence(inner) => inner.iter().all(is_emptiable),
            ModelTerm::Choice(inner) => inner.is_empty() || inner.iter().any(is_emptiable),
        }
}

/// Places of the elements in the part.
fn places(part: &ModelPart, into: &mut Vec<u32>) {
    match &part.term {
        ModelTerm::Element(place) => into.push(*place),
        ModelTerm::Sequence(inner) | ModelTerm::Choice(inner) => {
            inner.iter().for_each(|part| places(part, into));
        }
        ModelTerm::Any => {}
    }
}

/// The first elements that may begin the part, for «one of» remarks.
fn heads(part: &ModelPart, into: &mut Vec<u32>) {
    match &part.term {
        ModelTerm::Element(place) => into.push(*place),
        ModelTerm::Sequence(inner) => inner.iter().take(1).for_each(|part| heads(part, into)),
        ModelTerm::Choice(inner) => inner.iter().for_each(|part| heads(part, into)),
        ModelTerm::Any => {}
    }
}

impl Model<'_> {
    fn count(&self, place: u32) -> usize {
        self.counts.get(place as usize).copied().unwrap_or(0)
    }

    /// Some element of the part is there.
    fn is_used(&self, part: &ModelPart) -> bool {
        match &part.term {
            ModelTerm::Element(place) => self.count(*place) > 0,
            ModelTerm::Sequence(inner) | ModelTerm::Choice(inner) => {
                inner.iter().any(|part| self.is_used(part))
            }
            ModelTerm::Any => self.others > 0,
        }
    }

    pub fn check(&self, part: &ModelPart, repeated: bool, remarks: &mut Vec<Remark>) {
        if part.occurs.min == 0 && !self.is_used(part) {
            return;
        }
        let inside = repeated || part.occurs.repeats();
        match &part.term {
            ModelTerm::Element(place) => self.element(*place, part, repeated, remarks),
            ModelTerm::Any => {}
            ModelTerm::Sequence(inner) => {
                inner.iter().for_each(|part| self.check(part, inside, remarks));
            }
            ModelTerm::Choice(inner) => self.choice(inner, part, inside, remarks),
        }
    }

    fn element(&self, place: u32, part: &ModelPart, repeated: bool, remarks: &mut Vec<Remark>) {
        let found = self.count(place);
        let Some(child) = self.index.children.get(place as usize) else { return };
        let say = |code, expected: u32| {
            let remark = Remark::error(code, self.trail.to(&child.step, None));
            remark.label(&child.label, &child.label_en).expected(expected).arg("count", found)
        };
        let min = part.occurs.min;
        if found < min as usize {
            remarks.push(say(if min == 1 { Code::REQUIRED } else { Code::FEW }, min));
        }
        match part.occurs.max {
            Some(max) if found > max as usize && !repeated => remarks.push(say(Code::MANY, max)),
            _ => {}
        }
    }

    /// A remark on several elements, at the `at`-th of them.
    fn several(&self, code: Code, heads: &[u32], at: usize) -> (Remark, String) {
        let known: Vec<&Child> =
            heads.iter().filter_map(|place| self.index.children.get(*place as usize)).collect();
        let path = known
            .get(at)
            .map_or_else(|| self.trail.path(), |child| self.trail.to(&child.step, None));
        let join = |texts: Vec<&str>, with: &str| texts.join(with);
        let labels = join(known.iter().map(|child| &*child.label).collect(), "; ");
        let labels_en = join(known.iter().map(|child| &*child.label_en).collect(), "; ");
        let labels_en = if labels_en.starts_with(';') { String::new() } else { labels_en };
        let steps = join(known.iter().map(|child| &*child.step).collect(), ", ");
        (Remark::error(code, path).label(&labels, &labels_en), steps)
    }

    fn choice(
        &self,
        inner: &[ModelPart],
        part: &ModelPart,
        repeated: bool,
        remarks: &mut Vec<Remark>,
    ) {
        let branches: Vec<&ModelPart> = inner.iter().filter(|part| self.is_used(part)).collect();
        if branches.is_empty() {
            if !is_emptiable(part) {
                let mut first = Vec::new();
                heads(part, &mut first);
                let (remark, steps) = self.several(Code::ONE_OF, &first, 0);
                remarks.push(remark.expected(steps));
            }
            return;
        }
        if repeated {
            branches.iter().for_each(|part| self.check(part, true, remarks));
            return;
        }
        let mut used = Vec::new();
        places(part, &mut used);
        used.retain(|place| self.count(*place) > 0);
        // A branch that holds all that is there; the one with the fewest remarks explains it best.
        let whole = branches.iter().filter(|branch| {
            let mut own = Vec::new();
            places(branch, &mut own);
            used.iter().all(|place| own.contains(place))
        });
        let best = whole.map(|branch| {
            let mut own = Vec::new();
            self.check(branch, repeated, &mut own);
            own
        });
        match best.min_by_key(Vec::len) {
            Some(own) => remarks.extend(own),
            None => {
                let mut first = Vec::new();
                branches.iter().for_each(|branch| heads(branch, &mut first));
                let (remark, steps) = self.several(Code::ONLY_ONE, &first, 1);
                remarks.push(remark.found(steps));
            }
        }
    }
}
