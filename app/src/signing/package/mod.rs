//! A package: many documents signed and sent in one gesture. Each is frozen, checked and shown;
//! one certificate signs them all; what could not be sent says why and may be tried again.

mod list;
mod run;

use std::sync::Arc;

use domain::view::document::{Frozen, Signed};
use leptos::{html, prelude::*, task::spawn_local};
use uuid::Uuid;

use self::list::{LeftOut, Ready, Results};
use super::{
    Holder, Trouble,
    chooser::{Chosen, SignatureChooser},
    frozen::ContentView,
    way,
};
use crate::{
    tr,
    ui::{Button, ButtonKind, Dialog, IconName, Progress, focus, i18n::use_lang},
};

/// A document of the package, as the person knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub document: Uuid,
    pub name: String,
    /// Where it is mended.
    pub href: String,
}

/// How far a document is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Waiting,
    /// Frozen and checked; with its hash by GOST R 34.11-2012.
    Ready(Arc<Frozen>, String),
    /// Not fit to be sent as it is; with what is wrong with it, if that is known.
    LeftOut(Trouble, Vec<String>),
    Sent,
    Failed(Trouble),
    /// Signed and handed over without an answer: it may have arrived. The same signature is handed
    /// over again, which files nothing twice.
    Unanswered(Trouble, Signed),
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    picked: Picked,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Preparing,
    Choosing,
    Sending,
    Done,
}

/// A package under way.
#[derive(Clone, Copy)]
struct Package {
    entries: RwSignal<Vec<Entry>>,
    stage: RwSignal<Stage>,
    /// Documents dealt with in this stage.
    done: RwSignal<u64>,
    /// The person wants no more to be sent.
    stopping: RwSignal<bool>,
    holder: Holder,
}

/// How many documents are so.
fn number(entries: &[Entry], is_so: fn(&State) -> bool) -> usize {
    entries.iter().filter(|entry| is_so(&entry.state)).count()
}

fn is_ready(state: &State) -> bool {
    matches!(state, State::Ready(..))
}

fn is_sent(state: &State) -> bool {
    matches!(state, State::Sent)
}

/// Signs and sends many documents. Closing leaves what was not sent a draft.
#[component]
pub fn PackageDialog(
    /// The dialog is open while there is a package.
    picked: RwSignal<Option<Vec<Picked>>>,
    holder: Holder,
    content: ContentView,
    /// What was sent, at the end of each try.
    on_sent: Callback<Vec<Uuid>>,
) -> impl IntoView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(picked.with(Option::is_some)));
    Effect::new(move |was: Option<bool>| {
        let is_open = open.get();
        if was == Some(true) && !is_open {
            picked.set(None);
        }
        is_open
    });
    view! {
        <Dialog
            id="package"
            open
            wide=true
            title=Signal::derive(move || tr!(lang, "Подписание и отправка", "Signing and sending").to_owned())
        >
            {move || picked.get().map(|picked| view! { <Body picked holder content on_sent open/> })}
        </Dialog>
    }
}

