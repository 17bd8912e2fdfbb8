//! Drafts over a real database: SQLite always, PostgreSQL when there is one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    state::DocumentState,
    view::{
        document::{Batch, CheckpointReason},
        session::Rights,
    },
};
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
};

use super::*;
use crate::{
    ctx::Ctx,
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
        let anonymous = Ctx { actor: crate::ctx::Actor::Anonymous, ..owner.clone() };
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
