//! The bar at the top of every page.

use domain::{
    catalogue,
    lang::Lang,
    view::session::{Role, Who},
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{api::Language, bell::Bell, live, use_who};
use crate::{
    catalogue::use_marks,
    tr,
    ui::{Emblem, Icon, IconName, Menu, use_lang},
};

/// Emblem, services, the company, notices, help, and the person.
#[component]
pub fn Header() -> impl IntoView {
    let who = use_who();
    live::listen();
    let lang = use_lang();
    view! {
        <header class="site-header">
            <div class="site-header-in">
                <div class="row">
                    <a class="brand" href="/" aria-label=tr!(lang, "На главную", "Home")>
                        <Emblem/>
                        <span>{tr!(lang, "Личный кабинет участника ВЭД", "Foreign trade cabinet")}</span>
                    </a>
                    <Show when=move || who.with(is_in_a_cabinet)>
                        <ServicesMenu/>
                    </Show>
                </div>
                <Show
                    when=move || who.with(is_open)
                    fallback=|| view! { <LanguageSwitch/> }
                >
                    <ReaderNav/>
                </Show>
            </div>
        </header>
    }
}

fn is_open(who: &Option<Who>) -> bool {
    who.as_ref().is_some_and(|who| !who.locked)
}

fn is_in_a_cabinet(who: &Option<Who>) -> bool {
    who.as_ref().is_some_and(|who| !who.locked && who.role.is_some())
}

/// The four squares: favourites, recently used, and all services.
#[component]
fn ServicesMenu() -> impl IntoView {
    let lang = use_lang();
    let marks = use_marks();
    let lists = move || {
        let marks = marks.get()?.ok()?;
        Some(view! {
            <ServiceLinks title=tr!(lang, "Избранное", "Favourites") codes=marks.favourites/>
            <ServiceLinks title=tr!(lang, "Недавние", "Recently used") codes=marks.recent/>
        })
    };
    view! {
        <Menu
            id="services-menu"
            label=tr!(lang, "Сервисы", "Services").to_owned()
            icon=IconName::Squares
            icon_only=true
        >
            <nav aria-label=tr!(lang, "Сервисы", "Services")>
                <Suspense>{lists}</Suspense>
                <ul>
                    <li>
                        <a href="/services">
                            <Icon name=IconName::Squares/>
                            {tr!(lang, "Все сервисы", "All services")}
                        </a>
                    </li>
                </ul>
            </nav>
        </Menu>
    }
}

#[component]
fn ServiceLinks(title: &'static str, codes: Vec<String>) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let services: Vec<_> = codes.iter().filter_map(|code| catalogue::find(code)).collect();
    (!services.is_empty()).then(|| {
        view! {
            <p class="menu-title">{title}</p>
            <ul>
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
        }
    })
}

#[component]
fn ReaderNav() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let role = Memo::new(move |_| who.with(|who| who.as_ref().and_then(|who| who.role.clone())));
    view! {
        <nav class="site-nav" aria-label=tr!(lang, "Кабинет", "Cabinet")>
            {move || role.get().map(|role| view! { <CompanyLink role/> })}
            <Bell/>
            <Menu
                id="help-menu"
                label=tr!(lang, "Помощь", "Help").to_owned()
                icon=IconName::Question
                icon_only=true
                align_end=true
            >
                <ul>
                    <li>
                        <a href="/help">
                            <Icon name=IconName::Info/>
                            {tr!(lang, "Справка", "Help")}
                        </a>
                    </li>
                    <li>
                        <a href="/services/support-requests">
                            <Icon name=IconName::Question/>
                            {tr!(lang, "Техническая поддержка", "Technical support")}
                        </a>
                    </li>
                </ul>
            </Menu>
            <PersonMenu/>
        </nav>
    }
    .into_any()
}

/// The name of the cabinet entered; it leads to its profile.
#[component]
fn CompanyLink(role: Role) -> impl IntoView {
    let title = role.name.clone();
    view! {
        <a class="company-link" href="/company" title=title>
            {role.name}
        </a>
    }
}

#[component]
fn PersonMenu() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let name = Signal::derive(move || {
        who.with(|who| who.as_ref().map(|who| who.name.full()).unwrap_or_default())
    });
    let several = move || who.with(|who| who.as_ref().is_some_and(|who| who.roles > 1));
    view! {
        <Menu id="person-menu" label=name icon=IconName::Person icon_only=true align_end=true>
            <p class="menu-title">{move || name.get()}</p>
            <ul>
                <Show when=several>
                    <li>
                        <a href="/sign-in/role">
                            <Icon name=IconName::Building/>
                            {tr!(lang, "Выбор способа входа", "Choose a cabinet")}
                        </a>
                    </li>
                </Show>
                <li>
                    <a href="/profile">
                        <Icon name=IconName::Person/>
                        {tr!(lang, "Профиль", "Profile")}
                    </a>
                </li>
                <li>
                    <form method="post" action="/sign-out">
                        <button type="submit">
                            <Icon name=IconName::Exit/>
                            {tr!(lang, "Выход", "Sign out")}
                        </button>
                    </form>
                </li>
            </ul>
        </Menu>
    }
    .into_any()
}

/// The other language, for a reader whose choice no profile keeps yet.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let (other, name) = match use_lang().get_untracked() {
        Lang::Ru => (Lang::En, "English"),
        Lang::En => (Lang::Ru, "Русский"),
    };
    view! {
        <form method="post" action=Language::url()>
            <input type="hidden" name="lang" value=other.tag()/>
            <button class="button" data-kind="quiet" type="submit" lang=other.tag()>
                <Icon name=IconName::Globe/>
                <span class="button-text">{name}</span>
            </button>
        </form>
    }
    .into_any()
}
