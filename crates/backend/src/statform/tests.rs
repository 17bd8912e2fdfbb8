//! Forms over a real database: SQLite always, PostgreSQL when there is one.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    error::ErrorCode,
    lang::Lang,
    state::DocumentState,
    view::{
        document::Batch,
        session::Rights,
        statform::{Query, Sort},
    },
};
use edoc::{
    draft::Draft,
    patch::{Patch, Position, ReplicaId},
    path::Path,
    remark::{Code, Level},
};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::*;
use crate::{
    ctx::{Actor, Ctx, Session},
    document::{self, DocumentError, entity::document as documents},
    error::Refusal,
    session::entity::{participant, person},
    storage::testing::{TestClock, backend, databases, somebody},
};

const CHIEF: Rights = Rights { chief: true, admin: true, edit: true, sign: true };

fn noon() -> DateTime<Utc> {
    "2026-11-10T09:00:00Z".parse().unwrap()
}

async fn draft_of(ctx: &Ctx, id: Uuid) -> Draft {
    serde_json::from_str(&document::open(ctx, id).await.unwrap().draft).unwrap()
}

async fn text_of(ctx: &Ctx, id: Uuid, path: &str) -> Option<String> {
    draft_of(ctx, id).await.text(&path.parse().unwrap()).map(str::to_owned)
}

/// Makes changes in a form as an editor would, each in a batch of its own.
async fn edit(ctx: &Ctx, id: Uuid, patches: Vec<Patch>) {
    let opened = document::open(ctx, id).await.unwrap();
    let mut draft: Draft = serde_json::from_str(&opened.draft).unwrap();
    let replica = ReplicaId::session(77);
    let mut since = opened.head.version;
    for patch in patches {
        let change = draft.edit(&replica, patch).unwrap();
        let changes = vec![serde_json::to_string(&change).unwrap()];
        let batch = Batch { document: id, since, changes, pause: false };
        since = document::patch(ctx, batch).await.unwrap().version;
    }
}

fn set(path: &str, value: &str) -> Patch {
    Patch::Set { path: path.parse().unwrap(), value: Some(value.to_owned()) }
}

async fn pause(ctx: &Ctx, id: Uuid) {
    let since = document::open(ctx, id).await.unwrap().head.version;
    let batch = Batch { document: id, since, changes: vec![], pause: true };
    document::patch(ctx, batch).await.unwrap();
}

/// Adds an empty line of goods and says where it is.
async fn add_line(ctx: &Ctx, id: Uuid) -> Path {
    let draft = draft_of(ctx, id).await;
    let list: Path = "GoodsInfo".parse().unwrap();
    let item = draft.next_item(&ReplicaId::session(77));
    let position = Position::nth(draft.items(&list).len());
    edit(ctx, id, vec![Patch::Insert { list: list.clone(), item, position, value: None }]).await;
    list.item(item)
}

/// Changes the row of a form as customs' answers do.
async fn change(ctx: &Ctx, id: Uuid, by: impl FnOnce(&mut documents::ActiveModel)) {
    let row = documents::Entity::find_by_id(id).one(ctx.db()).await.unwrap().unwrap();
    let mut active = row.into_active_model();
    by(&mut active);
    documents::Entity::update(active).exec(ctx.db()).await.unwrap();
}

async fn registered(ctx: &Ctx, id: Uuid, number: &str) {
    change(ctx, id, |row| {
        row.state = Set(DocumentState::Registered.to_string());
        row.number = Set(Some(number.to_owned()));
    })
    .await;
}

/// A form to a partner, for October.
async fn form(ctx: &Ctx, partner: &str) -> Uuid {
    let id = create(ctx, Some("ЭК"), None).await.unwrap().id;
    edit(ctx, id, vec![set("Consignee/OrganizationName", partner)]).await;
    id
}

async fn listed(ctx: &Ctx, query: Query) -> Vec<Uuid> {
    list(ctx, query).await.unwrap().rows.into_iter().map(|row| row.id).collect()
}

fn reads_english(ctx: &Ctx) -> Ctx {
    let session = Session { lang: Lang::En, ..Session::clone(ctx.person().unwrap()) };
    Ctx { actor: Actor::Person(Arc::new(session)), ..ctx.clone() }
}

