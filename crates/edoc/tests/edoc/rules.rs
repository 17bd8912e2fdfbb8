//! Every rule of the statistical form, on the sample with one thing changed.

use crate::support::World;
use chrono::NaiveDate;
use domain::lang::Lang;
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
    path::Path,
    registry::Registry,
    remark::{Code, Level, Remark},
    schema::Schema,
    statform, xml,
};
use rust_decimal::Decimal;

const SAMPLE: &[u8] = include_bytes!("fixtures/statform.xml");

fn start() -> (Draft, Schema) {
    let (tree, _) = xml::read(SAMPLE, &Registry::builtin().unwrap()).unwrap();
    let schema = statform::schema().unwrap();
    (Draft::from_tree(&tree, &schema), schema)
}

/// `GOODS` stands for the only line, `NEW:list` inserts an item into a list.
fn change(draft: &mut Draft, field: &str, value: Option<&str>) {
    let goods: Path = "GoodsInfo".parse().unwrap();
    let line = goods.item(draft.items(&goods)[0]);
    let replica = ReplicaId::session(5);
    let field = field.replace("GOODS", line.as_str());
    let path: Path = match field.strip_prefix("NEW:") {
        Some(list) => {
            let list: Path = list.parse().unwrap();
            let item = draft.next_item(&replica);
            let position = draft.position_last(&list);
            let patch = Patch::Insert { list: list.clone(), item, position, value: None };
            draft.edit(&replica, patch).unwrap();
            list.item(item)
        }
        None => {
            let removed = value.is_none() && field.parse::<Path>().unwrap().split_item().is_some();
            if removed {
                let item = field.parse().unwrap();
                draft.edit(&replica, Patch::Remove { item }).unwrap();
                return;
            }
            field.parse().unwrap()
        }
    };
    let patch = Patch::Set { path, value: value.map(str::to_owned) };
    draft.edit(&replica, patch).unwrap();
}

fn remarks(draft: &Draft, schema: &Schema, world: &World) -> Vec<Remark> {
    let tree = draft.tree(schema);
    let all = statform::check_all(&tree, schema, world);
    // The incremental checks say the same.
    let mut parts = statform::check_header(draft, schema, world);
    for line in draft.items(&"GoodsInfo".parse().unwrap()) {
        parts.extend(statform::check_line(draft, &line, schema, world));
    }
    let key = |remark: &Remark| (remark.path.clone(), remark.code.clone());
    let (mut whole, mut pieces): (Vec<_>, Vec<_>) =
        (all.iter().map(key).collect(), parts.iter().map(key).collect());
    whole.sort();
    pieces.sort();
    assert_eq!(whole, pieces);
    for remark in &all {
        for lang in Lang::ALL {
            let (text, remedy) = (remark.text(lang), remark.remedy(lang));
            assert!(!text.is_empty() && !remedy.is_empty(), "{remark:?}");
            assert!(!text.contains(['{', '}']) && !remedy.contains(['{', '}']), "{text} {remedy}");
            let doubled = text.contains("«»") || text.contains("“”");
            assert!(!doubled || remark.found.as_deref() == Some(""), "{text}: {remark:?}");
        }
    }
    all
}

#[test]
fn the_sample_has_no_remarks() {
    let (draft, schema) = start();
    assert_eq!(remarks(&draft, &schema, &World::new()), []);
}

/// Fields with their new values.
type Changes = &'static [(&'static str, Option<&'static str>)];

