//! A frozen document on its way: what is shown of it before it is signed, its signature, its
//! sending. What is shown is what is signed; what is signed is what is sent.

use domain::{
    lang::Lang,
    view::document::{Frozen, Head, Signed, SigningAuthority},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::{Content, Trouble, base64, challenge::refusal, chooser::Chosen};
use crate::{
    document::api,
    tr,
    ui::{Icon, IconName, count, i18n::use_lang},
};

/// Shows what stands in the bytes of a document; nothing when they cannot be read.
pub type ContentView = fn(&[u8], Lang) -> Option<AnyView>;

/// Why bytes that came are not those that were frozen.
pub fn damaged(lang: Lang) -> Trouble {
    Trouble::new(
        tr!(lang, "Документ повреждён при передаче", "The document was damaged on the way"),
        tr!(lang, "Обновите страницу и попробуйте ещё раз.", "Reload the page and try again."),
    )
}

/// Signs exactly the frozen bytes.
pub async fn sign(chosen: &Chosen, frozen: &Frozen, lang: Lang) -> Result<Signed, Trouble> {
    let bytes = base64::decode(&frozen.content).ok_or_else(|| damaged(lang))?;
    let content = Content { title: frozen.title.clone(), bytes, lasting: true };
    let signed = chosen.signer.sign(&chosen.certificate.id, &content).await;
    let signature = signed.map_err(|error| error.trouble(lang))?;
    Ok(Signed {
        document: frozen.document,
        version: frozen.version,
        sha256: frozen.sha256.clone(),
        signature: base64::encode(&signature.cms),
    })
}

/// Hands a signed document over.
pub async fn send(signed: Signed, lang: Lang) -> Result<Head, Trouble> {
    api::submit(signed).await.map_err(|error| refusal(&error, lang))
}

/// «2 предупреждения».
pub fn warnings(lang: Lang, number: u32) -> String {
    let russian = ["предупреждение", "предупреждения", "предупреждений"];
    count(lang, number.into(), russian, ["warning", "warnings"])
}

/// By what right it is signed.
pub fn authority(lang: Lang, authority: &SigningAuthority) -> String {
    match authority {
        SigningAuthority::Head => tr!(
            lang,
            "Руководитель, доверенность не нужна",
            "The head, without a power of attorney"
        )
        .to_owned(),
        SigningAuthority::Oneself => tr!(lang, "От своего имени", "For oneself").to_owned(),
        SigningAuthority::Power { number, principal } => tr!(
            lang,
            "Доверенность (МЧД) № {number}, доверитель — ИНН {inn}",
            "Power of attorney (MCHD) No. {number}, principal: INN {inn}",
            number = number,
            inn = principal
        ),
        SigningAuthority::Unnamed => tr!(
            lang,
            "Доверенность в документе не указана",
            "The document names no power of attorney"
        )
        .to_owned(),
    }
}

/// A line of facts.
pub fn fact(label: &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// Both hashes, as lines of facts.
#[component]
pub fn HashFacts(sha256: String, #[prop(into)] gost: Signal<String>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <div>
            <dt>{tr!(lang, "Хеш SHA-256", "SHA-256 hash")}</dt>
            <dd>
                <code class="hash">{sha256}</code>
            </dd>
        </div>
        <div>
            <dt>{tr!(lang, "Хеш ГОСТ Р 34.11-2012", "GOST R 34.11-2012 hash")}</dt>
            <dd>
                <code class="hash" data-hash="gost">
                    {move || gost.get()}
                </code>
            </dd>
        </div>
    }
}

/// What stands in the document, and the document as a file. It is read when it is first opened.
#[component]
pub fn FrozenContent(
    /// The canonical XML, base64.
    base64: String,
    /// The name of the file.
    file: String,
    content: ContentView,
    #[prop(into)] label: String,
    /// Shown without being asked for.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let lang = use_lang();
    let is_open = RwSignal::new(open);
    let shown = Memo::new(move |was: Option<&bool>| is_open.get() || was == Some(&true));
    let href = format!("data:application/xml;base64,{base64}");
    let shown = move || {
        shown.get().then(|| {
            let bytes = base64::decode(&base64).unwrap_or_default();
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
    view! {
        <details
            class="sign-content"
            open=is_open.get_untracked()
            on:toggle=move |event| {
                let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
                is_open.set(details.is_some_and(|details| details.open()));
            }
        >
            <summary>{tr!(lang, "Что подписывается", "What is signed")}</summary>
            <div class="sign-shown" role="region" tabindex="0" aria-label=label>
                {shown}
            </div>
            <p>
                <a class="button" data-kind="quiet" rel="external" href=href download=file>
                    <Icon name=IconName::Download/>
                    <span class="button-text">{tr!(lang, "Скачать XML", "Download XML")}</span>
                </a>
            </p>
        </details>
    }
}
