//! The page of the sandbox: what runs, who lives here, and buttons to play customs with.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;

use super::SWITCHED;
use crate::{
    World,
    ca::{KeyChoice, PASSWORD, TestSignatureRequest},
    eais::{Action, FormState, ModeChange, Order, Orders},
    html::{self, escape},
    lock,
    mail::moscow,
    population::{ORGANISATIONS, PERSONS, Person, organisation},
    refusal::Refusal,
};

pub(super) async fn home(State(world): State<Arc<World>>) -> Html<String> {
    let parts = [
        systems(&world),
        forms(&world),
        behaviour(&world),
        messages(&world),
        persons(),
        organisations(),
    ];
    html::page("Песочница: внешний мир на одной машине", &parts.concat())
}

fn button(name: &str, label: &str, inputs: &str) -> String {
    format!(
        "<form class=\"row\" method=\"post\" action=\"/sandbox/press/{name}\">{inputs}\
         <button class=\"plain\">{}</button></form> ",
        escape(label)
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

fn state_button(name: &str, title: &str, down: bool) -> String {
    let state = if down { "выключено" } else { "работает" };
    let label = if down { "Включить" } else { "Выключить" };
    format!(
        "<tr><th scope=\"row\">{title}</th><td>{state}</td><td>{}</td></tr>",
        button(name, &format!("{label}: {title}"), &hidden("down", if down { "" } else { "1" }))
    )
}

fn systems(world: &World) -> String {
    let esia_down = lock(&world.esia.faults).down;
    let mut rows = state_button("esia", "Госуслуги (ЕСИА)", esia_down)
        + &state_button("eais", "Таможня (ЕАИС)", world.eais.mode().down);
    for (name, title) in SWITCHED {
        rows += &state_button(name, title, world.switches.is_down(name));
    }
    let clients: String = world
        .esia
        .client_names()
        .iter()
        .map(|(id, name)| format!("<li>{} — {}</li>", escape(id), escape(name)))
        .collect();
    format!(
        "<p>Здесь работают учебные копии внешних систем. Все люди, организации и номера вымышлены.</p>\
         <section class=\"scroll\"><h2>Системы</h2><table><tbody>{rows}</tbody></table>\
         <p>SMTP: {} · <a href=\"/mail\">Почта</a> · <a href=\"/sandbox/phone\">Телефон</a> · <a href=\"/ca/root.pem\">Корневые сертификаты</a> · \
         Списки отозванных: <a href=\"/ca/gost/crl\">ГОСТ</a>, <a href=\"/ca/ecdsa/crl\">ECDSA</a></p>\
         <p>Системы-клиенты ЕСИА:</p><ul>{clients}</ul>{}{}</section>",
        world.smtp_addr,
        button("esia-denied", "Следующий вход отклонить", ""),
        button("reset", "Забыть документы, письма и входы", ""),
    )
}

fn forms(world: &World) -> String {
    let rows: String = world
        .eais
        .forms()
        .iter()
        .rev()
        .map(|form| {
            let number = form.number.to_string();
            let act = |action: &str, label: &str| {
                let inputs = hidden("form", &number) + &hidden("action", action);
                button("act", label, &inputs)
            };
            let buttons = if form.state == FormState::Annulled {
                String::new()
            } else {
                let inputs = format!(
                    "{}<label>Текст <input name=\"text\"></label>\
                     <label>Рабочих дней <input name=\"days\" type=\"number\" min=\"1\" max=\"365\" size=\"4\"></label>",
                    hidden("form", &number)
                );
                let asking = format!(
                    "<form class=\"row\" method=\"post\" action=\"/sandbox/press/act\">{inputs}\
                     <button class=\"plain\" name=\"action\" value=\"explain\">Запросить пояснения</button>\
                     <button class=\"plain\" name=\"action\" value=\"control\">Поставить на контроль</button></form> "
                );
                asking + &act("clear", "Снять контроль") + &act("annul", "Аннулировать")
            };
            let until = form.until.map(|day| day.format(" до %d.%m.%Y").to_string());
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}{}</td><td>{}</td><td>{buttons}</td></tr>",
                escape(&number),
                escape(&form.participant_inn),
                form.state.title(),
                until.unwrap_or_default(),
                moscow(form.registered_at),
            )
        })
        .collect();
    let table = if rows.is_empty() {
        "<p>Форм пока нет.</p>".to_owned()
    } else {
        format!(
            "<table><thead><tr><th>Номер</th><th>ИНН</th><th>Состояние</th><th>Принята (МСК)</th>\
             <th>Действия инспектора</th></tr></thead><tbody>{rows}</tbody></table>"
        )
    };
    format!("<section class=\"scroll\"><h2>Статистические формы на таможне</h2>{table}</section>")
}

fn behaviour(world: &World) -> String {
    let mode = world.eais.mode();
    let flag = |name: &str, on: bool, label: &str| {
        let label = format!("{label}: {}", if on { "да" } else { "нет" });
        button(name, &label, &hidden("down", if on { "" } else { "1" }))
    };
    let next: String = [
        ("register", "Следующую форму зарегистрировать без проверки"),
        ("errors", "Следующий документ отклонить"),
        ("explain", "По следующей форме запросить пояснения"),
        ("control", "Следующую форму поставить на контроль"),
        ("silence", "На следующий документ не отвечать"),
    ]
    .iter()
    .map(|(order, label)| button("next", label, &hidden("order", order)))
    .collect();
    format!(
        "<section><h2>Поведение таможни</h2>{}{}<p>Назначено следующим документам: {}</p>{next}\
         <p class=\"muted\">Всё это и больше доступно тестам: POST /sandbox/eais/mode с JSON \
         {{down, delay_ms, review_ms, duplicate, reorder, lose_receipts, next}}.</p></section>",
        flag("duplicate", mode.duplicate, "Отвечать дважды"),
        flag("reorder", mode.reorder, "Переставлять ответы"),
        mode.next.len(),
    )
}

