//! A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape and
//! gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// A dialog that is shown while `open` is true. Actions go last, in a `<footer class="actions">`.
#[component]
pub fn Dialog(
    /// Id of the dialog, unique on the page; the title is `{id}-title`.
    #[prop(into)]
    id: String,
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// Room for tables and comparisons.
    #[prop(optional)]
    wide: bool,
    /// Neither Escape nor a cross closes it: one of its actions must be taken.
    #[prop(optional)]
    persistent: bool,
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                if let Err(error) = dialog.show_modal() {
                    leptos::logging::error!("the dialog cannot open: {error:?}");
                }
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    view! {
        <dialog
            class="dialog"
            node_ref=node
            id=id
            data-wide=wide.then_some("")
            aria-labelledby=title_id
            on:cancel=move |event: leptos::ev::Event| {
                if persistent {
                    event.prevent_default();
                }
            }
            on:close=move |_| open.set(false)
        >
            <header class="dialog-head">
                <h2 id=title_id.clone()>{move || title.get()}</h2>
                {(!persistent)
                    .then(|| {
                        view! {
                            <button
                                class="button"
                                data-kind="quiet"
                                data-icon-only=""
                                type="button"
                                aria-label=tr!(lang, "Закрыть", "Close")
                                on:click=move |_| open.set(false)
                            >
                                <Icon name=IconName::Close />
                            </button>
                        }
                    })}
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
