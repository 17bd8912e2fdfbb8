//! What lists and titles show of a form.

use domain::{
    deadline::{YearMonth, statform_due},
    lang::Lang,
    text,
};
use edoc::{draft::Draft, path::Path, statform};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::reference;
use crate::{
    ctx::Ctx,
    document::{DocumentError, entity::document},
};

/// Goods whose words the list's search finds.
const SEARCHED_LINES: usize = 50;

/// Renews the columns that are taken from the form itself.
pub async fn summarise(
    ctx: &Ctx,
    row: &mut document::Model,
    draft: &Draft,
) -> Result<(), DocumentError> {
    let summary = statform::draft_summary(draft);
    let period = summary.period.as_deref().and_then(|period| period.parse::<YearMonth>().ok());
    let month = period.map(|period| period.to_string());
    if row.period != month || row.due.is_none() {
        row.due = match period {
            Some(period) => Some(statform_due(period, &reference::calendar(ctx).await?)),
            None => None,
        };
        row.period = month;
    }
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
    row.direction = summary.direction;
    row.amount = summary.sum.and_then(|sum| (sum * Decimal::ONE_HUNDRED).round().to_i64());
    row.currency = summary.currency;
    row.replaces = summary.previous;
    let mut words = summary.partner.clone().unwrap_or_default();
    for line in goods(draft) {
        words.push(' ');
        words.push_str(&line);
    }
    row.search_text = text::search_key(&words).join(" ");
    row.partner = summary.partner;
    Ok(())
}

/// The first descriptions of the first goods.
fn goods(draft: &Draft) -> Vec<String> {
    let Ok(list) = "GoodsInfo".parse::<Path>() else { return Vec::new() };
    draft
        .items(&list)
        .into_iter()
        .take(SEARCHED_LINES)
        .filter_map(|item| {
            let descriptions = list.item(item).join("GoodsDescription");
            let first = descriptions.item(*draft.items(&descriptions).first()?);
            draft.text(&first).map(str::to_owned)
        })
        .collect()
}
