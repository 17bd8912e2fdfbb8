//! Drafts over a real database: SQLite always, PostgreSQL when there is one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    state::DocumentState,
    view::{
        document::{Batch, ChangeAuthor, CheckpointReason},
        session::Rights,
    },
};
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
};

use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{
    expiry::{due, expire_one},
    *,
};
use crate::{
    ctx::{Actor, Ctx, Session},
    gateway::customs::{Answer, FormState, Incoming},
    session::entity::person,
    statform,
    storage::testing::{TestClock, backend, databases, somebody},
};

const EDITOR: Rights = Rights { chief: false, admin: false, edit: true, sign: false };
const CHIEF: Rights = Rights { chief: true, admin: true, edit: true, sign: true };

fn noon() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// An editor in a browser: a replica of the draft and what it has seen.
struct Tab {
    ctx: Ctx,
    id: Uuid,
    replica: ReplicaId,
    draft: Draft,
    version: i64,
}

impl Tab {
    async fn open(ctx: &Ctx, id: Uuid, replica: u64) -> Self {
        let opened = open(ctx, id).await.unwrap();
        Self {
            ctx: ctx.clone(),
            id,
            replica: ReplicaId::session(replica),
            draft: serde_json::from_str(&opened.draft).unwrap(),
            version: opened.head.version,
        }
    }

    fn set(&mut self, path: &str, value: &str) -> String {
        let patch = Patch::Set { path: path.parse().unwrap(), value: Some(value.to_owned()) };
        let change = self.draft.edit(&self.replica, patch).unwrap();
        serde_json::to_string(&change).unwrap()
    }

    fn batch(&self, changes: Vec<String>, pause: bool) -> Batch {
        Batch { document: self.id, since: self.version, changes, pause }
    }

    async fn send(&mut self, changes: Vec<String>) -> domain::view::document::BatchReply {
        let reply = patch(&self.ctx, self.batch(changes, false)).await.unwrap();
        for change in &reply.changes {
            self.draft.apply(&serde_json::from_str(change).unwrap());
        }
        self.version = reply.version;
        reply
    }

    fn text(&self, path: &str) -> Option<String> {
        self.draft.text(&path.parse().unwrap()).map(str::to_owned)
    }
}

async fn stored(ctx: &Ctx, id: Uuid) -> Draft {
    serde_json::from_str(&open(ctx, id).await.unwrap().draft).unwrap()
}

#[tokio::test]
async fn two_editors_keep_both_and_a_repeated_batch_changes_nothing() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut left = Tab::open(&ctx, id, 100).await;
        let mut right = Tab::open(&ctx, id, 200).await;

        let currency = left.set("CustCostCurrencyCode", "KZT");
        let transport = right.set("TransportModeCode", "20");
        let first = left.batch(vec![currency.clone()], false);
        left.send(vec![currency]).await;
        right.send(vec![transport]).await;
        assert_eq!(right.text("CustCostCurrencyCode").as_deref(), Some("KZT"), "{}", test.name);

        let before = open(&ctx, id).await.unwrap().head.version;
        let again = patch(&ctx, first).await.unwrap();
        assert_eq!(again.version, before, "{}: a repeated batch is no news", test.name);

        left.send(vec![]).await;
        assert_eq!(left.draft, right.draft, "{}", test.name);
        assert_eq!(stored(&ctx, id).await, left.draft, "{}", test.name);
    }
}

#[tokio::test]
async fn the_same_field_changed_by_two_stays_a_visible_conflict() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut left = Tab::open(&ctx, id, 100).await;
        let mut right = Tab::open(&ctx, id, 200).await;
        let (a, b) = (left.set("TransportName", "ПОЕЗД"), right.set("TransportName", "СУДНО"));
        left.send(vec![a]).await;
        right.send(vec![b]).await;
        left.send(vec![]).await;
        let conflicts = stored(&ctx, id).await.conflicts().len();
        assert_eq!(conflicts, 1, "{}", test.name);
        assert_eq!(left.draft.conflicts().len(), right.draft.conflicts().len(), "{}", test.name);
    }
}

