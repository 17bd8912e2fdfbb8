//! The first page of a cabinet: what waits for the reader, his drafts, his services.

use domain::{
    catalogue::{Service, find},
    date::format_date,
    view::notice::{Todo, TodoKind},
};
use leptos::prelude::*;

use crate::{
    catalogue::use_marks,
    error::ApiError,
    notice::api,
    session::{use_news, use_who},
    tr,
    ui::{
        Badge, ButtonKind, EmptyState, Icon, IconName, LinkButton, PageHead, PageTitle, Skeleton,
        Tone, count, use_lang,
    },
};

/// How many drafts are shown; the rest are in the lists of their services.
const DRAFTS: usize = 8;

#[component]
pub fn HomePage() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let news = use_news();
    // Customs' answers change what is to do.
    let todos = Resource::new(
        move || news.with(|news| news.as_ref().map(|notice| notice.id)),
        |_| api::todos(),
    );
    let name = move || {
        who.with(|who| who.as_ref().and_then(|who| Some(who.role.as_ref()?.name.clone())))
            .unwrap_or_default()
    };
    let lists = move || {
        todos.get().map(|todos| match todos {
            Ok(todos) => {
                let (drafts, tasks): (Vec<_>, Vec<_>) =
                    todos.into_iter().partition(|todo| todo.kind == TodoKind::FinishDraft);
                view! {
                    <Tasks tasks/>
                    <Drafts drafts/>
                }
                .into_any()
            }
            Err(error) => view! { <Failed error/> }.into_any(),
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Главная", "Home")/>
        <PageHead title=tr!(lang, "Главная", "Home").to_owned() lead=Signal::derive(move || Some(name()))>
            <LinkButton href="/services".to_owned() icon=IconName::Squares>
                {tr!(lang, "Все сервисы", "All services")}
            </LinkButton>
        </PageHead>
        <div class="home-grid">
            <div>
                <Transition fallback=|| view! { <Skeleton lines=6/> }>{lists}</Transition>
            </div>
            <div>
                <Services/>
            </div>
        </div>
    }
}

#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let lang = use_lang().get_untracked();
    view! {
        <section class="card">
            <p>{error.0.text(lang)}</p>
        </section>
    }
}

