//! The same field changed in two places: both values are shown, the person chooses.

use domain::{date::format_moscow, lang::Lang};
use edoc::{
    draft::{Conflict, ConflictKind},
    patch::Stamp,
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

/// «Иванова И. И., 12:03», «вы, в другой вкладке или на другом устройстве, 12:03», «вы, на этой
/// странице»; nothing until the server has told.
fn author_text(editing: Editing, stamp: Stamp, lang: Lang) -> Option<String> {
    if editing.is_of_this_page(stamp) {
        return Some(tr!(lang, "вы, на этой странице", "you, in this page").to_owned());
    }
    let author = editing.author(stamp)?;
    let at = format_moscow(author.at);
    Some(match author.own {
        true => tr!(
            lang,
            "вы, в другой вкладке или на другом устройстве, {at}",
            "you, in another tab or on another device, {at}",
            at = at
        ),
        false => format!("{}, {at}", author.author),
    })
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
            let kept = editing.with_draft(|draft| draft.stamp(&conflict.path));
            let lost = (Some(conflict.lost_stamp), conflict.lost.clone());
            let others = conflict.others.iter().map(|(stamp, value)| (Some(*stamp), value.clone()));
            std::iter::once((kept, conflict.kept.clone()))
                .chain(std::iter::once(lost))
                .chain(others)
                .map(|(stamp, value)| {
                    let path = conflict.path.clone();
                    let text = show(&value);
                    let author = move || stamp.and_then(|stamp| author_text(editing, stamp, lang.get()));
                    view! {
                        <div class="conflict-value">
                            <Button disabled on_click=move |_| editing.resolve(&path, value.clone())>
                                {tr!(lang, "Оставить {text}", "Keep {text}", text = text)}
                            </Button>
                            <span class="quiet">{author}</span>
                        </div>
                    }
                })
                .collect_view()
                .into_any()
        }
        ConflictKind::Removed => {
            let item = conflict.removed.clone().unwrap_or_else(|| conflict.path.clone());
            let again = item.clone();
            let text = show(&conflict.lost);
            let stamp = conflict.lost_stamp;
            let author = move || author_text(editing, stamp, lang.get());
            view! {
                <p class="quiet">{author}</p>
                <p>
                    {tr!(
                        lang,
                        "Строка удалена, а в ней тем временем записано {text}.",
                        "The item was removed while {text} was written into it.",
                        text = text
                    )}
                </p>
                <Button disabled on_click=move |_| editing.bring_back(&item)>
                    {tr!(lang, "Вернуть строку", "Bring the item back")}
                </Button>
                <Button kind=ButtonKind::Danger disabled on_click=move |_| editing.confirm_removal(&again)>
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
