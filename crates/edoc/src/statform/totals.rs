//! Sums over the goods, and what a list shows of a form.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::source::{InDraft, InTree, Source};
use crate::{draft::Draft, path::Path, tree::Tree};

/// Sums over the goods. A value that is not a number is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub lines: usize,
    /// Σ of graph 13, in the currency of graph 7.
    pub cost: Decimal,
    /// Σ of graph 16, kilograms.
    pub net_weight: Decimal,
    /// Σ of graph 17.
    pub rub: Decimal,
    /// Σ of graph 14.
    pub usd: Decimal,
}

/// What a list shows of a form; every part may be missing in a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// `2026-10`.
    pub period: Option<String>,
    /// «ИМ» or «ЭК».
    pub direction: Option<String>,
    /// Name of the foreign party.
    pub partner: Option<String>,
    /// The total of graph 7, or the sum of graph 13.
    pub sum: Option<Decimal>,
    pub currency: Option<String>,
    pub goods_count: usize,
    /// Registration number `CCCCCCCC/DDMMYY/N`, when the form has one.
    pub number: Option<String>,
    /// Number of the form that this one annuls.
    pub previous: Option<String>,
}

/// A decimal as documents write it.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let text = text.strip_suffix('.').unwrap_or(text);
    Decimal::from_str_exact(text).ok().or_else(|| text.parse().ok())
}

pub(super) fn totals_of<'a, S: Source<'a>>(lines: &[S]) -> Totals {
    let mut totals = Totals { lines: lines.len(), ..Totals::default() };
    for line in lines {
        let add = |sum: &mut Decimal, field: &str| {
            let value = line.text(field).and_then(number).unwrap_or_default();
            *sum = sum.checked_add(value).unwrap_or(*sum);
        };
        add(&mut totals.cost, "InvoicedCost");
        add(&mut totals.net_weight, "NetWeightQuantity");
        add(&mut totals.rub, "StatisticalCostRUB");
        add(&mut totals.usd, "StatisticalCostUSD");
    }
    totals
}

/// Sums over the goods of a document.
pub fn totals(tree: &Tree) -> Totals {
    totals_of(&InTree::root(tree).list("GoodsInfo"))
}

/// Sums over the goods of a draft.
pub fn draft_totals(draft: &Draft) -> Totals {
    totals_of(&InDraft::at_path(draft, Path::root()).list("GoodsInfo"))
}

/// What a list shows of a document.
pub fn summary(tree: &Tree) -> Summary {
    summary_of(&InTree::root(tree))
}

/// What a list shows of a draft.
pub fn draft_summary(draft: &Draft) -> Summary {
    summary_of(&InDraft::at_path(draft, Path::root()))
}

fn summary_of<'a, S: Source<'a>>(form: &S) -> Summary {
    let text = |field: &str| form.text(field).map(str::to_owned);
    let direction = text("CustomsProcedure");
    // The partner is the foreign party: the buyer of what is sold, the seller of what is bought.
    let partner = match direction.as_deref() {
        Some("ИМ") => "Consignor/OrganizationName",
        _ => "Consignee/OrganizationName",
    };
    let lines = form.list("GoodsInfo");
    let total = form.text("CustCostTotalAmount").and_then(number);
    let sum = total.or_else(|| (!lines.is_empty()).then(|| totals_of(&lines).cost));
    let registration = || {
        let date = form.text("RegNum/RegistrationDate")?;
        let (year, rest) = date.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let (code, number) = (form.text("RegNum/CustomsCode")?, form.text("RegNum/GTDNumber")?);
        Some(format!("{code}/{}{month}{}/{number}", day.get(..2)?, year.get(2..4)?))
    };
    Summary {
        period: text("ReportingDate"),
        direction,
        partner: text(partner),
        sum,
        currency: text("CustCostCurrencyCode"),
        goods_count: lines.len(),
        number: registration(),
        previous: text("PreviousRegNumberDoc"),
    }
}
