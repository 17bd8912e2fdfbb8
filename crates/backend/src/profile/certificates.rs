//! Signing certificates attached to the profile: one person's, for one cabinet each.

use chrono::{DateTime, Utc};
use der::{Encode, asn1::ObjectIdentifier, oid::db::rfc5912};
use domain::view::{profile::Certificate as View, session::Category};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use x509_cert::Certificate;

use super::{ProfileError, entity::certificate};
use crate::{
    ctx::{Ctx, Session},
    document::verify::{self, Expected},
    session,
};

/// Public keys of GOST R 34.10-2012 (RFC 9215, section 4).
const GOST_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
const GOST_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2");

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
/// configured root, is valid now, and names the reader (СНИЛС) and the organisation (ИНН).
/// Attaching the same certificate again changes nothing.
///
/// # Errors
/// It is none, or cannot be used to sign here.
pub async fn certificate_attach(ctx: &Ctx, chain_pem: &str) -> Result<View, ProfileError> {
    let own = ctx.person()?;
    let role = ctx.role()?;
    let chain = verify::read_pem(chain_pem).map_err(|_| ProfileError::NoCertificate)?;
    let (leaf, issuers) = chain.split_first().ok_or(ProfileError::NoCertificate)?;
    let inn = match role.category {
        Category::Company | Category::SoleTrader => {
            session::participant_inn(ctx.db(), role.participant).await?
        }
        Category::SelfEmployed | Category::Person => None,
    };
    let expected = Expected {
        roots_pem: &ctx.settings().roots_pem,
        at: ctx.now(),
        snils: own.snils.as_deref(),
        participant_inn: inn.as_deref(),
    };
    verify::certificate(leaf, issuers, &expected)?;
    let der = leaf.to_der().map_err(|_| ProfileError::NoCertificate)?;
    let thumbprint = hex::encode(Sha256::digest(&der));
    let known = certificate::Entity::find()
        .filter(usable(own))
        .filter(certificate::Column::Thumbprint.eq(thumbprint.as_str()))
        .one(ctx.db())
        .await?;
    if let Some(row) = known {
        return Ok(view(row));
    }
    let validity = leaf.tbs_certificate().validity();
    let row = certificate::Model {
        id: ctx.uuid(),
        person_id: own.person,
        participant_id: Some(role.participant),
        subject: verify::owner(leaf),
        issuer: issuer(leaf, issuers),
        thumbprint,
        algorithm: algorithm(leaf),
        valid_from: instant(validity.not_before),
        valid_to: instant(validity.not_after),
        chain_pem: chain_pem.to_owned(),
        created_at: ctx.now(),
        removed_at: None,
    };
    certificate::Entity::insert(certificate::ActiveModel {
        id: Set(row.id),
        person_id: Set(row.person_id),
        participant_id: Set(row.participant_id),
        subject: Set(row.subject.clone()),
        issuer: Set(row.issuer.clone()),
        thumbprint: Set(row.thumbprint.clone()),
        algorithm: Set(row.algorithm.clone()),
        valid_from: Set(row.valid_from),
        valid_to: Set(row.valid_to),
        chain_pem: Set(row.chain_pem.clone()),
        created_at: Set(row.created_at),
        removed_at: Set(None),
    })
    .exec_without_returning(ctx.db())
    .await?;
    Ok(view(row))
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

/// Who issued it, by the name that the issuer's own certificate carries.
fn issuer(certificate: &Certificate, issuers: &[Certificate]) -> String {
    let name = certificate.tbs_certificate().issuer();
    issuers
        .iter()
        .find(|other| other.tbs_certificate().subject() == name)
        .map_or_else(|| name.to_string(), verify::owner)
}

fn algorithm(certificate: &Certificate) -> String {
    let key = &certificate.tbs_certificate().subject_public_key_info().algorithm;
    let curve = key.parameters.as_ref().and_then(|any| any.decode_as().ok());
    match key.oid {
        rfc5912::ID_EC_PUBLIC_KEY if curve == Some(rfc5912::SECP_256_R_1) => {
            "ECDSA P-256".to_owned()
        }
        GOST_256 => "ГОСТ Р 34.10-2012 256".to_owned(),
        GOST_512 => "ГОСТ Р 34.10-2012 512".to_owned(),
        rfc5912::RSA_ENCRYPTION => "RSA".to_owned(),
        other => other.to_string(),
    }
}

fn instant(time: x509_cert::time::Time) -> DateTime<Utc> {
    DateTime::from_timestamp(
        i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX),
        0,
    )
    .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
