//! What every part of the editor shares.

use std::time::Duration;

use chrono::NaiveDate;
use domain::{date::moscow_date, deadline::YearMonth, lang::Lang};
use edoc::{
    draft::Draft,
    patch::ItemId,
    remark::{Level, Remark},
};
use leptos::prelude::*;

use super::{
    checks::{self, Checks},
    owned,
    place::{self, Place},
    reference::PageReference,
};
use crate::{
    document::{device, editing::Editing, generic},
    tariff::lists::ListsContext,
};

/// How long typing pauses before checks run.
const CHECK_AFTER: Duration = Duration::from_millis(120);

/// The steps of the form, as a phone shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Parties,
    Route,
    Documents,
    Goods,
    Others,
    Finish,
}

impl Section {
    pub const ALL: [Self; 6] =
        [Self::Parties, Self::Route, Self::Documents, Self::Goods, Self::Others, Self::Finish];

    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Parties => ("Стороны", "Parties"),
            Self::Route => ("Маршрут и условия", "Route and terms"),
            Self::Documents => ("Документы", "Documents"),
            Self::Goods => ("Товары", "Goods"),
            Self::Others => ("Прочие сведения", "Other information"),
            Self::Finish => ("Проверка и отправка", "Check and send"),
        };
        lang.pick(ru, en)
    }

    /// Id of the section on the page.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Parties => "section-parties",
            Self::Route => "section-route",
            Self::Documents => "section-documents",
            Self::Goods => "section-goods",
            Self::Others => "section-others",
            Self::Finish => "section-finish",
        }
    }

    /// Where a path of the document is edited.
    pub fn of(draft: &Draft, path: &edoc::path::Path) -> Self {
        if place::line_of(path).is_none() && owned::is_other(draft, path) {
            return Self::Others;
        }
        match path.steps().next().map(|step| step.local).unwrap_or_default() {
            "Consignor"
            | "Sender"
            | "Consignee"
            | "Recipient"
            | "FinancialAdjustingResponsiblePerson" => Self::Parties,
            place::DOCUMENTS => Self::Documents,
            place::GOODS => Self::Goods,
            "ProvidePerson" => Self::Finish,
            _ => Self::Route,
        }
    }
}

/// The open form; copies share one form.
#[derive(Clone, Copy)]
pub struct Form {
    pub editing: Editing,
    pub lists: ListsContext,
    pub reference: StoredValue<PageReference>,
    pub checks: RwSignal<Checks>,
    /// What customs found wrong when it refused the form.
    pub refusal: RwSignal<Vec<Remark>>,
    /// Absent fields are remarked at the fields too: sending was tried, or the form came from a
    /// file.
    pub strict: RwSignal<bool>,
    /// The line whose details are open.
    pub selected: RwSignal<Option<ItemId>>,
    /// Number of the step that a phone shows.
    pub step: RwSignal<usize>,
}

impl Form {
    pub fn new(editing: Editing, lists: ListsContext) -> Self {
        Self {
            editing,
            lists,
            reference: StoredValue::new(PageReference::default()),
            checks: RwSignal::new(Checks::default()),
            refusal: RwSignal::new(Vec::new()),
            strict: RwSignal::new(false),
            selected: RwSignal::new(None),
            step: RwSignal::new(0),
        }
    }

    /// Keeps the checks up to date, in the browser.
    pub fn watch(self) {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |first: Option<()>| {
            self.editing.revision().track();
            if first.is_none() {
                self.check_all();
                return;
            }
            if let Some(Some(earlier)) = timer.try_update_value(Option::take) {
                earlier.clear();
            }
            timer
                .set_value(set_timeout_with_handle(move || self.check_touched(), CHECK_AFTER).ok());
        });
        Effect::new(move |_| {
            let document = self.editing.document();
            leptos::task::spawn_local(async move {
                // Without the server the event in the timeline still tells what was wrong.
                if let Ok(remarks) = super::api::refusal_remarks(document).await {
                    self.refusal.try_set(remarks);
                }
            });
        });
        // The lists arrive after the page; what they decide is checked anew.
        Effect::new(move |_| {
            if let Some(lists) = self.lists.get() {
                self.reference.update_value(|reference| reference.take_lists(&lists));
                self.check_all();
            }
        });
    }

    pub fn check_all(self) {
        drop(self.editing.take_touched());
        self.checks
            .set(self.reference.with_value(|reference| Checks::all(self.editing, reference)));
        self.learn();
    }

    fn check_touched(self) {
        let touched = self.editing.take_touched();
        if !touched.is_empty() {
            self.reference.with_value(|reference| {
                self.checks.update(|checks| checks.touch(self.editing, reference, &touched));
            });
            self.learn();
        }
    }

    /// Asks the server about commodity codes and rates that the page has not met yet.
    fn learn(self) {
        super::reference::learn(self);
    }

    /// The remark to show at a control.
    pub fn remark(self, id: String) -> Memo<Option<Remark>> {
        Memo::new(move |_| {
            let strict = self.strict.get();
            self.checks.with(|checks| {
                checks
                    .of_control(&id)
                    .filter(|remark| strict || !checks::is_absence(remark))
                    .cloned()
            })
        })
    }

    /// Opens the place of a remark: the step, the line, the field.
    pub fn jump(self, path: &edoc::path::Path) {
        let section = self.editing.with_draft(|draft| Section::of(draft, path));
        self.step.set(Section::ALL.iter().position(|known| *known == section).unwrap_or(0));
        if let Some(item) = place::line_of(path) {
            self.selected.set(Some(item));
        }
        let path = path.clone();
        // The details of the line are drawn first.
        set_timeout(move || focus(&path, section), Duration::from_millis(60));
    }

    /// The day on which codes and rates are looked up: the last of the reporting month.
    pub fn date(self) -> Signal<NaiveDate> {
        let month = self.value(Place::at("ReportingDate"));
        Signal::derive(move || match month.get().parse::<YearMonth>() {
            Ok(month) => month.last_day(),
            Err(_) => moscow_date(device::now()),
        })
    }

    pub fn readonly(self) -> Signal<bool> {
        let can_edit = self.editing.can_edit;
        Signal::derive(move || !can_edit.get())
    }

    /// A field's value as a signal of its own.
    pub fn value(self, place: Place) -> Signal<String> {
        Signal::derive(move || place.read(self.editing))
    }
}

/// Gives the focus to the control of a path, or to the nearest one above it.
fn focus(path: &edoc::path::Path, section: Section) {
    use wasm_bindgen::JsCast;
    let mut ids = vec![generic::control_id(path), place::control_id(path)];
    let mut above = path.parent();
    while let Some(path) = above.filter(|path| !path.is_root()) {
        ids.extend([generic::control_id(&path), place::control_id(&path)]);
        above = path.parent();
    }
    ids.push(section.id().to_owned());
    let found = ids.iter().find_map(|id| document().get_element_by_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        element.scroll_into_view();
        drop(element.focus());
    }
}

pub fn use_form() -> Form {
    expect_context::<Form>()
}

/// The words of a remark at its field.
pub fn remark_text(remark: &Remark, lang: Lang) -> String {
    remark.sentence(lang)
}

/// Splits a remark into the texts of an error and of a warning.
pub fn split(remark: Option<Remark>, lang: Lang) -> (Option<String>, Option<String>) {
    match remark {
        Some(remark) if remark.level == Level::Error => (Some(remark_text(&remark, lang)), None),
        Some(remark) => (None, Some(remark_text(&remark, lang))),
        None => (None, None),
    }
}
