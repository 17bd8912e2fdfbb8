//! What lists and titles show of a form.

use domain::{
    deadline::{YearMonth, statform_due},
    lang::Lang,
    text,
    view::document::Title,
};
use edoc::{draft::Draft, path::Path, statform};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use sea_orm::ConnectionTrait;

use crate::{
    document::{DocumentError, entity::document},
    tariff,
};

/// Goods whose words the list's search finds.
const SEARCHED_LINES: usize = 50;

/// Renews the columns that are taken from the form itself.
pub async fn summarise<C: ConnectionTrait>(
    db: &C,
    row: &mut document::Model,
    draft: &Draft,
) -> Result<(), DocumentError> {
    let summary = statform::draft_summary(draft);
    let period = summary.period.as_deref().and_then(|period| period.parse::<YearMonth>().ok());
    let month = period.map(|period| period.to_string());
    if row.period != month || row.due.is_none() {
        row.due = match period {
            Some(period) => Some(statform_due(period, &tariff::calendar(db).await?)),
            None => None,
        };
        row.period = month;
    }
    let named = |lang| name(summary.direction.as_deref(), period, summary.partner.as_deref(), lang);
    let title = Title { ru: named(Lang::Ru), en: named(Lang::En) };
    row.title =
        serde_json::to_string(&title).map_err(|error| DocumentError::Corrupt(error.to_string()))?;
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

/// «Вывоз, октябрь 2026, ТОО «Партнёр»».
fn name(
    direction: Option<&str>,
    period: Option<YearMonth>,
    partner: Option<&str>,
    lang: Lang,
) -> String {
    let what = match direction {
        Some("ЭК") => lang.pick("Вывоз", "Export"),
        Some("ИМ") => lang.pick("Ввоз", "Import"),
        _ => lang.pick("Статформа", "Statistical form"),
    };
    let period = period.map(|period| period.text(lang));
    let parts = [Some(what), period.as_deref(), partner];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
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
