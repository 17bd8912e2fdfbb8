//! «Выбор способа входа»: on whose behalf the reader acts.

use domain::view::session::{Category, Role};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::{
    api::{self, Enter},
    use_who,
};
use crate::{
    error_page::Refused,
    tr,
    ui::{Badge, Icon, IconName, PageHead, PageTitle, Skeleton, Tone, use_lang},
};

#[component]
pub fn RolePage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let who = use_who();
    let current =
        move || who.with(|who| who.as_ref().and_then(|who| Some(who.role.as_ref()?.participant)));
    let return_to = move || query.with(|query| query.get("return")).unwrap_or_default();
    let roles = Resource::new(|| (), |()| api::roles());
    let list = move || {
        roles.get().map(|roles| match roles {
            Ok(roles) => {
                let current = current();
                view! {
                    <ul class="role-list">
                        {roles
                            .into_iter()
                            .map(|role| {
                                let entered = current == Some(role.participant);
                                view! { <li><RoleCard role entered return_to=return_to()/></li> }
                            })
                            .collect_view()}
                    </ul>
                }
                .into_any()
            }
            Err(error) => view! { <Refused error/> }.into_any(),
        })
    };
    view! {
        <PageTitle text=tr!(lang, "Выбор способа входа", "Choose a cabinet")/>
        <div class="stack narrow">
            <PageHead
                title=tr!(lang, "Выбор способа входа", "Choose a cabinet").to_owned()
                lead=tr!(lang, "От чьего имени вы будете работать? Сменить можно в любой момент, не выходя.", "On whose behalf will you act? You can switch at any time without signing out.").to_owned()
            />
            <Suspense fallback=|| view! { <Skeleton lines=4/> }>{list}</Suspense>
            <p>
                <a href="/sign-in/signature">
                    {tr!(lang, "Новая организация — войти по ЭП", "New company: sign in with its signature")}
                </a>
            </p>
            <p class="muted small">
                {tr!(
                    lang,
                    "Нет вашей организации? Её руководитель привязывает сотрудников в профиле организации на Госуслугах. После этого выйдите и войдите снова.",
                    "Your company is missing? Its head adds employees in the company's profile at Gosuslugi. After that sign out and sign in again."
                )}
            </p>
        </div>
    }
}

#[component]
fn RoleCard(role: Role, entered: bool, return_to: String) -> impl IntoView {
    let lang = use_lang().get_untracked();
    let icon = match role.category {
        Category::Company => IconName::Building,
        Category::SoleTrader | Category::SelfEmployed | Category::Person => IconName::Person,
    };
    let inn = role.inn.map(|inn| tr!(lang, "ИНН {inn}", "INN {inn}", inn = inn));
    let details: Vec<String> =
        [Some(role.category.name(lang).to_owned()), inn, role.post].into_iter().flatten().collect();
    view! {
        <form method="post" action=Enter::url()>
            <input type="hidden" name="participant" value=role.participant.to_string()/>
            <input type="hidden" name="return_to" value=return_to/>
            <button class="role-card" type="submit" aria-current=entered.then_some("true")>
                <Icon name=icon/>
                <span>
                    <strong>{role.name}</strong>
                    <small>{details.join(" · ")}</small>
                </span>
                {if entered {
                    view! { <Badge tone=Tone::Accent>{tr!(lang, "Сейчас", "Now")}</Badge> }.into_any()
                } else {
                    view! { <Icon name=IconName::ChevronRight/> }.into_any()
                }}
            </button>
        </form>
    }
}
