//! Ten idle minutes end nothing. Shortly before, the page says what is coming; then the screen
//! locks over the page as it is, and signing in again opens it where it was left.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use uuid::Uuid;

use super::device;
use crate::{
    session::{WhoContext, api as session, use_who},
    tr,
    ui::{Alert, Button, ButtonKind, Tone, i18n::use_lang},
};

/// The line on which the pages of this device tell each other about activity and sign-in.
const LINE: &str = "cabinet:session";
const ACTIVE: &str = "active";
/// What the page that ends a repeated sign-in says.
const UNLOCKED: &str = "unlocked";

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Active,
    /// The screen locks shortly.
    Warned,
    Locked,
}

/// The reckoning of idleness, in milliseconds of the device's clock. The notice comes at nine
/// tenths of the limit: at nine minutes of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    limit: i64,
    last: i64,
    /// When the server last heard of activity.
    told: i64,
    locked: bool,
}

impl Idle {
    pub fn new(limit_seconds: u32, now: i64) -> Self {
        Self { limit: i64::from(limit_seconds) * 1000, last: now, told: now, locked: false }
    }

    /// Something was done on a page of this device. Does nothing to a locked screen.
    pub fn active(&mut self, now: i64) {
        if !self.locked {
            self.last = self.last.max(now);
        }
    }

    /// Where the reader stands now; a screen once locked stays so until [`Idle::unlock`].
    pub fn phase(&mut self, now: i64) -> Phase {
        let idle = now - self.last;
        self.locked |= idle >= self.limit;
        match idle {
            _ if self.locked => Phase::Locked,
            idle if idle >= self.limit / 10 * 9 => Phase::Warned,
            _ => Phase::Active,
        }
    }

    pub fn lock(&mut self) {
        self.locked = true;
    }

    pub fn unlock(&mut self, now: i64) {
        *self = Self { last: now, told: now, locked: false, ..*self };
    }

    /// Whether the server should hear now that somebody is there: reading makes no requests, yet
    /// it is not idleness.
    pub fn should_tell(&mut self, now: i64) -> bool {
        let due = !self.locked && self.last > self.told && now - self.told >= self.limit / 5;
        if due {
            self.told = now;
        }
        due
    }
}

/// What pages inside the guard tell it and hear from it.
#[derive(Clone, Copy)]
pub struct Idleness {
    ended: RwSignal<bool>,
    returns: RwSignal<u32>,
}

impl Idleness {
    /// The server told a page that the session ended or is locked.
    pub fn session_ended(self) {
        self.ended.set(true);
    }

    /// Grows each time the person comes back to a locked screen.
    pub fn returns(self) -> Signal<u32> {
        self.returns.into()
    }
}

/// The guard around the page; `None` outside of one.
pub fn use_idleness() -> Option<Idleness> {
    use_context::<Idleness>()
}

