//! Mail: an SMTP server that delivers nothing and keeps everything (RFC 5321, without extensions
//! other than `SIZE` and `8BITMIME`), and pages that show what was sent.
//!
//! | path | what |
//! | --- | --- |
//! | `GET /mail` | list of messages |
//! | `GET /mail/{number}` | one message |
//! | `GET /sandbox/mail` | all messages as JSON |

mod content;
mod smtp;

use std::{
    io,
    path::Path as FilePath,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Html,
    routing::get,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use self::smtp::serve;
use crate::{World, html, lock, refusal::Refusal, store::Journal};

/// A message as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    received: DateTime<Utc>,
    /// Envelope sender.
    from: String,
    /// Envelope recipients.
    to: Vec<String>,
    /// Headers and body.
    raw: String,
}

/// Everything that was sent.
pub(crate) struct Mailbox(Mutex<(Journal<Stored>, Vec<Stored>)>);

impl Mailbox {
    pub(crate) fn open(folder: &FilePath) -> io::Result<Self> {
        Journal::open(&folder.join("messages.jsonl")).map(|opened| Self(Mutex::new(opened)))
    }

    fn keep(&self, message: Stored) -> io::Result<()> {
        let (journal, messages) = &mut *lock(&self.0);
        journal.append(&message)?;
        messages.push(message);
        Ok(())
    }

    fn all(&self) -> Vec<Stored> {
        lock(&self.0).1.clone()
    }

    pub(crate) fn clear(&self) -> io::Result<()> {
        let (journal, messages) = &mut *lock(&self.0);
        messages.clear();
        journal.clear()
    }
}

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/mail", get(list))
        .route("/mail/{number}", get(show))
        .route("/sandbox/mail", get(json))
}

/// A message with its content decoded.
#[derive(Serialize)]
struct Readable {
    /// From 1, in the order of arrival.
    number: usize,
    received: DateTime<Utc>,
    from: String,
    to: Vec<String>,
    subject: String,
    /// The first plain text part, or the HTML when there is no other.
    text: String,
    raw: String,
}

fn readable(number: usize, stored: Stored) -> Readable {
    let content::Content { subject, text } = content::read(&stored.raw);
    let Stored { received, from, to, raw } = stored;
    Readable { number, received, from, to, subject, text, raw }
}

async fn json(State(world): State<Arc<World>>) -> Json<Vec<Readable>> {
    let all = world.mail.all().into_iter().enumerate();
    Json(all.map(|(index, stored)| readable(index + 1, stored)).collect())
}

async fn list(State(world): State<Arc<World>>) -> Html<String> {
    let rows: String = world
        .mail
        .all()
        .into_iter()
        .enumerate()
        .rev()
        .map(|(index, stored)| {
            let message = readable(index + 1, stored);
            format!(
                "<tr><td>{}</td><td>{}</td><td><a href=\"/mail/{}\">{}</a></td></tr>",
                moscow(message.received),
                html::escape(&message.to.join(", ")),
                message.number,
                html::escape(&message.subject),
            )
        })
        .collect();
    let body = if rows.is_empty() {
        "<p>Писем пока нет.</p>".to_owned()
    } else {
        format!(
            "<section class=\"scroll\"><table><thead><tr><th>Получено (МСК)</th><th>Кому</th>\
             <th>Тема</th></tr></thead><tbody>{rows}</tbody></table></section>"
        )
    };
    html::page("Почта песочницы", &(body + "<p><a href=\"/sandbox/\">Песочница</a></p>"))
}

async fn show(
    State(world): State<Arc<World>>,
    Path(number): Path<usize>,
) -> Result<Html<String>, Refusal> {
    let stored = number.checked_sub(1).and_then(|index| world.mail.all().into_iter().nth(index));
    let stored = stored.ok_or_else(|| {
        Refusal::not_found(format!("no message number {number}"), "a number listed at /mail")
    })?;
    let message = readable(number, stored);
    let body = format!(
        "<section><p>От: {}<br>Кому: {}<br>Получено: {} МСК</p><pre>{}</pre></section>\
         <section><h2>Как пришло</h2><pre>{}</pre></section><p><a href=\"/mail\">Все письма</a></p>",
        html::escape(&message.from),
        html::escape(&message.to.join(", ")),
        moscow(message.received),
        html::escape(&message.text),
        html::escape(&message.raw),
    );
    let title = if message.subject.is_empty() { "(без темы)" } else { &message.subject };
    Ok(html::page(title, &body))
}

/// Moscow time for people.
pub(crate) fn moscow(at: DateTime<Utc>) -> String {
    (at + chrono::TimeDelta::hours(3)).format("%d.%m.%Y %H:%M:%S").to_string()
}
