//! «Проверить ЭП»: a test signature made here and judged by the server, each check on one line with
//! its one remedy. No account is needed and nothing is kept.

use domain::view::signature::{
    CertificateState, ChainCertificate, Checked, Line, LineOutcome, Owner, SignatureWay,
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    Trouble, api,
    challenge::{Answered, ChallengeForm, refusal},
    file_hash::FileHash,
    way,
};
use crate::{
    tr,
    ui::{Alert, Button, Icon, IconName, LinkButton, PageHead, PageTitle, Tone, toast, use_lang},
};

#[component]
pub fn SignatureCheckPage() -> impl IntoView {
    let lang = use_lang();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Trouble>);
    let checked = RwSignal::new(None::<(Checked, SignatureWay)>);
    let check = Callback::new(move |answered: Answered| {
        busy.set(true);
        spawn_local(async move {
            let result = api::signature_check(answered.token, answered.signature).await;
            busy.try_set(false);
            match result {
                Ok(found) => {
                    if found.valid {
                        way::remember(answered.way);
                    }
                    checked.try_set(Some((found, answered.way)));
                }
                Err(error) => {
                    failure.try_set(Some(refusal(&error, lang.get_untracked())));
                }
            }
        });
    });
    view! {
        <PageTitle text=tr!(lang, "Проверить ЭП", "Check a signature")/>
        <div class="stack narrow">
            <PageHead
                title=tr!(lang, "Проверить ЭП", "Check a signature").to_owned()
                lead=tr!(
                    lang,
                    "Подпишите проверочный текст: кабинет скажет, подходит ли ваша подпись для работы с таможней, и если нет — что сделать. Учётная запись не нужна, ничего не сохраняется.",
                    "Sign a test text: the cabinet says whether your signature suits customs, and if not, what to do. No account is needed and nothing is kept."
                ).to_owned()
            />
            {move || match checked.get() {
                None => view! {
                    <section class="card" aria-label=tr!(lang, "Проверочная подпись", "Test signature")>
                        <ChallengeForm
                            label=tr!(lang, "Подписать и проверить", "Sign and check")
                            busy
                            failure
                            on_signed=check
                        />
                    </section>
                }
                .into_any(),
                Some((found, way)) => view! {
                    <Results checked=found way/>
                    <div class="actions">
                        <Button on_click=move |_| checked.set(None)>
                            {tr!(lang, "Проверить другую подпись", "Check another signature")}
                        </Button>
                        <LinkButton href="/sign-in">{tr!(lang, "Вернуться ко входу", "Back to sign-in")}</LinkButton>
                    </div>
                }
                .into_any(),
            }}
            <FileHash/>
        </div>
    }
}

#[component]
fn Results(checked: Checked, way: SignatureWay) -> impl IntoView {
    let lang = use_lang();
    let Checked { valid, fit, owner, algorithm, certificates, lines, report } = checked;
    let (tone, verdict) = match (valid, fit) {
        (true, true) => (
            Tone::Success,
            tr!(lang, "Подпись подходит для работы с таможней", "The signature suits customs"),
        ),
        (true, false) => (
            Tone::Warning,
            tr!(
                lang,
                "Подпись верна, но для таможни не подходит",
                "The signature is valid, but does not suit customs"
            ),
        ),
        _ => (
            Tone::Danger,
            tr!(lang, "Подпись не прошла проверку", "The signature failed the check"),
        ),
    };
    let support = StoredValue::new(format!(
        "{report}\n{}: {}\n{}",
        tr!(lang, "Способ", "Way"),
        way::name(way, lang.get_untracked()),
        window().navigator().user_agent().unwrap_or_default(),
    ));
    let copy = move |_| {
        let promise = window().navigator().clipboard().write_text(&support.get_value());
        spawn_local(async move {
            match JsFuture::from(promise).await {
                Ok(_) => {
                    toast(Tone::Success, tr!(lang, "Отчёт скопирован", "The report was copied"))
                }
                Err(_) => toast(
                    Tone::Danger,
                    tr!(
                        lang,
                        "Браузер не дал скопировать отчёт",
                        "The browser did not let the report be copied"
                    ),
                ),
            }
        });
    };
    view! {
        <Alert tone title=verdict.to_owned() live=true/>
        <section class="card" aria-labelledby="check-lines">
            <h2 id="check-lines">{tr!(lang, "Что проверено", "What was checked")}</h2>
            <ul class="check-lines">
                {lines.into_iter().map(|line| view! { <CheckLine line/> }).collect_view()}
            </ul>
            <div class="actions">
                <Button icon=IconName::Copy on_click=copy>
                    {tr!(lang, "Скопировать отчёт для поддержки", "Copy the report for support")}
                </Button>
            </div>
        </section>
        <section class="card" aria-labelledby="check-owner">
            <h2 id="check-owner">{tr!(lang, "Чья подпись", "Whose signature")}</h2>
            <OwnerFacts owner way algorithm/>
        </section>
        <section class="card" aria-labelledby="check-chain">
            <h2 id="check-chain">{tr!(lang, "Цепочка сертификатов", "Certificate chain")}</h2>
            <ol class="check-chain">
                {certificates.into_iter().map(|certificate| view! { <ChainLink certificate/> }).collect_view()}
            </ol>
        </section>
    }
}

