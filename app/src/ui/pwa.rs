//! The installable side of the cabinet: the service worker and new versions of the client.

/// Registers the service worker of this build. When the worker of another build appears, the page
/// is older than the server and says so through [`crate::version_seen`]; it is never changed
/// unasked, what one works on stays as it is.
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
    use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

    /// The build that this page came from: `<meta name="app-version">`.
    fn own_build() -> Option<String> {
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

    /// Lets the worker of this very build take over, because the page came with it; the worker of
    /// another build means that the page itself is old.
    fn consider(registration: &ServiceWorkerRegistration, own: &str) {
        let Some(waiting) = registration.waiting() else { return };
        let script = waiting.script_url();
        let build = script.rsplit_once("build=").map_or("", |(_, build)| build);
        if build != own {
            crate::version_seen(build);
        } else if let Err(error) = waiting.post_message(&JsValue::from_str("update")) {
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
}
