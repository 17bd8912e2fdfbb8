//! The installable side of the cabinet: the service worker and its new versions.

/// Registers `/sw.js` and, when a newer version of the cabinet waits, offers to switch to it. The
/// page is never changed unasked: an old page with a new worker would lose its assets.
///
/// Called once by the client's entry after hydration. Where service workers are missing (private
/// windows, plain HTTP) nothing happens: the cabinet works without.
#[cfg(feature = "hydrate")]
pub fn register() {
    client::register();
}

#[cfg(feature = "hydrate")]
mod client {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
    };

    use crate::tr;
    use crate::ui::badge::Tone;
    use crate::ui::i18n::document_lang;
    use crate::ui::toast::toast_with;

    pub fn register() {
        // The property is missing where the browser does not allow workers.
        let navigator = window().navigator();
        if !js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false) {
            return;
        }
        let container = navigator.service_worker();
        spawn_local(async move {
            match JsFuture::from(container.register("/sw.js")).await {
                Ok(registration) => watch(&container, &registration.unchecked_into()),
                Err(error) => leptos::logging::warn!("the service worker is refused: {error:?}"),
            }
        });
    }

    /// Offers a worker that waits already, and each that gets installed later.
    fn watch(container: &ServiceWorkerContainer, registration: &ServiceWorkerRegistration) {
        // The very first worker is no update: nobody controls the page yet.
        if container.controller().is_none() {
            return;
        }
        if let Some(waiting) = registration.waiting() {
            offer(container, &waiting);
        }
        let (container, owner) = (container.clone(), registration.clone());
        let found = Closure::<dyn Fn()>::new(move || {
            let Some(worker) = owner.installing() else { return };
            let (container, installing) = (container.clone(), worker.clone());
            let changed = Closure::<dyn Fn()>::new(move || {
                if installing.state() == ServiceWorkerState::Installed {
                    offer(&container, &installing);
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        });
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget();
    }

    fn offer(container: &ServiceWorkerContainer, waiting: &ServiceWorker) {
        let lang = document_lang();
        let (container, waiting) =
            (send_wrapper(container.clone()), send_wrapper(waiting.clone()));
        let switch = Callback::new(move |()| {
            // The page loads anew once the new worker has taken over.
            let reload = Closure::once_into_js(|| drop(window().location().reload()));
            container.set_oncontrollerchange(Some(reload.unchecked_ref()));
            if let Err(error) = waiting.post_message(&JsValue::from_str("update")) {
                leptos::logging::error!("the service worker does not listen: {error:?}");
            }
        });
        toast_with(
            Tone::Accent,
            tr!(lang, "Доступна новая версия кабинета", "A new version of the cabinet is available"),
            tr!(lang, "Обновить", "Update"),
            switch,
        );
    }

    fn send_wrapper<T>(value: T) -> send_wrapper::SendWrapper<T> {
        send_wrapper::SendWrapper::new(value)
    }
}
