//! The sign-in page: one button for each person of the sandbox.

use axum::response::Html;
use uuid::Uuid;

use crate::{
    html,
    population::{PERSONS, Person},
};

/// The page for a checked request; `signed_in` is the person of ESIA's own session.
pub(super) fn sign_in(request: Uuid, client: &str, signed_in: Option<&Person>) -> Html<String> {
    let mut persons: Vec<&Person> = PERSONS.iter().collect();
    persons.sort_by_key(|person| Some(person.oid) != signed_in.map(|found| found.oid));
    let buttons: String = persons
        .into_iter()
        .map(|person| {
            let label = html::escape(&format!("{} — {}", person.full_name(), person.about));
            let note = if Some(person.oid) == signed_in.map(|found| found.oid) {
                " (вы уже вошли)"
            } else {
                ""
            };
            format!(
                "<li><button name=\"person\" value=\"{}\">{label}{note}</button></li>",
                person.oid
            )
        })
        .collect();
    let body = format!(
        "<p>Система «{}» просит подтвердить, кто вы. Это песочница: все люди и организации \
         вымышлены, пароля нет.</p>\
         <section><form method=\"post\" action=\"/sandbox/esia/sign-in\">\
         <input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <h2>Войти как</h2><ul class=\"persons\">{buttons}</ul>\
         <button class=\"plain\">Отказаться</button></form></section>",
        html::escape(client)
    );
    html::page("Госуслуги (песочница)", &body)
}
