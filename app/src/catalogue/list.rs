//! «Все сервисы»: groups, and search as one types.

use domain::{
    catalogue::{Group, Service, availability, in_group, search},
    view::{catalogue::Marks, session::Role},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ServiceCard, use_marks};
use crate::{
    session::use_who,
    tr,
    ui::{Button, EmptyState, Icon, IconName, PageHead, PageTitle, Skeleton, count, use_lang},
};

#[component]
pub fn CataloguePage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let typed = RwSignal::new(query.with_untracked(|query| query.get("q")).unwrap_or_default());
    let who = use_who();
    let role = Memo::new(move |_| who.with(|who| who.as_ref().and_then(|who| who.role.clone())));
    let marks = use_marks();
    let found = Memo::new(move |_| {
        typed.with(|typed| {
            (!typed.trim().is_empty())
                .then(|| search(typed).into_iter().map(|service| service.code).collect::<Vec<_>>())
        })
    });
    let said = move || {
        found.get().map(|found| {
            let services = count(
                lang,
                found.len() as u64,
                ["сервис", "сервиса", "сервисов"],
                ["service", "services"],
            );
            tr!(lang, "Найдено: {services}", "Found: {services}", services = services)
        })
    };
    let list = move || {
        marks.get().map(|marks| {
            let shelf = Shelf { role: role.get(), marks: marks.unwrap_or_default() };
            match found.get() {
                Some(codes) => view! { <Found codes shelf/> }.into_any(),
                None => view! { <AllGroups shelf/> }.into_any(),
            }
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Все сервисы", "All services")/>
        <PageHead title=tr!(lang, "Все сервисы", "All services").to_owned()/>
        <form class="row" role="search" method="get" action="/services">
            <label class="visually-hidden" for="service-search">
                {tr!(lang, "Найти сервис", "Find a service")}
            </label>
            <input
                class="input"
                id="service-search"
                type="search"
                name="q"
                autocomplete="off"
                placeholder=tr!(lang, "Название или о чём сервис", "Name or what the service is about")
                value=typed.get_untracked()
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <Button type_="submit" icon=IconName::Search>
                {tr!(lang, "Найти", "Find")}
            </Button>
        </form>
        <p class="muted small" role="status" aria-live="polite">
            {said}
        </p>
        <Transition fallback=|| view! { <Skeleton lines=8/> }>{list}</Transition>
    }
}

/// What decides how services stand on the page.
#[derive(Clone)]
struct Shelf {
    role: Option<Role>,
    marks: Marks,
}

impl Shelf {
    fn card(&self, service: &'static Service) -> impl IntoView + use<> {
        let availability = availability(service, self.role.as_ref(), &self.marks.missing);
        let lit = self.marks.favourites.iter().any(|code| code == service.code);
        let favourite = self.role.is_some().then_some(lit);
        view! { <ServiceCard service availability favourite/> }
    }
}

#[component]
fn Found(codes: Vec<&'static str>, shelf: Shelf) -> impl IntoView {
    let lang = use_lang();
    if codes.is_empty() {
        return view! {
            <EmptyState icon=IconName::Search title=tr!(lang, "Ничего не найдено", "Nothing found").to_owned()>
                <p>
                    {tr!(
                        lang,
                        "Попробуйте другое слово: «архив», «возврат», «статформа».",
                        "Try another word: “archive”, “refund”, “statform”."
                    )}
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let cards = codes.into_iter().filter_map(domain::catalogue::find);
    view! {
        <h2 class="visually-hidden">{tr!(lang, "Найденные сервисы", "Services found")}</h2>
        <ul class="service-list">{cards.map(|service| shelf.card(service)).collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn AllGroups(shelf: Shelf) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let marked = |codes: &[String]| -> Vec<&'static Service> {
        codes.iter().filter_map(|code| domain::catalogue::find(code)).collect()
    };
    let favourites = marked(&shelf.marks.favourites);
    let recent = marked(&shelf.marks.recent);
    let groups = Group::ALL
        .into_iter()
        .map(|group| {
            let services = in_group(group).collect();
            view! { <Section id=group.id() title=group.name(lang) services shelf=shelf.clone()/> }
        })
        .collect_view();
    view! {
        <div class="service-groups">
            <Section
                id="favourites"
                title=tr!(lang, "Избранное", "Favourites")
                services=favourites
                shelf=shelf.clone()
                star=true
            />
            <RecentLinks services=recent/>
            {groups}
        </div>
    }
    .into_any()
}

/// A heading and its services; nothing when there are none.
#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    services: Vec<&'static Service>,
    shelf: Shelf,
    /// The heading carries a star.
    #[prop(optional)]
    star: bool,
) -> impl IntoView {
    (!services.is_empty()).then(|| {
        view! {
            <section aria-labelledby=id>
                <h2 id=id>
                    {star.then(|| view! { <Icon name=IconName::Star filled=true/> })}
                    {title}
                </h2>
                <ul class="service-list">
                    {services.into_iter().map(|service| shelf.card(service)).collect_view()}
                </ul>
            </section>
        }
    })
}

/// «Недавние»: a line of links.
#[component]
fn RecentLinks(services: Vec<&'static Service>) -> impl IntoView {
    let lang = use_lang().get_untracked();
    (!services.is_empty()).then(|| {
        view! {
            <section aria-labelledby="recent">
                <h2 id="recent">{tr!(lang, "Недавние", "Recently used")}</h2>
                <ul class="row">
                    {services
                        .into_iter()
                        .map(|service| {
                            view! {
                                <li>
                                    <a href=format!("/services/{}", service.code)>
                                        {service.name.get(lang)}
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
