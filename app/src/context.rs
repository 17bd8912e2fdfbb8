//! What the host gives to pages and server functions: who asks, and how answers leave.

use domain::{
    lang::Lang,
    view::session::{Theme, Who},
};

#[cfg(feature = "ssr")]
pub use server::{ApiCall, SessionCookie, answer, chain, ctx, refuse, session_cookie};

/// How the page is drawn for its reader. The host finds it out before rendering begins, so that
/// the first byte of the page is already in the right language and colours.
///
/// The host provides it as a context on the server only; in the browser the same facts come from
/// [`crate::session`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    pub lang: Lang,
    pub theme: Theme,
    pub who: Option<Who>,
}

#[cfg(feature = "ssr")]
mod server {
    use std::sync::Arc;

    use backend::{ctx::Ctx, error::Refusal};
    use domain::error::{ErrorCode, WireError};
    use http::StatusCode;
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;

    use crate::error::ApiError;

    /// Marks a call of a server function over HTTP, as opposed to one made while a page renders.
    #[derive(Clone, Copy, Debug)]
    pub struct ApiCall {
        /// A form sent without WebAssembly: the answer is a redirect back to the page, which
        /// carries the error, so the status stays what the redirect needs.
        pub plain_form: bool,
    }

    /// How the host writes the cookie that holds a session's token.
    #[derive(Clone)]
    pub struct SessionCookie(Arc<Writer>);

    /// Makes the header's value of a token.
    type Writer = dyn Fn(&str) -> Option<http::HeaderValue> + Send + Sync;

    impl SessionCookie {
        pub fn new(
            write: impl Fn(&str) -> Option<http::HeaderValue> + Send + Sync + 'static,
        ) -> Self {
            Self(Arc::new(write))
        }

        /// Sends the cookie with this answer.
        ///
        /// # Errors
        /// Outside a request.
        pub fn set(&self, token: &str) -> Result<(), ApiError> {
            let internal = || ApiError(WireError::of(ErrorCode::Internal));
            let options = use_context::<ResponseOptions>().ok_or_else(internal)?;
            let value = (self.0)(token).ok_or_else(internal)?;
            options.append_header(http::header::SET_COOKIE, value);
            Ok(())
        }
    }

    /// The means to begin a session.
    ///
    /// # Errors
    /// Outside a call over HTTP: no page signs anybody in while it renders.
    pub fn session_cookie() -> Result<SessionCookie, ApiError> {
        use_context::<SessionCookie>().ok_or_else(|| ApiError(WireError::of(ErrorCode::Internal)))
    }

    /// Who asks, and the shared things of the cabinet.
    ///
    /// # Errors
    /// Outside a request: while the routes are listed at start.
    pub fn ctx() -> Result<Ctx, ApiError> {
        use_context::<Ctx>().ok_or_else(|| ApiError(WireError::of(ErrorCode::Internal)))
    }

    /// Turns a use case's result into what may leave the server. What only the log may know is
    /// logged here, once, with the request's id; the reader gets that id instead.
    pub fn answer<T, E: Refusal>(ctx: &Ctx, result: Result<T, E>) -> Result<T, ApiError> {
        result.map_err(|error| {
            let refusal = refuse(ctx, &error);
            if let (Some(call), Some(options)) =
                (use_context::<ApiCall>(), use_context::<ResponseOptions>())
                && !call.plain_form
            {
                options.set_status(
                    StatusCode::from_u16(refusal.status())
                        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                );
            }
            refusal
        })
    }

    /// The part of [`answer`] that plain routes share.
    pub fn refuse<E: Refusal + ?Sized>(ctx: &Ctx, error: &E) -> ApiError {
        let wire = error.wire(ctx.lang()).unwrap_or_else(|| {
            tracing::error!(request_id = ctx.request_id, error = chain(error), "request.failed");
            WireError::of(ErrorCode::Internal)
        });
        ApiError(wire.request_id(&ctx.request_id))
    }

    /// An error and all its causes in one line.
    pub fn chain<E: std::error::Error + ?Sized>(error: &E) -> String {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
