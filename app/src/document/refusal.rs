//! A refusal in the place of what was asked for: the cause, the remedy, and how to name it to
//! support.

use leptos::prelude::*;

use crate::{
    error::ApiError,
    tr,
    ui::{Alert, Tone, i18n::use_lang},
};

/// Shows why something cannot be shown, and gives the page the matching HTTP status.
#[component]
pub fn Refusal(error: ApiError) -> impl IntoView {
    let lang = use_lang();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    let ApiError(error) = error;
    view! {
        <Alert tone=Tone::Danger title=error.cause_text(lang.get_untracked()) live=true>
            <p>{error.remedy_text(lang.get_untracked())}</p>
            {error
                .request_id
                .map(|id| {
                    view! {
                        <p class="quiet">
                            {tr!(lang, "Номер обращения: ", "Request number: ")} <code>{id}</code>
                        </p>
                    }
                })}
        </Alert>
    }
}
