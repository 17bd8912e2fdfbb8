//! A form with an e-mail address and a phone number.

use leptos::prelude::*;

use super::api::{ContactsSet, Whose};
use crate::{
    error::ApiError,
    tr,
    ui::{Alert, Button, ButtonKind, ErrorSummary, Field, SummaryItem, TextInput, Tone, use_lang},
};

/// Contacts of the person or of the participant. Errors stand at their fields and in a summary.
#[component]
pub fn ContactsForm(
    whose: Whose,
    email: String,
    phone: String,
    action: ServerAction<ContactsSet>,
) -> impl IntoView {
    let lang = use_lang();
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    let saved = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    let at = move |path: &'static str| Signal::derive(move || field_error(error.get(), path));
    let summary = Signal::derive(move || error.get().map(items).unwrap_or_default());
    let attempt = Signal::derive(move || u32::try_from(action.version().get()).unwrap_or_default());
    let title = match whose {
        Whose::Person => tr!(lang, "Мои контакты", "My contacts"),
        Whose::Participant => tr!(lang, "Контакты", "Contacts"),
    };
    let hint = match whose {
        Whose::Person => {
            tr!(lang, "Сюда приходят выбранные уведомления", "Chosen notices are sent here")
        }
        Whose::Participant => tr!(lang, "Подставляется в документы", "Filled into documents"),
    };
    view! {
        <section class="card" aria-labelledby="contacts">
            <h2 id="contacts">{title}</h2>
            <ActionForm action=action attr:class="stack">
                <ErrorSummary errors=summary attempt/>
                <input type="hidden" name="whose" value=whose.name()/>
                <Field
                    id="email"
                    label=tr!(lang, "Электронная почта", "E-mail").to_owned()
                    hint=hint.to_owned()
                    error=at("email")
                >
                    <TextInput name="email" value=email inputmode="email" autocomplete="email" maxlength=254/>
                </Field>
                <Field
                    id="phone"
                    label=tr!(lang, "Телефон", "Phone").to_owned()
                    error=at("phone")
                >
                    <TextInput name="phone" value=phone type_="tel" autocomplete="tel" maxlength=30/>
                </Field>
                <Show when=saved>
                    <Alert tone=Tone::Success live=true>
                        <p>{tr!(lang, "Контакты сохранены.", "Contacts are saved.")}</p>
                    </Alert>
                </Show>
                <div class="actions">
                    <Button kind=ButtonKind::Primary type_="submit" busy=action.pending()>
                        {tr!(lang, "Сохранить", "Save")}
                    </Button>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// What is wrong with a field, and what would be right.
fn field_error(error: Option<ApiError>, path: &str) -> Option<String> {
    let field = error?.0.fields.into_iter().find(|field| field.path == path)?;
    Some([Some(field.what), field.right].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The lines of the summary: each field, or the refusal as a whole.
fn items(error: ApiError) -> Vec<SummaryItem> {
    let lang = use_lang().get_untracked();
    if error.0.fields.is_empty() {
        return vec![SummaryItem::new("", error.0.text(lang))];
    }
    error.0.fields.into_iter().map(|field| SummaryItem::new(field.path, field.what)).collect()
}
