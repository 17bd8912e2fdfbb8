//! What pages are put together from.

use leptos::prelude::*;

use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// The link that leads keyboard users past the header, to `<main id="main">`.
#[component]
pub fn SkipLink() -> impl IntoView {
    let lang = use_lang();
    view! {
        <a class="skip-link" href="#main" rel="external">
            {tr!(lang, "К содержанию", "Skip to content")}
        </a>
    }
}

/// One step of the way to a page; the page itself has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

impl Crumb {
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// Where the page stands.
#[component]
pub fn Breadcrumbs(items: Vec<Crumb>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <nav class="breadcrumbs" aria-label=tr!(lang, "Вы здесь", "You are here")>
            <ol>
                {items
                    .into_iter()
                    .map(|crumb| match crumb.href {
                        Some(href) => {
                            view! {
                                <li>
                                    <a href=href>{crumb.label}</a>
                                </li>
                            }
                                .into_any()
                        }
                        None => view! { <li aria-current="page">{crumb.label}</li> }.into_any(),
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}

/// The heading of a page, with what can be done on it. It holds the page's only `<h1>`.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    /// A line under the title.
    #[prop(optional, into)]
    lead: MaybeProp<String>,
    /// Actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div>
                <h1>{move || title.get()}</h1>
                <p class="lead" hidden=move || lead.with(|lead| lead.is_none())>
                    {move || lead.get()}
                </p>
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

/// What stands where a list has nothing to show: why, and what to do.
#[component]
pub fn EmptyState(
    #[prop(default = IconName::File)] icon: IconName,
    #[prop(into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon />
            <p class="empty-title">{title}</p>
            {children.map(|children| view! { <div class="empty-body">{children()}</div> })}
        </div>
    }
}

/// A sign that work goes on; the label says which.
#[component]
pub fn Spinner(#[prop(optional, into)] label: Option<String>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <span class="spinner" role="status">
            <span class="spinner-wheel" aria-hidden="true"></span>
            <span>{label.unwrap_or_else(|| tr!(lang, "Загрузка…", "Loading…").to_owned())}</span>
        </span>
    }
}

/// The outline of a text that is on its way.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let lang = use_lang();
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{tr!(lang, "Загрузка…", "Loading…")}</span>
            {(0..lines).map(|_| view! { <span aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}

/// How much of something is done.
#[component]
pub fn Progress(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] total: Signal<u64>,
) -> impl IntoView {
    view! {
        <label class="progress">
            <span>{move || label.get()}</span>
            <progress
                value=move || done.get().to_string()
                max=move || total.get().max(1).to_string()
            ></progress>
            <span class="progress-count">{move || format!("{} / {}", done.get(), total.get())}</span>
        </label>
    }
}
