//! Whose cabinets a person may enter: kept up to date with ESIA and the tax register at sign-in.

use std::collections::HashMap;

use domain::{ids::Snils, lang::Lang, view::session::Category};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{
    SessionError, category_name,
    entity::{membership, participant, person},
};
use crate::{
    ctx::Ctx,
    gateway::{
        esia::{Account, OrganisationKind, OrganisationRole},
        tax::Entry,
    },
    profile, storage,
};

/// What the tax registers say at this sign-in. A register that does not answer stops nobody: what
/// was known stays.
#[derive(Default)]
pub(super) struct Facts {
    /// Entries of organisations by ОГРН.
    pub entries: HashMap<String, Entry>,
    /// `None` when the register did not answer or the person has no ИНН.
    pub self_employed: Option<bool>,
}

/// A person and the cabinets that are open to him.
pub(super) struct Cabinets {
    pub person: Uuid,
    /// His own, which everybody has.
    pub own: Uuid,
    pub participants: Vec<Uuid>,
}

/// An organisation that is to have a cabinet.
pub(super) struct Organisation {
    /// Identifier in ESIA; `None` when it came by its signature.
    pub oid: Option<String>,
    pub kind: OrganisationKind,
    pub full_name: String,
    pub short_name: String,
    /// ОГРН or ОГРНИП.
    pub ogrn: Option<String>,
    pub inn: Option<String>,
}

impl Organisation {
    fn of(role: &OrganisationRole) -> Self {
        Self {
            oid: Some(role.oid.clone()),
            kind: role.kind,
            full_name: role.full_name.clone(),
            short_name: role.short_name.clone(),
            ogrn: role.ogrn.clone(),
            inn: role.inn.clone(),
        }
    }
}

/// What stands for the identifier in ESIA of a person who came by his signature, until he comes
/// through ESIA. Real identifiers are numbers.
pub(super) fn oid_of_snils(snils: &Snils) -> String {
    format!("snils:{snils}")
}

/// Asks the registers about the person and his organisations, all at once.
pub(super) async fn facts(ctx: &Ctx, account: &Account) -> Facts {
    let register = &ctx.backend.gateways.tax;
    let numbers = account.organisations.iter().filter_map(|role| role.ogrn.as_deref());
    let entries = futures::future::join_all(numbers.map(|ogrn| register.organisation(ogrn)));
    let inn = account.inn.as_ref().map(ToString::to_string);
    let self_employed = async {
        match &inn {
            Some(inn) => register.is_self_employed(inn).await.map(Some),
            None => Ok(None),
        }
    };
    let (entries, self_employed) = futures::join!(entries, self_employed);
    let mut facts = Facts::default();
    for entry in entries {
        match entry {
            Ok(entry) => facts.entries.extend(entry.map(|entry| (entry.ogrn.clone(), entry))),
            Err(error) => tracing::warn!(request_id = ctx.request_id, %error, "register.failed"),
        }
    }
    match self_employed {
        Ok(known) => facts.self_employed = known,
        Err(error) => tracing::warn!(request_id = ctx.request_id, %error, "register.failed"),
    }
    facts
}

/// Keeps the person and all his cabinets in one transaction. The person comes first: nobody enters
/// a company's cabinet without being known himself.
pub(super) async fn keep(
    ctx: &Ctx,
    account: &Account,
    facts: &Facts,
) -> Result<Cabinets, SessionError> {
    let txn = storage::begin(ctx.db()).await?;
    one_at_a_time(&txn).await?;
    let person = keep_person(ctx, &txn, account).await?;
    let own = keep_own(ctx, &txn, person, account, facts).await?;
    let mut participants = vec![own];
    for role in &account.organisations {
        let entry = role.ogrn.as_ref().and_then(|ogrn| facts.entries.get(ogrn));
        let organisation = keep_organisation(ctx, &txn, &Organisation::of(role), entry).await?;
        let head_post = entry.and_then(|entry| entry.head_post.clone()).filter(|_| role.chief);
        let post = role.post.clone().or(head_post);
        let admin = role.admin || role.chief;
        keep_membership(ctx, &txn, person, organisation, role.chief, admin, post).await?;
        participants.push(organisation);
    }
    drop_former(ctx, &txn, person, &participants).await?;
    txn.commit().await?;
    Ok(Cabinets { person, own, participants })
}

