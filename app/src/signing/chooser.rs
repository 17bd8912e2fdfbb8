//! The choice of a way of signing and of a certificate: in the dialog of a document, on «Проверить
//! ЭП» and at sign-in. Every way says what it needs; what it needs is given here.

use std::rc::Rc;

use domain::view::signature::{SignatureWay, SigningTerms};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    Ask, Availability, CertificateInfo, Given, Holder, Phone, Signer, Trouble,
    asks::{ContainerForm, PinForm, UploadForm},
    certificate_choice::{Certificates, Found, focus_chosen},
    fitness,
    phone::{PhoneForm, PhoneSigned},
    way,
    ways::{self, Offered, WayList, sort},
};
use crate::{
    document::device,
    tr,
    ui::{Alert, Button, ButtonKind, IconName, LinkButton, Spinner, Tone, use_lang},
};

/// What the person chose to sign with.
#[derive(Clone)]
pub struct Chosen {
    pub signer: SendWrapper<Rc<dyn Signer>>,
    pub certificate: CertificateInfo,
}

/// What will be signed, as a file for another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    pub name: String,
    pub href: String,
}

/// Chooses the way, then the certificate.
#[component]
pub fn SignatureChooser(
    /// Nobody before sign-in.
    holder: Option<Holder>,
    /// What a telephone may be asked to sign; nothing but frozen documents.
    #[prop(optional)]
    phone: Option<Phone>,
    #[prop(into)] download: Signal<Option<Download>>,
    /// Several documents will be signed: a signature that is made elsewhere is over one only.
    #[prop(optional)]
    several: bool,
    chosen: RwSignal<Option<Chosen>>,
) -> impl IntoView {
    let lang = use_lang();
    let phone = StoredValue::new(phone);
    let offered = RwSignal::new(None::<Vec<Offered>>);
    let terms = RwSignal::new(SigningTerms::default());
    let way = RwSignal::new(String::new());
    let certificates = RwSignal::new(Found::None);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Trouble>);
    // Once the person has begun here, nothing moves by itself any more.
    let touched = RwSignal::new(false);

    let current = move || {
        let key = way.get();
        offered.with(|offered| {
            offered.as_ref()?.iter().find(|offer| way::key(offer.way()) == key).cloned()
        })
    };
    // The certificates of the way at hand, once it is ready.
    let list = move |offer: Offered, then_focus: bool| {
        spawn_local(async move {
            let found = offer.signer.certificates().await;
            if way.try_get_untracked().as_deref() != Some(way::key(offer.way())) {
                return;
            }
            let mut found = found.map_err(|error| error.trouble(lang.get_untracked()));
            if let Ok(found) = &mut found {
                terms.with_untracked(|terms| fitness::sort(found, terms, device::now()));
            }
            if let Ok([first, ..]) = found.as_deref() {
                let signer = offer.signer.clone();
                chosen.set(Some(Chosen { signer, certificate: first.clone() }));
            }
            certificates.set(Some(found));
            if then_focus {
                focus_chosen();
            }
        });
    };
    let enter = move |key: String| {
        way.set(key);
        chosen.set(None);
        certificates.set(None);
        failure.set(None);
        if let Some(offer) = untrack(current)
            && offer.availability == Some(Availability::Ready)
        {
            list(offer, false);
        }
    };
    // What was found out of one way later than of the others.
    let settle = move |changed: Offered| {
        let key = way::key(changed.way());
        let first = offered.try_update(|offered| {
            let all = offered.as_mut()?;
            for known in all.iter_mut().filter(|known| known.way() == changed.way()) {
                *known = changed.clone();
            }
            if !touched.get_untracked() {
                sort(all);
            }
            all.first().map(|offer| way::key(offer.way()))
        });
        let Some(Some(first)) = first else { return };
        let now = way.get_untracked();
        let next = if touched.get_untracked() { now.as_str() } else { first };
        // Elsewhere nothing has changed.
        if next == key || next != now {
            enter(next.to_owned());
        }
    };
    let look = move |keep: Option<String>| {
        spawn_local(async move {
            let mut found = ways::terms().await;
            if holder.is_none() {
                // A challenge may be signed by anybody.
                (found.snils, found.inn) = (None, None);
            }
            // The page may have gone meanwhile, and its signals with it.
            if terms.try_set(found.clone()).is_some() {
                return;
            }
            let SigningTerms { ways: allowed, plugin_timestamp_url, .. } = found;
            let is_offered = |way| allowed.offers(way) && !(several && way == SignatureWay::File);
            let signers = super::signers(
                holder,
                phone.get_value(),
                plugin_timestamp_url,
                lang.get_untracked(),
            );
            let mut found: Vec<Offered> = signers
                .into_iter()
                .filter(|signer| is_offered(signer.way()))
                .map(|signer| Offered { signer: SendWrapper::new(signer), availability: None })
                .collect();
            // An extension that is not there is a second's silence, for which nobody should wait.
            for offer in found.iter_mut().filter(|offer| offer.way() != SignatureWay::Plugin) {
                offer.look().await;
            }
            sort(&mut found);
            let late: Vec<Offered> =
                found.iter().filter(|offer| offer.availability.is_none()).cloned().collect();
            let first = found.first().map(|offer| way::key(offer.way()).to_owned());
            if offered.try_set(Some(found)).is_some() {
                return;
            }
            if let Some(key) = keep.or(first) {
                enter(key);
            }
            for mut offer in late {
                offer.look().await;
                settle(offer);
            }
        });
    };
    Effect::new(move |_| look(None));

    let give = Callback::new(move |given: Given| {
        let Some(mut offer) = untrack(current) else { return };
        busy.set(true);
        failure.set(None);
        touched.set(true);
        spawn_local(async move {
            let given = offer.signer.give(given).await;
            offer.look().await;
            if busy.try_set(false).is_some() {
                return;
            }
            if let Err(error) = given {
                failure.set(Some(error.trouble(lang.get_untracked())));
                return;
            }
            chosen.set(None);
            certificates.set(None);
            offered.update(|offered| {
                let all = offered.iter_mut().flatten();
                for known in all.filter(|known| known.way() == offer.way()) {
                    *known = offer.clone();
                }
            });
            if offer.availability == Some(Availability::Ready) {
                list(offer, true);
            }
        });
    });

    // What a way asks for is drawn anew only when that way changes.
    let shown = Memo::new(move |_| current().map(|offer| (offer.way(), offer.availability)));
    let panel = move || {
        let (way, availability) = shown.get()?;
        let qualified = terms.with_untracked(|terms| terms.ways.is_qualified(way));
        Some(match availability {
            None => view! {
                <Spinner label=tr!(lang, "Проверяем, работает ли…", "Finding out whether it works…")/>
            }
            .into_any(),
            Some(Availability::Ready) => {
                let choose = move |certificate| {
                    let signer = untrack(current).map(|offer| offer.signer);
                    chosen.set(signer.map(|signer| Chosen { signer, certificate }));
                };
                let retry = move |()| {
                    certificates.set(None);
                    if let Some(offer) = untrack(current) {
                        list(offer, true);
                    }
                };
                let label = match way {
                    SignatureWay::Container | SignatureWay::File => {
                        Some(tr!(lang, "Взять другой файл", "Take another file"))
                    }
                    SignatureWay::Mobile => {
                        Some(tr!(lang, "Запросить подпись заново", "Ask for the signature anew"))
                    }
                    SignatureWay::Plugin | SignatureWay::Browser => None,
                };
                let another = label.map(|label| {
                    view! {
                        <Button kind=ButtonKind::Quiet busy on_click=move |_| give.run(Given::Another)>
                            {label}
                        </Button>
                    }
                });
                view! {
                    {(way == SignatureWay::Mobile).then(|| view! { <PhoneSigned/> })}
                    <Certificates
                        certificates
                        terms
                        value=id_of(chosen)
                        on_choose=Callback::new(choose)
                        on_retry=Callback::new(retry)
                    />
                    {another}
                }
                .into_any()
            }
            Some(Availability::Asks(Ask::Container)) => {
                view! { <ContainerForm give busy failure qualified/> }.into_any()
            }
            Some(Availability::Asks(Ask::Pin(kept))) => {
                view! { <PinForm kept give busy failure/> }.into_any()
            }
            Some(Availability::Asks(Ask::Signature)) => {
                view! { <UploadForm download give busy failure/> }.into_any()
            }
            Some(Availability::Asks(Ask::Phone { bytes, last })) => {
                let last = last.map(|last| *last);
                view! { <PhoneForm bytes last give busy failure/> }.into_any()
            }
            Some(Availability::NeedsSetup(trouble) | Availability::Impossible(trouble)) => {
                let again = Callback::new(move |()| look(Some(way::key(way).to_owned())));
                let has_profile = way == SignatureWay::Browser && holder.is_some();
                view! { <NotHere trouble has_profile again/> }.into_any()
            }
        })
    };
    let change = Callback::new(move |key| {
        touched.set(true);
        enter(key);
    });
    view! {
        <div class="signing-chooser" on:focusin=move |_| touched.set(true)>
            <WayList offered value=way on_change=change/>
            <div class="signing-panel">{panel}</div>
        </div>
    }
}

/// The id of the certificate chosen.
fn id_of(chosen: RwSignal<Option<Chosen>>) -> Signal<String> {
    Signal::derive(move || {
        chosen
            .with(|chosen| chosen.as_ref().map(|chosen| chosen.certificate.id.clone()))
            .unwrap_or_default()
    })
}

/// Why a way does not work here, and what to do.
#[component]
fn NotHere(
    trouble: Trouble,
    /// The profile is where it is set up.
    has_profile: bool,
    again: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let profile = has_profile.then(|| {
        view! {
            <LinkButton href="/profile#signature-card-title">
                {tr!(lang, "Открыть профиль", "Open the profile")}
            </LinkButton>
        }
    });
    view! {
        <Alert tone=Tone::Warning title=trouble.cause>
            <p>{trouble.remedy}</p>
            <div class="actions">
                {profile}
                <Button icon=IconName::Refresh on_click=move |_| again.run(())>
                    {tr!(lang, "Проверить снова", "Check again")}
                </Button>
            </div>
        </Alert>
    }
}
