//! The signature under a document: its stamp, and everything together as a file for others.

use std::io::{Cursor, Write};

use domain::view::signature::{SignatureStamp, StampCertificate};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use signature::report::{Level, Report, SignerReport};
use uuid::Uuid;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    DocumentError, Purpose,
    entity::{document, submission},
    file_stem, find,
};
use crate::{ctx::Ctx, signature as signatures};

/// The stamp of the signature under the document as it is now; nothing under a draft.
///
/// # Errors
/// The reader has no such document.
pub async fn stamp(ctx: &Ctx, id: Uuid) -> Result<Option<SignatureStamp>, DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    stamp_of(ctx, &row).await
}

/// [`stamp`] of a row.
pub async fn stamp_of(
    ctx: &Ctx,
    row: &document::Model,
) -> Result<Option<SignatureStamp>, DocumentError> {
    let signed = submission::Entity::find()
        .filter(submission::Column::DocumentId.eq(row.id))
        .filter(submission::Column::SignedAt.is_not_null())
        .filter(submission::Column::Version.eq(row.version))
        .order_by_desc(submission::Column::SignedAt)
        .one(ctx.db())
        .await?;
    let Some(signed) = signed else { return Ok(None) };
    let Some(signed_at) = signed.signed_at else { return Ok(None) };
    let report = signed.report.as_deref().map(serde_json::from_str::<Report>);
    let report = report.transpose().map_err(corrupt)?;
    let signer = report.as_ref().and_then(|report| report.signers.first());
    let timestamped_at = signer.and_then(SignerReport::timestamp);
    let certificate = signed.certificate.as_deref().map(serde_json::from_str::<StampCertificate>);
    Ok(Some(SignatureStamp {
        owner: signed.signer.unwrap_or_default(),
        signed_at,
        timestamped_at,
        sha256: signed.sha256,
        certificate: certificate.transpose().map_err(corrupt)?,
    }))
}

/// The signed document, its detached signature, and the report of its verification, as a ZIP with
/// a file name. The signature is CMS in DER over exactly the bytes of the document, so that any
/// program can verify it.
///
/// # Errors
/// The reader has no such document, or it was not signed.
pub async fn package(ctx: &Ctx, id: Uuid) -> Result<(String, Vec<u8>), DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    let signed = submission::Entity::find()
        .filter(submission::Column::DocumentId.eq(id))
        .filter(submission::Column::Purpose.eq(Purpose::Filing.name()))
        .filter(submission::Column::SignedAt.is_not_null())
        .order_by_desc(submission::Column::SignedAt)
        .one(ctx.db())
        .await?;
    let signed = signed.ok_or(DocumentError::NotFound)?;
    let stem = file_stem(&row);
    let mut files = vec![(format!("{stem}.xml"), signed.content)];
    files.extend(signed.signature.map(|signature| (format!("{stem}.xml.p7s"), signature)));
    let report = signed.report.map(String::into_bytes);
    files.extend(report.map(|report| (format!("{stem}.report.json"), report)));
    Ok((format!("{stem}.zip"), zipped(files).map_err(corrupt)?))
}

/// Stamps the signature of a document that was sent while no time-stamp was to be had. Customs has
/// the signature without it; what the cabinet keeps and gives out becomes provable.
///
/// # Errors
/// Why there still is none; what was kept stays.
pub(crate) async fn timestamp_late(ctx: &Ctx, submission: Uuid) -> Result<(), String> {
    let failed = |error: DbErr| error.to_string();
    let kept = submission::Entity::find_by_id(submission).one(ctx.db()).await.map_err(failed)?;
    let Some(kept) = kept else { return Ok(()) };
    let report = kept.report.as_deref().map(serde_json::from_str::<Report>).transpose();
    let level = report.map_err(|error| error.to_string())?.and_then(|report| report.level);
    let Some(signature) = kept.signature.filter(|_| level < Some(Level::CadesT)) else {
        return Ok(());
    };
    let (stamped, examined) = signatures::stamp(ctx, &kept.content, &signature)
        .await
        .map_err(|error| error.to_string())?;
    let report = serde_json::to_string(&examined.report).map_err(|error| error.to_string())?;
    submission::Entity::update_many()
        .set(submission::ActiveModel {
            signature: Set(Some(stamped)),
            report: Set(Some(report)),
            ..Default::default()
        })
        .filter(submission::Column::Id.eq(submission))
        .exec(ctx.db())
        .await
        .map_err(failed)?;
    Ok(())
}

fn corrupt(error: impl std::fmt::Display) -> DocumentError {
    DocumentError::Corrupt(error.to_string())
}

fn zipped(files: Vec<(String, Vec<u8>)>) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // The same documents give the same bytes: no clock is asked.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in files {
        writer.start_file(name, options)?;
        writer.write_all(&bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
