//! The kept verdicts on signatures, judged again for an operator.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use signature::{
    cms::SignedMessage,
    digest::ContentDigests,
    report::{Reason, Report},
    revocation::{Evidence, RevocationMode},
    verify::{Recheck, Verifier},
};
use uuid::Uuid;

use super::entity::submission;
use crate::{ctx::Operator, signature::Policy};

/// Signed documents that are read at once.
const PAGE: u64 = 100;

/// A kept verdict that was judged again.
#[derive(Clone, Debug)]
pub struct Rechecked {
    pub document: Uuid,
    pub signed_at: Option<DateTime<Utc>>,
    /// What was found; or why nothing can be: report or signature cannot be read.
    pub outcome: Result<Recheck, String>,
}

impl Rechecked {
    /// Whether the kept verdict stands.
    pub fn is_confirmed(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Recheck::is_confirmed)
    }

    /// In what it differs, in words of the engine.
    pub fn differences(&self) -> Vec<String> {
        match &self.outcome {
            Ok(recheck) => recheck
                .differences
                .iter()
                .map(|one| format!("{:?}: kept {}, found {}", one.what, one.kept, one.found))
                .chain(recheck.missing.iter().map(|digest| format!("missing: SHA-256 {digest}")))
                .collect(),
            Err(cause) => vec![cause.clone()],
        }
    }

    /// Why the signature would not be taken today; nothing when it would.
    pub fn reason_today(&self) -> Option<Reason> {
        self.outcome.as_ref().ok().and_then(|recheck| recheck.now.reason)
    }
}

/// Judges the signatures of all signed documents again, for the time of their kept reports and for
/// today, by what the reports hold and the roots of the policy. Nobody is asked over the net, and
/// nothing is changed. Every result goes to `each`.
///
/// # Errors
/// The database failed.
pub async fn signatures_recheck(
    operator: &Operator,
    policy: &Policy,
    mut each: impl FnMut(&Rechecked),
) -> Result<(), DbErr> {
    let mut last = Uuid::nil();
    loop {
        let page = submission::Entity::find()
            .filter(submission::Column::Id.gt(last))
            .filter(submission::Column::Report.is_not_null())
            .order_by_asc(submission::Column::Id)
            .limit(PAGE)
            .all(&operator.db)
            .await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = end.id;
        for row in &page {
            each(&Rechecked {
                document: row.document_id,
                signed_at: row.signed_at,
                outcome: recheck(policy, operator.now(), row),
            });
        }
    }
}

fn recheck(policy: &Policy, at: DateTime<Utc>, row: &submission::Model) -> Result<Recheck, String> {
    let kept = row.report.as_deref().unwrap_or_default();
    let kept: Report = serde_json::from_str(kept).map_err(|error| format!("report: {error}"))?;
    let message = SignedMessage::from_bytes(row.signature.as_deref().unwrap_or_default());
    let message = message.map_err(|reason| format!("signature: {}", reason.code()))?;
    let content = ContentDigests::of(&message.needed_digests(), &row.content);
    // The mode is that of the kept report.
    let options = policy.options(RevocationMode::Off);
    let evidence = Evidence::default();
    let verifier = Verifier { trust: &policy.trust, evidence: &evidence, at, options: &options };
    Ok(verifier.recheck(&kept, &message, Some(&content)))
}
