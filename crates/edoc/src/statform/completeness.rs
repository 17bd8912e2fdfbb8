//! How far a form is filled in.

use super::source::{InDraft, InTree, Source};
use crate::{draft::Draft, path::Path, tree::Tree};

/// Fields of the head that every form has to have.
const HEAD: [&str; 17] = [
    "CustomsProcedure",
    "TransportModeCode",
    "ReportingDate",
    "Consignor/OrganizationName",
    "Consignee/OrganizationName",
    "FinancialAdjustingResponsiblePerson/OrganizationName",
    "TradeCountry/CountryName",
    "TradeCountry/CountryCode",
    "DispatchCountry/CountryCode",
    "DestinationCountry/CountryCode",
    "CustCostCurrencyCode",
    "CustCostTotalAmount",
    "ProvidePerson/PersonSurname",
    "ProvidePerson/PersonName",
    "ProvidePerson/PersonPost",
    "ProvidePerson/SigningDate",
    "DocumentID",
];

/// Fields of every line.
const LINE: [&str; 8] = [
    "GoodsNumeric",
    "GoodsTNVEDCode",
    "InvoicedCost",
    "StatisticalCostRUB",
    "StatisticalCostUSD",
    "NetWeightQuantity",
    "OriginCountry/CountryCode",
    "OriginCountry/CountryName",
];

/// Required fields that are filled, and how many there are. A form without goods counts as having
/// one empty line, one without documents one empty document.
pub fn completeness(tree: &Tree) -> (usize, usize) {
    count(&InTree::root(tree))
}

/// The same for a draft.
pub fn draft_completeness(draft: &Draft) -> (usize, usize) {
    count(&InDraft::at_path(draft, Path::root()))
}

fn count<'a, S: Source<'a>>(form: &S) -> (usize, usize) {
    let filled = |source: &S, fields: &[&str]| {
        fields.iter().filter(|field| source.text(field).is_some()).count()
    };
    let lines = form.list("GoodsInfo");
    let documents = form.list("Documents");
    let mut done = filled(form, &HEAD);
    for line in &lines {
        let described = line.list("GoodsDescription").iter().any(|text| text.own_text().is_some());
        done += filled(line, &LINE) + usize::from(described);
    }
    let documented = documents.iter().any(|d| d.text("PrDocumentNumber").is_some());
    done += usize::from(documented);
    (done, HEAD.len() + lines.len().max(1) * (LINE.len() + 1) + 1)
}
