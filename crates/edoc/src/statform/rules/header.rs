//! Rules of the head of the form.

use domain::{
    date::format_date,
    deadline::{YearMonth, statform_due},
    ids::RegNumber,
};

use super::{
    Reference, Source, cost_of, country,
    party::{self, PARTIES, country_of_address, country_of_numbers},
};
use crate::{
    remark::{Code, Remark},
    statform::{MAX_LINES, PARTNERS, reference::Lookup, totals::number},
};

const IMPORT: &str = "ИМ";
const EXPORT: &str = "ЭК";

pub(super) fn check<'a, S: Source<'a>>(
    form: &S,
    lines: &[S],
    reference: &dyn Reference,
    remarks: &mut Vec<Remark>,
) {
    period(form, reference, remarks);
    let direction = form.text("CustomsProcedure");
    if let Some(found) = direction.filter(|found| ![IMPORT, EXPORT].contains(found)) {
        remarks.push(Remark::error(Code::DIRECTION, form.at("CustomsProcedure")).found(found));
    }
    transport(form, reference, remarks);
    // Internet sales: the buyers are private persons without numbers.
    let private = lines.iter().any(|line| {
        line.list("AdditionalInformationCode").iter().any(|code| code.own_text() == Some("07"))
    });
    for party in &PARTIES {
        party::check(form, party, private, reference, remarks);
    }
    if let Some(direction) = direction {
        sides(form, direction, private, remarks);
        route(form, direction, remarks);
    }
    trade_country(form, remarks);
    for field in ["TradeCountry", "DispatchCountry", "DestinationCountry"] {
        let (code, name) = (format!("{field}/CountryCode"), format!("{field}/CountryName"));
        country(form, &code, &name, reference, remarks);
    }
    money(form, lines, reference, remarks);
    documents(form, reference, remarks);
    previous(form, reference, remarks);
    power(form, remarks);
    contact(form, remarks);
}

fn period<'a, S: Source<'a>>(form: &S, reference: &dyn Reference, remarks: &mut Vec<Remark>) {
    let Some(period) = form.text("ReportingDate").and_then(|text| text.parse::<YearMonth>().ok())
    else {
        return;
    };
    let at = || form.at("ReportingDate");
    let today = reference.today();
    if period > YearMonth::of(today) {
        let remark = Remark::error(Code::PERIOD_FUTURE, at());
        remarks.push(remark.found(period.to_string()).expected(YearMonth::of(today)));
        return;
    }
    let due = statform_due(period, reference.calendar());
    if today > due {
        let remark = Remark::warning(Code::PERIOD_LATE, at());
        remarks.push(remark.found(period.to_string()).expected(format_date(due)));
    }
}

fn transport<'a, S: Source<'a>>(form: &S, reference: &dyn Reference, remarks: &mut Vec<Remark>) {
    if let Some(found) = form.text("TransportModeCode")
        && reference.transport(found) == Lookup::Unknown
    {
        remarks.push(Remark::error(Code::TRANSPORT, form.at("TransportModeCode")).found(found));
    }
}

/// Export is sold, import is bought by a Russian person; the one responsible for settlement is
/// Russian in both.
fn sides<'a, S: Source<'a>>(form: &S, direction: &str, private: bool, remarks: &mut Vec<Remark>) {
    let (russian, foreign) = match direction {
        EXPORT => ("Consignor", "Consignee"),
        IMPORT => ("Consignee", "Consignor"),
        _ => return,
    };
    for party in &PARTIES {
        let say = |remark: Remark| {
            remark.arg("party", party.ru).arg("party_en", party.en).arg("direction", direction)
        };
        let numbers = country_of_numbers(form, party.field);
        let must_be_russian = party.field == russian || party.field == PARTIES[4].field;
        let at = form.at(&format!("{}/OrganizationName", party.field));
        if must_be_russian && numbers.is_some_and(|country| country != "RU") {
            remarks.push(say(Remark::error(Code::PARTY_RUSSIAN, at)));
        } else if party.field == foreign && numbers == Some("RU") && !private {
            // Goods may be sold by one Russian person to another and still cross the border.
            remarks.push(say(Remark::warning(Code::PARTY_FOREIGN, at)));
        }
    }
}

fn route<'a, S: Source<'a>>(form: &S, direction: &str, remarks: &mut Vec<Remark>) {
    let (from, to) = ("DispatchCountry/CountryCode", "DestinationCountry/CountryCode");
    let (russian, partner) = match direction {
        EXPORT => (from, to),
        IMPORT => (to, from),
        _ => return,
    };
    if let Some(found) = form.text(russian).filter(|found| *found != "RU") {
        let remark = Remark::error(Code::ROUTE, form.at(russian));
        remarks.push(remark.found(found).expected("RU").arg("direction", direction));
    }
    if let Some(found) = form.text(partner).filter(|found| !PARTNERS.contains(found)) {
        let remark = Remark::error(Code::ROUTE, form.at(partner));
        remarks.push(remark.found(found).expected(PARTNERS.join(", ")).arg("direction", direction));
    }
}

