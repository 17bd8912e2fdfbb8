//! The page of one form: the editor while it is a draft, the reading view after that.

use domain::{
    state::DocumentState,
    view::{document::Opened, session::Who},
};
use edoc::path::Path;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

use super::{
    documents::Documents,
    form::{Form, Section},
    goods::Goods,
    names::field_name,
    others::Others,
    party::Parties,
    rates::{Rates, RatesBar},
    read::Reading,
    remarks::{Completeness, RemarksPanel},
    route::Route,
    send::Send,
    signatory::Signatory,
};
use crate::{
    document::{
        api, conflicts::Conflicts, device, editing::Editing, history::not_found,
        idle::use_idleness, live, refusal::Refusal, status::SaveStatus,
    },
    error::ApiError,
    session::use_who,
    signing::Holder,
    tariff::lists::ListsContext,
    tr,
    ui::{
        Alert, Badge, Breadcrumbs, Button, ButtonKind, Crumb, IconName, LinkButton, PageHead,
        PageTitle, Skeleton, Step, StepState, Steps, Tone, i18n::use_lang,
    },
};

async fn open(document: Option<Uuid>) -> Result<Opened, ApiError> {
    api::open(document.ok_or_else(not_found)?).await
}

/// The page `/statforms/:id`.
#[component]
pub fn StatformPage() -> impl IntoView {
    let params = use_params_map();
    let document = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<Uuid>().ok()));
    // Another form is another page: nothing of the former one is drawn over.
    view! {
        <For each=move || [document.get()] key=|document| *document let(document)>
            <Loading document/>
        </For>
    }
}

/// Waits for a form, then shows it or why it cannot be shown.
#[component]
fn Loading(document: Option<Uuid>) -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let opened = Resource::new_blocking(move || document, open);
    view! {
        <Suspense fallback=move || view! { <Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                let title = tr!(lang, "Статистическая форма", "Statistical form");
                match (opened.await, who.get_untracked()) {
                    (Ok(opened), Some(who)) => view! { <Opening opened who/> }.into_any(),
                    (Ok(_), None) => {
                        let error = ApiError::new(domain::error::ErrorCode::NotSignedIn, "not_signed_in");
                        view! { <h1>{title}</h1> <Refusal error/> }.into_any()
                    }
                    (Err(error), Some(who)) if error.status() == 503 => {
                        view! { <FromDevice document who error/> }.into_any()
                    }
                    (Err(error), _) => view! { <PageTitle text=title/> <h1>{title}</h1> <Refusal error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The server is out of reach: the form as this device knows it, if it does.
#[component]
fn FromDevice(document: Option<Uuid>, who: Who, error: ApiError) -> impl IntoView {
    let lang = use_lang();
    let kept = RwSignal::new(None::<Opened>);
    let person = who.person;
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            if let Some(document) = document
                && let Ok(found) = device::draft_get(person, document).await
            {
                kept.set(found);
            }
        });
    });
    move || match kept.get() {
        Some(opened) => view! { <Opening opened who=who.clone()/> }.into_any(),
        None => view! {
            <h1>{tr!(lang, "Статистическая форма", "Statistical form")}</h1>
            <Refusal error=error.clone()/>
        }
        .into_any(),
    }
}

/// Chooses the view by the state of the form, also when the state changes under one's eyes.
#[component]
fn Opening(opened: Opened, who: Who) -> impl IntoView {
    let lang = use_lang();
    let person = who.person;
    let editing = match Editing::open(&opened, person) {
        Ok(editing) => editing,
        Err(error) => {
            leptos::logging::error!("{error}");
            let error = ApiError::new(domain::error::ErrorCode::Internal, "api.internal");
            return view! { <h1>{opened.head.title}</h1> <Refusal error/> }.into_any();
        }
    };
    live::attach(editing);
    let is_draft =
        Memo::new(move |_| editing.head().with(|head| head.state == DocumentState::Draft));
    let who = StoredValue::new(who);
    let title = move || editing.head().with(|head| head.title.clone());
    if let Some(guard) = use_idleness() {
        Effect::new(move |_| {
            if editing.session_ended().get() {
                guard.session_ended();
            }
        });
        Effect::new(move |before: Option<u32>| {
            let returns = guard.returns().get();
            if before.is_some_and(|before| before != returns) {
                editing.helped();
            }
            returns
        });
    }
    view! {
        <PageTitle text=title/>
        <Breadcrumbs items=vec![
                Crumb::link(tr!(lang, "Статформы", "Statforms"), "/statforms"),
                Crumb::here(editing.head().with_untracked(|head| head.title.clone())),
            ]/>
            {move || {
                if is_draft.get() {
                    view! { <Editor editing who=who.get_value()/> }.into_any()
                } else {
                    view! { <Reading editing/> }.into_any()
                }
            }}
    }
    .into_any()
}

