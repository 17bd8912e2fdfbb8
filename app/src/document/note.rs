//! A text that is typed beside a document and is no part of it: kept on the device at every
//! keystroke, so that a reload or a crash loses nothing.

use leptos::{prelude::*, task::spawn_local};

use super::{device, editing::Editing};

/// A text by its name, kept beside a document for the person who types it.
#[derive(Clone, Copy)]
pub struct Note {
    editing: Editing,
    name: &'static str,
    text: RwSignal<String>,
    /// The device has it as it is shown.
    kept: RwSignal<bool>,
}

impl Note {
    /// The note, empty at first; what the device has kept of it follows, in the browser.
    pub fn open(editing: Editing, name: &'static str) -> Self {
        let note =
            Self { editing, name, text: RwSignal::new(String::new()), kept: RwSignal::new(false) };
        Effect::new(move |_| {
            spawn_local(async move {
                let (person, document) = (editing.person(), editing.document());
                // Without the device's storage the note lives as long as the page.
                let Ok(found) = device::note_get(person, document, name).await else { return };
                let untouched = note.text.try_with_untracked(String::is_empty).unwrap_or(false);
                if untouched && !found.is_empty() {
                    note.text.set(found);
                    note.kept.set(true);
                }
            });
        });
        note
    }

    pub fn text(self) -> Signal<String> {
        self.text.into()
    }

    /// Whether the device has the text as it is shown.
    pub fn is_kept(self) -> Signal<bool> {
        self.kept.into()
    }

    /// Changes the text; an empty one is forgotten.
    pub fn set(self, text: String) {
        if self.text.with_untracked(|shown| *shown == text) {
            return;
        }
        self.text.set(text.clone());
        self.kept.set(false);
        let (person, document) = (self.editing.person(), self.editing.document());
        spawn_local(async move {
            let kept = device::note_put(person, document, self.name, &text).await.is_ok();
            let is_shown = self.text.try_with_untracked(|shown| *shown == text).unwrap_or(false);
            if kept && is_shown {
                self.kept.set(!text.is_empty());
            }
        });
    }
}
