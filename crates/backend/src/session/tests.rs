//! Sessions and cabinets over the database: SQLite always, PostgreSQL when it is named.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use domain::view::{
    profile::Address,
    session::{Category, Rights},
};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    Activity, Callback, SessionError, Signed,
    cabinets::{self, Facts},
    entity::{membership, session},
    live::Token,
    resolve, roles, sign_in,
};
use crate::{
    ctx::{Actor, Backend, Client, Ctx},
    error::{Denied, Refusal},
    gateway::{
        esia::{Account, OrganisationKind, OrganisationRole},
        tax::Entry,
    },
    notice,
    storage::testing::{TestClock, TestDb, backend, databases},
};

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 6, 0, 0).unwrap()
}

fn role(oid: &str, chief: bool, admin: bool) -> OrganisationRole {
    OrganisationRole {
        oid: oid.to_owned(),
        kind: OrganisationKind::Company,
        full_name: format!("Общество {oid}"),
        short_name: format!("ООО «{oid}»"),
        ogrn: Some(format!("10277001321{oid}")),
        inn: None,
        post: None,
        chief,
        admin,
    }
}

fn account(oid: &str, organisations: Vec<OrganisationRole>) -> Account {
    Account {
        oid: oid.to_owned(),
        trusted: true,
        surname: "Лугова".to_owned(),
        name: "Вера".to_owned(),
        patronymic: Some("Ильинична".to_owned()),
        birth_date: None,
        snils: "112-233-445 95".parse().ok(),
        inn: "165001234562".parse().ok(),
        email: Some("vera@mail.example".to_owned()),
        phone: None,
        organisations,
    }
}

/// A world with one database, and a request of nobody.
struct World {
    clock: Arc<TestClock>,
    ctx: Ctx,
    test: TestDb,
}

impl World {
    async fn all() -> Vec<World> {
        databases()
            .await
            .into_iter()
            .map(|test| {
                let clock = TestClock::at(start());
                let backend = backend(test.db.clone(), clock.clone());
                let client = Client {
                    address: "203.0.113.7".to_owned(),
                    user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned(),
                };
                let ctx =
                    Ctx { backend, actor: Actor::Anonymous, request_id: "r-1".to_owned(), client };
                World { clock, ctx, test }
            })
            .collect()
    }

    fn backend(&self) -> &Arc<Backend> {
        &self.ctx.backend
    }

    /// Signs in past ESIA; returns the token.
    async fn sign_in(&self, account: &Account, facts: &Facts) -> String {
        let cabinets = cabinets::keep(&self.ctx, account, facts).await.unwrap();
        let token = Token::new(&self.ctx);
        let role = sign_in::choose(&self.ctx, &cabinets, "/").await.unwrap();
        sign_in::start(&self.ctx, &cabinets, role, &token).await.unwrap();
        token.secret
    }

    /// A request with a token.
    async fn request(&self, token: &str) -> Ctx {
        let found = resolve(self.backend(), token, Activity::Reader).await.unwrap();
        let actor = found.map_or(Actor::Anonymous, |session| Actor::Person(Arc::new(session)));
        Ctx { actor, ..self.ctx.clone() }
    }
}

#[tokio::test]
async fn a_private_person_enters_his_own_cabinet_at_once() {
    for world in World::all().await {
        let token = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        let ctx = world.request(&token).await;
        let role = ctx.role().unwrap();
        assert_eq!(role.category, Category::Person);
        assert_eq!(role.name, "Лугова Вера Ильинична");
        assert_eq!(
            role.rights,
            Rights { chief: true, admin: true, edit: true, sign: true },
            "all is allowed in one's own cabinet"
        );
        let who = super::who(&ctx).await.unwrap().unwrap();
        assert_eq!((who.roles, who.signature, who.locked), (1, false, false));
        assert_eq!(who.idle_limit, 600);
    }
}

#[tokio::test]
async fn the_register_tells_who_is_self_employed_and_silence_changes_nothing() {
    for world in World::all().await {
        let known = Facts { self_employed: Some(true), ..Facts::default() };
        for facts in [known, Facts::default()] {
            let token = world.sign_in(&account("1", vec![]), &facts).await;
            let ctx = world.request(&token).await;
            assert_eq!(ctx.role().unwrap().category, Category::SelfEmployed);
        }
    }
}

