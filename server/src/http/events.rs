//! News for open pages as server-sent events (HTML, section 9.2).

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use backend::{
    bus::Audience,
    ctx::{Ctx, Session},
    session::Activity,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::{Host, cookie, fault::Refusal, routes::Routes};

/// How often a stream makes sure that its session still stands.
const RECHECK: Duration = Duration::from_secs(20);

/// Events that wait for a slow page before the stream ends; the page then asks anew.
const WAITING: usize = 64;

pub fn router() -> Routes {
    Routes::new().get("/api/events", stream)
}

async fn stream(
    State(host): State<Host>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Response {
    let session = match ctx.person() {
        Ok(session) => session.clone(),
        Err(denied) => return Refusal::new(denied.into()).into_response(),
    };
    let token = cookie::value(&headers, host.jar().session()).unwrap_or_default().to_owned();
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        metrics::gauge!("event_streams").increment(1.0);
        feed(&host, &session, &token, &sender).await;
        metrics::gauge!("event_streams").decrement(1.0);
    });
    let events = Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // Proxies that buffer would hold the news back.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    ([unbuffered], events).into_response()
}

/// Passes on what concerns the session until the page leaves, the session ends or locks, or the
/// process stops.
async fn feed(
    host: &Host,
    session: &Session,
    token: &str,
    sender: &mpsc::Sender<Result<Event, Infallible>>,
) {
    let participant = session.role.as_ref().map(|role| role.participant);
    let mut news = host.backend().bus.subscribe();
    let mut closing = host.closing();
    let mut recheck = tokio::time::interval(RECHECK);
    recheck.tick().await;
    let version = Event::default().event("version").data(&host.assets().build);
    if sender.send(Ok(version)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            received = news.recv() => match received {
                Ok(news) => {
                    let concerns = match news.audience {
                        Audience::Person(person) => person == session.person,
                        Audience::Participant(id) => Some(id) == participant,
                    };
                    if !concerns {
                        continue;
                    }
                    let Ok(event) = Event::default().json_data(&news.push) else { continue };
                    if sender.send(Ok(event)).await.is_err() {
                        return;
                    }
                }
                // Some news were missed: the page connects anew and asks for what changed.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return,
            },
            _ = recheck.tick() => {
                let now = backend::session::resolve(host.backend(), token, Activity::Background);
                // Another cabinet or other rights need another stream as well.
                let stands = matches!(
                    now.await,
                    Ok(Some(now)) if !now.locked && now.role == session.role
                );
                if !stands {
                    // A page that is gone cannot be told.
                    let _ = sender.send(Ok(Event::default().event("end").data("session"))).await;
                    return;
                }
            }
            () = sender.closed() => return,
            // The guard that `wait_for` returns must not be held over an await.
            () = async { drop(closing.wait_for(|closing| *closing).await) } => return,
        }
    }
}
