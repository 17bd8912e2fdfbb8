//! Notices and deadlines over a real database: SQLite always, PostgreSQL when there is one.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    state::DocumentState,
    view::{
        notice::{NoticeKind, TodoKind},
        session::Rights,
    },
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::*;
use crate::{
    document::entity::document,
    statform,
    storage::testing::{TestClock, backend, databases, somebody},
};

const CHIEF: Rights = Rights { chief: true, admin: true, edit: true, sign: true };

fn noon() -> DateTime<Utc> {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// Puts a form into a state with a demand, as customs' answers do.
async fn demand(ctx: &Ctx, id: Uuid, state: DocumentState, until: NaiveDate) {
    let row = document::Entity::find_by_id(id).one(ctx.db()).await.unwrap().unwrap();
    let mut active = row.into_active_model();
    active.state = Set(state.to_string());
    active.demand_text = Set(Some("Поясните стоимость".to_owned()));
    active.demand_since = Set(Some(ctx.now()));
    active.demand_until = Set(Some(until));
    document::Entity::update(active).exec(ctx.db()).await.unwrap();
}

async fn told(ctx: &Ctx) -> Vec<(TodoKind, NaiveDate)> {
    let notices = list(ctx, 1).await.unwrap().rows;
    let due = |notice: Notice| match notice.kind {
        NoticeKind::Due { what, on, .. } => Some((what, on)),
        _ => None,
    };
    notices.into_iter().filter_map(due).collect()
}

#[tokio::test]
async fn near_deadlines_are_told_three_days_and_a_day_ahead_and_only_once() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, CHIEF).await;
        let system = Ctx::system(Arc::clone(&backend), "test");
        // October is due on the 16th of November.
        let draft = statform::create(&ctx, Some("ЭК"), None).await.unwrap();
        assert_eq!(draft.due, Some(day(16)));
        let form = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        demand(&ctx, form, DocumentState::ExplanationsRequired, day(18)).await;

        assert_eq!(remind(&system).await.unwrap(), 0, "{}: two weeks are long", test.name);
        clock.advance(TimeDelta::days(11));
        assert_eq!(remind(&system).await.unwrap(), 1, "{}: the 13th", test.name);
        assert_eq!(told(&ctx).await, [(TodoKind::FinishDraft, day(16))]);
        assert_eq!(remind(&system).await.unwrap(), 0, "{}: told once", test.name);
        clock.advance(TimeDelta::days(2));
        assert_eq!(remind(&system).await.unwrap(), 2, "{}: the 15th, a day ahead", test.name);
        // What is answered is not told again.
        let row = document::Entity::find_by_id(form).one(ctx.db()).await.unwrap().unwrap();
        let mut active = row.into_active_model();
        active.demand_answered_at = Set(Some(ctx.now()));
        document::Entity::update(active).exec(ctx.db()).await.unwrap();
        clock.advance(TimeDelta::days(2));
        assert_eq!(remind(&system).await.unwrap(), 0, "{}: the 17th", test.name);
        assert_eq!(unread_of(&ctx, ctx.person().unwrap().person).await.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_demand_stays_among_the_things_to_do_behind_any_number_of_drafts() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, CHIEF).await;
        let form = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        demand(&ctx, form, DocumentState::UnderControl, day(30)).await;
        for _ in 0..60 {
            clock.advance(TimeDelta::seconds(1));
            statform::create(&ctx, Some("ЭК"), None).await.unwrap();
        }
        let todos = todos(&ctx).await.unwrap();
        assert_eq!(todos.len(), 51, "{}", test.name);
        let control = todos.iter().find(|todo| todo.kind == TodoKind::CorrectForm).unwrap();
        assert_eq!((control.due, control.days_left), (Some(day(30)), Some(28)));
        let dues: Vec<_> = todos.iter().map(|todo| todo.due).collect();
        assert!(dues.is_sorted(), "{}: nearest first", test.name);
    }
}

