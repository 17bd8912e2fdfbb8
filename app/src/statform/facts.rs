//! A form as people read it: graphs with their values, in the order of the paper form.

use std::collections::HashMap;

use domain::{
    date::{format_date, parse_date},
    deadline::YearMonth,
    lang::Lang,
    money::{format_decimal, format_number, parse_decimal},
};
use edoc::{
    draft::Draft,
    path::Path,
    statform::{GRAPHS, graph_of},
    tree::{Element, Tree},
};

use super::{party::Party, place::GOODS, schema};

/// One value with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// The values of one graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphFacts {
    /// `1`…`20`, or `—` for what stands outside the graphs.
    pub number: &'static str,
    pub title: &'static str,
    pub facts: Vec<Fact>,
}

/// A form to read: its head and its lines of goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub head: Vec<GraphFacts>,
    pub lines: Vec<Vec<GraphFacts>>,
}

/// What a draft says.
pub fn of_draft(draft: &Draft, lang: Lang) -> Facts {
    schema::form().map(|schema| facts(&draft.tree(schema), lang)).unwrap_or_default()
}

/// What a form says.
pub fn facts(tree: &Tree, lang: Lang) -> Facts {
    let mut head = HashMap::new();
    let mut lines = Vec::new();
    for child in tree.root.children() {
        let path = Path::root().child(child.name.local.as_ref(), child.item);
        if child.name.local.as_ref() == GOODS {
            let mut line = HashMap::new();
            for field in child.children() {
                collect(
                    field,
                    &path.child(field.name.local.as_ref(), field.item),
                    &[],
                    lang,
                    &mut line,
                );
            }
            lines.push(in_order(line, lang));
        } else {
            collect(child, &path, &[], lang, &mut head);
        }
    }
    Facts { head: in_order(head, lang), lines }
}

type ByGraph = HashMap<&'static str, Vec<Fact>>;

fn in_order(mut by_graph: ByGraph, lang: Lang) -> Vec<GraphFacts> {
    let outside = by_graph.remove("—").map(|facts| GraphFacts {
        number: "—",
        title: lang.pick("Прочие сведения", "Other information"),
        facts,
    });
    GRAPHS
        .iter()
        .filter_map(|graph| {
            let facts = by_graph.remove(graph.number)?;
            Some(GraphFacts { number: graph.number, title: graph.title(lang), facts })
        })
        .chain(outside)
        .collect()
}

/// Elements whose parts read as one value.
fn joined(element: &Element) -> Option<String> {
    let text = |local: &str| element.child(local).and_then(Element::text).unwrap_or_default();
    let spaced = |parts: [&str; 2]| parts.join(" ").trim().to_owned();
    if element.child("CountryName").is_some() && element.children().len() <= 2 {
        return Some(spaced([text("CountryCode"), text("CountryName")]));
    }
    if element.child("GoodsQuantity").is_some() {
        let amount = number_text(text("GoodsQuantity"), None);
        return Some(spaced([&amount, text("MeasureUnitQualifierName")]));
    }
    if element.child("GTDNumber").is_some() {
        let date = text("RegistrationDate");
        let date = parse_date(date)
            .map_or_else(|_| date.to_owned(), |date| date.format("%d%m%y").to_string());
        return Some(format!("{}/{date}/{}", text("CustomsCode"), text("GTDNumber")));
    }
    None
}

fn collect(element: &Element, path: &Path, above: &[&str], lang: Lang, into: &mut ByGraph) {
    let local = element.name.local.as_ref();
    let value =
        joined(element).or_else(|| element.text().map(|text| value_text(local, text, lang)));
    match value {
        Some(value) if !value.is_empty() => {
            let graph = graph_of(path).map_or("—", |graph| graph.number);
            let label = label(local, above, lang);
            into.entry(graph).or_default().push(Fact { label, value });
        }
        Some(_) => {}
        None => {
            let above: Vec<&str> = above.iter().copied().chain([local]).collect();
            for child in element.children() {
                collect(
                    child,
                    &path.child(child.name.local.as_ref(), child.item),
                    &above,
                    lang,
                    into,
                );
            }
        }
    }
}

