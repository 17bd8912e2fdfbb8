//! The title of a page.

use leptos::{prelude::*, text_prop::TextProp};
use leptos_meta::Title;

/// Sets the document's title, which the cabinet's name follows. Pages use this one, never
/// `leptos_meta`'s own: that asks for the text when the page is written out, and then the signals
/// of the page may be gone from the thread. Here the server takes the text at once.
#[component]
pub fn PageTitle(#[prop(into)] text: TextProp) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let text = untrack(|| text.get().to_string());
    view! { <Title text/> }
}
