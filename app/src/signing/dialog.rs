//! The dialog in which a frozen document is seen and signed: what, by whom, for whom, with which
//! warnings.

use domain::view::{
    document::{Frozen, Head},
    signature::FrozenBytes,
};
use leptos::{prelude::*, task::spawn_local};

pub use super::frozen::ContentView;
use super::{
    Hashes, Holder, Phone, Trouble,
    asks::Refused,
    base64,
    chooser::{Chosen, Download, SignatureChooser},
    frozen::{FrozenContent, HashFacts, authority, damaged, fact, send, sign, warnings},
    way,
};
use crate::{
    session::use_who,
    tr,
    ui::{Alert, Button, ButtonKind, Dialog, IconName, Tone, i18n::use_lang},
};

/// Bytes of a document that is shown without being asked for; a longer one takes a moment.
const SHOWN_AT_ONCE: usize = 100_000;

/// Signs and sends a frozen document. Closing without a signature leaves nothing behind.
#[component]
pub fn SignDialog(
    /// The document, once it is frozen; the dialog is open while there is one.
    frozen: RwSignal<Option<Frozen>>,
    holder: Holder,
    content: ContentView,
    on_sent: Callback<Head>,
) -> impl IntoView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(frozen.with(Option::is_some)));
    // Escape, the cross and «Отмена» all end here.
    Effect::new(move |was: Option<bool>| {
        let is_open = open.get();
        if was == Some(true) && !is_open {
            frozen.set(None);
        }
        is_open
    });
    let sent = Callback::new(move |head: Head| {
        frozen.set(None);
        on_sent.run(head);
    });
    view! {
        <Dialog
            id="sign"
            open
            wide=true
            title=Signal::derive(move || tr!(lang, "Подписание и отправка", "Signing and sending").to_owned())
        >
            {move || frozen.get().map(|frozen| view! { <SignBody frozen holder content on_sent=sent open/> })}
        </Dialog>
    }
}

#[component]
fn SignBody(
    frozen: Frozen,
    holder: Holder,
    content: ContentView,
    on_sent: Callback<Head>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let chosen = RwSignal::new(None::<Chosen>);
    let hashed = RwSignal::new(None::<Result<Hashes, String>>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Trouble>);
    let document = StoredValue::new(frozen.clone());
    let role = use_who().with_untracked(|who| who.as_ref().and_then(|who| who.role.clone()));
    let phone = Phone {
        bytes: FrozenBytes {
            document: frozen.document,
            version: frozen.version,
            sha256: frozen.sha256.clone(),
        },
        individual: role.is_some_and(|role| role.category.is_individual()),
    };
    let act = move |_| {
        let Some(chosen) = chosen.get_untracked() else { return };
        let frozen = document.get_value();
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let lang = lang.get_untracked();
            let sent = match sign(&chosen, &frozen, lang).await {
                Ok(signed) => send(signed, lang).await,
                Err(trouble) => Err(trouble),
            };
            busy.try_set(false);
            match sent {
                Ok(head) => {
                    way::remember(chosen.signer.way());
                    on_sent.run(head);
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    let bytes = base64::decode(&frozen.content).unwrap_or_default();
    let is_short = bytes.len() <= SHOWN_AT_ONCE;
    Effect::new(move |_| {
        let bytes = bytes.clone();
        spawn_local(async move {
            let hashes = super::hashes(&bytes).await;
            hashed.try_set(Some(hashes.map_err(|error| error.text(lang.get_untracked()))));
        });
    });
    let expected = frozen.sha256.clone();
    let gost = Signal::derive(move || match hashed.get() {
        None => tr!(lang, "вычисляется…", "being computed…").to_owned(),
        // What the engine hashed must be what the server froze.
        Some(Ok(hashes)) if hashes.sha256 == expected => hashes.gost,
        Some(Ok(_)) => damaged(lang.get_untracked()).cause,
        Some(Err(text)) => text,
    });
    let file = format!("{}.xml", frozen.document);
    let download = Signal::stored(Some(Download {
        name: file.clone(),
        href: format!("data:application/xml;base64,{}", frozen.content),
    }));
    view! {
        <div class="sign">
            <dl class="facts">
                {fact(tr!(lang, "Документ", "Document"), frozen.title)}
                {fact(tr!(lang, "Версия", "Version"), frozen.version.to_string())}
                <HashFacts sha256=frozen.sha256 gost/>
                {fact(tr!(lang, "Кто подписывает", "Who signs"), frozen.signer)}
                {fact(tr!(lang, "За кого", "For whom"), frozen.participant)}
                {fact(
                    tr!(lang, "На каком основании", "By what right"),
                    authority(lang.get_untracked(), &frozen.authority),
                )}
            </dl>
            <FrozenContent
                base64=frozen.content
                file
                content
                label=tr!(lang, "Содержание документа", "Content of the document")
                open=is_short
            />
            {(frozen.warnings > 0)
                .then(|| {
                    let n = warnings(lang.get_untracked(), frozen.warnings);
                    view! {
                        <Alert tone=Tone::Warning>
                            <p>
                                {tr!(
                                    lang,
                                    "В форме {n}. Отправить можно, но таможня может задать вопросы.",
                                    "The form has {n}. It may be sent, but customs may have questions.",
                                    n = n
                                )}
                            </p>
                        </Alert>
                    }
                })}
            <SignatureChooser holder=Some(holder) phone download chosen/>
            <Refused failure/>
            <footer class="actions">
                <Button
                    kind=ButtonKind::Primary
                    icon=IconName::Sign
                    busy
                    disabled=Signal::derive(move || chosen.with(Option::is_none))
                    on_click=act
                >
                    {tr!(lang, "Подписать и отправить", "Sign and send")}
                </Button>
                <Button disabled=busy on_click=move |_| open.set(false)>
                    {tr!(lang, "Отмена", "Cancel")}
                </Button>
            </footer>
        </div>
    }
}
