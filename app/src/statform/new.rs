//! Beginning a form: empty, as a copy, in place of a registered one, or from a file.

use domain::{error::WireError, view::statform::Uploaded};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::{api, upload};
use crate::{
    document::refusal::Refusal,
    tr,
    ui::{
        Alert, Breadcrumbs, Button, ButtonKind, Choice, Crumb, Field, FileDrop, IconName,
        LinkButton, MonthField, PageHead, PageTitle, RadioGroup, Tone, count, i18n::use_lang,
    },
};

/// The page `/statforms/new`, with `?copy=` or `?replace=` naming an earlier form.
#[component]
pub fn NewPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let named = move |name: &str| query.with(|query| query.get(name)?.parse::<Uuid>().ok());
    let title = tr!(lang, "Новая статистическая форма", "A new statistical form");
    view! {
        <PageTitle text=title/>
        <Breadcrumbs items=vec![
            Crumb::link(tr!(lang, "Статформы", "Statforms"), "/statforms"),
            Crumb::here(title),
        ]/>
        <PageHead title=Signal::stored(title.to_owned())/>
        {move || match (named("copy"), named("replace")) {
            (Some(document), _) => view! { <FromCopy document/> }.into_any(),
            (None, Some(document)) => view! { <FromReplaced document/> }.into_any(),
            (None, None) => view! { <FromNothing/> <FromFile/> }.into_any(),
        }}
    }
}

/// An empty form, prefilled from the profile.
#[component]
fn FromNothing() -> impl IntoView {
    let lang = use_lang();
    let create = ServerAction::<api::Create>::new();
    let directions = vec![
        Choice::new("ЭК", tr!(lang, "Вывоз из России (ЭК)", "Export from Russia (ЭК)")),
        Choice::new("ИМ", tr!(lang, "Ввоз в Россию (ИМ)", "Import into Russia (ИМ)")),
    ];
    let direction = RwSignal::new("ЭК".to_owned());
    let period = RwSignal::new(String::new());
    let refusal = move || match create.value().get() {
        Some(Err(error)) => Some(view! { <Refusal error/> }),
        _ => None,
    };
    view! {
        <section class="card" aria-labelledby="new-title">
            <h2 id="new-title">{tr!(lang, "Создать", "Create")}</h2>
            <ActionForm action=create attr:class="stack">
                <RadioGroup
                    name="direction"
                    legend=tr!(lang, "Направление перемещения", "Direction")
                    options=directions
                    value=direction
                    on_change=Callback::new(move |chosen| direction.set(chosen))
                    inline=true
                />
                <Field
                    id="new-period"
                    label=tr!(lang, "Отчётный месяц", "Reporting month")
                    hint=tr!(lang, "Если не указать — прошлый месяц.", "The last month, unless given.")
                    width="short"
                >
                    <MonthField name="period" value=period on_input=Callback::new(move |month| period.set(month))/>
                </Field>
                <div class="actions">
                    <Button kind=ButtonKind::Primary type_="submit" icon=IconName::Plus busy=create.pending()>
                        {tr!(lang, "Создать форму", "Create the form")}
                    </Button>
                </div>
            </ActionForm>
            {refusal}
        </section>
    }
}

/// A form from another program's XML.
#[component]
fn FromFile() -> impl IntoView {
    let lang = use_lang();
    let busy = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<Uploaded, WireError>>);
    let take = Callback::new(move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        busy.set(true);
        outcome.set(None);
        spawn_local(async move {
            outcome.set(Some(upload::send(&file).await));
            busy.set(false);
        });
    });
    view! {
        <section class="card" aria-labelledby="upload-title" id="upload">
            <h2 id="upload-title">{tr!(lang, "Загрузить файл", "Upload a file")}</h2>
            <div class="stack">
                <FileDrop
                    id="upload-file"
                    label=tr!(lang, "Файл XML статистической формы", "XML file of a statistical form")
                    hint=tr!(
                        lang,
                        "Из 1С и других программ, любой редакции альбома форматов. Форма станет черновиком с замечаниями.",
                        "From 1C and other programs, of any edition of the album. It becomes a draft with its remarks."
                    )
                    accept=".xml,application/xml,text/xml"
                    busy
                    on_files=take
                />
                <noscript>
                    <p>
                        {tr!(
                            lang,
                            "Для загрузки файла включите JavaScript.",
                            "Turn JavaScript on to upload a file."
                        )}
                    </p>
                </noscript>
            </div>
            <div role="status" aria-live="polite">
                {move || {
                    outcome
                        .get()
                        .map(|outcome| match outcome {
                            Ok(uploaded) => view! { <Outcome uploaded/> }.into_any(),
                            Err(error) => view! { <Refusal error=error.into()/> }.into_any(),
                        })
                }}
            </div>
        </section>
    }
}

