//! The dialog in which a frozen document is seen and signed: what, by whom, for whom, with which
//! warnings. What it shows is what is signed; what is signed is what is sent.

use std::rc::Rc;

use domain::{
    lang::Lang,
    view::document::{Frozen, Head, Signed},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::{Availability, CertificateInfo, Content, Holder, Signer, base64};
use crate::{
    document::api,
    tr,
    ui::{
        Alert, Button, ButtonKind, Choice, Dialog, Field, Icon, IconName, LinkButton, Select,
        Spinner, Tone, count, i18n::use_lang,
    },
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
    let signer = StoredValue::new(None::<SendWrapper<Rc<dyn Signer>>>);
    let certificates = RwSignal::new(None::<Vec<CertificateInfo>>);
    let chosen = RwSignal::new(String::new());
    let setup = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        spawn_local(async move {
            let Some(first) = super::signers(holder, lang.get_untracked()).into_iter().next()
            else {
                return;
            };
            match first.status().await {
                Availability::Ready => {
                    let found = first.certificates().await.unwrap_or_default();
                    chosen.set(found.first().map(|found| found.id.clone()).unwrap_or_default());
                    certificates.set(Some(found));
                    signer.set_value(Some(SendWrapper::new(first)));
                }
                Availability::NeedsSetup(text) | Availability::Impossible(text) => {
                    setup.set(Some(text));
                }
            }
        });
    });
    let warnings = frozen.warnings;
    let document = StoredValue::new(frozen.clone());
    let sign = move |_| {
        let Some(signer) = signer.get_value() else { return };
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
                    .sign(&chosen.get_untracked(), &content)
                    .await
                    .map_err(|error| error.text(lang))?;
                let signed = Signed {
                    document: frozen.document,
                    version: frozen.version,
                    sha256: frozen.sha256.clone(),
                    signature: base64::encode(&signature.cms),
                };
                api::submit(signed).await.map_err(|error| error.0.text(lang))
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
    let chooser = move || {
        if let Some(text) = setup.get() {
            return view! {
                <Alert tone=Tone::Warning title=tr!(lang, "Подписать пока нечем", "There is nothing to sign with yet")>
                    <p>{text}</p>
                    <LinkButton href="/profile#signature-card-title">{tr!(lang, "Открыть профиль", "Open the profile")}</LinkButton>
                </Alert>
            }
            .into_any();
        }
        match certificates.get() {
            None => view! { <Spinner label=tr!(lang, "Ищем сертификаты…", "Looking for certificates…")/> }.into_any(),
            Some(found) => {
                let options: Vec<Choice> = found
                    .iter()
                    .map(|found| {
                        let until = domain::date::format_date(domain::date::moscow_date(found.valid_to));
                        let text = tr!(lang, "{who} (до {until})", "{who} (until {until})", who = found.subject, until = until);
                        Choice::new(found.id.clone(), text)
                    })
                    .collect();
                view! {
                    <Field id="sign-certificate" label=tr!(lang, "Сертификат", "Certificate") required=true>
                        <Select options=Signal::stored(options) value=chosen on_change=Callback::new(move |id| chosen.set(id))/>
                    </Field>
                }
                .into_any()
            }
        }
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
            {chooser}
            {move || {
                failure.get().map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })
            }}
            <footer class="actions">
                <Button
                    kind=ButtonKind::Primary
                    icon=IconName::Sign
                    busy
                    disabled=Signal::derive(move || chosen.get().is_empty())
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