#[tokio::test]
async fn a_stranger_sees_no_document_and_a_reader_changes_none() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let owner = somebody(&backend, 1, CHIEF).await;
        let stranger = somebody(&backend, 2, CHIEF).await;
        let reader = somebody(&backend, 3, Rights::default()).await;
        let id = statform::create(&owner, None, None).await.unwrap().id;
        assert!(matches!(open(&stranger, id).await, Err(DocumentError::NotFound)));
        let batch = Batch { document: id, since: 0, changes: vec![], pause: false };
        assert!(matches!(patch(&stranger, batch.clone()).await, Err(DocumentError::NotFound)));
        assert!(matches!(patch(&reader, batch).await, Err(DocumentError::Denied(_))));
        assert!(matches!(delete(&stranger, id).await, Err(DocumentError::NotFound)));
        let anonymous = Ctx { actor: Actor::Anonymous, ..owner.clone() };
        assert!(matches!(open(&anonymous, id).await, Err(DocumentError::Denied(_))));
    }
}

#[tokio::test]
async fn checkpoints_are_made_by_time_and_pause_and_can_be_restored() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut tab = Tab::open(&ctx, id, 100).await;
        let change = tab.set("TransportName", "ПЕРВОЕ");
        tab.send(vec![change]).await;
        assert_eq!(history(&ctx, id).await.unwrap().len(), 1, "only the beginning");

        clock.advance(TimeDelta::minutes(11));
        let change = tab.set("TransportModeCode", "20");
        assert!(tab.send(vec![change]).await.checkpoint.is_some());
        let change = tab.set("TransportName", "ВТОРОЕ");
        let batch = tab.batch(vec![change], true);
        patch(&ctx, batch).await.unwrap();
        let versions = history(&ctx, id).await.unwrap();
        let reasons: Vec<_> = versions.iter().map(|version| version.reason).collect();
        use CheckpointReason::{Created, Interval, Pause, Restored};
        assert_eq!(reasons, [Pause, Interval, Created], "{}", test.name);
        assert_eq!(versions[0].author, "Тестова А.");

        let changed = difference(&ctx, id, versions[1].id, None).await.unwrap();
        assert_eq!(changed.len(), 1, "{}: {changed:?}", test.name);
        assert_eq!(changed[0].before.as_deref(), Some("ПЕРВОЕ"));
        assert_eq!(changed[0].after.as_deref(), Some("ВТОРОЕ"));

        restore(&ctx, id, versions[1].id).await.unwrap();
        let now = stored(&ctx, id).await;
        assert_eq!(now.text(&"TransportName".parse().unwrap()), Some("ПЕРВОЕ"));
        assert_eq!(history(&ctx, id).await.unwrap()[0].reason, Restored);
        tab.send(vec![]).await;
        assert_eq!(tab.text("TransportName").as_deref(), Some("ПЕРВОЕ"), "open editors follow");
    }
}

#[tokio::test]
async fn the_log_rebuilds_what_another_process_changed() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let here = backend(test.db.clone(), clock.clone());
        let there = backend(test.db.clone(), clock);
        let ctx = somebody(&here, 1, EDITOR).await;
        let other = Ctx { backend: Arc::clone(&there), ..ctx.clone() };
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut tabs = [Tab::open(&ctx, id, 100).await, Tab::open(&other, id, 200).await];
        for turn in 0..450 {
            let tab = &mut tabs[turn % 2];
            let change = tab.set("TransportName", &format!("{turn}"));
            tab.send(vec![change]).await;
        }
        assert_eq!(stored(&ctx, id).await, stored(&other, id).await);
        assert_eq!(
            stored(&other, id).await.text(&"TransportName".parse().unwrap()),
            Some("449"),
            "{}",
            test.name
        );
    }
}

