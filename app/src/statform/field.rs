//! Controls bound to fields of the document: each reads and writes one place, shows the remark
//! that belongs to it, and is redrawn only when that place changes.

use domain::lang::Lang;
use edoc::statform::{GRAPHS, Graph, graph_of as graph_of_path};
use leptos::prelude::*;

use super::{
    form::{split, use_form},
    place::Place,
};
use crate::{
    tariff::{Entry, lists::List, pickers::EntryPicker},
    tr,
    ui::{
        Choice, DateField, Field, MoneyField, MonthField, Select, TextArea, TextInput,
        i18n::use_lang,
    },
};

/// What a bound control looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Control {
    #[default]
    Line,
    /// Several lines.
    Area,
    /// Written in capitals, as customs' documents are.
    Upper,
    Digits,
    Money {
        scale: Option<u32>,
    },
    Date,
    Month,
    Choice(Vec<Choice>),
}

/// One labelled field of the document.
#[component]
pub fn Bound(
    place: Place,
    #[prop(into)] label: String,
    #[prop(optional)] control: Control,
    #[prop(optional, into)] graph: Option<&'static str>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] width: Option<&'static str>,
    #[prop(optional, into)] suffix: MaybeProp<String>,
) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let id = place.id();
    let remark = form.remark(id.clone());
    let error = Signal::derive(move || split(remark.get(), lang.get()).0);
    let warning = Signal::derive(move || split(remark.get(), lang.get()).1);
    let value = form.value(place.clone());
    let readonly = form.readonly();
    let capitals = control == Control::Upper;
    let write = Callback::new(move |typed: String| {
        let typed = if capitals { typed.to_uppercase() } else { typed };
        place.write(form.editing, &typed);
    });
    let input = move || {
        match control.clone() {
        Control::Line | Control::Upper => {
            view! { <TextInput value on_input=write maxlength=maxlength.unwrap_or(500) readonly/> }.into_any()
        }
        Control::Digits => {
            view! { <TextInput value on_input=write inputmode="numeric" maxlength=maxlength.unwrap_or(40) readonly/> }
                .into_any()
        }
        Control::Area => {
            view! { <TextArea value on_input=write maxlength=maxlength.unwrap_or(4000) readonly/> }.into_any()
        }
        Control::Money { scale: Some(scale) } => {
            view! { <MoneyField value on_input=write scale suffix readonly/> }.into_any()
        }
        Control::Money { scale: None } => view! { <MoneyField value on_input=write suffix readonly/> }.into_any(),
        Control::Date => view! { <DateField value on_input=write readonly/> }.into_any(),
        Control::Month => view! { <MonthField value on_input=write readonly/> }.into_any(),
        Control::Choice(options) => {
            view! { <Select options=Signal::stored(options) value on_change=write empty="—" disabled=readonly/> }
                .into_any()
        }
    }
    };
    view! {
        <Field id label nostrip:graph=graph_of(graph) hint error warning required width=width.unwrap_or("full")>
            {input()}
        </Field>
    }
}

fn graph_of(graph: Option<&'static str>) -> Option<Oco<'static, str>> {
    graph.map(Oco::Borrowed)
}

/// A field with a code and its name, picked from a classifier.
#[component]
pub fn BoundEntry(
    /// Where the code stands.
    code: Place,
    /// Where the name stands.
    name: Place,
    list: List,
    #[prop(into)] label: String,
    #[prop(optional, into)] graph: Option<&'static str>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional)] required: bool,
    /// What else follows from the choice.
    #[prop(optional, into)]
    on_pick: Option<Callback<Entry>>,
) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let id = code.id();
    let of_code = form.remark(id.clone());
    let of_name = form.remark(name.id());
    let remark = Signal::derive(move || of_code.get().or_else(|| of_name.get()));
    let error = Signal::derive(move || split(remark.get(), lang.get()).0);
    let warning = Signal::derive(move || split(remark.get(), lang.get()).1);
    let value = form.value(code.clone());
    let entry_name = form.value(name.clone());
    let pick = Callback::new(move |entry: Entry| {
        code.write(form.editing, &entry.code);
        name.write(form.editing, &entry.name);
        if let Some(on_pick) = on_pick {
            on_pick.run(entry);
        }
    });
    view! {
        <Field id label nostrip:graph=graph_of(graph) hint error warning required width="medium">
            <EntryPicker list value entry_name on_pick=pick readonly=form.readonly()/>
        </Field>
    }
}

/// The help text of a graph, folded.
#[component]
pub fn GraphHelp(graph: &'static str) -> impl IntoView {
    let lang = use_lang();
    GRAPHS.iter().find(|known| known.number == graph).map(|known| {
        let summary = tr!(lang, "Как заполнить графу {n}", "How to fill in graph {n}", n = graph);
        help(known, summary, lang.get_untracked())
    })
}

/// The help text of a field that stands outside the numbered graphs, folded.
#[component]
pub fn FieldHelp(place: Place) -> impl IntoView {
    let lang = use_lang();
    let Place::At(path) = place else { return None };
    graph_of_path(&path).map(|known| {
        let title = known.title(lang.get_untracked());
        let summary = tr!(lang, "Как заполнить: {title}", "How to fill in: {title}", title = title);
        help(known, summary, lang.get_untracked())
    })
}

fn help(graph: &'static Graph, summary: String, lang: Lang) -> impl IntoView {
    view! {
        <details class="graph-help">
            <summary>{summary}</summary>
            <p>
                <strong>{graph.title(lang)}</strong>
            </p>
            <p>{graph.help(lang)}</p>
        </details>
    }
}
