//! Format and logic control of the statistical form.
//!
//! The rules are those of the domain notes, §1.3: derived from the format and from practice, not
//! copied from a published list. Errors prevent sending; what customs accept, or what only looks
//! odd, is a warning.

mod header;
mod line;
mod party;

use chrono::NaiveDate;
use domain::deadline::YearMonth;
use rust_decimal::Decimal;

use super::{
    graphs::graph_number,
    reference::Reference,
    source::{InDraft, InTree, Source},
    totals::number,
};
use crate::{
    check,
    draft::Draft,
    patch::ItemId,
    path::Path,
    remark::{Code, Level, Remark},
    schema::Schema,
    tree::Tree,
};

/// The list of goods.
const GOODS: &str = "GoodsInfo";

/// Remarks of the rules on a document. Structural ones are made by [`check::check`].
pub fn rules(tree: &Tree, reference: &dyn Reference) -> Vec<Remark> {
    all(&InTree::root(tree), reference)
}

/// Structural remarks and those of the rules on a document, errors first, then in the order of
/// the document. A rule is silent about a field whose structure is wrong already.
pub fn check_all(tree: &Tree, schema: &Schema, reference: &dyn Reference) -> Vec<Remark> {
    join(check::check(tree, schema), rules(tree, reference))
}

/// All remarks on a draft except those on the content of its goods, with those that need sums
/// over the goods. Together with [`check_line`] of every line this is all of [`check_all`].
pub fn check_header(draft: &Draft, schema: &Schema, reference: &dyn Reference) -> Vec<Remark> {
    let form = InDraft::at_path(draft, Path::root());
    let goods = Path::trusted(GOODS);
    let mut structure = Vec::new();
    if let Some(head) = draft.element_without(&goods, schema) {
        structure = check::check_element(&head, schema, &Path::root());
        let has_goods = draft.item_count(&goods) > 0;
        structure.retain(|remark| !has_goods || remark.path != goods);
    }
    let mut own = Vec::new();
    header::check(&form, &form.list(GOODS), reference, &mut own);
    join(structure, own)
}

/// All remarks on one line of goods of a draft.
pub fn check_line(
    draft: &Draft,
    line: &ItemId,
    schema: &Schema,
    reference: &dyn Reference,
) -> Vec<Remark> {
    let goods = Path::trusted(GOODS);
    let path = goods.item(*line);
    let Some(element) = draft.element(&path, schema) else { return Vec::new() };
    let form = InDraft::at_path(draft, Path::root());
    let items = draft.items_at(goods.as_str());
    let place = items.clone().position(|(_, item)| item == line).unwrap_or(0);
    let mut own = Vec::new();
    let context = Context::new(&form, reference);
    line::check(&InDraft::at_path(draft, path.clone()), place, &context, &mut own);
    join(check::check_element(&element, schema, &path), own)
}

fn all<'a, S: Source<'a>>(form: &S, reference: &dyn Reference) -> Vec<Remark> {
    let lines = form.list(GOODS);
    let mut remarks = Vec::new();
    header::check(form, &lines, reference, &mut remarks);
    let context = Context::new(form, reference);
    for (place, line) in lines.iter().enumerate() {
        line::check(line, place, &context, &mut remarks);
    }
    numbered(remarks)
}

fn join(structure: Vec<Remark>, own: Vec<Remark>) -> Vec<Remark> {
    let told: std::collections::HashSet<_> =
        structure.iter().map(|remark| remark.path.clone()).collect();
    let own = own.into_iter().filter(|remark| !told.contains(&remark.path));
    let mut remarks: Vec<_> = own.collect();
    remarks.splice(0..0, structure);
    numbered(remarks)
}

