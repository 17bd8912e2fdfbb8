//! The choice of a certificate among those of one way.

use domain::{lang::Lang, view::signature::SigningTerms};
use leptos::prelude::*;

use super::{
    CertificateInfo, Trouble,
    fitness::{self, Unfit},
};
use crate::{
    document::device,
    tr,
    ui::{Alert, Button, Choice, IconName, RadioGroup, Spinner, Tone, focus, use_lang},
};

const NAME: &str = "signing-certificate";

/// Certificates as they were found, once they were.
pub type Found = Option<Result<Vec<CertificateInfo>, Trouble>>;

/// The certificates of a way.
#[component]
pub fn Certificates(
    certificates: RwSignal<Found>,
    /// What their fitness is judged by.
    terms: RwSignal<SigningTerms>,
    /// Id of the one chosen.
    #[prop(into)]
    value: Signal<String>,
    on_choose: Callback<CertificateInfo>,
    /// Looks for them anew.
    on_retry: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let choose = move |id: String| {
        let found = certificates.with_untracked(|found| {
            found.as_ref()?.as_ref().ok()?.iter().find(|found| found.id == id).cloned()
        });
        if let Some(certificate) = found {
            on_choose.run(certificate);
        }
    };
    let retry = move || {
        view! {
            <div class="actions">
                <Button icon=IconName::Refresh on_click=move |_| on_retry.run(())>
                    {tr!(lang, "Проверить снова", "Check again")}
                </Button>
            </div>
        }
    };
    move || {
        match certificates.get() {
        None => view! {
            <Spinner label=tr!(lang, "Ищем сертификаты…", "Looking for certificates…")/>
        }
        .into_any(),
        Some(Err(trouble)) => view! {
            <Alert tone=Tone::Danger title=trouble.cause live=true>
                <p>{trouble.remedy}</p>
                {retry()}
            </Alert>
        }
        .into_any(),
        Some(Ok(found)) if found.is_empty() => view! {
            <Alert tone=Tone::Warning title=tr!(lang, "Сертификатов с ключом нет", "There is no certificate with a key")>
                <p>{tr!(lang, "Вставьте токен или установите сертификат и проверьте снова.", "Insert the token or install the certificate, and check again.")}</p>
                {retry()}
            </Alert>
        }
        .into_any(),
        Some(Ok(found)) => {
            let (now, terms) = (device::now(), terms.get_untracked());
            let judged: Vec<_> = found
                .into_iter()
                .map(|certificate| (fitness::unfit(&certificate, &terms, now), certificate))
                .collect();
            let options = judged
                .iter()
                .map(|(unfit, certificate)| choice(lang.get_untracked(), certificate, *unfit))
                .collect();
            let warning = move || {
                let chosen = value.get();
                let (unfit, _) = judged.iter().find(|(_, known)| known.id == chosen)?;
                unfit.map(|unfit| view! { <NotFit unfit/> })
            };
            view! {
                <RadioGroup
                    name=NAME
                    legend=tr!(lang, "Сертификат", "Certificate")
                    options
                    value
                    on_change=Callback::new(choose)
                />
                {warning}
            }
            .into_any()
        }
    }
    }
}

/// Moves the focus to the certificate chosen, once it is on the page.
pub fn focus_chosen() {
    request_animation_frame(|| {
        let chosen = document().query_selector(&format!("input[name='{NAME}']:checked"));
        if let Ok(Some(chosen)) = chosen {
            focus(&chosen);
        }
    });
}

#[component]
fn NotFit(unfit: Unfit) -> impl IntoView {
    let lang = use_lang();
    let reason = move || unfit.text(lang.get());
    view! {
        <Alert tone=Tone::Warning live=true>
            <p>
                {tr!(lang, "Этот сертификат для таможни не подойдёт: ", "This certificate is not fit for customs: ")}
                {reason} {tr!(lang, ". Подпись им не примут.", ". A signature by it will not be accepted.")}
            </p>
        </Alert>
    }
}

/// Whose, whether fit for customs, until when, from whom, of which kind.
fn choice(lang: Lang, certificate: &CertificateInfo, unfit: Option<Unfit>) -> Choice {
    let day = |at| domain::date::format_date(domain::date::moscow_date(at));
    let (now, until) = (device::now(), day(certificate.valid_to));
    let validity = if now < certificate.valid_from {
        tr!(lang, "действует с {from}", "valid from {from}", from = day(certificate.valid_from))
    } else if now > certificate.valid_to {
        tr!(lang, "срок истёк {until}", "expired on {until}", until = until)
    } else {
        tr!(lang, "действует до {until}", "valid until {until}", until = until)
    };
    let fitness = match unfit {
        None => {
            tr!(
                lang,
                "подходит для таможни · {validity}",
                "fit for customs · {validity}",
                validity = validity
            )
        }
        Some(Unfit::Early | Unfit::Expired) => {
            tr!(lang, "не подойдёт: {validity}", "not fit: {validity}", validity = validity)
        }
        Some(unfit) => {
            let why = unfit.text(lang);
            tr!(
                lang,
                "не подойдёт: {why} · {validity}",
                "not fit: {why} · {validity}",
                why = why,
                validity = validity
            )
        }
    };
    let by = tr!(lang, "выдан: {issuer}", "issued by {issuer}", issuer = certificate.issuer);
    Choice::new(certificate.id.clone(), certificate.subject.clone())
        .with_detail(format!("{fitness} · {by} · {}", certificate.algorithm))
}
