//! The page of one service: «Начать работу», or why it is not available; help, links, news.

use domain::{
    catalogue::{Availability, Service, availability, find},
    date::format_date,
    view::{catalogue::Marks, session::Role},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{Star, marks::use_marks_context, use_marks};
use crate::{
    error_page::NotFound,
    session::use_who,
    tr,
    ui::{
        Alert, Breadcrumbs, Button, ButtonKind, Crumb, IconName, LinkButton, PageHead, PageTitle,
        Skeleton, Tone, use_lang,
    },
};

#[component]
pub fn ServicePage() -> impl IntoView {
    let params = use_params_map();
    let service = Memo::new(move |_| {
        params
            .with(|params| params.get("code"))
            .and_then(|code| find(&code))
            .map(|found| found.code)
    });
    move || match service.get().and_then(find) {
        Some(service) => view! { <Page service/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn Page(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let who = use_who();
    let marks = use_marks();
    let role = Memo::new(move |_| who.with(|who| who.as_ref().and_then(|who| who.role.clone())));
    let name = service.name.get(lang);
    let crumbs = vec![
        Crumb::link(tr!(lang, "Все сервисы", "All services"), "/services"),
        Crumb::link(service.group.name(lang), format!("/services#{}", service.group.id())),
        Crumb::here(name),
    ];
    let body = move || {
        marks.get().map(|marks| {
            let marks = marks.unwrap_or_default();
            view! { <Entrance service role=role.get() marks/> }
        })
    };
    view! {
        <PageTitle text=name/>
        <Breadcrumbs items=crumbs/>
        <PageHead title=name.to_owned() lead=service.about.get(lang).to_owned()/>
        <div class="aside-layout">
            <div class="stack">
                <Transition fallback=|| view! { <Skeleton lines=3/> }>{body}</Transition>
                <Help service/>
            </div>
            <aside class="stack">
                <News service/>
                <Links service/>
                <Documents service/>
            </aside>
        </div>
    }
}

/// The way into the service, or why there is none.
#[component]
fn Entrance(service: &'static Service, role: Option<Role>, marks: Marks) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let start = use_marks_context().start;
    let lit = marks.favourites.iter().any(|code| code == service.code);
    let found = availability(service, role.as_ref(), &marks.missing);
    let state = match &found {
        Availability::Open(limits) => {
            let limits = limits
                .iter()
                .map(|limit| {
                    let text = limit.text(lang);
                    view! { <Alert tone=Tone::Warning><p>{text}</p></Alert> }
                })
                .collect_view();
            view! { {limits} }.into_any()
        }
        closed => {
            let remedy = closed.remedy(lang).unwrap_or_default();
            let remedy = match closed.remedy_href() {
                Some(href) => view! { <a href=href>{remedy}</a> }.into_any(),
                None => remedy.into_any(),
            };
            view! {
                <Alert tone=Tone::Accent title=closed.why(lang).unwrap_or_default()>
                    <p>{remedy}</p>
                </Alert>
            }
            .into_any()
        }
    };
    view! {
        {state}
        <div class="actions">
            {found
                .is_open()
                .then(|| {
                    view! {
                        <ActionForm action=start>
                            <input type="hidden" name="service" value=service.code/>
                            <Button kind=ButtonKind::Primary type_="submit" busy=start.pending()>
                                {tr!(lang, "Начать работу", "Start")}
                            </Button>
                        </ActionForm>
                    }
                })}
            {role.is_some().then(|| view! { <Star service lit wide=true/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Help(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let lines = service.help.iter().map(|line| view! { <li>{line.get(lang)}</li> }).collect_view();
    view! {
        <section class="card" aria-labelledby="service-help">
            <h2 id="service-help">{tr!(lang, "Справка", "Help")}</h2>
            {if service.help.is_empty() {
                view! {
                    <p class="muted">
                        {tr!(
                            lang,
                            "Подробная справка появится вместе с сервисом. Вопрос можно задать технической поддержке.",
                            "Detailed help will come with the service. Questions may be put to technical support."
                        )}
                    </p>
                }
                .into_any()
            } else {
                view! { <ul class="stack" data-gap="small">{lines}</ul> }.into_any()
            }}
            <div class="actions">
                <LinkButton
                    href="/services/support-requests".to_owned()
                    kind=ButtonKind::Quiet
                    icon=IconName::Question
                >
                    {tr!(lang, "Техническая поддержка", "Technical support")}
                </LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn News(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    view! {
        <section class="card" aria-labelledby="service-news">
            <h2 id="service-news">{tr!(lang, "Новости", "News")}</h2>
            {if service.news.is_empty() {
                view! { <p class="muted">{tr!(lang, "Новостей нет.", "No news.")}</p> }.into_any()
            } else {
                let items = service
                    .news
                    .iter()
                    .map(|news| {
                        view! {
                            <li>
                                <time class="small muted" datetime=news.date.to_string()>
                                    {format_date(news.date)}
                                </time>
                                <p>{news.text.get(lang)}</p>
                            </li>
                        }
                    })
                    .collect_view();
                view! { <ul class="stack" data-gap="small">{items}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Links(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    (!service.links.is_empty()).then(|| {
        let items = service
            .links
            .iter()
            .map(|link| {
                view! {
                    <li>
                        <a href=link.href rel="external noopener">
                            {link.title.get(lang)}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="service-links">
                <h2 id="service-links">{tr!(lang, "Ссылки", "Links")}</h2>
                <ul class="stack" data-gap="small">{items}</ul>
            </section>
        }
    })
}

/// The documents of the album that stand behind the service.
#[component]
fn Documents(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    (!service.kinds.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="service-documents">
                <h2 id="service-documents">
                    {tr!(lang, "Документы альбома форматов", "Documents of the album of formats")}
                </h2>
                <p>{service.kinds.join(", ")}</p>
            </section>
        }
    })
}
