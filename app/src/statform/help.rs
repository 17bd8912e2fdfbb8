//! The tab with filling help: what the form is, when it is due, and every graph.

use edoc::statform::GRAPHS;
use leptos::prelude::*;

use crate::{
    tr,
    ui::{Alert, Tone, i18n::use_lang},
};

#[component]
pub fn Help() -> impl IntoView {
    let lang = use_lang();
    let graphs = GRAPHS
        .iter()
        .map(|graph| {
            view! {
                <div>
                    <dt>
                        <span class="graph">{graph.number}</span>
                        " "
                        {graph.title(lang.get_untracked())}
                    </dt>
                    <dd>{graph.help(lang.get_untracked())}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="help-title">
            <h2 id="help-title">
                {tr!(
                    lang,
                    "Как заполнить статистическую форму",
                    "How to fill in a statistical form"
                )}
            </h2>
            <p>
                {tr!(
                    lang,
                    "Форму подают, когда товары вывезены в Беларусь, Казахстан, Армению или Киргизию либо ввезены оттуда (постановление Правительства РФ от 19.06.2020 № 891).",
                    "The form is filed when goods are taken to Belarus, Kazakhstan, Armenia or Kyrgyzstan, or brought from there (government decree of 19.06.2020 № 891)."
                )}
            </p>
            <Alert tone=Tone::Warning title=tr!(lang, "Срок", "The deadline")>
                <p>
                    {tr!(
                        lang,
                        "Не позднее 10-го рабочего дня месяца, который следует за месяцем отгрузки или получения. Форма, поданная позже, отмечается красным «!»; за опоздание и неподачу предусмотрен штраф (КоАП РФ, статья 19.7.13).",
                        "By the 10th working day of the month after shipment or receipt. A form filed later is marked with a red “!”; being late or not filing is fined (Code of administrative offences, article 19.7.13)."
                    )}
                </p>
            </Alert>
            <ul>
                <li>
                    {tr!(
                        lang,
                        "На каждый договор, направление и контрагента — отдельная форма; поставки одного месяца можно объединить.",
                        "One form for each contract, direction and partner; deliveries of one month may be joined."
                    )}
                </li>
                <li>
                    {tr!(
                        lang,
                        "Оранжевая строка списка: таможня ждёт пояснений. Красная: форма на контроле, её нужно исправить в срок.",
                        "An orange row of the list: customs waits for explanations. A red one: the form is under control and must be corrected in time."
                    )}
                </li>
                <li>
                    {tr!(
                        lang,
                        "Нашли ошибку в зарегистрированной форме — выберите «Аннулировать и заменить»: новая форма сошлётся на прежнюю.",
                        "A mistake in a registered form: choose “Annul and replace”, and the new form refers to the old one."
                    )}
                </li>
            </ul>
            <h3>{tr!(lang, "Графы формы", "Graphs of the form")}</h3>
            <dl class="facts">{graphs}</dl>
        </section>
    }
}
