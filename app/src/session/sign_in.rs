//! The sign-in page, and why the last attempt did not succeed.

use domain::{
    error::{ErrorCode, WireError},
    view::session::Who,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::use_who;
use crate::{
    routes::local,
    tr,
    ui::{Alert, ButtonKind, Emblem, LinkButton, PageTitle, Tone, use_lang},
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let lang = use_lang();
    let who = use_who();
    let query = use_query_map();
    let refusal = move || {
        let query = query.get();
        let key = query.get("refused")?;
        let error = WireError::new(ErrorCode::Forbidden, key).arg("system", "Госуслуги");
        Some((error, query.get("id")))
    };
    let href = Signal::derive(move || {
        let wanted = query.with(|query| query.get("return"));
        match wanted.as_deref().and_then(local) {
            Some(path) => format!("/sign-in/esia?return={}", encoded(path)),
            None => "/sign-in/esia".to_owned(),
        }
    });
    let by_signature = Signal::derive(move || {
        let wanted = query.with(|query| query.get("return"));
        match wanted.as_deref().and_then(local) {
            Some(path) => format!("/sign-in/signature?return={}", encoded(path)),
            None => "/sign-in/signature".to_owned(),
        }
    });
    view! {
        <PageTitle text=tr!(lang, "Вход", "Sign in")/>
        <section class="sign-in">
            <Emblem/>
            <h1>
                {tr!(lang, "Вход в личный кабинет участника ВЭД", "Sign in to the foreign trade cabinet")}
            </h1>
            {move || refusal().map(|(error, id)| view! { <Refusal error id/> })}
            {move || who.get().map(|who| view! { <Present who/> })}
            <LinkButton href kind=ButtonKind::Primary external=true>
                {tr!(lang, "Войти через Госуслуги", "Sign in with Gosuslugi")}
            </LinkButton>
            <LinkButton href=by_signature>
                {tr!(lang, "Войти по электронной подписи", "Sign in with an electronic signature")}
            </LinkButton>
            <p class="small muted">
                {tr!(
                    lang,
                    "Нужна подтверждённая учётная запись Госуслуг. Первый вход — как физическое лицо: кабинет организации или ИП откроется после него, если ваша учётная запись к ней привязана.",
                    "A confirmed Gosuslugi account is needed. You first sign in as a natural person; the cabinet of a company or sole trader opens after that when your account is tied to it."
                )}
            </p>
            <p>
                <a href="/signature-check">{tr!(lang, "Проверить ЭП", "Check a signature")}</a>
            </p>
        </section>
    }
}

/// Why the last attempt failed, and what to do.
#[component]
fn Refusal(error: WireError, id: Option<String>) -> impl IntoView {
    let lang = use_lang().get_untracked();
    view! {
        <Alert tone=Tone::Danger title=error.cause_text(lang) live=true>
            <p>{error.remedy_text(lang)}</p>
            {id.map(|id| {
                view! {
                    <p class="small muted">
                        {tr!(lang, "Номер запроса: ", "Request number: ")} <code>{id}</code>
                    </p>
                }
            })}
        </Alert>
    }
}

/// Somebody is signed in already, or has left the screen locked.
#[component]
fn Present(who: Who) -> impl IntoView {
    let lang = use_lang();
    let name = who.name.full();
    if who.locked {
        view! {
            <Alert tone=Tone::Warning title=tr!(lang, "Экран заблокирован", "The screen is locked")>
                <p>
                    {tr!(
                        lang,
                        "Войдите снова как {name}, чтобы продолжить. Введённое сохранено.",
                        "Sign in again as {name} to continue. What you entered is kept.",
                        name = name
                    )}
                </p>
                <form method="post" action="/sign-out">
                    <button class="button" data-kind="quiet" type="submit">
                        <span class="button-text">
                            {tr!(lang, "Выйти и войти под другой учётной записью", "Sign out and use another account")}
                        </span>
                    </button>
                </form>
            </Alert>
        }
        .into_any()
    } else {
        view! {
            <Alert tone=Tone::Accent title=tr!(lang, "Вы уже вошли", "You are signed in")>
                <p>{name}</p>
                <p>
                    <a href="/">{tr!(lang, "Перейти на главную", "Go to the home page")}</a>
                </p>
            </Alert>
        }
        .into_any()
    }
}

/// A path as the value of a query.
fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
