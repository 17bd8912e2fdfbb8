//! News of an open document: pushed by the server, and looked for when the network or the tab
//! comes back.

use leptos::{ev, prelude::*};

use super::editing::Editing;

/// Connects the draft with the outside: the server's pushes, the network, the visibility of the
/// tab, the end of the page. Call once, while the editor is drawn.
pub fn attach(editing: Editing) {
    Effect::new(move |_| {
        editing.connect();
        let listeners = [
            window_event_listener(ev::online, move |_| editing.helped()),
            window_event_listener(ev::visibilitychange, move |_| {
                if document().hidden() { editing.pause() } else { editing.helped() }
            }),
            window_event_listener(ev::pagehide, move |_| editing.pause()),
        ];
        let pushes = pushes(editing);
        on_cleanup(move || {
            drop(pushes);
            for listener in listeners {
                listener.remove();
            }
        });
    });
}

#[cfg(feature = "hydrate")]
fn pushes(editing: Editing) -> impl Send + Sync + 'static {
    use domain::view::notice::Push;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    // A browser without server-sent events still learns of changes with every batch it sends.
    let source = EventSource::new("/api/events").ok();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(Push::Document { id, version }) = event
            .data()
            .as_string()
            .and_then(|data| serde_json::from_str::<Push>(&data).ok())
        else {
            return;
        };
        if id == editing.document() {
            editing.moved_to(version);
        }
    });
    if let Some(source) = &source {
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    }
    send_wrapper::SendWrapper::new(Line { source, _on_message: on_message })
}

#[cfg(feature = "hydrate")]
struct Line {
    source: Option<web_sys::EventSource>,
    _on_message: wasm_bindgen::closure::Closure<dyn FnMut(web_sys::MessageEvent)>,
}

#[cfg(feature = "hydrate")]
impl Drop for Line {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.set_onmessage(None);
            source.close();
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn pushes(_editing: Editing) -> impl Send + Sync + 'static {}
