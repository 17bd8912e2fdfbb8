//! Choosing among given values: lists, check boxes, radio buttons.

use leptos::html;
use leptos::prelude::*;

use super::field::Tie;

/// A value that may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A second, quieter line.
    pub detail: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), detail: None }
    }

    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A native list of options.
#[component]
pub fn Select(
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    /// Text of the option that stands for nothing chosen.
    #[prop(optional, into)]
    empty: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let tie = Tie::find(id);
    let node = NodeRef::<html::Select>::new();
    // The options are written before the value is set, whichever of them has changed.
    Effect::new(move |_| {
        options.track();
        let wanted = value.get();
        if let Some(select) = node.get()
            && select.value() != wanted
        {
            select.set_value(&wanted);
        }
    });
    let empty = StoredValue::new(empty);
    let list = move || {
        let chosen = value.get_untracked();
        let blank = empty.get_value().map(|text| {
            let selected = chosen.is_empty();
            view! { <option value="" selected=selected>{text}</option> }
        });
        let rows = options
            .get()
            .into_iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                view! { <option value=choice.value selected=selected>{choice.label}</option> }
            })
            .collect_view();
        (blank, rows)
    };
    view! {
        <span class="select">
            <select
                class="input"
                node_ref=node
                id=tie.id.clone()
                name=name
                disabled=move || disabled.get()
                required=tie.required
                aria-label=label
                aria-invalid=tie.aria_invalid()
                aria-describedby=tie.described_by.clone()
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_value(&event));
                    }
                }
            >
                {list}
            </select>
        </span>
    }
}

/// A check box with its text.
#[component]
pub fn Checkbox(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] name: Option<String>,
    /// What a form sends when it is checked.
    #[prop(default = "true".into(), into)]
    value: String,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] on_change: Option<Callback<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                name=name
                value=value
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_checked(&event));
                    }
                }
            />
            <span class="choice-text">
                {move || label.get()} {hint.map(|hint| view! { <small>{hint}</small> })}
            </span>
        </label>
    }
}

/// Radio buttons under a common legend.
#[component]
pub fn RadioGroup(
    /// Name of the group, unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] legend: Signal<String>,
    options: Vec<Choice>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Side by side where there is room.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let rows = options
        .into_iter()
        .map(|choice| {
            let mine = StoredValue::new(choice.value.clone());
            let is_chosen = move || mine.with_value(|mine| value.with(|value| value == mine));
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=name.clone()
                        value=choice.value
                        checked=untrack(is_chosen)
                        prop:checked=is_chosen
                        disabled=move || disabled.get()
                        on:change=move |_| {
                            if let Some(on_change) = on_change {
                                on_change.run(mine.get_value());
                            }
                        }
                    />
                    <span class="choice-text">
                        {choice.label}
                        {choice.detail.map(|detail| view! { <small>{detail}</small> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="radio-group" data-inline=inline.then_some("")>
            <legend class="field-label">{move || legend.get()}</legend>
            <div class="radio-options">{rows}</div>
        </fieldset>
    }
}
