//! «Прочие сведения»: what the form holds without a control of its own, as a generic form, and
//! what may be added to it.

use std::collections::BTreeSet;

use edoc::path::Path;
use leptos::prelude::*;

use super::{
    form::{split, use_form},
    names,
    owned::{self, Addition},
    place, schema,
};
use crate::{
    document::generic::{Generic, GenericElement},
    tr,
    ui::{Button, ButtonKind, Choice, Field, IconName, Select, i18n::use_lang},
};

/// The other fields of the header (the scope is the root) or of one line of goods.
#[component]
pub fn Others(scope: Path) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let Some(schema) = schema::form() else { return ().into_any() };
    let remark = Callback::new(move |id: String| {
        let remark = form.remark(id);
        Signal::derive(move || split(remark.get(), lang.get_untracked()))
    });
    let generic = Generic { editing: form.editing, schema, remark };
    let scope = StoredValue::new(scope);
    // What was added or is being typed stays, though it may be empty for a moment.
    let opened = RwSignal::new(BTreeSet::<Path>::new());
    let shown = Memo::new(move |_| {
        let opened = opened.get();
        let scope = scope.get_value();
        form.checks.with(|checks| {
            form.editing.with_draft(|draft| {
                let mut found = owned::others(draft, schema, &scope, checks.of_scope(&scope));
                found.extend(opened.into_iter().filter(|path| !draft.is_removed(path)));
                found.into_iter().collect::<Vec<_>>()
            })
        })
    });
    let row = move |path: Path| {
        let around = scope.with_value(|scope| names::around(&path, scope, lang.get_untracked()));
        let here = path.clone();
        let gone = path.clone();
        view! {
            <div
                class="other"
                on:focusin=move |_| {
                    if !opened.with_untracked(|opened| opened.contains(&here)) {
                        opened.update(|opened| {
                            opened.insert(here.clone());
                        });
                    }
                }
            >
                <GenericElement
                    generic
                    path
                    around
                    on_erase=Callback::new(move |()| {
                        opened.update(|opened| {
                            opened.remove(&gone);
                        });
                    })
                />
            </div>
        }
    };
    let add = Callback::new(move |addition: Addition| {
        let Addition { path, repeats, .. } = addition;
        let path = if repeats {
            let last = form.editing.items_untracked(&path).last().copied();
            match form.editing.insert(&path, last, &[]) {
                Some(item) => path.item(item),
                None => return,
            }
        } else {
            path
        };
        opened.update(|opened| {
            opened.insert(path.clone());
        });
        form.jump(&path);
    });
    view! {
        <For each=move || shown.get() key=Clone::clone let(path)>
            {row(path)}
        </For>
        <Adder scope=scope.get_value() add/>
    }
    .into_any()
}

/// A list of what may be added; it is made when it is asked for.
#[component]
fn Adder(scope: Path, add: Callback<Addition>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let id = format!("{}-add", place::control_id(&scope));
    let offered = RwSignal::new(None::<Vec<Addition>>);
    let chosen = RwSignal::new(String::new());
    let offer = move |_| {
        let found = schema::form().map(|schema| {
            form.editing
                .with_draft(|draft| owned::additions(draft, schema, &scope, lang.get_untracked()))
        });
        chosen.set(String::new());
        offered.set(found);
    };
    let take = move |_| {
        let wanted = chosen.get_untracked();
        let addition = offered.with_untracked(|offered| {
            let at = wanted.parse::<usize>().ok()?;
            offered.as_ref()?.get(at).cloned()
        });
        if let Some(addition) = addition {
            offered.set(None);
            add.run(addition);
        }
    };
    let picker = move || {
        offered.get().map(|found| {
            let options: Vec<Choice> = found
                .into_iter()
                .enumerate()
                .map(|(at, addition)| Choice::new(at.to_string(), addition.label))
                .collect();
            view! {
                <div class="row">
                    <Field id=id.clone() label=tr!(lang, "Какие сведения добавить", "What to add") width="medium">
                        <Select
                            options=Signal::stored(options)
                            value=chosen
                            on_change=Callback::new(move |key| chosen.set(key))
                            empty="—"
                        />
                    </Field>
                    <Button
                        disabled=Signal::derive(move || chosen.with(String::is_empty))
                        on_click=take
                    >
                        {tr!(lang, "Добавить", "Add")}
                    </Button>
                </div>
            }
        })
    };
    view! {
        {picker}
        <Show when=move || offered.with(Option::is_none)>
            <Button
                kind=ButtonKind::Quiet
                icon=IconName::Plus
                disabled=form.readonly()
                on_click=offer.clone()
            >
                {tr!(lang, "Добавить другие сведения", "Add other information")}
            </Button>
        </Show>
    }
}