fn trade_country<'a, S: Source<'a>>(form: &S, remarks: &mut Vec<Remark>) {
    let Some(found) = form.text("TradeCountry/CountryCode") else { return };
    if PARTNERS.contains(&found) {
        return;
    }
    let of_a_party = ["Consignor", "Consignee"].into_iter().any(|party| {
        let is_it = |country: Option<&str>| country == Some(found) && found != "RU";
        is_it(country_of_address(form, party)) || is_it(country_of_numbers(form, party))
    });
    if !of_a_party {
        remarks.push(
            Remark::error(Code::TRADE_COUNTRY, form.at("TradeCountry/CountryCode")).found(found),
        );
    }
}

fn money<'a, S: Source<'a>>(
    form: &S,
    lines: &[S],
    reference: &dyn Reference,
    remarks: &mut Vec<Remark>,
) {
    if let Some(found) = form.text("CustCostCurrencyCode") {
        let at = form.at("CustCostCurrencyCode");
        if reference.currency(found) == Lookup::Unknown {
            remarks.push(Remark::error(Code::CURRENCY, at.clone()).found(found));
        }
        let period = form.text("ReportingDate").and_then(|t| t.parse::<YearMonth>().ok());
        for currency in [found, "USD"].iter().take(if found == "USD" { 1 } else { 2 }) {
            if let Some(period) = period
                && super::rate_band(reference, currency, period).is_none()
            {
                let remark = Remark::warning(Code::RATE, at.clone()).found(*currency);
                remarks.push(remark.expected(period));
            }
        }
    }
    if lines.len() > MAX_LINES {
        let remark = Remark::error(Code::LINES, form.at("GoodsInfo"));
        remarks.push(remark.found(lines.len().to_string()).expected(MAX_LINES));
    }
    let sum = cost_of(lines);
    let at = form.at("CustCostTotalAmount");
    match form.text("CustCostTotalAmount") {
        None if !lines.is_empty() => {
            remarks.push(Remark::warning(Code::TOTAL_MISSING, at).expected(sum));
        }
        Some(text) if !lines.is_empty() => {
            if let Some(total) = number(text).filter(|total| *total != sum) {
                let remark = Remark::error(Code::TOTAL, at).found(total.to_string());
                remarks.push(remark.expected(sum));
            }
        }
        _ => {}
    }
}

fn documents<'a, S: Source<'a>>(form: &S, reference: &dyn Reference, remarks: &mut Vec<Remark>) {
    let documents = form.list("Documents");
    if documents.is_empty() {
        remarks.push(Remark::warning(Code::DOCUMENTS, form.at("Documents")));
    }
    let today = reference.today();
    for document in &documents {
        let parts = [
            ("PresentedDocumentModeCode", "код вида", "kind"),
            ("PrDocumentNumber", "номер", "number"),
            ("PrDocumentDate", "дата", "date"),
        ];
        let missing: Vec<_> = parts.iter().filter(|part| document.text(part.0).is_none()).collect();
        if let Some(first) = missing.first() {
            let join = |texts: Vec<&str>| texts.join(", ");
            let remark = Remark::warning(Code::DOCUMENT_INCOMPLETE, document.at(first.0));
            let remark = remark.arg("need", join(missing.iter().map(|part| part.1).collect()));
            remarks.push(remark.arg("need_en", join(missing.iter().map(|part| part.2).collect())));
        }
        if let Some(found) = document.text("PrDocumentDate")
            && found
                .get(..10)
                .and_then(|d| d.parse::<chrono::NaiveDate>().ok())
                .is_some_and(|d| d > today)
        {
            let at = document.at("PrDocumentDate");
            remarks.push(Remark::error(Code::DOCUMENT_DATE, at).found(found));
        }
    }
}

fn previous<'a, S: Source<'a>>(form: &S, reference: &dyn Reference, remarks: &mut Vec<Remark>) {
    let Some(found) = form.text("PreviousRegNumberDoc") else { return };
    let at = form.at("PreviousRegNumberDoc");
    if found.parse::<RegNumber>().is_err() {
        remarks.push(Remark::error(Code::PREVIOUS_SHAPE, at).found(found));
    } else if reference.registered(found) == Lookup::Unknown {
        remarks.push(Remark::error(Code::PREVIOUS, at).found(found));
    }
}

fn power<'a, S: Source<'a>>(form: &S, remarks: &mut Vec<Remark>) {
    let (number, inn) = (form.text("MCD_ID"), form.text("INNSign"));
    match (number, inn) {
        (Some(_), None) => remarks.push(Remark::error(Code::POWER, form.at("INNSign"))),
        (None, Some(_)) => remarks.push(Remark::error(Code::POWER, form.at("MCD_ID"))),
        _ => {}
    }
    if let Some(inn) = inn {
        party::check_inn(inn, form.at("INNSign"), remarks);
    }
}

fn contact<'a, S: Source<'a>>(form: &S, remarks: &mut Vec<Remark>) {
    let details = "ProvidePerson/CommunicationDetails";
    let given = ["Phone", "E_mail"].into_iter().any(|field| {
        form.list(&format!("{details}/{field}")).iter().any(|item| item.own_text().is_some())
    });
    if form.has("ProvidePerson") && !given {
        remarks.push(Remark::warning(Code::CONTACT, form.at(&format!("{details}/Phone"))));
    }
}
