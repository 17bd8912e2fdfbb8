//! Language, colours, and which notices are mailed.

use domain::{
    lang::Lang,
    view::{profile::MailChoices, session::Theme},
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::api::PreferencesSet;
use crate::{
    tr,
    ui::{Button, ButtonKind, Checkbox, Choice, RadioGroup, use_lang},
};

/// A plain form: language and colours change the whole page, so the server draws it anew.
#[component]
pub fn PreferencesForm(lang: Lang, theme: Theme, mail: MailChoices) -> impl IntoView {
    let page = use_lang().get_untracked();
    let languages = vec![Choice::new("ru", "Русский"), Choice::new("en", "English")];
    let themes = vec![
        Choice::new("auto", tr!(page, "Как на устройстве", "As on the device")),
        Choice::new("light", tr!(page, "Светлое", "Light")),
        Choice::new("dark", tr!(page, "Тёмное", "Dark")),
    ];
    let chosen_theme = match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    view! {
        <section class="card" aria-labelledby="preferences">
            <h2 id="preferences">{tr!(page, "Настройки", "Preferences")}</h2>
            <form class="stack" method="post" action=PreferencesSet::url()>
                <RadioGroup
                    name="lang"
                    legend=tr!(page, "Язык", "Language").to_owned()
                    options=languages
                    value=lang.tag().to_owned()
                    inline=true
                />
                <RadioGroup
                    name="theme"
                    legend=tr!(page, "Оформление", "Colours").to_owned()
                    options=themes
                    value=chosen_theme.to_owned()
                    inline=true
                />
                <fieldset class="stack" data-gap="small">
                    <legend class="field-label">
                        {tr!(page, "Присылать на электронную почту", "Send by e-mail")}
                    </legend>
                    <Checkbox
                        name="mail_decisions"
                        label=tr!(page, "Решения таможни", "Decisions of customs").to_owned()
                        checked=mail.decisions
                    />
                    <Checkbox
                        name="mail_demands"
                        label=tr!(page, "Требования и запросы пояснений", "Demands and requests to explain").to_owned()
                        checked=mail.demands
                    />
                    <Checkbox
                        name="mail_deadlines"
                        label=tr!(page, "Сроки и удаление черновиков", "Deadlines and expiring drafts").to_owned()
                        checked=mail.deadlines
                    />
                </fieldset>
                <div class="actions">
                    <Button kind=ButtonKind::Primary type_="submit">
                        {tr!(page, "Сохранить настройки", "Save preferences")}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
