//! The reading view of a form that was sent: every graph, what happened, what customs wants.

use domain::{
    date::{format_date, format_moscow},
    lang::Lang,
    state::DocumentState,
    view::document::Frozen,
};
use edoc::tree::Tree;
use leptos::{prelude::*, task::spawn_local};

use super::{
    api as statform,
    facts::{Facts, GraphFacts, facts, of_draft},
    row::{demand_text, state_tone},
};
use crate::{
    document::{api, editing::Editing, note::Note, refusal::Refusal, timeline::Timeline},
    error::ApiError,
    session::use_who,
    signing::{Holder, content, dialog::SignDialog},
    tr,
    ui::{
        Alert, Badge, Button, ButtonKind, Field, IconName, LinkButton, PageHead, Skeleton,
        TextArea, Tone, i18n::use_lang, toast,
    },
};

/// A form that can no longer be edited.
#[component]
pub fn Reading(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let head = editing.head();
    let id = editing.document();
    let content = facts_view(editing);
    let events = Resource::new(
        move || head.with(|head| (head.version, head.state)),
        move |_| api::events(id),
    );
    let may_replace = Memo::new(move |_| head.with(|head| head.state.is_registered()));
    let refused = Memo::new(move |_| head.with(|head| head.state == DocumentState::Refused));
    let reopen = ServerAction::<api::Reopen>::new();
    let replace = ServerAction::<statform::Replace>::new();
    let copy = ServerAction::<statform::Copy>::new();
    let hidden = move || view! { <input type="hidden" name="document" value=id.to_string()/> };
    let row = |label: &'static str, value: String| {
        (!value.is_empty()).then(|| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    view! {
        <PageHead title=Signal::derive(move || head.with(|head| head.title.clone()))>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=format!("/files/statforms/{id}.xml")>
                {tr!(lang, "Скачать XML", "Download XML")}
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=format!("/files/statforms/{id}.pdf")>
                {tr!(lang, "Скачать PDF", "Download PDF")}
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::Print href=format!("/statforms/{id}/print")>
                {tr!(lang, "Печатная форма", "Printable form")}
            </LinkButton>
            <LinkButton kind=ButtonKind::Quiet icon=IconName::History href=format!("/statforms/{id}/history")>
                {tr!(lang, "История версий", "Version history")}
            </LinkButton>
        </PageHead>
        {move || {
            let head = head.get();
            {
                let late = head.late.then(|| {
                    view! {
                        <span class="late">
                            <span class="late-mark" aria-hidden="true">"!"</span>
                            {tr!(lang, "Срок нарушен", "The deadline was missed")}
                        </span>
                    }
                });
                view! {
                    <p class="row" role="status">
                        <Badge tone=state_tone(head.state)>{head.state.name(lang.get())}</Badge>
                        {late}
                    </p>
                    <dl class="facts">
                        {row(
                            tr!(lang, "Регистрационный номер", "Registration number"),
                            head.number.clone().unwrap_or_default(),
                        )}
                        {row(
                            tr!(lang, "Подана", "Filed"),
                            head.filed.map(format_moscow).unwrap_or_default(),
                        )}
                        {row(tr!(lang, "Срок подачи", "Due"), head.due.map(format_date).unwrap_or_default())}
                        {row(
                            tr!(lang, "Заменяет форму", "Replaces"),
                            head.replaces.clone().unwrap_or_default(),
                        )}
                    </dl>
                    {head
                        .replaced_by
                        .map(|by| {
                            view! {
                                <p>
                                    <a href=format!("/statforms/{by}")>
                                        {tr!(lang, "Заменена другой формой", "Replaced by another form")}
                                    </a>
                                </p>
                            }
                        })}
                }
            }
        }}
        <Demand editing/>
        {move || {
            refused
                .get()
                .then(|| {
                    view! {
                        <Alert
                            tone=Tone::Danger
                            title=tr!(lang, "Таможня отказала в регистрации", "Customs refused to register the form")
                        >
                            <p>
                                {tr!(
                                    lang,
                                    "Замечания — в событиях ниже. Исправьте форму и отправьте снова.",
                                    "The remarks are among the events below. Correct the form and send it again."
                                )}
                            </p>
                            <ActionForm action=reopen>
                                {hidden()}
                                <Button kind=ButtonKind::Primary type_="submit" busy=reopen.pending()>
                                    {tr!(lang, "Исправить", "Correct")}
                                </Button>
                            </ActionForm>
                        </Alert>
                    }
                })
        }}
        <div class="actions">
            <ActionForm action=copy>
                {hidden()}
                <Button type_="submit" icon=IconName::Copy busy=copy.pending()>
                    {tr!(lang, "Копировать", "Copy")}
                </Button>
            </ActionForm>
            <Show when=move || may_replace.get()>
                <ActionForm action=replace>
                    {hidden()}
                    <Button type_="submit" busy=replace.pending()>
                        {tr!(lang, "Аннулировать и заменить", "Annul and replace")}
                    </Button>
                </ActionForm>
            </Show>
        </div>
        <section class="stack" aria-labelledby="events-title">
            <h2 id="events-title">{tr!(lang, "События", "Events")}</h2>
            <Transition fallback=move || view! { <Skeleton/> }>
                {move || Suspend::new(async move {
                    match events.await {
                        Ok(events) => view! { <Timeline events/> }.into_any(),
                        Err(error) => view! { <Refusal error/> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        {content}
    }
}

/// The answer to customs, as it stands in the bytes that will be signed.
fn explanation_view(bytes: &[u8], lang: Lang) -> Option<AnyView> {
    let root = content::parse(bytes)?;
    let text = |local: &str| root.child(local).and_then(|found| found.text()).map(str::to_owned);
    let (number, text) = (text("RegNum")?, text("Text")?);
    let view = view! {
        <p>{tr!(lang, "Пояснения к форме {number}", "Explanations to form {number}", number = number)}</p>
        <p class="explanation">{text}</p>
    };
    Some(view.into_any())
}

/// The form, as it stands in the bytes that will be signed.
pub fn signed_view(bytes: &[u8], lang: Lang) -> Option<AnyView> {
    let root = content::parse(bytes)?;
    let kind = super::schema::form()?.kind().clone();
    let found = facts(&Tree { kind, root }, lang);
    Some(form_view(found, lang, "signed").into_any())
}

/// Every graph of the form.
fn facts_view(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let facts = editing.with_draft(|draft| of_draft(draft, lang.get_untracked()));
    view! {
        <section class="stack" aria-labelledby="form-title">
            <h2 id="form-title">{tr!(lang, "Форма", "The form")}</h2>
            {form_view(facts, lang.get_untracked(), "goods")}
        </section>
    }
}

/// Graphs of the header and of each line; `prefix` begins the ids of the lines.
fn form_view(facts: Facts, lang: Lang, prefix: &'static str) -> impl IntoView {
    let lines = facts
        .lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            view! {
                <section class="card" aria-labelledby=format!("{prefix}-{at}")>
                    <h3 id=format!("{prefix}-{at}")>{tr!(lang, "Товар {n}", "Goods {n}", n = at + 1)}</h3>
                    {graphs_view(line)}
                </section>
            }
        })
        .collect_view();
    view! {
        {graphs_view(facts.head)}
        <h2>{tr!(lang, "Товары", "Goods")}</h2>
        {lines}
    }
}

/// Graphs as a list of terms.
pub fn graphs_view(graphs: Vec<GraphFacts>) -> impl IntoView {
    let rows = graphs
        .into_iter()
        .map(|graph| {
            let facts = graph
                .facts
                .into_iter()
                .map(|fact| {
                    view! {
                        <p>
                            <span class="muted">{format!("{}: ", fact.label)}</span>
                            {fact.value}
                        </p>
                    }
                })
                .collect_view();
            view! {
                <div>
                    <dt>
                        <span class="graph">{graph.number}</span>
                        " "
                        {graph.title}
                    </dt>
                    <dd>{facts}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="graphs">{rows}</dl> }
}

/// What customs demands, and the answer.
#[component]
fn Demand(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let head = editing.head();
    let who = use_who();
    let note = Note::open(editing, "explanation");
    let text = note.text();
    let frozen = RwSignal::new(None::<Frozen>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let demand = Memo::new(move |_| {
        head.with(|head| head.demand.clone().map(|demand| (head.state, demand)))
    });
    let holder = move || {
        who.get().and_then(|who| {
            let participant = who.role.as_ref()?.participant;
            Some(Holder { person: who.person, participant })
        })
    };
    let explain = move |_| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match statform::explain(editing.document(), text.get_untracked()).await {
                Ok(content) => frozen.set(Some(content)),
                Err(ApiError(error)) => failure.set(Some(error.text(lang.get_untracked()))),
            }
            busy.set(false);
        });
    };
    let sent = Callback::new(move |head| {
        editing.took_head(head);
        note.set(String::new());
        toast(Tone::Success, tr!(lang, "Пояснения отправлены", "The explanations were sent"));
    });
    let may_sign = editing.can_sign;
    view! {
        {move || {
            demand
                .get()
                .map(|(state, demand)| {
                    let tone = if state == DocumentState::UnderControl { Tone::Danger } else { Tone::Warning };
                    let answered = demand.answered.map(|at| {
                        tr!(lang, "Ответ отправлен {at}.", "Answered on {at}.", at = format_moscow(at))
                    });
                    let waits = demand.answered.is_none()
                        && matches!(state, DocumentState::ExplanationsRequired | DocumentState::UnderControl);
                    view! {
                        <Alert tone title=demand_text(state, &demand, lang.get())>
                            <p>{demand.text.clone()}</p>
                            <p class="muted">
                                {tr!(lang, "Требование от {at}.", "Demanded on {at}.", at = format_moscow(demand.since))}
                                " "
                                {answered}
                            </p>
                            {waits
                                .then(|| {
                                    view! {
                                        <section id="explain" class="stack" tabindex="-1">
                                            <Field
                                                id="explanation"
                                                label=tr!(lang, "Пояснения для таможни", "Explanations for customs")
                                                hint=tr!(lang, "До 10 000 знаков. Ответ подписывается и отправляется, как форма.", "Up to 10 000 characters. The answer is signed and sent like the form.")
                                                required=true
                                            >
                                                <TextArea
                                                    value=text
                                                    on_input=Callback::new(move |typed| note.set(typed))
                                                    rows=6
                                                    maxlength=10_000
                                                    disabled=!may_sign
                                                />
                                            </Field>
                                            <p class="quiet">
                                                {move || {
                                                    note.is_kept()
                                                        .get()
                                                        .then(|| {
                                                            tr!(
                                                                lang,
                                                                "Сохранено на этом устройстве",
                                                                "Saved on this device"
                                                            )
                                                        })
                                                }}
                                            </p>
                                            <Button
                                                kind=ButtonKind::Primary
                                                icon=IconName::Sign
                                                busy
                                                disabled=Signal::derive(move || {
                                                    !may_sign || text.with(|text| text.trim().is_empty())
                                                })
                                                on_click=explain
                                            >
                                                {tr!(lang, "Подписать и отправить ответ", "Sign and send the answer")}
                                            </Button>
                                        </section>
                                    }
                                })}
                        </Alert>
                    }
                })
        }}
        {move || failure.get().map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })}
        {move || holder().map(|holder| view! { <SignDialog frozen holder content=explanation_view on_sent=sent/> })}
    }
}
