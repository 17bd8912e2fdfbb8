//! Sums over all goods.

use domain::money::{format_decimal, format_number};
use leptos::prelude::*;

use super::form::use_form;
use crate::{tr, ui::i18n::use_lang};

/// A line with the sums of graphs 13, 14, 16 and 17.
#[component]
pub fn Totals() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let totals = Memo::new(move |_| {
        form.editing.revision().track();
        form.editing.with_draft(edoc::statform::draft_totals)
    });
    let currency = form.value(super::place::Place::at("CustCostCurrencyCode"));
    let sum = move |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="totals" aria-label=tr!(lang, "Итого по товарам", "Totals of the goods")>
            {move || {
                let totals = totals.get();
                let cost = format!("{} {}", format_decimal(totals.cost, 2), currency.get());
                view! {
                    {sum(tr!(lang, "Стоимость", "Cost"), cost)}
                    {sum(tr!(lang, "Вес нетто, кг", "Net weight, kg"), format_number(totals.net_weight))}
                    {sum(tr!(lang, "Стат. стоимость, руб.", "Stat. value, RUB"), format_decimal(totals.rub, 2))}
                    {sum(tr!(lang, "Стат. стоимость, USD", "Stat. value, USD"), format_decimal(totals.usd, 2))}
                }
            }}
        </dl>
    }
}