#[component]
fn CheckLine(line: Line) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let (icon, outcome, said) = match line.outcome {
        LineOutcome::Ok => (IconName::Check, "ok", tr!(lang, "в порядке", "all right")),
        LineOutcome::Warning => (IconName::Warning, "warning", tr!(lang, "внимание", "attention")),
        LineOutcome::Failed => (IconName::Error, "failed", tr!(lang, "ошибка", "failed")),
    };
    view! {
        <li data-outcome=outcome data-code=line.code>
            <Icon name=icon/>
            <div>
                <strong>{line.title.text(lang).to_owned()}</strong>
                <span class="visually-hidden">" — " {said}</span>
                <p>{line.text.text(lang).to_owned()}</p>
                {line.remedy.map(|remedy| view! { <p class="check-remedy">{remedy.text(lang).to_owned()}</p> })}
            </div>
        </li>
    }
}

#[component]
fn OwnerFacts(owner: Owner, way: SignatureWay, algorithm: String) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let rows = [
        (tr!(lang, "Владелец", "Owner"), owner.name),
        (tr!(lang, "Организация", "Company"), owner.organisation),
        (tr!(lang, "СНИЛС", "SNILS"), owner.snils),
        (tr!(lang, "ИНН", "INN"), owner.inn),
        (tr!(lang, "ИНН организации", "INN of the company"), owner.inn_le),
        (tr!(lang, "ОГРН", "OGRN"), owner.ogrn),
        (tr!(lang, "ОГРНИП", "OGRNIP"), owner.ogrnip),
        (tr!(lang, "Алгоритм", "Algorithm"), Some(algorithm).filter(|text| !text.is_empty())),
        (tr!(lang, "Способ подписи", "Way of signing"), Some(way::name(way, lang).to_owned())),
    ];
    view! {
        <dl class="facts">
            {rows
                .into_iter()
                .filter_map(|(label, value)| {
                    let value = value?;
                    Some(view! {
                        <div>
                            <dt>{label}</dt>
                            <dd>{value}</dd>
                        </div>
                    })
                })
                .collect_view()}
        </dl>
    }
}

#[component]
fn ChainLink(certificate: ChainCertificate) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let state = match certificate.state {
        CertificateState::Valid => tr!(lang, "действует", "valid"),
        CertificateState::Expired => tr!(lang, "срок истёк", "expired"),
        CertificateState::NotYetValid => tr!(lang, "срок ещё не наступил", "not yet valid"),
        CertificateState::Revoked => tr!(lang, "отозван", "revoked"),
        CertificateState::Unknown => {
            tr!(lang, "отзыв проверить не удалось", "revocation could not be checked")
        }
    };
    let day = |at| domain::date::format_date(domain::date::moscow_date(at));
    view! {
        <li>
            <strong>{certificate.subject}</strong>
            <p class="small muted">
                {tr!(
                    lang,
                    "{state} · с {from} по {until} · № {serial}",
                    "{state} · from {from} to {until} · No. {serial}",
                    state = state,
                    from = day(certificate.valid_from),
                    until = day(certificate.valid_to),
                    serial = certificate.serial
                )}
            </p>
        </li>
    }
}
