//! The choice of a certificate among those of one way.

use domain::lang::Lang;
use leptos::prelude::*;

use super::{CertificateInfo, Trouble};
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
            let options = found.iter().map(|found| choice(lang.get_untracked(), found)).collect();
            let stale = move || is_stale(&found, &value.get()).then(|| view! { <Stale/> });
            view! {
                <RadioGroup
                    name=NAME
                    legend=tr!(lang, "Сертификат", "Certificate")
                    options
                    value
                    on_change=Callback::new(choose)
                />
                {stale}
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

fn is_stale(found: &[CertificateInfo], chosen: &str) -> bool {
    let now = device::now();
    found.iter().any(|certificate| certificate.id == chosen && !certificate.is_valid(now))
}

#[component]
fn Stale() -> impl IntoView {
    let lang = use_lang();
    view! {
        <Alert tone=Tone::Warning live=true>
            <p>{tr!(lang, "Срок этого сертификата истёк или ещё не наступил: подпись им не примут.", "This certificate is not valid now: a signature by it will not be accepted.")}</p>
        </Alert>
    }
}

/// Whose, until when, from whom, of which kind.
fn choice(lang: Lang, certificate: &CertificateInfo) -> Choice {
    let day = |at| domain::date::format_date(domain::date::moscow_date(at));
    let (now, until) = (device::now(), day(certificate.valid_to));
    let validity = if now < certificate.valid_from {
        tr!(lang, "действует с {from}", "valid from {from}", from = day(certificate.valid_from))
    } else if now > certificate.valid_to {
        tr!(lang, "срок истёк {until}", "expired on {until}", until = until)
    } else {
        tr!(lang, "действует до {until}", "valid until {until}", until = until)
    };
    let by = tr!(lang, "выдан: {issuer}", "issued by {issuer}", issuer = certificate.issuer);
    Choice::new(certificate.id.clone(), certificate.subject.clone())
        .with_detail(format!("{validity} · {by} · {}", certificate.algorithm))
}