#[test]
fn every_rule_speaks() {
    let cases: &[(Changes, Code, &str)] = &[
        (&[("ReportingDate", Some("2026-12"))], Code::PERIOD_FUTURE, "ReportingDate"),
        (&[("ReportingDate", Some("2026-09"))], Code::PERIOD_LATE, "ReportingDate"),
        (&[("CustomsProcedure", Some("ЫЫ"))], Code::DIRECTION, "CustomsProcedure"),
        (&[("TransportModeCode", Some("77"))], Code::TRANSPORT, "TransportModeCode"),
        (
            &[("Consignor/RFOrganizationFeatures/INN", Some("7707083894"))],
            Code::IDENTIFIER,
            "Consignor/RFOrganizationFeatures/INN",
        ),
        (
            &[("Consignor/RFOrganizationFeatures/OGRN", Some("1027700132196"))],
            Code::IDENTIFIER,
            "Consignor/RFOrganizationFeatures/OGRN",
        ),
        (
            &[("Consignor/RFOrganizationFeatures/OGRN", Some("304770000000009"))],
            Code::IDENTIFIER,
            "Consignor/RFOrganizationFeatures/OGRN",
        ),
        (
            &[("Consignor/RFOrganizationFeatures/KPP", Some("000000000"))],
            Code::IDENTIFIER,
            "Consignor/RFOrganizationFeatures/KPP",
        ),
        (
            &[("Consignee/RKOrganizationFeatures/BIN", Some("010140001231"))],
            Code::IDENTIFIER,
            "Consignee/RKOrganizationFeatures/BIN",
        ),
        (
            &[("Consignee/RKOrganizationFeatures/BIN", None)],
            Code::IDENTIFIER_MISSING,
            "Consignee/RKOrganizationFeatures/BIN",
        ),
        (&[("Consignee/OrganizationName", None)], Code::PARTY_NAME, "Consignee/OrganizationName"),
        (&[("CustomsProcedure", Some("ИМ"))], Code::PARTY_RUSSIAN, "Consignee/OrganizationName"),
        (&[("CustomsProcedure", Some("ИМ"))], Code::PARTY_FOREIGN, "Consignor/OrganizationName"),
        (&[("CustomsProcedure", Some("ИМ"))], Code::ROUTE, "DispatchCountry/CountryCode"),
        (&[("CustomsProcedure", Some("ИМ"))], Code::ROUTE, "DestinationCountry/CountryCode"),
        (
            &[("Consignee/CountryA2Code", Some("BY"))],
            Code::PARTY_COUNTRY,
            "Consignee/OrganizationName",
        ),
        (
            &[("GOODS/OriginCountry/CountryCode", Some("ZZ"))],
            Code::COUNTRY,
            "GOODS/OriginCountry/CountryCode",
        ),
        (
            &[("TradeCountry/CountryName", Some("КАЗАНЬ"))],
            Code::COUNTRY_NAME,
            "TradeCountry/CountryName",
        ),
        (
            &[
                ("TradeCountry/CountryCode", Some("CN")),
                ("TradeCountry/CountryName", Some("Китай")),
            ],
            Code::TRADE_COUNTRY,
            "TradeCountry/CountryCode",
        ),
        (&[("CustCostCurrencyCode", Some("ZZZ"))], Code::CURRENCY, "CustCostCurrencyCode"),
        (&[("CustCostTotalAmount", Some("150000.01"))], Code::TOTAL, "CustCostTotalAmount"),
        (&[("CustCostTotalAmount", None)], Code::TOTAL_MISSING, "CustCostTotalAmount"),
        (&[("GOODS/GoodsNumeric", Some("2"))], Code::NUMBERING, "GOODS/GoodsNumeric"),
        (&[("GOODS/GoodsTNVEDCode", Some("847130"))], Code::TNVED_SHORT, "GOODS/GoodsTNVEDCode"),
        (&[("GOODS/GoodsTNVEDCode", Some("8471309999"))], Code::TNVED, "GOODS/GoodsTNVEDCode"),
        (&[("GOODS/GoodsTNVEDCode", Some("7701000000"))], Code::TNVED, "GOODS/GoodsTNVEDCode"),
        (
            &[("GOODS/SupplementaryQuantity/GoodsQuantity", Some("0"))],
            Code::QUANTITY,
            "GOODS/SupplementaryQuantity/GoodsQuantity",
        ),
        (
            &[("GOODS/SupplementaryQuantity/MeasureUnitQualifierCode", Some("166"))],
            Code::UNIT,
            "GOODS/SupplementaryQuantity/MeasureUnitQualifierCode",
        ),
        (
            &[("GOODS/GoodsTNVEDCode", Some("1001990000"))],
            Code::UNIT_SUPERFLUOUS,
            "GOODS/SupplementaryQuantity/GoodsQuantity",
        ),
        (&[("GOODS/NetWeightQuantity", None)], Code::NET_WEIGHT, "GOODS/NetWeightQuantity"),
        (&[("GOODS/InvoicedCost", Some("0"))], Code::COST, "GOODS/InvoicedCost"),
        (
            &[("GOODS/StatisticalCostUSD", Some("2000.00"))],
            Code::COST_USD,
            "GOODS/StatisticalCostUSD",
        ),
        (
            &[("GOODS/StatisticalCostRUB", Some("100000.00"))],
            Code::COST_RUB,
            "GOODS/StatisticalCostRUB",
        ),
        (
            &[("NEW:GOODS/AdditionalInformationCode", Some("09"))],
            Code::EXTRA_CODE,
            "GOODS/AdditionalInformationCode",
        ),
        (
            &[
                ("NEW:GOODS/AdditionalInformationCode", Some("04")),
                ("NEW:GOODS/AdditionalInformationCode", Some("04")),
            ],
            Code::EXTRA_TWICE,
            "GOODS/AdditionalInformationCode",
        ),
        (
            &[("NEW:GOODS/AdditionalInformationCode", Some("07"))],
            Code::INTERNET_TRADE,
            "GOODS/AdditionalInformationCode",
        ),
        (
            &[("NEW:GOODS/AdditionalInformationCode", Some("08"))],
            Code::TRACEABLE,
            "GOODS/GoodsTraceabilityMeasureDetails/GoodsQuantity",
        ),
        (&[("PreviousRegNumberDoc", Some("12"))], Code::PREVIOUS_SHAPE, "PreviousRegNumberDoc"),
        (
            &[("PreviousRegNumberDoc", Some("10000000/010126/С000002"))],
            Code::PREVIOUS,
            "PreviousRegNumberDoc",
        ),
        (&[("INNSign", None)], Code::POWER, "INNSign"),
        (&[("MCD_ID", None)], Code::POWER, "MCD_ID"),
        (&[("INNSign", Some("7707083890"))], Code::IDENTIFIER, "INNSign"),
        (&[("GOODS/InvoicedCost", Some("x"))], Code::TYPE, "GOODS/InvoicedCost"),
        (&[("GOODS/InvoicedCost", None)], Code::REQUIRED, "GOODS/InvoicedCost"),
        (&[("GOODS", None)], Code::REQUIRED, "GoodsInfo"),
    ];
    for (changes, code, at) in cases {
        let (mut draft, schema) = start();
        let line = draft.items(&"GoodsInfo".parse().unwrap())[0];
        for (field, value) in *changes {
            change(&mut draft, field, *value);
        }
        let at = at.replace("GOODS", &format!("GoodsInfo[{line}]"));
        let found = remarks(&draft, &schema, &World::new());
        let hit = found
            .iter()
            .find(|remark| remark.code == *code && remark.path.as_str().starts_with(&at));
        assert!(hit.is_some(), "{changes:?} gives {found:#?} and not {code} at {at}");
    }
}

