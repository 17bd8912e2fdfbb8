//! Drafts ticked in the list, and what is done with all of them at once.

use domain::{lang::Lang, state::DocumentState, view::statform::Row};
use leptos::prelude::*;
use uuid::Uuid;

use super::{
    list::{amount_text, period_text},
    read::signed_view,
};
use crate::{
    signing::{
        Holder,
        package::{PackageDialog, Picked},
    },
    tr,
    ui::{Button, ButtonKind, IconName, i18n::use_lang},
};

/// The drafts ticked, in the order of ticking. They stay ticked from one page of the list to
/// another.
#[derive(Clone, Copy)]
pub struct Picks(RwSignal<Vec<Picked>>);

impl Picks {
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    fn has(self, document: Uuid) -> bool {
        self.0.with(|picks| picks.iter().any(|picked| picked.document == document))
    }

    fn set(self, picked: Picked, on: bool) {
        self.0.update(|picks| {
            picks.retain(|known| known.document != picked.document);
            if on {
                picks.push(picked);
            }
        });
    }

    /// Unticks what is no draft any more.
    pub fn remove(self, documents: &[Uuid]) {
        self.0.update(|picks| picks.retain(|picked| !documents.contains(&picked.document)));
    }
}

/// A draft as it is called among others: «октябрь 2026 · ТОО «Пример» · 1 234,56 KZT».
pub fn picked(row: &Row, lang: Lang) -> Option<Picked> {
    if row.state != DocumentState::Draft {
        return None;
    }
    let words = [
        period_text(row.period.as_deref(), lang),
        row.partner.clone().unwrap_or_default(),
        amount_text(row),
    ];
    let known: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let name = match known.is_empty() {
        true => tr!(lang, "Черновик", "Draft").to_owned(),
        false => known.join(" · "),
    };
    Some(Picked { document: row.id, name, href: format!("/statforms/{}", row.id) })
}

/// The first cell of a row; empty where there is nothing to sign.
#[component]
pub fn PickCell(picks: Picks, picked: Option<Picked>) -> impl IntoView {
    let lang = use_lang();
    let tick = picked.map(|picked| {
        let id = picked.document;
        let text = tr!(lang, "Выбрать: {name}", "Choose: {name}", name = picked.name);
        view! {
            <Tick text checked=Signal::derive(move || picks.has(id)) on_change=Callback::new(move |on| picks.set(picked.clone(), on))/>
        }
    });
    view! { <td data-cell="pick">{tick}</td> }
}

/// Ticks every draft of a page of the list.
#[component]
pub fn PickPage(picks: Picks, drafts: Vec<Picked>) -> impl IntoView {
    let lang = use_lang();
    let drafts = StoredValue::new(drafts);
    let all = Signal::derive(move || {
        drafts.with_value(|drafts| drafts.iter().all(|draft| picks.has(draft.document)))
    });
    let change = move |on| {
        for draft in drafts.get_value() {
            picks.set(draft, on);
        }
    };
    let is_empty = drafts.with_value(Vec::is_empty);
    (!is_empty).then(|| {
        let text = tr!(lang, "Выбрать все черновики на странице", "Choose all drafts of the page");
        view! { <Tick text=text.to_owned() checked=all on_change=Callback::new(change)/> }
    })
}

/// A check box that only a living page shows: without one nothing can be signed.
#[component]
fn Tick(text: String, checked: Signal<bool>, on_change: Callback<bool>) -> impl IntoView {
    view! {
        <label class="choice pick">
            <input
                type="checkbox"
                prop:checked=move || checked.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span class="choice-text">{text}</span>
        </label>
    }
}

/// What is ticked, and the gesture that signs and sends it all.
#[component]
pub fn PickedBar(
    picks: Picks,
    holder: Holder,
    /// Something was sent.
    on_sent: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let package = RwSignal::new(None::<Vec<Picked>>);
    let number = Memo::new(move |_| picks.0.with(Vec::len));
    let sent = Callback::new(move |documents: Vec<Uuid>| {
        if !documents.is_empty() {
            picks.remove(&documents);
            on_sent.run(());
        }
    });
    view! {
        <section
            class="picked-bar"
            aria-label=tr!(lang, "Выбранные формы", "Chosen forms")
            hidden=move || number.get() == 0
        >
            <p role="status">
                {move || tr!(lang, "Выбрано: {n}", "Chosen: {n}", n = number.get())}
            </p>
            <div class="actions">
                <Button
                    kind=ButtonKind::Primary
                    icon=IconName::Sign
                    on_click=move |_| package.set(Some(picks.0.get_untracked()))
                >
                    {tr!(lang, "Подписать и отправить", "Sign and send")}
                </Button>
                <Button kind=ButtonKind::Quiet on_click=move |_| picks.0.set(Vec::new())>
                    {tr!(lang, "Снять выбор", "Choose none")}
                </Button>
            </div>
        </section>
        <PackageDialog picked=package holder content=signed_view on_sent=sent/>
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn row(state: DocumentState, partner: Option<&str>) -> Row {
        Row {
            id: Uuid::from_u128(1),
            number: None,
            period: partner.map(|_| "2026-10".to_owned()),
            direction: None,
            partner: partner.map(str::to_owned),
            amount: None,
            currency: None,
            state,
            due: None,
            late: false,
            demand: None,
            updated: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_drafts_are_picked_and_each_has_a_name() {
        let name = |row: &Row| picked(row, Lang::Ru).map(|picked| picked.name);
        let named = row(DocumentState::Draft, Some("ТОО «Пример»"));
        assert_eq!(name(&named).as_deref(), Some("октябрь 2026 · ТОО «Пример»"));
        assert_eq!(name(&row(DocumentState::Draft, None)).as_deref(), Some("Черновик"));
        assert_eq!(name(&row(DocumentState::Registered, Some("ТОО «Пример»"))), None);
    }
}