#[tokio::test]
async fn an_uploaded_form_is_a_form_of_its_own() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let number = [
            set("RegNum/CustomsCode", "10000000"),
            set("RegNum/RegistrationDate", "2026-11-10"),
            set("RegNum/GTDNumber", "С000001"),
            set("NSF", "123456"),
            set("PreviousRegNumberDoc", "10000000/010126/С000001"),
        ];
        edit(&ctx, id, number.into()).await;
        let (_, bytes) = document::xml(&ctx, id).await.unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("С000001</"), "the file has a number");
        let mut ids = vec![text_of(&ctx, id, "DocumentID").await.unwrap()];
        for _ in 0..2 {
            let uploaded = upload(&ctx, "own.xml", &bytes).await.unwrap();
            assert_eq!((uploaded.unknown, uploaded.mended), (vec![], vec![]), "{}", test.name);
            let new = uploaded.head.id;
            assert_eq!(text_of(&ctx, new, "RegNum/GTDNumber").await, None, "{}", test.name);
            assert_eq!(text_of(&ctx, new, "NSF").await.as_deref(), Some("отсутствует"));
            let partner = text_of(&ctx, new, "Consignee/OrganizationName").await;
            assert_eq!(partner.as_deref(), Some("ТОО «АЛМАТЫ»"));
            let replaces = text_of(&ctx, new, "PreviousRegNumberDoc").await;
            assert_eq!(replaces.as_deref(), Some("10000000/010126/С000001"));
            ids.push(text_of(&ctx, new, "DocumentID").await.unwrap());
        }
        let distinct: BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), 3, "{}: customs never sees one id twice", test.name);
    }
}

#[tokio::test]
async fn what_the_format_has_no_place_for_is_left_out_of_an_upload_and_told() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let (_, bytes) = document::xml(&ctx, id).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let end = text.rfind("</").unwrap();
        let text = format!("{}лишнее<Colour>КРАСНЫЙ</Colour>{}", &text[..end], &text[end..]);
        let text = text.replacen("<CustomsProcedure>ЭК</CustomsProcedure>", "", 1);
        let end = text.rfind("</").unwrap();
        let moved = "<CustomsProcedure>ЭК</CustomsProcedure>";
        let text = format!("{}{moved}{}", &text[..end], &text[end..]);

        let uploaded = upload(&ctx, "theirs.xml", text.as_bytes()).await.unwrap();
        assert_eq!(uploaded.unknown, ["Colour: КРАСНЫЙ"], "{}", test.name);
        assert!(
            uploaded.mended.iter().any(|told| told.contains("лишнее")),
            "{:?}",
            uploaded.mended
        );
        assert!(uploaded.mended.iter().any(|told| told.contains("не на своём месте")));
        let remarks = remarks(&ctx, uploaded.head.id).await.unwrap();
        assert!(remarks.iter().all(|remark| remark.code != Code::UNKNOWN), "{remarks:?}");
        let direction = text_of(&ctx, uploaded.head.id, "CustomsProcedure").await;
        assert_eq!(direction.as_deref(), Some("ЭК"), "{}", test.name);
    }
}

#[tokio::test]
async fn remarks_have_their_graph_and_say_one_thing_of_one_field() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let line = add_line(&ctx, id).await;
        let weight = line.join("NetWeightQuantity");
        edit(&ctx, id, vec![set(weight.as_str(), "abc"), set("CustCostCurrencyCode", "XXX")]).await;
        let remarks = remarks(&ctx, id).await.unwrap();
        let of_weight: Vec<_> = remarks.iter().filter(|remark| remark.path == weight).collect();
        let [wrong] = of_weight.as_slice() else { panic!("{}: {of_weight:?}", test.name) };
        assert_eq!(wrong.graph.as_deref(), Some("16"));
        assert_eq!(wrong.expected.as_deref(), Some("1234.50"));
        let currency = remarks.iter().find(|remark| remark.code == Code::CURRENCY).unwrap();
        assert_eq!((currency.level, currency.graph.as_deref()), (Level::Error, Some("7")));
        let missing = remarks.iter().filter(|remark| remark.code == Code::REQUIRED);
        let numbered = missing.filter(|remark| remark.path.as_str().starts_with("GoodsInfo"));
        assert!(numbered.clone().count() > 0);
        assert!(numbered.clone().all(|remark| remark.graph.is_some()), "{}", test.name);
    }
}

