//! Signing certificates attached for the cabinet entered.

use domain::{date::format_moscow, view::profile::Certificate};
use leptos::prelude::*;

use super::api::CertificateRemove;
use crate::{
    signing::card::SignatureCard,
    tr,
    ui::{Button, ButtonKind, use_lang},
};

#[component]
pub fn Certificates(
    certificates: Vec<Certificate>,
    /// Name of the cabinet entered; certificates belong to one cabinet each.
    #[prop(optional_no_strip)]
    cabinet: Option<String>,
    action: ServerAction<CertificateRemove>,
    /// Grows when a certificate was attached.
    attached: RwSignal<u32>,
) -> impl IntoView {
    let lang = use_lang();
    let Some(cabinet) = cabinet else {
        return view! {
            <section class="card wide" aria-labelledby="signature">
                <h2 id="signature">{tr!(lang, "Электронная подпись", "Electronic signature")}</h2>
                <p>
                    <a href="/sign-in/role">
                        {tr!(lang, "Выберите кабинет, чтобы прикрепить к нему подпись.", "Choose a cabinet to attach a signature to it.")}
                    </a>
                </p>
            </section>
        }
        .into_any();
    };
    let list = if certificates.is_empty() {
        view! {
            <p class="muted">
                {tr!(
                    lang,
                    "Подпись не прикреплена: документы можно создавать и хранить, отправить нельзя.",
                    "No signature is attached: documents can be created and kept, not sent."
                )}
            </p>
        }
        .into_any()
    } else {
        let rows = certificates
            .into_iter()
            .map(|certificate| view! { <Row certificate action/> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card wide" aria-labelledby="signature">
            <h2 id="signature">
                {tr!(lang, "Электронная подпись: {cabinet}", "Electronic signature: {cabinet}", cabinet = cabinet)}
            </h2>
            {list}
            <SignatureCard on_created=Callback::new(move |()| attached.update(|n| *n += 1))/>
        </section>
    }
    .into_any()
}

#[component]
fn Row(certificate: Certificate, action: ServerAction<CertificateRemove>) -> impl IntoView {
    let lang = use_lang();
    let (from, to) = (format_moscow(certificate.valid_from), format_moscow(certificate.valid_to));
    let subject = certificate.subject.clone();
    let label =
        tr!(lang, "Убрать подпись: {subject}", "Remove signature: {subject}", subject = subject);
    view! {
        <li>
            <div class="list-main certificate">
                <strong>{certificate.subject}</strong>
                <span class="list-detail">
                    {tr!(
                        lang,
                        "Выдан: {issuer}. {algorithm}. Действует с {from} по {to}",
                        "Issued by {issuer}. {algorithm}. Valid from {from} to {to}",
                        issuer = certificate.issuer,
                        algorithm = certificate.algorithm,
                        from = from,
                        to = to
                    )}
                </span>
                <span class="thumbprint">{certificate.thumbprint}</span>
            </div>
            <ActionForm action=action>
                <input type="hidden" name="certificate" value=certificate.id.to_string()/>
                <Button kind=ButtonKind::Quiet type_="submit" label>
                    {tr!(lang, "Убрать", "Remove")}
                </Button>
            </ActionForm>
        </li>
    }
    .into_any()
}