/// What became of the file.
#[component]
fn Outcome(uploaded: Uploaded) -> impl IntoView {
    let lang = use_lang();
    let Uploaded { head, converted_from, unknown, mended, errors, warnings } = uploaded;
    let found = format!(
        "{}, {}",
        count(lang, errors.into(), ["ошибка", "ошибки", "ошибок"], ["error", "errors"]),
        count(
            lang,
            warnings.into(),
            ["предупреждение", "предупреждения", "предупреждений"],
            ["warning", "warnings"],
        )
    );
    let tone = if errors == 0 { Tone::Success } else { Tone::Warning };
    let unknown = (!unknown.is_empty()).then(|| {
        let rows = unknown.into_iter().map(|what| view! { <li>{what}</li> }).collect_view();
        view! {
            <p>{tr!(lang, "Этих сведений в нашей редакции нет, они не перенесены:", "Our edition has no place for these, they were left out:")}</p>
            <ul>{rows}</ul>
        }
    });
    let mended = (!mended.is_empty()).then(|| {
        let rows = mended.into_iter().map(|what| view! { <li>{what}</li> }).collect_view();
        view! {
            <p>{tr!(lang, "В файле было неверно, в черновике исправлено:", "The file had this wrong, the draft has it right:")}</p>
            <ul>{rows}</ul>
        }
    });
    view! {
        <Alert tone title=tr!(lang, "Файл загружен, форма стала черновиком", "The file was uploaded, the form is a draft now")>
            <p>{tr!(lang, "Замечания: {found}.", "Remarks: {found}.", found = found)}</p>
            {converted_from
                .map(|edition| {
                    view! {
                        <p>
                            {tr!(
                                lang,
                                "Форма была в редакции {edition} и переведена в нашу.",
                                "The form was of edition {edition} and was converted to ours.",
                                edition = edition
                            )}
                        </p>
                    }
                })}
            {unknown}
            {mended}
            <LinkButton kind=ButtonKind::Primary href=format!("/statforms/{}?checked=1", head.id)>
                {tr!(lang, "Открыть черновик", "Open the draft")}
            </LinkButton>
        </Alert>
    }
}

/// A copy of an earlier form.
#[component]
fn FromCopy(document: Uuid) -> impl IntoView {
    let lang = use_lang();
    let copy = ServerAction::<api::Copy>::new();
    let refusal = move || match copy.value().get() {
        Some(Err(error)) => Some(view! { <Refusal error/> }),
        _ => None,
    };
    view! {
        <section class="card">
            <p>
                {tr!(
                    lang,
                    "Новая форма возьмёт из прежней всё, кроме номера и подписи.",
                    "The new form takes everything of the earlier one but its number and signature."
                )}
            </p>
            <ActionForm action=copy>
                <input type="hidden" name="document" value=document.to_string()/>
                <Button kind=ButtonKind::Primary type_="submit" icon=IconName::Copy busy=copy.pending()>
                    {tr!(lang, "Копировать", "Copy")}
                </Button>
            </ActionForm>
            {refusal}
        </section>
    }
}

/// A form that takes the place of a registered one.
#[component]
fn FromReplaced(document: Uuid) -> impl IntoView {
    let lang = use_lang();
    let replace = ServerAction::<api::Replace>::new();
    let refusal = move || match replace.value().get() {
        Some(Err(error)) => Some(view! { <Refusal error/> }),
        _ => None,
    };
    view! {
        <section class="card">
            <p>
                {tr!(
                    lang,
                    "Новая форма возьмёт сведения прежней и сошлётся на её номер. Прежняя будет аннулирована, когда таможня зарегистрирует новую.",
                    "The new form takes the data of the earlier one and refers to its number. The earlier one is annulled once customs registers the new one."
                )}
            </p>
            <ActionForm action=replace>
                <input type="hidden" name="document" value=document.to_string()/>
                <Button kind=ButtonKind::Primary type_="submit" busy=replace.pending()>
                    {tr!(lang, "Аннулировать и заменить", "Annul and replace")}
                </Button>
            </ActionForm>
            {refusal}
        </section>
    }
}
