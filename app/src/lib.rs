//! What people see: pages, components, and the server functions behind them. The same code renders
//! on the server (feature `ssr`) and wakes up in the browser (feature `hydrate`); never both.

#![recursion_limit = "256"]

pub mod context;
pub mod error;
pub mod error_page;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod ui;
mod version;

use domain::lang::Lang;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use error_page::NotFound;
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
    let lang = use_lang();
    let name = move || lang.get().pick(TITLE_RU, TITLE_EN);
    view! {
        <Title formatter=move |title: String| {
            if title.is_empty() { name().to_owned() } else { format!("{title} — {}", name()) }
        }/>
        <Router>
            <SkipLink/>
            <main id="main" class="page" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/help") view=NotFound ssr=SsrMode::Async/>
                </Routes>
            </main>
            <ToastHost/>
        </Router>
    }
}

/// The language of this page: the reader's on the server, the document's in the browser.
fn page_lang() -> Lang {
    #[cfg(feature = "ssr")]
    return use_context::<context::Reader>().unwrap_or_default().lang;
    #[cfg(not(feature = "ssr"))]
    ui::i18n::document_lang()
}
