//! Help for everybody, signed in or not.

use domain::{
    catalogue::{Service, services},
    lang::Lang,
};
use leptos::prelude::*;

use crate::{
    tr,
    ui::{PageHead, PageTitle, use_lang},
};

/// A question that people ask, and its answer.
struct Question {
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

const QUESTIONS: &[Question] = &[
    Question {
        ru: (
            "Как войти в кабинет?",
            "Нужна подтверждённая учётная запись Госуслуг. Нажмите «Войти через Госуслуги»; первый вход — как физическое лицо. Кабинет организации или ИП появится в «Выборе способа входа», если ваша учётная запись привязана к ней на Госуслугах.",
        ),
        en: (
            "How do I sign in?",
            "You need a confirmed Gosuslugi account. Press “Sign in with Gosuslugi”; you first sign in as a natural person. A company's or sole trader's cabinet appears in the choice of cabinets when your account is tied to it at Gosuslugi.",
        ),
    },
    Question {
        ru: (
            "Что можно без электронной подписи?",
            "Смотреть, создавать и хранить документы. Отправить их таможне без подписи нельзя: прикрепите её в профиле.",
        ),
        en: (
            "What can I do without an electronic signature?",
            "Read, create and keep documents. They cannot be sent to customs unsigned: attach a signature in the profile.",
        ),
    },
    Question {
        ru: (
            "Пропадёт ли введённое, если отвлечься?",
            "Нет. Каждое изменение сохраняется сразу на устройстве и на сервере. После десяти минут без действий экран закрывается; войдите снова, и форма будет такой же.",
        ),
        en: (
            "Will what I entered be lost if I am interrupted?",
            "No. Every change is kept at once on the device and on the server. After ten idle minutes the screen locks; sign in again, and the form will be the same.",
        ),
    },
    Question {
        ru: (
            "Как сменить организацию, не выходя?",
            "Нажмите на значок человека в шапке и выберите «Выбор способа входа».",
        ),
        en: (
            "How do I switch to another company without signing out?",
            "Press the person in the header and choose “Choose a cabinet”.",
        ),
    },
    Question {
        ru: (
            "Изменились адрес, КПП или название организации",
            "Нажмите на её название в шапке, затем «Обновить сведения об организации». Сведения приходят из реестра ФНС; если он ещё не обновлён, повторите позже, а в документах их можно поправить вручную. При смене ИНН открывается новый кабинет.",
        ),
        en: (
            "The company's address, KPP or name has changed",
            "Press its name in the header, then “Refresh the company's data”. They come from the tax register; if it is not up to date yet, try again later and edit the documents by hand meanwhile. A company whose INN changed gets a new cabinet.",
        ),
    },
];

#[component]
pub fn HelpPage() -> impl IntoView {
    let lang = use_lang().get_untracked();
    let questions = QUESTIONS
        .iter()
        .map(|question| {
            let (title, answer) = match lang {
                Lang::Ru => question.ru,
                Lang::En => question.en,
            };
            view! {
                <section class="card">
                    <h2>{title}</h2>
                    <p>{answer}</p>
                </section>
            }
        })
        .collect_view();
    let with_help = services()
        .filter(|service| !service.help.is_empty())
        .map(|service| view! { <ServiceHelp service/> })
        .collect_view();
    view! {
        <PageTitle text=tr!(lang, "Справка", "Help")/>
        <PageHead title=tr!(lang, "Справка", "Help").to_owned()/>
        <div class="stack narrow">
            {questions}
            <h2>{tr!(lang, "О сервисах", "About the services")}</h2>
            {with_help}
        </div>
    }
}

/// What a service's users should know.
#[component]
fn ServiceHelp(service: &'static Service) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let lines = service.help.iter().map(|line| view! { <li>{line.get(lang)}</li> }).collect_view();
    view! {
        <section class="card">
            <h3>
                <a href=format!("/services/{}", service.code)>{service.name.get(lang)}</a>
            </h3>
            <ul class="stack" data-gap="small">{lines}</ul>
        </section>
    }
}
