//! «Войти по электронной подписи»: a challenge is signed, the certificate says who comes in.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use super::{api, use_who};
use crate::{
    routes::local,
    signing::{
        Trouble,
        challenge::{Answered, ChallengeForm, refusal},
        way,
    },
    tr,
    ui::{PageTitle, use_lang},
};

#[component]
pub fn SignatureSignInPage() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let query = use_query_map();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Trouble>);
    let enter = Callback::new(move |answered: Answered| {
        busy.set(true);
        spawn_local(async move {
            match api::sign_in_by_signature(answered.token, answered.signature).await {
                Ok(signed) => {
                    way::remember(answered.way);
                    let wanted = query.with_untracked(|query| query.get("return"));
                    let target = match wanted.as_deref().and_then(local) {
                        Some(wanted) if signed.return_to == "/" => wanted.to_owned(),
                        _ => signed.return_to,
                    };
                    // Everything on the page changes with the person.
                    drop(window().location().set_href(&target));
                }
                Err(error) => {
                    busy.try_set(false);
                    failure.try_set(Some(refusal(&error, lang.get_untracked())));
                }
            }
        });
    });
    // Who left the screen locked comes back; who is here adds a company.
    let known = move || who.with(|who| who.as_ref().is_some_and(|who| !who.locked));
    view! {
        <PageTitle text=tr!(lang, "Вход по электронной подписи", "Sign in with a signature")/>
        <div class="stack narrow">
            <section class="card" aria-labelledby="by-signature">
                <h1 id="by-signature">
                    {move || {
                        if known() {
                            tr!(lang, "Новая организация — войти по ЭП", "New company: sign in with its signature")
                        } else {
                            tr!(lang, "Войти по электронной подписи", "Sign in with an electronic signature")
                        }
                    }}
                </h1>
                <p>
                    {move || {
                        if known() {
                            tr!(
                                lang,
                                "Подпишите проверочный текст подписью организации, оформленной на вас как на руководителя. СНИЛС в ней должен быть вашим. Подпись сразу прикрепится к кабинету.",
                                "Sign a test text with the company's signature issued to you as its head. The SNILS in it must be yours. The signature is attached to the cabinet at once."
                            )
                        } else {
                            tr!(
                                lang,
                                "Подпишите проверочный текст. Руководитель организации сначала входит как физическое лицо — своей подписью или через Госуслуги.",
                                "Sign a test text. The head of a company first signs in as a person, with his own signature or through Gosuslugi."
                            )
                        }
                    }}
                </p>
                <ChallengeForm
                    label=tr!(lang, "Подписать и войти", "Sign and enter")
                    busy
                    failure
                    on_signed=enter
                />
            </section>
            <p>
                <a href="/signature-check">{tr!(lang, "Проверить ЭП", "Check a signature")}</a>
                " · "
                <a href="/sign-in">{tr!(lang, "Другие способы входа", "Other ways to sign in")}</a>
            </p>
        </div>
    }
}
