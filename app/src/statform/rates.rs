//! The statistical value: from the cost and the exchange rates, with the source shown. The rates
//! can be changed by hand; what was typed into graphs 14 and 17 is replaced only when asked.

use chrono::NaiveDate;
use domain::view::tariff::Rate;
use domain::{
    date::format_date,
    deadline::YearMonth,
    money::{format_number, parse_decimal, round_half_up},
};
use edoc::{patch::ItemId, path::Path};
use leptos::{prelude::*, task::spawn_local};
use rust_decimal::Decimal;

use super::{
    form::{Form, use_form},
    goods,
    place::Place,
};
use crate::{
    tariff::api,
    tr,
    ui::{Button, ButtonKind, DateField, Field, MoneyField, i18n::use_lang},
};

/// Roubles for one unit of a currency.
pub fn unit_price(rate: &Rate) -> Option<Decimal> {
    parse_decimal(&rate.rate).ok()?.checked_div(Decimal::from(rate.nominal))
}

/// Graphs 17 and 14 of a line: roubles with two digits, dollars with two digits.
pub fn statistical(
    cost: Decimal,
    rub_per_unit: Decimal,
    rub_per_usd: Decimal,
) -> Option<(Decimal, Decimal)> {
    let rub = cost.checked_mul(rub_per_unit)?;
    let usd = rub.checked_div(rub_per_usd)?;
    Some((round_half_up(rub, 2), round_half_up(usd, 2)))
}

/// The rates that the page counts with.
#[derive(Clone, Copy)]
pub struct Rates {
    /// `YYYY-MM-DD`; empty until one is known.
    date: RwSignal<String>,
    /// Roubles per unit of the currency of the form, as a text that may be edited.
    currency: RwSignal<String>,
    usd: RwSignal<String>,
    source: RwSignal<String>,
}

impl Rates {
    pub fn provide(form: Form) {
        let rates = Self {
            date: RwSignal::new(String::new()),
            currency: RwSignal::new(String::new()),
            usd: RwSignal::new(String::new()),
            source: RwSignal::new(String::new()),
        };
        provide_context(rates);
        let lang = use_lang();
        let code = form.value(Place::at("CustCostCurrencyCode"));
        let month = form.value(Place::at("ReportingDate"));
        // The first day of the reporting month, until somebody chooses another.
        Effect::new(move |_| {
            if let Ok(month) = month.get().parse::<YearMonth>() {
                rates.date.set(month.first_day().to_string());
            }
        });
        Effect::new(move |_| {
            let code = code.get();
            let Ok(date) = rates.date.get().parse::<NaiveDate>() else { return };
            spawn_local(async move {
                let own = price(&code, date).await;
                let usd = price("USD", date).await;
                let source = [&own, &usd]
                    .into_iter()
                    .flatten()
                    .filter(|rate| rate.currency != "RUB")
                    .map(|rate| {
                        tr!(
                            lang,
                            "{code}: {value} за {nominal} с {date}, {source}",
                            "{code}: {value} for {nominal} since {date}, {source}",
                            code = rate.currency,
                            value = rate.rate.replace('.', ","),
                            nominal = rate.nominal,
                            date = format_date(rate.date),
                            source = rate.source
                        )
                    })
                    .collect::<Vec<_>>()
                    .join("; ");
                let text = |rate: Option<Rate>| {
                    rate.as_ref().and_then(unit_price).map(|price| price.normalize().to_string())
                };
                rates.currency.set(text(own).unwrap_or_default());
                rates.usd.set(text(usd).unwrap_or_default());
                rates.source.set(source);
            });
        });
    }

    fn prices(self) -> Option<(Decimal, Decimal)> {
        let number = |text: RwSignal<String>| {
            parse_decimal(&text.get()).ok().filter(|price| *price > Decimal::ZERO)
        };
        Some((number(self.currency)?, number(self.usd)?))
    }

    /// Fills graphs 14 and 17 of lines; `all` also replaces what is there.
    fn fill(self, form: Form, items: &[ItemId], all: bool) {
        let Some((own, usd)) = untrack(|| self.prices()) else { return };
        let mut fields: Vec<(Path, String)> = Vec::new();
        for item in items {
            let at = |field: &str| goods::list().item(*item).join(field);
            let text = |field: &str| form.editing.text_untracked(&at(field));
            let Ok(cost) = parse_decimal(&text("InvoicedCost")) else { continue };
            let Some((in_rub, in_usd)) = statistical(cost, own, usd) else { continue };
            for (field, value) in [("StatisticalCostRUB", in_rub), ("StatisticalCostUSD", in_usd)] {
                if all || text(field).is_empty() {
                    fields.push((at(field), format!("{value:.2}")));
                }
            }
        }
        form.editing.set_all(fields);
    }
}