/// The editor.
#[component]
fn Editor(editing: Editing, who: Who) -> impl IntoView {
    let lang = use_lang();
    let form = Form::new(editing, ListsContext::provide());
    provide_context(form);
    Rates::provide(form);
    form.watch();
    // What came from a file is judged as a whole; a form just begun is not.
    let query = use_query_map();
    form.strict.set(query.with_untracked(|query| query.get("checked").is_some()));
    let holder =
        who.role.as_ref().map(|role| Holder { person: who.person, participant: role.participant });
    let section = move |section: Section, body: AnyView| {
        let is_current = move || Section::ALL.get(form.step.get()) == Some(&section);
        view! {
            <section
                class="form-section"
                id=section.id()
                tabindex="-1"
                aria-labelledby=format!("{}-title", section.id())
                data-current=move || is_current().then_some("")
            >
                <h2 id=format!("{}-title", section.id())>{section.name(lang.get_untracked())}</h2>
                {body}
            </section>
        }
    };
    view! {
        <Head editing/>
        <Conflicts editing name=field_name/>
        <Outline/>
        <div class="editor">
            <form class="editor-main" on:submit=move |event| event.prevent_default() autocomplete="off">
                {section(Section::Parties, view! { <Parties/> }.into_any())}
                {section(Section::Route, view! { <Route/> }.into_any())}
                {section(Section::Documents, view! { <Documents/> }.into_any())}
                {section(Section::Goods, view! { <RatesBar/> <Goods/> }.into_any())}
                {section(
                    Section::Others,
                    view! {
                        <p class="quiet">
                            {tr!(
                                lang,
                                "Сведения, которые пришли из файла или нужны редко: доверенность, краткие наименования, вторые адреса. Сведения о товаре — в его строке.",
                                "What came with a file or is seldom needed: the power of attorney, short names, second addresses. What belongs to goods is in their line."
                            )}
                        </p>
                        <Others scope=Path::root()/>
                    }
                        .into_any(),
                )}
                {section(
                    Section::Finish,
                    view! {
                        <Signatory/>
                        <Completeness/>
                        <Send holder/>
                    }
                        .into_any(),
                )}
                <StepButtons/>
            </form>
            <aside class="editor-side">
                <RemarksPanel/>
            </aside>
        </div>
    }
}

/// Title, state of saving, and what else can be done.
#[component]
fn Head(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let head = editing.head();
    let id = editing.document();
    let expires = move || {
        head.with(|head| head.expires).map(|date| {
            tr!(
                lang,
                "Черновик без изменений хранится до {date}.",
                "An untouched draft is kept until {date}.",
                date = domain::date::format_date(date)
            )
        })
    };
    let due = move || {
        head.with(|head| head.due).map(|due| {
            tr!(lang, "Подать до {date}", "Due by {date}", date = domain::date::format_date(due))
        })
    };
    let save = move |_| editing.pause();
    view! {
        <PageHead title=Signal::derive(move || head.with(|head| head.title.clone()))>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Copy href=format!("/statforms/new?copy={id}")>
                {tr!(lang, "Копировать", "Copy")}
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=format!("/files/statforms/{id}.xml")>
                "XML"
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=format!("/files/statforms/{id}.pdf")>
                "PDF"
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Print href=format!("/statforms/{id}/print")>
                {tr!(lang, "Печатная форма", "Printable form")}
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::History href=format!("/statforms/{id}/history")>
                {tr!(lang, "История версий", "Version history")}
            </LinkButton>
        </PageHead>
        <p class="row">
            <Badge>{move || head.with(|head| head.state.name(lang.get()))}</Badge>
            <span>{due}</span>
            <span class="muted">{expires}</span>
        </p>
        <div class="editor-bar">
            <SaveStatus editing/>
            <Button kind=ButtonKind::Secondary on_click=save>{tr!(lang, "Сохранить", "Save")}</Button>
        </div>
        {move || {
            head.with(|head| head.replaces.clone())
                .map(|number| {
                    view! {
                        <Alert tone=Tone::Accent>
                            <p>
                                {tr!(
                                    lang,
                                    "Эта форма аннулирует и заменит форму {number}.",
                                    "This form annuls and replaces form {number}.",
                                    number = number
                                )}
                            </p>
                        </Alert>
                    }
                })
        }}
    }
}

/// The sections with their remarks: an outline on a wide screen, steps on a phone.
#[component]
fn Outline() -> impl IntoView {
    let form = super::form::use_form();
    let lang = use_lang();
    let steps = Signal::derive(move || {
        let lines = form.editing.items(&super::goods::list());
        form.checks.with(|checks| {
            let wrong: Vec<Section> = checks
                .in_order(&lines)
                .filter(|remark| remark.level == edoc::remark::Level::Error)
                .map(|remark| form.editing.with_draft(|draft| Section::of(draft, &remark.path)))
                .collect();
            let strict = form.strict.get();
            Section::ALL
                .into_iter()
                .map(|section| Step {
                    label: section.name(lang.get()).to_owned(),
                    state: match wrong.contains(&section) {
                        true if strict => StepState::Wrong,
                        true => StepState::Todo,
                        false => StepState::Done,
                    },
                })
                .collect::<Vec<_>>()
        })
    });
    // Choosing a step brings its section into sight, on every screen.
    Effect::new(move |before: Option<usize>| {
        let step = form.step.get();
        if before.is_some_and(|before| before != step)
            && let Some(section) = Section::ALL.get(step)
            && let Some(element) = document().get_element_by_id(section.id())
        {
            element.scroll_into_view();
        }
        step
    });
    view! {
        <Steps label=tr!(lang, "Разделы формы", "Sections of the form") steps current=form.step/>
    }
}

/// «Назад» and «Далее» between steps, for phones.
#[component]
fn StepButtons() -> impl IntoView {
    let form = super::form::use_form();
    let lang = use_lang();
    let last = Section::ALL.len() - 1;
    view! {
        <div class="step-buttons">
            <Button
                disabled=Signal::derive(move || form.step.get() == 0)
                on_click=move |_| form.step.update(|step| *step = step.saturating_sub(1))
            >
                {tr!(lang, "Назад", "Back")}
            </Button>
            <Button
                kind=ButtonKind::Primary
                disabled=Signal::derive(move || form.step.get() >= last)
                on_click=move |_| form.step.update(|step| *step = (*step + 1).min(last))
            >
                {tr!(lang, "Далее", "Next")}
            </Button>
        </div>
    }
}