#[tokio::test]
async fn untouched_drafts_are_announced_and_only_then_deleted() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, EDITOR).await;
        let system = Ctx::system(Arc::clone(&backend), "test");
        let id = statform::create(&ctx, None, None).await.unwrap().id;
        assert_eq!(expire(&system).await.unwrap(), 0);
        // The server slept for a year: the draft still gets its week.
        clock.advance(TimeDelta::days(365));
        assert_eq!(expire(&system).await.unwrap(), 1);
        assert_eq!(expire(&system).await.unwrap(), 0, "announced once");
        assert_eq!(crate::notice::list(&ctx, 1).await.unwrap().total, 1);
        assert_eq!(open(&ctx, id).await.unwrap().head.state, DocumentState::Draft);
        clock.advance(TimeDelta::days(8));
        assert_eq!(expire(&system).await.unwrap(), 1);
        assert!(matches!(open(&ctx, id).await, Err(DocumentError::NotFound)), "{}", test.name);
    }
}

#[tokio::test]
async fn rubbish_changes_are_refused_by_number() {
    let test = databases().await.remove(0);
    let backend = backend(test.db.clone(), TestClock::at(noon()));
    let ctx = somebody(&backend, 1, EDITOR).await;
    let id = statform::create(&ctx, None, None).await.unwrap().id;
    let batch = Batch { document: id, since: 0, changes: vec!["{}".to_owned()], pause: false };
    let refused = patch(&ctx, batch).await;
    assert!(matches!(refused, Err(DocumentError::Change { index: 0, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_batch_that_comes_again_after_its_field_moved_on_is_still_no_news() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut tab = Tab::open(&ctx, id, 100).await;
        let first = tab.set("TransportName", "П");
        let second = tab.set("TransportName", "ПОЕЗД");
        let batch = tab.batch(vec![first, second], false);
        let version = patch(&ctx, batch.clone()).await.unwrap().version;
        // The answer was lost: the page sends the same again, also through another process.
        assert_eq!(patch(&ctx, batch.clone()).await.unwrap().version, version, "{}", test.name);
        let there = crate::storage::testing::backend(test.db.clone(), TestClock::at(noon()));
        let other = Ctx { backend: there, ..ctx.clone() };
        assert_eq!(patch(&other, batch).await.unwrap().version, version, "{}", test.name);
        assert_eq!(stored(&ctx, id).await.text(&"TransportName".parse().unwrap()), Some("ПОЕЗД"));
    }
}

#[tokio::test]
async fn a_stamp_out_of_bounds_is_refused_before_it_spoils_the_draft() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut tab = Tab::open(&ctx, id, 100).await;
        let sound = tab.set("TransportName", "ПОЕЗД");
        let mut change: edoc::patch::Change = serde_json::from_str(&sound).unwrap();
        for counter in [0, u64::MAX] {
            change.stamp.counter = counter;
            let batch = tab.batch(vec![serde_json::to_string(&change).unwrap()], false);
            let refused = patch(&ctx, batch).await;
            assert!(matches!(refused, Err(DocumentError::Change { index: 0, .. })), "{refused:?}");
        }
        tab.send(vec![sound]).await;
        assert_eq!(stored(&ctx, id).await, tab.draft, "{}", test.name);
    }
}

/// Puts a document into a state as if it had got there by itself, sent by the message `1`.
async fn sent(ctx: &Ctx, id: Uuid, state: DocumentState) {
    let row = document::Entity::find_by_id(id).one(ctx.db()).await.unwrap().unwrap();
    let participant = row.participant_id;
    let mut active = row.into_active_model();
    active.state = Set(state.to_string());
    document::Entity::update(active).exec(ctx.db()).await.unwrap();
    entity::outbox::Entity::insert(entity::outbox::ActiveModel {
        message_id: Set(id),
        participant_id: Set(participant),
        document_id: Set(id),
        kind: Set(statform::KIND.to_owned()),
        relates_to: Set(None),
        body: Set(Vec::new()),
        signature: Set(None),
        state: Set("delivered".to_owned()),
        attempts: Set(1),
        next_at: Set(ctx.now()),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        receipt: Set(None),
        created_at: Set(ctx.now()),
        delivered_at: Set(Some(ctx.now())),
        ..Default::default()
    })
    .exec_without_returning(ctx.db())
    .await
    .unwrap();
}

#[tokio::test]
async fn changes_that_come_too_late_are_kept_once() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut tab = Tab::open(&ctx, id, 100).await;
        let taken = tab.set("TransportName", "П");
        let newer = tab.set("TransportName", "ПО");
        let in_time = tab.batch(vec![taken, newer], false);
        patch(&ctx, in_time.clone()).await.unwrap();
        let late = tab.set("TransportName", "ПОЕЗД");
        let late = tab.batch(vec![late], false);
        sent(&ctx, id, DocumentState::Queued).await;
        for batch in [in_time, late.clone(), late] {
            let reply = patch(&ctx, batch).await.unwrap();
            assert_eq!(reply.closed, Some(DocumentState::Queued));
        }
        let reasons: Vec<_> =
            history(&ctx, id).await.unwrap().into_iter().map(|version| version.reason).collect();
        assert_eq!(reasons, [CheckpointReason::Late, CheckpointReason::Created], "{}", test.name);
    }
}

