//! Changes that an earlier page could not send — it was closed without network, or crashed — are
//! sent by whatever page the person opens next.

use std::collections::BTreeMap;

use domain::view::document::Batch;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use uuid::Uuid;

use super::{
    api,
    device::{self, ChangeKey},
    outgoing::BATCH_CHANGES,
};
use crate::session::use_who;

/// Sends what this device still keeps for the reader; for the root of the application. An open
/// editor sends its own document; sending a change twice changes nothing.
#[component]
pub fn Courier() -> impl IntoView {
    let who = use_who();
    let person = Memo::new(move |_| {
        who.with(|who| who.as_ref().filter(|who| !who.locked).map(|who| who.person))
    });
    let page = use_location().pathname;
    Effect::new(move |_| {
        // Going to another page may have cut an editor short.
        page.track();
        let Some(person) = person.get() else { return };
        let run = move || spawn_local(deliver(person));
        run();
        let listener = window_event_listener(ev::online, move |_| run());
        on_cleanup(move || listener.remove());
    });
}

async fn deliver(person: Uuid) {
    // What fails here is tried again by the next page: nothing is forgotten before the answer.
    drop(device::drafts_of_others_delete(person).await);
    let Ok(kept) = device::changes_with(&ChangeKey::of_person(person)).await else { return };
    let mut documents: BTreeMap<Uuid, Vec<(ChangeKey, String)>> = BTreeMap::new();
    for (key, change) in kept {
        documents.entry(key.document).or_default().push((key, change));
    }
    for (document, kept) in documents {
        for part in kept.chunks(BATCH_CHANGES) {
            let (keys, changes) = part.iter().cloned().unzip();
            // News are of no use here: nobody shows this document.
            let batch = Batch { document, since: i64::MAX, changes, pause: false };
            if api::patch(batch).await.is_err() {
                break;
            }
            drop(device::changes_delete(keys).await);
        }
    }
}
