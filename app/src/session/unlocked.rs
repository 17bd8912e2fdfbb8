//! The end of a sign-in that opens a locked page in another tab.

use leptos::prelude::*;

use crate::{
    document::idle::tell_unlocked,
    tr,
    ui::{PageTitle, use_lang},
};

#[component]
pub fn UnlockedPage() -> impl IntoView {
    let lang = use_lang();
    Effect::new(|_| tell_unlocked());
    view! {
        <PageTitle text=tr!(lang, "Вы снова вошли", "You are signed in again")/>
        <section class="sign-in">
            <h1>{tr!(lang, "Вы снова вошли", "You are signed in again")}</h1>
            <p>
                {tr!(
                    lang,
                    "Вернитесь на вкладку, с которой пришли: она открылась такой, какой была. Эту вкладку можно закрыть.",
                    "Go back to the tab you came from: it is open as it was. You can close this one."
                )}
            </p>
            <p>
                <a href="/">{tr!(lang, "Или перейти на главную", "Or go to the home page")}</a>
            </p>
        </section>
    }
}
