//! Waiting for the telephone: what to do there, how long there is, and what came of it. The request
//! lives on the server, so the page may be closed, and any device of the person shows it again.

use std::time::Duration;

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    view::signature::{FrozenBytes, MobileRequest, MobileState},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{Given, Trouble, api, asks::Refused, challenge::refusal};
use crate::{
    document::{device, idle::use_idleness},
    error::ApiError,
    tr,
    ui::{Alert, Button, IconName, Tone, use_lang},
};

/// Between two looks: people confirm within a minute, or much later.
fn pause(looks: u32) -> Duration {
    Duration::from_secs(u64::from(looks / 10 + 1).min(15))
}

/// Asks the telephone, and waits for it.
#[component]
pub fn PhoneForm(
    bytes: FrozenBytes,
    last: Option<MobileRequest>,
    give: Callback<Given>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
) -> impl IntoView {
    let lang = use_lang();
    let left = RwSignal::new(last.as_ref().map_or(0, |last| last.seconds_left));
    let request = RwSignal::new(last);
    let bytes = StoredValue::new(bytes);
    let turn = StoredValue::new(0_u32);
    // Nothing is kept when the page has gone meanwhile.
    let take = move |found: Option<MobileRequest>| {
        if request.try_set(found.clone()).is_some() {
            return;
        }
        let Some(found) = found else { return };
        left.set(found.seconds_left);
        if found.state == MobileState::Signed {
            give.run(Given::Phone(Box::new(found)));
        }
    };
    let refused = move |error: &ApiError| {
        failure.try_set(Some(refusal(error, lang.get_untracked())));
    };
    // Looks now and as long as the telephone is waited for; one watch at a time.
    let watch = move || {
        let own = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        spawn_local(async move {
            for looks in 0.. {
                let Some(bytes) = bytes.try_get_value() else { return };
                let found = api::mobile_look(bytes).await;
                if own.is_none() || turn.try_get_value() != own {
                    return;
                }
                match found {
                    Ok(found) => take(found),
                    Err(ApiError(error)) if error.code == ErrorCode::Unavailable => {}
                    Err(error) => return refused(&error),
                }
                let waits = request.try_with_untracked(|request| {
                    request.as_ref().is_some_and(|request| request.state.waits())
                });
                if waits != Some(true) {
                    return;
                }
                device::sleep(pause(looks)).await;
            }
        });
    };
    let returns = use_idleness().map(|idleness| idleness.returns());
    Effect::new(move |_| {
        // Who comes back to a locked screen waits on.
        if returns.is_some_and(|returns| returns.get() > 0) {
            failure.set(None);
        }
        watch();
    });
    Effect::new(move |_| {
        let tick = move || left.update(|left| *left = left.saturating_sub(1));
        let ticking = set_interval_with_handle(tick, Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    let begin = move |_| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let begun = api::mobile_begin(bytes.get_value()).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match begun {
                Ok(begun) => {
                    take(Some(begun));
                    watch();
                }
                Err(error) => refused(&error),
            }
        });
    };
    let cancel = move |id: Uuid| {
        busy.set(true);
        spawn_local(async move {
            let cancelled = api::mobile_cancel(id).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match cancelled {
                Ok(cancelled) => take(Some(cancelled)),
                Err(error) => refused(&error),
            }
        });
    };
    let waiting = Memo::new(move |_| {
        request.with(|request| {
            request.as_ref().filter(|request| request.state.waits()).map(|request| request.id)
        })
    });
    // Read out when it changes, and only then: the countdown stands apart.
    let state = Memo::new(move |_| {
        request.with(|request| request.as_ref().map(|request| words(request, lang.get())))
    });
    view! {
        <div class="signing-form signing-phone">
            <p class="small muted">
                {tr!(
                    lang,
                    "Кабинет отправит документ в приложение «Госключ» на ваш телефон. Подпись придёт сюда сама, даже если закрыть страницу; документ уйдёт в таможню, когда вы нажмёте «Подписать и отправить».",
                    "The cabinet sends the document to the Goskey application on your phone. The signature comes here by itself, even if you close the page; the document goes to customs when you press “Sign and send”."
                )}
            </p>
            <div role="status" class="signing-phone-state">
                {move || {
                    state
                        .get()
                        .map(|Words { tone, title, text }| {
                            view! {
                                <Alert tone title=title>
                                    <p>{text}</p>
                                </Alert>
                            }
                        })
                }}
            </div>
            <Refused failure/>
            {move || match waiting.get() {
                Some(id) => {
                    view! {
                        <p role="timer">
                            {move || tr!(lang, "Осталось: {left}", "Time left: {left}", left = countdown(left.get(), lang.get()))}
                        </p>
                        <div class="actions">
                            <Button busy on_click=move |_| cancel(id)>
                                {tr!(lang, "Отменить запрос", "Cancel the request")}
                            </Button>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <div class="actions">
                            <Button icon=IconName::Device busy on_click=begin>
                                {move || match state.with(Option::is_some) {
                                    true => tr!(lang, "Отправить запрос снова", "Send the request again"),
                                    false => tr!(lang, "Отправить запрос в Госключ", "Send a request to Goskey"),
                                }}
                            </Button>
                        </div>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Says that the signature has come: nothing is sent before the person says so.
#[component]
pub fn PhoneSigned() -> impl IntoView {
    let lang = use_lang();
    view! {
        <div role="status">
            <Alert tone=Tone::Success title=tr!(lang, "Подпись с телефона получена", "The signature from the phone has come")>
                <p>
                    {tr!(
                        lang,
                        "Нажмите «Подписать и отправить»: документ уйдёт в таможню с этой подписью.",
                        "Press “Sign and send”: the document goes to customs with this signature."
                    )}
                </p>
            </Alert>
        </div>
    }
}

/// How a request stands, in words.
#[derive(Clone, PartialEq, Eq)]
struct Words {
    tone: Tone,
    title: String,
    text: String,
}

fn words(request: &MobileRequest, lang: Lang) -> Words {
    let say = |tone, title: &str, text: &str| Words {
        tone,
        title: title.to_owned(),
        text: text.to_owned(),
    };
    let silent = tr!(
        lang,
        "Госуслуги сейчас не отвечают. Запрос сохранён и дойдёт сам: страницу можно закрыть.",
        "Gosuslugi does not answer now. The request is kept and gets through by itself: you may close the page."
    );
    match request.state {
        MobileState::Created => say(
            Tone::Accent,
            tr!(lang, "Запрос отправляется на телефон", "The request is on its way to the phone"),
            if request.delayed {
                silent
            } else {
                tr!(
                    lang,
                    "Обычно это занимает несколько секунд.",
                    "This usually takes a few seconds."
                )
            },
        ),
        MobileState::Sent => say(
            Tone::Accent,
            tr!(lang, "Подтвердите подпись на телефоне", "Confirm the signature on the phone"),
            if request.delayed {
                silent
            } else {
                tr!(
                    lang,
                    "Откройте приложение «Госключ», найдите этот документ, сверьте название и подпишите его.",
                    "Open the Goskey application, find this document, compare its name and sign it."
                )
            },
        ),
        MobileState::Signed => say(
            Tone::Success,
            tr!(lang, "Подпись с телефона получена", "The signature from the phone has come"),
            tr!(lang, "Проверяем её.", "It is being checked."),
        ),
        MobileState::Expired => say(
            Tone::Warning,
            tr!(lang, "Срок запроса истёк", "The request has expired"),
            tr!(
                lang,
                "На телефоне его никто не подтвердил. Документ остался черновиком.",
                "Nobody confirmed it on the phone. The document is still a draft."
            ),
        ),
        MobileState::Cancelled => say(
            Tone::Neutral,
            tr!(lang, "Запрос отменён", "The request is cancelled"),
            tr!(lang, "Документ остался черновиком.", "The document is still a draft."),
        ),
        MobileState::Refused => match &request.cause {
            None => say(
                Tone::Warning,
                tr!(
                    lang,
                    "На телефоне отказались подписывать",
                    "Signing was declined on the phone"
                ),
                tr!(
                    lang,
                    "Документ остался черновиком. Если вы передумали, отправьте запрос снова.",
                    "The document is still a draft. If you changed your mind, send the request again."
                ),
            ),
            Some(cause) => {
                let why = WireError::new(ErrorCode::Invalid, cause.as_str());
                say(Tone::Danger, &why.cause_text(lang), &why.remedy_text(lang))
            }
        },
    }
}

/// «23 ч 59 мин», and within the last hour «59 мин 59 с».
fn countdown(seconds: u32, lang: Lang) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => tr!(lang, "{m} мин {s} с", "{m} min {s} s", m = minutes, s = seconds),
        _ => tr!(lang, "{h} ч {m} мин", "{h} h {m} min", h = hours, m = minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_is_as_fine_as_it_matters() {
        assert_eq!(countdown(86_399, Lang::Ru), "23 ч 59 мин");
        assert_eq!(countdown(3600, Lang::En), "1 h 0 min");
        assert_eq!(countdown(3599, Lang::Ru), "59 мин 59 с");
        assert_eq!(countdown(0, Lang::En), "0 min 0 s");
    }

    #[test]
    fn looks_become_rarer() {
        let pauses: Vec<u64> = [0, 9, 10, 100, 1000].map(|looks| pause(looks).as_secs()).into();
        assert_eq!(pauses, [1, 1, 2, 11, 15]);
    }

    #[test]
    fn every_state_has_words_in_both_languages() {
        let causes = [None, Some("signature.other_person"), Some("signature.mobile_rejected")];
        for state in MobileState::ALL {
            for cause in causes {
                for delayed in [false, true] {
                    let request = MobileRequest {
                        id: Uuid::nil(),
                        state,
                        seconds_left: 1,
                        delayed,
                        cause: cause.map(str::to_owned),
                        signature: None,
                    };
                    let [ru, en] = Lang::ALL.map(|lang| words(&request, lang));
                    assert_ne!(ru.title, en.title, "{request:?}");
                    assert!(!ru.text.is_empty() && !en.text.is_empty(), "{request:?}");
                }
            }
        }
    }
}
