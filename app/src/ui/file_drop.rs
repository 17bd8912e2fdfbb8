//! A place for files: chosen, dropped or pasted.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use web_sys::{File, FileList};

use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

fn files(list: Option<FileList>, multiple: bool) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    let wanted = if multiple { list.length() } else { list.length().min(1) };
    (0..wanted).filter_map(|index| list.item(index)).collect()
}

/// A native file field in a large frame that takes dropped and, while it has the focus, pasted
/// files. Inside a form it sends the chosen file under `name` even before the client has loaded.
#[component]
pub fn FileDrop(
    /// Id of the file field, unique on the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] name: Option<String>,
    /// Endings and types, as in HTML: `.xml,application/xml`.
    #[prop(optional)]
    accept: Option<&'static str>,
    #[prop(optional)] multiple: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_files: Callback<Vec<File>>,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<html::Input>::new();
    let is_over = RwSignal::new(false);
    let hand_over = move |chosen: Vec<File>| {
        if !chosen.is_empty() && !busy.get_untracked() {
            on_files.run(chosen);
        }
    };
    let on_change = move |_| {
        if let Some(input) = node.get_untracked() {
            hand_over(files(input.files(), multiple));
            // The same file may be chosen again after it was mended.
            input.set_value("");
        }
    };
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        hand_over(files(event.data_transfer().and_then(|data| data.files()), multiple));
    };
    let on_paste = move |event: ev::ClipboardEvent| {
        let pasted = files(event.clipboard_data().and_then(|data| data.files()), multiple);
        if !pasted.is_empty() {
            event.prevent_default();
            hand_over(pasted);
        }
    };
    let hint_id = format!("{id}-hint");
    view! {
        <div
            class="file-drop"
            data-over=move || is_over.get().then_some("")
            aria-busy=move || busy.get().then_some("true")
            on:dragover=move |event| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=on_drop
            on:paste=on_paste
        >
            <Icon name=IconName::Upload />
            <label for=id.clone()>{label}</label>
            <p class="field-hint" id=hint_id.clone()>
                {hint}
                " "
                {tr!(
                    lang,
                    "Выберите файл, перетащите его сюда или вставьте из буфера обмена.",
                    "Choose a file, drop it here or paste it from the clipboard.",
                )}
            </p>
            <input
                node_ref=node
                type="file"
                id=id
                name=name
                accept=accept
                multiple=multiple
                disabled=move || busy.get()
                aria-describedby=hint_id
                on:change=on_change
            />
        </div>
    }
}
