//! All graphs of one line of goods (11–20).

use edoc::{patch::ItemId, path::Path};
use leptos::prelude::*;

use super::{
    field::{Bound, BoundEntry, Control, GraphHelp},
    form::{split, use_form},
    goods,
    place::{self, Place},
    rates::LineValue,
};
use crate::{
    tariff::{
        lists::List,
        pickers::{CommodityPicker, Picked},
    },
    tr,
    ui::{Button, ButtonKind, Checkbox, Field, IconName, i18n::use_lang},
};

/// Codes of graph 19 (album, `StaticForm.xsd`).
const EXTRA: [(&str, &str, &str); 8] = [
    ("01", "переработка на территории РФ", "processing in Russia"),
    ("02", "переработка вне территории РФ", "processing outside Russia"),
    ("03", "продукты переработки", "products of processing"),
    ("04", "лизинг", "leasing"),
    ("05", "переработка для внутреннего потребления", "processing for home use"),
    ("06", "временный ввоз (вывоз) дольше года", "temporary movement for over a year"),
    ("07", "интернет-торговля в адрес физических лиц", "internet trade with private persons"),
    ("08", "товары, подлежащие прослеживаемости", "traceable goods"),
];

/// The details of a line.
#[component]
pub fn LineFields(item: ItemId) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let line = goods::list().item(item);
    let at = |rest: &str| Place::below(&line, rest);
    let number = move || {
        let items = form.editing.items(&goods::list());
        items.iter().position(|other| *other == item).map_or(0, |at| at + 1)
    };
    let currency = form.value(Place::at("CustCostCurrencyCode"));
    view! {
        <section class="line" id=place::control_id(&line) tabindex="-1" aria-labelledby="line-title">
            <h3 id="line-title">{move || tr!(lang, "Товар {n}", "Goods {n}", n = number())}</h3>
            <CodeField line=line.clone()/>
            <Bound
                place=Place::Pieces(line.join("GoodsDescription"))
                label=tr!(lang, "Описание товара", "Description")
                control=Control::Area
                graph="12"
                required=true
                maxlength=1250
            />
            <Bound
                place=at("Manufacturer/OrganizationName")
                label=tr!(lang, "Производитель", "Manufacturer")
                graph="12"
                maxlength=150
            />
            <GraphHelp graph="12"/>
            <div class="row">
                <Bound
                    place=at("InvoicedCost")
                    label=tr!(lang, "Стоимость товара", "Cost of the goods")
                    control=Control::Money { scale: Some(2) }
                    graph="13"
                    suffix=currency
                    required=true
                    width="medium"
                />
                <Bound
                    place=at("NetWeightQuantity")
                    label=tr!(lang, "Вес нетто, кг", "Net weight, kg")
                    control=Control::Money { scale: None }
                    graph="16"
                    width="medium"
                />
            </div>
            <div class="row">
                <Bound
                    place=at("StatisticalCostRUB")
                    label=tr!(lang, "Статистическая стоимость, руб.", "Statistical value, RUB")
                    control=Control::Money { scale: Some(2) }
                    graph="17"
                    suffix="RUB"
                    required=true
                    width="medium"
                />
                <Bound
                    place=at("StatisticalCostUSD")
                    label=tr!(lang, "Статистическая стоимость, долл. США", "Statistical value, USD")
                    control=Control::Money { scale: Some(2) }
                    graph="14"
                    suffix="USD"
                    required=true
                    width="medium"
                />
            </div>
            <LineValue item/>
            <GraphHelp graph="14"/>
            <BoundEntry
                code=at("OriginCountry/CountryCode")
                name=at("OriginCountry/CountryName")
                list=List::Countries
                label=tr!(lang, "Страна происхождения", "Country of origin")
                graph="15"
                required=true
            />
            <div class="row">
                <Bound
                    place=at("SupplementaryQuantity/GoodsQuantity")
                    label=tr!(lang, "Количество в дополнительной единице", "Quantity in the supplementary unit")
                    control=Control::Money { scale: None }
                    graph="18"
                    width="medium"
                />
                <BoundEntry
                    code=at("SupplementaryQuantity/MeasureUnitQualifierCode")
                    name=at("SupplementaryQuantity/MeasureUnitQualifierName")
                    list=List::Units
                    label=tr!(lang, "Дополнительная единица", "Supplementary unit")
                    graph="18"
                />
            </div>
            <GraphHelp graph="18"/>
            <ExtraCodes line=line.clone()/>
            <Declarations line=line.clone()/>
        </section>
    }
}

