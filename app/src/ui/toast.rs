//! Short messages in the corner that do not take the focus.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;

use super::badge::Tone;
use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// How long good news stays. Warnings and errors stay until they are dismissed.
const STAY: Duration = Duration::from_secs(8);

#[derive(Clone)]
struct Toast {
    number: u32,
    tone: Tone,
    text: String,
    action: Option<(String, Callback<()>)>,
}

#[derive(Clone, Copy)]
struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

thread_local! {
    /// The host of this page. A browser has one page in one thread; on the server it stays empty,
    /// because messages follow what people do.
    static HOST: Cell<Option<Toasts>> = const { Cell::new(None) };
}

/// Shows a message. It may be called from anywhere in the browser, also after `await`.
pub fn toast(tone: Tone, text: impl Into<String>) {
    show(tone, text.into(), None);
}

/// Shows a message with one action; it stays until the action is taken or the message dismissed.
pub fn toast_with(
    tone: Tone,
    text: impl Into<String>,
    label: impl Into<String>,
    action: Callback<()>,
) {
    show(tone, text.into(), Some((label.into(), action)));
}

fn show(tone: Tone, text: String, action: Option<(String, Callback<()>)>) {
    let Some(host) = HOST.get() else { return };
    let number = host.next.get_value();
    host.next.set_value(number.wrapping_add(1));
    let leaves = action.is_none() && matches!(tone, Tone::Neutral | Tone::Accent | Tone::Success);
    host.list.update(|list| {
        list.retain(|toast| toast.text != text);
        list.push(Toast { number, tone, text, action });
    });
    if leaves {
        set_timeout(move || dismiss(number), STAY);
    }
}

fn dismiss(number: u32) {
    if let Some(host) = HOST.get() {
        host.list.update(|list| list.retain(|toast| toast.number != number));
    }
}

/// The place where messages appear; the root renders it once.
#[component]
pub fn ToastHost() -> impl IntoView {
    let lang = use_lang();
    let host = Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
    Effect::new(move |_| HOST.set(Some(host)));
    on_cleanup(|| HOST.set(None));
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-relevant="additions text">
            <For each=move || host.list.get() key=|toast| toast.number let(toast)>
                <div class="toast" data-tone=toast.tone.name()>
                    <Icon name=toast.tone.icon() />
                    <p>{toast.text.clone()}</p>
                    {toast
                        .action
                        .clone()
                        .map(|(label, action)| {
                            view! {
                                <button
                                    class="button"
                                    type="button"
                                    data-kind="secondary"
                                    on:click=move |_| {
                                        dismiss(toast.number);
                                        action.run(());
                                    }
                                >
                                    {label}
                                </button>
                            }
                        })}
                    <button
                        class="button"
                        type="button"
                        data-kind="quiet"
                        data-icon-only=""
                        aria-label=tr!(lang, "Закрыть сообщение", "Dismiss the message")
                        on:click=move |_| dismiss(toast.number)
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}
