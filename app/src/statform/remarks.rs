//! The panel of remarks: errors and warnings apart, each with its graph, cause and remedy, and a
//! way to the field.

use edoc::{
    path::Path,
    remark::{Level, Remark},
};
use leptos::prelude::*;

use super::{form::use_form, goods, owned, place};
use crate::{
    tr,
    ui::{
        Badge, Button, ButtonKind, EmptyState, Icon, IconName, Progress, Tone, count,
        i18n::use_lang,
    },
};

/// Remarks that are shown at once, and that each «Показать ещё» adds.
const MOST: usize = 100;

/// How complete the form is and how many remarks it has.
#[component]
pub fn Completeness() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let filled = Memo::new(move |_| form.checks.with(|checks| checks.filled));
    view! {
        <Progress
            label=Signal::derive(move || tr!(lang, "Заполнено обязательных полей", "Required fields filled in").to_owned())
            done=Signal::derive(move || filled.get().0 as u64)
            total=Signal::derive(move || filled.get().1 as u64)
        />
        <RemarkCounts/>
    }
}

/// Badges with the numbers of errors and warnings.
#[component]
pub fn RemarkCounts() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let counts = Memo::new(move |_| form.checks.with(super::checks::Checks::count));
    view! {
        <p class="counts">
            {move || {
                let (errors, warnings) = counts.get();
                (errors > 0)
                    .then(|| {
                        view! {
                            <Badge tone=Tone::Danger icon=IconName::Error>
                                {count(lang, errors as u64, ["ошибка", "ошибки", "ошибок"], ["error", "errors"])}
                            </Badge>
                        }
                    })
                    .into_iter()
                    .chain(
                        (warnings > 0)
                            .then(|| {
                                view! {
                                    <Badge tone=Tone::Warning icon=IconName::Warning>
                                        {count(
                                            lang,
                                            warnings as u64,
                                            ["предупреждение", "предупреждения", "предупреждений"],
                                            ["warning", "warnings"],
                                        )}
                                    </Badge>
                                }
                            }),
                    )
                    .collect_view()
            }}
        </p>
    }
}

/// The remarks themselves.
#[component]
pub fn RemarksPanel() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let of_level = move |level: Level| {
        Memo::new(move |_| {
            let lines = form.editing.items(&goods::list());
            form.checks.with(|checks| {
                checks
                    .in_order(&lines)
                    .filter(|remark| remark.level == level)
                    .map(|remark| (line_number(remark, &lines), remark.clone()))
                    .collect::<Vec<_>>()
            })
        })
    };
    let errors = of_level(Level::Error);
    let warnings = of_level(Level::Warning);
    let of_customs = Memo::new(move |_| {
        let lines = form.editing.items(&goods::list());
        let numbered = |remark: Remark| (line_number(&remark, &lines), remark);
        form.refusal.get().into_iter().map(numbered).collect::<Vec<_>>()
    });
    let clean = move || errors.with(Vec::is_empty) && warnings.with(Vec::is_empty);
    view! {
        <section class="stack" aria-labelledby="remarks-title">
            <h3 id="remarks-title">{tr!(lang, "Замечания", "Remarks")}</h3>
            <Completeness/>
            {move || {
                clean()
                    .then(|| {
                        view! {
                            <EmptyState
                                icon=IconName::Check
                                title=tr!(lang, "Замечаний нет — форму можно отправлять", "No remarks: the form may be sent")
                            />
                        }
                    })
            }}
            <RemarkList title=tr!(lang, "Замечания таможни: форме отказано", "Customs refused the form") remarks=of_customs/>
            <RemarkList title=tr!(lang, "Ошибки: отправить нельзя", "Errors: the form cannot be sent") remarks=errors/>
            <RemarkList title=tr!(lang, "Предупреждения: проверьте", "Warnings: please check") remarks=warnings/>
        </section>
    }
}

#[component]
fn RemarkList(
    #[prop(into)] title: String,
    remarks: Memo<Vec<(Option<usize>, Remark)>>,
) -> impl IntoView {
    let lang = use_lang();
    let title = StoredValue::new(title);
    let limit = RwSignal::new(MOST);
    let rest = move || remarks.with(Vec::len).saturating_sub(limit.get());
    view! {
        <Show when=move || remarks.with(|remarks| !remarks.is_empty())>
            <h4>{title.get_value()}</h4>
            <ul class="remarks">
                {move || {
                    remarks
                        .get()
                        .into_iter()
                        .take(limit.get())
                        .map(|(line, remark)| view! { <RemarkRow line remark/> })
                        .collect_view()
                }}
            </ul>
            {move || {
                (rest() > 0)
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_click=move |_| limit.update(|limit| *limit += MOST)>
                                {tr!(lang, "Показать ещё {n}", "Show {n} more", n = rest().min(MOST))}
                            </Button>
                        }
                    })
            }}
        </Show>
    }
}

#[component]
fn RemarkRow(line: Option<usize>, remark: Remark) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let (tone, icon) = match remark.level {
        Level::Error => ("danger", IconName::Error),
        Level::Warning => ("warning", IconName::Warning),
    };
    let mut place = Vec::new();
    if let Some(graph) = &remark.graph {
        place.push(tr!(lang, "Графа {n}", "Graph {n}", n = graph));
    }
    if let Some(line) = line {
        place.push(tr!(lang, "товар {n}", "goods {n}", n = line));
    }
    let path: Path = remark.path.clone();
    view! {
        <li>
            <a
                class="remark"
                data-tone=tone
                href=format!("#{}", form.editing.with_draft(|draft| owned::control_id(draft, &path)))
                on:click=move |event| {
                    event.prevent_default();
                    form.jump(&path);
                }
            >
                <Icon name=icon/>
                <span class="remark-cause">
                    {(!place.is_empty()).then(|| format!("{}. ", place.join(", ")))}
                    {remark.text(lang.get_untracked())}
                </span>
                <span class="remark-remedy">{remark.remedy(lang.get_untracked())}</span>
            </a>
        </li>
    }
}

/// The number of the line that a remark belongs to, from 1.
fn line_number(remark: &Remark, lines: &[edoc::patch::ItemId]) -> Option<usize> {
    let item = place::line_of(&remark.path)?;
    lines.iter().position(|line| *line == item).map(|at| at + 1)
}