#[component]
fn Tasks(tasks: Vec<Todo>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="card" aria-labelledby="tasks">
            <h2 id="tasks">{tr!(lang, "Нужно сделать", "To do")}</h2>
            {if tasks.is_empty() {
                view! {
                    <p class="muted">
                        {tr!(lang, "Таможня ничего не ждёт от вас.", "Customs expects nothing from you.")}
                    </p>
                }
                .into_any()
            } else {
                let rows = tasks.into_iter().map(|todo| view! { <TodoLine todo/> }).collect_view();
                view! { <ul class="list">{rows}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Drafts(drafts: Vec<Todo>) -> impl IntoView {
    let lang = use_lang();
    let more = drafts.len() > DRAFTS;
    view! {
        <section class="card" aria-labelledby="drafts">
            <h2 id="drafts">{tr!(lang, "Мои черновики", "My drafts")}</h2>
            {if drafts.is_empty() {
                view! {
                    <EmptyState title=tr!(lang, "Черновиков нет", "No drafts").to_owned()>
                        <p>
                            {tr!(
                                lang,
                                "Выберите сервис и нажмите «Начать работу»: черновик сохранится сам.",
                                "Choose a service and press “Start”: the draft keeps itself."
                            )}
                        </p>
                        <LinkButton href="/services".to_owned() kind=ButtonKind::Primary>
                            {tr!(lang, "Выбрать сервис", "Choose a service")}
                        </LinkButton>
                    </EmptyState>
                }
                .into_any()
            } else {
                let rows = drafts
                    .into_iter()
                    .take(DRAFTS)
                    .map(|todo| view! { <TodoLine todo/> })
                    .collect_view();
                view! { <ul class="list">{rows}</ul> }.into_any()
            }}
            {more
                .then(|| {
                    view! {
                        <p>
                            <a href="/statforms">{tr!(lang, "Все черновики", "All drafts")}</a>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

/// A thing to do, what exactly, and by when.
#[component]
fn TodoLine(todo: Todo) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let (tone, ru, en) = match todo.kind {
        TodoKind::FinishDraft => (Tone::Neutral, "Заполнить и отправить", "Finish and send"),
        TodoKind::GiveExplanations => (Tone::Warning, "Дать пояснения", "Give explanations"),
        TodoKind::CorrectForm => (Tone::Danger, "Исправить: на контроле", "Correct: under control"),
        TodoKind::MendRefused => (Tone::Danger, "Исправить замечания", "Mend the remarks"),
        TodoKind::RenewCertificate => {
            (Tone::Warning, "Обновить сертификат подписи", "Renew the signing certificate")
        }
    };
    view! {
        <li>
            <div class="list-main">
                <a href=todo.link>{todo.title}</a>
                <p class="list-detail">
                    <Badge tone>{lang.pick(ru, en)}</Badge>
                </p>
            </div>
            {todo
                .due
                .map(|due| {
                    let (tone, left) = left(lang, todo.days_left.unwrap_or_default());
                    view! {
                        <p class="due" data-tone=tone.map(Tone::name)>
                            {tr!(lang, "до {due}", "by {due}", due = format_date(due))}
                            <br/>
                            <span class="small">{left}</span>
                        </p>
                    }
                })}
        </li>
    }
    .into_any()
}

/// How many days are left, in words; near and passed deadlines stand out.
fn left(lang: domain::lang::Lang, days: i64) -> (Option<Tone>, String) {
    let number = count(lang, days.unsigned_abs(), ["день", "дня", "дней"], ["day", "days"]);
    match days {
        ..0 => (
            Some(Tone::Danger),
            tr!(lang, "просрочено на {number}", "{number} overdue", number = number),
        ),
        0 => (Some(Tone::Danger), tr!(lang, "сегодня", "today").to_owned()),
        1..=3 => {
            (Some(Tone::Warning), tr!(lang, "осталось {number}", "{number} left", number = number))
        }
        _ => (None, tr!(lang, "осталось {number}", "{number} left", number = number)),
    }
}

/// Favourites and recently used services.
#[component]
fn Services() -> impl IntoView {
    let lang = use_lang();
    let marks = use_marks();
    let lists = move || {
        marks.get().map(|marks| {
            let marks = marks.unwrap_or_default();
            let found = |codes: &[String]| -> Vec<&'static Service> {
                codes.iter().filter_map(|code| find(code)).collect()
            };
            let (favourites, recent) = (found(&marks.favourites), found(&marks.recent));
            view! {
                <ServiceLinks
                    id="favourites"
                    title=tr!(lang, "Избранное", "Favourites")
                    services=favourites
                    empty=tr!(lang, "Отметьте звёздочкой сервисы, которыми пользуетесь часто.", "Mark the services you use often with the star.")
                />
                <ServiceLinks
                    id="recent"
                    title=tr!(lang, "Недавние", "Recently used")
                    services=recent
                    empty=tr!(lang, "Здесь появятся сервисы, с которыми вы работали.", "Services you worked with will appear here.")
                />
            }
        })
    };
    view! { <Transition fallback=|| view! { <Skeleton lines=4/> }>{lists}</Transition> }.into_any()
}

#[component]
fn ServiceLinks(
    id: &'static str,
    title: &'static str,
    services: Vec<&'static Service>,
    /// What stands here while there are none.
    empty: &'static str,
) -> impl IntoView {
    let lang = use_lang().get_untracked();
    view! {
        <section class="card" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {if services.is_empty() {
                view! { <p class="muted">{empty}</p> }.into_any()
            } else {
                let rows = services
                    .into_iter()
                    .map(|service| {
                        view! {
                            <li>
                                <a class="list-main" href=format!("/services/{}", service.code)>
                                    {service.name.get(lang)}
                                </a>
                                <Icon name=IconName::ChevronRight/>
                            </li>
                        }
                    })
                    .collect_view();
                view! { <ul class="list">{rows}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::lang::Lang;

    use super::*;

    #[test]
    fn near_and_passed_deadlines_stand_out_in_words_too() {
        assert_eq!(left(Lang::Ru, -2), (Some(Tone::Danger), "просрочено на 2\u{a0}дня".to_owned()));
        assert_eq!(left(Lang::Ru, 0), (Some(Tone::Danger), "сегодня".to_owned()));
        assert_eq!(left(Lang::En, 1), (Some(Tone::Warning), "1\u{a0}day left".to_owned()));
        assert_eq!(left(Lang::Ru, 11), (None, "осталось 11\u{a0}дней".to_owned()));
    }
}