#[tokio::test]
async fn a_draft_that_is_touched_while_it_expires_stays() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, EDITOR).await;
        let system = Ctx::system(Arc::clone(&backend), "test");
        let id = statform::create(&ctx, None, None).await.unwrap().id;
        clock.advance(TimeDelta::days(365));
        assert_eq!(expire(&system).await.unwrap(), 1);
        assert!(due(&system).await.unwrap().is_empty(), "announced, and its week is not over");
        clock.advance(TimeDelta::days(8));
        assert_eq!(due(&system).await.unwrap(), [id]);
        let mut tab = Tab::open(&ctx, id, 100).await;
        let change = tab.set("TransportName", "ПОЕЗД");
        tab.send(vec![change]).await;
        assert!(!expire_one(&system, id).await.unwrap(), "{}", test.name);
        let change = tab.set("TransportName", "СУДНО");
        tab.send(vec![change]).await;
        assert_eq!(stored(&ctx, id).await, tab.draft, "{}", test.name);
    }
}

/// Another person in the cabinet of `ctx`.
async fn colleague(ctx: &Ctx, surname: &str) -> Ctx {
    let other = somebody(&ctx.backend, 2, EDITOR).await;
    let row = person::Entity::find_by_id(other.person().unwrap().person).one(ctx.db()).await;
    let mut active = row.unwrap().unwrap().into_active_model();
    active.surname = Set(surname.to_owned());
    person::Entity::update(active).exec(ctx.db()).await.unwrap();
    let session = Session::clone(other.person().unwrap());
    let role = ctx.person().unwrap().role.clone();
    Ctx { actor: Actor::Person(Arc::new(Session { role, ..session })), ..other }
}

