//! What answers HTTP requests.

pub mod api;
mod client;
mod cookie;
mod csrf;
mod events;
mod fault;
mod files;
mod headers;
mod health;
mod limits;
pub mod metrics;
pub mod page;
mod request_id;
mod routes;
mod session;
mod sign_in;
mod static_files;

use std::{
    net::IpAddr,
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
};

use ::http::Method;
use app::shell::FrontendAssets;
use axum::{Router, extract::FromRef, middleware::from_fn_with_state};
use backend::{ctx::Backend, job::Pulse};
use leptos::config::LeptosOptions;
use tokio::sync::watch;

use crate::config::Config;
use cookie::Jar;
use limits::Limiter;
use routes::Routes;
pub use static_files::{Site, SiteError};

/// What every request shares.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

pub struct Shared {
    backend: Arc<Backend>,
    site: Site,
    jar: Jar,
    origin: Option<String>,
    esia_origin: Option<String>,
    trusted_proxies: Vec<IpAddr>,
    limiter: Limiter,
    leptos: LeptosOptions,
    /// Absent while no background work runs.
    pulse: RwLock<Option<Arc<Pulse>>>,
    closing: watch::Sender<bool>,
}

impl Deref for Host {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Host {
    pub fn new(backend: Arc<Backend>, site: Site, config: &Config) -> Self {
        Self(Arc::new(Shared {
            jar: Jar { secure: config.is_https() },
            origin: config.public_url.as_deref().and_then(origin),
            esia_origin: config.esia.url.as_deref().and_then(origin),
            trusted_proxies: config.trusted_proxies.clone(),
            limiter: Limiter::new(&config.limits),
            leptos: LeptosOptions::builder().output_name("frontend").build(),
            pulse: RwLock::default(),
            closing: watch::Sender::new(false),
            backend,
            site,
        }))
    }
}

impl Shared {
    pub fn backend(&self) -> &Arc<Backend> {
        &self.backend
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn assets(&self) -> &FrontendAssets {
        &self.site.assets
    }

    fn jar(&self) -> Jar {
        self.jar
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn esia_origin(&self) -> Option<&str> {
        self.esia_origin.as_deref()
    }

    fn trusted_proxies(&self) -> &[IpAddr] {
        &self.trusted_proxies
    }

    fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Loops of background work that do not come round any more; `None` while none runs.
    fn workers_stuck(&self) -> Option<Vec<&'static str>> {
        let pulse = self.pulse.read().unwrap_or_else(PoisonError::into_inner);
        pulse.as_ref().map(|pulse| pulse.stuck(self.backend.now()))
    }

    /// Says that background work runs, or that it has ended.
    pub fn set_pulse(&self, pulse: Option<Arc<Pulse>>) {
        *self.pulse.write().unwrap_or_else(PoisonError::into_inner) = pulse;
    }

    fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends what would otherwise never end by itself.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl FromRef<Host> for LeptosOptions {
    fn from_ref(host: &Host) -> Self {
        host.leptos.clone()
    }
}

/// Everything that the cabinet answers.
///
/// A request passes the layers from the last to the first: it gets its id, its headers and its
/// form of refusal before anything may refuse it.
pub fn router(host: Host) -> Router {
    speaking(&host)
        .layer(from_fn_with_state(host.clone(), session::resolve))
        .layer(from_fn_with_state(host.clone(), csrf::guard))
        .layer(from_fn_with_state(host.clone(), limits::guard))
        .merge(health::router())
        .into_router()
        .merge(static_files::router(host.site()))
        .layer(from_fn_with_state(host.clone(), fault::show))
        .layer(from_fn_with_state(host.clone(), headers::guard))
        .layer(from_fn_with_state(host.clone(), client::locate))
        .layer(from_fn_with_state(host.clone(), request_id::observe))
        .with_state(host)
}

/// Routes that answer as somebody in particular.
fn speaking(host: &Host) -> Routes {
    page::router(host)
        .merge(api::router(host))
        .merge(files::router(host))
        .merge(events::router())
        .merge(sign_in::router())
}

/// Method and path pattern of each route that asks who speaks, for the access matrix.
pub fn listed(host: &Host) -> Vec<(Method, String)> {
    speaking(host).listed().to_vec()
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://a.example:8443/x?y").as_deref(), Some("https://a.example:8443"));
        assert_eq!(origin("a.example"), None);
    }
}
