//! `ErrorList`, 1004030E of the album, edition 5.22.0: the outcome of format and logic control.

use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::{CUSTOMS_CODE, CUSTOMS_NAME};
use crate::xml::escape;

pub(super) const MODE_ID: &str = "1004030E";

/// A remark about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Up to 250 characters.
    pub(super) code: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Ordinal of the goods item, from 1.
    pub(super) goods: Option<u32>,
    /// Path of the element to blame.
    pub(super) element: Option<String>,
    /// Graph of the printed form.
    pub(super) graph: Option<String>,
    pub(super) found: Option<String>,
    pub(super) expected: Option<String>,
    /// Level 1; `false` is a warning (level 2), which does not prevent registration.
    pub(super) is_error: bool,
}

impl Problem {
    /// An error about the whole document.
    pub(super) fn error(code: &str, name: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            name: name.into(),
            description: None,
            goods: None,
            element: None,
            graph: None,
            found: None,
            expected: None,
            is_error: true,
        }
    }
}

/// The document that the remarks are about.
pub(super) struct BadDocument<'a> {
    pub(super) document_id: &'a str,
    pub(super) mode_id: &'a str,
}

/// Writes the list.
pub(super) fn write(
    id: Uuid,
    bad: &BadDocument<'_>,
    problems: &[Problem],
    at: DateTime<Utc>,
) -> String {
    let moscow = FixedOffset::east_opt(3 * 3600)
        .map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone));
    let (date, time) = (moscow.format("%Y-%m-%d"), moscow.format("%H:%M:%S"));
    let errors: String = problems
        .iter()
        .take(99_999)
        .enumerate()
        .map(|(index, problem)| {
            let Problem {
                code,
                name,
                description,
                goods,
                element,
                graph,
                found,
                expected,
                is_error,
            } = problem;
            [
                format!("<Error><NumPP>{}</NumPP><DateInf>{date}</DateInf>", index + 1),
                format!("<TimeInf>{time}</TimeInf><ErrCode>{}</ErrCode>", text(code, 250)),
                format!("<ErrorName>{}</ErrorName>", text(name, 250)),
                optional("ErrDescription", description.as_deref(), 250),
                optional("GTDGoodsNumber", goods.map(|n| n.to_string()).as_deref(), 5),
                optional("ErrElement", element.as_deref(), 500),
                optional("ErrField", graph.as_deref(), 10),
                optional("SuccessContent", expected.as_deref(), 250),
                optional("DocValue", found.as_deref(), 250),
                format!("<ErrLevel>{}</ErrLevel></Error>", if *is_error { 1 } else { 2 }),
            ]
            .concat()
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <ErrorList xmlns=\"urn:customs.ru:Information:ExchangeDocuments:ErrorList:5.22.0\" \
         xmlns:cat_ru=\"urn:customs.ru:CommonAggregateTypes:5.22.0\" DocumentModeID=\"{MODE_ID}\">\
         <cat_ru:DocumentID>{id}</cat_ru:DocumentID>{}<SendDate>{date}</SendDate>\
         <Customs><cat_ru:Code>{CUSTOMS_CODE}</cat_ru:Code>\
         <cat_ru:OfficeName>{CUSTOMS_NAME}</cat_ru:OfficeName></Customs>\
         <BadDocument><DocID>{}</DocID><DocModeID>{}</DocModeID>{errors}</BadDocument></ErrorList>",
        optional("cat_ru:RefDocumentID", Some(bad.document_id), 36),
        text(bad.document_id, 36),
        text(bad.mode_id, 9),
    )
}

fn optional(name: &str, value: Option<&str>, longest: usize) -> String {
    match value.filter(|value| !value.trim().is_empty()) {
        Some(value) => format!("<{name}>{}</{name}>", text(value, longest)),
        None => String::new(),
    }
}

/// Text cut to the length that the album allows; a required one is never empty.
fn text(value: &str, longest: usize) -> String {
    if value.is_empty() {
        return "-".to_owned();
    }
    let mut cut: String = value.chars().take(longest).collect();
    if cut.len() < value.len() && longest > 10 {
        cut.pop();
        cut.push('…');
    }
    escape(&cut)
}
