//! The choice of a way of signing and of a certificate: in the dialog of a document, on «Проверить
//! ЭП» and at sign-in. Every way says what it needs; what it needs is given here.

use std::rc::Rc;

use domain::view::signature::{SignatureWay, SignatureWays};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    Ask, Availability, CertificateInfo, Given, Holder, Phone, Signer, Trouble, api,
    asks::{ContainerForm, PinForm, UploadForm},
    phone::{PhoneForm, PhoneSigned},
    way,
};
use crate::{
    document::device,
    tr,
    ui::{
        Alert, Button, ButtonKind, Choice, IconName, LinkButton, RadioGroup, Spinner, Tone,
        use_lang,
    },
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

/// A way that is offered, and how it stands.
#[derive(Clone)]
struct Offered {
    signer: SendWrapper<Rc<dyn Signer>>,
    availability: Availability,
}

impl Offered {
    fn way(&self) -> SignatureWay {
        self.signer.way()
    }
}

/// What the operator allows; without an answer every way is tried, and the server decides.
async fn allowed() -> SignatureWays {
    api::signature_ways().await.unwrap_or_else(|_| SignatureWays {
        offered: SignatureWay::ALL.to_vec(),
        qualified: Vec::new(),
    })
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
    chosen: RwSignal<Option<Chosen>>,
) -> impl IntoView {
    let lang = use_lang();
    let phone = StoredValue::new(phone);
    let offered = RwSignal::new(None::<Vec<Offered>>);
    let ways = RwSignal::new(SignatureWays::default());
    let way = RwSignal::new(String::new());
    let certificates = RwSignal::new(None::<Result<Vec<CertificateInfo>, Trouble>>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Trouble>);

    let current = move || {
        let key = way.get();
        offered.with(|offered| {
            offered.as_ref()?.iter().find(|offer| way::key(offer.way()) == key).cloned()
        })
    };
    // The certificates of the way at hand, once it is ready.
    let list = move |offer: Offered| {
        spawn_local(async move {
            let found = offer.signer.certificates().await;
            if way.try_get_untracked().as_deref() != Some(way::key(offer.way())) {
                return;
            }
            let found = found.map_err(|error| error.trouble(lang.get_untracked()));
            if let Ok([first, ..]) = found.as_deref() {
                let signer = offer.signer.clone();
                chosen.set(Some(Chosen { signer, certificate: first.clone() }));
            }
            certificates.set(Some(found));
        });
    };
    let enter = move |key: String| {
        way.set(key);
        chosen.set(None);
        certificates.set(None);
        failure.set(None);
        if let Some(offer) = untrack(current)
            && offer.availability == Availability::Ready
        {
            list(offer);
        }
    };
    let look = move |keep: Option<String>| {
        spawn_local(async move {
            let allowed = allowed().await;
            let mut found = Vec::new();
            for signer in super::signers(holder, phone.get_value(), lang.get_untracked()) {
                if allowed.offers(signer.way()) {
                    let availability = signer.status().await;
                    found.push(Offered { signer: SendWrapper::new(signer), availability });
                }
            }
            let order = found.iter().map(|offer| (offer.way(), offer.availability.clone()));
            let order: Vec<_> = way::ordered(order.collect(), way::last())
                .into_iter()
                .map(|(way, _)| way)
                .collect();
            found.sort_by_key(|offer| order.iter().position(|way| *way == offer.way()));
            let first = found.first().map(|offer| way::key(offer.way()).to_owned());
            // The page may have gone meanwhile, and its signals with it.
            if offered.try_set(Some(found)).is_some() {
                return;
            }
            ways.set(allowed);
            if let Some(key) = keep.or(first) {
                enter(key);
            }
        });
    };
    Effect::new(move |_| look(None));

    let give = Callback::new(move |given: Given| {
        let Some(offer) = untrack(current) else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let given = offer.signer.give(given).await;
            let availability = offer.signer.status().await;
            if busy.try_set(false).is_some() {
                return;
            }
            if let Err(error) = given {
                failure.set(Some(error.trouble(lang.get_untracked())));
                return;
            }
            chosen.set(None);
            certificates.set(None);
            let changed = Offered { availability, ..offer };
            offered.update(|offered| {
                let all = offered.iter_mut().flatten();
                for known in all.filter(|known| known.way() == changed.way()) {
                    *known = changed.clone();
                }
            });
            if changed.availability == Availability::Ready {
                list(changed);
            }
        });
    });

    // Remade only when a text changes: what has the focus keeps it.
    let choices = Memo::new(move |_| {
        let lang = lang.get_untracked();
        offered.with(|offered| {
            let choices = offered.as_ref()?.iter().map(|offer| {
                let way = offer.way();
                let detail = match &offer.availability {
                    Availability::Ready | Availability::Asks(_) => way::about(way, lang),
                    Availability::NeedsSetup(trouble) | Availability::Impossible(trouble) => {
                        &trouble.cause
                    }
                };
                Choice::new(way::key(way), way::name(way, lang)).with_detail(detail)
            });
            Some(choices.collect::<Vec<_>>())
        })
    });
    let list_of_ways = move || match choices.get() {
        None => view! {
            <Spinner label=tr!(lang, "Смотрим, чем можно подписать…", "Looking for ways to sign…")/>
        }
        .into_any(),
        Some(options) => view! {
            <RadioGroup
                name="signing-way"
                legend=tr!(lang, "Чем подписать", "What to sign with")
                options
                value=way
                on_change=Callback::new(enter)
            />
        }
        .into_any(),
    };
    let panel = move || {
        let offer = current()?;
        let way = offer.way();
        let qualified = ways.with(|ways| ways.is_qualified(way));
        Some(match offer.availability {
            Availability::Ready => {
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
                    <Certificates certificates signer=offer.signer chosen/>
                    {another}
                }
                .into_any()
            }
            Availability::Asks(Ask::Container) => {
                view! { <ContainerForm give busy failure qualified/> }.into_any()
            }
            Availability::Asks(Ask::Pin(kept)) => {
                view! { <PinForm kept give busy failure/> }.into_any()
            }
            Availability::Asks(Ask::Signature) => {
                view! { <UploadForm download give busy failure/> }.into_any()
            }
            Availability::Asks(Ask::Phone { bytes, last }) => {
                let last = last.map(|last| *last);
                view! { <PhoneForm bytes last give busy failure/> }.into_any()
            }
            Availability::NeedsSetup(trouble) | Availability::Impossible(trouble) => {
                let key = way::key(way);
                let profile = (way == SignatureWay::Browser && holder.is_some()).then(|| {
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
                            <Button icon=IconName::Refresh on_click=move |_| look(Some(key.to_owned()))>
                                {tr!(lang, "Проверить снова", "Check again")}
                            </Button>
                        </div>
                    </Alert>
                }
                .into_any()
            }
        })
    };
    view! {
        <div class="signing-chooser">
            {list_of_ways}
            <div class="signing-panel">{panel}</div>
        </div>
    }
}

