//! `/company`: the participant whose cabinet is entered.

use domain::{
    date::format_moscow,
    view::{
        profile::{Address, Employee, Missing, Participant, Profile},
        session::Category,
    },
};
use leptos::prelude::*;

use super::{
    api::{self, ContactsSet, OrganisationRefresh, Whose},
    contacts::ContactsForm,
    page::rights_badge,
};
use crate::{
    error_page::Refused,
    session::use_who,
    tr,
    ui::{Alert, Badge, Button, IconName, PageHead, PageTitle, Skeleton, Table, Tone, use_lang},
};

#[component]
pub fn CompanyPage() -> impl IntoView {
    let lang = use_lang();
    let contacts_set = ServerAction::<ContactsSet>::new();
    let refresh = ServerAction::<OrganisationRefresh>::new();
    let profile = Resource::new(
        move || (contacts_set.version().get(), refresh.version().get()),
        |_| api::get(),
    );
    let body = move || {
        profile.get().map(|profile| match profile {
            Ok(Profile { participant: Some(participant), missing, .. }) => {
                view! { <Body participant missing contacts_set refresh/> }.into_any()
            }
            Ok(_) => view! {
                <p>
                    <a href="/sign-in/role">
                        {tr!(lang, "Выбор способа входа", "Choose a cabinet")}
                    </a>
                </p>
            }
            .into_any(),
            Err(error) => view! { <Refused error/> }.into_any(),
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Профиль организации", "Company profile")/>
        <Transition fallback=|| view! { <Skeleton lines=8/> }>{body}</Transition>
    }
}

#[component]
fn Body(
    participant: Participant,
    missing: Vec<Missing>,
    contacts_set: ServerAction<ContactsSet>,
    refresh: ServerAction<OrganisationRefresh>,
) -> impl IntoView {
    let role = use_who().with(|who| who.as_ref().and_then(|who| who.role.clone()));
    let rights = role.as_ref().map(|role| role.rights).unwrap_or_default();
    let contacts = (
        participant.email.clone().unwrap_or_default(),
        participant.phone.clone().unwrap_or_default(),
    );
    let may_manage = rights.chief || rights.admin;
    let has_employees = matches!(participant.category, Category::Company | Category::SoleTrader);
    view! {
        <PageHead title=participant.short_name.clone() lead=participant.full_name.clone()/>
        <MissingAlert missing/>
        <div class="profile-sections">
            <Facts participant may_refresh=rights.edit || rights.chief refresh/>
            {may_manage
                .then(|| {
                    view! {
                        <ContactsForm
                            whose=Whose::Participant
                            email=contacts.0
                            phone=contacts.1
                            action=contacts_set
                        />
                    }
                })}
            {(may_manage && has_employees).then(|| view! { <Employees/> })}
        </div>
    }
    .into_any()
}

/// What the profile lacks, and why each is asked for.
#[component]
fn MissingAlert(missing: Vec<Missing>) -> impl IntoView {
    let lang = use_lang().get_untracked();
    (!missing.is_empty()).then(|| {
        let rows = missing
            .into_iter()
            .map(|field| {
                let name = field.name(lang);
                let link = match field {
                    Missing::Signature => Some("/profile#signature"),
                    Missing::Email => Some("#email"),
                    Missing::Phone => Some("#phone"),
                    Missing::Inn | Missing::Kpp | Missing::Ogrn | Missing::Address => None,
                };
                let name = match link {
                    Some(href) => view! { <a href=href rel="external">{name}</a> }.into_any(),
                    None => view! { <span>{name}</span> }.into_any(),
                };
                view! { <li>{name} " — " {field.reason(lang)}</li> }
            })
            .collect_view();
        view! {
            <Alert tone=Tone::Warning title=tr!(lang, "В профиле не хватает", "The profile lacks")>
                <ul>{rows}</ul>
            </Alert>
        }
    })
}

#[component]
fn Facts(
    participant: Participant,
    may_refresh: bool,
    refresh: ServerAction<OrganisationRefresh>,
) -> impl IntoView {
    let lang = use_lang();
    let failure = move || refresh.value().get().and_then(Result::err);
    let refreshed = move || refresh.value().with(|value| matches!(value, Some(Ok(_))));
    let company = participant.category == Category::Company;
    let business = company || participant.category == Category::SoleTrader;
    let ogrn = if company { "ОГРН" } else { "ОГРНИП" };
    let rows = [
        (
            tr!(lang, "Категория", "Category"),
            Some(participant.category.name(lang.get_untracked()).to_owned()),
        ),
        (tr!(lang, "ИНН", "INN"), participant.inn),
        (tr!(lang, "КПП", "KPP"), participant.kpp.filter(|_| company)),
        (lang.get_untracked().pick(ogrn, "OGRN"), participant.ogrn.filter(|_| business)),
        (tr!(lang, "Адрес", "Address"), participant.address.as_ref().map(line)),
    ];
    let source = match participant.verified {
        Some(at) => tr!(
            lang,
            "Сведения ФНС на {at} (МСК).",
            "Data of the tax service as of {at} (Moscow time).",
            at = format_moscow(at)
        ),
        None => tr!(
            lang,
            "Сведения ещё не получены из ФНС.",
            "The tax service has not confirmed these data yet."
        )
        .to_owned(),
    };
    view! {
        <section class="card" aria-labelledby="organisation">
            <h2 id="organisation">{tr!(lang, "Сведения", "Data")}</h2>
            <dl class="facts">
                {rows
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?)))
                    .map(|(name, value)| {
                        view! {
                            <div>
                                <dt>{name}</dt>
                                <dd>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="small muted">{source}</p>
            {move || {
                failure()
                    .map(|error| {
                        view! {
                            <Alert tone=Tone::Danger title=error.0.cause_text(lang.get()) live=true>
                                <p>{error.0.remedy_text(lang.get())}</p>
                            </Alert>
                        }
                    })
            }}
            <Show when=refreshed>
                <Alert tone=Tone::Success live=true>
                    <p>{tr!(lang, "Сведения обновлены.", "The data are up to date.")}</p>
                </Alert>
            </Show>
            {may_refresh
                .then(|| {
                    view! {
                        <ActionForm action=refresh>
                            <Button type_="submit" icon=IconName::Refresh busy=refresh.pending()>
                                {tr!(lang, "Обновить сведения об организации", "Refresh the company's data")}
                            </Button>
                        </ActionForm>
                    }
                })}
        </section>
    }
    .into_any()
}

/// An address in one line; empty parts are left out.
fn line(address: &Address) -> String {
    let Address { postal_code, region, city, street, house, room, .. } = address;
    [postal_code, region, city, street, house, room]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Who works in the cabinet.
#[component]
fn Employees() -> impl IntoView {
    let lang = use_lang();
    let employees = Resource::new(|| (), |()| api::employees());
    let list = move || {
        employees.get().map(|employees| match employees {
            Ok(rows) => view! { <EmployeeTable rows/> }.into_any(),
            Err(error) => view! { <p>{error.0.text(lang.get())}</p> }.into_any(),
        })
    };
    view! {
        <section class="card wide" aria-labelledby="employees">
            <h2 id="employees">{tr!(lang, "Сотрудники с доступом", "Employees with access")}</h2>
            <Suspense fallback=|| view! { <Skeleton lines=3/> }>{list}</Suspense>
            <p class="small muted">
                {tr!(
                    lang,
                    "Список пополняется, когда сотрудник входит через Госуслуги. Состав сотрудников меняет руководитель в профиле организации на Госуслугах.",
                    "An employee appears here after signing in through Gosuslugi. The head changes the staff in the company's profile there."
                )}
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn EmployeeTable(rows: Vec<Employee>) -> impl IntoView {
    let lang = use_lang();
    let name = tr!(lang, "Сотрудник", "Employee");
    let post = tr!(lang, "Должность", "Post");
    let access = tr!(lang, "Права", "Rights");
    let body = rows
        .into_iter()
        .map(|employee| {
            let (tone, ru, en) = rights_badge(employee.rights);
            view! {
                <tr>
                    <td data-label=name data-cell="main">{employee.name.full()}</td>
                    <td data-label=post>{employee.post.unwrap_or_else(|| "—".to_owned())}</td>
                    <td data-label=access>
                        <Badge tone>{lang.get_untracked().pick(ru, en)}</Badge>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=tr!(lang, "Сотрудники с доступом", "Employees with access").to_owned() quiet_caption=true>
            <thead>
                <tr>
                    <th scope="col">{name}</th>
                    <th scope="col">{post}</th>
                    <th scope="col">{access}</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parts_of_an_address_are_left_out() {
        let address = Address {
            postal_code: "101000".to_owned(),
            city: "МОСКВА".to_owned(),
            house: "1".to_owned(),
            ..Address::default()
        };
        assert_eq!(line(&address), "101000, МОСКВА, 1");
    }
}
