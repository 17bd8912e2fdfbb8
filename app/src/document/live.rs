//! News of an open document: pushed by the server, and looked for when the network or the tab
//! comes back.

use leptos::{ev, prelude::*};

use super::editing::Editing;
use crate::session::{DocumentLine, DocumentNews};

/// Connects the draft with the outside: the server's pushes, the network, the visibility of the
/// tab, the end of the page. Call once, while the editor is drawn.
pub fn attach(editing: Editing) {
    let line = use_context::<DocumentLine>();
    Effect::new(move |_| {
        editing.connect();
        let listeners = [
            window_event_listener(ev::online, move |_| editing.helped()),
            window_event_listener(ev::visibilitychange, move |_| {
                if document().hidden() { editing.pause() } else { editing.helped() }
            }),
            window_event_listener(ev::pagehide, move |_| editing.pause()),
        ];
        // A page that hears nothing still learns of changes with every batch it sends.
        if let Some(line) = line {
            line.listen(Callback::new(move |news| match news {
                DocumentNews::Version { document, version } if document == editing.document() => {
                    editing.moved_to(version);
                }
                DocumentNews::Version { .. } => {}
                // What was pushed while the line was down is asked for when it stands again.
                DocumentNews::Connected => editing.catch_up(),
            }));
        }
        on_cleanup(move || {
            for listener in listeners {
                listener.remove();
            }
        });
    });
}