fn number_text(text: &str, scale: Option<u32>) -> String {
    match (parse_decimal(text), scale) {
        (Ok(number), Some(scale)) => format_decimal(number, scale),
        (Ok(number), None) => format_number(number),
        (Err(_), _) => text.to_owned(),
    }
}

/// A value as it is written on paper.
fn value_text(local: &str, text: &str, lang: Lang) -> String {
    match local {
        "CustCostTotalAmount" | "InvoicedCost" | "StatisticalCostRUB" | "StatisticalCostUSD" => {
            number_text(text, Some(2))
        }
        "NetWeightQuantity" => number_text(text, None),
        "ReportingDate" => {
            text.parse::<YearMonth>().map_or_else(|_| text.to_owned(), |month| month.text(lang))
        }
        "PrDocumentDate" | "SigningDate" | "RegistrationDate" => {
            let day = text.split('T').next().unwrap_or(text);
            parse_date(day).map_or_else(|_| text.to_owned(), format_date)
        }
        _ => text.to_owned(),
    }
}

/// The name of a field, with the party that it belongs to where the graph has two.
fn label(local: &str, above: &[&str], lang: Lang) -> String {
    let name = leaf_name(local, lang);
    match above
        .first()
        .and_then(|first| Party::ALL.into_iter().find(|party| party.element() == *first))
    {
        Some(party @ (Party::Sender | Party::Recipient)) => format!("{}: {name}", party.name(lang)),
        _ => name.to_owned(),
    }
}

/// Elements of the form by the names people know.
pub fn leaf_name(local: &str, lang: Lang) -> &str {
    let (ru, en) = match local {
        "DocumentID" => ("Идентификатор документа", "Document id"),
        "INNSign" => ("ИНН доверителя", "INN of the principal"),
        "MCD_ID" => ("Номер доверенности (МЧД)", "Number of the power of attorney"),
        "PreviousRegNumberDoc" => ("Номер аннулируемой формы", "Number of the annulled form"),
        "CustomsProcedure" => ("Направление", "Direction"),
        "TransportModeCode" => ("Код вида транспорта", "Mode of transport"),
        "TransportName" => ("Вид транспорта", "Name of the mode"),
        "ReportingDate" => ("Отчётный месяц", "Reporting month"),
        "NSF" => ("Системный номер", "System number"),
        "RegNum" => ("Регистрационный номер", "Registration number"),
        "TradeCountry" => ("Торгующая страна", "Trading country"),
        "DispatchCountry" => ("Страна отправления", "Country of dispatch"),
        "DestinationCountry" => ("Страна назначения", "Country of destination"),
        "OriginCountry" => ("Страна происхождения", "Country of origin"),
        "CustCostCurrencyCode" => ("Валюта", "Currency"),
        "CustCostTotalAmount" => ("Общая стоимость", "Total cost"),
        "OrganizationName" => ("Наименование", "Name"),
        "ShortName" => ("Краткое наименование", "Short name"),
        "OGRN" => ("ОГРН / ОГРНИП", "OGRN"),
        "INN" | "KGINN" => ("ИНН", "INN"),
        "KPP" => ("КПП", "KPP"),
        "BIN" => ("БИН", "BIN"),
        "IIN" => ("ИИН", "IIN"),
        "UNP" => ("УНП", "UNP"),
        "RBIdentificationNumber" => ("Идентификационный номер", "Identification number"),
        "UNN" => ("УНН", "UNN"),
        "SocialServiceNumber" => ("НЗОУ", "Social service number"),
        "KGOKPO" => ("ОКПО", "OKPO"),
        "PostalCode" => ("Индекс", "Postal code"),
        "CountryCode" => ("Код страны", "Country code"),
        "CounryName" | "CountryName" => ("Страна", "Country"),
        "Region" => ("Регион", "Region"),
        "District" => ("Район", "District"),
        "Town" | "City" => ("Город", "City"),
        "StreetHouse" => ("Улица", "Street"),
        "House" => ("Дом", "House"),
        "Room" => ("Офис", "Room"),
        "OKATO" => ("ОКАТО", "OKATO"),
        "OKTMO" => ("ОКТМО", "OKTMO"),
        "PrDocumentName" => ("Документ", "Document"),
        "PrDocumentNumber" => ("Номер", "Number"),
        "PrDocumentDate" => ("Дата", "Date"),
        "PresentedDocumentModeCode" => ("Код вида документа", "Kind of document"),
        "ArchID" => ("Архив", "Archive"),
        "ArchDocID" => ("Документ архива", "Document in the archive"),
        "GoodsNumeric" => ("Номер товара", "Number of the goods"),
        "GoodsTNVEDCode" => ("Код товара", "Commodity code"),
        "GoodsDescription" => ("Описание", "Description"),
        "AdditionalInformation" => ("Дополнительное описание", "Further description"),
        "AdditionalInformationCode" => {
            ("Код дополнительных сведений", "Code of additional information")
        }
        "GoodsTraceabilityMeasureDetails" => {
            ("Количество для прослеживаемости", "Traceable quantity")
        }
        "NetWeightQuantity" => ("Вес нетто, кг", "Net weight, kg"),
        "InvoicedCost" => ("Стоимость товара", "Cost of the goods"),
        "StatisticalCostRUB" => ("Стат. стоимость, руб.", "Statistical value, RUB"),
        "StatisticalCostUSD" => ("Стат. стоимость, долл. США", "Statistical value, USD"),
        "SupplementaryQuantity" => ("Количество в доп. единице", "Supplementary quantity"),
        "DTNumber" => ("Номер декларации", "Number of the declaration"),
        "PersonSurname" => ("Фамилия", "Surname"),
        "PersonName" => ("Имя", "Name"),
        "PersonMiddleName" => ("Отчество", "Patronymic"),
        "PersonPost" => ("Должность", "Post"),
        "Phone" => ("Телефон", "Telephone"),
        "E_mail" => ("Электронная почта", "E-mail"),
        "SigningDate" => ("Дата подписания", "Signed on"),
        other => return other,
    };
    // Both texts are static; the name of an unknown element is returned above.
    lang.pick(ru, en)
}

