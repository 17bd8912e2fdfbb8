//! What lists and titles show of a form.

use domain::{
    calendar::Calendar,
    deadline::{YearMonth, statform_due},
    lang::Lang,
    text,
};
use edoc::{statform, tree::Tree};

use crate::document::entity::document;

/// Renews the columns that are taken from the form itself.
pub fn summarise(row: &mut document::Model, tree: &Tree, calendar: &Calendar) {
    let summary = statform::summary(tree);
    let period = summary.period.as_deref().and_then(|period| period.parse::<YearMonth>().ok());
    row.due = period.map(|period| statform_due(period, calendar));
    let mut title = match summary.direction.as_deref() {
        Some("ЭК") => "Вывоз",
        Some("ИМ") => "Ввоз",
        _ => "Статформа",
    }
    .to_owned();
    if let Some(period) = period {
        title.push_str(&format!(", {}", period.text(Lang::Ru)));
    }
    if let Some(partner) = &summary.partner {
        title.push_str(&format!(", {partner}"));
    }
    row.title = title;
    row.period = period.map(|period| period.to_string());
    row.direction = summary.direction;
    row.amount = summary.amount.and_then(hundredths);
    row.currency = summary.currency;
    row.replaces = summary.replaces;
    let words = [summary.partner.as_deref().unwrap_or_default(), &summary.goods].join(" ");
    row.search_text = text::search_key(&words).join(" ");
    row.partner = summary.partner;
}

fn hundredths(amount: rust_decimal::Decimal) -> Option<i64> {
    use rust_decimal::prelude::ToPrimitive;
    (amount * rust_decimal::Decimal::ONE_HUNDRED).round().to_i64()
}
