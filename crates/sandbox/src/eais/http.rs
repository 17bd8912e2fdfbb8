//! The exchange over HTTP.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{Accepted, Eais, envelope, exchange::Transaction, work::Job};
use crate::{World, lock, store};

/// Most answers in one page.
const PAGE: usize = 100;
/// Longest wait of a long poll, seconds.
const LONGEST_WAIT: u64 = 30;

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/eais/exchange/in", post(take))
        .route("/eais/exchange/out", get(give))
        .route("/eais/exchange/out/{message_id}/ack", post(acknowledge))
}

fn xml(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], text).into_response()
}

fn refuse(what: &str) -> Response {
    xml(StatusCode::BAD_REQUEST, envelope::fault("Client", what))
}

fn unavailable(what: &str) -> Response {
    xml(StatusCode::SERVICE_UNAVAILABLE, envelope::fault("Server", what))
}

/// Waits and fails as ordered through the control interface.
async fn fault(eais: &Eais) -> Result<(), Response> {
    let mode = eais.mode();
    if mode.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(mode.delay_ms)).await;
    }
    if mode.down { Err(unavailable("the exchange is down")) } else { Ok(()) }
}

async fn take(State(world): State<Arc<World>>, body: Bytes) -> Response {
    if let Err(response) = fault(&world.eais).await {
        return response;
    }
    let incoming = match envelope::read(&body) {
        Ok(incoming) => incoming,
        Err(what) => return refuse(&what),
    };
    match accept(&world, incoming) {
        Ok(Ok(accepted)) => {
            let lost = {
                let mut mode = lock(&world.eais.mode);
                let lost = mode.lose_receipts > 0;
                mode.lose_receipts = mode.lose_receipts.saturating_sub(1);
                lost
            };
            if lost {
                return unavailable("the receipt is lost on its way");
            }
            let receipt =
                envelope::receipt(accepted.message_id, &accepted.sender, accepted.received);
            xml(StatusCode::ACCEPTED, receipt)
        }
        Ok(Err(what)) => refuse(&what),
        Err(error) => {
            tracing::error!(%error, "customs cannot keep a document");
            unavailable("the document cannot be kept")
        }
    }
}

/// Keeps a new document and puts its review on the agenda; counts a repeated one.
fn accept(
    world: &World,
    incoming: envelope::Incoming,
) -> std::io::Result<Result<Accepted, String>> {
    let eais = &world.eais;
    let message_id = incoming.message_id;
    let sha256 = hex::encode(Sha256::digest(&incoming.document));
    let mut exchange = lock(&eais.exchange);
    if let Some(known) = exchange.accepted(message_id).cloned() {
        if known.sha256 != sha256 || known.sender != incoming.sender {
            return Ok(Err(format!(
                "MessageID {message_id} was used for another document; a new document needs a new one"
            )));
        }
        let repeated = Some(message_id);
        exchange.commit(Transaction { repeated, ..Transaction::default() })?;
        return Ok(Ok(known));
    }
    let accepted = Accepted {
        message_id,
        relates_to: incoming.relates_to,
        sender: incoming.sender,
        participant_inn: incoming.participant_inn,
        document_mode_id: incoming.document_mode_id,
        sha256,
        size: incoming.document.len(),
        received: world.clock.now(),
        deliveries: 1,
        reviewed: false,
    };
    // The bytes are on disk before the journal says that they were accepted.
    store::write_atomically(&eais.document_path(message_id), &incoming.document)?;
    let signature = incoming.signature.unwrap_or_default();
    store::write_atomically(&eais.signature_path(message_id), &signature)?;
    exchange.commit(Transaction { accepted: Some(accepted.clone()), ..Transaction::default() })?;
    drop(exchange);
    let review = eais.mode().review_ms.map_or(eais.speed.review, Duration::from_millis);
    eais.schedule(review, Job::Review(message_id));
    Ok(Ok(accepted))
}

#[derive(Deserialize)]
struct OutQuery {
    /// Participant identifier of the reader.
    receiver: String,
    /// Cursor; absent or empty reads from the beginning.
    #[serde(default)]
    after: String,
    /// Seconds to wait for the first answer, at most 30.
    #[serde(default)]
    wait: u64,
}

async fn give(State(world): State<Arc<World>>, Query(query): Query<OutQuery>) -> Response {
    let eais = &world.eais;
    let after = match &*query.after {
        "" => 0,
        text => match text.parse::<usize>() {
            Ok(after) => after,
            Err(_) => return refuse("after must be the cursor `next` of an earlier answer"),
        },
    };
    let deadline = Instant::now() + Duration::from_secs(query.wait.min(LONGEST_WAIT));
    let mut posted = eais.posted.subscribe();
    let mut stopping = world.stopping.clone();
    loop {
        if let Err(response) = fault(eais).await {
            return response;
        }
        posted.mark_unchanged();
        let (answers, next) = lock(&eais.exchange).listed(&query.receiver, after, PAGE);
        let stop = *stopping.borrow_and_update();
        if !answers.is_empty() || stop || Instant::now() >= deadline {
            return xml(StatusCode::OK, envelope::messages(&answers, next));
        }
        // Either a change or the end of the wait: the state is read once more in both cases.
        let _ = timeout_at(deadline, async {
            tokio::select! {
                _ = posted.changed() => {}
                _ = stopping.changed() => {}
            }
        })
        .await;
    }
}

async fn acknowledge(State(world): State<Arc<World>>, Path(message_id): Path<Uuid>) -> Response {
    if let Err(response) = fault(&world.eais).await {
        return response;
    }
    let mut exchange = lock(&world.eais.exchange);
    if !exchange.has_answer(message_id) {
        return xml(
            StatusCode::NOT_FOUND,
            envelope::fault("Client", &format!("there is no answer {message_id}")),
        );
    }
    let acknowledged = Some(message_id);
    match exchange.commit(Transaction { acknowledged, ..Transaction::default() }) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::error!(%error, "customs cannot keep an acknowledgement");
            unavailable("the acknowledgement cannot be kept")
        }
    }
}
