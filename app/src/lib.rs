//! What people see: pages, components, and the server functions behind them. The same code renders
//! on the server (feature `ssr`) and wakes up in the browser (feature `hydrate`); never both.

#![recursion_limit = "256"]

pub mod catalogue;
pub mod context;
pub mod document;
pub mod error;
pub mod error_page;
pub mod home;
pub mod notice;
pub mod profile;
pub mod routes;
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod signing;
pub mod statform;
pub mod support;
pub mod tariff;
pub mod ui;
mod version;

use domain::lang::Lang;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    hooks::{use_location, use_navigate},
    path,
};

use catalogue::{CataloguePage, ServicePage, provide_marks};
use document::{courier::Courier, idle::IdleGuard};
use error_page::NotFound;
use home::HomePage;
use notice::NoticesPage;
use profile::{CompanyPage, ProfilePage};
use session::{
    Header, MaintenanceBanner, RolePage, SignInPage, SignatureSignInPage, UnlockedPage,
    provide_who, use_who,
};
use signing::check::SignatureCheckPage;
use statform::{HistoryPage, ListPage, NewPage, PrintPage, StatformPage};
use support::HelpPage;
use ui::{SkipLink, ToastHost, i18n::provide_lang, use_lang};
pub use version::seen as version_seen;

/// The name of the cabinet, after the title of each page.
pub const TITLE_RU: &str = "Личный кабинет участника ВЭД";
pub const TITLE_EN: &str = "Cabinet of a foreign-trade participant";

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_lang(page_lang());
    provide_who();
    provide_marks();
    let lang = use_lang();
    let name = lang.get_untracked().pick(TITLE_RU, TITLE_EN);
    view! {
        <Title formatter=move |title: String| {
            if title.is_empty() { name.to_owned() } else { format!("{title} — {name}") }
        }/>
        <Router>
            <IdleGuard>
                <SkipLink/>
                <Header/>
                <MaintenanceBanner/>
                <main id="main" class="page" tabindex="-1">
                    <Pages/>
                </main>
            </IdleGuard>
            <Detour/>
            <Courier/>
            <ToastHost/>
        </Router>
    }
}

/// Every page is rendered as a whole: its status and its title depend on what it found, and it can
/// be read without JavaScript.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound/> }>
            <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/signature") view=SignatureSignInPage ssr=SsrMode::Async/>
            <Route path=path!("/signature-check") view=SignatureCheckPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/role") view=RolePage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/unlocked") view=UnlockedPage ssr=SsrMode::Async/>
            <Route path=path!("/services") view=CataloguePage ssr=SsrMode::Async/>
            <Route path=path!("/services/:code") view=ServicePage ssr=SsrMode::Async/>
            <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
            <Route path=path!("/company") view=CompanyPage ssr=SsrMode::Async/>
            <Route path=path!("/notices") view=NoticesPage ssr=SsrMode::Async/>
            <Route path=path!("/statforms") view=ListPage ssr=SsrMode::Async/>
            <Route path=path!("/statforms/new") view=NewPage ssr=SsrMode::Async/>
            <Route path=path!("/statforms/:id") view=StatformPage ssr=SsrMode::Async/>
            <Route path=path!("/statforms/:id/history") view=HistoryPage ssr=SsrMode::Async/>
            <Route path=path!("/statforms/:id/print") view=PrintPage ssr=SsrMode::Async/>
            <Route path=path!("/help") view=HelpPage ssr=SsrMode::Async/>
        </Routes>
    }
}

/// Sends on a reader who goes to a page that he cannot use, as the host does when a page is loaded.
///
/// Only going somewhere counts: a page on which the session ends or locks stays as it is.
#[component]
fn Detour() -> impl IntoView {
    let location = use_location();
    let who = use_who();
    let navigate = use_navigate();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            let target = format!("{path}{}", location.search.get_untracked());
            if let Some(detour) = who.with_untracked(|who| routes::detour(&target, who.as_ref())) {
                navigate(&detour, Default::default());
            }
        }
        path
    });
}

/// The language of this page: the reader's on the server, the document's in the browser.
fn page_lang() -> Lang {
    #[cfg(feature = "ssr")]
    return use_context::<context::Reader>().unwrap_or_default().lang;
    #[cfg(not(feature = "ssr"))]
    ui::i18n::document_lang()
}