/// Adds the numbers of graphs that remarks lack, and puts errors first.
pub fn numbered(mut remarks: Vec<Remark>) -> Vec<Remark> {
    for remark in &mut remarks {
        if remark.graph.is_none() {
            let graph = graph_number(&remark.path).map(str::to_owned);
            remark.graph = graph;
        }
    }
    remarks.sort_by_key(|remark| remark.level != Level::Error);
    remarks
}

/// What the rules of a line need to know of the form.
struct Context<'r, 'a> {
    reference: &'r dyn Reference,
    direction: Option<&'a str>,
    currency: Option<&'a str>,
    /// The date on which codes have to be in force.
    date: NaiveDate,
    /// Lowest and highest rate of the month.
    usd: Option<(Decimal, Decimal)>,
    currency_rate: Option<(Decimal, Decimal)>,
    buyer: Option<&'a str>,
    buyer_has_country: bool,
}

impl<'r, 'a> Context<'r, 'a> {
    fn new<S: Source<'a>>(form: &S, reference: &'r dyn Reference) -> Self {
        let period: Option<YearMonth> = form.text("ReportingDate").and_then(|t| t.parse().ok());
        let today = reference.today();
        let date =
            period.map_or(today, |period| period.last_day().min(today).max(period.first_day()));
        let currency = form.text("CustCostCurrencyCode");
        let band = |currency: &str| rate_band(reference, currency, period?);
        let buyer_countries = form.list("Consignee/SubjectAddressDetails");
        Self {
            reference,
            direction: form.text("CustomsProcedure"),
            currency,
            date,
            usd: band("USD"),
            currency_rate: currency.and_then(band),
            buyer: form.text("Consignee/OrganizationName"),
            buyer_has_country: buyer_countries.iter().any(|address| {
                address.text("CountryCode").or(address.text("CounryName")).is_some()
            }),
        }
    }
}

/// The lowest and the highest rate within a month. Which day's rate applies is the day of
/// shipment or receipt, which the form does not state.
fn rate_band(
    reference: &dyn Reference,
    currency: &str,
    period: YearMonth,
) -> Option<(Decimal, Decimal)> {
    if currency == "RUB" {
        return Some((Decimal::ONE, Decimal::ONE));
    }
    let first = period.first_day();
    let days =
        [0, 9, 19].into_iter().filter_map(|days| first.checked_add_days(chrono::Days::new(days)));
    let dates =
        days.chain([period.last_day()]).filter(|date| *date <= reference.today() || *date == first);
    let rates: Vec<_> = dates.filter_map(|date| reference.rate(currency, date)).collect();
    Some((*rates.iter().min()?, *rates.iter().max()?)).filter(|(low, _)| *low > Decimal::ZERO)
}

/// A country code against the classifier, and its name against the code.
fn country<'a, S: Source<'a>>(
    owner: &S,
    code: &str,
    name: &str,
    reference: &dyn Reference,
    remarks: &mut Vec<Remark>,
) {
    use super::reference::Lookup;
    let Some(found) = owner.text(code) else { return };
    match reference.country(found) {
        Lookup::Unknown => {
            remarks.push(Remark::error(Code::COUNTRY, owner.at(code)).found(found));
        }
        Lookup::Known(known) => {
            if let Some(given) = owner.text(name)
                && !same_words(given, &known)
            {
                let remark = Remark::warning(Code::COUNTRY_NAME, owner.at(name));
                remarks.push(remark.found(given).expected(known));
            }
        }
        Lookup::NotLoaded => {}
    }
}

/// Compares names without regard to case, ё and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String {
        text.to_lowercase().replace('ё', "е").chars().filter(|c| c.is_alphanumeric()).collect()
    };
    plain(a) == plain(b)
}

/// The sum of graph 13, for the rules of the head.
fn cost_of<'a, S: Source<'a>>(lines: &[S]) -> Decimal {
    lines
        .iter()
        .filter_map(|line| line.text("InvoicedCost").and_then(number))
        .fold(Decimal::ZERO, |sum, cost| sum.checked_add(cost).unwrap_or(sum))
}
