//! `/profile`: the person.

use domain::{
    date::format_date,
    view::{
        profile::{Person, Profile},
        session::{Category, Rights, Role},
    },
};
use leptos::prelude::*;

use super::{
    api::{self, CertificateRemove, ContactsSet, Whose},
    certificates::Certificates,
    contacts::ContactsForm,
    preferences::PreferencesForm,
    sessions::Sessions,
};
use crate::{
    error_page::Refused,
    tr,
    ui::{Badge, PageHead, PageTitle, Skeleton, Tone, use_lang},
};

#[component]
pub fn ProfilePage() -> impl IntoView {
    let lang = use_lang();
    let contacts_set = ServerAction::<ContactsSet>::new();
    let certificate_remove = ServerAction::<CertificateRemove>::new();
    let attached = RwSignal::new(0u32);
    let profile = Resource::new(
        move || (contacts_set.version().get(), certificate_remove.version().get(), attached.get()),
        |_| api::get(),
    );
    let body = move || {
        profile.get().map(|profile| match profile {
            Ok(profile) => view! {
                <Sections profile contacts_set certificate_remove attached/>
            }
            .into_any(),
            Err(error) => view! { <Refused error/> }.into_any(),
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Профиль", "Profile")/>
        <PageHead title=tr!(lang, "Профиль", "Profile").to_owned()/>
        <Transition fallback=|| view! { <Skeleton lines=8/> }>{body}</Transition>
        <Sessions/>
    }
}

#[component]
fn Sections(
    profile: Profile,
    contacts_set: ServerAction<ContactsSet>,
    certificate_remove: ServerAction<CertificateRemove>,
    attached: RwSignal<u32>,
) -> impl IntoView {
    let Profile { person, participant, roles, certificates, lang, theme, mail, .. } = profile;
    let contacts =
        (person.email.clone().unwrap_or_default(), person.phone.clone().unwrap_or_default());
    let cabinet = participant.map(|participant| participant.short_name);
    view! {
        <div class="profile-sections">
            <PersonCard person/>
            <ContactsForm whose=Whose::Person email=contacts.0 phone=contacts.1 action=contacts_set/>
            <RolesCard roles/>
            <PreferencesForm lang theme mail/>
            <Certificates certificates cabinet action=certificate_remove attached/>
        </div>
    }
    .into_any()
}

#[component]
fn PersonCard(person: Person) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let rows = [
        (tr!(lang, "Фамилия, имя, отчество", "Name"), Some(person.name.full())),
        (tr!(lang, "СНИЛС", "SNILS"), person.snils),
        (tr!(lang, "ИНН", "INN"), person.inn),
        (tr!(lang, "Дата рождения", "Date of birth"), person.birth_date.map(format_date)),
    ];
    view! {
        <section class="card" aria-labelledby="person">
            <h2 id="person">{tr!(lang, "Личные данные", "Personal data")}</h2>
            <dl class="facts">
                {rows
                    .into_iter()
                    .map(|(name, value)| {
                        view! {
                            <div>
                                <dt>{name}</dt>
                                <dd>{value.unwrap_or_else(|| "—".to_owned())}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="small muted">
                {tr!(
                    lang,
                    "Эти данные подтверждают Госуслуги; они обновляются при каждом входе.",
                    "Gosuslugi vouches for these data; they are refreshed at every sign-in."
                )}
            </p>
        </section>
    }
    .into_any()
}

/// The cabinets that are open to the person.
#[component]
fn RolesCard(roles: Vec<Role>) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let several = roles.len() > 1;
    view! {
        <section class="card" aria-labelledby="roles">
            <h2 id="roles">{tr!(lang, "Кабинеты", "Cabinets")}</h2>
            <ul class="list">
                {roles
                    .into_iter()
                    .map(|role| {
                        let rights = match role.category {
                            Category::Person | Category::SelfEmployed => {
                                (Tone::Accent, "Свой кабинет", "One's own")
                            }
                            Category::Company | Category::SoleTrader => rights_badge(role.rights),
                        };
                        let details: Vec<String> =
                            [Some(role.category.name(lang).to_owned()), role.post]
                                .into_iter()
                                .flatten()
                                .collect();
                        view! {
                            <li>
                                <div class="list-main">
                                    <strong>{role.name}</strong>
                                    <p class="list-detail">{details.join(" · ")}</p>
                                </div>
                                <Badge tone=rights.0>{lang.pick(rights.1, rights.2)}</Badge>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            {several
                .then(|| {
                    view! {
                        <p>
                            <a href="/sign-in/role">
                                {tr!(lang, "Выбор способа входа", "Choose a cabinet")}
                            </a>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

/// What the person may do in a cabinet, in a word.
pub(super) fn rights_badge(rights: Rights) -> (Tone, &'static str, &'static str) {
    if rights.chief {
        (Tone::Success, "Руководитель", "Head")
    } else if rights.admin {
        (Tone::Success, "Администратор", "Administrator")
    } else if rights.sign {
        (Tone::Accent, "Подпись и отправка", "Signs and sends")
    } else if rights.edit {
        (Tone::Accent, "Заполнение", "Fills documents")
    } else {
        (Tone::Neutral, "Только просмотр", "Reads only")
    }
}