#[tokio::test]
async fn titles_are_in_the_language_of_the_reader() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = statform::create(&ctx, Some("ЭК"), None).await.unwrap().id;
        demand(&ctx, id, DocumentState::UnderControl, day(3)).await;
        remind(&Ctx::system(Arc::clone(&backend), "test")).await.unwrap();
        let mut session = crate::ctx::Session::clone(ctx.person().unwrap());
        session.lang = Lang::En;
        let english = Ctx { actor: crate::ctx::Actor::Person(Arc::new(session)), ..ctx.clone() };
        assert_eq!(todos(&ctx).await.unwrap()[0].title, "Вывоз, октябрь 2026", "{}", test.name);
        assert_eq!(todos(&english).await.unwrap()[0].title, "Export, October 2026");
        let kind = list(&ctx, 1).await.unwrap().rows.remove(0).kind;
        let (ru, _) = domain::notice::wording(&kind, Lang::Ru);
        let (en, _) = domain::notice::wording(&kind, Lang::En);
        assert_eq!(ru, "Исправить до 03.11.2026: Вывоз, октябрь 2026");
        assert_eq!(en, "Correct by 03.11.2026: Export, October 2026");
    }
}

#[tokio::test]
async fn a_certificate_that_runs_out_is_told_a_month_two_weeks_and_three_days_ahead() {
    use crate::signature::{
        Policy, RevocationPolicy,
        fixture::{HEAD, Pki},
    };
    use signature::key::KeyKind;
    for test in databases().await {
        let clock = TestClock::at(noon());
        let pki = Pki::new(KeyKind::Gost256, noon(), None);
        let mut own = Arc::into_inner(backend(test.db.clone(), clock.clone())).unwrap();
        own.settings.signature =
            Policy { trust: pki.trust(), revocation: RevocationPolicy::Off, ..Policy::default() };
        let backend = Arc::new(own);
        let ctx = somebody(&backend, 1, CHIEF).await;
        let system = Ctx::system(Arc::clone(&backend), "test");
        let until = |days| {
            let (from, to) = (noon() - TimeDelta::days(1), noon() + TimeDelta::days(days));
            pki.pem(&pki.issue_for(KeyKind::Gost256, &HEAD, from, to))
        };
        crate::profile::certificate_attach(&ctx, &until(40)).await.unwrap();
        let mut told = Vec::new();
        for _ in 0..42 {
            told.push(remind(&system).await.unwrap());
            assert_eq!(remind(&system).await.unwrap(), 0, "{}: told once", test.name);
            clock.advance(TimeDelta::days(1));
        }
        let days: Vec<_> = (0..42).filter(|day| told[*day] > 0).collect();
        assert_eq!(days, [10, 26, 37], "{}", test.name);
        let notices = list(&ctx, 1).await.unwrap().rows;
        assert!(matches!(notices[0].kind, NoticeKind::CertificateExpires { .. }));
    }
}

#[tokio::test]
async fn a_certificate_that_has_a_successor_is_not_a_thing_to_do() {
    use crate::signature::{
        Policy, RevocationPolicy,
        fixture::{HEAD, Pki},
    };
    use signature::key::KeyKind;
    for test in databases().await {
        let pki = Pki::new(KeyKind::P256, noon(), None);
        let mut own = Arc::into_inner(backend(test.db.clone(), TestClock::at(noon()))).unwrap();
        own.settings.signature =
            Policy { trust: pki.trust(), revocation: RevocationPolicy::Off, ..Policy::default() };
        let ctx = somebody(&Arc::new(own), 1, CHIEF).await;
        let until = |days| {
            let (from, to) = (noon() - TimeDelta::days(1), noon() + TimeDelta::days(days));
            pki.pem(&pki.issue_for(KeyKind::P256, &HEAD, from, to))
        };
        crate::profile::certificate_attach(&ctx, &until(20)).await.unwrap();
        let found = todos(&ctx).await.unwrap();
        assert_eq!(found.len(), 1, "{}", test.name);
        assert_eq!(found[0].kind, TodoKind::RenewCertificate);
        assert_eq!((found[0].due, found[0].days_left), (Some(day(22)), Some(20)));
        crate::profile::certificate_attach(&ctx, &until(300)).await.unwrap();
        assert_eq!(todos(&ctx).await.unwrap(), []);
    }
}
