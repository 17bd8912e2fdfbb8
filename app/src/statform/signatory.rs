//! The person responsible for the form (`ProvidePerson`). The moment of signing is set when the
//! form is prepared for it.

use edoc::path::Path;
use leptos::prelude::*;

use super::{
    field::{Bound, Control},
    place::{self, Place},
};
use crate::{tr, ui::i18n::use_lang};

#[component]
pub fn Signatory() -> impl IntoView {
    let lang = use_lang();
    let person = place::below(&Path::root(), "ProvidePerson");
    let contacts = place::below(&person, "CommunicationDetails");
    let at = |rest: &str| Place::below(&person, rest);
    view! {
        <fieldset class="party" id=place::control_id(&person) tabindex="-1">
            <legend>{tr!(lang, "Кто представляет форму", "Who provides the form")}</legend>
            <div class="row">
                <Bound place=at("PersonSurname") label=tr!(lang, "Фамилия", "Surname") control=Control::Upper required=true width="medium" maxlength=150/>
                <Bound place=at("PersonName") label=tr!(lang, "Имя", "Name") control=Control::Upper required=true width="medium" maxlength=150/>
                <Bound place=at("PersonMiddleName") label=tr!(lang, "Отчество", "Patronymic") control=Control::Upper width="medium" maxlength=150/>
            </div>
            <div class="row">
                <Bound place=at("PersonPost") label=tr!(lang, "Должность", "Post") control=Control::Upper width="medium" maxlength=250/>
                <Bound place=Place::first(&contacts, "Phone", "") label=tr!(lang, "Телефон", "Telephone") width="medium" maxlength=24/>
                <Bound place=Place::first(&contacts, "E_mail", "") label=tr!(lang, "Электронная почта", "E-mail") width="medium" maxlength=50/>
            </div>
        </fieldset>
    }
}
