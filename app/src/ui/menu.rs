//! A button that opens a small panel of links and actions.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icons::{Icon, IconName};

/// A disclosure on the browser's own `<details>`, so it opens before the client has loaded. With
/// the client it also closes on Escape, on a press elsewhere, when the focus leaves, and when
/// something in it was chosen. Put a `<ul>` of links and buttons inside.
#[component]
pub fn Menu(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// Name of the button: shown unless there is only an icon.
    #[prop(into)]
    label: Signal<String>,
    #[prop(optional, into)] icon: Option<IconName>,
    /// Only the icon is shown; the label is its name.
    #[prop(optional)]
    icon_only: bool,
    /// Without the small arrow beside the text.
    #[prop(optional)]
    plain: bool,
    /// The panel's end is under the button's end; else its start under the start.
    #[prop(optional)]
    align_end: bool,
    /// A mark on the button: a count of unread notices.
    #[prop(optional, into)]
    mark: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move |give_back: bool| {
        let Some(details) = node.get_untracked() else { return };
        if details.open() {
            details.set_open(false);
            if give_back && let Some(summary) = details.first_element_child() {
                super::tabs::focus(&summary);
            }
        }
    };
    let is_inside = move |target: Option<web_sys::EventTarget>| {
        let target = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        node.get_untracked().is_some_and(|details| details.contains(target.as_ref()))
    };
    Effect::new(move |_| {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            if !is_inside(event.target()) {
                close(false);
            }
        });
        on_cleanup(move || pressed.remove());
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close(true);
        }
    };
    let on_focusout = move |event: ev::FocusEvent| {
        if event.related_target().is_some() && !is_inside(event.related_target()) {
            close(false);
        }
    };
    let on_click = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let chosen = target.is_some_and(|target| {
            matches!(target.closest(".menu-panel a, .menu-panel button"), Ok(Some(_)))
        });
        if chosen {
            close(false);
        }
    };
    view! {
        <details
            class="menu"
            node_ref=node
            id=id
            data-align=align_end.then_some("end")
            on:keydown=on_key
            on:focusout=on_focusout
            on:click=on_click
        >
            <summary
                class="button"
                data-kind="quiet"
                data-icon-only=icon_only.then_some("")
                aria-label=move || icon_only.then(|| label.get())
                title=move || icon_only.then(|| label.get())
            >
                {icon.map(|name| view! { <Icon name /> })}
                {(!icon_only)
                    .then(|| view! { <span class="button-text">{move || label.get()}</span> })}
                {mark.map(|mark| mark.run())}
                {(!icon_only && !plain).then(|| view! { <Icon name=IconName::ChevronDown /> })}
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
}
