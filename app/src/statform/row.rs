//! One form in the list: its marks say in words what their colours mean.

use domain::{
    date::{format_date, format_moscow},
    lang::Lang,
    state::DocumentState,
    view::{document::Demand, statform::Row},
};
use leptos::prelude::*;

use super::{
    api,
    list::{amount_text, date_text, period_text},
    picks::{PickCell, Picks, picked},
};
use crate::{
    document::api::Delete,
    tr,
    ui::{Badge, IconName, LinkButton, Menu, Tone, count, i18n::use_lang, toast},
};

/// The colour of a state.
pub const fn state_tone(state: DocumentState) -> Tone {
    match state {
        DocumentState::Draft | DocumentState::Annulled => Tone::Neutral,
        DocumentState::Queued | DocumentState::Sent => Tone::Accent,
        DocumentState::Registered | DocumentState::Cleared => Tone::Success,
        DocumentState::ExplanationsRequired => Tone::Warning,
        DocumentState::Refused | DocumentState::UnderControl => Tone::Danger,
    }
}

/// What customs waits for, in words: «Нужны пояснения до 30.11.2026», «На контроле, осталось
/// 10 дней».
pub fn demand_text(state: DocumentState, demand: &Demand, lang: Lang) -> String {
    let days = |left: i64| match u64::try_from(left) {
        Ok(left) => {
            let days = count(lang, left, ["день", "дня", "дней"], ["day", "days"]);
            tr!(lang, "осталось {days}", "{days} left", days = days)
        }
        Err(_) => {
            let days = count(lang, left.unsigned_abs(), ["день", "дня", "дней"], ["day", "days"]);
            tr!(lang, "просрочено на {days}", "overdue by {days}", days = days)
        }
    };
    let mut text = match (state, demand.until) {
        (DocumentState::UnderControl, _) => tr!(lang, "На контроле", "Under control").to_owned(),
        (_, Some(until)) => {
            tr!(
                lang,
                "Нужны пояснения до {date}",
                "Explanations are due by {date}",
                date = format_date(until)
            )
        }
        (_, None) => tr!(lang, "Нужны пояснения", "Explanations are required").to_owned(),
    };
    if let Some(left) = demand.days_left {
        text.push_str(", ");
        text.push_str(&days(left));
    }
    text
}

#[component]
pub fn FormRow(
    row: Row,
    /// The drafts ticked, where the reader may sign them.
    #[prop(optional_no_strip)]
    picks: Option<Picks>,
    /// Tells the list that a draft is gone.
    on_deleted: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let id = row.id;
    let pick = picks.map(|picks| {
        let picked = picked(&row, lang.get_untracked());
        view! { <PickCell picks picked/> }
    });
    let on_deleted = Callback::new(move |()| {
        if let Some(picks) = picks {
            picks.remove(&[id]);
        }
        on_deleted.run(());
    });
    let open = format!("/statforms/{id}");
    let name = match &row.number {
        Some(number) => number.clone(),
        None => match row.state {
            DocumentState::Draft => tr!(lang, "Черновик", "Draft").to_owned(),
            _ => tr!(lang, "Номер ещё не присвоен", "No number yet").to_owned(),
        },
    };
    let tone = match row.state {
        DocumentState::ExplanationsRequired => Some("warning"),
        DocumentState::UnderControl => Some("danger"),
        _ => None,
    };
    let period = period_text(row.period.as_deref(), lang.get_untracked());
    let direction = match row.direction.as_deref() {
        Some("ЭК") => tr!(lang, "ЭК, вывоз", "ЭК, export").to_owned(),
        Some("ИМ") => tr!(lang, "ИМ, ввоз", "ИМ, import").to_owned(),
        other => other.unwrap_or_default().to_owned(),
    };
    let amount = amount_text(&row);
    let demand = row.demand.clone().filter(|_| {
        matches!(row.state, DocumentState::ExplanationsRequired | DocumentState::UnderControl)
    });
    let waits = demand.map(|demand| {
        if let Some(at) = demand.answered {
            let text = tr!(
                lang,
                "Ответ отправлен {at}, таможня рассматривает его",
                "Answered on {at}, customs is looking at it",
                at = format_moscow(at)
            );
            return view! { <p class="demand">{text}</p> }.into_any();
        }
        let text = demand_text(row.state, &demand, lang.get_untracked());
        let is_control = row.state == DocumentState::UnderControl;
        let (href, label) = if is_control {
            (format!("/statforms/new?replace={id}"), tr!(lang, "Исправить", "Correct"))
        } else {
            (format!("/statforms/{id}#explain"), tr!(lang, "Ответить", "Answer"))
        };
        view! {
            <p class="demand">
                <strong>{text}</strong>
                {(!demand.text.is_empty()).then(|| format!(": {}", demand.text))}
                " "
                <LinkButton href>{label}</LinkButton>
            </p>
        }
        .into_any()
    });
    let late = row.late.then(|| {
        view! {
            <span class="late">
                <span class="late-mark" aria-hidden="true">"!"</span>
                {tr!(lang, "Срок нарушен", "The deadline was missed")}
            </span>
        }
    });
    let is_draft = row.state == DocumentState::Draft;
    let may_replace = row.state.is_registered();
    view! {
        <tr data-tone=tone>
            {pick}
            <td data-label=tr!(lang, "Номер", "Number") data-cell="main">
                <a href=open.clone()>{name.clone()}</a>
                {waits}
            </td>
            <td data-label=tr!(lang, "Период", "Period")>{period}</td>
            <td data-label=tr!(lang, "Направление", "Direction")>{direction}</td>
            <td data-label=tr!(lang, "Партнёр", "Partner")>{row.partner}</td>
            <td data-label=tr!(lang, "Сумма", "Sum") data-cell="number">{amount}</td>
            <td data-label=tr!(lang, "Состояние", "State")>
                <Badge tone=state_tone(row.state)>{row.state.name(lang.get_untracked())}</Badge>
            </td>
            <td data-label=tr!(lang, "Срок", "Deadline")>{date_text(row.due)} " " {late}</td>
            <td data-label=tr!(lang, "Действия", "Actions") data-cell="actions">
                <Menu
                    id=format!("menu-{id}")
                    icon=IconName::More
                    icon_only=true
                    align_end=true
                    label=Signal::stored(tr!(lang, "Действия: {name}", "Actions: {name}", name = name))
                >
                    <RowActions id is_draft may_replace on_deleted/>
                </Menu>
            </td>
        </tr>
    }
}

