//! «История версий»: checkpoints of a document, what differs between two of them, restoring.
//! It works without JavaScript: choosing two versions is a GET form.

use std::collections::HashMap;

use domain::{
    date::format_moscow,
    lang::Lang,
    view::document::{Checkpoint, CheckpointReason, FieldDifference, Head},
};
use edoc::path::Path;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

use super::{api, refusal::Refusal};
use crate::{
    error::ApiError,
    statform::field_label,
    tr,
    ui::{Alert, Button, ButtonKind, LinkButton, PageTitle, Table, Tone, i18n::use_lang},
};

/// The words for why a checkpoint was made.
pub const fn reason_name(reason: CheckpointReason, lang: Lang) -> &'static str {
    let (ru, en) = match reason {
        CheckpointReason::Created => ("Создание", "Creation"),
        CheckpointReason::Interval => ("Каждые 10 минут работы", "Every 10 minutes of work"),
        CheckpointReason::Pause => ("Пауза в работе", "A pause in the work"),
        CheckpointReason::Signed => ("Подписание", "Signing"),
        CheckpointReason::Restored => ("Восстановление", "Restoring"),
        CheckpointReason::Late => ("Изменения после отправки", "Changes after sending"),
        CheckpointReason::Uploaded => ("Загрузка из файла", "Upload from a file"),
    };
    lang.pick(ru, en)
}

/// What the page shows.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Shown {
    head: Head,
    can_edit: bool,
    checkpoints: Vec<Checkpoint>,
    difference: Option<Vec<FieldDifference>>,
}

async fn load(
    document: Option<Uuid>,
    from: Option<Uuid>,
    to: Option<Uuid>,
) -> Result<Shown, ApiError> {
    let document = document.ok_or_else(not_found)?;
    let opened = api::open(document).await?;
    let checkpoints = api::history(document).await?;
    let difference = match from {
        Some(from) => Some(api::difference(document, from, to).await?),
        None => None,
    };
    Ok(Shown { can_edit: opened.can_edit, head: opened.head, checkpoints, difference })
}

/// The refusal of an address that names no document.
pub fn not_found() -> ApiError {
    ApiError::new(domain::error::ErrorCode::NotFound, "document.not_found")
}

