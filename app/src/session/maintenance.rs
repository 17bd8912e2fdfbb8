//! Works on the portal, announced beforehand.

use domain::date::format_moscow;
use leptos::prelude::*;

use crate::{catalogue::api, tr, ui::use_lang};

/// A line above every page while works are announced or under way.
#[component]
pub fn MaintenanceBanner() -> impl IntoView {
    let lang = use_lang();
    let works = Resource::new(|| (), |()| api::maintenance());
    let banner = move || {
        let works = works.get()?.ok()??;
        let (from, to) = (format_moscow(works.starts), format_moscow(works.ends));
        Some(view! {
            <aside class="maintenance" aria-label=tr!(lang, "Работы на портале", "Maintenance")>
                <p>
                    <strong>
                        {tr!(
                            lang,
                            "Технические работы с {from} до {to} (МСК).",
                            "Maintenance from {from} to {to} (Moscow time).",
                            from = from,
                            to = to
                        )}
                    </strong>
                    " "
                    {works.text}
                </p>
            </aside>
        })
    };
    view! { <Suspense>{banner}</Suspense> }
}
