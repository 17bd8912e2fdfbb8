//! Buttons, and links that look like them.

use leptos::{ev::MouseEvent, prelude::*};

use super::icons::{Icon, IconName};

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of a page or a dialog.
    Primary,
    #[default]
    Secondary,
    /// Without a border: actions in rows and tool bars.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button. Attributes go straight to the element; what a press does is `on_click`, as handlers
/// spread onto a component are added again at each rendering (ADR 6).
///
/// While `busy` it keeps the focus, shows that work goes on and does nothing when pressed.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(default = "button")] type_: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] icon: Option<IconName>,
    /// The name of a button that shows an icon only.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
    /// Empty for a button that shows an icon only.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon_only = children.is_none();
    view! {
        <button
            class="button"
            data-kind=kind.name()
            data-icon-only=icon_only.then_some("")
            type=type_
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            aria-label=move || label.get()
            title=move || icon_only.then(|| label.get()).flatten()
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                } else if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {icon.map(|name| view! { <Icon name /> })}
            {children.map(|children| view! { <span class="button-text">{children()}</span> })}
        </button>
    }
}

/// A link with the look of a button, for going somewhere.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<IconName>,
    /// The browser loads the address itself: files, sign-in, other sites.
    #[prop(optional)]
    external: bool,
    /// The name of a link that shows an icon only.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let icon_only = children.is_none();
    view! {
        <a
            class="button"
            data-kind=kind.name()
            data-icon-only=icon_only.then_some("")
            href=move || href.get()
            rel=external.then_some("external")
            aria-label=move || label.get()
            title=move || icon_only.then(|| label.get()).flatten()
        >
            {icon.map(|name| view! { <Icon name /> })}
            {children.map(|children| view! { <span class="button-text">{children()}</span> })}
        </a>
    }
}
