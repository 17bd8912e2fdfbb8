//! One notice as a line of a list.

use domain::{
    date::format_moscow,
    notice::wording,
    view::notice::{Notice, NoticeKind},
};
use leptos::prelude::*;

use crate::{
    tr,
    ui::{Icon, IconName, Tone, use_lang},
};

/// A notice with its time; its subject leads to what it is about.
#[component]
pub fn Line(notice: Notice) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let (subject, text) = wording(&notice.kind, lang);
    let (tone, icon) = look(&notice.kind);
    let subject = match notice.link {
        Some(link) => view! { <a href=link>{subject}</a> }.into_any(),
        None => view! { <span>{subject}</span> }.into_any(),
    };
    view! {
        <article class="notice" data-tone=tone.name() data-unread=(!notice.read).then_some("")>
            <Icon name=icon/>
            <div>
                {(!notice.read)
                    .then(|| {
                        view! {
                            <span class="visually-hidden">
                                {tr!(lang, "Не прочитано. ", "Unread. ")}
                            </span>
                        }
                    })}
                {subject}
                <p class="small muted">{text}</p>
            </div>
            <time datetime=notice.at.to_rfc3339()>{format_moscow(notice.at)}</time>
        </article>
    }
}

/// How a notice looks; its words say the same.
fn look(kind: &NoticeKind) -> (Tone, IconName) {
    match kind {
        NoticeKind::Registered { .. } | NoticeKind::Cleared { .. } => {
            (Tone::Success, IconName::Check)
        }
        NoticeKind::Refused { .. } | NoticeKind::UnderControl { .. } => {
            (Tone::Danger, IconName::Error)
        }
        NoticeKind::ExplanationsRequired { .. } => (Tone::Warning, IconName::Question),
        NoticeKind::Annulled { .. } => (Tone::Neutral, IconName::File),
        NoticeKind::DeliveryDelayed { .. } => (Tone::Warning, IconName::Clock),
        NoticeKind::DraftExpires { .. }
        | NoticeKind::Due { .. }
        | NoticeKind::CertificateExpires { .. } => (Tone::Warning, IconName::Calendar),
        NoticeKind::SignedOnTelephone { .. } => (Tone::Success, IconName::Sign),
        NoticeKind::SignedInElsewhere { .. } => (Tone::Accent, IconName::Device),
    }
}
