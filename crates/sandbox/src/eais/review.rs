//! What customs checks in one document, without looking at others.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{calendar::Calendar, date::moscow_date, lang::Lang};
use edoc::{
    registry::Registry,
    remark::{Code, Level, Remark},
    statform::{Lookup, Reference, Tnved},
    tree::{Element, Tree},
};
use rust_decimal::Decimal;

use super::{
    NAMESPACE, STATFORM,
    error_list::Problem,
    exchange::Accepted,
    signature::{self, Signer},
};
use crate::{ca::Authority, xml};

/// The outcome for one document.
pub(super) struct Review {
    pub(super) facts: Facts,
    pub(super) problems: Vec<Problem>,
}

/// What a document says of itself.
#[derive(Default)]
pub(super) struct Facts {
    /// `DocumentID`
    pub(super) document_id: Option<String>,
    /// `PreviousRegNumberDoc` of a statistical form.
    pub(super) replaces: Option<String>,
    /// Number of the form that a `StatformAnnulment` names.
    pub(super) annuls: Option<String>,
    /// `INNSign`, when there is a power of attorney (`MCD_ID`) beside it.
    principal_inn: Option<String>,
}

/// Checks signature, structure and rules.
pub(super) fn review(
    authority: &Authority,
    accepted: &Accepted,
    document: &[u8],
    signature: &[u8],
    now: DateTime<Utc>,
) -> Review {
    let (facts, content) = match accepted.document_mode_id.as_str() {
        STATFORM => statform(document, now),
        _ => (other(document), Vec::new()),
    };
    let mut problems = Vec::new();
    match signature::verify(authority, document, signature, now) {
        Ok(signer) => problems.extend(representation(accepted, &signer, &facts)),
        Err(error) => problems.push(Problem {
            expected: Some(
                "отсоединённая подпись CMS этих же байтов сертификатом удостоверяющего центра"
                    .to_owned(),
            ),
            ..Problem::error(error.code(), format!("Электронная подпись: {error}"))
        }),
    }
    problems.extend(content);
    Review { facts, problems }
}

/// Reads and checks a statistical form of any edition.
fn statform(document: &[u8], now: DateTime<Utc>) -> (Facts, Vec<Problem>) {
    let unreadable = |what: String| {
        let problem = Problem::error("XML-UNREADABLE", format!("Документ не читается: {what}"));
        (Facts::default(), vec![problem])
    };
    let registry = match Registry::builtin() {
        Ok(registry) => registry,
        Err(error) => return unreadable(error.to_string()),
    };
    let tree = match edoc::xml::read(document, &registry) {
        Ok((tree, _)) => tree,
        Err(error) => return unreadable(error.to_string()),
    };
    let Some(schema) = registry.for_root(&tree.root.name).filter(|s| s.kind().mode_id == STATFORM)
    else {
        return unreadable(format!("корневой элемент {}, нужен StaticForm", tree.root.name.local));
    };
    let reference = CustomsReference { today: moscow_date(now), calendar: Calendar::builtin() };
    let mut remarks = edoc::check::check(&tree, &schema);
    remarks.extend(edoc::statform::rules(&tree, &reference));
    // That customs here has no classifiers and rates is not the participant's fault.
    remarks.retain(|remark| remark.code != Code::NOT_LOADED && remark.code != Code::RATE);
    let value = |name: &str| {
        let text = tree.root.child(name).and_then(Element::text).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let facts = Facts {
        document_id: value("DocumentID"),
        replaces: value("PreviousRegNumberDoc"),
        annuls: None,
        principal_inn: value("INNSign").filter(|_| value("MCD_ID").is_some()),
    };
    (facts, remarks.iter().map(|remark| problem(remark, &tree)).collect())
}

/// What any other document says of itself, as far as it is XML in UTF-8.
fn other(document: &[u8]) -> Facts {
    let Ok(root) = xml::parse(document) else { return Facts::default() };
    let value = |name: &str| root.value(name).map(str::to_owned);
    Facts {
        document_id: value("DocumentID"),
        replaces: None,
        annuls: value("RegNum").filter(|_| root.is(NAMESPACE, "StatformAnnulment")),
        principal_inn: value("INNSign").filter(|_| value("MCD_ID").is_some()),
    }
}

/// A remark of the engine in customs' words.
fn problem(remark: &Remark, tree: &Tree) -> Problem {
    let item = remark.path.items().next();
    let goods = item.filter(|_| remark.path.as_str().starts_with("GoodsInfo[")).and_then(|item| {
        let position = tree.root.list("GoodsInfo").position(|line| line.item == Some(item))?;
        u32::try_from(position + 1).ok()
    });
    Problem {
        code: remark.code.to_string(),
        name: remark.text(Lang::Ru),
        description: Some(remark.remedy(Lang::Ru)),
        goods,
        element: Some(remark.path.to_string()),
        graph: remark.graph.clone().or_else(|| {
            let graph = edoc::statform::graph_of(&remark.path)?;
            (graph.number != "—").then(|| graph.number.to_owned())
        }),
        found: remark.found.clone(),
        expected: remark.expected.clone(),
        is_error: remark.level == Level::Error,
    }
}

/// The signer acts for the participant: by the certificate, or by a power of attorney (МЧД) that
/// the document names.
fn representation(accepted: &Accepted, signer: &Signer, facts: &Facts) -> Option<Problem> {
    let inn = Some(accepted.participant_inn.as_str());
    let own = match &signer.organisation_inn {
        Some(organisation) => Some(organisation.as_str()) == inn,
        None => signer.person_inn.as_deref() == inn,
    };
    let by_attorney = facts.principal_inn.as_deref() == inn;
    (!own && !by_attorney).then(|| Problem {
        found: signer.organisation_inn.clone().or_else(|| signer.person_inn.clone()),
        expected: Some(accepted.participant_inn.clone()),
        ..Problem::error(
            "SIG-PARTICIPANT",
            "Сертификат подписи выдан не участнику, и доверенность (МЧД) не указана",
        )
    })
}

/// The sandbox's customs has the calendar and no classifiers: what depends on them is left to the
/// participant's own checks. Replaced forms are looked up by the caller.
struct CustomsReference {
    today: NaiveDate,
    calendar: Calendar,
}

impl Reference for CustomsReference {
    fn today(&self) -> NaiveDate {
        self.today
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn country(&self, _code: &str) -> Lookup<String> {
        Lookup::NotLoaded
    }

    fn currency(&self, _code: &str) -> Lookup<()> {
        Lookup::NotLoaded
    }

    fn transport(&self, _code: &str) -> Lookup<String> {
        Lookup::NotLoaded
    }

    fn tnved(&self, _code: &str, _date: NaiveDate) -> Lookup<Tnved> {
        Lookup::NotLoaded
    }

    fn rate(&self, _currency: &str, _date: NaiveDate) -> Option<Decimal> {
        None
    }

    fn registered(&self, _number: &str) -> Lookup<()> {
        Lookup::NotLoaded
    }
}
