//! Rules of a line of goods.

use domain::{date::format_date, ids::TnVedCode};
use rust_decimal::Decimal;

use super::{Context, Source, country};
use crate::{
    remark::{Code, Remark},
    statform::{
        reference::{Lookup, Tnved},
        totals::number,
    },
};

/// By how much the value in dollars may leave the band of the month's rates: rounding of each
/// line. The tolerance is a choice of this project.
const USD_TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
/// How far above the converted price the value in roubles may lie: carriage to the border. The
/// tolerance is a choice of this project.
const CARRIAGE: Decimal = Decimal::from_parts(3, 0, 0, false, 1);

pub(super) fn check<'a, S: Source<'a>>(
    line: &S,
    place: usize,
    context: &Context<'_, 'a>,
    remarks: &mut Vec<Remark>,
) {
    let from = remarks.len();
    numbering(line, place, remarks);
    code(line, context, remarks);
    weight(line, remarks);
    costs(line, context, remarks);
    country(
        line,
        "OriginCountry/CountryCode",
        "OriginCountry/CountryName",
        context.reference,
        remarks,
    );
    extra(line, context, remarks);
    for remark in &mut remarks[from..] {
        remark.args.push(("goods".into(), (place + 1).to_string()));
    }
}

fn numbering<'a, S: Source<'a>>(line: &S, place: usize, remarks: &mut Vec<Remark>) {
    let Some(found) = line.text("GoodsNumeric") else { return };
    if found.parse() != Ok(place + 1) {
        let remark = Remark::error(Code::NUMBERING, line.at("GoodsNumeric"));
        remarks.push(remark.found(found).expected(place + 1));
    }
}

fn code<'a, S: Source<'a>>(line: &S, context: &Context<'_, 'a>, remarks: &mut Vec<Remark>) {
    let Some(found) = line.text("GoodsTNVEDCode") else { return };
    let at = || line.at("GoodsTNVEDCode");
    let Ok(code) = found.parse::<TnVedCode>() else {
        if found.len() == 10 && found.bytes().all(|b| b.is_ascii_digit()) {
            let remark = Remark::error(Code::TNVED, at()).found(found);
            remarks.push(remark.expected(format_date(context.date)));
        }
        return;
    };
    if !code.is_full() {
        remarks.push(Remark::error(Code::TNVED_SHORT, at()).found(found));
        return;
    }
    match context.reference.tnved(found, context.date) {
        Lookup::Unknown => {
            let remark = Remark::error(Code::TNVED, at()).found(found);
            remarks.push(remark.expected(format_date(context.date)));
        }
        Lookup::NotLoaded => {
            remarks.push(Remark::warning(Code::NOT_LOADED, at()).found("ТН ВЭД ЕАЭС"));
        }
        Lookup::Known(known) => unit(line, found, &known, remarks),
    }
}

fn unit<'a, S: Source<'a>>(line: &S, code: &str, known: &Tnved, remarks: &mut Vec<Remark>) {
    let quantity = line.text("SupplementaryQuantity/GoodsQuantity");
    let at = |field: &str| line.at(&format!("SupplementaryQuantity/{field}"));
    let Some(unit) = &known.unit else {
        if quantity.is_some() {
            let remark = Remark::warning(Code::UNIT_SUPERFLUOUS, at("GoodsQuantity"));
            remarks.push(remark.arg("tnved", code));
        }
        return;
    };
    let expected = format!("{} ({})", unit.name, unit.code);
    let Some(quantity) = quantity else {
        let remark = Remark::error(Code::UNIT_MISSING, at("GoodsQuantity"));
        remarks.push(remark.expected(expected).arg("tnved", code));
        return;
    };
    if number(quantity).is_some_and(|quantity| quantity.is_zero()) {
        remarks.push(Remark::error(Code::QUANTITY, at("GoodsQuantity")).found(quantity));
    }
    let given = line.text("SupplementaryQuantity/MeasureUnitQualifierCode");
    if given != Some(&unit.code) {
        let remark = Remark::error(Code::UNIT, at("MeasureUnitQualifierCode"));
        remarks.push(remark.found(given.unwrap_or("—")).expected(expected).arg("tnved", code));
    }
}

fn weight<'a, S: Source<'a>>(line: &S, remarks: &mut Vec<Remark>) {
    let weight = line.text("NetWeightQuantity");
    if weight.and_then(number).is_none_or(|weight| weight.is_zero()) {
        remarks.push(Remark::warning(Code::NET_WEIGHT, line.at("NetWeightQuantity")));
    }
}

