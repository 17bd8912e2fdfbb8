//! The telephone: what waits for whom, with the buttons of «Госключ».

use std::{io, sync::Arc};

use axum::{
    Form, Json,
    body::Bytes,
    extract::{Path, State},
    response::{Html, Redirect},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Order, Status};
use crate::{
    World,
    html::{self, escape},
    mail::moscow,
    population::{self, PERSONS, Person},
    refusal::Refusal,
};

/// What the person or «Госключ» itself does about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    Sign,
    Refuse,
    Expire,
    /// It could not be put before the person.
    Fail,
}

fn perform(
    world: &World,
    order: i64,
    action: Action,
    by: Option<&'static Person>,
) -> Result<Order, Refusal> {
    let now = world.clock.now();
    match action {
        Action::Sign => world.epgu.sign(&world.authority, order, by, now),
        Action::Refuse => world.epgu.end(order, Status::Refused, None, now),
        Action::Expire => world.epgu.end(order, Status::Expired, None, now),
        Action::Fail => world.epgu.end(order, Status::Failed, None, now),
    }
}

/// A request as JSON tells of it.
#[derive(Serialize)]
pub(super) struct Request {
    order: i64,
    /// ESIA identifier of the person.
    person: u64,
    title: String,
    sha256: String,
    gost: String,
    status: Status,
    expires: DateTime<Utc>,
}

impl Request {
    fn of(order: Order) -> Result<Self, Refusal> {
        let package =
            order.package.ok_or_else(|| io::Error::other("an order without a package"))?;
        let [sha256, gost] = package.hashes()?;
        Ok(Self {
            order: order.id,
            person: package.person()?.oid,
            title: package.title,
            sha256,
            gost,
            status: order.status,
            expires: package.expires,
        })
    }
}

fn all(world: &World) -> Result<Vec<Request>, Refusal> {
    world.epgu.pushed(world.clock.now())?.into_iter().map(Request::of).collect()
}

pub(super) async fn requests(
    State(world): State<Arc<World>>,
) -> Result<Json<Vec<Request>>, Refusal> {
    all(&world).map(Json)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Details {
    /// Another who signs in the person's place.
    by: Option<u64>,
}

pub(super) async fn act(
    State(world): State<Arc<World>>,
    Path((order, action)): Path<(i64, Action)>,
    body: Bytes,
) -> Result<Json<Request>, Refusal> {
    let wrong = |what: String| Refusal::invalid("by", what, "oid of a person at /sandbox/");
    let Details { by } = match body.is_empty() {
        true => Details::default(),
        false => serde_json::from_slice(&body).map_err(|error| wrong(error.to_string()))?,
    };
    let by = by.map(|oid| population::person(oid).ok_or_else(|| wrong(format!("nobody is {oid}"))));
    perform(&world, order, action, by.transpose()?).and_then(Request::of).map(Json)
}

#[derive(Deserialize)]
pub(super) struct Press {
    order: i64,
    action: Action,
}

pub(super) async fn press(
    State(world): State<Arc<World>>,
    Form(Press { order, action }): Form<Press>,
) -> Result<Redirect, Refusal> {
    perform(&world, order, action, None)?;
    Ok(Redirect::to("/sandbox/phone"))
}

pub(super) async fn page(State(world): State<Arc<World>>) -> Result<Html<String>, Refusal> {
    let requests = all(&world)?;
    let phones: String = PERSONS
        .iter()
        .filter_map(|person| {
            let own = requests.iter().filter(|request| request.person == person.oid);
            let cards: String = own.map(card).collect();
            (!cards.is_empty()).then(|| format!("<h2>{}</h2>{cards}", escape(&person.full_name())))
        })
        .collect();
    let phones = if phones.is_empty() {
        "<section><p>Запросов на подпись нет. Отправьте документ на подпись из кабинета.</p></section>"
            .to_owned()
    } else {
        phones
    };
    let body = format!(
        "<p>Так выглядел бы телефон с приложением «Госключ». Сверьте хеш с тем, что показывает кабинет.</p>\
         {phones}<p><a href=\"/sandbox/phone\">Обновить</a> · <a href=\"/sandbox/\">Песочница</a></p>"
    );
    Ok(html::page("Телефон: Госключ", &body))
}

fn card(request: &Request) -> String {
    let button = |action: &str, kind: &str, label: &str| {
        format!("<button{kind} name=\"action\" value=\"{action}\">{label}</button>")
    };
    let buttons = if request.status == Status::Waiting {
        format!(
            "<form class=\"row\" method=\"post\" action=\"/sandbox/phone/press\">\
             <input type=\"hidden\" name=\"order\" value=\"{}\">{}{}{}</form>",
            request.order,
            button("sign", "", "Подписать"),
            button("refuse", " class=\"plain\"", "Отказаться"),
            button("expire", " class=\"plain\"", "Пусть истечёт срок"),
        )
    } else {
        String::new()
    };
    format!(
        "<section><h3>{}</h3><p>{} · до {} (МСК)</p><p class=\"muted\">SHA-256: <code>{}</code><br>\
         ГОСТ Р 34.11-2012: <code>{}</code></p>{buttons}</section>",
        escape(&request.title),
        request.status.wire().1,
        moscow(request.expires),
        request.sha256,
        request.gost,
    )
}
