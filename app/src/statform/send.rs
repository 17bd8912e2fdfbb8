//! «Подписать и отправить»: everything typed reaches the server, the form is checked and frozen,
//! seen, signed, sent.

use domain::view::document::{Frozen, Head};
use edoc::{path::Path, remark::Level};
use leptos::{prelude::*, task::spawn_local};

use super::{
    form::use_form,
    goods::{self, Lines},
    owned,
    read::signed_view,
};
use crate::{
    document::api,
    error::ApiError,
    signing::{Holder, dialog::SignDialog},
    tr,
    ui::{
        Alert, Button, ButtonKind, ErrorSummary, IconName, SummaryItem, Tone, i18n::use_lang, toast,
    },
};

/// The button, the summary of errors, and the dialog.
#[component]
pub fn Send(holder: Option<Holder>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let frozen = RwSignal::new(None::<Frozen>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let errors = RwSignal::new(Vec::<(Path, String)>::new());
    let attempt = RwSignal::new(0u32);

    let refuse = move |found: Vec<(Path, String)>| {
        errors.set(found);
        attempt.update(|attempt| *attempt += 1);
    };
    let send = move |_| {
        form.strict.set(true);
        failure.set(None);
        Lines(form).number();
        form.check_all();
        let lines = form.editing.items_untracked(&goods::list());
        let found: Vec<(Path, String)> = form.checks.with_untracked(|checks| {
            checks
                .in_order(&lines)
                .filter(|remark| remark.level == Level::Error)
                .map(|remark| (remark.path.clone(), remark.text(lang.get_untracked())))
                .collect()
        });
        if !found.is_empty() {
            refuse(found);
            return;
        }
        errors.set(Vec::new());
        busy.set(true);
        spawn_local(async move {
            let lang = lang.get_untracked();
            if let Err(trouble) = form.editing.flushed().await {
                failure.set(Some(trouble.text(lang)));
            } else {
                match api::freeze(form.editing.document()).await {
                    Ok(content) => frozen.set(Some(content)),
                    Err(ApiError(error)) if !error.fields.is_empty() => refuse(
                        error
                            .fields
                            .iter()
                            .map(|field| {
                                (
                                    field.path.parse().unwrap_or_else(|_| Path::root()),
                                    field.what.clone(),
                                )
                            })
                            .collect(),
                    ),
                    Err(ApiError(error)) => failure.set(Some(error.text(lang))),
                }
            }
            busy.set(false);
        });
    };
    let sent = Callback::new(move |head: Head| {
        form.editing.sent(head);
        toast(
            Tone::Success,
            tr!(lang, "Форма подписана и отправлена", "The form was signed and sent"),
        );
    });
    let control =
        move |path: &Path| form.editing.with_draft(|draft| owned::control_id(draft, path));
    // Freezing changes nothing about the draft, so giving up signing leaves nothing to undo.
    let items = Signal::derive(move || {
        errors.with(|errors| {
            errors
                .iter()
                .map(|(path, text)| SummaryItem::new(control(path), text.clone()))
                .collect::<Vec<_>>()
        })
    });
    let jump = Callback::new(move |id: String| {
        let path = errors.with_untracked(|errors| {
            errors.iter().find(|(path, _)| control(path) == id).map(|(path, _)| path.clone())
        });
        if let Some(path) = path {
            form.jump(&path);
        }
    });
    let may = form.editing.can_sign;
    view! {
        <section class="send" aria-labelledby="send-title">
            <h3 id="send-title">{tr!(lang, "Отправка", "Sending")}</h3>
            <ErrorSummary errors=items attempt on_jump=jump/>
            {move || failure.get().map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })}
            {(!may)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Accent>
                            <p>
                                {tr!(
                                    lang,
                                    "У вас нет права подписывать. Форму подпишет руководитель или сотрудник с таким правом: она видна ему в списке.",
                                    "You may not sign. The head or an employee who may will sign the form: they see it in the list."
                                )}
                            </p>
                        </Alert>
                    }
                })}
            <Button
                kind=ButtonKind::Primary
                icon=IconName::Sign
                busy
                disabled=Signal::derive(move || !may || form.readonly().get())
                on_click=send
            >
                {tr!(lang, "Подписать и отправить", "Sign and send")}
            </Button>
            {holder
                .map(|holder| view! { <SignDialog frozen holder content=signed_view on_sent=sent/> })}
        </section>
    }
}