fn messages(world: &World) -> String {
    let rows: String = world
        .eais
        .messages()
        .iter()
        .rev()
        .take(50)
        .map(|message| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                moscow(message.received),
                escape(&message.document_mode_id),
                escape(&message.participant_inn),
                message.message_id,
                message.deliveries,
            )
        })
        .collect();
    format!(
        "<section class=\"scroll\"><h2>Принятые документы (последние 50)</h2><table><thead><tr>\
         <th>Принят (МСК)</th><th>Вид</th><th>ИНН</th><th>MessageID</th><th>Доставок</th></tr></thead>\
         <tbody>{rows}</tbody></table></section>"
    )
}

fn persons() -> String {
    let rows: String = PERSONS
        .iter()
        .map(|person| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&person.full_name()),
                escape(person.about),
                person.snils.unwrap_or("—"),
                person.inn.unwrap_or("—"),
                person.oid,
                signatures(person),
            )
        })
        .collect();
    format!(
        "<section class=\"scroll\"><h2>Люди</h2><table><thead><tr><th>Имя</th><th>Кто это</th>\
         <th>СНИЛС</th><th>ИНН</th><th>oid</th><th>Тестовая подпись</th></tr></thead>\
         <tbody>{rows}</tbody></table>\
         <p>Тестовая подпись — файл PFX: новый ключ и сертификат на год. Пароль: <code>{PASSWORD}</code></p>\
         </section>"
    )
}

/// Forms that give out test signatures: for the person, and for every organisation of his.
fn signatures(person: &Person) -> String {
    if !person.trusted {
        return "—".to_owned();
    }
    let roles = person.roles.iter().filter_map(|role| organisation(role.organisation));
    let organisations = roles.map(|found| (found.inn, found.short_name));
    std::iter::once(("", "от себя"))
        .chain(organisations)
        .map(|(inn, name)| {
            let buttons: String = KeyChoice::ALL
                .iter()
                .map(|(value, title)| {
                    format!(
                        "<button class=\"plain\" name=\"key\" value=\"{value}\">{}</button>",
                        escape(title)
                    )
                })
                .collect();
            format!(
                "<form class=\"row\" method=\"post\" action=\"/sandbox/signature.pfx\">\
                 <span>{}:</span>{}{}{buttons}</form><br>",
                escape(name),
                hidden("person", &person.oid.to_string()),
                hidden("organisation_inn", inn),
            )
        })
        .collect()
}

/// A test signature as a file.
pub(super) async fn signature(
    State(world): State<Arc<World>>,
    Form(ask): Form<TestSignatureRequest>,
) -> Result<Response, Refusal> {
    let made = world.authority.test_signature(&ask, world.clock.now())?;
    let pfx = BASE64_STANDARD.decode(&made.pfx).map_err(std::io::Error::other)?;
    let name = format!("attachment; filename=\"signature-{}.pfx\"", made.serial);
    let headers = [
        (header::CONTENT_TYPE, "application/x-pkcs12".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, pfx).into_response())
}

fn organisations() -> String {
    let rows: String = ORGANISATIONS
        .iter()
        .map(|organisation| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(organisation.short_name),
                organisation.ogrn,
                organisation.inn,
                organisation.kpp.unwrap_or("—"),
                organisation.oid,
            )
        })
        .collect();
    format!(
        "<section class=\"scroll\"><h2>Организации</h2><table><thead><tr><th>Название</th>\
         <th>ОГРН</th><th>ИНН</th><th>КПП</th><th>oid</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )
}

/// Fields of all forms of the page.
#[derive(Deserialize)]
pub(super) struct Press {
    /// Any text means "on" (or "down").
    #[serde(default)]
    down: String,
    #[serde(default)]
    form: String,
    action: Option<Action>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    days: String,
    order: Option<Order>,
}

pub(super) async fn press(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
    Form(press): Form<Press>,
) -> Result<Redirect, Refusal> {
    let on = !press.down.is_empty();
    let mode = |change| world.eais.set_mode(change);
    match (&*name, press.action, press.order) {
        ("esia", ..) => lock(&world.esia.faults).down = on,
        ("esia-denied", ..) => world.esia.deny_next(),
        ("eais", ..) => {
            mode(ModeChange { down: Some(on), ..ModeChange::default() })?;
        }
        ("duplicate", ..) => {
            mode(ModeChange { duplicate: Some(on), ..ModeChange::default() })?;
        }
        ("reorder", ..) => {
            mode(ModeChange { reorder: Some(on), ..ModeChange::default() })?;
        }
        ("next", _, Some(order)) => {
            mode(ModeChange { next: Some(Orders::One(order)), ..ModeChange::default() })?;
        }
        ("act", Some(action), _) => {
            let days = match press.days.trim() {
                "" => None,
                days => Some(days.parse().map_err(|_| {
                    Refusal::invalid("days", "not a number", "working days, 1 to 365")
                })?),
            };
            world.eais.act(&press.form, action, Some(press.text), days, world.clock.now())?;
        }
        ("reset", ..) => super::reset(&world)?,
        _ => match SWITCHED.iter().find(|(system, _)| *system == name) {
            Some((system, _)) => world.switches.set(system, on),
            None => {
                return Err(Refusal::not_found(
                    format!("no button {name}"),
                    "a button of the page /sandbox/",
                ));
            }
        },
    }
    Ok(Redirect::to("/sandbox/"))
}
