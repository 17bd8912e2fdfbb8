//! The bell: how many notices are unread, and the newest of them.

use leptos::{prelude::*, task::spawn_local};

use super::{use_news, use_who};
use crate::{
    notice::{Line, api},
    tr,
    ui::{IconName, Menu, Spinner, count, use_lang},
};

/// How many of the newest notices the panel shows.
const SHOWN: usize = 6;

#[component]
pub fn Bell() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let news = use_news();
    let unread = Memo::new(move |_| who.with(|who| who.as_ref().map_or(0, |who| who.unread)));
    let label = Signal::derive(move || match unread.get() {
        0 => tr!(lang, "Уведомления", "Notices").to_owned(),
        n => {
            let new = count(
                lang,
                n,
                ["непрочитанное", "непрочитанных", "непрочитанных"],
                ["unread", "unread"],
            );
            tr!(lang, "Уведомления: {new}", "Notices: {new}", new = new)
        }
    });
    let latest = RwSignal::new(None);
    let load = move || {
        spawn_local(async move {
            latest.try_set(Some(api::list(1).await));
        });
    };
    let said = move || {
        news.get().map(|notice| {
            let (subject, _) = domain::notice::wording(&notice.kind, lang.get_untracked());
            tr!(lang, "Новое уведомление. {subject}", "New notice. {subject}", subject = subject)
        })
    };
    let panel = move || match latest.get() {
        None => view! { <Spinner/> }.into_any(),
        Some(Err(error)) => {
            view! { <p class="menu-title">{error.0.text(lang.get_untracked())}</p> }.into_any()
        }
        Some(Ok(page)) if page.rows.is_empty() => view! {
            <p class="menu-title">{tr!(lang, "Уведомлений пока нет", "No notices yet")}</p>
        }
        .into_any(),
        Some(Ok(page)) => {
            let rows = page.rows.into_iter().take(SHOWN);
            view! {
                <ul>{rows.map(|notice| view! { <li><Line notice/></li> }).collect_view()}</ul>
            }
            .into_any()
        }
    };
    view! {
        <div class="bell" on:click=move |_| load()>
            <Menu
                id="bell-menu"
                label
                icon=IconName::Bell
                icon_only=true
                align_end=true
                mark=move || {
                    view! {
                        <span class="count-mark" aria-hidden="true">
                            {move || match unread.get() {
                                0 => String::new(),
                                n if n > 99 => "99+".to_owned(),
                                n => n.to_string(),
                            }}
                        </span>
                    }
                }
            >
                <div class="notice-panel">
                    {panel}
                    <ul>
                        <li>
                            <a href="/notices">{tr!(lang, "Все уведомления", "All notices")}</a>
                        </li>
                    </ul>
                </div>
            </Menu>
            <p class="visually-hidden" role="status" aria-live="polite">
                {said}
            </p>
        </div>
    }
    .into_any()
}
