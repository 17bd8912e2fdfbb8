//! Marks and messages that say how things stand.

use leptos::prelude::*;

use super::icons::{Icon, IconName};

/// What a colour means; words say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    /// Information, work in progress.
    Accent,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    pub const fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Accent => IconName::Info,
            Self::Success => IconName::Check,
            Self::Warning => IconName::Warning,
            Self::Danger => IconName::Error,
        }
    }
}

/// A short mark: a state, a count.
#[component]
pub fn Badge(
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional, into)] icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().name()>
            {icon.map(|name| view! { <Icon name /> })}
            {children()}
        </span>
    }
}

/// A message within the page: what happened, why, and what to do. `live` makes screen readers read
/// it when it appears.
#[component]
pub fn Alert(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] live: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = live.then_some(if tone == Tone::Danger { "alert" } else { "status" });
    view! {
        <div class="alert" data-tone=tone.name() role=role>
            <Icon name=tone.icon() />
            <div class="alert-body">
                {title.map(|title| view! { <p class="alert-title">{title}</p> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}
