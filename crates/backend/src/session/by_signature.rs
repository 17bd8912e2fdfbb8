//! Signing in by an electronic signature: a person by СНИЛС, his organisation by ОГРН and ИНН.
//!
//! «Новая организация — войти по ЭП»: the head is known as a person first; then the signature of
//! the organisation, with his own СНИЛС in it, opens its cabinet and is attached to the profile at
//! once. That he heads it is what the tax register says, not the certificate alone.

use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use signature::{
    certificate::{Certificate, Identifiers},
    oid,
};

use super::{
    SessionError,
    cabinets::{self, Cabinets, Facts, Organisation},
    entity::{participant, person},
    live::{self, Token},
    sign_in::{self, Signed},
};
use crate::{
    ctx::Ctx,
    gateway::{
        esia::{Account, OrganisationKind},
        tax::Entry,
    },
    profile,
    signature::{self as signatures, Expected, SignatureError, SignatureRefusal, challenge},
    storage,
};

impl From<SignatureRefusal> for SessionError {
    fn from(refusal: SignatureRefusal) -> Self {
        match refusal {
            SignatureRefusal::Signature(error) => Self::Signature(error),
            SignatureRefusal::Db(error) => Self::Db(error),
        }
    }
}

/// Signs in with a signature (Base64 of a detached CMS) over a challenge, which is used up by it.
/// When the reader's session is locked, this opens it again.
///
/// # Errors
/// The challenge or the signature is not taken; the owner may not enter; the database failed.
pub async fn sign_in_by_signature(
    ctx: &Ctx,
    token: &str,
    signature: &str,
) -> Result<Signed, SessionError> {
    let answered = challenge::answered(ctx, token).await?;
    let signature = STANDARD.decode(signature.trim()).unwrap_or_default();
    let examined = signatures::examine(ctx, &answered.content, &signature).await;
    let certificate = examined.accept(ctx, &Expected::default())?;
    let ids = certificate.identifiers();
    let snils = ids.snils.as_ref().ok_or(SignatureError::NoSnils)?.to_string();
    if let Ok(before) = ctx.session()
        && before.snils.as_deref() != Some(snils.as_str())
    {
        return Err(SessionError::SignatureOtherPerson);
    }
    challenge::use_up(ctx, &answered).await?;
    let known = person::Entity::find()
        .filter(person::Column::Snils.eq(snils))
        .order_by_desc(person::Column::UpdatedAt)
        .one(ctx.db())
        .await?;
    let account = account(certificate, &ids);
    let organisation = organisation(certificate, &ids);
    // A sole trader is the person himself; a company's head must be known as a person before.
    let company = organisation.as_ref().filter(|found| found.kind == OrganisationKind::Company);
    if known.is_none() && company.is_some() {
        return Err(SessionError::SignaturePersonFirst);
    }
    let own_inn = ids.inn.as_ref().map(ToString::to_string);
    let own_inn = own_inn.or_else(|| known.as_ref().and_then(|row| row.inn.clone()));
    let entry = match &organisation {
        Some(organisation) => {
            allowed(ctx, organisation, known.as_ref(), own_inn.as_deref()).await?
        }
        None => None,
    };
    let facts = match known {
        None => cabinets::facts(ctx, &account).await,
        Some(_) => Facts::default(),
    };
    let entered =
        keep(ctx, known, &account, &facts, organisation.as_ref(), entry.as_ref(), &examined.chain)
            .await?;
    begin(ctx, &entered).await
}

/// Begins the session, or opens the locked one.
async fn begin(ctx: &Ctx, entered: &Entered) -> Result<Signed, SessionError> {
    let token = Token::new(ctx);
    let return_to = "/".to_owned();
    if let Ok(before) = ctx.session() {
        let same = before.role.as_ref().map(|role| role.participant) == Some(entered.cabinet);
        if before.locked
            && same
            && sign_in::reopen(ctx, before.id, entered.cabinets.person, &token).await?
        {
            return Ok(Signed { token: token.secret, return_to });
        }
        live::end_row(&ctx.backend, before.id, ctx.now()).await?;
    }
    sign_in::start(ctx, &entered.cabinets, Some(entered.cabinet), &token).await?;
    Ok(Signed { token: token.secret, return_to })
}

/// Who came in, and into which cabinet.
struct Entered {
    cabinets: Cabinets,
    cabinet: uuid::Uuid,
}

