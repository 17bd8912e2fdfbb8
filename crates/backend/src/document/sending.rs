//! Freezing, signing and handing over to the outbox.
//!
//! A draft is frozen to canonical bytes at one version. Freezing locks nobody out: a signature is
//! taken only while the draft still is at that version, so what was shown is what is sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::{
    date::moscow_date,
    lang::Lang,
    state::{DocumentState, Event as StateEvent},
    view::{
        document::{Action, CheckpointReason, Event, Frozen, Head, Signed, SigningAuthority},
        session::Category,
        signature::FrozenBytes,
    },
};
use edoc::{
    remark::{Level, Remark},
    schema::Schema,
    tree::{Element, Tree},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};
use signature::report::Reason;
use uuid::Uuid;

use super::{
    DocumentError, Purpose, drafts,
    entity::{document, outbox, submission},
    find, find_locked, head, history, load_draft, schema, state, title,
};
use crate::{
    ctx::Ctx,
    job::{self, Work},
    journal,
    signature::{self as signatures, Expected, SignatureError, Stamped, mobile, owner},
    statform, storage,
};

/// How long after a time-stamp service gave nothing it is asked again.
const TIMESTAMP_AGAIN: TimeDelta = TimeDelta::seconds(30);

const NOT_SIGNED: SignatureError = SignatureError::Reason(Reason::NotSignedData);
const NO_CERTIFICATE: SignatureError = SignatureError::Reason(Reason::SignerCertificateMissing);

/// Freezes the draft for signing: exactly the returned bytes are to be signed. While the reader's
/// telephone is asked to sign the draft as it is, those bytes are given again: its answer would be
/// for nothing otherwise.
///
/// # Errors
/// [`DocumentError::Remarks`] with every error that prevents sending.
pub async fn freeze(ctx: &Ctx, id: Uuid) -> Result<Frozen, DocumentError> {
    let role = ctx.signer()?;
    let session = ctx.person()?;
    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, id).await?;
    let current = state(&row)?;
    if current != DocumentState::Draft {
        return Err(DocumentError::State(current));
    }
    let mut draft = load_draft(ctx, &txn, &row).await?;
    let schema = schema(ctx, &row)?;
    if let Some(kept) = asked(ctx, &txn, session.person, &row).await? {
        let tree = draft.tree(&schema);
        let warnings = warnings(ctx, &txn, &row, &tree, &schema).await?;
        let submission::Model { content, sha256, .. } = kept;
        return frozen(ctx, &row, &content, sha256, authority(ctx, Some(&tree))?, warnings.len());
    }
    let replica = ctx.replica();
    let changes = statform::prepare(ctx, &mut draft, &replica)
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    if !changes.is_empty() {
        drafts::append_own(ctx, &txn, &mut row, session.person, &changes).await?;
        row.updated_at = ctx.now();
    }
    let tree = draft.tree(&schema);
    let warnings = warnings(ctx, &txn, &row, &tree, &schema).await?;
    let content = edoc::xml::write(&tree, &schema);
    drafts::summarise(ctx, &txn, &mut row, &draft).await?;
    if row.version > row.checkpoint_version {
        let reason = CheckpointReason::Pause;
        history::checkpoint_make(ctx, &txn, &mut row, &draft, session.person, reason).await?;
    }
    drafts::update(&txn, &row).await?;
    let authority = authority(ctx, Some(&tree))?;
    let frozen = keep(ctx, &txn, &row, Purpose::Filing, content, authority, warnings.len()).await?;
    txn.commit().await?;
    ctx.backend.drafts.put(row.id, row.version, draft);
    drafts::announce(ctx, &row).await;
    Ok(frozen)
}

/// What was frozen of the draft as it is and lies before the person on his telephone.
async fn asked<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    person: Uuid,
    row: &document::Model,
) -> Result<Option<submission::Model>, DocumentError> {
    let waiting = mobile::waiting(db, person, row.id, row.version, ctx.now()).await?;
    let Some(id) = waiting else { return Ok(None) };
    let kept = submission::Entity::find_by_id(id)
        .filter(submission::Column::Purpose.eq(Purpose::Filing.name()))
        .filter(submission::Column::Signature.is_null());
    Ok(kept.one(db).await?)
}

