//! Tabs within a page, tabs that are links, and the steps of a long form.

use leptos::html;
use leptos::prelude::*;

use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// One tab: a key that never changes and a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub key: &'static str,
    pub label: String,
}

impl Tab {
    pub fn new(key: &'static str, label: impl Into<String>) -> Self {
        Self { key, label: label.into() }
    }
}

/// A row of tabs. Arrow keys, Home and End move between them; the panels are [`TabPanel`]s with
/// the same `id`.
#[component]
pub fn Tabs(
    /// Unique on the page.
    #[prop(into)]
    id: Oco<'static, str>,
    #[prop(into)] label: String,
    tabs: Vec<Tab>,
    /// Key of the tab that is shown.
    active: RwSignal<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let keys = StoredValue::new(tabs.iter().map(|tab| tab.key).collect::<Vec<_>>());
    let go = move |index: usize| {
        let Some(key) = keys.with_value(|keys| keys.get(index).copied()) else { return };
        active.set(key);
        if let Some(tab) = node.get_untracked().and_then(|row| row.children().item(index as u32)) {
            focus(&tab);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let total = keys.with_value(Vec::len);
        let now = active.get_untracked();
        let at = keys.with_value(|keys| keys.iter().position(|key| *key == now)).unwrap_or(0);
        let target = match event.key().as_str() {
            "ArrowRight" => (at + 1) % total,
            "ArrowLeft" => (at + total - 1) % total,
            "Home" => 0,
            "End" => total - 1,
            _ => return,
        };
        event.prevent_default();
        go(target);
    };
    let row = tabs
        .into_iter()
        .map(|tab| {
            let key = tab.key;
            let is_active = move || active.get() == key;
            view! {
                <button
                    class="tab"
                    type="button"
                    role="tab"
                    id=format!("{id}-tab-{key}")
                    aria-controls=format!("{id}-panel-{key}")
                    aria-selected=move || if is_active() { "true" } else { "false" }
                    tabindex=move || if is_active() { "0" } else { "-1" }
                    on:click=move |_| active.set(key)
                >
                    {tab.label}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tabs" node_ref=node role="tablist" aria-label=label on:keydown=on_key>
            {row}
        </div>
    }
}

/// What belongs to one tab of [`Tabs`].
#[component]
pub fn TabPanel(
    /// The `id` of the tabs.
    #[prop(into)]
    id: Oco<'static, str>,
    key: &'static str,
    active: RwSignal<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="tab-panel"
            role="tabpanel"
            id=format!("{id}-panel-{key}")
            aria-labelledby=format!("{id}-tab-{key}")
            tabindex="0"
            hidden=move || active.get() != key
        >
            {children()}
        </div>
    }
}

/// A tab that leads to another address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavTab {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// Tabs that are links; they work before the client has loaded.
#[component]
pub fn NavTabs(#[prop(into)] label: String, tabs: Vec<NavTab>) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            {tabs
                .into_iter()
                .map(|tab| {
                    view! {
                        <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                            {tab.label}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// One step of a long form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub state: StepState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    #[default]
    Todo,
    Done,
    /// Something in it must be mended.
    Wrong,
}

/// The steps of a long form; any of them may be gone to at any time.
#[component]
pub fn Steps(
    #[prop(into)] label: String,
    #[prop(into)] steps: Signal<Vec<Step>>,
    /// Number of the step that is shown, from 0.
    current: RwSignal<usize>,
) -> impl IntoView {
    let lang = use_lang();
    let row = move || {
        steps
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, step)| {
                let (state, mark, note) = match step.state {
                    StepState::Todo => ("todo", None, ""),
                    StepState::Done => {
                        ("done", Some(IconName::Check), tr!(lang, " — заполнено", " — filled in"))
                    }
                    StepState::Wrong => (
                        "wrong",
                        Some(IconName::Error),
                        tr!(lang, " — есть ошибки", " — has errors"),
                    ),
                };
                view! {
                    <li>
                        <button
                            class="step"
                            type="button"
                            data-state=state
                            aria-current=move || (current.get() == index).then_some("step")
                            on:click=move |_| current.set(index)
                        >
                            <span class="step-mark">
                                {match mark {
                                    Some(name) => view! { <Icon name /> }.into_any(),
                                    None => (index + 1).into_any(),
                                }}
                            </span>
                            <span class="step-text">
                                {step.label} <span class="visually-hidden">{note}</span>
                            </span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <nav class="steps" aria-label=label>
            <ol>{row}</ol>
        </nav>
    }
}

/// Moves the focus to an element, if it can take it.
pub fn focus(element: &web_sys::Element) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // An element that has just gone cannot be focused: then there is nothing to move to.
        drop(element.focus());
    }
}
