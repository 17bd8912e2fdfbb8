//! What is wrong with a form, in one place.

use leptos::html;
use leptos::prelude::*;

use super::i18n::{count, use_lang};
use super::icons::{Icon, IconName};
use super::tabs::focus;
use crate::tr;

/// One error and the field where it is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryItem {
    /// Id of the control; empty when the error belongs to no field.
    pub field: String,
    pub text: String,
}

impl SummaryItem {
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { field: field.into(), text: text.into() }
    }
}

/// The errors of a form after an attempt to send it. It takes the focus when errors appear, and
/// again at each further `attempt`; its links go to the fields.
#[component]
pub fn ErrorSummary(
    #[prop(into)] errors: Signal<Vec<SummaryItem>>,
    /// Unique on the page.
    #[prop(default = "error-summary".into(), into)]
    id: String,
    /// Grows with each attempt.
    #[prop(optional, into)]
    attempt: Signal<u32>,
    /// What to do instead of following the link, given the id of the field: to open the tab or
    /// the step in which it stands.
    #[prop(optional, into)]
    on_jump: Option<Callback<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<html::Div>::new();
    let has_errors = Memo::new(move |_| errors.with(|errors| !errors.is_empty()));
    Effect::new(move |_| {
        attempt.track();
        if has_errors.get()
            && let Some(summary) = node.get()
        {
            focus(&summary);
        }
    });
    let jump = move |event: leptos::ev::MouseEvent, field: &str| {
        if let Some(on_jump) = on_jump {
            event.prevent_default();
            on_jump.run(field.to_owned());
        } else if let Some(control) = document().get_element_by_id(field) {
            event.prevent_default();
            control.scroll_into_view();
            focus(&control);
        }
    };
    let rows = move || {
        errors
            .get()
            .into_iter()
            .map(|item| {
                if item.field.is_empty() {
                    return view! { <li>{item.text}</li> }.into_any();
                }
                let field = item.field.clone();
                view! {
                    <li>
                        <a href=format!("#{}", item.field) on:click=move |event| jump(event, &field)>
                            {item.text}
                        </a>
                    </li>
                }
                .into_any()
            })
            .collect_view()
    };
    let title = move || {
        let total = errors.with(Vec::len) as u64;
        let errors = count(lang, total, ["ошибка", "ошибки", "ошибок"], ["error", "errors"]);
        tr!(lang, "В форме {errors}", "The form has {errors}", errors = errors)
    };
    let title_id = format!("{id}-title");
    view! {
        <div
            class="alert error-summary"
            id=id
            data-tone="danger"
            node_ref=node
            role="group"
            aria-labelledby=title_id
            tabindex="-1"
            hidden=move || !has_errors.get()
        >
            <Icon name=IconName::Error />
            <div class="alert-body">
                <h2 class="alert-title" id=title_id.clone()>
                    {title}
                </h2>
                <ul>{rows}</ul>
            </div>
        </div>
    }
}
