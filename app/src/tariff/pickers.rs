//! Controls that pick from reference data.

use chrono::NaiveDate;
use domain::view::tariff::Commodity;
use leptos::prelude::*;

use super::{
    Entry, api,
    lists::{List, ListsContext},
};
use crate::{
    tr,
    ui::{Choice, Combobox, i18n::use_lang},
};

/// Picks an entry of a classifier. `value` and `name` are what the document holds now.
#[component]
pub fn EntryPicker(
    list: List,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] entry_name: Signal<String>,
    #[prop(into)] on_pick: Callback<Entry>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let lists = expect_context::<ListsContext>();
    let display = Signal::derive(move || match (value.get(), entry_name.get()) {
        (code, name) if code.is_empty() || name.is_empty() => format!("{code}{name}"),
        (code, name) => format!("{code} — {name}"),
    });
    let pick = move |choice: Choice| {
        let entry = lists.find(list, &choice.value).unwrap_or(Entry {
            name: choice.label.split_once(" — ").map_or("", |(_, name)| name).to_owned(),
            code: choice.value,
        });
        on_pick.run(entry);
    };
    // What no entry fits is kept as typed: the checks say what is wrong with it.
    let keep = move |text: String| {
        let entry = lists.find(list, &text).unwrap_or_else(|| match text.chars().count() {
            0..=5 => Entry { code: text.to_uppercase(), name: String::new() },
            _ => Entry { code: String::new(), name: text },
        });
        on_pick.run(entry);
    };
    view! {
        <Combobox
            search=move |query: String| async move { lists.search(list, &query) }
            value
            display
            on_pick=Callback::new(pick)
            on_text=Callback::new(keep)
            readonly
            id=id.unwrap_or_default()
            label=label.unwrap_or_default()
        />
    }
}

/// Finds a code of the commodity nomenclature by its digits or by words.
#[component]
pub fn CommodityPicker(
    #[prop(into)] value: Signal<String>,
    /// The day on which the code must be in force.
    #[prop(into)]
    date: Signal<NaiveDate>,
    /// The code as found, or a bare code that was typed.
    #[prop(into)]
    on_pick: Callback<Picked>,
    #[prop(optional, into)] readonly: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let found = StoredValue::new(Vec::<Commodity>::new());
    let search = move |query: String| async move {
        let Ok(commodities) = api::search(query.clone(), date.get_untracked()).await else {
            // Without the server a code can still be typed in full.
            return typed_code(&query)
                .map(|code| Choice::new(code.clone(), code))
                .into_iter()
                .collect();
        };
        let mut choices: Vec<Choice> = commodities.iter().map(choice).collect();
        if choices.is_empty()
            && let Some(code) = typed_code(&query)
        {
            let label = tr!(
                lang,
                "{code} — нет в справочнике",
                "{code}: not in the directory",
                code = code
            );
            choices.push(Choice::new(code, label));
        }
        found.set_value(commodities);
        choices
    };
    let pick = move |choice: Choice| {
        let known = found
            .with_value(|found| found.iter().find(|known| known.code == choice.value).cloned());
        on_pick.run(match known {
            Some(commodity) => Picked::Known(commodity),
            None => Picked::Code(choice.value),
        });
    };
    view! {
        <Combobox
            search
            value
            display=value
            on_pick=Callback::new(pick)
            on_text=Callback::new(move |text: String| {
                on_pick.run(Picked::Code(text.chars().filter(|c| !c.is_whitespace()).collect()));
            })
            readonly
            placeholder=tr!(lang, "Код или слова", "Code or words")
        />
    }
}

/// What was picked.
#[derive(Clone, Debug, PartialEq)]
pub enum Picked {
    Known(Commodity),
    /// A code that the directory does not have.
    Code(String),
}

fn typed_code(query: &str) -> Option<String> {
    let code: String = query.chars().filter(|c| !c.is_whitespace()).collect();
    (code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

fn choice(commodity: &Commodity) -> Choice {
    let path: Vec<&str> = commodity.path.iter().map(|heading| heading.name.as_str()).collect();
    let choice =
        Choice::new(commodity.code.clone(), format!("{} — {}", commodity.code, commodity.name));
    if path.is_empty() { choice } else { choice.with_detail(path.join(" › ")) }
}