/// Guards what is inside: warns, locks, and opens again in place. The root puts it around
/// everything; while nobody is signed in it does nothing.
#[component]
pub fn IdleGuard(children: Children) -> impl IntoView {
    let lang = use_lang();
    let guard = Idleness { ended: RwSignal::new(false), returns: RwSignal::new(0) };
    provide_context(guard);
    let who = use_who();
    let known = use_context::<WhoContext>();
    let phase = RwSignal::new(Phase::Active);
    let stranger = RwSignal::new(false);
    let checking = RwSignal::new(false);
    let idle = StoredValue::new(Idle::new(u32::MAX, 0));
    let line: StoredValue<_, device::ChannelStorage> =
        StoredValue::new_with_storage(None::<device::Channel>);
    // Whose page it is and how long they may be idle. It outlives the session: only this person
    // opens the screen again. A page that was loaded locked has nothing to guard.
    let owner = Memo::new(move |before: Option<&Option<(Uuid, u32)>>| {
        who.with(|who| {
            who.as_ref().filter(|who| !who.locked).map(|who| (who.person, who.idle_limit))
        })
        .or(before.copied().flatten())
    });

    let now = || device::now().timestamp_millis();
    let look = move || {
        let before = phase.get_untracked();
        let after = idle.try_update_value(|idle| idle.phase(now())).unwrap_or(before);
        if after != before {
            phase.set(after);
            if after == Phase::Locked {
                // The screen is locked all the same when the server cannot be told.
                spawn_local(async { drop(session::lock().await) });
            }
        }
    };
    let recheck = move || {
        let Some((person, _)) = owner.get_untracked() else { return };
        if phase.get_untracked() != Phase::Locked || checking.get_untracked() {
            return;
        }
        checking.set(true);
        spawn_local(async move {
            let found = session::who().await;
            checking.set(false);
            match found {
                Ok(Some(found)) if found.person != person => stranger.set(true),
                Ok(Some(found)) if !found.locked => {
                    stranger.set(false);
                    guard.ended.set(false);
                    if let Some(WhoContext(known)) = known {
                        known.set(Some(found));
                    }
                    idle.update_value(|idle| idle.unlock(now()));
                    phase.set(Phase::Active);
                    guard.returns.update(|returns| *returns += 1);
                }
                _ => {}
            }
        });
    };
    let active = move || {
        idle.update_value(|idle| idle.active(now()));
        if phase.get_untracked() == Phase::Warned {
            look();
        }
        if idle.try_update_value(|idle| idle.should_tell(now())).unwrap_or(false) {
            line.with_value(|line| {
                if let Some(line) = line {
                    line.say(ACTIVE);
                }
            });
            // A lost heartbeat does no harm: the next one, or any request, makes up for it.
            spawn_local(async { drop(session::who().await) });
        }
    };

    Effect::new(move |_| {
        let Some((_, limit)) = owner.get() else { return };
        idle.set_value(Idle::new(limit, now()));
        line.set_value(device::Channel::open(LINE, move |said| match said.as_str() {
            ACTIVE => idle.update_value(|idle| idle.active(now())),
            UNLOCKED => recheck(),
            _ => {}
        }));
        let beat = Duration::from_millis((u64::from(limit) * 1000 / 100).clamp(250, 5000));
        let interval = set_interval_with_handle(look, beat).ok();
        let look_again = move || {
            look();
            recheck();
        };
        let listeners = [
            window_event_listener(ev::pointerdown, move |_| active()),
            window_event_listener(ev::keydown, move |_| active()),
            window_event_listener(ev::wheel, move |_| active()),
            window_event_listener(ev::touchstart, move |_| active()),
            window_event_listener(ev::focus, move |_| look_again()),
            window_event_listener(ev::visibilitychange, move |_| look_again()),
        ];
        on_cleanup(move || {
            line.set_value(None);
            if let Some(interval) = interval {
                interval.clear();
            }
            for listener in listeners {
                listener.remove();
            }
        });
    });
    Effect::new(move |_| {
        let over = who.with(|who| who.as_ref().is_none_or(|who| who.locked));
        if owner.get().is_some() && (guard.ended.get() || over) {
            idle.update_value(Idle::lock);
            phase.set(Phase::Locked);
        }
    });

    let locked = move || phase.get() == Phase::Locked;
    let recheck_now = Callback::new(move |()| recheck());
    view! {
        <div class="guarded" inert=locked data-locked=move || locked().then_some("")>
            {children()}
        </div>
        <div class="idle-notice" role="status" aria-live="polite">
            {move || {
                (phase.get() == Phase::Warned)
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Warning title=tr!(lang, "Через минуту экран закроется", "The screen locks in a minute")>
                                <p>
                                    {tr!(
                                        lang,
                                        "Вы давно ничего не делали. Ничего не потеряется: после повторного входа форма будет такой же.",
                                        "Nothing was done for a while. Nothing will be lost: after signing in again the form will be the same."
                                    )}
                                </p>
                                <Button on_click=move |_| active()>
                                    {tr!(lang, "Продолжить работу", "Continue")}
                                </Button>
                            </Alert>
                        }
                    })
            }}
        </div>
        {move || locked().then(|| view! { <LockScreen stranger recheck=recheck_now/> })}
    }
}