#[cfg(test)]
mod tests {
    use edoc::{registry::Registry, xml};

    use super::*;

    fn sample() -> Option<Tree> {
        let root = std::env::var("CABINET_SHARED_DATA").unwrap_or_else(|_| {
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").to_owned()
        });
        let path = format!("{root}/samples/StaticForm_5.23.0_sample.xml");
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("skipped: ../shared/data is not here");
            return None;
        };
        let (tree, _) = xml::read(&bytes, &Registry::builtin().unwrap()).unwrap();
        Some(tree)
    }

    #[test]
    fn the_sample_reads_like_the_paper_form() {
        let Some(tree) = sample() else { return };
        let facts = facts(&tree, Lang::Ru);
        let graph = |number: &str| {
            let found = facts.head.iter().find(|graph| graph.number == number).unwrap();
            found
                .facts
                .iter()
                .map(|fact| format!("{}: {}", fact.label, fact.value))
                .collect::<Vec<_>>()
        };
        assert_eq!(graph("5"), ["Торгующая страна: KZ КАЗАХСТАН"]);
        assert!(graph("1").contains(&"ИНН: 7707083893".to_owned()));
        assert!(graph("7").contains(&"Общая стоимость: 150\u{a0}000,00".to_owned()));
        assert!(graph("10").contains(&"Дата: 15.01.2026".to_owned()));
        assert_eq!(facts.lines.len(), 1);
        let line = |number: &str| {
            let found = facts.lines[0].iter().find(|graph| graph.number == number).unwrap();
            found.facts[0].value.clone()
        };
        assert_eq!(line("15"), "RU РОССИЯ");
        assert_eq!(line("16"), "2,5");
        assert_eq!(line("18"), "1 ШТ");
        let numbers: Vec<_> = facts.head.iter().map(|graph| graph.number).collect();
        assert_eq!(numbers.iter().filter(|number| **number == "1").count(), 1);
    }
}
