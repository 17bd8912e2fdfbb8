//! Remarks of an open form, kept per line so that a keystroke checks only what it touched.

use std::collections::{BTreeSet, HashMap, HashSet};

use edoc::{
    patch::ItemId,
    path::Path,
    remark::{Level, Remark},
    statform,
};

use super::{owned, place, reference::PageReference, schema};
use crate::document::editing::Editing;

/// Header fields on which checks of lines depend.
const FOR_LINES: [&str; 4] =
    ["CustomsProcedure", "ReportingDate", "CustCostCurrencyCode", "TradeCountry"];

/// All remarks of a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checks {
    header: Vec<Remark>,
    lines: HashMap<ItemId, Vec<Remark>>,
    /// First remark of each control, errors before warnings.
    by_control: HashMap<String, Remark>,
    /// Completeness: filled and all required fields.
    pub filled: (usize, usize),
}

impl Checks {
    /// Checks the whole form.
    pub fn all(editing: Editing, reference: &PageReference) -> Self {
        let mut checks = Self::default();
        let list = place::below(&Path::root(), place::GOODS);
        let Some(schema) = schema::form() else { return checks };
        editing.with_draft(|draft| {
            for item in draft.items(&list) {
                checks.lines.insert(item, statform::check_line(draft, &item, schema, reference));
            }
            checks.header = statform::check_header(draft, schema, reference);
            checks.filled = statform::draft_completeness(draft);
        });
        checks.index(editing);
        checks
    }

    /// Checks again what the paths touched.
    pub fn touch(&mut self, editing: Editing, reference: &PageReference, touched: &[Path]) {
        let steps = || touched.iter().filter_map(|path| path.steps().next());
        if steps().any(|step| FOR_LINES.contains(&step.local)) {
            *self = Self::all(editing, reference);
            return;
        }
        let Some(schema) = schema::form() else { return };
        let dirty: BTreeSet<ItemId> = touched.iter().filter_map(place::line_of).collect();
        let list = place::below(&Path::root(), place::GOODS);
        editing.with_draft(|draft| {
            let present: HashSet<ItemId> = draft.items(&list).into_iter().collect();
            self.lines.retain(|item, _| present.contains(item));
            for item in dirty.into_iter().filter(|item| present.contains(item)) {
                self.lines.insert(item, statform::check_line(draft, &item, schema, reference));
            }
            self.header = statform::check_header(draft, schema, reference);
            self.filled = statform::draft_completeness(draft);
        });
        self.index(editing);
    }

    fn index(&mut self, editing: Editing) {
        let mut by_control: HashMap<String, Remark> = HashMap::new();
        editing.with_draft(|draft| {
            for remark in self.header.iter().chain(self.lines.values().flatten()) {
                let known = by_control.entry(owned::control_id(draft, &remark.path));
                known
                    .and_modify(|known| {
                        if remark.level == Level::Error && known.level == Level::Warning {
                            *known = remark.clone();
                        }
                    })
                    .or_insert_with(|| remark.clone());
            }
        });
        self.by_control = by_control;
    }

    /// What is said about a control.
    pub fn of_control(&self, id: &str) -> Option<&Remark> {
        self.by_control.get(id)
    }

    /// Remarks of the header, then of the lines in their order.
    pub fn in_order<'a>(&'a self, lines: &'a [ItemId]) -> impl Iterator<Item = &'a Remark> {
        let of_lines = lines.iter().filter_map(|item| self.lines.get(item)).flatten();
        self.header.iter().chain(of_lines)
    }

    pub fn of_line(&self, item: ItemId) -> &[Remark] {
        self.lines.get(&item).map(Vec::as_slice).unwrap_or_default()
    }

    /// Remarks of a line of goods, or of the header when the scope is the root.
    pub fn of_scope(&self, scope: &Path) -> std::slice::Iter<'_, Remark> {
        match place::line_of(scope) {
            Some(item) => self.of_line(item).iter(),
            None => self.header.iter(),
        }
    }

    /// Errors and warnings.
    pub fn count(&self) -> (usize, usize) {
        let all = || self.header.iter().chain(self.lines.values().flatten());
        let errors = all().filter(|remark| remark.level == Level::Error).count();
        (errors, all().count() - errors)
    }
}

/// Whether a remark says that something is absent, as opposed to wrong. A form that was just
/// begun is not scolded for what is still to come.
pub fn is_absence(remark: &Remark) -> bool {
    remark.found.as_deref().unwrap_or_default().is_empty()
}
