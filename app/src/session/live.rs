//! What the server pushes to this page: new notices, a new build, the end of the session.

use std::collections::BTreeMap;

use domain::view::notice::Notice;
use leptos::prelude::*;
use uuid::Uuid;

/// The newest notice that arrived while the page is open.
#[derive(Clone, Copy)]
pub struct News(pub RwSignal<Option<Notice>>);

/// What the server tells an open document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentNews {
    /// A document has this version now, or moved on without a new one.
    Version { document: Uuid, version: i64 },
    /// The line to the server stands (again): what was told meanwhile was not heard.
    Connected,
}

/// Who hears news of documents. One line to the server serves the whole page.
#[derive(Clone, Copy, Default)]
pub struct DocumentLine {
    listeners: StoredValue<BTreeMap<u64, Callback<DocumentNews>>>,
    next: StoredValue<u64>,
}

impl DocumentLine {
    /// Hears until the present owner is gone.
    pub fn listen(self, hear: Callback<DocumentNews>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.listeners.update_value(|listeners| {
            listeners.insert(id, hear);
        });
        on_cleanup(move || {
            self.listeners.try_update_value(|listeners| listeners.remove(&id));
        });
    }

    #[cfg(feature = "hydrate")]
    fn tell(self, news: DocumentNews) {
        // Listeners may come and go while they are told.
        let listeners = self.listeners.try_with_value(|known| known.values().copied().collect());
        let listeners: Vec<Callback<DocumentNews>> = listeners.unwrap_or_default();
        for listener in listeners {
            listener.try_run(news);
        }
    }
}

/// The newest notice that arrived while the page is open; pages that show what it may have
/// changed ask again.
pub fn use_news() -> Signal<Option<Notice>> {
    use_context::<News>().map_or_else(|| Signal::stored(None), |news| news.0.into())
}

/// Listens to the server for as long as the reader is signed in. The header calls it once.
pub fn listen() {
    if let (Some(news), Some(documents)) = (use_context::<News>(), use_context::<DocumentLine>()) {
        browser::listen(news, documents);
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use super::{DocumentLine, News};

    /// The server pushes nothing to itself.
    pub fn listen(_news: News, _documents: DocumentLine) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use domain::view::notice::Push;
    use futures::{StreamExt, stream::select_all};
    use gloo_net::eventsource::{State, futures::EventSource};
    use leptos::{prelude::*, task::spawn_local};
    use web_sys::MessageEvent;

    use super::{DocumentLine, DocumentNews, News};
    use crate::{
        session::{WhoContext, api},
        tr,
        ui::{Tone, i18n::document_lang, toast::toast_with},
    };

    pub fn listen(news: News, documents: DocumentLine) {
        let Some(WhoContext(who)) = use_context::<WhoContext>() else { return };
        let signed_in =
            Memo::new(move |_| who.with(|who| who.as_ref().is_some_and(|who| !who.locked)));
        Effect::new(move |_| {
            if !signed_in.get() {
                return;
            }
            let Ok(mut source) = EventSource::new("/api/events") else { return };
            let names = ["open", "message", "version", "end"];
            let streams: Vec<_> =
                names.into_iter().filter_map(|name| source.subscribe(name).ok()).collect();
            let ending = StoredValue::new_local(Some(source));
            on_cleanup(move || ending.set_value(None));
            spawn_local(async move {
                let mut streams = select_all(streams);
                while let Some(event) = streams.next().await {
                    let Ok((name, event)) = event else {
                        // The browser connects again by itself, unless it was told not to.
                        let closed = ending
                            .try_with_value(|source| {
                                source.as_ref().is_none_or(|source| source.state() == State::Closed)
                            })
                            .unwrap_or(true);
                        if closed { break } else { continue }
                    };
                    match name.as_str() {
                        "open" => documents.tell(DocumentNews::Connected),
                        "version" => crate::version_seen(&text(&event)),
                        "end" => {
                            ended(who).await;
                            break;
                        }
                        _ => hear(who, news, documents, &text(&event)),
                    }
                }
            });
        });
    }

    fn text(event: &MessageEvent) -> String {
        event.data().as_string().unwrap_or_default()
    }

    fn hear(
        who: RwSignal<Option<domain::view::session::Who>>,
        news: News,
        documents: DocumentLine,
        data: &str,
    ) {
        match serde_json::from_str::<Push>(data) {
            Ok(Push::Notice { notice, unread }) => {
                who.try_update(|who| {
                    if let Some(who) = who {
                        who.unread = unread;
                    }
                });
                news.0.try_set(Some(*notice));
            }
            Ok(Push::Document { id, version }) => {
                documents.tell(DocumentNews::Version { document: id, version });
            }
            // A newer server may tell what this page does not know yet.
            Err(_) => {}
        }
    }

    /// The session is locked or over: the header shows it, and the reader hears what to do.
    async fn ended(who: RwSignal<Option<domain::view::session::Who>>) {
        let Ok(now) = api::who().await else { return };
        let over = now.is_none();
        who.try_set(now);
        if over {
            let lang = document_lang();
            toast_with(
                Tone::Warning,
                tr!(
                    lang,
                    "Сеанс завершён. Введённое сохранено; войдите снова.",
                    "The session has ended. What you entered is kept; sign in again."
                ),
                tr!(lang, "Войти", "Sign in"),
                Callback::new(|()| {
                    let location = window().location();
                    let here = location.pathname().unwrap_or_else(|_| "/".to_owned());
                    let address = crate::routes::sign_in(&here);
                    if let Err(error) = location.set_href(&address) {
                        leptos::logging::error!("the sign-in page cannot be opened: {error:?}");
                    }
                }),
            );
        }
    }
}
