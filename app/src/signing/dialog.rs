//! The dialog in which a frozen document is seen and signed: what, by whom, for whom, with which
//! warnings. What it shows is what is signed; what is signed is what is sent.

use domain::{
    lang::Lang,
    view::{
        document::{Frozen, Head, Signed},
        signature::FrozenBytes,
    },
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::{
    Content, Hashes, Holder, Phone, base64,
    chooser::{Chosen, Download, SignatureChooser},
    way,
};
use crate::{
    document::api,
    session::use_who,
    tr,
    ui::{Alert, Button, ButtonKind, Dialog, Icon, IconName, Tone, count, i18n::use_lang},
};

/// Bytes of a document that is shown without being asked for; a longer one takes a moment.
const SHOWN_AT_ONCE: usize = 100_000;

/// Shows what stands in the bytes of a document; nothing when they cannot be read.
pub type ContentView = fn(&[u8], Lang) -> Option<AnyView>;

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
    let gost = RwSignal::new(None::<Result<Hashes, String>>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let warnings = frozen.warnings;
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
    let sign = move |_| {
        let Some(Chosen { signer, certificate }) = chosen.get_untracked() else { return };
        let frozen = document.get_value();
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let lang = lang.get_untracked();
            let sent = async {
                let bytes = base64::decode(&frozen.content).ok_or_else(|| {
                    tr!(
                        lang,
                        "Документ повреждён при передаче",
                        "The document was damaged on the way"
                    )
                    .to_owned()
                })?;
                let content = Content { title: frozen.title.clone(), bytes };
                let signature = signer
                    .sign(&certificate.id, &content)
                    .await
                    .map_err(|error| error.text(lang))?;
                let signed = Signed {
                    document: frozen.document,
                    version: frozen.version,
                    sha256: frozen.sha256.clone(),
                    signature: base64::encode(&signature.cms),
                };
                let head = api::submit(signed).await.map_err(|error| error.0.text(lang))?;
                way::remember(signer.way());
                Ok(head)
            }
            .await;
            busy.set(false);
            match sent {
                Ok(head) => on_sent.run(head),
                Err(text) => failure.set(Some(text)),
            }
        });
    };
    let bytes = base64::decode(&frozen.content).unwrap_or_default();
    Effect::new({
        let bytes = bytes.clone();
        move |_| {
            let bytes = bytes.clone();
            spawn_local(async move {
                let hashes = super::hashes(&bytes).await;
                gost.try_set(Some(hashes.map_err(|error| error.text(lang.get_untracked()))));
            });
        }
    });
    let is_open = RwSignal::new(bytes.len() <= SHOWN_AT_ONCE);
    let shown = Memo::new(move |was: Option<&bool>| is_open.get() || was == Some(&true));
    let shown = move || {
        shown.get().then(|| {
            content(&bytes, lang.get_untracked()).unwrap_or_else(|| {
                let text = tr!(
                    lang,
                    "Показать содержимое не удалось. Скачайте файл и посмотрите его.",
                    "The content cannot be shown. Download the file and look at it."
                );
                view! { <p>{text}</p> }.into_any()
            })
        })
    };
    let file = format!("data:application/xml;base64,{}", frozen.content);
    let row = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let download = Signal::stored(Some(Download {
        name: format!("{}.xml", frozen.document),
        href: file.clone(),
    }));
    let expected = StoredValue::new(frozen.sha256.clone());
    let gost_hash = move || match gost.get() {
        None => tr!(lang, "вычисляется…", "being computed…").to_owned(),
        // What the engine hashed must be what the server froze.
        Some(Ok(hashes)) if expected.with_value(|expected| *expected == hashes.sha256) => {
            hashes.gost
        }
        Some(Ok(_)) => {
            tr!(lang, "документ повреждён при передаче", "the document was damaged on the way")
                .to_owned()
        }
        Some(Err(text)) => text,
    };
    view! {
        <div class="sign">
            <dl class="facts">
                {row(tr!(lang, "Документ", "Document"), frozen.title)}
                {row(tr!(lang, "Версия", "Version"), frozen.version.to_string())}
                <div>
                    <dt>{tr!(lang, "Хеш SHA-256", "SHA-256 hash")}</dt>
                    <dd>
                        <code class="hash">{frozen.sha256}</code>
                    </dd>
                </div>
                <div>
                    <dt>{tr!(lang, "Хеш ГОСТ Р 34.11-2012", "GOST R 34.11-2012 hash")}</dt>
                    <dd>
                        <code class="hash" data-hash="gost">
                            {gost_hash}
                        </code>
                    </dd>
                </div>
                {row(tr!(lang, "Кто подписывает", "Who signs"), frozen.signer)}
                {row(tr!(lang, "За кого", "For whom"), frozen.participant)}
            </dl>
            <details
                class="sign-content"
                open=is_open.get_untracked()
                on:toggle=move |event| {
                    let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
                    is_open.set(details.is_some_and(|details| details.open()));
                }
            >
                <summary>{tr!(lang, "Что подписывается", "What is signed")}</summary>
                <div
                    class="sign-shown"
                    role="region"
                    tabindex="0"
                    aria-label=tr!(lang, "Содержание документа", "Content of the document")
                >
                    {shown}
                </div>
                <p>
                    <a class="button" data-kind="quiet" rel="external" href=file download=format!("{}.xml", frozen.document)>
                        <Icon name=IconName::Download/>
                        <span class="button-text">{tr!(lang, "Скачать XML", "Download XML")}</span>
                    </a>
                </p>
            </details>
            {(warnings > 0)
                .then(|| {
                    let n = count(
                        lang,
                        warnings.into(),
                        ["предупреждение", "предупреждения", "предупреждений"],
                        ["warning", "warnings"],
                    );
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
            {move || {
                failure.get().map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })
            }}
            <footer class="actions">
                <Button
                    kind=ButtonKind::Primary
                    icon=IconName::Sign
                    busy
                    disabled=Signal::derive(move || chosen.with(Option::is_none))
                    on_click=sign
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
