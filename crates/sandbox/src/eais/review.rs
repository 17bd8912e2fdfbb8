//! What customs checks in one document, without looking at others.

use chrono::{DateTime, Utc};

use super::{
    NAMESPACE, STATFORM,
    error_list::Problem,
    exchange::Accepted,
    signature::{self, Signer},
};
use crate::{
    ca::Authority,
    xml::{self, Node},
};

/// The outcome for one document.
pub(super) struct Review {
    /// `DocumentID`, when there is one.
    pub(super) document_id: Option<String>,
    /// `PreviousRegNumberDoc` of a statistical form.
    pub(super) replaces: Option<String>,
    /// Number of the form that a `StatformAnnulment` names.
    pub(super) annuls: Option<String>,
    pub(super) problems: Vec<Problem>,
}

/// Checks signature, structure and rules.
pub(super) fn review(
    authority: &Authority,
    accepted: &Accepted,
    document: &[u8],
    signature: &[u8],
    now: DateTime<Utc>,
) -> Review {
    let mut problems = Vec::new();
    let root = xml::parse(document);
    match signature::verify(authority, document, signature, now) {
        Ok(signer) => problems.extend(representation(accepted, &signer, root.as_ref().ok())),
        Err(error) => problems.push(Problem {
            expected: Some(
                "отсоединённая подпись CMS этих же байтов сертификатом удостоверяющего центра"
                    .to_owned(),
            ),
            ..Problem::error(error.code(), format!("Электронная подпись: {error}"))
        }),
    }
    let root = match root {
        Ok(root) => root,
        Err(what) => {
            problems
                .push(Problem::error("XML-UNREADABLE", format!("Документ не читается: {what}")));
            return Review { document_id: None, replaces: None, annuls: None, problems };
        }
    };
    let value = |name: &str| root.value(name).map(str::to_owned);
    let annuls = root.is(NAMESPACE, "StatformAnnulment").then(|| value("RegNum")).flatten();
    Review {
        document_id: value("DocumentID"),
        replaces: value("PreviousRegNumberDoc").filter(|_| accepted.document_mode_id == STATFORM),
        annuls,
        problems,
    }
}

/// The signer acts for the participant: by the certificate, or by a power of attorney (МЧД) that
/// the document names.
fn representation(accepted: &Accepted, signer: &Signer, root: Option<&Node>) -> Option<Problem> {
    let inn = Some(accepted.participant_inn.as_str());
    let own = signer.organisation_inn.as_deref() == inn
        || signer.organisation_inn.is_none() && signer.person_inn.as_deref() == inn;
    let by_attorney =
        root.is_some_and(|root| root.value("MCD_ID").is_some() && root.value("INNSign") == inn);
    (!own && !by_attorney).then(|| Problem {
        found: signer.organisation_inn.clone().or_else(|| signer.person_inn.clone()),
        expected: Some(accepted.participant_inn.clone()),
        ..Problem::error(
            "SIG-PARTICIPANT",
            "Сертификат подписи выдан не участнику, и доверенность (МЧД) не указана",
        )
    })
}