#[test]
fn a_missing_unit_and_documents_and_contacts_are_told() {
    let (mut draft, schema) = start();
    for field in ["GoodsQuantity", "MeasureUnitQualifierName", "MeasureUnitQualifierCode"] {
        change(&mut draft, &format!("GOODS/SupplementaryQuantity/{field}"), None);
    }
    for list in [
        "Documents",
        "ProvidePerson/CommunicationDetails/Phone",
        "ProvidePerson/CommunicationDetails/E_mail",
    ] {
        let list: Path = list.parse().unwrap();
        for item in draft.items(&list) {
            change(&mut draft, list.item(item).as_str(), None);
        }
    }
    let found = remarks(&draft, &schema, &World::new());
    let codes: Vec<_> = found.iter().map(|remark| remark.code.clone()).collect();
    assert_eq!(codes, [Code::UNIT_MISSING, Code::DOCUMENTS, Code::CONTACT]);
    assert_eq!(found[0].graph.as_deref(), Some("18"));
    assert_eq!(found[0].get("goods"), Some("1"));
}

#[test]
fn documents_are_looked_at() {
    let (mut draft, schema) = start();
    let list: Path = "Documents".parse().unwrap();
    let first = list.item(draft.items(&list)[0]);
    change(&mut draft, first.join("PrDocumentDate").as_str(), Some("2026-11-11"));
    change(&mut draft, first.join("PrDocumentNumber").as_str(), None);
    let codes: Vec<_> = remarks(&draft, &schema, &World::new())
        .into_iter()
        .map(|remark| (remark.code, remark.level))
        .collect();
    assert_eq!(
        codes,
        [(Code::DOCUMENT_DATE, Level::Error), (Code::DOCUMENT_INCOMPLETE, Level::Warning)]
    );
}