#[tokio::test]
async fn a_new_form_says_how_to_reach_its_author_and_a_copy_says_who_made_it() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let role = ctx.role().unwrap().clone();
        participant::Entity::update(participant::ActiveModel {
            id: Set(role.participant),
            phone: Set(Some("+74950000000".to_owned())),
            ..Default::default()
        })
        .exec(ctx.db())
        .await
        .unwrap();
        person::Entity::update(person::ActiveModel {
            id: Set(ctx.person().unwrap().person),
            phone: Set(Some("+79990000000".to_owned())),
            email: Set(Some("anna@example.ru".to_owned())),
            ..Default::default()
        })
        .exec(ctx.db())
        .await
        .unwrap();

        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let draft = draft_of(&ctx, id).await;
        let first = |field: &str| {
            let list: Path = format!("ProvidePerson/CommunicationDetails/{field}").parse().unwrap();
            let item = *draft.items(&list).first()?;
            draft.text(&list.item(item)).map(str::to_owned)
        };
        assert_eq!(first("Phone").as_deref(), Some("+74950000000"), "the company's own");
        assert_eq!(first("E_mail").as_deref(), Some("anna@example.ru"), "else the person's");
        assert!(text_of(&ctx, id, "TransportName").await.unwrap().starts_with("АВТОДОРОЖНЫЙ"));
        let remarks = remarks(&ctx, id).await.unwrap();
        assert!(remarks.iter().all(|remark| remark.code != Code::CONTACT), "{}", test.name);

        let other = somebody(&backend, 2, CHIEF).await;
        let mut session = Session::clone(other.person().unwrap());
        session.role = Some(role);
        session.name.surname = "Иванова".to_owned();
        let other = Ctx { actor: Actor::Person(Arc::new(session)), ..other };
        let copied = copy(&other, id).await.unwrap().id;
        let surname = text_of(&ctx, copied, "ProvidePerson/PersonSurname").await;
        assert_eq!(surname.as_deref(), Some("ИВАНОВА"), "{}", test.name);
        let partner = text_of(&ctx, copied, "Consignee/OrganizationName").await;
        assert_eq!(partner.as_deref(), Some("ТОО «АЛМАТЫ»"));
        let ids =
            (text_of(&ctx, id, "DocumentID").await, text_of(&ctx, copied, "DocumentID").await);
        assert_ne!(ids.0, ids.1, "{}", test.name);
    }
}

#[tokio::test]
async fn only_a_registered_form_is_replaced_and_the_new_one_names_it() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let stranger = somebody(&backend, 2, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let refused = replace(&ctx, id).await.unwrap_err().wire(Lang::En).unwrap();
        assert_eq!(refused.code, ErrorCode::Conflict, "{}", test.name);
        registered(&ctx, id, "10000000/101126/С000007").await;
        let new = replace(&ctx, id).await.unwrap();
        assert_eq!(new.replaces.as_deref(), Some("10000000/101126/С000007"), "{}", test.name);
        let remarks = remarks(&ctx, new.id).await.unwrap();
        assert!(remarks.iter().all(|remark| remark.code != Code::PREVIOUS), "{remarks:?}");
        for result in [replace(&stranger, id).await, copy(&stranger, id).await] {
            assert!(matches!(result, Err(DocumentError::NotFound)), "{}", test.name);
        }
    }
}

#[tokio::test]
async fn the_list_is_searched_sorted_and_cut_alike_on_every_database() {
    for test in databases().await {
        let clock = TestClock::at(noon());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, CHIEF).await;
        let stranger = somebody(&backend, 2, CHIEF).await;
        let mut ids = Vec::new();
        for (partner, number) in [
            ("ТОО «Алматинские машины»", Some("10000000/101126/С000002")),
            ("ОАО «Брестский завод»", None),
            ("ЗАО «Ереван»", Some("10000000/101126/С000001")),
        ] {
            clock.advance(TimeDelta::minutes(1));
            let id = form(&ctx, partner).await;
            if let Some(number) = number {
                registered(&ctx, id, number).await;
            }
            ids.push(id);
        }
        form(&stranger, "ТОО «Алматинские машины»").await;
        let [almaty, brest, yerevan] = ids[..] else { unreachable!() };

        assert_eq!(listed(&ctx, Query::default()).await, [yerevan, brest, almaty], "{}", test.name);
        let by = |sort, descending| Query { sort, descending, ..Query::default() };
        let up = listed(&ctx, by(Sort::Number, false)).await;
        assert_eq!(up, [brest, yerevan, almaty], "{}: without a number first", test.name);
        let down = listed(&ctx, by(Sort::Number, true)).await;
        assert_eq!(down, [almaty, yerevan, brest], "{}: without a number last", test.name);
        let search = |words: &str| Query { search: words.to_owned(), ..Query::default() };
        assert_eq!(listed(&ctx, search("машина")).await, [almaty], "{}: word forms", test.name);
        assert_eq!(listed(&ctx, search("БРЕСТСКИЙ завод")).await, [brest], "{}", test.name);
        assert_eq!(listed(&ctx, search("С000001")).await, [yerevan], "{}", test.name);
        assert!(listed(&ctx, search("Брест Ереван")).await.is_empty(), "{}", test.name);
        let drafts = Query { states: vec![DocumentState::Draft], ..Query::default() };
        assert_eq!(listed(&ctx, drafts).await, [brest], "{}", test.name);
        let page = |page| Query { size: 2, page, ..Query::default() };
        let cut = list(&ctx, page(2)).await.unwrap();
        assert_eq!((cut.total, cut.rows.len(), cut.rows[0].id), (3, 1, almaty), "{}", test.name);
        let none = Query { period_from: Some("2026-11".to_owned()), ..Query::default() };
        assert!(listed(&ctx, none).await.is_empty(), "{}", test.name);
    }
}

