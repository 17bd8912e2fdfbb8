//! The statistical value: from the cost and the exchange rates, with the source shown. The rates
//! can be changed by hand; what was typed into graphs 14 and 17 is replaced only when asked.

use chrono::NaiveDate;
use domain::view::tariff::Rate;
use domain::{
    date::format_date,
    deadline::YearMonth,
    lang::Lang,
    money::{format_number, parse_decimal, round_half_up},
};
use edoc::{patch::ItemId, path::Path};
use leptos::{prelude::*, task::spawn_local};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    form::{Form, use_form},
    goods,
    place::Place,
};
use crate::{
    document::note::Note,
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

/// What was chosen by hand; kept on the device for each form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Hand {
    /// The reporting month for which the day was chosen, and the day, `YYYY-MM-DD`.
    day: Option<(String, String)>,
    /// The currency, and roubles for one unit of it as typed.
    own: Option<(String, String)>,
    /// Roubles for one dollar as typed.
    usd: Option<String>,
}

/// What the table of rates says for a currency and a day.
#[derive(Clone, Debug, PartialEq)]
struct Table {
    own: Option<Rate>,
    usd: Option<Rate>,
}

fn price_text(rate: Option<&Rate>) -> String {
    rate.and_then(unit_price).map(|price| price.normalize().to_string()).unwrap_or_default()
}

/// Where a rate comes from, in words; nothing for the rouble and where there is no rate.
fn source_text(code: &str, typed: bool, rate: Option<&Rate>, lang: Lang) -> Option<String> {
    if code == "RUB" || code.is_empty() {
        return None;
    }
    let table = rate.map(|rate| {
        tr!(
            lang,
            "{value} за {nominal} с {date}, {source}",
            "{value} for {nominal} since {date}, {source}",
            value = rate.rate.replace('.', ","),
            nominal = rate.nominal,
            date = format_date(rate.date),
            source = rate.source
        )
    });
    Some(match (typed, table) {
        (true, Some(table)) => tr!(
            lang,
            "{code}: введён вручную (по справочнику {table})",
            "{code}: typed by hand (the table says {table})",
            code = code,
            table = table
        ),
        (true, None) => tr!(lang, "{code}: введён вручную", "{code}: typed by hand", code = code),
        (false, Some(table)) => format!("{code}: {table}"),
        (false, None) => tr!(
            lang,
            "{code}: курса на эту дату нет в справочнике — введите его",
            "{code}: there is no rate for this day, enter it",
            code = code
        ),
    })
}

/// The rates that the page counts with.
#[derive(Clone, Copy)]
pub struct Rates {
    code: Signal<String>,
    month: Signal<String>,
    hand: RwSignal<Hand>,
    /// What is kept of [`Hand`] on the device.
    note: Note,
    /// Nothing until the server has answered.
    table: RwSignal<Option<Table>>,
}

impl Rates {
    pub fn provide(form: Form) {
        let rates = Self {
            code: form.value(Place::at("CustCostCurrencyCode")),
            month: form.value(Place::at("ReportingDate")),
            hand: RwSignal::new(Hand::default()),
            note: Note::open(form.editing, "rates"),
            table: RwSignal::new(None),
        };
        provide_context(rates);
        // What an earlier page kept comes a moment after this one.
        Effect::new(move |_| {
            let kept = rates.note.text().get();
            if let Ok(kept) = serde_json::from_str::<Hand>(&kept)
                && rates.hand.with_untracked(|hand| *hand != kept)
            {
                rates.hand.set(kept);
            }
        });
        let question = Memo::new(move |_| {
            let date = rates.date().parse::<NaiveDate>().ok()?;
            Some((rates.code.get(), date))
        });
        Effect::new(move |_| {
            let Some((code, date)) = question.get() else { return };
            spawn_local(async move {
                let own = price(&code, date).await;
                let usd = price("USD", date).await;
                // An answer to a question that is no longer asked says nothing.
                if question.try_get_untracked().flatten() == Some((code, date)) {
                    rates.table.set(Some(Table { own, usd }));
                }
            });
        });
    }

    fn choose(self, change: impl FnOnce(&mut Hand)) {
        self.hand.update(change);
        let kept = self.hand.with_untracked(|hand| match *hand == Hand::default() {
            true => Some(String::new()),
            false => serde_json::to_string(hand).ok(),
        });
        if let Some(kept) = kept {
            self.note.set(kept);
        }
    }

    /// The day of the rates: the one chosen for this month, or the first of the month.
    fn date(self) -> String {
        let month = self.month.get();
        let chosen = self.hand.with(|hand| {
            hand.day.as_ref().filter(|(of, _)| *of == month).map(|(_, day)| day.clone())
        });
        chosen
            .or_else(|| Some(month.parse::<YearMonth>().ok()?.first_day().to_string()))
            .unwrap_or_default()
    }

    /// Another day asks the table anew: what was typed for the former day goes.
    fn set_date(self, day: String) {
        let month = self.month.get_untracked();
        self.choose(|hand| *hand = Hand { day: Some((month, day)), ..Hand::default() });
    }

    fn typed_own(self) -> Option<String> {
        let code = self.code.get();
        self.hand.with(|hand| {
            hand.own.as_ref().filter(|(of, _)| *of == code).map(|(_, price)| price.clone())
        })
    }