/// Lets one sign-in after the other through, so that two colleagues who come for the first time at
/// once do not make their company's cabinet twice. On SQLite a writing transaction does that itself.
pub(super) async fn one_at_a_time<C: ConnectionTrait>(db: &C) -> Result<(), SessionError> {
    /// Any number that nothing else of this database locks.
    const LOCK: i64 = 0x5349_474e;
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}

/// The person's own cabinet, if he has one.
pub(super) async fn own<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
) -> Result<Option<Uuid>, SessionError> {
    let found = participant::Entity::find()
        .filter(participant::Column::OwnerPerson.eq(person))
        .one(db)
        .await?;
    Ok(found.map(|row| row.id))
}

/// Cabinets that are open to the person.
pub(super) async fn of<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
) -> Result<Vec<Uuid>, SessionError> {
    let open = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::Active.eq(true))
        .all(db)
        .await?;
    Ok(open.into_iter().map(|row| row.participant_id).collect())
}

pub(super) async fn keep_person<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    account: &Account,
) -> Result<Uuid, SessionError> {
    let mut oids = vec![account.oid.clone()];
    oids.extend(account.snils.as_ref().map(oid_of_snils));
    // Numbers sort before words: the account itself before what stood for it.
    let known = person::Entity::find()
        .filter(person::Column::EsiaOid.is_in(oids))
        .order_by_asc(person::Column::EsiaOid)
        .one(db)
        .await?;
    let now = ctx.now();
    let fresh = known.is_none();
    let mut row = match known {
        Some(row) => row.into_active_model(),
        None => person::ActiveModel {
            id: Set(ctx.uuid()),
            email: Set(None),
            phone: Set(None),
            lang: Set(Lang::Ru.tag().to_owned()),
            theme: Set(profile::theme_name(Default::default()).to_owned()),
            mail_decisions: Set(true),
            mail_demands: Set(true),
            mail_deadlines: Set(true),
            created_at: Set(now),
            ..Default::default()
        },
    };
    row.esia_oid = Set(account.oid.clone());
    row.surname = Set(account.surname.clone());
    row.name = Set(account.name.clone());
    row.patronymic = Set(account.patronymic.clone());
    row.snils = Set(account.snils.as_ref().map(ToString::to_string));
    row.inn = Set(account.inn.as_ref().map(ToString::to_string));
    row.birth_date = Set(account.birth_date);
    row.trusted = Set(account.trusted);
    row.updated_at = Set(now);
    // What the person wrote in the profile stays.
    if row.email.as_ref().is_none() {
        row.email = Set(account.email.clone());
    }
    if row.phone.as_ref().is_none() {
        row.phone = Set(account.phone.clone());
    }
    let id = *row.id.as_ref();
    if fresh {
        person::Entity::insert(row).exec_without_returning(db).await?;
    } else {
        row.update(db).await?;
    }
    Ok(id)
}

/// The person's own cabinet.
pub(super) async fn keep_own<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    account: &Account,
    facts: &Facts,
) -> Result<Uuid, SessionError> {
    let known = participant::Entity::find()
        .filter(participant::Column::OwnerPerson.eq(person))
        .one(db)
        .await?;
    let now = ctx.now();
    let name = [Some(&account.surname), Some(&account.name), account.patronymic.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let category = facts.self_employed.map(|yes| {
        category_name(if yes { Category::SelfEmployed } else { Category::Person }).to_owned()
    });
    let inn = account.inn.as_ref().map(ToString::to_string);
    let id = match known {
        Some(row) => {
            let id = row.id;
            let mut row = row.into_active_model();
            row.full_name = Set(name.clone());
            row.short_name = Set(name);
            row.inn = Set(inn);
            if let Some(category) = category {
                row.category = Set(category);
                row.verified_at = Set(Some(now));
            }
            row.updated_at = Set(now);
            row.update(db).await?;
            id
        }
        None => {
            let id = ctx.uuid();
            participant::Entity::insert(participant::ActiveModel {
                id: Set(id),
                verified_at: Set(category.as_ref().map(|_| now)),
                category: Set(
                    category.unwrap_or_else(|| category_name(Category::Person).to_owned())
                ),
                inn: Set(inn),
                full_name: Set(name.clone()),
                short_name: Set(name),
                email: Set(account.email.clone()),
                phone: Set(account.phone.clone()),
                owner_person: Set(Some(person)),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            })
            .exec_without_returning(db)
            .await?;
            id
        }
    };
    keep_membership(ctx, db, person, id, true, true, None).await?;
    Ok(id)
}

pub(super) async fn keep_organisation<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    organisation: &Organisation,
    entry: Option<&Entry>,
) -> Result<Uuid, SessionError> {
    let known = known_organisation(db, organisation).await?;
    let now = ctx.now();
    let fresh = known.is_none();
    let mut row = match known {
        Some(row) => row.into_active_model(),
        None => participant::ActiveModel {
            id: Set(ctx.uuid()),
            category: Set(category_name(match organisation.kind {
                OrganisationKind::Company => Category::Company,
                OrganisationKind::SoleTrader => Category::SoleTrader,
            })
            .to_owned()),
            inn: Set(organisation.inn.clone()),
            ogrn: Set(organisation.ogrn.clone()),
            full_name: Set(organisation.full_name.clone()),
            short_name: Set(organisation.short_name.clone()),
            created_at: Set(now),
            ..Default::default()
        },
    };
    row.updated_at = Set(now);
    if organisation.oid.is_some() {
        row.esia_oid = Set(organisation.oid.clone());
    }
    if let Some(entry) = entry {
        profile::take_entry(&mut row, entry, now)?;
    }
    let id = *row.id.as_ref();
    if fresh {
        participant::Entity::insert(row).exec_without_returning(db).await?;
    } else {
        row.update(db).await?;
    }
    Ok(id)
}

