//! Signing a challenge: the proof that one holds a key, for «Проверить ЭП» and for sign-in.

use domain::view::signature::{Challenge, SignatureWay};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Content, Trouble, api,
    asks::Refused,
    base64,
    chooser::{Chosen, Download, SignatureChooser},
};
use crate::{
    document::device,
    error::ApiError,
    tr,
    ui::{Button, ButtonKind, IconName, Spinner, use_lang},
};

/// A challenge that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub token: String,
    /// Detached CMS, DER, base64.
    pub signature: String,
    pub way: SignatureWay,
}

/// What an answer of the server means to the person.
pub fn refusal(error: &ApiError, lang: domain::lang::Lang) -> Trouble {
    Trouble::new(error.0.cause_text(lang), error.0.remedy_text(lang))
}

/// Chooses a way and a certificate and signs a challenge.
#[component]
pub fn ChallengeForm(
    /// The words of the button.
    label: &'static str,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
    on_signed: Callback<Answered>,
) -> impl IntoView {
    let lang = use_lang();
    let challenge = RwSignal::new(None::<Challenge>);
    let chosen = RwSignal::new(None::<Chosen>);
    let fetch = move || async move {
        match api::signature_challenge().await {
            Ok(fresh) => {
                challenge.try_set(Some(fresh.clone()));
                Some(fresh)
            }
            Err(error) => {
                failure.try_set(Some(refusal(&error, lang.get_untracked())));
                None
            }
        }
    };
    Effect::new(move |_| spawn_local(async move { drop(fetch().await) }));
    let download = Signal::derive(move || {
        challenge.with(|challenge| {
            challenge.as_ref().map(|challenge| Download {
                name: "cabinet-challenge.txt".to_owned(),
                href: format!("data:text/plain;base64,{}", challenge.content),
            })
        })
    });
    let sign = move |_| {
        let Some(Chosen { signer, certificate }) = chosen.get_untracked() else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let way = signer.way();
            // A challenge signs in once and lives minutes; only what was signed elsewhere is tied
            // to the one that was downloaded.
            let current = match (way, challenge.get_untracked()) {
                (SignatureWay::File, Some(current)) => Some(current),
                (_, Some(current)) if current.expires > device::now() => Some(current),
                _ => fetch().await,
            };
            let answered = match current {
                None => None,
                Some(current) => {
                    let bytes = base64::decode(&current.content).unwrap_or_default();
                    let title = tr!(lang, "Проверочный текст", "Challenge").to_owned();
                    let content = Content { title, bytes, lasting: false };
                    match signer.sign(&certificate.id, &content).await {
                        Ok(signature) => Some(Answered {
                            token: current.token,
                            signature: base64::encode(&signature.cms),
                            way,
                        }),
                        Err(error) => {
                            failure.try_set(Some(error.trouble(lang.get_untracked())));
                            None
                        }
                    }
                }
            };
            busy.try_set(false);
            if let Some(answered) = answered {
                // The next try needs a challenge of its own, except one that a file answers.
                if way != SignatureWay::File {
                    challenge.try_set(None);
                }
                on_signed.run(answered);
            }
        });
    };
    let mounted = RwSignal::new(false);
    Effect::new(move |_| mounted.set(true));
    view! {
        <div class="signing-challenge">
            // Which ways there are is known in the browser only.
            {move || {
                if mounted.get() {
                    view! { <SignatureChooser holder=None download chosen/> }.into_any()
                } else {
                    view! { <Spinner label=tr!(lang, "Смотрим, чем можно подписать…", "Looking for ways to sign…")/> }.into_any()
                }
            }}
            <noscript>{tr!(lang, "Для подписи нужен JavaScript.", "Signing needs JavaScript.")}</noscript>
            <Refused failure/>
            <Button
                kind=ButtonKind::Primary
                icon=IconName::Sign
                busy
                disabled=Signal::derive(move || chosen.with(Option::is_none))
                on_click=sign
            >
                {label}
            </Button>
        </div>
    }
}