/// The rate of a currency on a day; the server gives one to one for the rouble.
async fn price(code: &str, date: NaiveDate) -> Option<Rate> {
    if code.len() == 3 { api::rate(code.to_owned(), date).await.ok().flatten() } else { None }
}

/// The line's statistical value at the chosen rates, and a button to take it.
#[component]
pub fn LineValue(item: ItemId) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let rates = expect_context::<Rates>();
    let cost = form.value(Place::below(&goods::list().item(item), "InvoicedCost"));
    let value = move || {
        let (own, usd) = rates.prices()?;
        let (rub, usd) = statistical(parse_decimal(&cost.get()).ok()?, own, usd)?;
        Some(tr!(
            lang,
            "По курсу: {rub} руб., {usd} долл.",
            "At these rates: {rub} RUB, {usd} USD",
            rub = format_number(rub),
            usd = format_number(usd)
        ))
    };
    view! {
        <p class="row line-value">
            <span>
                {move || {
                    value()
                        .unwrap_or_else(|| {
                            tr!(
                                lang,
                                "Укажите стоимость товара и курсы — посчитаем графы 14 и 17",
                                "Give the cost and the rates to have graphs 14 and 17 reckoned"
                            )
                                .to_owned()
                        })
                }}
            </span>
            <Button
                kind=ButtonKind::Quiet
                disabled=Signal::derive(move || form.readonly().get() || value().is_none())
                on:click=move |_| rates.fill(form, &[item], true)
            >
                {tr!(lang, "Подставить", "Fill in")}
            </Button>
        </p>
    }
}

/// The rates of the form, above the goods.
#[component]
pub fn RatesBar() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let rates = expect_context::<Rates>();
    let code = form.value(Place::at("CustCostCurrencyCode"));
    let is_rouble = move || code.get() == "RUB";
    let fill = move |all: bool| {
        let items = form.editing.items_untracked(&goods::list());
        rates.fill(form, &items, all);
    };
    let disabled = Signal::derive(move || form.readonly().get() || rates.prices().is_none());
    view! {
        <details class="rates">
            <summary>{tr!(lang, "Курсы валют и статистическая стоимость", "Exchange rates and statistical value")}</summary>
            <div class="row">
                <Field id="rates-date" label=tr!(lang, "Курс на дату", "Rates on") width="short">
                    <DateField value=rates.date on_input=Callback::new(move |date| rates.date.set(date))/>
                </Field>
                {move || {
                    (!is_rouble())
                        .then(|| {
                            view! {
                                <Field
                                    id="rates-currency"
                                    label=tr!(lang, "Рублей за 1 {code}", "RUB for 1 {code}", code = code.get())
                                    width="short"
                                >
                                    <MoneyField
                                        value=rates.currency
                                        on_input=Callback::new(move |price| rates.currency.set(price))
                                    />
                                </Field>
                            }
                        })
                }}
                <Field id="rates-usd" label=tr!(lang, "Рублей за 1 USD", "RUB for 1 USD") width="short">
                    <MoneyField value=rates.usd on_input=Callback::new(move |price| rates.usd.set(price))/>
                </Field>
            </div>
            <p class="quiet">
                {move || {
                    let source = rates.source.get();
                    if source.is_empty() {
                        tr!(lang, "Курса на эту дату нет в справочнике — введите его.", "There is no rate for this day: enter it.")
                            .to_owned()
                    } else {
                        tr!(lang, "Источник: {source}", "Source: {source}", source = source)
                    }
                }}
            </p>
            <div class="actions">
                <Button disabled on:click=move |_| fill(false)>
                    {tr!(lang, "Заполнить пустые графы 14 и 17", "Fill empty graphs 14 and 17")}
                </Button>
                <Button kind=ButtonKind::Quiet disabled on:click=move |_| fill(true)>
                    {tr!(lang, "Пересчитать все строки", "Reckon all lines anew")}
                </Button>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        parse_decimal(text).unwrap()
    }

    #[test]
    fn roubles_and_dollars_are_rounded_to_two_digits() {
        let (rub, usd) =
            statistical(number("100,00"), number("0,1534"), number("78,2267")).unwrap();
        assert_eq!(rub, number("15,34"));
        assert_eq!(usd, number("0,20"));
    }

    #[test]
    fn a_nominal_divides_the_rate() {
        let rate = Rate {
            currency: "KZT".into(),
            date: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
            nominal: 100,
            rate: "15.34".into(),
            source: String::new(),
        };
        assert_eq!(unit_price(&rate), Some(number("0,1534")));
        assert_eq!(unit_price(&Rate { nominal: 0, ..rate }), None);
    }
}