/// The organisation's entry in the tax register when the person heads it; `None` when he works in
/// its cabinet already and the register is not needed.
async fn allowed(
    ctx: &Ctx,
    organisation: &Organisation,
    person: Option<&person::Model>,
    inn: Option<&str>,
) -> Result<Option<Entry>, SessionError> {
    if let Some(person) = person
        && let Some(known) = find(ctx, organisation).await?
        && sign_in::is_member(ctx, person.id, known.id).await?
    {
        return Ok(None);
    }
    let number = organisation.ogrn.as_deref().or(organisation.inn.as_deref());
    let number = number.ok_or(SessionError::SignatureOrganisationUnknown)?;
    let entry = ctx.backend.gateways.tax.organisation(number).await.map_err(|error| {
        tracing::warn!(request_id = ctx.request_id, %error, "register.failed");
        SessionError::SignatureRegisterDown
    })?;
    let entry = entry.ok_or(SessionError::SignatureOrganisationUnknown)?;
    let head = match organisation.kind {
        OrganisationKind::Company => entry.head_inn.as_deref(),
        OrganisationKind::SoleTrader => Some(entry.inn.as_str()),
    };
    // Both numbers of the certificate must be of the entry that vouches for the head.
    let is_same = organisation.inn.as_ref().is_none_or(|inn| *inn == entry.inn);
    if !is_same || inn.is_none() || head != inn {
        return Err(SessionError::SignatureNotHead);
    }
    Ok(Some(entry))
}

/// The cabinet that an organisation has here already.
async fn find(
    ctx: &Ctx,
    organisation: &Organisation,
) -> Result<Option<participant::Model>, SessionError> {
    let mut same = Condition::all().add(participant::Column::OwnerPerson.is_null());
    if let Some(ogrn) = &organisation.ogrn {
        same = same.add(participant::Column::Ogrn.eq(ogrn.as_str()));
    }
    if let Some(inn) = &organisation.inn {
        same = same.add(participant::Column::Inn.eq(inn.as_str()));
    }
    Ok(participant::Entity::find().filter(same).one(ctx.db()).await?)
}

/// Keeps person, cabinets and certificate in one transaction.
async fn keep(
    ctx: &Ctx,
    known: Option<person::Model>,
    account: &Account,
    facts: &Facts,
    organisation: Option<&Organisation>,
    entry: Option<&Entry>,
    chain: &[Certificate],
) -> Result<Entered, SessionError> {
    let known_cabinet = match organisation {
        Some(organisation) => find(ctx, organisation).await?.map(|row| row.id),
        None => None,
    };
    let txn = storage::begin(ctx.db()).await?;
    cabinets::one_at_a_time(&txn).await?;
    let person = match known {
        Some(row) => row.id,
        None => cabinets::keep_person(ctx, &txn, account).await?,
    };
    let own = match cabinets::own(&txn, person).await? {
        Some(own) => own,
        None => cabinets::keep_own(ctx, &txn, person, account, facts).await?,
    };
    let mut cabinet = own;
    if let (Some(organisation), Some(entry)) = (organisation, entry) {
        cabinet = cabinets::keep_organisation(ctx, &txn, organisation, Some(entry)).await?;
        let post = entry.head_post.clone();
        cabinets::keep_membership(ctx, &txn, person, cabinet, true, true, post).await?;
    } else if let Some(known) = known_cabinet {
        cabinet = known;
    }
    profile::certificate_keep(ctx, &txn, person, cabinet, chain).await?;
    let participants = cabinets::of(&txn, person).await?;
    txn.commit().await?;
    Ok(Entered { cabinets: Cabinets { person, own, participants }, cabinet })
}

/// What a certificate says of its owner, as ESIA would. He has no account there yet that is known
/// here; СНИЛС stands for its identifier until he comes through ESIA.
fn account(certificate: &Certificate, ids: &Identifiers) -> Account {
    let text = |oid| certificate.subject().get(oid).unwrap_or_default().trim().to_owned();
    let given = text(oid::ID_AT_GIVEN_NAME);
    let (name, patronymic) = match given.split_once(' ') {
        Some((name, patronymic)) => (name.to_owned(), Some(patronymic.trim().to_owned())),
        None => (given, None),
    };
    Account {
        oid: ids.snils.as_ref().map(cabinets::oid_of_snils).unwrap_or_default(),
        trusted: true,
        surname: text(oid::ID_AT_SURNAME),
        name,
        patronymic,
        birth_date: None,
        snils: ids.snils.clone(),
        inn: ids.inn.clone(),
        email: None,
        phone: None,
        organisations: Vec::new(),
    }
}

/// The organisation or sole trader of a certificate.
fn organisation(certificate: &Certificate, ids: &Identifiers) -> Option<Organisation> {
    let subject = certificate.subject();
    let name = [oid::ID_AT_ORGANIZATION, oid::ID_AT_COMMON_NAME]
        .into_iter()
        .find_map(|part| subject.get(part))
        .unwrap_or_default()
        .to_owned();
    let inn = |inn: &domain::ids::Inn| inn.as_str().to_owned();
    let (kind, ogrn, inn) = if ids.ogrn.is_some() || ids.organisation_inn.is_some() {
        let ogrn = ids.ogrn.as_ref().map(|ogrn| ogrn.as_str().to_owned());
        (OrganisationKind::Company, ogrn, ids.organisation_inn.as_ref().map(inn))
    } else {
        let ogrnip = ids.ogrnip.as_ref()?.as_str().to_owned();
        (OrganisationKind::SoleTrader, Some(ogrnip), ids.inn.as_ref().map(inn))
    };
    Some(Organisation { oid: None, kind, full_name: name.clone(), short_name: name, ogrn, inn })
}