#[tokio::test]
async fn with_several_cabinets_one_is_chosen_and_switched_without_signing_out() {
    for world in World::all().await {
        let account = account("1", vec![role("95", true, false), role("96", false, false)]);
        let token = world.sign_in(&account, &Facts::default()).await;
        let ctx = world.request(&token).await;
        assert!(matches!(ctx.role(), Err(Denied::NoCabinet)));
        let found = roles(&ctx).await.unwrap();
        let names: Vec<_> = found.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(names[0], "Лугова Вера Ильинична", "one's own comes first");
        assert_eq!(
            names[1..].iter().copied().collect::<HashSet<_>>(),
            HashSet::from(["ООО «95»", "ООО «96»"])
        );
        for role in &found {
            super::enter(&ctx, role.participant).await.unwrap();
            let entered = world.request(&token).await;
            assert_eq!(entered.role().unwrap(), role);
        }
        let stranger = Uuid::from_u128(7);
        let refused = super::enter(&ctx, stranger).await.unwrap_err();
        assert!(matches!(refused, SessionError::RoleUnknown));
    }
}

#[tokio::test]
async fn esia_vouches_for_heads_and_administrators_only() {
    for world in World::all().await {
        let organisations =
            vec![role("1", true, false), role("2", false, true), role("3", false, false)];
        let token = world.sign_in(&account("1", organisations), &Facts::default()).await;
        let ctx = world.request(&token).await;
        for role in roles(&ctx).await.unwrap() {
            let Rights { chief, admin, edit, sign } = role.rights;
            let expected = match role.name.as_str() {
                "ООО «1»" => (true, true, true, true),
                "ООО «2»" => (false, true, true, true),
                "ООО «3»" => (false, false, false, false),
                _ => continue,
            };
            assert_eq!((chief, admin, edit, sign), expected, "{}", role.name);
        }
    }
}

#[tokio::test]
async fn rights_given_in_the_cabinet_outlive_a_sign_in_and_a_lost_place_does_not() {
    for world in World::all().await {
        let employee = account("1", vec![role("3", false, false)]);
        let token = world.sign_in(&employee, &Facts::default()).await;
        let ctx = world.request(&token).await;
        let person = ctx.person().unwrap().person;
        let found = roles(&ctx).await.unwrap();
        let company = found.iter().find(|role| role.category == Category::Company).unwrap();
        super::enter(&ctx, company.participant).await.unwrap();
        let row = membership::Entity::find_by_id((person, company.participant));
        let mut given: membership::ActiveModel =
            row.one(world.ctx.db()).await.unwrap().unwrap().into();
        given.edit = sea_orm::ActiveValue::Set(true);
        membership::Entity::update(given).exec(world.ctx.db()).await.unwrap();
        world.sign_in(&employee, &Facts::default()).await;
        assert!(world.request(&token).await.editor().is_ok());
        world.sign_in(&account("1", vec![]), &Facts::default()).await;
        let dismissed = world.request(&token).await;
        assert!(
            matches!(dismissed.role(), Err(Denied::NoCabinet)),
            "the open session loses it too"
        );
    }
}

#[tokio::test]
async fn colleagues_who_come_at_once_share_one_cabinet() {
    for world in World::all().await {
        let people = ["1", "2", "3", "4"].map(|oid| account(oid, vec![role("95", false, false)]));
        let facts = Facts::default();
        let kept = people.iter().map(|person| cabinets::keep(&world.ctx, person, &facts));
        let shared: HashSet<Uuid> = futures::future::join_all(kept)
            .await
            .into_iter()
            .map(|kept| kept.unwrap().participants[1])
            .collect();
        assert_eq!(shared.len(), 1, "{}", world.test.name);
    }
}

