//! Signing certificates attached to the profile: one person's, for one cabinet each.

use domain::view::{profile::Certificate as View, session::Category};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use signature::{certificate::Certificate, digest::DigestAlgorithm, key::PublicKey, oid, pem};
use uuid::Uuid;

use super::{ProfileError, entity::certificate};
use crate::{
    ctx::{Ctx, Session},
    session,
    signature::{self as signatures, Expected, owner},
};

/// Certificates that the reader may sign with in the cabinet entered.
fn usable(session: &Session) -> Condition {
    let participant = session.role.as_ref().map(|role| role.participant);
    Condition::all()
        .add(certificate::Column::PersonId.eq(session.person))
        .add(certificate::Column::RemovedAt.is_null())
        .add(match participant {
            Some(id) => certificate::Column::ParticipantId.eq(id),
            None => certificate::Column::ParticipantId.is_null(),
        })
}

/// Whether the reader has a certificate that is valid now, for the cabinet entered.
///
/// # Errors
/// The database failed.
pub async fn has_signature(ctx: &Ctx, session: &Session) -> Result<bool, DbErr> {
    let found = certificate::Entity::find()
        .filter(usable(session))
        .filter(certificate::Column::ValidFrom.lte(ctx.now()))
        .filter(certificate::Column::ValidTo.gt(ctx.now()))
        .count(ctx.db())
        .await?;
    Ok(found > 0)
}

/// The reader's certificates for the cabinet entered, the newest first; expired ones too.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn certificate_list(ctx: &Ctx) -> Result<Vec<View>, ProfileError> {
    let own = ctx.person()?;
    let rows = certificate::Entity::find()
        .filter(usable(own))
        .order_by_desc(certificate::Column::CreatedAt)
        .all(ctx.db())
        .await?;
    Ok(rows.into_iter().map(view).collect())
}

/// Attaches a certificate, given as PEM with its issuers, after checking that it leads to a
/// configured root, is valid now and not revoked, and names the reader (СНИЛС) and the
/// organisation (ИНН). Attaching the same certificate again changes nothing.
///
/// # Errors
/// It is none, or cannot be used to sign here.
pub async fn certificate_attach(ctx: &Ctx, chain_pem: &str) -> Result<View, ProfileError> {
    let own = ctx.person()?;
    let role = ctx.role()?;
    let given = signatures::read_pem(chain_pem).map_err(|_| ProfileError::NoCertificate)?;
    let (leaf, issuers) = given.split_first().ok_or(ProfileError::NoCertificate)?;
    let inn = match role.category {
        Category::Company | Category::SoleTrader => {
            session::participant_inn(ctx.db(), role.participant).await?
        }
        Category::SelfEmployed | Category::Person => None,
    };
    let expected = Expected { snils: own.snils.as_deref(), inn: inn.as_deref() };
    let chain = signatures::certificate(ctx, leaf, issuers, &expected).await?;
    Ok(view(certificate_keep(ctx, ctx.db(), own.person, role.participant, &chain).await?))
}

/// Keeps a certificate that was checked, with its path: its own first, the root last. The same
/// certificate is kept once.
///
/// # Errors
/// The database failed.
pub async fn certificate_keep<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    participant: Uuid,
    chain: &[Certificate],
) -> Result<certificate::Model, DbErr> {
    let [leaf, issuers @ ..] = chain else {
        return Err(DbErr::Custom("a chain without a certificate".to_owned()));
    };
    let thumbprint = hex::encode(leaf.fingerprint(DigestAlgorithm::Sha256));
    let known = certificate::Entity::find()
        .filter(certificate::Column::PersonId.eq(person))
        .filter(certificate::Column::ParticipantId.eq(participant))
        .filter(certificate::Column::RemovedAt.is_null())
        .filter(certificate::Column::Thumbprint.eq(thumbprint.as_str()))
        .one(db)
        .await?;
    if let Some(row) = known {
        return Ok(row);
    }
    let row = certificate::Model {
        id: ctx.uuid(),
        person_id: person,
        participant_id: Some(participant),
        subject: owner::display(leaf),
        issuer: issuers.first().map_or_else(|| leaf.issuer().to_string(), owner::display),
        thumbprint,
        algorithm: algorithm(leaf),
        valid_from: leaf.not_before(),
        valid_to: leaf.not_after(),
        chain_pem: chain.iter().map(|one| pem::encode("CERTIFICATE", one.as_der())).collect(),
        created_at: ctx.now(),
        removed_at: None,
        serial: Some(leaf.serial_hex()),
    };
    certificate::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(row)
}

/// Detaches a certificate. Documents signed with it keep their signatures.
///
/// # Errors
/// The reader has no such certificate.
pub async fn certificate_remove(ctx: &Ctx, id: Uuid) -> Result<(), ProfileError> {
    let own = ctx.person()?;
    let removed = certificate::Entity::update_many()
        .col_expr(certificate::Column::RemovedAt, Expr::value(ctx.now()))
        .filter(usable(own))
        .filter(certificate::Column::Id.eq(id))
        .exec(ctx.db())
        .await?;
    if removed.rows_affected == 0 { Err(ProfileError::NotFound) } else { Ok(()) }
}

/// Has a key that was made in the browser certified for the reader and the cabinet entered.
/// `csr` is a PKCS#10 request, base64 of DER. Returns the certificate and its issuers, PEM.
///
/// # Errors
/// Software signatures are off, or the authority does not certify.
pub async fn certificate_request(ctx: &Ctx, csr: &str) -> Result<String, ProfileError> {
    let own = ctx.person()?;
    let role = ctx.role()?;
    let authority = ctx
        .backend
        .gateways
        .authority
        .as_ref()
        .filter(|_| ctx.settings().software_signature)
        .ok_or(ProfileError::SoftwareSignatureOff)?;
    let snils = own.snils.as_deref().ok_or(ProfileError::NoSnils)?;
    let inn = match role.category {
        Category::Company | Category::SoleTrader => role.inn.as_deref(),
        Category::SelfEmployed | Category::Person => None,
    };
    Ok(authority.certify(csr, snils, inn).await?)
}

fn view(row: certificate::Model) -> View {
    View {
        id: row.id,
        subject: row.subject,
        issuer: row.issuer,
        thumbprint: row.thumbprint,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        algorithm: row.algorithm,
    }
}

/// The kind of the key, as people call it.
fn algorithm(certificate: &Certificate) -> String {
    match PublicKey::read(certificate.public_key()) {
        Ok(PublicKey::P256(_)) => "ECDSA P-256".to_owned(),
        Ok(PublicKey::P384(_)) => "ECDSA P-384".to_owned(),
        Ok(PublicKey::Rsa(_)) => "RSA".to_owned(),
        Ok(PublicKey::Gost3410(_))
            if certificate.public_key().algorithm.oid == oid::ID_GOST3410_512 =>
        {
            "ГОСТ Р 34.10-2012 512".to_owned()
        }
        Ok(PublicKey::Gost3410(_)) => "ГОСТ Р 34.10-2012 256".to_owned(),
        Err(_) => certificate.public_key().algorithm.oid.to_string(),
    }
}
