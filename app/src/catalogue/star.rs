//! The star that marks a favourite service.

use domain::catalogue::Service;
use leptos::prelude::*;

use super::marks::use_marks_context;
use crate::{
    tr,
    ui::{Icon, IconName, use_lang},
};

/// A form of one button: «Добавить в избранное» or «Убрать из избранного».
#[component]
pub fn Star(
    service: &'static Service,
    /// The service is a favourite.
    lit: bool,
    /// Words beside the star.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let lang = use_lang();
    let action = use_marks_context().favourite_set;
    // What was just asked for is shown before the server answers.
    let lit = Signal::derive(move || {
        let asked = action.input().with(|input| {
            input.as_ref().filter(|input| input.service == service.code).map(|input| input.on)
        });
        asked.unwrap_or(lit)
    });
    let words = move || {
        if lit.get() {
            tr!(lang, "Убрать из избранного", "Remove from favourites")
        } else {
            tr!(lang, "Добавить в избранное", "Add to favourites")
        }
    };
    let name = service.name.get(lang.get_untracked());
    let label = move || (!wide).then(|| format!("{}: {name}", words()));
    view! {
        <ActionForm action=action>
            <input type="hidden" name="service" value=service.code/>
            <input type="hidden" name="on" value=move || (!lit.get()).to_string()/>
            <button
                class=if wide { "button" } else { "star" }
                data-kind=wide.then_some("secondary")
                type="submit"
                aria-label=label
                title=move || (!wide).then(words)
            >
                {move || view! { <Icon name=IconName::Star filled=lit.get()/> }}
                {wide.then(|| view! { <span class="button-text">{words}</span> })}
            </button>
        </ActionForm>
    }
}