/// Remarks that do not prevent sending.
///
/// # Errors
/// [`DocumentError::Remarks`] with those that do.
async fn warnings<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
    tree: &Tree,
    schema: &Schema,
) -> Result<Vec<Remark>, DocumentError> {
    let remarks = statform::remarks_of(ctx, db, row.participant_id, tree, schema).await?;
    let (errors, warnings): (Vec<_>, Vec<_>) =
        remarks.into_iter().partition(|remark| remark.level == Level::Error);
    if errors.is_empty() { Ok(warnings) } else { Err(DocumentError::Remarks(errors)) }
}

/// Freezes other bytes about a document: an answer to customs.
pub async fn freeze_bytes(
    ctx: &Ctx,
    row: &document::Model,
    purpose: Purpose,
    content: Vec<u8>,
) -> Result<Frozen, DocumentError> {
    keep(ctx, ctx.db(), row, purpose, content, authority(ctx, None)?, 0).await
}

async fn keep<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    row: &document::Model,
    purpose: Purpose,
    content: Vec<u8>,
    authority: SigningAuthority,
    warnings: usize,
) -> Result<Frozen, DocumentError> {
    let session = ctx.person()?;
    let sha256 = hex::encode(Sha256::digest(&content));
    let frozen = frozen(ctx, row, &content, sha256.clone(), authority, warnings)?;
    submission::Entity::insert(submission::ActiveModel {
        id: Set(ctx.uuid()),
        document_id: Set(row.id),
        version: Set(row.version),
        purpose: Set(purpose.name().to_owned()),
        content: Set(content),
        sha256: Set(sha256),
        frozen_at: Set(ctx.now()),
        frozen_by: Set(session.person),
        signature: Set(None),
        signer: Set(None),
        signed_at: Set(None),
        report: Set(None),
        certificate: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(frozen)
}

/// By what right the reader signs: by the power of attorney in the document, or in person.
fn authority(ctx: &Ctx, tree: Option<&Tree>) -> Result<SigningAuthority, DocumentError> {
    let role = ctx.signer()?;
    let text = |name| tree.and_then(|tree| tree.root.child(name)).and_then(Element::text);
    Ok(match (text("MCD_ID"), text("INNSign")) {
        (Some(number), principal) => SigningAuthority::Power {
            number: number.to_owned(),
            principal: principal.unwrap_or_default().to_owned(),
        },
        (None, _) if role.category.is_individual() => SigningAuthority::Oneself,
        (None, _) if !role.rights.chief => SigningAuthority::Unnamed,
        (None, _) if role.category == Category::SoleTrader => SigningAuthority::Oneself,
        (None, _) => SigningAuthority::Head,
    })
}

/// Frozen bytes as the signer sees them.
fn frozen(
    ctx: &Ctx,
    row: &document::Model,
    content: &[u8],
    sha256: String,
    authority: SigningAuthority,
    warnings: usize,
) -> Result<Frozen, DocumentError> {
    Ok(Frozen {
        document: row.id,
        version: row.version,
        title: title(row).get(ctx.lang()).to_owned(),
        content: STANDARD.encode(content),
        sha256,
        signer: ctx.person()?.name.full(),
        participant: ctx.signer()?.name.clone(),
        authority,
        warnings: u32::try_from(warnings).unwrap_or(u32::MAX),
    })
}

/// Takes the signature over frozen bytes, and in one transaction files the document: the version,
/// the signature, the journal and the outbox row are kept together or not at all.
///
/// Submitting the same signed document again returns what the first time made of it.
pub async fn submit(ctx: &Ctx, signed: Signed) -> Result<Head, DocumentError> {
    let role = ctx.signer()?;
    let session = ctx.person()?;
    let signature = STANDARD.decode(signed.signature.as_bytes()).map_err(|_| NOT_SIGNED)?;
    let now = ctx.now();
    // Verifying may ask authorities over the net, which no transaction may wait for.
    let row = find(ctx.db(), role.participant, signed.document).await?;
    let Some(content) = unsigned(ctx.db(), &row, signed.version, &signed.sha256).await? else {
        return head(ctx, &row);
    };
    let expected = Expected { snils: session.snils.as_deref(), inn: role.inn.as_deref() };
    let examined = signatures::verify(ctx, &content.content, &signature, &expected).await?;
    let Stamped { signature, examined, owed } =
        signatures::stamped(ctx, &content.content, signature, examined).await?;
    let certificate = examined.certificate().ok_or(NO_CERTIFICATE)?;
    let signer = owner::display(certificate);
    let stamp = signatures::stamp_certificate(certificate, &examined.algorithm());

    let txn = storage::begin(ctx.db()).await?;
    let mut row = find_locked(&txn, role.participant, signed.document).await?;
    let Some(kept) = unsigned(&txn, &row, signed.version, &signed.sha256).await? else {
        txn.commit().await?;
        return head(ctx, &row);
    };
    let current = state(&row)?;
    let purpose = Purpose::parse(&kept.purpose)
        .ok_or_else(|| DocumentError::Corrupt(format!("purpose `{}`", kept.purpose)))?;
    let (kind, action) = match purpose {
        Purpose::Filing => {
            if row.version != signed.version {
                return Err(DocumentError::Changed);
            }
            let next = current.on(StateEvent::Sign).map_err(|_| DocumentError::State(current))?;
            row.state = next.to_string();
            row.filed_at = Some(now);
            row.late = row.due.is_some_and(|due| moscow_date(now) > due);
            row.expires_on = None;
            (row.kind.clone(), Action::Signed)
        }
        Purpose::Explanation => {
            if row.demand_since.is_none() {
                return Err(DocumentError::State(current));
            }
            row.demand_answered_at = Some(now);
            (statform::EXPLANATION.to_owned(), Action::ExplanationsSent)
        }
    };
    row.updated_at = now;

    let mut active = kept.clone().into_active_model();
    active.signature = Set(Some(signature.clone()));
    active.signer = Set(Some(signer.clone()));
    active.report = Set(Some(json(&examined.report)?));
    active.certificate = Set(Some(json(&stamp)?));
    active.signed_at = Set(Some(now));
    active.update(&txn).await?;
    let relates_to = last_message(&txn, row.id).await?;
    outbox::Entity::insert(outbox::ActiveModel {
        message_id: Set(ctx.uuid()),
        participant_id: Set(row.participant_id),
        document_id: Set(row.id),
        kind: Set(kind),
        relates_to: Set(relates_to),
        body: Set(kept.content),
        signature: Set(Some(signature)),
        state: Set("queued".to_owned()),
        attempts: Set(0),
        next_at: Set(now),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        receipt: Set(None),
        created_at: Set(now),
        delivered_at: Set(None),
        ..Default::default()
    })
    .exec_without_returning(&txn)
    .await?;
    if owed {
        let work = Work::SignatureTimestamp { submission: kept.id };
        let key = format!("signature_timestamp:{}", kept.id);
        job::enqueue(ctx, &txn, &key, &work, now + TIMESTAMP_AGAIN).await?;
    }
    mobile::forget(ctx, &txn, row.id).await?;
    drafts::update(&txn, &row).await?;
    journal::record(ctx, &txn, row.participant_id, row.id, action, Some(signer)).await?;
    txn.commit().await?;
    drafts::announce(ctx, &row).await;
    head(ctx, &row)
}

/// The frozen bytes that a signature is for; `None` when the document was signed so already.
///
/// # Errors
/// [`DocumentError::Changed`] when nothing was frozen so.
async fn unsigned<C: ConnectionTrait>(
    db: &C,
    row: &document::Model,
    version: i64,
    sha256: &str,
) -> Result<Option<submission::Model>, DocumentError> {
    // The same bytes may have been frozen several times.
    let frozen = submission::Entity::find()
        .filter(submission::Column::DocumentId.eq(row.id))
        .filter(submission::Column::Version.eq(version))
        .filter(submission::Column::Sha256.eq(sha256))
        .order_by_desc(submission::Column::FrozenAt)
        .all(db)
        .await?;
    if frozen.is_empty() {
        return Err(DocumentError::Changed);
    }
    let was_sent = frozen.iter().any(|frozen| is_in_force(frozen, row));
    let unsigned = frozen.into_iter().find(|frozen| frozen.signature.is_none());
    Ok(unsigned.filter(|_| !was_sent))
}

/// Frozen bytes that wait for a signature, with their document, which is held until the
/// transaction ends.
///
/// # Errors
/// [`DocumentError::Changed`] when the document moved on, or was signed so already.
pub(crate) async fn unsigned_locked<C: ConnectionTrait>(
    ctx: &Ctx,
    db: &C,
    bytes: &FrozenBytes,
) -> Result<(document::Model, submission::Model), DocumentError> {
    let role = ctx.signer()?;
    let row = find_locked(db, role.participant, bytes.document).await?;
    let kept = unsigned(db, &row, bytes.version, &bytes.sha256).await?;
    let kept = kept.ok_or(DocumentError::Changed)?;
    if Purpose::parse(&kept.purpose) == Some(Purpose::Filing) {
        let current = state(&row)?;
        if current != DocumentState::Draft {
            return Err(DocumentError::State(current));
        }
        if row.version != bytes.version {
            return Err(DocumentError::Changed);
        }
    }
    Ok((row, kept))
}

/// The bytes of a submission, for the cabinet's own work.
pub(crate) async fn frozen_content<C: ConnectionTrait>(
    db: &C,
    submission: Uuid,
) -> Result<Option<Vec<u8>>, DbErr> {
    submission::Entity::find_by_id(submission)
        .select_only()
        .column(submission::Column::Content)
        .into_tuple()
        .one(db)
        .await
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, DocumentError> {
    serde_json::to_string(value).map_err(|error| DocumentError::Corrupt(error.to_string()))
}

/// Whether bytes were signed for what the document waits for now: a document that was taken back
/// is sent anew, and a new demand may be answered in the same words.
fn is_in_force(frozen: &submission::Model, row: &document::Model) -> bool {
    let since = match Purpose::parse(&frozen.purpose) {
        Some(Purpose::Filing) => row.filed_at,
        Some(Purpose::Explanation) => row.demand_since,
        None => None,
    };
    frozen.signed_at.is_some_and(|signed| since.is_some_and(|since| signed >= since))
}

/// The message by which customs knows this document, for an answer to relate to.
async fn last_message<C: ConnectionTrait>(
    db: &C,
    document: Uuid,
) -> Result<Option<Uuid>, DocumentError> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::DocumentId.eq(document))
        .filter(outbox::Column::Kind.eq(statform::KIND))
        .order_by_desc(outbox::Column::Seq)
        .one(db)
        .await?
        .map(|row| row.message_id))
}

