//! A text field with suggestions that come from a search, after the combobox pattern of the ARIA
//! Authoring Practices (list autocomplete with manual selection).

use std::future::Future;
use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choice::Choice;
use super::field::Tie;
use super::i18n::{count, use_lang};
use crate::tr;

/// How long one waits for the next letter before a search.
const PAUSE: Duration = Duration::from_millis(150);

/// Where a search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Closed,
    Searching,
    Open,
}

/// A field in which one value of many is found and picked.
///
/// `value` is the code that is kept and sent by a form under `name`; `display` is what is shown
/// for it. Leaving the field without a choice restores what was picked before, except that a text
/// equal to the value of a suggestion picks it, and an emptied field picks nothing
/// (`on_pick` gets an empty [`Choice`]). With `on_text` a text that fits no suggestion is handed
/// over instead of being dropped.
#[component]
pub fn Combobox<F, Fut>(
    /// Finds suggestions, best first.
    search: F,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] display: Signal<String>,
    #[prop(optional, into)] on_pick: Option<Callback<Choice>>,
    #[prop(optional, into)] on_text: Option<Callback<String>>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    /// Id of a control outside a field.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView
where
    F: Fn(String) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Vec<Choice>> + 'static,
{
    let lang = use_lang();
    let tie = Tie::find(id);
    let label = label.filter(|label| !label.is_empty());
    let base = tie.id.clone().map_or_else(|| "combobox".to_owned(), |id| id.to_string());
    let list_id = format!("{base}-list");
    let option_id = StoredValue::new(format!("{base}-option-"));
    let search = StoredValue::new(search);

    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Ul>::new();
    let phase = RwSignal::new(Phase::Closed);
    let found = RwSignal::new(Vec::<Choice>::new());
    let active = RwSignal::new(None::<usize>);
    let round = StoredValue::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let is_touched = RwSignal::new(false);

    let shown = Signal::derive(move || {
        let text = display.get();
        if text.is_empty() { value.get() } else { text }
    });
    Effect::new(move |_| {
        let wanted = shown.get();
        if let Some(input) = input.get()
            && !is_touched.get()
            && input.value() != wanted
        {
            input.set_value(&wanted);
        }
    });
    // The highlighted suggestion stays in sight.
    Effect::new(move |_| {
        if let Some(index) = active.get()
            && let Some(list) = list.get()
            && let Some(option) = list.children().item(index as u32)
        {
            option.scroll_into_view_with_bool(false);
        }
    });

    let close = move || {
        phase.set(Phase::Closed);
        active.set(None);
    };
    let pick = move |choice: Choice| {
        round.update_value(|round| *round += 1);
        close();
        is_touched.set(false);
        if let Some(input) = input.get_untracked() {
            input.set_value(if choice.label.is_empty() { &choice.value } else { &choice.label });
        }
        if let Some(on_pick) = on_pick {
            on_pick.run(choice);
        }
    };
    let run = move |query: String| {
        round.update_value(|round| *round += 1);
        let mine = round.get_value();
        phase.set(Phase::Searching);
        spawn_local(async move {
            let Some(answer) = search.try_with_value(|search| search(query)) else { return };
            let answer = answer.await;
            // A later search, a choice, or the end of the page has overtaken this one.
            if round.try_get_value() != Some(mine) {
                return;
            }
            active.set(None);
            found.set(answer);
            phase.set(Phase::Open);
        });
    };
    let ask_later = move |query: String| {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(move || run(query.clone()), PAUSE).ok());
    };
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    let leave = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let Some(element) = input.get_untracked() else { return };
        let text = element.value().trim().to_owned();
        let typed = text.to_lowercase();
        round.update_value(|round| *round += 1);
        if !is_touched.get_untracked() {
            close();
            return;
        }
        let exact = found.with_untracked(|found| {
            found
                .iter()
                .find(|choice| {
                    choice.value.to_lowercase() == typed || choice.label.to_lowercase() == typed
                })
                .cloned()
        });
        match exact {
            Some(choice) => pick(choice),
            None if typed.is_empty() => pick(Choice::default()),
            None => {
                is_touched.set(false);
                close();
                match on_text {
                    Some(on_text) => on_text.run(text),
                    None => element.set_value(&shown.get_untracked()),
                }
            }
        }
    };
    let step = move |forward: bool| {
        let total = found.with_untracked(Vec::len);
        if total == 0 {
            return;
        }
        active.update(|active| {
            *active = Some(match (*active, forward) {
                (None, true) => 0,
                (None, false) => total - 1,
                (Some(at), true) => (at + 1) % total,
                (Some(at), false) => (at + total - 1) % total,
            });
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let is_open = phase.get_untracked() == Phase::Open;
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") => {
                event.prevent_default();
                if is_open {
                    step(key == "ArrowDown");
                } else {
                    let typed = input.get_untracked().map(|input| input.value());
                    let query = typed.filter(|_| is_touched.get_untracked());
                    run(query.unwrap_or_default());
                }
            }
            "Enter" if is_open => {
                if let Some(choice) = active
                    .get_untracked()
                    .and_then(|at| found.with_untracked(|found| found.get(at).cloned()))
                {
                    event.prevent_default();
                    pick(choice);
                }
            }
            "Escape" if phase.get_untracked() != Phase::Closed => {
                event.prevent_default();
                event.stop_propagation();
                round.update_value(|round| *round += 1);
                close();
            }
            _ => {}
        }
    };

    let is_open = move || phase.get() == Phase::Open && found.with(|found| !found.is_empty());
    let announcement = move || match phase.get() {
        Phase::Closed => String::new(),
        Phase::Searching => tr!(lang, "Идёт поиск…", "Searching…").to_owned(),
        Phase::Open if found.with(Vec::is_empty) => {
            tr!(lang, "Ничего не найдено", "Nothing found").to_owned()
        }
        Phase::Open => count(
            lang,
            found.with(Vec::len) as u64,
            ["вариант", "варианта", "вариантов"],
            ["option", "options"],
        ),
    };
    let phase_name = move || match phase.get() {
        Phase::Searching => Some("searching"),
        Phase::Open if found.with(Vec::is_empty) => Some("empty"),
        Phase::Open | Phase::Closed => None,
    };
    let rows = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, choice)| {
                let picked = choice.clone();
                view! {
                    <li
                        role="option"
                        id=option_id.with_value(|base| format!("{base}{index}"))
                        aria-selected=move || {
                            if active.get() == Some(index) { "true" } else { "false" }
                        }
                        on:pointerdown=move |event| event.prevent_default()
                        on:click=move |_| pick(picked.clone())
                    >
                        <span>{choice.label}</span>
                        {choice.detail.map(|detail| view! { <small>{detail}</small> })}
                    </li>
                }
            })
            .collect_view()
    };

    view! {
        <span class="combobox" data-phase=phase_name>
            {name
                .map(|name| {
                    view! {
                        <input
                            type="hidden"
                            name=name
                            value=value.get_untracked()
                            prop:value=move || value.get()
                        />
                    }
                })}
            <input
                class="input"
                node_ref=input
                id=tie.id.clone()
                type="text"
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || if is_open() { "true" } else { "false" }
                aria-controls=list_id.clone()
                aria-activedescendant=move || {
                    active
                        .get()
                        .map(|index| option_id.with_value(|base| format!("{base}{index}")))
                }
                aria-label=label.clone()
                aria-invalid=tie.aria_invalid()
                aria-describedby=tie.described_by.clone()
                aria-required=tie.required.then_some("true")
                autocomplete="off"
                spellcheck="false"
                placeholder=placeholder
                value=shown.get_untracked()
                disabled=move || disabled.get()
                readonly=move || readonly.get()
                on:input=move |event| {
                    is_touched.set(true);
                    ask_later(event_target_value(&event));
                }
                on:keydown=on_key
                on:blur=move |_| leave()
            />
            <ul
                class="listbox"
                node_ref=list
                id=list_id
                role="listbox"
                aria-label=label.unwrap_or_else(|| tr!(lang, "Варианты", "Options").to_owned())
                hidden=move || !is_open()
            >
                {rows}
            </ul>
            <span class="combobox-note" role="status">
                {announcement}
            </span>
        </span>
    }
}