/// The cabinet that an organisation has already: by its identifier in ESIA, or, when it or we came
/// by a signature, by ОГРН.
async fn known_organisation<C: ConnectionTrait>(
    db: &C,
    organisation: &Organisation,
) -> Result<Option<participant::Model>, SessionError> {
    if let Some(oid) = &organisation.oid {
        let by_oid = participant::Column::EsiaOid.eq(oid.as_str());
        if let Some(found) = participant::Entity::find().filter(by_oid).one(db).await? {
            return Ok(Some(found));
        }
    }
    let Some(ogrn) = &organisation.ogrn else { return Ok(None) };
    let mut by_ogrn = participant::Entity::find()
        .filter(participant::Column::Ogrn.eq(ogrn.as_str()))
        .filter(participant::Column::OwnerPerson.is_null());
    if organisation.oid.is_some() {
        by_ogrn = by_ogrn.filter(participant::Column::EsiaOid.is_null());
    }
    Ok(by_ogrn.one(db).await?)
}

/// The person's rights in a cabinet: all in his own; in an organisation the head and the
/// administrators of its ESIA profile have all that ESIA vouches for, others what was given to
/// them in the cabinet.
pub(super) async fn keep_membership<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    participant: Uuid,
    chief: bool,
    admin: bool,
    post: Option<String>,
) -> Result<(), SessionError> {
    let known = membership::Entity::find_by_id((person, participant)).one(db).await?;
    let now = ctx.now();
    let fresh = known.is_none();
    let mut row = match known {
        Some(row) => row.into_active_model(),
        None => membership::ActiveModel {
            person_id: Set(person),
            participant_id: Set(participant),
            edit: Set(false),
            sign: Set(false),
            post: Set(None),
            created_at: Set(now),
            ..Default::default()
        },
    };
    row.chief = Set(chief);
    row.admin = Set(admin);
    if admin {
        row.edit = Set(true);
        row.sign = Set(true);
    }
    if post.is_some() {
        row.post = Set(post);
    }
    row.active = Set(true);
    row.updated_at = Set(now);
    if fresh {
        membership::Entity::insert(row).exec_without_returning(db).await?;
    } else {
        row.update(db).await?;
    }
    Ok(())
}

/// Closes cabinets of organisations in which ESIA no longer names the person. Of an organisation
/// that ESIA never told of, and that came by its signature, it can say nothing.
async fn drop_former<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    current: &[Uuid],
) -> Result<(), SessionError> {
    let told = Query::select()
        .column(participant::Column::Id)
        .from(participant::Entity)
        .and_where(participant::Column::EsiaOid.is_not_null())
        .to_owned();
    membership::Entity::update_many()
        .col_expr(membership::Column::Active, Expr::value(false))
        .col_expr(membership::Column::UpdatedAt, Expr::value(ctx.now()))
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::ParticipantId.is_not_in(current.iter().copied()))
        .filter(membership::Column::ParticipantId.in_subquery(told))
        .exec(db)
        .await?;
    Ok(())
}
