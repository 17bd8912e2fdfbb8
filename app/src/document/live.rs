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
        hear_pushes(editing);
        on_cleanup(move || {
            for listener in listeners {
                listener.remove();
            }
        });
    });
}

/// Hears of the document's new versions for as long as the owner lives.
#[cfg(feature = "hydrate")]
fn hear_pushes(editing: Editing) {
    use domain::view::notice::Push;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    // A browser without server-sent events still learns of changes with every batch it sends.
    let Ok(source) = EventSource::new("/api/events") else { return };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let push = event.data().as_string();
        let push = push.and_then(|data| serde_json::from_str::<Push>(&data).ok());
        if let Some(Push::Document { id, version }) = push
            && id == editing.document()
        {
            editing.moved_to(version);
        }
    });
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // What was pushed while the line was down is asked for when it stands again.
    let on_open = Closure::<dyn FnMut()>::new(move || editing.catch_up());
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    let line = StoredValue::new_local(Some((source, on_message, on_open)));
    on_cleanup(move || {
        if let Some(Some((source, ..))) = line.try_update_value(Option::take) {
            source.set_onmessage(None);
            source.set_onopen(None);
            source.close();
        }
    });
}

/// The server pushes nothing to itself.
#[cfg(not(feature = "hydrate"))]
fn hear_pushes(_editing: Editing) {}