/// Graph 11, with what follows from the code.
#[component]
fn CodeField(line: Path) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let place = Place::below(&line, "GoodsTNVEDCode");
    let id = place.id();
    let remark = form.remark(id.clone());
    let error = Signal::derive(move || split(remark.get(), lang.get()).0);
    let warning = Signal::derive(move || split(remark.get(), lang.get()).1);
    let value = form.value(place.clone());
    let hint = Signal::derive(move || {
        form.checks.track();
        form.reference.with_value(|reference| reference.describe(&value.get()))
    });
    let unit = place::below(&line, "SupplementaryQuantity");
    let pick = Callback::new(move |picked: Picked| match picked {
        Picked::Known(commodity) => {
            let mut fields = Vec::new();
            if let Place::At(path) = &place {
                fields.push((path.clone(), commodity.code.clone()));
            }
            if let Some(found) = &commodity.unit {
                fields.push((unit.join("MeasureUnitQualifierCode"), found.code.clone()));
                fields.push((unit.join("MeasureUnitQualifierName"), found.symbol.clone()));
            }
            form.reference.update_value(|reference| reference.learn(&commodity));
            form.editing.set_all(fields);
        }
        Picked::Code(code) => place.write(form.editing, &code),
    });
    view! {
        <Field
            id
            label=tr!(lang, "Код товара по ТН ВЭД ЕАЭС", "Commodity code")
            graph="11"
            error
            warning
            hint
            required=true
        >
            <CommodityPicker value date=form.date() on_pick=pick readonly=form.readonly()/>
        </Field>
        <GraphHelp graph="11"/>
    }
}

/// Graph 19: a set of codes.
#[component]
fn ExtraCodes(line: Path) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let list = StoredValue::new(line.join("AdditionalInformationCode"));
    let held = Memo::new(move |_| {
        list.with_value(|list| {
            let items = form.editing.items(list);
            items
                .into_iter()
                .map(|item| (item, form.editing.text(&list.item(item))))
                .collect::<Vec<_>>()
        })
    });
    let toggle = move |code: &'static str, on: bool| {
        let items: Vec<ItemId> = held.with_untracked(|held| {
            held.iter().filter(|(_, held)| held == code).map(|(item, _)| *item).collect()
        });
        let path = list.get_value();
        match (on, items.is_empty()) {
            (true, true) => {
                form.editing.insert(&path, None, &[("", code.to_owned())]);
            }
            (false, false) => form.editing.remove(&path, &items),
            _ => {}
        }
    };
    let boxes = EXTRA
        .into_iter()
        .map(|(code, ru, en)| {
            let checked =
                Signal::derive(move || held.with(|held| held.iter().any(|(_, held)| held == code)));
            view! {
                <Checkbox
                    label=format!("{code} — {}", lang.get_untracked().pick(ru, en))
                    checked
                    disabled=form.readonly()
                    on_change=Callback::new(move |on| toggle(code, on))
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="extra" id=place::control_id(&list.get_value()) tabindex="-1">
            <legend>
                <span class="graph" aria-hidden="true">"19"</span>
                {tr!(lang, "Дополнительные сведения", "Additional information")}
            </legend>
            {boxes}
            <GraphHelp graph="19"/>
        </fieldset>
    }
}

/// Graph 20: declarations under which the goods were released.
#[component]
fn Declarations(line: Path) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let list = StoredValue::new(line.join("DTInfo"));
    let items = move || list.with_value(|list| form.editing.items(list));
    let fields = move |item: ItemId| {
        let path = list.get_value().item(item);
        let at = |rest: &str| Place::below(&path, rest);
        view! {
            <div class="row" id=place::control_id(&path) tabindex="-1">
                <Bound place=at("DTNumber/CustomsCode") label=tr!(lang, "Код таможни", "Customs office") control=Control::Digits graph="20" maxlength=8 width="short"/>
                <Bound place=at("DTNumber/RegistrationDate") label=tr!(lang, "Дата регистрации", "Registered on") control=Control::Date graph="20" width="short"/>
                <Bound place=at("DTNumber/GTDNumber") label=tr!(lang, "Порядковый номер", "Serial number") graph="20" maxlength=7 width="short"/>
                <Bound place=at("GoodsNumeric") label=tr!(lang, "Номер товара", "Number of the goods") control=Control::Digits graph="20" maxlength=3 width="short"/>
                <Button
                    kind=ButtonKind::Quiet
                    icon=IconName::Trash
                    label=tr!(lang, "Удалить декларацию", "Delete the declaration")
                    disabled=form.readonly()
                    on:click=move |_| list.with_value(|list| form.editing.remove(list, &[item]))
                />
            </div>
        }
    };
    view! {
        <fieldset class="extra" id=place::control_id(&list.get_value()) tabindex="-1">
            <legend>
                <span class="graph" aria-hidden="true">"20"</span>
                {tr!(lang, "Декларация на товары", "Goods declaration")}
            </legend>
            <For each=items key=|item| *item let(item)>
                {fields(item)}
            </For>
            <Button
                kind=ButtonKind::Quiet
                icon=IconName::Plus
                disabled=form.readonly()
                on:click=move |_| {
                    list.with_value(|list| form.editing.insert(list, None, &[]));
                }
            >
                {tr!(lang, "Добавить декларацию", "Add a declaration")}
            </Button>
            <GraphHelp graph="20"/>
        </fieldset>
    }
}
