//! What is done with the documents of a package, one after another. The dialog may be closed at any
//! moment; then the work ends with the document at hand.

use std::sync::Arc;

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    view::document::{Frozen, Signed},
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{Entry, Package, Picked, Stage, State, Trouble};
use crate::{
    document::{
        api,
        device::{self, ChangeKey},
    },
    signing::{
        Hashes, base64,
        challenge::refusal,
        chooser::Chosen,
        frozen::{damaged, sign},
        hashes_of_all,
    },
    tr,
};

/// Remarks that are told here; the form itself shows them all.
const TOLD: usize = 3;

impl Package {
    /// Freezes, checks and hashes what was not sent yet; gives what turned out to be sent.
    pub async fn prepare(self, lang: Lang) -> Vec<Uuid> {
        self.begin(Stage::Preparing);
        let (mut sent, mut frozen) = (Vec::new(), Vec::new());
        for Entry { picked, state } in self.unsent() {
            let document = picked.document;
            self.put(document, State::Waiting);
            if let State::Unanswered(_, signed) = state
                && api::submit(signed).await.is_ok()
            {
                self.put(document, State::Sent);
                sent.push(document);
            } else {
                match self.freeze(&picked, lang).await {
                    Ok(content) => frozen.push(content),
                    Err(state) => self.put(document, state),
                }
            }
            if !self.count() {
                return sent;
            }
        }
        for (document, state) in hashed(frozen, lang).await {
            self.put(document, state);
        }
        let next = if self.unsent().is_empty() { Stage::Done } else { Stage::Choosing };
        self.stage.try_set(next);
        sent
    }

    async fn freeze(self, picked: &Picked, lang: Lang) -> Result<Frozen, State> {
        let key = ChangeKey::of_document(self.holder.person, picked.document);
        // A device that keeps nothing has nothing that is not on the server.
        if device::changes_with(&key).await.is_ok_and(|changes| !changes.is_empty()) {
            return Err(State::LeftOut(unsaved(lang), Vec::new()));
        }
        api::freeze(picked.document).await.map_err(|error| left_out(&error.0, lang))
    }

    /// Signs and sends what is ready; gives what was sent.
    pub async fn send(self, chosen: Chosen, lang: Lang) -> Vec<Uuid> {
        self.begin(Stage::Sending);
        let mut sent = Vec::new();
        let mut stop = None::<Trouble>;
        for (document, frozen) in self.ready() {
            if stop.is_none() && self.stopping.try_get_untracked() == Some(true) {
                stop = Some(stopped(lang));
            }
            let signed = match &stop {
                Some(trouble) => Err(trouble.clone()),
                None => sign(&chosen, &frozen, lang).await,
            };
            let state = match signed {
                Ok(signed) => sent_or_failed(signed, lang).await,
                // What keeps one from being signed keeps the others too: nobody is asked for a
                // PIN over and over.
                Err(trouble) => {
                    stop = Some(trouble.clone());
                    State::Failed(trouble)
                }
            };
            if state == State::Sent {
                sent.push(document);
            }
            self.put(document, state);
            if !self.count() {
                return sent;
            }
        }
        self.stage.try_set(Stage::Done);
        sent
    }

    fn begin(self, stage: Stage) {
        self.stopping.set(false);
        self.done.set(0);
        self.stage.set(stage);
    }

    fn unsent(self) -> Vec<Entry> {
        let unsent = |entry: &&Entry| entry.state != State::Sent;
        let entries = self
            .entries
            .try_with_untracked(|entries| entries.iter().filter(unsent).cloned().collect());
        entries.unwrap_or_default()
    }

    fn ready(self) -> Vec<(Uuid, Arc<Frozen>)> {
        self.entries.with_untracked(|entries| {
            let ready = entries.iter().filter_map(|entry| match &entry.state {
                State::Ready(frozen, _) => Some((entry.picked.document, Arc::clone(frozen))),
                _ => None,
            });
            ready.collect()
        })
    }

    fn put(self, document: Uuid, state: State) {
        self.entries.try_update(|entries| {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.picked.document == document)
            {
                entry.state = state;
            }
        });
    }

    /// One document more is dealt with; `false` when the dialog is gone.
    fn count(self) -> bool {
        self.done.try_update(|done| *done += 1).is_some()
    }
}

async fn sent_or_failed(signed: Signed, lang: Lang) -> State {
    match api::submit(signed.clone()).await {
        Ok(_) => State::Sent,
        Err(error) => {
            let trouble = refusal(&error, lang);
            match error.0.code {
                ErrorCode::Unavailable | ErrorCode::Internal => State::Unanswered(trouble, signed),
                _ => State::Failed(trouble),
            }
        }
    }
}

/// What the engine hashed must be what the server froze.
async fn hashed(frozen: Vec<Frozen>, lang: Lang) -> Vec<(Uuid, State)> {
    let contents: Vec<Vec<u8>> =
        frozen.iter().map(|frozen| base64::decode(&frozen.content).unwrap_or_default()).collect();
    let hashes = hashes_of_all(&contents).await;
    let state = |at: usize, frozen: Frozen| match &hashes {
        Ok(hashes) => match hashes.get(at) {
            Some(Hashes { sha256, gost, .. }) if *sha256 == frozen.sha256 => {
                State::Ready(Arc::new(frozen), gost.clone())
            }
            _ => State::LeftOut(damaged(lang), Vec::new()),
        },
        Err(error) => State::LeftOut(error.trouble(lang), Vec::new()),
    };
    let documents = frozen.into_iter().enumerate();
    documents.map(|(at, frozen)| (frozen.document, state(at, frozen))).collect()
}

/// Why a document cannot be frozen, with the first of its errors.
fn left_out(error: &WireError, lang: Lang) -> State {
    let trouble = Trouble::new(error.cause_text(lang), error.remedy_text(lang));
    let mut told: Vec<String> =
        error.fields.iter().take(TOLD).map(|field| field.what.clone()).collect();
    if let Some(more) = error.fields.len().checked_sub(TOLD).filter(|more| *more > 0) {
        told.push(tr!(lang, "и ещё {more}", "and {more} more", more = more));
    }
    State::LeftOut(trouble, told)
}

fn unsaved(lang: Lang) -> Trouble {
    Trouble::new(
        tr!(
            lang,
            "На этом устройстве есть изменения, которые ещё не дошли до сервера.",
            "This device has changes that have not reached the server yet."
        ),
        tr!(
            lang,
            "Откройте форму и дождитесь слова «Сохранено».",
            "Open the form and wait for “Saved”."
        ),
    )
}

fn stopped(lang: Lang) -> Trouble {
    Trouble::new(
        tr!(lang, "Вы остановили отправку.", "You stopped the sending."),
        tr!(lang, "Форма осталась черновиком.", "The form is still a draft."),
    )
}

#[cfg(test)]
mod tests {
    use domain::error::FieldError;

    use super::*;

    fn told(errors: usize) -> Vec<String> {
        let error = (0..errors).fold(WireError::of(ErrorCode::Invalid), |error, number| {
            error.field(FieldError::new("path", format!("ошибка {number}")))
        });
        match left_out(&error, Lang::Ru) {
            State::LeftOut(_, told) => told,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_errors_are_told_and_the_others_counted() {
        assert!(told(0).is_empty());
        assert_eq!(told(3), ["ошибка 0", "ошибка 1", "ошибка 2"]);
        assert_eq!(told(5), ["ошибка 0", "ошибка 1", "ошибка 2", "и ещё 2"]);
    }
}
