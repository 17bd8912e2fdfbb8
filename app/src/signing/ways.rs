//! The ways of signing that are offered, and the choice among them.

use std::rc::Rc;

use domain::{
    lang::Lang,
    view::signature::{SignatureWay, SignatureWays, SigningTerms},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{Availability, Signer, api, way};
use crate::{
    tr,
    ui::{Spinner, use_lang},
};

/// A way that is offered.
#[derive(Clone)]
pub struct Offered {
    pub signer: SendWrapper<Rc<dyn Signer>>,
    /// How it stands, once that is known.
    pub availability: Option<Availability>,
}

impl Offered {
    pub fn way(&self) -> SignatureWay {
        self.signer.way()
    }

    pub async fn look(&mut self) {
        self.availability = Some(self.signer.status().await);
    }

    /// A line about it: what is in its way, or what it is.
    fn detail(&self, lang: Lang) -> String {
        match &self.availability {
            None => {
                tr!(lang, "Проверяем, работает ли…", "Finding out whether it works…").to_owned()
            }
            Some(Availability::Ready | Availability::Asks(_)) => {
                way::about(self.way(), lang).to_owned()
            }
            Some(Availability::NeedsSetup(trouble) | Availability::Impossible(trouble)) => {
                trouble.cause.clone()
            }
        }
    }
}

/// What signing goes by; without an answer every way is tried, and the server decides.
pub async fn terms() -> SigningTerms {
    api::signing_terms().await.unwrap_or_else(|_| SigningTerms {
        ways: SignatureWays { offered: SignatureWay::ALL.to_vec(), qualified: Vec::new() },
        ..SigningTerms::default()
    })
}

/// Puts the ways in the order in which they are likely to work.
pub fn sort(offered: &mut [Offered]) {
    let found = offered.iter().map(|offer| (offer.way(), offer.availability.clone()));
    let order: Vec<SignatureWay> =
        way::ordered(found.collect(), way::last()).into_iter().map(|(way, _)| way).collect();
    offered.sort_by_key(|offer| order.iter().position(|way| *way == offer.way()));
}

/// The choice of a way. What becomes known of one changes its line and nothing else, so whatever
/// has the focus keeps it.
#[component]
pub fn WayList(
    offered: RwSignal<Option<Vec<Offered>>>,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
) -> impl IntoView {
    let lang = use_lang();
    let order = Memo::new(move |_| {
        offered.with(|offered| {
            let offered = offered.as_ref()?;
            Some(offered.iter().map(Offered::way).collect::<Vec<_>>())
        })
    });
    let known = Memo::new(move |_| order.with(Option::is_some));
    let row = move |way: SignatureWay| {
        let key = way::key(way);
        let is_chosen = move || value.with(|value| value == key);
        let detail = Memo::new(move |_| {
            offered.with(|offered| {
                let offer = offered.iter().flatten().find(|offer| offer.way() == way);
                offer.map(|offer| offer.detail(lang.get()))
            })
        });
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="signing-way"
                    value=key
                    checked=untrack(is_chosen)
                    prop:checked=is_chosen
                    on:change=move |_| on_change.run(key.to_owned())
                />
                <span class="choice-text">
                    {way::name(way, lang.get_untracked())} <small>{move || detail.get()}</small>
                </span>
            </label>
        }
    };
    move || {
        if !known.get() {
            return view! {
                <Spinner label=tr!(lang, "Смотрим, чем можно подписать…", "Looking for ways to sign…")/>
            }
            .into_any();
        }
        view! {
            <fieldset class="radio-group">
                <legend class="field-label">{tr!(lang, "Чем подписать", "What to sign with")}</legend>
                <div class="radio-options">
                    <For each=move || order.get().unwrap_or_default() key=|way| way::key(*way) children=row/>
                </div>
            </fieldset>
        }
        .into_any()
    }
}
