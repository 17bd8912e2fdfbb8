//! The worker: decides about accepted documents, one after another, when their time comes.

use std::{io, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{date::moscow_date, ids::RegNumber};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{
    CUSTOMS_CODE, Eais, STATFORM,
    error_list::{self, BadDocument, Problem},
    exchange::{Accepted, Answer, Content, Exchange, Form, FormState, Transaction},
    inspector::{Action, report},
    order::Order,
    review::{self, Facts, Review},
};
use crate::{World, lock};

/// Something on the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Decide about the document of this message.
    Review(Uuid),
    /// Clear the form that came with this message.
    Clear(Uuid),
}

/// Does the jobs of the agenda until the task is aborted.
pub(crate) async fn work(world: Arc<World>) {
    let eais = &world.eais;
    loop {
        let changed = eais.agenda_changed.notified();
        let next = lock(&eais.agenda).iter().map(|(at, _)| *at).min();
        match next {
            None => changed.await,
            Some(at) if at > Instant::now() => tokio::select! {
                () = sleep_until(at) => {}
                () = changed => {}
            },
            Some(_) => {
                let due = take_due(eais);
                if let Some(job) = due
                    && let Err(error) = run(&world, job)
                {
                    tracing::error!(%error, ?job, "customs could not finish a job");
                }
                tokio::task::yield_now().await;
            }
        }
    }
}

/// The earliest due job, first come first served.
fn take_due(eais: &Eais) -> Option<Job> {
    let mut agenda = lock(&eais.agenda);
    let now = Instant::now();
    let due = agenda.iter().enumerate().filter(|(_, (at, _))| *at <= now);
    let index = due.min_by_key(|(_, (at, _))| *at).map(|(index, _)| index)?;
    Some(agenda.remove(index).1)
}

fn run(world: &World, job: Job) -> io::Result<()> {
    let now = world.clock.now();
    match job {
        Job::Clear(form) => world.eais.clear(form, now),
        Job::Review(message_id) => decide(world, message_id, now),
    }
}

fn decide(world: &World, message_id: Uuid, now: DateTime<Utc>) -> io::Result<()> {
    let eais = &world.eais;
    let Some(accepted) = lock(&eais.exchange).accepted(message_id).cloned() else { return Ok(()) };
    let document = std::fs::read(eais.document_path(message_id))?;
    let signature = std::fs::read(eais.signature_path(message_id))?;
    let review = review::review(&world.authority, &accepted, &document, &signature, now);
    let order = lock(&eais.mode).next.pop_front();

    let mut clearing = None;
    eais.commit(|exchange| {
        let mut transaction = if order == Some(Order::Silence) {
            Transaction::default()
        } else if accepted.document_mode_id == STATFORM {
            statform(exchange, &accepted, review, order, now)
        } else {
            other(exchange, &accepted, review, order, now)
        };
        transaction.reviewed = Some(message_id);
        clearing = transaction.forms.iter().find(|form| form.clearing).map(|form| form.message_id);
        transaction
    })?;
    if let Some(form) = clearing {
        eais.schedule(eais.speed.clearing, Job::Clear(form));
    }
    Ok(())
}

/// Decides about a statistical form.
fn statform(
    exchange: &Exchange,
    accepted: &Accepted,
    review: Review,
    order: Option<Order>,
    now: DateTime<Utc>,
) -> Transaction {
    let Review { facts, mut problems } = review;
    let Facts { document_id, replaces, .. } = facts;
    let document_id = document_id.unwrap_or_else(|| accepted.message_id.to_string());
    if let Some(known) = exchange.form_by_document(&document_id) {
        problems.push(Problem {
            element: Some("DocumentID".to_owned()),
            found: Some(document_id.clone()),
            expected: Some("новый идентификатор документа".to_owned()),
            ..Problem::error(
                "SF-DUPLICATE",
                format!("Форма с этим идентификатором уже зарегистрирована: {}", known.number),
            )
        });
    }
    let replaced = replaces.and_then(|number| match replaceable(exchange, accepted, &number) {
        Ok(form) => Some(form),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    });
    match order {
        Some(Order::Register) => problems.clear(),
        Some(Order::Errors) => problems.push(ordered_error()),
        _ => {}
    }
    if problems.iter().any(|problem| problem.is_error) {
        let bad = BadDocument { document_id: &document_id, mode_id: STATFORM };
        return refusal(accepted, &bad, &problems, now);
    }

    let ordinal = format!("С{:06}", exchange.next_number() % 1_000_000);
    let number = match RegNumber::new(CUSTOMS_CODE, moscow_date(now), &ordinal) {
        Ok(number) => number,
        Err(error) => {
            tracing::error!(%error, "customs cannot number a form");
            return Transaction::default();
        }
    };
    let mut form = Form {
        message_id: accepted.message_id,
        sender: accepted.sender.clone(),
        participant_inn: accepted.participant_inn.clone(),
        document_id,
        number,
        state: FormState::Registered,
        registered_at: now,
        until: None,
        text: None,
        replaces: replaced.as_ref().map(|old| old.number.clone()),
        clearing: false,
    };
    let mut answers = vec![report(&form, now)];
    let mut forms = Vec::new();
    if let Some(old) = replaced {
        let annulled = Form {
            state: FormState::Annulled,
            until: None,
            text: Some(format!("Заменена формой {}.", form.number)),
            clearing: false,
            ..old
        };
        answers.push(report(&annulled, now));
        forms.push(annulled);
    }
    let action = match order {
        Some(Order::Explain) => Some(Action::Explain),
        Some(Order::Control) => Some(Action::Control),
        _ => None,
    };
    if let Some(action) = action {
        form.state = action.state();
        form.until = action.until(None, now);
        form.text = action.default_text().map(str::to_owned);
        answers.push(report(&form, now));
    }
    forms.push(form);
    Transaction { forms, answers, ..Transaction::default() }
}

