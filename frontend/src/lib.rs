//! The WebAssembly entry point: it wakes up the page that the server rendered.

#![recursion_limit = "256"]

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Attaches the application to the document. Called once by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_body(app::App);
    app::ui::pwa::register();
    // Effects run after the tree is attached: from here on every control answers.
    Effect::new(|_| {
        if let Some(html) = document().document_element()
            && let Err(error) = html.set_attribute("data-hydrated", "true")
        {
            leptos::logging::error!("the document cannot be marked: {error:?}");
        }
    });
}
