//! All notices of the reader.

use domain::view::{Page, notice::Notice};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    Line,
    api::{self, Read, ReadAll},
};
use crate::{
    error_page::Refused,
    session::{WhoContext, use_news},
    tr,
    ui::{
        Button, ButtonKind, EmptyState, IconName, PageHead, PageTitle, Pagination, Skeleton,
        use_lang,
    },
};

#[component]
pub fn NoticesPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let news = use_news();
    let read = ServerAction::<Read>::new();
    let read_all = ServerAction::<ReadAll>::new();
    let page = Memo::new(move |_| {
        query.with(|query| query.get("page")).and_then(|page| page.parse().ok()).unwrap_or(1)
    });
    let notices = Resource::new(
        move || {
            let arrived = news.with(|news| news.as_ref().map(|notice| notice.id));
            (page.get(), arrived, read.version().get(), read_all.version().get())
        },
        |(page, ..)| api::list(page),
    );
    // The bell counts along.
    let who = use_context::<WhoContext>();
    let set_unread = move |unread| {
        if let Some(WhoContext(who)) = who {
            who.update(|who| {
                if let Some(who) = who {
                    who.unread = unread;
                }
            });
        }
    };
    Effect::new(move |_| {
        if let Some(Ok(unread)) = read.value().get() {
            set_unread(unread);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = read_all.value().get() {
            set_unread(0);
        }
    });
    let list = move || {
        notices.get().map(|found| match found {
            Ok(found) => view! { <NoticeList found read/> }.into_any(),
            Err(error) => view! { <Refused error/> }.into_any(),
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Уведомления", "Notices")/>
        <PageHead title=tr!(lang, "Уведомления", "Notices").to_owned()>
            <ActionForm action=read_all>
                <Button type_="submit" busy=read_all.pending()>
                    {tr!(lang, "Отметить все прочитанными", "Mark all as read")}
                </Button>
            </ActionForm>
        </PageHead>
        <Transition fallback=|| view! { <Skeleton lines=6/> }>{list}</Transition>
    }
}

#[component]
fn NoticeList(found: Page<Notice>, read: ServerAction<Read>) -> impl IntoView {
    let lang = use_lang();
    if found.rows.is_empty() {
        return view! {
            <EmptyState icon=IconName::Bell title=tr!(lang, "Уведомлений пока нет", "No notices yet").to_owned()>
                <p>
                    {tr!(
                        lang,
                        "Здесь появятся решения таможни, сроки и входы с других устройств.",
                        "Decisions of customs, deadlines and sign-ins on other devices will appear here."
                    )}
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let (page, pages) = (found.page, found.pages());
    let rows = found
        .rows
        .into_iter()
        .map(|notice| {
            let (id, unread) = (notice.id, !notice.read);
            view! {
                <li>
                    <div class="list-main">
                        <Line notice/>
                    </div>
                    {unread
                        .then(|| {
                            view! {
                                <ActionForm action=read>
                                    <input type="hidden" name="notice" value=id.to_string()/>
                                    <Button kind=ButtonKind::Quiet type_="submit">
                                        {tr!(lang, "Прочитано", "Mark as read")}
                                    </Button>
                                </ActionForm>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="card">
            <ul class="list">{rows}</ul>
        </div>
        <Pagination page pages href=|page| format!("/notices?page={page}")/>
    }
    .into_any()
}
