//! A service in a list.

use domain::catalogue::{Availability, Service};
use leptos::prelude::*;

use super::Star;
use crate::ui::{Badge, Tone, use_lang};

/// Name, what it is for, whether it can be used, and the star.
#[component]
pub fn ServiceCard(
    service: &'static Service,
    availability: Availability,
    /// The service is a favourite; `None` where nothing can be marked.
    #[prop(optional_no_strip)]
    favourite: Option<bool>,
) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let badge = availability.badge(lang);
    let tone = match availability {
        Availability::Open(_) | Availability::Coming => Tone::Accent,
        Availability::NotForCategory(_) => Tone::Neutral,
        Availability::NoCabinet | Availability::NoRight(_) | Availability::Missing(_) => {
            Tone::Warning
        }
    };
    view! {
        <li class="service-card" data-availability=state(&availability)>
            <h3 class="service-name">
                <a href=format!("/services/{}", service.code)>{service.name.get(lang)}</a>
            </h3>
            {favourite.map(|lit| view! { <Star service lit/> })}
            <p class="service-about">{service.about.get(lang)}</p>
            {badge.map(|badge| view! { <Badge tone>{badge}</Badge> })}
        </li>
    }
    .into_any()
}

/// The availability as the style sheet knows it.
fn state(availability: &Availability) -> &'static str {
    match availability {
        Availability::Open(_) => "open",
        Availability::Coming => "coming",
        Availability::NoCabinet => "no-cabinet",
        Availability::NotForCategory(_) => "other-category",
        Availability::NoRight(_) => "no-right",
        Availability::Missing(_) => "missing",
    }
}
