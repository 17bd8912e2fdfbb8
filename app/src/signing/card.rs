//! The profile's section «Подпись на этом устройстве»: what there is, and making one.

use domain::{
    date::format_moscow,
    view::signature::{SignatureWay, SigningTerms},
};
use leptos::{prelude::*, task::spawn_local};

use super::{Availability, CertificateInfo, Holder, Trouble, api, base64, csr::Subject, fitness};
use crate::{
    document::device,
    session::use_who,
    tr,
    ui::{Alert, Button, ButtonKind, Spinner, Tone, i18n::use_lang, toast},
};

/// What the section knows of the device.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Looking,
    Absent,
    Impossible(Trouble),
    Present(CertificateInfo),
}

/// A card that shows the signature of this device or makes one.
#[component]
pub fn SignatureCard(
    /// Tells the page that a certificate was attached.
    #[prop(optional, into)]
    on_created: Option<Callback<()>>,
) -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let state = RwSignal::new(State::Looking);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let holder = move || {
        who.get().and_then(|who| {
            let participant = who.role.as_ref()?.participant;
            Some(Holder { person: who.person, participant })
        })
    };
    let look = move || {
        let Some(holder) = untrack(holder) else { return };
        spawn_local(async move {
            let own = super::signers(Some(holder), None, None, lang.get_untracked())
                .into_iter()
                .find(|signer| signer.way() == SignatureWay::Browser);
            let Some(signer) = own else { return };
            let seen = match (signer.status().await, signer.certificates().await) {
                (Availability::Impossible(trouble), _) => State::Impossible(trouble),
                (_, Ok(mut certificates)) => {
                    fitness::sort(&mut certificates, &SigningTerms::default(), device::now());
                    certificates.into_iter().next().map_or(State::Absent, State::Present)
                }
                _ => State::Absent,
            };
            state.set(seen);
        });
    };
    Effect::new(move |_| {
        who.track();
        look();
    });
    let create = move |_| {
        let (Some(holder), Some(who)) = (untrack(holder), who.get_untracked()) else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let given_name = [Some(who.name.name.clone()), who.name.patronymic.clone()];
            let subject = Subject {
                common_name: who.name.full(),
                surname: who.name.surname.clone(),
                given_name: given_name.into_iter().flatten().collect::<Vec<_>>().join(" "),
            };
            let made = async {
                let lang = lang.get_untracked();
                let text = |error: super::SignError| error.text(lang);
                let request = super::make_key(holder, &subject).await.map_err(text)?;
                let chain = api::certificate_request(base64::encode(&request))
                    .await
                    .map_err(|error| error.0.text(lang))?;
                super::keep_certificate(holder, &chain).await.map_err(text)
            }
            .await;
            busy.set(false);
            match made {
                Ok(()) => {
                    toast(Tone::Success, tr!(lang, "Подпись создана", "The signature was created"));
                    look();
                    if let Some(on_created) = on_created {
                        on_created.run(());
                    }
                }
                Err(text) => failure.set(Some(text)),
            }
        });
    };
    let body = move || {
        match state.get() {
        State::Looking => view! { <Spinner/> }.into_any(),
        State::Absent => view! {
            <p>{tr!(lang, "На этом устройстве подписи пока нет.", "There is no signature on this device yet.")}</p>
        }
        .into_any(),
        State::Impossible(trouble) => view! {
            <Alert tone=Tone::Warning title=trouble.cause>
                <p>{trouble.remedy}</p>
            </Alert>
        }
        .into_any(),
        State::Present(certificate) => view! { <Details certificate/> }.into_any(),
    }
    };
    view! {
        <section class="card signature-card" aria-labelledby="signature-card-title">
            <h2 id="signature-card-title">{tr!(lang, "Подпись на этом устройстве", "Signature on this device")}</h2>
            <p>
                {tr!(
                    lang,
                    "Ключ создаёт и хранит браузер; прочитать или скопировать его нельзя. Сертификат выдаёт удостоверяющий центр.",
                    "The browser makes and keeps the key; it can be neither read nor copied. The certificate comes from the certificate authority."
                )}
            </p>
            {body}
            {move || failure.get().map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })}
            <Button
                kind=ButtonKind::Primary
                busy
                disabled=Signal::derive(move || matches!(state.get(), State::Looking | State::Impossible(_)))
                on_click=create
            >
                {move || {
                    if matches!(state.get(), State::Present(_)) {
                        tr!(lang, "Создать новую подпись", "Create a new signature")
                    } else {
                        tr!(lang, "Создать подпись на этом устройстве", "Create a signature on this device")
                    }
                }}
            </Button>
        </section>
    }
}

#[component]
fn Details(certificate: CertificateInfo) -> impl IntoView {
    let lang = use_lang();
    let row = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="facts">
            {row(tr!(lang, "Кому выдан", "Issued to"), certificate.subject)}
            {row(tr!(lang, "Кем выдан", "Issued by"), certificate.issuer)}
            {row(tr!(lang, "Действует до", "Valid until"), format_moscow(certificate.valid_to))}
            {row(tr!(lang, "Алгоритм", "Algorithm"), certificate.algorithm)}
        </dl>
    }
}