/// The page `/statforms/:id/history`.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let query = use_query_map();
    let document = move || params.with(|params| params.get("id")?.parse::<Uuid>().ok());
    let chosen = move |name: &str| query.with(|query| query.get(name)?.parse::<Uuid>().ok());
    let shown = Resource::new_blocking(
        move || (document(), chosen("from"), chosen("to")),
        |(document, from, to)| load(document, from, to),
    );
    let title = move || tr!(lang, "История версий", "Version history");
    view! {
        <PageTitle text=title/>
        <Suspense fallback=move || view! { <p class="quiet">{tr!(lang, "Загрузка…", "Loading…")}</p> }>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok(shown) => view! { <Versions shown from=chosen("from") to=chosen("to")/> }.into_any(),
                    Err(error) => view! { <h1>{title()}</h1> <Refusal error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Versions(shown: Shown, from: Option<Uuid>, to: Option<Uuid>) -> impl IntoView {
    let lang = use_lang();
    let Shown { head, can_edit, checkpoints, difference } = shown;
    let back = format!("/statforms/{}", head.id);
    let names: HashMap<Uuid, String> = checkpoints
        .iter()
        .map(|checkpoint| (checkpoint.id, format_moscow(checkpoint.at)))
        .collect();
    let compared = difference.map(|rows| {
        let before = from.and_then(|from| names.get(&from).cloned()).unwrap_or_default();
        let after = to.and_then(|to| names.get(&to).cloned());
        let after = after.unwrap_or_else(|| tr!(lang, "сейчас", "now").to_owned());
        view! { <Differences before after rows/> }
    });
    let document = head.id;
    // A single version has nothing to be compared with.
    let several = checkpoints.len() > 1;
    let rows = checkpoints
        .into_iter()
        .map(|checkpoint| {
            view! { <Version document checkpoint several can_edit from to/> }
        })
        .collect_view();
    view! {
        <nav class="crumbs" aria-label=tr!(lang, "Путь", "Path")>
            <a href=back>{head.title.clone()}</a>
        </nav>
        <h1>{tr!(lang, "История версий", "Version history")}</h1>
        <p>
            {tr!(
                lang,
                "Версия запоминается при паузе в работе и не реже раза в 10 минут. Восстановление ничего не стирает: нынешняя версия тоже остаётся в истории.",
                "A version is remembered at every pause and at least every 10 minutes. Restoring erases nothing: the present version stays in the history too."
            )}
        </p>
        {several
            .then(|| {
                view! {
                    <form id="compare" method="get" class="toolbar">
                        <Button type_="submit">{tr!(lang, "Сравнить выбранные", "Compare the chosen")}</Button>
                    </form>
                }
            })}
        {compared}
        <Table caption=tr!(lang, "Версии", "Versions") quiet_caption=true>
            <thead>
                <tr>
                    {several
                        .then(|| {
                            view! {
                                <th scope="col">{tr!(lang, "Было", "Before")}</th>
                                <th scope="col">{tr!(lang, "Стало", "After")}</th>
                            }
                        })}
                    <th scope="col">{tr!(lang, "Время", "Time")}</th>
                    <th scope="col">{tr!(lang, "Автор", "Author")}</th>
                    <th scope="col">{tr!(lang, "Причина", "Reason")}</th>
                    <th scope="col" data-cell="number">{tr!(lang, "Изменено полей", "Fields changed")}</th>
                    <th scope="col">{tr!(lang, "Действия", "Actions")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

#[component]
fn Version(
    document: Uuid,
    checkpoint: Checkpoint,
    several: bool,
    can_edit: bool,
    from: Option<Uuid>,
    to: Option<Uuid>,
) -> impl IntoView {
    let lang = use_lang();
    let restore = ServerAction::<api::Restore>::new();
    let at = format_moscow(checkpoint.at);
    let choose = |name: &'static str, label: &str, chosen: Option<Uuid>| {
        view! {
            <input
                type="radio"
                form="compare"
                name=name
                value=checkpoint.id.to_string()
                checked=chosen == Some(checkpoint.id)
                aria-label=format!("{label}: {at}")
            />
        }
    };
    let refusal = move || match restore.value().get() {
        Some(Err(error)) => Some(view! { <Refusal error/> }),
        _ => None,
    };
    view! {
        <tr>
            {several
                .then(|| {
                    let (before, after) = (tr!(lang, "Было", "Before"), tr!(lang, "Стало", "After"));
                    view! {
                        <td data-label=before>{choose("from", before, from)}</td>
                        <td data-label=after>{choose("to", after, to)}</td>
                    }
                })}
            <td data-label=tr!(lang, "Время", "Time") data-cell="main">
                <time datetime=checkpoint.at.to_rfc3339()>{at.clone()}</time>
            </td>
            <td data-label=tr!(lang, "Автор", "Author")>{checkpoint.author.clone()}</td>
            <td data-label=tr!(lang, "Причина", "Reason")>
                {reason_name(checkpoint.reason, lang.get_untracked())}
            </td>
            <td data-label=tr!(lang, "Изменено полей", "Fields changed") data-cell="number">
                {checkpoint.changed}
            </td>
            <td data-label=tr!(lang, "Действия", "Actions") data-cell="actions">
                <LinkButton
                    kind=ButtonKind::Quiet
                    href=format!("/statforms/{document}/history?from={}", checkpoint.id)
                >
                    {tr!(lang, "Что изменилось с тех пор", "What changed since")}
                </LinkButton>
                {can_edit
                    .then(|| {
                        view! {
                            <ActionForm action=restore>
                                <input type="hidden" name="document" value=document.to_string()/>
                                <input type="hidden" name="checkpoint" value=checkpoint.id.to_string()/>
                                <Button type_="submit" busy=restore.pending()>
                                    {tr!(lang, "Восстановить", "Restore")}
                                    <span class="visually-hidden">{format!(" {at}")}</span>
                                </Button>
                            </ActionForm>
                        }
                    })}
                {refusal}
            </td>
        </tr>
    }
}

/// Fields that differ between two versions, side by side.
#[component]
pub fn Differences(before: String, after: String, rows: Vec<FieldDifference>) -> impl IntoView {
    let lang = use_lang();
    if rows.is_empty() {
        return view! {
            <Alert tone=Tone::Success>
                <p>{tr!(lang, "Эти версии не отличаются.", "These versions do not differ.")}</p>
            </Alert>
        }
        .into_any();
    }
    let caption = tr!(
        lang,
        "Отличия: {before} → {after}",
        "Differences: {before} → {after}",
        before = before,
        after = after
    );
    let empty = tr!(lang, "пусто", "empty");
    let value = move |value: Option<String>| match value {
        Some(value) => view! { <span>{value}</span> }.into_any(),
        None => view! { <span class="quiet">{empty}</span> }.into_any(),
    };
    let rows = rows
        .into_iter()
        .map(|row| {
            let label = match row.path.parse::<Path>() {
                Ok(path) => {
                    let line = row.line.map(|line| line as usize);
                    field_label(&path, line, lang.get_untracked())
                }
                // A path of a newer server; it has named the field itself.
                Err(_) => row.label,
            };
            view! {
                <tr>
                    <td data-label=tr!(lang, "Графа", "Graph")>{row.graph.unwrap_or_default()}</td>
                    <td data-label=tr!(lang, "Поле", "Field") data-cell="main">{label}</td>
                    <td data-label=before.clone()>{value(row.before)}</td>
                    <td data-label=after.clone()>{value(row.after)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=caption>
            <thead>
                <tr>
                    <th scope="col">{tr!(lang, "Графа", "Graph")}</th>
                    <th scope="col">{tr!(lang, "Поле", "Field")}</th>
                    <th scope="col">{before.clone()}</th>
                    <th scope="col">{after.clone()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}
