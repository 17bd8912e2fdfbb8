//! Graphs 4–9 and the reporting month: direction, countries, currency and total, transport.

use leptos::prelude::*;

use super::{
    field::{Bound, BoundEntry, Control, FieldHelp, GraphHelp},
    form::use_form,
    place::Place,
    totals::Totals,
};
use crate::{
    tariff::{Entry, lists::List, pickers::EntryPicker},
    tr,
    ui::{Button, ButtonKind, Choice, Field, i18n::use_lang},
};

/// The section «Маршрут и условия».
#[component]
pub fn Route() -> impl IntoView {
    let lang = use_lang();
    let form = use_form();
    let direction = Control::Choice(vec![
        Choice::new("ЭК", tr!(lang, "ЭК — вывоз из России", "ЭК: export from Russia")),
        Choice::new("ИМ", tr!(lang, "ИМ — ввоз в Россию", "ИМ: import into Russia")),
    ]);
    let country = |element: &str, label: &str, graph: &'static str, required: bool| {
        view! {
            <BoundEntry
                code=Place::at(&format!("{element}/CountryCode"))
                name=Place::at(&format!("{element}/CountryName"))
                list=List::Countries
                label
                graph
                required
            />
            <GraphHelp graph/>
        }
    };
    let currency = Place::at("CustCostCurrencyCode");
    let currency_value = form.value(currency.clone());
    let currency_name = Signal::derive(move || {
        let code = currency_value.get();
        form.lists
            .get()
            .and_then(|lists| lists.currencies.into_iter().find(|known| known.code == code))
            .map(|known| known.name)
            .unwrap_or_default()
    });
    let currency_id = currency.id();
    let currency_remark = form.remark(currency_id.clone());
    let currency_said =
        Signal::derive(move || super::form::split(currency_remark.get(), lang.get()));
    let currency_error = Signal::derive(move || currency_said.with(|(error, _)| error.clone()));
    let currency_warning = Signal::derive(move || currency_said.with(|(_, said)| said.clone()));
    let pick_currency =
        Callback::new(move |entry: Entry| currency.write(form.editing, &entry.code));
    let total = Place::at("CustCostTotalAmount");
    let sum_up = {
        let total = total.clone();
        move |_| {
            let totals = form.editing.with_draft(edoc::statform::draft_totals);
            let sum = domain::money::round_half_up(totals.cost, 2);
            total.write(form.editing, &format!("{sum:.2}"));
        }
    };
    view! {
        <div class="stack">
            <Bound
                place=Place::at("CustomsProcedure")
                label=tr!(lang, "Направление перемещения", "Direction")
                control=direction
                graph="4"
                required=true
                width="medium"
            />
            <GraphHelp graph="4"/>
            <Bound
                place=Place::at("ReportingDate")
                label=tr!(lang, "Отчётный месяц", "Reporting month")
                control=Control::Month
                required=true
                width="short"
                hint=tr!(
                    lang,
                    "Месяц отгрузки или получения товара. Срок подачи — 10-й рабочий день следующего месяца.",
                    "The month of shipment or receipt. The form is due on the 10th working day of the next month."
                )
            />
            <FieldHelp place=Place::at("ReportingDate")/>
            {country("TradeCountry", tr!(lang, "Торгующая страна", "Trading country"), "5", true)}
            {country("DestinationCountry", tr!(lang, "Страна назначения", "Country of destination"), "6", false)}
            {country("DispatchCountry", tr!(lang, "Страна отправления", "Country of dispatch"), "8", false)}
            <Field
                id=currency_id
                label=tr!(lang, "Валюта", "Currency")
                graph="7"
                error=currency_error
                warning=currency_warning
                required=true
                width="medium"
            >
                <EntryPicker
                    list=List::Currencies
                    value=currency_value
                    entry_name=currency_name
                    on_pick=pick_currency
                    readonly=form.readonly()
                />
            </Field>
            <Bound
                place=total
                label=tr!(lang, "Общая стоимость товаров", "Total cost of goods")
                control=Control::Money { scale: Some(2) }
                graph="7"
                suffix=currency_value
                width="medium"
            />
            <div class="row">
                <Totals/>
                <Button kind=ButtonKind::Quiet disabled=form.readonly() on_click=sum_up>
                    {tr!(lang, "Взять сумму по товарам", "Take the sum of the goods")}
                </Button>
            </div>
            <GraphHelp graph="7"/>
            <BoundEntry
                code=Place::at("TransportModeCode")
                name=Place::at("TransportName")
                list=List::Transports
                label=tr!(lang, "Вид транспорта на границе", "Mode of transport at the border")
                graph="9"
                required=true
            />
            <GraphHelp graph="9"/>
            <Bound
                place=Place::at("PreviousRegNumberDoc")
                label=tr!(lang, "Номер аннулируемой формы", "Number of the annulled form")
                maxlength=50
                width="medium"
                hint=tr!(
                    lang,
                    "Только когда эта форма заменяет прежнюю: 10000000/221126/С000001.",
                    "Only when this form replaces an earlier one: 10000000/221126/С000001."
                )
            />
        </div>
    }
}