/// What covers the page while it is locked.
#[component]
fn LockScreen(stranger: RwSignal<bool>, recheck: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let button = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let Some(screen) = button.get() {
            drop(screen.focus());
        }
    });
    view! {
        <div
            class="lock-screen"
            role="alertdialog"
            aria-modal="true"
            aria-labelledby="lock-title"
            aria-describedby="lock-text"
            tabindex="-1"
            node_ref=button
        >
            <div class="lock-card">
                <h2 id="lock-title">{tr!(lang, "Экран закрыт", "The screen is locked")}</h2>
                <p id="lock-text">
                    {tr!(
                        lang,
                        "Войдите снова, чтобы продолжить. Всё, что вы ввели, сохранено, форма откроется такой же.",
                        "Sign in again to continue. All you have entered is kept, the form will be the same."
                    )}
                </p>
                {move || {
                    stranger
                        .get()
                        .then(|| {
                            view! {
                                <Alert tone=Tone::Danger live=true>
                                    <p>
                                        {tr!(
                                            lang,
                                            "Вошёл другой человек. Этот экран откроет только тот, кто на нём работал.",
                                            "Somebody else signed in. Only the person who worked here can open this screen."
                                        )}
                                    </p>
                                </Alert>
                            }
                        })
                }}
                <div class="actions">
                    <a
                        class="button"
                        data-kind="primary"
                        href="/sign-in/esia?return=/sign-in/unlocked"
                        target="_blank"
                        rel="external"
                    >
                        <span class="button-text">{tr!(lang, "Войти снова", "Sign in again")}</span>
                    </a>
                    <Button kind=ButtonKind::Quiet on_click=move |_| recheck.run(())>
                        {tr!(lang, "Я уже вошёл", "I have signed in")}
                    </Button>
                </div>
            </div>
        </div>
    }
}

/// Tells the device's other pages that the person signed in again; for `/sign-in/unlocked`.
pub fn tell_unlocked() {
    if let Some(line) = device::Channel::open(LINE, |_| {}) {
        line.say(UNLOCKED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn the_notice_comes_at_nine_minutes_and_the_lock_at_ten() {
        let mut idle = Idle::new(600, 0);
        assert_eq!(idle.phase(9 * MINUTE - 1), Phase::Active);
        assert_eq!(idle.phase(9 * MINUTE), Phase::Warned);
        idle.active(9 * MINUTE + 1);
        assert_eq!(idle.phase(10 * MINUTE), Phase::Active);
        assert_eq!(idle.phase(19 * MINUTE + 1), Phase::Locked);
    }

    #[test]
    fn a_locked_screen_opens_only_by_signing_in() {
        let mut idle = Idle::new(600, 0);
        assert_eq!(idle.phase(11 * MINUTE), Phase::Locked);
        idle.active(11 * MINUTE);
        assert_eq!(idle.phase(11 * MINUTE), Phase::Locked);
        idle.unlock(12 * MINUTE);
        assert_eq!(idle.phase(12 * MINUTE), Phase::Active);
    }

    #[test]
    fn a_clock_that_slept_locks_at_once() {
        let mut idle = Idle::new(600, 0);
        assert_eq!(idle.phase(300 * MINUTE), Phase::Locked);
    }

    #[test]
    fn the_server_hears_of_reading_now_and_then() {
        let mut idle = Idle::new(600, 0);
        idle.active(MINUTE);
        assert!(!idle.should_tell(MINUTE));
        idle.active(2 * MINUTE);
        assert!(idle.should_tell(2 * MINUTE));
        assert!(!idle.should_tell(5 * MINUTE), "nothing was done since");
        idle.lock();
        idle.active(6 * MINUTE);
        assert!(!idle.should_tell(6 * MINUTE));
    }
}
