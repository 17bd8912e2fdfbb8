//! All graphs of one line of goods (11–20).

use edoc::{patch::ItemId, path::Path};
use leptos::prelude::*;

use super::{
    field::{Bound, BoundEntry, Control, GraphHelp},
    form::{split, use_form},
    goods::{self, Lines},
    others::Others,
    place::{self, Place},
    rates::LineValue,
};
use crate::{
    tariff::{
        lists::List,
        pickers::{CommodityPicker, Picked},
    },
    tr,
    ui::{Button, ButtonKind, Checkbox, Field, IconName, TextInput, i18n::use_lang},
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

/// The code of graph 19 that asks for the quantity of traceable goods.
const TRACEABLE: &str = "08";

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
            <MoveLine item number=Signal::derive(number)/>
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
            <Traceability line=line.clone()/>
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
            <GraphHelp graph="13"/>
            <GraphHelp graph="16"/>
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
            <GraphHelp graph="17"/>
            <GraphHelp graph="14"/>
            <BoundEntry
                code=at("OriginCountry/CountryCode")
                name=at("OriginCountry/CountryName")
                list=List::Countries
                label=tr!(lang, "Страна происхождения", "Country of origin")
                graph="15"
                required=true
            />
            <GraphHelp graph="15"/>
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
            <fieldset class="extra">
                <legend>{tr!(lang, "Прочие сведения о товаре", "Other information on the goods")}</legend>
                <Others scope=line.clone()/>
            </fieldset>
        </section>
    }
}

/// Puts the line elsewhere in the order, however far.
#[component]
fn MoveLine(item: ItemId, number: Signal<usize>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let wanted = RwSignal::new(String::new());
    let total = Memo::new(move |_| form.editing.items(&goods::list()).len());
    let target = move || {
        let place = wanted.with(|wanted| wanted.trim().parse::<usize>().ok())?;
        ((1..=total.get()).contains(&place) && place != number.get()).then_some(place - 1)
    };
    let go = move || {
        if let Some(to) = untrack(target) {
            Lines(form).move_to(item, to);
            wanted.set(String::new());
        }
    };
    view! {
        <Show when=move || { total.get() > 1 }>
            <div
                class="row"
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        go();
                    }
                }
            >
                <Field
                    id="line-place"
                    label=Signal::derive(move || {
                        tr!(lang, "Переместить на № (1–{n})", "Move to № (1–{n})", n = total.get())
                    })
                    width="short"
                >
                    <TextInput
                        value=wanted
                        on_input=Callback::new(move |typed| wanted.set(typed))
                        inputmode="numeric"
                        maxlength=3
                        readonly=form.readonly()
                    />
                </Field>
                <Button
                    disabled=Signal::derive(move || form.readonly().get() || target().is_none())
                    on_click=move |_| go()
                >
                    {tr!(lang, "Переместить", "Move")}
                </Button>
            </div>
        </Show>
    }
}

/// The codes of graph 19 that a line holds.
fn held_codes(line: &Path) -> Memo<Vec<(ItemId, String)>> {
    let form = use_form();
    let list = line.join("AdditionalInformationCode");
    Memo::new(move |_| {
        let items = form.editing.items(&list);
        items.into_iter().map(|item| (item, form.editing.text(&list.item(item)))).collect()
    })
}

/// Graph 12: the quantity of traceable goods, when graph 19 has code 08 or something is there.
#[component]
fn Traceability(line: Path) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let held = held_codes(&line);
    let details = line.join("GoodsTraceabilityMeasureDetails");
    let at = {
        let details = details.clone();
        move |field: &str| Place::below(&details, field)
    };
    let fields = ["GoodsQuantity", "MeasureUnitQualifierCode", "MeasureUnitQualifierName"];
    let values = fields.map(|field| form.value(at(field)));
    let is_shown = Memo::new(move |_| {
        held.with(|held| held.iter().any(|(_, code)| code == TRACEABLE))
            || values.iter().any(|value| !value.with(String::is_empty))
    });
    let id = place::control_id(&details);
    let shown = move || {
        is_shown.get().then(|| {
            view! {
                <div class="row" id=id.clone() tabindex="-1">
                    <Bound
                        place=at("GoodsQuantity")
                        label=tr!(lang, "Количество прослеживаемого товара", "Quantity of the traceable goods")
                        control=Control::Money { scale: None }
                        graph="12"
                        required=true
                        width="medium"
                    />
                    <BoundEntry
                        code=at("MeasureUnitQualifierCode")
                        name=at("MeasureUnitQualifierName")
                        list=List::Units
                        label=tr!(lang, "Единица прослеживаемости", "Unit of the traceable goods")
                        graph="12"
                    />
                </div>
            }
        })
    };
    view! { {shown} }
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
    let held = held_codes(&line);
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
    // A code that came from a file and is none of the list can only be taken away.
    let strange = move || {
        let known = |code: &str| EXTRA.iter().any(|(known, ..)| *known == code);
        let found = held.get().into_iter().filter(|(_, code)| !known(code));
        found
            .map(|(item, code)| {
                view! {
                    <Checkbox
                        label=tr!(lang, "«{code}» — такого кода нет", "“{code}”: no such code", code = code)
                        checked=Signal::stored(true)
                        disabled=form.readonly()
                        on_change=Callback::new(move |_| {
                            list.with_value(|list| form.editing.remove(list, &[item]));
                        })
                    />
                }
            })
            .collect_view()
    };
    let is_traceable = move || held.with(|held| held.iter().any(|(_, code)| code == TRACEABLE));
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
            {strange}
            <p class="quiet" role="status">
                {move || {
                    is_traceable()
                        .then(|| {
                            tr!(
                                lang,
                                "Укажите количество прослеживаемого товара в графе 12.",
                                "Give the quantity of the traceable goods in graph 12."
                            )
                        })
                }}
            </p>
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
                    on_click=move |_| list.with_value(|list| form.editing.remove(list, &[item]))
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
                on_click=move |_| {
                    list.with_value(|list| form.editing.insert(list, None, &[]));
                }
            >
                {tr!(lang, "Добавить декларацию", "Add a declaration")}
            </Button>
            <GraphHelp graph="20"/>
        </fieldset>
    }
}