/// The story of a document, oldest first.
pub async fn events(ctx: &Ctx, id: Uuid) -> Result<Vec<Event>, DocumentError> {
    let role = ctx.role()?;
    find(ctx.db(), role.participant, id).await?;
    let mut events = journal::of_document(ctx.db(), id).await?;
    for event in events.iter_mut().filter(|event| event.action == Action::Refused) {
        event.detail = event.detail.take().map(|list| refusal_text(list, ctx.lang()));
    }
    Ok(events)
}

/// What customs' list of errors says. A list that cannot be read is shown as it came: it is all
/// there is.
fn refusal_text(list: String, lang: Lang) -> String {
    let remarks = edoc::remark::read_error_list(list.as_bytes()).map(|read| read.remarks);
    let texts: Vec<String> =
        remarks.unwrap_or_default().iter().map(|remark| remark.text(lang)).collect();
    if texts.is_empty() { list } else { texts.join("\n") }
}

/// The name of a document's files, without the extension.
pub(super) fn file_stem(row: &document::Model) -> String {
    let number = row.number.as_deref().map(|number| number.replace('/', "-"));
    format!("StaticForm_{}", number.unwrap_or_else(|| row.id.to_string()))
}

/// The document as XML, with a file name: the signed bytes of one that was sent, or the canonical
/// form of a draft as it is.
pub async fn xml(ctx: &Ctx, id: Uuid) -> Result<(String, Vec<u8>), DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    let name = format!("{}.xml", file_stem(&row));
    if let Some(sent) = content(ctx, id).await? {
        return Ok((name, sent));
    }
    let draft = load_draft(ctx, ctx.db(), &row).await?;
    let schema = schema(ctx, &row)?;
    Ok((name, edoc::xml::write(&draft.tree(&schema), &schema)))
}

/// The bytes that were signed and sent, if any were.
pub async fn content(ctx: &Ctx, id: Uuid) -> Result<Option<Vec<u8>>, DocumentError> {
    let role = ctx.role()?;
    let row = find(ctx.db(), role.participant, id).await?;
    if state(&row)? == DocumentState::Draft {
        return Ok(None);
    }
    Ok(submission::Entity::find()
        .filter(submission::Column::DocumentId.eq(id))
        .filter(submission::Column::Purpose.eq(Purpose::Filing.name()))
        .filter(submission::Column::SignedAt.is_not_null())
        .order_by_desc(submission::Column::SignedAt)
        .one(ctx.db())
        .await?
        .map(|kept| kept.content))
}
