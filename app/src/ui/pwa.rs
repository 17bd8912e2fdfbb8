//! The installable side of the cabinet: the service worker and new versions of the client.

/// Registers the service worker of this build and offers to switch when a newer build appears.
/// The page is never changed unasked: what one works on stays as it is.
///
/// Called once by the client's entry after hydration. Where service workers are missing (private
/// windows, plain HTTP) nothing happens: the cabinet works without.
#[cfg(feature = "hydrate")]
pub fn register() {
    client::register();
}

/// Offers to load the page anew when the server says that it serves another build than the one
/// this page came from (response header `X-App-Version`).
#[cfg(feature = "hydrate")]
pub fn server_build(build: &str) {
    if client::own_build().is_some_and(|own| own != build) {
        client::offer();
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

    use crate::tr;
    use crate::ui::badge::Tone;
    use crate::ui::i18n::document_lang;
    use crate::ui::toast::toast_with;

    /// The build that this page came from: `<meta name="app-version">`.
    pub fn own_build() -> Option<String> {
        let meta = document().query_selector("meta[name=app-version]").ok().flatten()?;
        meta.get_attribute("content")
    }

    /// The container, where the browser lets this page have one.
    fn container() -> Option<ServiceWorkerContainer> {
        let navigator = window().navigator();
        let has = js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker"));
        has.unwrap_or(false).then(|| navigator.service_worker())
    }

    pub fn register() {
        let (Some(container), Some(build)) = (container(), own_build()) else { return };
        spawn_local(async move {
            match JsFuture::from(container.register(&format!("/sw.js?build={build}"))).await {
                Ok(registration) => watch(&registration.unchecked_into(), &build),
                Err(error) => leptos::logging::warn!("the service worker is refused: {error:?}"),
            }
        });
    }

    /// Takes the worker of this very build into service at once, because the page came with it;
    /// a worker of another build means that the page itself is old.
    fn consider(registration: &ServiceWorkerRegistration, build: &str) {
        let Some(waiting) = registration.waiting() else { return };
        if waiting.script_url().ends_with(&format!("build={build}")) {
            let_in(registration);
        } else {
            offer();
        }
    }

    fn let_in(registration: &ServiceWorkerRegistration) {
        if let Some(waiting) = registration.waiting()
            && let Err(error) = waiting.post_message(&JsValue::from_str("update"))
        {
            leptos::logging::error!("the service worker does not listen: {error:?}");
        }
    }

    fn watch(registration: &ServiceWorkerRegistration, build: &str) {
        consider(registration, build);
        // The closures live as long as the page.
        let (own, build) = (registration.clone(), build.to_owned());
        let found = Closure::<dyn Fn()>::new(move || {
            let Some(worker) = own.installing() else { return };
            let (own, build, installing) = (own.clone(), build.clone(), worker.clone());
            let changed = Closure::<dyn Fn()>::new(move || {
                if installing.state() == ServiceWorkerState::Installed {
                    consider(&own, &build);
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        });
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget();
    }

    /// «Доступна новая версия»: the page loads anew when asked, with the worker that fits it.
    pub fn offer() {
        let lang = document_lang();
        let switch = Callback::new(|()| {
            spawn_local(async {
                if let Some(container) = container()
                    && let Ok(registration) = JsFuture::from(container.get_registration()).await
                    && let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
                {
                    let_in(&registration);
                }
                if let Err(error) = window().location().reload() {
                    leptos::logging::error!("the page cannot load anew: {error:?}");
                }
            });
        });
        toast_with(
            Tone::Accent,
            tr!(lang, "Доступна новая версия кабинета", "A new version of the cabinet is available"),
            tr!(lang, "Обновить", "Update"),
            switch,
        );
    }
}