/// What can be done with a form.
#[component]
fn RowActions(
    id: uuid::Uuid,
    is_draft: bool,
    may_replace: bool,
    on_deleted: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let copy = ServerAction::<api::Copy>::new();
    let replace = ServerAction::<api::Replace>::new();
    let delete = ServerAction::<Delete>::new();
    // The address may stay the same, so nobody else asks for the rows anew.
    Effect::new(move |_| {
        if let Some(Ok(())) = delete.value().get() {
            toast(Tone::Success, tr!(lang, "Черновик удалён", "The draft was deleted"));
            on_deleted.run(());
        }
    });
    Effect::new(move |_| {
        let (copied, replaced) = (copy.value().get(), replace.value().get());
        let failed = [copied.and_then(Result::err), replaced.and_then(Result::err)];
        for error in failed.into_iter().flatten().chain(delete.value().get().and_then(Result::err))
        {
            toast(Tone::Danger, error.0.text(lang.get_untracked()));
        }
    });
    let hidden = move || view! { <input type="hidden" name="document" value=id.to_string()/> };
    view! {
        <ul>
            <li>
                <ActionForm action=copy>
                    {hidden()} <button type="submit">{tr!(lang, "Копировать", "Copy")}</button>
                </ActionForm>
            </li>
            <li>
                <a rel="external" href=format!("/files/statforms/{id}.xml")>{tr!(lang, "Скачать XML", "Download XML")}</a>
            </li>
            <li>
                <a rel="external" href=format!("/files/statforms/{id}.pdf")>{tr!(lang, "Скачать PDF", "Download PDF")}</a>
            </li>
            <li>
                <a href=format!("/statforms/{id}/print")>{tr!(lang, "Печатная форма", "Printable form")}</a>
            </li>
            <li>
                <a href=format!("/statforms/{id}/history")>{tr!(lang, "История версий", "Version history")}</a>
            </li>
            {may_replace
                .then(|| {
                    view! {
                        <li>
                            <ActionForm action=replace>
                                {hidden()}
                                <button type="submit">{tr!(lang, "Аннулировать и заменить", "Annul and replace")}</button>
                            </ActionForm>
                        </li>
                    }
                })}
            {is_draft
                .then(|| {
                    view! {
                        <li>
                            <details>
                                <summary>{tr!(lang, "Удалить черновик", "Delete the draft")}</summary>
                                <p>
                                    {tr!(
                                        lang,
                                        "Черновик и его история исчезнут насовсем.",
                                        "The draft and its history will be gone for good."
                                    )}
                                </p>
                                <ActionForm action=delete>
                                    {hidden()}
                                    <button type="submit" data-kind="danger">
                                        {tr!(lang, "Удалить", "Delete")}
                                    </button>
                                </ActionForm>
                            </details>
                        </li>
                    }
                })}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;

    fn demand(days_left: Option<i64>) -> Demand {
        Demand {
            text: String::new(),
            since: DateTime::UNIX_EPOCH,
            until: NaiveDate::from_ymd_opt(2026, 11, 30),
            days_left,
            answered: None,
        }
    }

    #[test]
    fn colours_are_said_in_words() {
        let say = |state, days| demand_text(state, &demand(days), Lang::Ru);
        assert_eq!(say(DocumentState::ExplanationsRequired, None), "Нужны пояснения до 30.11.2026");
        assert_eq!(
            say(DocumentState::UnderControl, Some(10)),
            "На контроле, осталось 10\u{a0}дней"
        );
        assert_eq!(
            say(DocumentState::UnderControl, Some(-1)),
            "На контроле, просрочено на 1\u{a0}день"
        );
    }
}