#[tokio::test]
async fn an_answered_demand_no_longer_asks_for_attention_and_says_when_it_was_answered() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        change(&ctx, id, |row| {
            row.state = Set(DocumentState::ExplanationsRequired.to_string());
            row.demand_since = Set(Some(noon()));
            row.demand_until = Set(NaiveDate::from_ymd_opt(2026, 11, 30));
        })
        .await;
        let attention = || Query { attention: true, ..Query::default() };
        assert_eq!(listed(&ctx, attention()).await, [id], "{}", test.name);
        change(&ctx, id, |row| row.demand_answered_at = Set(Some(noon()))).await;
        assert!(listed(&ctx, attention()).await.is_empty(), "{}", test.name);
        let row = list(&ctx, Query::default()).await.unwrap().rows.remove(0);
        assert_eq!(row.demand.unwrap().answered, Some(noon()), "{}", test.name);
    }
}

#[tokio::test]
async fn the_history_counts_fields_and_names_them_with_their_line() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let id = form(&ctx, "ТОО «АЛМАТЫ»").await;
        let first = add_line(&ctx, id).await;
        let second = add_line(&ctx, id).await;
        edit(&ctx, id, vec![set(first.join("InvoicedCost").as_str(), "5")]).await;
        pause(&ctx, id).await;
        let before = document::history(&ctx, id).await.unwrap()[0].id;

        // One name of eleven letters, typed letter by letter, and one cost.
        let name: Vec<char> = "АКТАУЭКСПОР".chars().collect();
        let typed = (1..=name.len()).map(|letters| {
            set("Consignee/OrganizationName", &name[..letters].iter().collect::<String>())
        });
        edit(&ctx, id, typed.collect()).await;
        edit(&ctx, id, vec![set(second.join("InvoicedCost").as_str(), "7")]).await;
        pause(&ctx, id).await;
        assert_eq!(document::history(&ctx, id).await.unwrap()[0].changed, 2, "{}", test.name);

        let found = document::difference(&ctx, id, before, None).await.unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|field| (field.graph.as_deref(), field.line, field.path.as_str()))
            .collect();
        let cost = second.join("InvoicedCost");
        assert_eq!(
            told,
            [(Some("2"), None, "Consignee/OrganizationName"), (Some("13"), Some(2), cost.as_str())],
            "{}",
            test.name
        );
        let english = document::difference(&reads_english(&ctx), id, before, None).await.unwrap();
        for (russian, english) in found.iter().zip(&english) {
            assert_ne!(russian.label, english.label, "{}", test.name);
            assert!(english.label.is_ascii(), "{}", english.label);
        }
    }
}

#[tokio::test]
async fn tables_and_refusals_are_in_the_language_of_the_reader() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(noon()));
        let ctx = somebody(&backend, 1, CHIEF).await;
        let english = reads_english(&ctx);
        let id = form(&ctx, "TOO ALMATY").await;
        let table = export(&english, Query::default(), Format::Csv).await.unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(table.contains("Number;Period;Direction;Partner"), "{}: {table}", test.name);
        assert!(table.contains(";no;"), "{}: {table}", test.name);
        let russian = export(&ctx, Query::default(), Format::Csv).await.unwrap();
        assert!(String::from_utf8(russian).unwrap().contains("Номер;Период"), "{}", test.name);
        assert_eq!(
            document::open(&english, id).await.unwrap().head.title,
            "Export, October 2026, TOO ALMATY"
        );

        let refused = document::freeze(&english, id).await.unwrap_err().wire(Lang::En).unwrap();
        assert!(!refused.fields.is_empty());
        let what = &refused.fields[0].what;
        assert!(what.chars().filter(|c| c.is_ascii_alphabetic()).count() > 10, "{what}");
        let broken = upload(&ctx, "x.xml", b"<a").await.unwrap_err();
        assert!(broken.wire(Lang::Ru).unwrap().text(Lang::Ru).contains("строка 1"), "{broken}");
        assert!(broken.wire(Lang::En).unwrap().text(Lang::En).contains("line 1"), "{broken}");
        let sheet = sheet(&ctx, b"PK\x03\x04rubbish", 0).unwrap_err();
        assert!(sheet.wire(Lang::Ru).unwrap().text(Lang::Ru).contains("повреждён"), "{sheet}");
        assert!(sheet.wire(Lang::En).unwrap().text(Lang::En).contains("damaged"), "{sheet}");
    }
}
