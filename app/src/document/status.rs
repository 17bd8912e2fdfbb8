//! The status line of autosave: what is kept, where, and what is wrong.

use chrono::{DateTime, Utc};
use domain::date::moscow_datetime;
use domain::lang::Lang;
use leptos::prelude::*;

use super::{
    editing::Editing,
    outgoing::{Saved, Trouble},
};
use crate::{tr, ui::i18n::use_lang};

/// «12:31», Moscow time.
fn clock(at: DateTime<Utc>) -> String {
    moscow_datetime(at).format("%H:%M").to_string()
}

/// The words of the status line.
pub fn saved_text(saved: &Saved, lang: Lang) -> String {
    match saved {
        Saved::Untouched => tr!(lang, "Изменений нет", "No changes").to_owned(),
        Saved::OnDevice => {
            tr!(lang, "Сохранено на этом устройстве", "Saved on this device").to_owned()
        }
        Saved::Sending => tr!(lang, "Сохраняем…", "Saving…").to_owned(),
        Saved::OnServer(at) => tr!(lang, "Сохранено в {at}", "Saved at {at}", at = clock(*at)),
        Saved::Trouble { trouble, .. } => trouble.text(lang),
    }
}

/// What a screen reader is told: only that something went wrong, and that all is well again.
/// Ordinary saving is silent.
fn announcement(before: Option<&Saved>, now: &Saved, lang: Lang) -> Option<String> {
    let troubled = |saved: &Saved| matches!(saved, Saved::Trouble { .. });
    match (before, now) {
        (Some(Saved::Trouble { trouble: was, .. }), Saved::Trouble { trouble: is, .. })
            if std::mem::discriminant(was) == std::mem::discriminant(is) =>
        {
            None
        }
        (_, Saved::Trouble { trouble, .. }) => Some(trouble.text(lang)),
        (Some(before), Saved::OnServer(_)) if troubled(before) => {
            Some(tr!(lang, "Сохранено", "Saved").to_owned())
        }
        _ => None,
    }
}

/// The pill with the state of saving, and the quiet voice beside it.
#[component]
pub fn SaveStatus(editing: Editing) -> impl IntoView {
    let lang = use_lang();
    let saved = editing.saved();
    let tone = move || {
        saved.with(|saved| match saved {
            Saved::Trouble { trouble: Trouble::Closed(_) | Trouble::Refused(_), .. } => "error",
            Saved::Trouble { .. } => "warning",
            Saved::OnServer(_) => "done",
            Saved::OnDevice | Saved::Sending | Saved::Untouched => "calm",
        })
    };
    // Trouble outlives a moment of sending between two attempts.
    let spoken = RwSignal::new(String::new());
    Effect::new(move |before: Option<Saved>| {
        let now = saved.get();
        if matches!(now, Saved::Sending | Saved::OnDevice)
            && let Some(troubled @ Saved::Trouble { .. }) = before
        {
            return troubled;
        }
        if let Some(text) = announcement(before.as_ref(), &now, lang.get_untracked()) {
            spoken.set(text);
        }
        now
    });
    view! {
        <p class="save-status" data-tone=tone>
            {move || saved.with(|saved| saved_text(saved, lang.get()))}
        </p>
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || spoken.get()}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(trouble: Trouble) -> Saved {
        Saved::Trouble { trouble, waiting: 1 }
    }

    #[test]
    fn times_are_moscow_times() {
        let at = DateTime::parse_from_rfc3339("2026-11-22T21:31:59Z").unwrap().to_utc();
        assert_eq!(saved_text(&Saved::OnServer(at), Lang::Ru), "Сохранено в 00:31");
        assert_eq!(saved_text(&Saved::OnDevice, Lang::Ru), "Сохранено на этом устройстве");
    }

    #[test]
    fn only_trouble_and_its_end_are_spoken() {
        let saved = Saved::OnServer(DateTime::UNIX_EPOCH);
        let (offline, silent) = (trouble(Trouble::Offline), trouble(Trouble::Silent));
        let say = |before: Option<&Saved>, now: &Saved| announcement(before, now, Lang::Ru);
        assert_eq!(say(None, &Saved::OnDevice), None);
        assert_eq!(say(Some(&Saved::Sending), &saved), None);
        assert!(say(Some(&saved), &offline).unwrap().starts_with("Нет сети"));
        assert_eq!(say(Some(&offline), &offline), None);
        assert!(say(Some(&offline), &silent).is_some());
        assert_eq!(say(Some(&silent), &saved).as_deref(), Some("Сохранено"));
    }
}
