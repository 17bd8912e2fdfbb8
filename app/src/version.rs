//! A page that is older than the server says so once, and offers to load anew.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;

/// Compares the build that the server speaks for with the page's own.
///
/// Called with the data of the event `version` of `/api/events`, or with the header
/// `X-App-Version` of an answer. The page goes on with its old code until its reader agrees.
#[cfg(feature = "hydrate")]
pub fn seen(found: &str) {
    use std::cell::Cell;

    use crate::{
        tr,
        ui::{Tone, i18n::document_lang, toast::toast_with},
    };

    thread_local! {
        static TOLD: Cell<bool> = const { Cell::new(false) };
    }
    if found.is_empty() || own().is_none_or(|own| own == found) || TOLD.replace(true) {
        return;
    }
    let lang = document_lang();
    toast_with(
        Tone::Accent,
        tr!(
            lang,
            "Кабинет обновился. Обновите страницу, введённое сохранено.",
            "The cabinet was updated. Reload the page; what you entered is kept."
        ),
        tr!(lang, "Обновить страницу", "Reload the page"),
        Callback::new(|()| {
            if let Err(error) = window().location().reload() {
                leptos::logging::error!("the page cannot be loaded anew: {error:?}");
            }
        }),
    );
}

/// The server has no page of another build.
#[cfg(not(feature = "hydrate"))]
pub fn seen(_found: &str) {}

/// The build of this page.
#[cfg(feature = "hydrate")]
fn own() -> Option<String> {
    document()
        .query_selector("meta[name=app-version]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
}
