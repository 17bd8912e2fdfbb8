//! What happened to a document, in order.

use domain::{
    date::format_moscow,
    lang::Lang,
    view::document::{Action, Event},
};
use leptos::prelude::*;

use crate::{
    tr,
    ui::{Tone, i18n::use_lang},
};

/// The words for an action.
pub const fn action_name(action: Action, lang: Lang) -> &'static str {
    let (ru, en) = match action {
        Action::Created => ("Создана", "Created"),
        Action::Copied => ("Создана как копия", "Created as a copy"),
        Action::Uploaded => ("Загружена из файла", "Uploaded from a file"),
        Action::Restored => ("Восстановлена прежняя версия", "An earlier version was restored"),
        Action::Reopened => ("Открыта для исправления", "Opened for correction"),
        Action::Signed => ("Подписана", "Signed"),
        Action::Delivered => ("Доставлена в таможню", "Delivered to customs"),
        Action::Registered => ("Зарегистрирована", "Registered"),
        Action::Refused => ("В регистрации отказано", "Registration was refused"),
        Action::ExplanationsRequired => ("Нужны пояснения", "Explanations are required"),
        Action::ExplanationsSent => ("Пояснения отправлены", "Explanations were sent"),
        Action::UnderControl => ("Поставлена на контроль", "Put under control"),
        Action::Cleared => ("Вопросов у таможни нет", "Customs has no questions"),
        Action::Annulled => ("Аннулирована", "Annulled"),
        Action::Deleted => ("Удалена", "Deleted"),
    };
    lang.pick(ru, en)
}

const fn tone(action: Action) -> Tone {
    match action {
        Action::Registered | Action::Cleared | Action::Delivered => Tone::Success,
        Action::Refused | Action::UnderControl => Tone::Danger,
        Action::ExplanationsRequired => Tone::Warning,
        _ => Tone::Neutral,
    }
}

/// The events of a document, newest first.
#[component]
pub fn Timeline(events: Vec<Event>) -> impl IntoView {
    let lang = use_lang();
    let rows = events
        .into_iter()
        .rev()
        .map(|event| {
            view! {
                <li data-tone=tone(event.action).name()>
                    <p class="timeline-what">{action_name(event.action, lang.get_untracked())}</p>
                    {event.detail.map(|detail| view! { <p class="timeline-detail">{detail}</p> })}
                    <p class="quiet">
                        <time datetime=event.at.to_rfc3339()>{format_moscow(event.at)}</time>
                        {format!(" · {}", event.actor)}
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="timeline" aria-label=tr!(lang, "События", "Events")>
            {rows}
        </ol>
    }
}
