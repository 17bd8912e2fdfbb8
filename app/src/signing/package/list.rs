//! The documents of a package on the screen: those ready, those left out, what became of them.

use leptos::prelude::*;

use super::{Entry, Picked, State};
use crate::{
    signing::{
        Trouble,
        frozen::{ContentView, FrozenContent, HashFacts, authority, fact, warnings},
    },
    tr,
    ui::{Alert, Badge, Icon, IconName, Tone, i18n::use_lang},
};

/// Documents that are about to be signed: exactly these bytes.
#[component]
pub fn Ready(entries: Vec<Entry>, content: ContentView) -> impl IntoView {
    let lang = use_lang();
    let mut people = None;
    let rows: Vec<_> = entries
        .into_iter()
        .filter_map(|Entry { picked, state }| match state {
            State::Ready(frozen, gost) => Some((picked, frozen, gost)),
            _ => None,
        })
        .map(|(picked, frozen, gost)| {
            people.get_or_insert_with(|| (frozen.signer.clone(), frozen.participant.clone()));
            let warned = (frozen.warnings > 0).then(|| {
                let text = warnings(lang.get_untracked(), frozen.warnings);
                view! { <Badge tone=Tone::Warning>{text}</Badge> }
            });
            let label = tr!(lang, "Содержание: {name}", "Content: {name}", name = picked.name);
            view! {
                <li>
                    <div class="row">
                        <strong>{picked.name}</strong>
                        {warned}
                    </div>
                    <dl class="facts">
                        {fact(tr!(lang, "Документ", "Document"), frozen.title.clone())}
                        {fact(tr!(lang, "Версия", "Version"), frozen.version.to_string())}
                        {fact(
                            tr!(lang, "На каком основании", "By what right"),
                            authority(lang.get_untracked(), &frozen.authority),
                        )}
                        <HashFacts sha256=frozen.sha256.clone() gost=Signal::stored(gost)/>
                    </dl>
                    <FrozenContent
                        base64=frozen.content.clone()
                        file=format!("{}.xml", frozen.document)
                        content
                        label
                    />
                </li>
            }
        })
        .collect();
    let people = people.map(|(signer, participant)| {
        view! {
            <dl class="facts">
                {fact(tr!(lang, "Кто подписывает", "Who signs"), signer)}
                {fact(tr!(lang, "За кого", "For whom"), participant)}
            </dl>
        }
    });
    view! {
        {people}
        <ul class="package-list" aria-label=tr!(lang, "Готовы к отправке", "Ready to be sent")>
            {rows}
        </ul>
    }
}

/// Documents that will not be sent, with the cause and the way to mend them.
#[component]
pub fn LeftOut(entries: Vec<Entry>) -> impl IntoView {
    let lang = use_lang();
    let rows: Vec<_> = entries
        .into_iter()
        .filter_map(|Entry { picked, state }| match state {
            State::LeftOut(trouble, told) => Some((picked, trouble, told)),
            _ => None,
        })
        .map(|(picked, trouble, told)| {
            let told = (!told.is_empty()).then(|| {
                let lines = told.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
                view! { <ul>{lines}</ul> }
            });
            view! {
                <li>
                    <Link picked/>
                    <p>{trouble.cause} " " {trouble.remedy}</p>
                    {told}
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let title = tr!(
            lang,
            "Не отправим, пока не исправлено: {n}",
            "Not sent until corrected: {n}",
            n = rows.len()
        );
        view! {
            <Alert tone=Tone::Warning title>
                <ul class="package-left" aria-label=tr!(lang, "Не войдут в отправку", "Left out")>
                    {rows}
                </ul>
            </Alert>
        }
    })
}

/// What became of each document.
#[component]
pub fn Results(entries: Vec<Entry>) -> impl IntoView {
    let lang = use_lang();
    let rows = entries.into_iter().map(|Entry { picked, state }| {
        let trouble = match state {
            State::LeftOut(trouble, _) | State::Failed(trouble) | State::Unanswered(trouble, _) => {
                Some(trouble)
            }
            State::Waiting | State::Ready(..) | State::Sent => None,
        };
        let (icon, outcome, said) = match trouble {
            None => (IconName::Check, "ok", tr!(lang, "отправлена", "sent")),
            Some(_) => (IconName::Error, "failed", tr!(lang, "не отправлена", "not sent")),
        };
        let why = trouble.map(|Trouble { cause, remedy }| {
            view! {
                <p>{cause}</p>
                <p class="check-remedy">{remedy}</p>
            }
        });
        view! {
            <li data-outcome=outcome>
                <Icon name=icon/>
                <div>
                    <Link picked/>
                    " — "
                    {said}
                    {why}
                </div>
            </li>
        }
    });
    view! {
        <ul class="check-lines" aria-label=tr!(lang, "Результат", "Result")>
            {rows.collect_view()}
        </ul>
    }
}

#[component]
fn Link(picked: Picked) -> impl IntoView {
    view! { <a href=picked.href>{picked.name}</a> }
}
