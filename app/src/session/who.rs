//! The reader of this page, known to every part of it.

use domain::view::session::Who;
use leptos::prelude::*;

use super::live::{DocumentLine, News};

/// The reader; the server wrote it into the page once, the header keeps it up to date.
#[derive(Clone, Copy)]
pub struct WhoContext(pub RwSignal<Option<Who>>);

/// Tells the whole tree who reads, and where news of notices and documents arrive. The root calls it once.
pub fn provide_who() {
    let shared = SharedValue::new(asked);
    provide_context(WhoContext(RwSignal::new(shared.into_inner())));
    provide_context(News(RwSignal::new(None)));
    provide_context(DocumentLine::default());
}

/// What the host found out before the page was rendered; in the browser it is read from the page.
fn asked() -> Option<Who> {
    use_context::<crate::context::Reader>().and_then(|reader| reader.who)
}

/// The reader; `None` when nobody is signed in.
pub fn use_who() -> Signal<Option<Who>> {
    use_context::<WhoContext>().map_or_else(|| Signal::stored(None), |context| context.0.into())
}