#[tokio::test]
async fn the_tax_register_fills_a_company_and_names_its_heads_post() {
    for world in World::all().await {
        let chief = role("95", true, true);
        let entry = Entry {
            inn: "7707083893".to_owned(),
            kpp: Some("773601001".to_owned()),
            ogrn: chief.ogrn.clone().unwrap(),
            full_name: "Общество с ограниченной ответственностью «Пример»".to_owned(),
            short_name: "ООО «Пример»".to_owned(),
            address: Address { city: "МОСКВА".to_owned(), ..Address::default() },
            head_post: Some("Генеральный директор".to_owned()),
            head_inn: None,
        };
        let facts = Facts { entries: [(entry.ogrn.clone(), entry)].into(), ..Facts::default() };
        let token = world.sign_in(&account("1", vec![chief]), &facts).await;
        let ctx = world.request(&token).await;
        let found = roles(&ctx).await.unwrap();
        assert_eq!(found[1].name, "ООО «Пример»");
        assert_eq!(found[1].inn.as_deref(), Some("7707083893"));
        assert_eq!(found[1].post.as_deref(), Some("Генеральный директор"));
    }
}

#[tokio::test]
async fn ten_idle_minutes_lock_and_background_requests_are_no_activity() {
    for world in World::all().await {
        let token = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        let locked = async |activity| {
            resolve(world.backend(), &token, activity).await.unwrap().unwrap().locked
        };
        for _ in 0..3 {
            world.clock.advance(TimeDelta::minutes(9));
            assert!(!locked(Activity::Reader).await, "activity keeps it open");
        }
        world.clock.advance(TimeDelta::minutes(9));
        assert!(!locked(Activity::Background).await);
        world.clock.advance(TimeDelta::minutes(2));
        assert!(locked(Activity::Background).await);
        assert!(locked(Activity::Reader).await, "activity does not open it again");
        let ctx = world.request(&token).await;
        assert!(matches!(roles(&ctx).await, Err(SessionError::Denied(Denied::Locked))));
        let who = super::who(&ctx).await.unwrap().unwrap();
        assert!(who.locked && who.name.surname == "Лугова");
    }
}

#[tokio::test]
async fn only_the_same_person_opens_a_locked_session_and_the_old_token_dies() {
    for world in World::all().await {
        let token = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        let ctx = world.request(&token).await;
        super::lock(&ctx).await.unwrap();
        let session = ctx.session().unwrap().id;
        let person = ctx.session().unwrap().person;
        let fresh = Token::new(&world.ctx);
        let refused = sign_in::reopen(&world.ctx, session, Uuid::from_u128(9), &fresh).await;
        assert!(matches!(refused, Err(SessionError::OtherPerson)));
        assert!(world.request(&token).await.session().unwrap().locked);
        assert!(sign_in::reopen(&world.ctx, session, person, &fresh).await.unwrap());
        let opened = world.request(&fresh.secret).await;
        assert_eq!(opened.person().unwrap().id, session, "the same session goes on");
        assert!(world.request(&token).await.session().is_err());
    }
}

#[tokio::test]
async fn sessions_end_by_idleness_by_age_and_by_hand() {
    for world in World::all().await {
        let vera = account("1", vec![]);
        let idle = world.sign_in(&vera, &Facts::default()).await;
        world.clock.advance(TimeDelta::hours(8));
        assert!(world.request(&idle).await.session().is_err(), "eight idle hours");

        let old = world.sign_in(&vera, &Facts::default()).await;
        for _ in 1..(24 * 60 / 9) {
            world.clock.advance(TimeDelta::minutes(9));
            assert!(world.request(&old).await.session().is_ok());
        }
        world.clock.advance(TimeDelta::minutes(9));
        assert!(world.request(&old).await.session().is_err(), "a day, however busy");

        let (one, two, three) = (
            world.sign_in(&vera, &Facts::default()).await,
            world.sign_in(&vera, &Facts::default()).await,
            world.sign_in(&vera, &Facts::default()).await,
        );
        let ctx = world.request(&one).await;
        let rows = super::list(&ctx).await.unwrap();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.device == "Firefox, Linux"));
        assert_eq!(rows.iter().filter(|row| row.current).count(), 1);
        let other = world.request(&two).await.session().unwrap().id;
        super::end(&ctx, other).await.unwrap();
        assert!(matches!(super::end(&ctx, other).await, Err(SessionError::NotFound)));
        assert!(world.request(&two).await.session().is_err());
        super::end_others(&ctx).await.unwrap();
        assert!(world.request(&three).await.session().is_err());
        assert!(world.request(&one).await.session().is_ok());
        let logout = super::sign_out(&ctx).await.unwrap().unwrap();
        assert!(logout.contains("/idp/ext/Logout?client_id=CABINET&redirect_url="), "{logout}");
        assert!(world.request(&one).await.session().is_err());
    }
}

