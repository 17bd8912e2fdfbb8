//! A labelled field and the plain controls that stand in it.

use leptos::context::Provider;
use leptos::html;
use leptos::prelude::*;

use super::i18n::use_lang;
use crate::tr;

/// What a control learns from the [`Field`] around it.
#[derive(Clone)]
pub struct FieldContext {
    pub id: Oco<'static, str>,
    /// Ids of the hint and the error.
    pub described_by: Oco<'static, str>,
    pub invalid: Signal<bool>,
    pub required: bool,
}

/// The attributes that tie a control to its field; a control outside a field has its own id.
#[derive(Clone)]
pub(super) struct Tie {
    pub id: Option<Oco<'static, str>>,
    pub described_by: Option<Oco<'static, str>>,
    pub invalid: Signal<bool>,
    pub required: bool,
}

impl Tie {
    pub(super) fn find(id: Option<String>) -> Self {
        let id = id.filter(|id| !id.is_empty());
        match use_context::<FieldContext>() {
            Some(field) => Self {
                id: Some(id.map_or(field.id, Oco::from)),
                described_by: Some(field.described_by),
                invalid: field.invalid,
                required: field.required,
            },
            None => Self {
                id: id.map(Oco::from),
                described_by: None,
                invalid: Signal::stored(false),
                required: false,
            },
        }
    }

    pub(super) fn aria_invalid(&self) -> impl Fn() -> Option<&'static str> + Clone + use<> {
        let invalid = self.invalid;
        move || invalid.get().then_some("true")
    }
}

/// A label, a hint, an error and the control between them.
#[component]
pub fn Field(
    /// Id of the control, unique on the page.
    #[prop(into)]
    id: Oco<'static, str>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    /// What is wrong and what would be right; empty when all is well.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// A remark that does not hinder sending.
    #[prop(optional, into)]
    warning: MaybeProp<String>,
    #[prop(optional)] required: bool,
    /// Number of the graph of the paper form.
    #[prop(optional, into)]
    graph: Option<Oco<'static, str>>,
    /// How wide the field may grow: `short`, `medium`, `full`.
    #[prop(optional)]
    width: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let context = FieldContext {
        id: id.clone(),
        described_by: Oco::from(format!("{hint_id} {error_id}")),
        invalid: Signal::derive(move || error.with(|error| error.is_some())),
        required,
    };
    let remark = move || error.get().or_else(|| warning.get());
    let tone = move || {
        if error.with(|error| error.is_some()) {
            Some("error")
        } else {
            warning.with(|warning| warning.is_some()).then_some("warning")
        }
    };
    view! {
        <div class="field" data-tone=tone data-width=width>
            <label class="field-label" for=id>
                {graph
                    .map(|graph| {
                        view! {
                            <span class="graph" title=tr!(lang, "Графа", "Graph")>
                                <span class="visually-hidden">{tr!(lang, "Графа ", "Graph ")}</span>
                                {graph}
                            </span>
                        }
                    })}
                <span>{move || label.get()}</span>
                {required
                    .then(|| {
                        view! {
                            <span class="required" aria-hidden="true">
                                "*"
                            </span>
                        }
                    })}
            </label>
            <Provider value=context>{children()}</Provider>
            <p class="field-remark" id=error_id hidden=move || remark().is_none()>
                {remark}
            </p>
            <p class="field-hint" id=hint_id hidden=move || hint.with(|hint| hint.is_none())>
                {move || hint.get()}
            </p>
        </div>
    }
}

/// Keeps an element's text and a signal together without moving the caret, and hands on what was
/// typed before the client came to life.
pub(super) fn bind_input(
    node: NodeRef<html::Input>,
    value: Signal<String>,
    on_input: Option<Callback<String>>,
) {
    Effect::new(move |first: Option<()>| {
        let Some(input) = node.get() else { return };
        let wanted = value.get();
        let shown = input.value();
        if shown == wanted {
            return;
        }
        let typed_early = first.is_none() && shown != input.default_value();
        match on_input {
            Some(on_input) if typed_early => on_input.run(shown),
            _ => input.set_value(&wanted),
        }
    });
}

/// One line of text.
#[component]
pub fn TextInput(
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    /// Each change, as typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// The text when the field is left.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
    #[prop(default = "text")] type_: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    /// Id of a control outside a [`Field`].
    #[prop(optional, into)]
    id: Option<String>,
    /// Name of a control that has no visible label, as in the cell of a table.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let tie = Tie::find(id);
    let node = NodeRef::<html::Input>::new();
    bind_input(node, value, on_input);
    view! {
        <input
            class="input"
            node_ref=node
            id=tie.id.clone()
            type=type_
            name=name
            value=value.get_untracked()
            inputmode=inputmode
            autocomplete=autocomplete
            maxlength=maxlength.map(|n| n.to_string())
            placeholder=placeholder
            disabled=move || disabled.get()
            readonly=move || readonly.get()
            required=tie.required
            aria-label=label
            aria-invalid=tie.aria_invalid()
            aria-describedby=tie.described_by.clone()
            on:input=move |event| {
                if let Some(on_input) = on_input {
                    on_input.run(event_target_value(&event));
                }
            }
            on:change=move |event| {
                if let Some(on_change) = on_change {
                    on_change.run(event_target_value(&event));
                }
            }
        />
    }
}

/// Several lines of text. It grows with its content where the browser can.
#[component]
pub fn TextArea(
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let tie = Tie::find(id);
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |first: Option<()>| {
        let Some(area) = node.get() else { return };
        let wanted = value.get();
        let shown = area.value();
        if shown == wanted {
            return;
        }
        let typed_early = first.is_none() && area.default_value().is_ok_and(|text| text != shown);
        match on_input {
            Some(on_input) if typed_early => on_input.run(shown),
            _ => area.set_value(&wanted),
        }
    });
    view! {
        <textarea
            class="input"
            node_ref=node
            id=tie.id.clone()
            name=name
            rows=rows.to_string()
            maxlength=maxlength.map(|n| n.to_string())
            autocomplete="off"
            disabled=move || disabled.get()
            readonly=move || readonly.get()
            required=tie.required
            aria-label=label
            aria-invalid=tie.aria_invalid()
            aria-describedby=tie.described_by.clone()
            on:input=move |event| {
                if let Some(on_input) = on_input {
                    on_input.run(event_target_value(&event));
                }
            }
        >
            {value.get_untracked()}
        </textarea>
    }
}