#[test]
fn internet_trade_done_right_has_no_remarks() {
    let (mut draft, schema) = start();
    change(&mut draft, "NEW:GOODS/AdditionalInformationCode", Some("07"));
    change(&mut draft, "Consignee/OrganizationName", Some("Физические лица"));
    change(&mut draft, "Consignee/RKOrganizationFeatures/BIN", None);
    let addresses: Path = "Consignee/SubjectAddressDetails".parse().unwrap();
    for item in draft.items(&addresses) {
        change(&mut draft, addresses.item(item).as_str(), None);
    }
    assert_eq!(remarks(&draft, &schema, &World::new()), []);
}

#[test]
fn rates_and_months_that_are_not_known_are_said() {
    let (mut draft, schema) = start();
    change(&mut draft, "CustCostCurrencyCode", Some("KZT"));
    change(&mut draft, "GOODS/InvoicedCost", Some("937500.00"));
    change(&mut draft, "CustCostTotalAmount", Some("937500.00"));
    assert_eq!(remarks(&draft, &schema, &World::new()), []);
    // On the last day of the term nothing is late; a day later it is.
    let due = domain::deadline::statform_due("2026-10".parse().unwrap(), &World::new().calendar);
    let on_time = World { today: due, ..World::new() };
    assert_eq!(remarks(&draft, &schema, &on_time), []);
    let late = World { today: due.succ_opt().unwrap(), ..World::new() };
    let found = remarks(&draft, &schema, &late);
    assert_eq!(
        (found.len(), &found[0].code, found[0].level),
        (1, &Code::PERIOD_LATE, Level::Warning)
    );
}

#[test]
fn totals_summary_and_completeness() {
    let (mut draft, schema) = start();
    let tree = draft.tree(&schema);
    let totals = statform::totals(&tree);
    assert_eq!(totals, statform::draft_totals(&draft));
    assert_eq!((totals.lines, totals.cost), (1, Decimal::new(15_000_000, 2)));
    assert_eq!((totals.net_weight, totals.usd), (Decimal::new(25, 1), Decimal::from(1875)));
    let summary = statform::summary(&tree);
    assert_eq!(summary, statform::draft_summary(&draft));
    assert_eq!(summary.partner.as_deref(), Some("ТОО \"ПОКУПАТЕЛЬ\""));
    assert_eq!(
        (summary.period.as_deref(), summary.direction.as_deref()),
        (Some("2026-10"), Some("ЭК"))
    );
    let (filled, total) = statform::completeness(&tree);
    assert_eq!(filled, total);
    change(&mut draft, "GOODS/InvoicedCost", None);
    assert_eq!(statform::draft_completeness(&draft), (total - 1, total));
    let empty = Draft::new(&schema);
    let (filled, total) = statform::draft_completeness(&empty);
    assert_eq!((filled, total), (0, total));
    for (field, value) in
        [("CustomsCode", "10000000"), ("RegistrationDate", "2026-11-09"), ("GTDNumber", "С000001")]
    {
        change(&mut draft, &format!("RegNum/{field}"), Some(value));
    }
    assert_eq!(statform::draft_summary(&draft).number.as_deref(), Some("10000000/091126/С000001"));
}

#[test]
fn nine_hundred_and_ninety_nine_lines_are_the_limit() {
    let (mut draft, schema) = start();
    let goods: Path = "GoodsInfo".parse().unwrap();
    let value = draft.element(&goods.item(draft.items(&goods)[0]), &schema);
    let replica = ReplicaId::session(5);
    for _ in 0..999 {
        let (item, position) = (draft.next_item(&replica), draft.position_last(&goods));
        let patch = Patch::Insert { list: goods.clone(), item, position, value: value.clone() };
        draft.edit(&replica, patch).unwrap();
    }
    let world = World { today: NaiveDate::from_ymd_opt(2026, 11, 9).unwrap(), ..World::new() };
    let found = statform::check_header(&draft, &schema, &world);
    assert!(found.iter().any(|remark| remark.code == Code::LINES), "{found:?}");
}