#[tokio::test]
async fn nobody_ends_a_strangers_session() {
    for world in World::all().await {
        let vera = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        let other = world.sign_in(&account("2", vec![]), &Facts::default()).await;
        let victim = world.request(&vera).await.session().unwrap().id;
        let ctx = world.request(&other).await;
        assert!(matches!(super::end(&ctx, victim).await, Err(SessionError::NotFound)));
        assert!(world.request(&vera).await.session().is_ok());
    }
}

#[tokio::test]
async fn a_second_sign_in_is_told_to_the_person() {
    for world in World::all().await {
        let vera = account("1", vec![]);
        let token = world.sign_in(&vera, &Facts::default()).await;
        let person = world.request(&token).await.session().unwrap().person;
        assert_eq!(notice::unread_of(&world.ctx, person).await.unwrap(), 0);
        world.sign_in(&vera, &Facts::default()).await;
        assert_eq!(notice::unread_of(&world.ctx, person).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_token_itself_is_not_in_the_database() {
    for world in World::all().await {
        let token = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        assert_eq!(token.len(), 43, "256 bits, base64url");
        let row = session::Entity::find().one(world.ctx.db()).await.unwrap().unwrap();
        assert_ne!(row.token_hash, token);
        assert!(
            resolve(world.backend(), &row.token_hash, Activity::Reader).await.unwrap().is_none()
        );
    }
}

/// What came of a callback, by the key that the reader's page gets.
fn key(result: Result<Signed, SessionError>) -> String {
    result.unwrap_err().wire(domain::lang::Lang::Ru).unwrap().message
}

#[tokio::test]
async fn answers_that_do_not_belong_to_this_browsers_sign_in_are_refused() {
    for world in World::all().await {
        let ctx = &world.ctx;
        let begun = super::esia_begin(ctx, Some("/statforms")).await.unwrap();
        assert!(begun.url.contains("/aas/oauth2/v2/ac?client_id=CABINET"), "{}", begun.url);
        assert!(begun.url.contains("code_challenge_method=S256"));
        let callback = |state: &str, browser: Option<&str>| Callback {
            code: Some("code".to_owned()),
            state: Some(state.to_owned()),
            browser: browser.map(str::to_owned),
            ..Callback::default()
        };
        let finish = async |callback| key(super::esia_finish(ctx, callback).await);
        assert_eq!(finish(Callback::default()).await, "session.sign_in_unknown");
        assert_eq!(finish(callback(&begun.state, None)).await, "session.sign_in_unknown");
        assert_eq!(finish(callback(&begun.state, Some("other"))).await, "session.sign_in_unknown");
        assert_eq!(finish(callback("made-up", Some("made-up"))).await, "session.sign_in_expired");
        let denied = Callback {
            error: Some("access_denied".to_owned()),
            ..callback(&begun.state, Some(&begun.state))
        };
        assert_eq!(finish(denied).await, "session.esia_denied");
        assert_eq!(
            finish(callback(&begun.state, Some(&begun.state))).await,
            "session.sign_in_expired",
            "an answer counts once"
        );
        let slow = super::esia_begin(ctx, None).await.unwrap();
        world.clock.advance(TimeDelta::minutes(11));
        assert_eq!(
            finish(callback(&slow.state, Some(&slow.state))).await,
            "session.sign_in_expired"
        );
        let down = super::esia_begin(ctx, None).await.unwrap();
        assert_eq!(finish(callback(&down.state, Some(&down.state))).await, "session.esia_down");
    }
}

#[tokio::test]
async fn the_sweep_takes_what_nobody_can_use() {
    for world in World::all().await {
        super::esia_begin(&world.ctx, None).await.unwrap();
        let token = world.sign_in(&account("1", vec![]), &Facts::default()).await;
        super::sweep(&world.ctx).await.unwrap();
        assert!(world.request(&token).await.session().is_ok());
        world.clock.advance(TimeDelta::days(92));
        super::sweep(&world.ctx).await.unwrap();
        let left = session::Entity::find().all(world.ctx.db()).await.unwrap();
        assert!(left.is_empty());
        let begun = super::entity::sign_in::Entity::find().all(world.ctx.db()).await.unwrap();
        assert!(begun.is_empty());
    }
}