#[component]
fn Body(
    picked: Vec<Picked>,
    holder: Holder,
    content: ContentView,
    on_sent: Callback<Vec<Uuid>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let fresh = |picked| Entry { picked, state: State::Waiting };
    let package = Package {
        entries: RwSignal::new(picked.into_iter().map(fresh).collect()),
        stage: RwSignal::new(Stage::Preparing),
        done: RwSignal::new(0),
        stopping: RwSignal::new(false),
        holder,
    };
    let Package { entries, stage, done, stopping, .. } = package;
    let chosen = RwSignal::new(None::<Chosen>);
    let prepare = move || {
        spawn_local(async move {
            let sent = package.prepare(lang.get_untracked()).await;
            if !sent.is_empty() {
                on_sent.run(sent);
            }
        });
    };
    Effect::new(move |_| prepare());
    let act = move |_| {
        let Some(chosen) = chosen.get_untracked() else { return };
        spawn_local(async move {
            let way = chosen.signer.way();
            let sent = package.send(chosen, lang.get_untracked()).await;
            if !sent.is_empty() {
                way::remember(way);
            }
            on_sent.run(sent);
        });
    };
    let ready = Memo::new(move |_| entries.with(|entries| number(entries, is_ready)));
    let all = Memo::new(move |_| entries.with(Vec::len));
    let sent = Memo::new(move |_| entries.with(|entries| number(entries, is_sent)));
    let title = move || {
        let (ready, sent, all) = (ready.get(), sent.get(), all.get());
        match stage.get() {
            Stage::Preparing => tr!(lang, "Проверяем формы", "Checking the forms").to_owned(),
            Stage::Choosing if ready == 0 => {
                tr!(lang, "Отправить пока нечего", "There is nothing to send yet").to_owned()
            }
            Stage::Choosing => tr!(
                lang,
                "Готовы к отправке: {ready} из {left}",
                "Ready to be sent: {ready} of {left}",
                ready = ready,
                left = all - sent
            ),
            Stage::Sending => {
                tr!(lang, "Подписываем и отправляем", "Signing and sending").to_owned()
            }
            Stage::Done => {
                tr!(
                    lang,
                    "Отправлено: {sent} из {all}",
                    "Sent: {sent} of {all}",
                    sent = sent,
                    all = all
                )
            }
        }
    };
    let heading = NodeRef::<html::H3>::new();
    Effect::new(move |_| {
        // Each stage begins at its heading, also for who does not see it.
        if matches!(stage.get(), Stage::Choosing | Stage::Done)
            && let Some(heading) = heading.get_untracked()
        {
            focus(&heading);
        }
    });
    // The signature stays chosen, and a container open, from one try to the next.
    let was_ready = Memo::new(move |was: Option<&bool>| was == Some(&true) || ready.get() > 0);
    let is = move |wanted: Stage| stage.get() == wanted;
    let is_busy = move || matches!(stage.get(), Stage::Preparing | Stage::Sending);
    let total = Memo::new(move |_| match stage.get() {
        Stage::Preparing => all.get() - sent.get(),
        _ => ready.get() + usize::try_from(done.get()).unwrap_or_default(),
    });
    view! {
        <div class="sign">
            <h3 class="package-title" tabindex="-1" node_ref=heading>
                {title}
            </h3>
            {move || {
                is_busy()
                    .then(|| {
                        let label = match stage.get_untracked() {
                            Stage::Preparing => tr!(lang, "Проверено форм", "Forms checked"),
                            _ => tr!(lang, "Обработано форм", "Forms dealt with"),
                        };
                        let total = Signal::derive(move || total.get() as u64);
                        view! { <Progress label=label.to_owned() done total/> }
                    })
            }}
            {move || is(Stage::Choosing).then(|| view! { <LeftOut entries=entries.get_untracked()/> })}
            {move || {
                is(Stage::Choosing).then(|| view! { <Ready entries=entries.get_untracked() content/> })
            }}
            {move || is(Stage::Done).then(|| view! { <Results entries=entries.get_untracked()/> })}
            {move || {
                was_ready
                    .get()
                    .then(|| {
                        view! {
                            <div hidden=move || stage.get() != Stage::Choosing || ready.get() == 0>
                                <SignatureChooser holder=Some(holder) download=Signal::stored(None) several=true chosen/>
                            </div>
                        }
                    })
            }}
            <footer class="actions">
                {move || match stage.get() {
                    Stage::Choosing if ready.get() > 0 => {
                        view! {
                            <Button
                                kind=ButtonKind::Primary
                                icon=IconName::Sign
                                disabled=Signal::derive(move || chosen.with(Option::is_none))
                                on_click=act
                            >
                                {tr!(lang, "Подписать и отправить", "Sign and send")}
                            </Button>
                        }
                            .into_any()
                    }
                    stage @ (Stage::Choosing | Stage::Done) if sent.get() < all.get() => {
                        view! {
                            <Button
                                kind=ButtonKind::Primary
                                icon=IconName::Refresh
                                on_click=move |_| prepare()
                            >
                                {if stage == Stage::Done {
                                    tr!(lang, "Повторить для неотправленных", "Try again what was not sent")
                                } else {
                                    tr!(lang, "Проверить снова", "Check again")
                                }}
                            </Button>
                        }
                            .into_any()
                    }
                    _ => ().into_any(),
                }}
                {move || match stage.get() {
                    Stage::Sending => {
                        view! {
                            <Button busy=stopping on_click=move |_| stopping.set(true)>
                                {tr!(lang, "Остановить", "Stop")}
                            </Button>
                        }
                            .into_any()
                    }
                    stage => {
                        let is_done = stage == Stage::Done;
                        view! {
                            <Button on_click=move |_| open.set(false)>
                                {if is_done { tr!(lang, "Закрыть", "Close") } else { tr!(lang, "Отмена", "Cancel") }}
                            </Button>
                        }
                            .into_any()
                    }
                }}
            </footer>
        </div>
    }
}