/// The certificates of a way; the first valid one is chosen already.
#[component]
fn Certificates(
    certificates: RwSignal<Option<Result<Vec<CertificateInfo>, Trouble>>>,
    signer: SendWrapper<Rc<dyn Signer>>,
    chosen: RwSignal<Option<Chosen>>,
) -> impl IntoView {
    let lang = use_lang();
    let signer = StoredValue::new(signer);
    let value = Signal::derive(move || {
        chosen
            .with(|chosen| chosen.as_ref().map(|chosen| chosen.certificate.id.clone()))
            .unwrap_or_default()
    });
    let choose = move |id: String| {
        let found = certificates.with_untracked(|found| {
            found.as_ref()?.as_ref().ok()?.iter().find(|found| found.id == id).cloned()
        });
        if let Some(certificate) = found {
            chosen.set(Some(Chosen { signer: signer.get_value(), certificate }));
        }
    };
    move || {
        match certificates.get() {
        None => view! {
            <Spinner label=tr!(lang, "Ищем сертификаты…", "Looking for certificates…")/>
        }
        .into_any(),
        Some(Err(trouble)) => view! {
            <Alert tone=Tone::Danger title=trouble.cause live=true>
                <p>{trouble.remedy}</p>
            </Alert>
        }
        .into_any(),
        Some(Ok(found)) if found.is_empty() => view! {
            <Alert tone=Tone::Warning title=tr!(lang, "Сертификатов с ключом нет", "There is no certificate with a key")>
                <p>{tr!(lang, "Вставьте токен или установите сертификат, затем выберите способ ещё раз.", "Insert the token or install the certificate, then choose the way again.")}</p>
            </Alert>
        }
        .into_any(),
        Some(Ok(found)) => {
            let options = found.iter().map(|found| choice(lang, found)).collect();
            let stale = move || {
                let now = device::now();
                chosen
                    .with(|chosen| chosen.as_ref().is_some_and(|chosen| !chosen.certificate.is_valid(now)))
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Warning live=true>
                                <p>{tr!(lang, "Срок этого сертификата истёк или ещё не наступил: подпись им не примут.", "This certificate is not valid now: a signature by it will not be accepted.")}</p>
                            </Alert>
                        }
                    })
            };
            view! {
                <RadioGroup
                    name="signing-certificate"
                    legend=tr!(lang, "Сертификат", "Certificate")
                    options
                    value
                    on_change=Callback::new(choose)
                />
                {stale}
            }
            .into_any()
        }
    }
    }
}

/// Whose, until when, from whom, of which kind.
fn choice(lang: Signal<domain::lang::Lang>, certificate: &CertificateInfo) -> Choice {
    let day = |at| domain::date::format_date(domain::date::moscow_date(at));
    let (now, until) = (device::now(), day(certificate.valid_to));
    let validity = if now < certificate.valid_from {
        tr!(lang, "действует с {from}", "valid from {from}", from = day(certificate.valid_from))
    } else if now > certificate.valid_to {
        tr!(lang, "срок истёк {until}", "expired on {until}", until = until)
    } else {
        tr!(lang, "действует до {until}", "valid until {until}", until = until)
    };
    let by = tr!(lang, "выдан: {issuer}", "issued by {issuer}", issuer = certificate.issuer);
    Choice::new(certificate.id.clone(), certificate.subject.clone())
        .with_detail(format!("{validity} · {by} · {}", certificate.algorithm))
}
