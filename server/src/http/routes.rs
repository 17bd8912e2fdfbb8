//! Routes that can be listed: the access matrix holds a row for each, and none can be forgotten.

use std::convert::Infallible;

use axum::{Router, handler::Handler, response::IntoResponse, routing, routing::Route};
use http::Method;
use tower_layer::Layer;
use tower_service::Service;

use super::Host;

/// A router that remembers what it was given.
pub struct Routes {
    router: Router<Host>,
    listed: Vec<(Method, String)>,
}

impl Routes {
    pub fn new() -> Self {
        Self { router: Router::new(), listed: Vec::new() }
    }

    pub fn get<T: 'static>(self, path: &str, handler: impl Handler<T, Host>) -> Self {
        self.on(Method::GET, path, routing::get(handler))
    }

    pub fn post<T: 'static>(self, path: &str, handler: impl Handler<T, Host>) -> Self {
        self.on(Method::POST, path, routing::post(handler))
    }

    fn on(mut self, method: Method, path: &str, handler: routing::MethodRouter<Host>) -> Self {
        self.router = self.router.route(path, handler);
        self.listed.push((method, path.to_owned()));
        self
    }

    /// Wraps what was given so far.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<axum::extract::Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<axum::extract::Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<axum::extract::Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<axum::extract::Request>>::Future: Send + 'static,
    {
        self.router = self.router.layer(layer);
        self
    }

    pub fn fallback<T: 'static>(mut self, handler: impl Handler<T, Host>) -> Self {
        self.router = self.router.fallback(handler);
        self
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.listed.extend(other.listed);
        self
    }

    /// Method and path pattern of each route.
    pub fn listed(&self) -> &[(Method, String)] {
        &self.listed
    }

    pub fn into_router(self) -> Router<Host> {
        self.router
    }
}
