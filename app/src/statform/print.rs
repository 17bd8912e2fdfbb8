//! The printable form, with graph numbers and the stamp of the signature.

use domain::{
    date::{format_date, format_moscow, moscow_date},
    view::{document::Head, signature::SignatureStamp},
};
use edoc::draft::Draft;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facts::{GraphFacts, of_draft};
use crate::{
    document::{api, history::not_found, refusal::Refusal},
    error::ApiError,
    tr,
    ui::{Button, IconName, LinkButton, PageTitle, Skeleton, i18n::use_lang},
};

#[derive(Clone, Serialize, Deserialize)]
struct Sheet {
    head: Head,
    draft: String,
    stamp: Option<SignatureStamp>,
}

async fn load(document: Option<Uuid>) -> Result<Sheet, ApiError> {
    let document = document.ok_or_else(not_found)?;
    let opened = api::open(document).await?;
    let stamp = api::stamp(document).await?;
    Ok(Sheet { head: opened.head, draft: opened.draft, stamp })
}

/// The page `/statforms/:id/print`.
#[component]
pub fn PrintPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let document = move || params.with(|params| params.get("id")?.parse::<Uuid>().ok());
    let sheet = Resource::new_blocking(document, load);
    view! {
        <PageTitle text=tr!(lang, "Печатная форма", "Printable form")/>
        <Suspense fallback=move || view! { <Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match sheet.await {
                    Ok(sheet) => view! { <Paper sheet/> }.into_any(),
                    Err(error) => {
                        view! { <h1>{tr!(lang, "Печатная форма", "Printable form")}</h1> <Refusal error/> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Paper(sheet: Sheet) -> impl IntoView {
    let lang = use_lang();
    let Sheet { head, draft, stamp } = sheet;
    let back = format!("/statforms/{}", head.id);
    let pdf = format!("/files/statforms/{}.pdf", head.id);
    let facts = match serde_json::from_str::<Draft>(&draft) {
        Ok(draft) => of_draft(&draft, lang.get_untracked()),
        Err(error) => {
            leptos::logging::error!("the draft cannot be read: {error}");
            let error = ApiError::new(domain::error::ErrorCode::Internal, "api.internal");
            return view! { <h1>{head.title}</h1> <Refusal error/> }.into_any();
        }
    };
    let print = move |_| {
        // A browser that does not print has said so itself.
        drop(window().print());
    };
    let lines = facts
        .lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let caption = tr!(lang, "Товар {n}", "Goods {n}", n = at + 1);
            view! { <Graphs caption graphs=line/> }
        })
        .collect_view();
    view! {
        <div class="toolbar no-print">
            <Button icon=IconName::Print on_click=print>{tr!(lang, "Печать", "Print")}</Button>
            <LinkButton icon=IconName::Download external=true href=pdf>"PDF"</LinkButton>
            <LinkButton href=back>{tr!(lang, "К форме", "Back to the form")}</LinkButton>
        </div>
        <article class="print-form">
            <h1>{tr!(lang, "Статистическая форма учёта перемещения товаров", "Statistical form of goods moved")}</h1>
            <p>
                {tr!(lang, "Регистрационный номер: ", "Registration number: ")}
                <strong>
                    {head
                        .number
                        .clone()
                        .unwrap_or_else(|| tr!(lang, "не присвоен", "none").to_owned())}
                </strong>
                " · "
                {head.state.name(lang.get_untracked())}
            </p>
            {head
                .replaces
                .clone()
                .map(|number| {
                    view! {
                        <p>{tr!(lang, "Номер аннулируемой формы: {n}", "Number of the annulled form: {n}", n = number)}</p>
                    }
                })}
            <Graphs caption=tr!(lang, "Общие сведения", "General").to_owned() graphs=facts.head/>
            {lines}
            <Stamp stamp/>
        </article>
    }
    .into_any()
}

#[component]
fn Graphs(caption: String, graphs: Vec<GraphFacts>) -> impl IntoView {
    let rows = graphs
        .into_iter()
        .map(|graph| {
            let facts = graph
                .facts
                .into_iter()
                .map(|fact| view! { <p>{format!("{}: {}", fact.label, fact.value)}</p> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <span class="graph">{graph.number}</span>
                        " "
                        {graph.title}
                    </th>
                    <td>{facts}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table>
            <caption>{caption}</caption>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Who signed, when, with what; nothing for a form not signed yet.
#[component]
fn Stamp(stamp: Option<SignatureStamp>) -> impl IntoView {
    let lang = use_lang();
    let Some(stamp) = stamp else {
        return view! { <p class="muted">{tr!(lang, "Форма не подписана.", "The form is not signed.")}</p> }
            .into_any();
    };
    let certificate = stamp.certificate.map(|certificate| {
        let [from, to] = [certificate.valid_from, certificate.valid_to]
            .map(|at| format_date(moscow_date(at)));
        view! {
            <p>{tr!(lang, "Сертификат: ", "Certificate: ")} {certificate.serial}</p>
            <p>{tr!(lang, "Действителен с {from} по {to}", "Valid from {from} to {to}", from = from, to = to)}</p>
        }
    });
    view! {
        <aside class="stamp">
            <p>
                <strong>{tr!(lang, "Документ подписан электронной подписью", "Signed electronically")}</strong>
            </p>
            <p>{tr!(lang, "Владелец: ", "Signer: ")} {stamp.owner}</p>
            {certificate}
            <p>
                {tr!(lang, "Подписан: ", "Signed: ")} {format_moscow(stamp.signed_at)}
                {tr!(lang, " (московское время)", " (Moscow time)")}
            </p>
            {stamp.timestamped_at.map(|at| {
                view! {
                    <p>
                        {tr!(lang, "Штамп времени: ", "Time-stamp: ")} {format_moscow(at)}
                        {tr!(lang, " (московское время)", " (Moscow time)")}
                    </p>
                }
            })}
        </aside>
    }
    .into_any()
}