/// The form that a new one may replace: registered, of the same participant, not annulled.
fn replaceable(
    exchange: &Exchange,
    accepted: &Accepted,
    number: &str,
) -> Result<Form, Box<Problem>> {
    let known =
        number.parse::<RegNumber>().ok().and_then(|number| exchange.form_by_number(&number));
    let what = match known {
        Some(form) if form.participant_inn != accepted.participant_inn => {
            "Заменяемая форма подана другим лицом"
        }
        Some(form) if form.state == FormState::Annulled => "Заменяемая форма уже аннулирована",
        Some(form) => return Ok(form.clone()),
        None => "Заменяемая форма не зарегистрирована",
    };
    Err(Box::new(Problem {
        element: Some("PreviousRegNumberDoc".to_owned()),
        found: Some(number.to_owned()),
        expected: Some("номер своей зарегистрированной формы".to_owned()),
        ..Problem::error("SF-PREVIOUS", what)
    }))
}

/// Decides about any other document: an annulment, an explanation, or something to keep.
fn other(
    exchange: &Exchange,
    accepted: &Accepted,
    review: Review,
    order: Option<Order>,
    now: DateTime<Utc>,
) -> Transaction {
    let Review { facts, mut problems } = review;
    let Facts { document_id, annuls, .. } = facts;
    if order == Some(Order::Errors) {
        problems.push(ordered_error());
    }
    let annulled = annuls.and_then(|number| match replaceable(exchange, accepted, &number) {
        Ok(form) => Some(form),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    });
    if problems.iter().any(|problem| problem.is_error) {
        let document_id = document_id.unwrap_or_else(|| accepted.message_id.to_string());
        let bad = BadDocument { document_id: &document_id, mode_id: &accepted.document_mode_id };
        return refusal(accepted, &bad, &problems, now);
    }
    if let Some(form) = annulled {
        let form = Form {
            state: FormState::Annulled,
            until: None,
            text: Some("Аннулирована по обращению заявителя.".to_owned()),
            clearing: false,
            ..form
        };
        return Transaction {
            answers: vec![report(&form, now)],
            forms: vec![form],
            ..Transaction::default()
        };
    }
    let explained = accepted
        .relates_to
        .and_then(|id| exchange.related_form(id))
        .filter(|form| form.participant_inn == accepted.participant_inn)
        .filter(|form| form.state == FormState::ExplanationsRequired);
    let forms = explained.map(|form| Form { clearing: true, ..form.clone() });
    Transaction { forms: forms.into_iter().collect(), ..Transaction::default() }
}

fn ordered_error() -> Problem {
    Problem {
        description: Some(
            "Отказ назначен в песочнице, к содержанию документа он не относится.".to_owned(),
        ),
        ..Problem::error("SANDBOX-ORDER", "Документ отклонён по указанию инспектора песочницы")
    }
}

fn refusal(
    accepted: &Accepted,
    bad: &BadDocument<'_>,
    problems: &[Problem],
    now: DateTime<Utc>,
) -> Transaction {
    let list = error_list::write(Uuid::new_v4(), bad, problems, now);
    let answer = Answer {
        message_id: Uuid::new_v4(),
        relates_to: accepted.message_id,
        receiver: accepted.sender.clone(),
        participant_inn: accepted.participant_inn.clone(),
        document_mode_id: error_list::MODE_ID.to_owned(),
        prepared: now,
        content: Content::Document(list),
    };
    Transaction { answers: vec![answer], ..Transaction::default() }
}