#[tokio::test]
async fn whoever_meets_a_conflict_learns_whose_value_it_is() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, EDITOR).await;
        let other = colleague(&ctx, "Иванова").await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        let mut mine = Tab::open(&ctx, id, 100).await;
        let mut theirs = Tab::open(&other, id, 200).await;
        let (a, b) = (mine.set("TransportName", "ПОЕЗД"), theirs.set("TransportName", "СУДНО"));
        let c = theirs.set("TransportModeCode", "20");

        assert_eq!(theirs.send(vec![b, c]).await.authors, [], "{}: nobody else's", test.name);
        clock.advance(TimeDelta::minutes(3));
        let reply = mine.send(vec![a]).await;
        let conflict = mine.draft.conflicts().remove(0);
        let stamps = [mine.draft.stamp(&conflict.path).unwrap(), conflict.lost_stamp];
        let author = |authors: &[ChangeAuthor], replica: u64| {
            let replica = ReplicaId::session(replica);
            let stamp = stamps.iter().find(|stamp| stamp.replica == replica).unwrap();
            let found =
                authors.iter().find(|one| one.covers(&replica.to_string(), stamp.counter)).unwrap();
            (found.author.clone(), found.own, found.at)
        };
        let ivanova = ("Иванова А.".to_owned(), false, noon());
        let own = ("Тестова А.".to_owned(), true, noon() + TimeDelta::minutes(3));
        assert_eq!(author(&reply.authors, 200), ivanova, "{}", test.name);
        assert_eq!(author(&reply.authors, 100), own, "{}", test.name);
        assert_eq!(reply.authors.len(), 2, "a run of changes is told once: {:?}", reply.authors);

        let news = since(&other, id, theirs.version).await.unwrap();
        assert_eq!(author(&news.authors, 100).0, "Тестова А.", "{}", test.name);
        let opened = open(&other, id).await.unwrap().authors;
        assert_eq!(author(&opened, 200), ("Иванова А.".to_owned(), true, noon()));
        assert_eq!(author(&opened, 100).0, "Тестова А.", "{}", test.name);
    }
}

#[tokio::test]
async fn drafts_to_finish_are_those_that_one_made_or_changed() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let other = colleague(&ctx, "Иванова").await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        statform::create(&ctx, Some("ИМ"), None).await.unwrap();
        let waiting = async |ctx: &Ctx| crate::notice::todos(ctx).await.unwrap().len();
        assert_eq!((waiting(&ctx).await, waiting(&other).await), (2, 0), "{}", test.name);
        let mut theirs = Tab::open(&other, id, 200).await;
        let change = theirs.set("TransportName", "СУДНО");
        theirs.send(vec![change]).await;
        assert_eq!((waiting(&ctx).await, waiting(&other).await), (2, 1), "{}", test.name);
    }
}

fn answer(about: Uuid, number: u128, state: FormState) -> Incoming {
    let number_of_form = Some("10702000/201126/С000017".parse().unwrap());
    Incoming {
        message_id: Uuid::from_u128(number),
        relates_to: Some(about),
        envelope: String::new(),
        answer: Ok(Answer::State { state, number: number_of_form, until: None, text: None }),
    }
}

#[tokio::test]
async fn a_form_that_replaces_another_annuls_it_in_whatever_order_messages_come() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, EDITOR).await;
        let system = Ctx::system(Arc::clone(&backend), "test");
        let old = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        sent(&ctx, old, DocumentState::Sent).await;
        answers_apply(&system, &answer(old, 1, FormState::Registered)).await.unwrap();
        let new = statform::replace(&ctx, old).await.unwrap().id;
        sent(&ctx, new, DocumentState::Sent).await;
        for (number, state) in [(2, FormState::UnderControl), (3, FormState::Registered)] {
            answers_apply(&system, &answer(new, number, state)).await.unwrap();
        }
        assert_eq!(open(&ctx, new).await.unwrap().head.state, DocumentState::UnderControl);
        let old = open(&ctx, old).await.unwrap().head;
        assert_eq!((old.state, old.replaced_by), (DocumentState::Annulled, Some(new)));

        // What was on its way before demands nothing any more.
        let late = answer(old.id, 4, FormState::ExplanationsRequired);
        answers_apply(&system, &late).await.unwrap();
        answers_apply(&system, &late).await.unwrap();
        let head = open(&ctx, old.id).await.unwrap().head;
        assert_eq!((head.state, head.demand), (DocumentState::Annulled, None), "{}", test.name);
        let told = events(&ctx, old.id).await.unwrap();
        let told = told
            .iter()
            .filter(|event| event.action == domain::view::document::Action::ExplanationsRequired);
        assert_eq!(told.count(), 1, "{}: a repeated message is applied once", test.name);
    }
}