    fn table_own(self) -> String {
        self.table.with(|table| price_text(table.as_ref().and_then(|table| table.own.as_ref())))
    }

    fn table_usd(self) -> String {
        self.table.with(|table| price_text(table.as_ref().and_then(|table| table.usd.as_ref())))
    }

    /// Roubles for one unit of the currency of the form.
    fn own(self) -> String {
        self.typed_own().unwrap_or_else(|| self.table_own())
    }

    fn set_own(self, typed: String) {
        let code = self.code.get_untracked();
        let table = untrack(|| self.table_own());
        self.choose(|hand| hand.own = (typed != table).then_some((code, typed)));
    }

    /// Roubles for one dollar.
    fn usd(self) -> String {
        let typed = self.hand.with(|hand| hand.usd.clone());
        typed.unwrap_or_else(|| self.table_usd())
    }

    fn set_usd(self, typed: String) {
        let table = untrack(|| self.table_usd());
        self.choose(|hand| hand.usd = (typed != table).then_some(typed));
    }

    fn is_typed(self) -> bool {
        self.typed_own().is_some() || self.hand.with(|hand| hand.usd.is_some())
    }

    /// Where the rates come from.
    fn sources(self, lang: Lang) -> Vec<String> {
        let code = self.code.get();
        let typed = (self.typed_own().is_some(), self.hand.with(|hand| hand.usd.is_some()));
        self.table.with(|table| {
            let Some(table) = table else { return Vec::new() };
            let own = source_text(&code, typed.0, table.own.as_ref(), lang);
            let usd = (code != "USD")
                .then(|| source_text("USD", typed.1, table.usd.as_ref(), lang))
                .flatten();
            own.into_iter().chain(usd).collect()
        })
    }

    fn prices(self) -> Option<(Decimal, Decimal)> {
        let number = |text: &str| parse_decimal(text).ok().filter(|price| *price > Decimal::ZERO);
        let own = number(&self.own())?;
        // For a form in dollars both rates are one.
        let usd = if self.code.get() == "USD" { own } else { number(&self.usd())? };
        Some((own, usd))
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
                on_click=move |_| rates.fill(form, &[item], true)
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
                    <DateField
                        value=Signal::derive(move || rates.date())
                        on_input=Callback::new(move |day| rates.set_date(day))
                    />
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
                                        value=Signal::derive(move || rates.own())
                                        on_input=Callback::new(move |price| rates.set_own(price))
                                    />
                                </Field>
                            }
                        })
                }}
                {move || {
                    // For a form in dollars both rates are one.
                    (code.get() != "USD")
                        .then(|| {
                            view! {
                                <Field id="rates-usd" label=tr!(lang, "Рублей за 1 USD", "RUB for 1 USD") width="short">
                                    <MoneyField
                                        value=Signal::derive(move || rates.usd())
                                        on_input=Callback::new(move |price| rates.set_usd(price))
                                    />
                                </Field>
                            }
                        })
                }}
            </div>
            <p class="quiet">
                {move || {
                    let sources = rates.sources(lang.get()).join("; ");
                    if sources.is_empty() {
                        return tr!(lang, "Ищем курсы…", "Looking for the rates…").to_owned();
                    }
                    tr!(lang, "Источник: {sources}", "Source: {sources}", sources = sources)
                }}
            </p>
            <Show when=move || rates.is_typed()>
                <div>
                    <Button
                        kind=ButtonKind::Quiet
                        on_click=move |_| {
                            rates.choose(|hand| {
                                hand.own = None;
                                hand.usd = None;
                            })
                        }
                    >
                        {tr!(lang, "Вернуть курсы справочника", "Take the rates of the table")}
                    </Button>
                </div>
            </Show>
            <div class="actions">
                <Button disabled on_click=move |_| fill(false)>
                    {tr!(lang, "Заполнить пустые графы 14 и 17", "Fill empty graphs 14 and 17")}
                </Button>
                <Button kind=ButtonKind::Quiet disabled on_click=move |_| fill(true)>
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

    #[test]
    fn a_rate_typed_by_hand_says_so() {
        let rate = Rate {
            currency: "KZT".into(),
            date: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
            nominal: 100,
            rate: "15.34".into(),
            source: "Банк России".into(),
        };
        let say = |typed, rate| source_text("KZT", typed, rate, Lang::Ru).unwrap();
        assert_eq!(say(false, Some(&rate)), "KZT: 15,34 за 100 с 01.10.2026, Банк России");
        assert_eq!(
            say(true, Some(&rate)),
            "KZT: введён вручную (по справочнику 15,34 за 100 с 01.10.2026, Банк России)"
        );
        assert_eq!(say(true, None), "KZT: введён вручную");
        assert!(say(false, None).contains("введите"));
        assert_eq!(source_text("RUB", false, None, Lang::Ru), None);
    }

    #[test]
    fn what_was_typed_is_kept_as_text() {
        let hand = Hand {
            day: Some(("2026-10".into(), "2026-10-15".into())),
            own: None,
            usd: Some("80,5".into()),
        };
        let json = serde_json::to_string(&hand).unwrap();
        assert_eq!(serde_json::from_str::<Hand>(&json).unwrap(), hand);
        assert_eq!(serde_json::from_str::<Hand>("{}").unwrap(), Hand::default());
    }
}
