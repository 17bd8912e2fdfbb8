//! The same field changed in two places: both values are shown, the person chooses.

use domain::lang::Lang;
use edoc::{
    draft::{Conflict, ConflictKind},
    path::Path,
};
use leptos::prelude::*;

use super::editing::Editing;
use crate::{
    tr,
    ui::{Alert, Button, ButtonKind, Tone, i18n::use_lang},
};

/// How a field is called on the screen.
pub type FieldName = fn(Editing, &Path, Lang) -> String;

/// The conflicts of a draft, while there are any.
#[component]
pub fn Conflicts(editing: Editing, name: FieldName) -> impl IntoView {
    let lang = use_lang();
    let conflicts = editing.conflicts();
    let rows = move || {
        conflicts
            .get()
            .into_iter()
            .map(|conflict| {
                let label = name(editing, &conflict.path, lang.get());
                view! { <ConflictRow editing conflict label/> }
            })
            .collect_view()
    };
    view! {
        <div role="status" aria-live="polite">
            <Show when=move || conflicts.with(|conflicts| !conflicts.is_empty())>
                <Alert
                    tone=Tone::Warning
                    title=tr!(
                        lang,
                        "Одно поле изменено в двух местах — выберите значение",
                        "One field was changed in two places: choose the value"
                    )
                >
                    <p>
                        {tr!(
                            lang,
                            "Это поле изменил другой сотрудник, другая вкладка или другое устройство. Оба значения сохранены.",
                            "The field was changed by a colleague, in another tab or on another device. Both values are kept."
                        )}
                    </p>
                    <ul class="conflicts">{rows}</ul>
                </Alert>
            </Show>
        </div>
    }
}

#[component]
fn ConflictRow(editing: Editing, conflict: Conflict, label: String) -> impl IntoView {
    let lang = use_lang();
    let show = move |value: &Option<String>| match value {
        Some(value) if !value.is_empty() => format!("«{value}»"),
        _ => tr!(lang, "пусто", "empty").to_owned(),
    };
    let disabled = Signal::derive(move || !editing.can_edit.get());
    let buttons = match conflict.kind {
        ConflictKind::Field => {
            let values = std::iter::once(conflict.kept.clone())
                .chain(std::iter::once(conflict.lost.clone()))
                .chain(conflict.others.iter().map(|(_, value)| value.clone()));
            values
                .map(|value| {
                    let path = conflict.path.clone();
                    let text = show(&value);
                    view! {
                        <Button disabled on:click=move |_| editing.resolve(&path, value.clone())>
                            {tr!(lang, "Оставить {text}", "Keep {text}", text = text)}
                        </Button>
                    }
                })
                .collect_view()
                .into_any()
        }
        ConflictKind::Removed => {
            let item = conflict.removed.clone().unwrap_or_else(|| conflict.path.clone());
            let again = item.clone();
            let text = show(&conflict.lost);
            view! {
                <p>
                    {tr!(
                        lang,
                        "Строка удалена, а в ней тем временем записано {text}.",
                        "The item was removed while {text} was written into it.",
                        text = text
                    )}
                </p>
                <Button disabled on:click=move |_| editing.bring_back(&item)>
                    {tr!(lang, "Вернуть строку", "Bring the item back")}
                </Button>
                <Button kind=ButtonKind::Danger disabled on:click=move |_| editing.confirm_removal(&again)>
                    {tr!(lang, "Удалить всё равно", "Remove all the same")}
                </Button>
            }
            .into_any()
        }
    };
    view! {
        <li>
            <p>
                <strong>{label}</strong>
            </p>
            <div class="actions">{buttons}</div>
        </li>
    }
}