fn costs<'a, S: Source<'a>>(line: &S, context: &Context<'_, 'a>, remarks: &mut Vec<Remark>) {
    let value = |field: &str| line.text(field).and_then(number);
    let (cost, rub, usd) =
        (value("InvoicedCost"), value("StatisticalCostRUB"), value("StatisticalCostUSD"));
    for (field, value) in
        [("InvoicedCost", cost), ("StatisticalCostRUB", rub), ("StatisticalCostUSD", usd)]
    {
        if let Some(value) = value.filter(|value| *value <= Decimal::ZERO) {
            remarks.push(Remark::error(Code::COST, line.at(field)).found(value.to_string()));
            return;
        }
    }
    let shown = |value: Decimal| value.round_dp(2).to_string();
    let range = |low: Decimal, high: Decimal| match low == high {
        true => shown(low),
        false => format!("{}–{}", shown(low), shown(high)),
    };
    // A cent of rounding is no difference, however small the value.
    let cent = Decimal::new(1, 2);
    if let (Some(rub), Some(usd), Some((low, high))) = (rub, usd, context.usd) {
        let least = rub.checked_div(high).unwrap_or_default();
        let most = rub.checked_div(low).unwrap_or_default();
        let (from, to) = (least - least * USD_TOLERANCE - cent, most + most * USD_TOLERANCE + cent);
        if usd < from || usd > to {
            let remark = Remark::warning(Code::COST_USD, line.at("StatisticalCostUSD"));
            remarks.push(
                remark
                    .found(usd.to_string())
                    .expected(range(least, most))
                    .arg("rate", range(low, high)),
            );
        }
    }
    if let (Some(cost), Some(rub), Some((low, high)), Some(_)) =
        (cost, rub, context.currency_rate, context.currency)
        && let (Some(least), Some(most)) = (cost.checked_mul(low), cost.checked_mul(high))
    {
        let from = least - least * USD_TOLERANCE - cent;
        let to = most.checked_add(most * CARRIAGE).unwrap_or(most) + cent;
        if rub < from || rub > to {
            let remark = Remark::warning(Code::COST_RUB, line.at("StatisticalCostRUB"));
            remarks.push(remark.found(rub.to_string()).expected(range(least, most)));
        }
    }
}

fn extra<'a, S: Source<'a>>(line: &S, context: &Context<'_, 'a>, remarks: &mut Vec<Remark>) {
    let codes = line.list("AdditionalInformationCode");
    let mut seen: Vec<&str> = Vec::new();
    for item in &codes {
        let Some(code) = item.own_text() else { continue };
        let at = item.path().clone();
        if !matches!(code, "01" | "02" | "03" | "04" | "05" | "06" | "07" | "08") {
            remarks.push(Remark::error(Code::EXTRA_CODE, at).found(code));
            continue;
        }
        if seen.contains(&code) {
            remarks.push(Remark::warning(Code::EXTRA_TWICE, at).found(code));
            continue;
        }
        seen.push(code);
        match code {
            "07" => internet_trade(item, context, remarks),
            "08" if line.text("GoodsTraceabilityMeasureDetails/GoodsQuantity").is_none() => {
                let at = line.at("GoodsTraceabilityMeasureDetails/GoodsQuantity");
                remarks.push(Remark::error(Code::TRACEABLE, at));
            }
            _ => {}
        }
    }
}

/// Code 07: export to private persons, the buyer written as «Физические лица», without a country.
fn internet_trade<'a, S: Source<'a>>(
    item: &S,
    context: &Context<'_, 'a>,
    remarks: &mut Vec<Remark>,
) {
    let mut need = |ok: bool, need: [&str; 4]| {
        if !ok {
            let remark = Remark::error(Code::INTERNET_TRADE, item.path().clone());
            remarks.push(
                remark
                    .arg("need", need[0])
                    .arg("need_en", need[1])
                    .arg("todo", need[2])
                    .arg("todo_en", need[3]),
            );
        }
    };
    need(
        context.direction.is_none_or(|direction| direction == "ЭК"),
        [
            "направление должно быть ЭК",
            "the direction has to be ЭК",
            "Исправьте графу 4 или уберите код 07",
            "Correct graph 4 or remove code 07",
        ],
    );
    need(
        context.buyer.is_none_or(|buyer| super::same_words(buyer, "Физические лица")),
        [
            "покупателем указывают «Физические лица»",
            "the buyer is written as «Физические лица»",
            "Впишите «Физические лица» в графу 2",
            "Write «Физические лица» in graph 2",
        ],
    );
    need(
        !context.buyer_has_country,
        [
            "страна покупателя не указывается",
            "the country of the buyer is left empty",
            "Очистите страну в адресе покупателя",
            "Clear the country in the buyer's address",
        ],
    );
}
